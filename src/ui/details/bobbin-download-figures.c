/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What there is to say of a download, figure by figure, in words: for the rows of its details, and
 * for a report that somebody else is to read. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-download-figures.h"

#include <glib/gi18n-lib.h>

#include "bobbin-download.h"
#include "bobbin-error.h"
#include "bobbin-log-view.h"

static char *
describe_received (BobbinJob *job)
{
  const gint64 total = bobbin_job_get_total (job);
  g_autofree char *bytes = g_format_size (bobbin_job_get_bytes (job));
  g_autofree char *whole = NULL;

  if (total <= 0)
    return g_steal_pointer (&bytes);

  whole = g_format_size (total);

  /* Translators: two sizes and a percentage, such as 3.2 MB of 10 MB (32 %) */
  return g_strdup_printf (_ ("%s of %s (%d%%)"), bytes, whole,
                          (int) (100 * bobbin_job_get_progress (job)));
}

/* So that no row comes and goes while bytes come. */
static char *
while_running (BobbinJob *job, char *words)
{
  g_autofree char *taken = words;

  if (bobbin_job_get_state (job) != BOBBIN_JOB_RUNNING)
    return NULL;

  return taken != NULL ? g_steal_pointer (&taken) : g_strdup ("–");
}

static char *
describe_speed (BobbinJob *job)
{
  return while_running (job, bobbin_job_describe_rate (job));
}

static char *
describe_time_left (BobbinJob *job)
{
  return while_running (job, bobbin_job_describe_time_left (job));
}

static char *
describe_connections (BobbinJob *job)
{
  BobbinSegments segments;
  guint n;

  g_object_get (job, "connections", &n, NULL);
  if (bobbin_job_get_state (job) == BOBBIN_JOB_RUNNING &&
      bobbin_download_get_segments (BOBBIN_DOWNLOAD (job), &segments))
    /* Translators: how many connections there are, and how many there may be */
    return g_strdup_printf (_ ("%u of %u at most"), segments.n_fetches, n);

  /* Translators: a number of connections */
  return g_strdup_printf (ngettext ("%u at most", "%u at most", n), n);
}

static char *
describe_address (BobbinJob *job)
{
  return g_strdup (bobbin_download_get_address (BOBBIN_DOWNLOAD (job)));
}

static char *
describe_host (BobbinJob *job)
{
  g_autoptr (GUri) uri =
    g_uri_parse (bobbin_download_get_address (BOBBIN_DOWNLOAD (job)), G_URI_FLAGS_NONE, NULL);

  return uri != NULL ? g_strdup (g_uri_get_host (uri)) : NULL;
}

static char *
describe_folder (BobbinJob *job)
{
  return g_filename_display_name (bobbin_download_get_folder (BOBBIN_DOWNLOAD (job)));
}

/* As the user's language writes it. */
static char *
describe_time (gint64 time)
{
  g_autoptr (GDateTime) local = NULL;

  if (time == 0)
    return NULL;

  local = g_date_time_new_from_unix_local (time / G_USEC_PER_SEC);

  return local != NULL ? g_date_time_format (local, "%x %X") : NULL;
}

static char *
describe_started (BobbinJob *job)
{
  return describe_time (bobbin_job_get_started (job));
}

static char *
describe_finished (BobbinJob *job)
{
  return bobbin_job_get_state (job) == BOBBIN_JOB_DONE ? describe_time (bobbin_job_get_ended (job))
                                                       : NULL;
}

static char *
describe_checksum (BobbinJob *job)
{
  g_autofree char *checksum = NULL;

  g_object_get (job, "checksum", &checksum, NULL);

  return g_steal_pointer (&checksum);
}

/* A file that does not have its checksum is never given its name. */
static char *
describe_verdict (BobbinJob *job)
{
  g_autofree char *checksum = describe_checksum (job);

  if (g_error_matches (bobbin_job_get_error (job), BOBBIN_ERROR, BOBBIN_ERROR_CHECKSUM))
    return g_strdup (_ ("Does not match"));
  if (checksum == NULL || bobbin_download_get_skipped (BOBBIN_DOWNLOAD (job)))
    return NULL;

  /* Translators: the file has the checksum that it must have */
  return g_strdup (bobbin_job_get_state (job) == BOBBIN_JOB_DONE ? _ ("Matches")
                                                                 : _ ("Not verified yet"));
}

