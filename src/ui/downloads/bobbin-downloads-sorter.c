/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * In which order downloads are shown. Nobody tells a sorter of jobs that change, nor of their
 * names: that is up to who uses it. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-downloads-sorter.h"

#include <string.h>

#define KEY "bobbin-collate-key"

typedef struct
{
  BobbinJobQueue *queue; /* (owned) */
  BobbinDownloadsOrder order;
  gboolean descending;
} Comparison;

static void
comparison_free (gpointer data)
{
  Comparison *comparison = data;

  g_object_unref (comparison->queue);
  g_free (comparison);
}

static int
compare_places (BobbinJobQueue *queue, BobbinJob *a, BobbinJob *b)
{
  guint place_a = 0, place_b = 0;

  bobbin_job_queue_find (queue, a, &place_a);
  bobbin_job_queue_find (queue, b, &place_b);

  return place_a < place_b ? -1 : place_a > place_b;
}

/* A name is taken apart anew whenever it is asked for, and each is compared a dozen times. */
static const char *
ensure_key (BobbinJob *job)
{
  char *key = g_object_get_data (G_OBJECT (job), KEY);

  if (key == NULL)
    {
      key = g_utf8_collate_key (bobbin_job_get_title (job), -1);
      g_object_set_data_full (G_OBJECT (job), KEY, key, g_free);
    }

  return key;
}

static int
compare_added (BobbinJob *a, BobbinJob *b)
{
  const gint64 added_a = bobbin_job_get_created (a);
  const gint64 added_b = bobbin_job_get_created (b);

  return added_a < added_b ? -1 : added_a > added_b;
}

static int
compare_sizes (BobbinJob *a, BobbinJob *b)
{
  const gint64 size_a = bobbin_job_get_total (a);
  const gint64 size_b = bobbin_job_get_total (b);

  return size_a < size_b ? -1 : size_a > size_b;
}

static int
compare_progress (BobbinJob *a, BobbinJob *b)
{
  const double progress_a = bobbin_job_get_progress (a);
  const double progress_b = bobbin_job_get_progress (b);

  return progress_a < progress_b ? -1 : progress_a > progress_b;
}

/* What is equal stays in the order of the queue. */
static int
compare (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Comparison *comparison = user_data;
  BobbinJob *job_a = (BobbinJob *) a;
  BobbinJob *job_b = (BobbinJob *) b;
  int result = 0;

  switch (comparison->order)
    {
    case BOBBIN_DOWNLOADS_BY_NAME:
      result = strcmp (ensure_key (job_a), ensure_key (job_b));
      break;
    case BOBBIN_DOWNLOADS_BY_ADDED:
      result = compare_added (job_a, job_b);
      break;
    case BOBBIN_DOWNLOADS_BY_SIZE:
      result = compare_sizes (job_a, job_b);
      break;
    case BOBBIN_DOWNLOADS_BY_PROGRESS:
      result = compare_progress (job_a, job_b);
      break;
    case BOBBIN_DOWNLOADS_BY_QUEUE:
    default:
      result = compare_places (comparison->queue, job_a, job_b);
    }

  return comparison->descending ? -result : result;
}

/**
 * bobbin_downloads_sorter_new:
 * @queue: where the downloads are
 * @order: in which order they are to be shown
 * @descending: whether the other way round
 *
 * Returns: (transfer full) (nullable): a sorter; %NULL where the order is that of @queue anyway
 */
GtkSorter *
bobbin_downloads_sorter_new (BobbinJobQueue *queue, BobbinDownloadsOrder order, gboolean descending)
{
  Comparison *comparison;

  g_return_val_if_fail (BOBBIN_IS_JOB_QUEUE (queue), NULL);

  if (order == BOBBIN_DOWNLOADS_BY_QUEUE && !descending)
    return NULL;

  comparison = g_new (Comparison, 1);
  *comparison = (Comparison){ g_object_ref (queue), order, descending };

  return GTK_SORTER (gtk_custom_sorter_new (compare, comparison, comparison_free));
}

/**
 * bobbin_downloads_sorter_forget:
 * @job: a download
 *
 * Has sorters look at the name of @job again.
 */
void
bobbin_downloads_sorter_forget (BobbinJob *job)
{
  g_return_if_fail (BOBBIN_IS_JOB (job));

  g_object_set_data (G_OBJECT (job), KEY, NULL);
}
