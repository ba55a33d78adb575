/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A download that finished, as a value, and what a search compares. Any thread, one at a time, but
 * for what is asked of a job.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-finished.h"

#include "bobbin-download.h"

/**
 * bobbin_finished_new_for_job:
 * @job: a job
 *
 * To be called in the main thread. What is done only because the file was there already has not
 * been downloaded.
 *
 * Returns: (transfer full) (nullable): what is to be remembered of @job; %NULL if it is not a
 *   download, or has not finished
 */
BobbinFinished *
bobbin_finished_new_for_job (BobbinJob *job)
{
  BobbinDownload *download;
  BobbinFinished *self;

  if (!BOBBIN_IS_DOWNLOAD (job) || bobbin_job_get_state (job) != BOBBIN_JOB_DONE)
    return NULL;

  download = BOBBIN_DOWNLOAD (job);
  if (bobbin_download_get_file (download) == NULL || bobbin_download_get_skipped (download))
    return NULL;

  self = g_new0 (BobbinFinished, 1);
  self->time = bobbin_job_get_ended (job);
  self->took = MAX (0, self->time - bobbin_job_get_started (job));
  self->size = bobbin_job_get_bytes (job);
  self->address = g_strdup (bobbin_download_get_address (download));
  self->path = g_strdup (bobbin_download_get_file (download));
  g_object_get (job, "checksum", &self->checksum, NULL);

  return self;
}

/**
 * bobbin_finished_copy:
 * @self: a download that finished
 *
 * Returns: (transfer full): the same
 */
BobbinFinished *
bobbin_finished_copy (const BobbinFinished *self)
{
  BobbinFinished *copy = g_new0 (BobbinFinished, 1);

  *copy = *self;
  copy->address = g_strdup (self->address);
  copy->path = g_strdup (self->path);
  copy->checksum = g_strdup (self->checksum);

  return copy;
}

/**
 * bobbin_finished_free:
 * @self: a download that finished
 */
void
bobbin_finished_free (BobbinFinished *self)
{
  g_free (self->address);
  g_free (self->path);
  g_free (self->checksum);
  g_free (self);
}

/* What is the same for a person is the same text: letters in one case, and however composed. */
static char *
fold (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *folded = g_utf8_casefold (valid, -1);

  return g_utf8_normalize (folded, -1, G_NORMALIZE_ALL_COMPOSE);
}

/**
 * bobbin_finished_dup_words:
 * @path: (type filename): where the file was put
 * @address: where it came from
 *
 * Returns: (transfer full): the text that is searched: the name of the file and the address, each
 *   on a line of its own
 */
char *
bobbin_finished_dup_words (const char *path, const char *address)
{
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *folded_name = fold (name);
  g_autofree char *folded_address = fold (address);

  return g_strconcat (folded_name, "\n", folded_address, NULL);
}

/**
 * bobbin_finished_dup_search:
 * @search: what a person searches for
 *
 * Returns: (transfer full): the words that have to be in what bobbin_finished_dup_words() gave,
 *   each on a line of its own; an empty text if there are none
 */
char *
bobbin_finished_dup_search (const char *search)
{
  g_autofree char *folded = fold (search);
  g_auto (GStrv) words = g_strsplit_set (folded, " \t\n", -1);
  GString *lines = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    if (words[i][0] != '\0')
      g_string_append_printf (lines, "%s%s", lines->len > 0 ? "\n" : "", words[i]);

  return g_string_free (lines, FALSE);
}
