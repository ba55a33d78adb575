/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How many processes of a name run: what /proc/PID/comm says, or the file name of the program. None
 * is “down”. A sandbox shows only its own processes: there it is not known, which is not none.
 * Sampled in a worker.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-probe-local.h"

#include "bobbin-error.h"
#include "bobbin-sandbox.h"

#include <glib/gi18n-lib.h>

/* The kernel keeps so many bytes of a name (proc_pid_comm(5)). */
#define COMM_SIZE 15

typedef struct
{
  BobbinProbe parent;
  char *root; /* (owned) */
  char *name; /* (owned) */
} BobbinProbeProcess;

static gboolean
is_pid (const char *name)
{
  return *name != '\0' && strspn (name, "0123456789") == strlen (name);
}

/* The first of its words, without folders: a script's interpreter is not its name. */
static gboolean
is_program (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, "cmdline", NULL);
  g_autofree char *words = NULL;
  const char *slash;

  if (!g_file_get_contents (path, &words, NULL, NULL))
    return FALSE;
  slash = strrchr (words, '/');

  return g_str_equal (slash != NULL ? slash + 1 : words, name);
}

static gboolean
is_process (BobbinProbeProcess *self, const char *pid)
{
  g_autofree char *folder = g_build_filename (self->root, "proc", pid, NULL);
  g_autofree char *path = g_build_filename (folder, "comm", NULL);
  g_autofree char *comm = NULL;

  /* It may have ended since its folder was seen. */
  if (!g_file_get_contents (path, &comm, NULL, NULL))
    return FALSE;
  if (g_str_has_suffix (comm, "\n"))
    comm[strlen (comm) - 1] = '\0';
  if (g_str_equal (comm, self->name))
    return TRUE;

  return strncmp (comm, self->name, COMM_SIZE) == 0 && strlen (comm) == COMM_SIZE &&
         is_program (folder, self->name);
}

static gboolean
process_sample (BobbinProbe *probe, GCancellable *cancellable, BobbinSample *sample, GError **error)
{
  BobbinProbeProcess *self = (BobbinProbeProcess *) probe;
  g_autofree char *proc = g_build_filename (self->root, "proc", NULL);
  g_autoptr (GDir) dir = NULL;
  const char *name;
  guint n = 0;

  if (bobbin_sandbox_is_here (self->root) || (dir = g_dir_open (proc, 0, NULL)) == NULL)
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED,
                           _ ("In a sandbox Bobbin cannot see which programs run."));
      return FALSE;
    }

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (is_pid (name) && is_process (self, name))
        n++;
    }
  sample->value = n;
  if (n > 0)
    return TRUE;

  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FAILED,
               /* Translators: %s is the name of a program */
               _ ("“%s” is not running."), self->name);

  return FALSE;
}

static void
process_clear (BobbinProbe *probe)
{
  BobbinProbeProcess *self = (BobbinProbeProcess *) probe;

  g_free (self->root);
  g_free (self->name);
}

static const BobbinProbeClass process_class = {
  .unit = "",
  .scope = BOBBIN_PROBE_LOCAL,
  .sample = process_sample,
  .clear = process_clear,
};

/**
 * bobbin_probe_process_new: (skip)
 * @root: "/", or where what looks like it is
 * @name: of a program
 * @error: where to say that it is none: %BOBBIN_ERROR_BAD_ADDRESS
 *
 * Returns: (transfer full) (nullable): a probe of how many of it run
 */
BobbinProbe *
bobbin_probe_process_new (const char *root, const char *name, GError **error)
{
  BobbinProbeProcess *self;

  if (*name == '\0' || strchr (name, '/') != NULL || !g_utf8_validate (name, -1, NULL))
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
                           _ ("Name a program, as in process:sshd."));
      return NULL;
    }

  /* Translators: %s is the name of a program */
  self =
    /* Translators: the title of a monitor; %s is the name of a program */
    bobbin_probe_alloc (&process_class, sizeof *self, g_strdup_printf (_ ("Program %s"), name));
  self->root = g_strdup (root);
  self->name = g_strdup (name);

  return &self->parent;
}