static const struct
{
  const char *name;
  char *(*describe) (BobbinJob *job); /* gives NULL when there is nothing to say */
  gboolean is_for_copy;               /* long, and of use elsewhere */
} figures[] = {
  { NC_ ("figure of a download", "Received"), describe_received },
  { NC_ ("figure of a download", "Speed"), describe_speed },
  { NC_ ("figure of a download", "Time Left"), describe_time_left },
  { NC_ ("figure of a download", "Connections"), describe_connections },
  { NC_ ("figure of a download", "Address"), describe_address, .is_for_copy = TRUE },
  { NC_ ("figure of a download", "Server"), describe_host },
  { NC_ ("figure of a download", "Folder"), describe_folder, .is_for_copy = TRUE },
  { NC_ ("figure of a download", "Started"), describe_started },
  { NC_ ("figure of a download", "Finished"), describe_finished },
  { NC_ ("figure of a download", "Checksum"), describe_checksum, .is_for_copy = TRUE },
  { NC_ ("figure of a download", "Verification"), describe_verdict },
};

/**
 * bobbin_download_figures_get_n:
 *
 * Returns: how many figures there are
 */
guint
bobbin_download_figures_get_n (void)
{
  return G_N_ELEMENTS (figures);
}

/**
 * bobbin_download_figures_get_name:
 * @figure: which one, from 0
 *
 * Returns: what it is called
 */
const char *
bobbin_download_figures_get_name (guint figure)
{
  g_return_val_if_fail (figure < G_N_ELEMENTS (figures), NULL);

  return g_dpgettext2 (GETTEXT_PACKAGE, "figure of a download", figures[figure].name);
}

/**
 * bobbin_download_figures_is_for_copy:
 * @figure: which one, from 0
 *
 * Returns: whether it is offered to be copied
 */
gboolean
bobbin_download_figures_is_for_copy (guint figure)
{
  g_return_val_if_fail (figure < G_N_ELEMENTS (figures), FALSE);

  return figures[figure].is_for_copy;
}

/**
 * bobbin_download_figures_describe:
 * @figure: which one, from 0
 * @job: a download
 *
 * Returns: (transfer full) (nullable): what is to be said of @job; %NULL if there is nothing
 */
char *
bobbin_download_figures_describe (guint figure, BobbinJob *job)
{
  g_return_val_if_fail (figure < G_N_ELEMENTS (figures), NULL);
  g_return_val_if_fail (BOBBIN_IS_DOWNLOAD (job), NULL);

  return figures[figure].describe (job);
}

/* ---- for somebody else */

/* Many a link is a key: what comes behind the question mark may open what is nobody's business. */
static char *
redact_address (const char *address)
{
  const gsize length = strcspn (address, "?#");

  return address[length] != '\0' ? g_strdup_printf ("%.*s?…", (int) length, address)
                                 : g_strdup (address);
}

/* A user's name is often that of a folder. */
static char *
redact_folder (const char *folder)
{
  const char *home = g_get_home_dir ();
  const gsize length = strlen (home);

  if (length <= 1 || !g_str_has_prefix (folder, home) ||
      (folder[length] != '\0' && folder[length] != G_DIR_SEPARATOR))
    return g_filename_display_name (folder);

  return g_strdup_printf ("~%s", folder + length);
}

static char *
describe_for_report (guint figure, BobbinJob *job)
{
  if (figures[figure].describe == describe_address)
    return redact_address (bobbin_download_get_address (BOBBIN_DOWNLOAD (job)));
  if (figures[figure].describe == describe_folder)
    return redact_folder (bobbin_download_get_folder (BOBBIN_DOWNLOAD (job)));

  return figures[figure].describe (job);
}

/**
 * bobbin_download_figures_to_report:
 * @job: a download
 *
 * Puts all that is known of @job into a text for whoever is to help: what it is at, its figures,
 * and its log; without what only the user should know, which an address and a folder may hold.
 *
 * Returns: (transfer full): the text
 */
char *
bobbin_download_figures_to_report (BobbinJob *job)
{
  GString *text = g_string_new (NULL);
  g_autofree char *log = NULL;

  g_return_val_if_fail (BOBBIN_IS_DOWNLOAD (job), NULL);

  g_string_append_printf (text, "%s\n%s\n\n", bobbin_job_get_title (job),
                          bobbin_job_get_status_line (job));
  for (guint i = 0; i < G_N_ELEMENTS (figures); i++)
    {
      g_autofree char *value = describe_for_report (i, job);

      if (value != NULL)
        /* Translators: a line of a report: what a figure is called, and what it is */
        g_string_append_printf (text, _ ("%s: %s\n"), bobbin_download_figures_get_name (i), value);
    }
  log = bobbin_log_view_to_text (bobbin_job_get_event_log (job));
  g_string_append_printf (text, "\n%s", log);

  return g_string_free (text, FALSE);
}
