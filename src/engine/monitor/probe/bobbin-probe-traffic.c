/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How many bytes a second go through a network interface: what /proc/net/dev counted from one
 * sample to the next (proc_net_dev: proc(5)), over the time between them. Sampled in a worker.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-probe-local.h"

#include "bobbin-error.h"
#include "bobbin-sandbox.h"

#include <glib/gi18n-lib.h>
#include <net/if.h>

/* Which of the numbers behind an interface's name. */
#define RECEIVED 0
#define SENT     8
#define N_FIELDS 16

/* A line for each interface; some have hundreds of virtual ones. */
#define MAX_TEXT (256 * 1024)

typedef struct
{
  BobbinProbe parent;
  char *root;           /* (owned) */
  char *path;           /* (owned) */
  char *interface_name; /* (owned) */
  gboolean count_received;
  gboolean count_sent;

  /* Of the one sample in flight. */
  guint64 bytes;
  gint64 time; /* monotonic µs, 0 before the first sample */
} BobbinProbeTraffic;

static void
traffic_begin (BobbinProbe *probe)
{
  BobbinProbeTraffic *self = (BobbinProbeTraffic *) probe;

  self->time = 0;
}

/* The interface's line, behind its name. */
static const char *
find_line (const char *text, const char *interface_name)
{
  const gsize length = strlen (interface_name);

  for (const char *line = text; line != NULL && *line != '\0';)
    {
      const char *end = strchr (line, '\n');

      while (*line == ' ')
        line++;
      if (end != NULL && strncmp (line, interface_name, length) == 0 && line[length] == ':')
        return line + length + 1;
      line = end != NULL ? end + 1 : NULL;
    }

  return NULL;
}

static gboolean
count (BobbinProbeTraffic *self, const char *line, guint64 *bytes)
{
  guint64 fields[N_FIELDS];

  for (guint i = 0; i < N_FIELDS; i++)
    {
      char *end;

      fields[i] = g_ascii_strtoull (line, &end, 10);
      if (end == line)
        return FALSE;
      line = end;
    }

  *bytes = (self->count_received ? fields[RECEIVED] : 0) + (self->count_sent ? fields[SENT] : 0);

  return TRUE;
}

/* Counters that went back are an interface that was made anew: it takes another sample to tell. */
static gboolean
traffic_sample (BobbinProbe *probe, GCancellable *cancellable, BobbinSample *sample, GError **error)
{
  BobbinProbeTraffic *self = (BobbinProbeTraffic *) probe;
  g_autofree char *text = g_malloc (MAX_TEXT);
  const gint64 now = g_get_monotonic_time ();
  const char *line;
  guint64 bytes;

  /* The interfaces of a sandbox without a network are its own. */
  if (!bobbin_sandbox_has_network (self->root, error) ||
      !bobbin_probe_read_proc (self->path, text, MAX_TEXT, error))
    return FALSE;
  line = find_line (text, self->interface_name);
  if (line == NULL || !count (self, line, &bytes))
    {
      self->time = 0;
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED,
                   /* Translators: %s is the name of a network interface, such as eth0 */
                   _ ("There is no network interface “%s”."), self->interface_name);
      return FALSE;
    }

  if (self->time > 0 && now > self->time && bytes >= self->bytes)
    sample->value = (bytes - self->bytes) * (double) G_USEC_PER_SEC / (now - self->time);
  self->bytes = bytes;
  self->time = now;

  return TRUE;
}

static void
traffic_clear (BobbinProbe *probe)
{
  BobbinProbeTraffic *self = (BobbinProbeTraffic *) probe;

  g_free (self->root);
  g_free (self->path);
  g_free (self->interface_name);
}

static const BobbinProbeClass traffic_class = {
  .unit = "B/s",
  .scope = BOBBIN_PROBE_LOCAL,
  .begin = traffic_begin,
  .sample = traffic_sample,
  .clear = traffic_clear,
};

/* `direction`: `in`, `out` or `both`. */
static gboolean
take_options (BobbinProbeTraffic *self, GVariant *options, GError **error)
{
  const char *direction = "both";
  gsize n_known = 0;

  if (options != NULL && g_variant_lookup (options, "direction", "&s", &direction))
    n_known++;
  self->count_received = !g_str_equal (direction, "out");
  self->count_sent = !g_str_equal (direction, "in");
  if ((options == NULL || g_variant_n_children (options) == n_known) &&
      (!self->count_received || !self->count_sent || g_str_equal (direction, "both")))
    return TRUE;

  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
               /* Translators: leave the words after the colon as they are */
               _ ("What can be set for the traffic of a network interface is: %s."),
               "direction = in, out, both");

  return FALSE;
}

/**
 * bobbin_probe_traffic_new: (skip)
 * @root: "/", or where what looks like it is
 * @interface_name: such as `eth0`
 * @options: (nullable): `direction`, s: `in`, `out` or `both`
 * @error: where to say what is wrong with them: %BOBBIN_ERROR_BAD_ADDRESS
 *
 * Returns: (transfer full) (nullable): a probe of an interface's traffic
 */
BobbinProbe *
bobbin_probe_traffic_new (const char *root,
                          const char *interface_name,
                          GVariant *options,
                          GError **error)
{
  g_autofree char *title = NULL;
  BobbinProbeTraffic *self;

  if (*interface_name == '\0' || strlen (interface_name) >= IF_NAMESIZE ||
      strpbrk (interface_name, "/: \t\n") != NULL || !g_utf8_validate (interface_name, -1, NULL))
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
                           _ ("Name a network interface, as in net:eth0."));
      return NULL;
    }

  /* Translators: %s is the name of a network interface, such as eth0 */
  title = g_strdup_printf (_ ("Network %s"), interface_name);
  self = bobbin_probe_alloc (&traffic_class, sizeof *self, g_steal_pointer (&title));
  self->root = g_strdup (root);
  self->path = g_build_filename (root, "proc/net/dev", NULL);
  self->interface_name = g_strdup (interface_name);
  if (!take_options (self, options, error))
    {
      bobbin_probe_unref (&self->parent);
      return NULL;
    }

  return &self->parent;
}
