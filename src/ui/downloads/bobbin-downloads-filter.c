/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinDownloadsFilter lets through the downloads that are at something, and have all words of a
 * search in their names or addresses. Nobody tells it of jobs that change: that is up to who uses
 * it. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-downloads-filter.h"

#include "bobbin-download.h"
#include "bobbin-search-words.h"

struct _BobbinDownloadsFilter
{
  GtkFilter parent_instance;

  BobbinDownloadsShown shown;
  GStrv words; /* (owned) (nullable) of the search */
};

G_DEFINE_FINAL_TYPE (BobbinDownloadsFilter, bobbin_downloads_filter, GTK_TYPE_FILTER)

static gboolean
has_state (BobbinDownloadsFilter *self, BobbinJob *job)
{
  const BobbinJobState state = bobbin_job_get_state (job);

  switch (self->shown)
    {
    case BOBBIN_DOWNLOADS_ACTIVE:
      return state == BOBBIN_JOB_RUNNING || state == BOBBIN_JOB_STOPPING;
    case BOBBIN_DOWNLOADS_WAITING:
      return state == BOBBIN_JOB_QUEUED || state == BOBBIN_JOB_IDLE;
    case BOBBIN_DOWNLOADS_FINISHED:
      return state == BOBBIN_JOB_DONE;
    case BOBBIN_DOWNLOADS_FAILED:
      return state == BOBBIN_JOB_FAILED;
    case BOBBIN_DOWNLOADS_ALL:
    default:
      return TRUE;
    }
}

static gboolean
has_words (BobbinDownloadsFilter *self, BobbinJob *job)
{
  const char *const texts[] = { bobbin_job_get_title (job),
                                bobbin_download_get_address (BOBBIN_DOWNLOAD (job)), NULL };

  return bobbin_search_words_match ((const char *const *) self->words, texts);
}

static gboolean
bobbin_downloads_filter_match (GtkFilter *filter, gpointer item)
{
  BobbinDownloadsFilter *self = BOBBIN_DOWNLOADS_FILTER (filter);

  return has_state (self, item) && has_words (self, item);
}

static GtkFilterMatch
bobbin_downloads_filter_get_strictness (GtkFilter *filter)
{
  BobbinDownloadsFilter *self = BOBBIN_DOWNLOADS_FILTER (filter);

  return self->shown == BOBBIN_DOWNLOADS_ALL && self->words == NULL ? GTK_FILTER_MATCH_ALL
                                                                    : GTK_FILTER_MATCH_SOME;
}

static void
bobbin_downloads_filter_finalize (GObject *object)
{
  g_strfreev (BOBBIN_DOWNLOADS_FILTER (object)->words);

  G_OBJECT_CLASS (bobbin_downloads_filter_parent_class)->finalize (object);
}

static void
bobbin_downloads_filter_class_init (BobbinDownloadsFilterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bobbin_downloads_filter_finalize;
  GTK_FILTER_CLASS (klass)->match = bobbin_downloads_filter_match;
  GTK_FILTER_CLASS (klass)->get_strictness = bobbin_downloads_filter_get_strictness;
}

static void
bobbin_downloads_filter_init (BobbinDownloadsFilter *self)
{
}

/**
 * bobbin_downloads_filter_new:
 *
 * Returns: (transfer full): a filter that lets through all
 */
BobbinDownloadsFilter *
bobbin_downloads_filter_new (void)
{
  return g_object_new (BOBBIN_TYPE_DOWNLOADS_FILTER, NULL);
}

/**
 * bobbin_downloads_filter_set_shown:
 * @shown: which downloads to let through, by what they are at
 */
void
bobbin_downloads_filter_set_shown (BobbinDownloadsFilter *self, BobbinDownloadsShown shown)
{
  g_return_if_fail (BOBBIN_IS_DOWNLOADS_FILTER (self));

  if (self->shown == shown)
    return;

  self->shown = shown;
  gtk_filter_changed (GTK_FILTER (self), GTK_FILTER_CHANGE_DIFFERENT);
}

/**
 * bobbin_downloads_filter_set_search:
 * @text: what is searched for; nothing lets all through
 */
void
bobbin_downloads_filter_set_search (BobbinDownloadsFilter *self, const char *text)
{
  g_return_if_fail (BOBBIN_IS_DOWNLOADS_FILTER (self));
  g_return_if_fail (text != NULL);

  g_strfreev (self->words);
  self->words = bobbin_search_words_split (text);
  gtk_filter_changed (GTK_FILTER (self), GTK_FILTER_CHANGE_DIFFERENT);
}

/**
 * bobbin_downloads_filter_asks_state:
 *
 * Returns: whether it makes a difference what a download is at
 */
gboolean
bobbin_downloads_filter_asks_state (BobbinDownloadsFilter *self)
{
  g_return_val_if_fail (BOBBIN_IS_DOWNLOADS_FILTER (self), FALSE);

  return self->shown != BOBBIN_DOWNLOADS_ALL;
}

/**
 * bobbin_downloads_filter_asks_words:
 *
 * Returns: whether it makes a difference what a download is called
 */
gboolean
bobbin_downloads_filter_asks_words (BobbinDownloadsFilter *self)
{
  g_return_val_if_fail (BOBBIN_IS_DOWNLOADS_FILTER (self), FALSE);

  return self->words != NULL;
}
