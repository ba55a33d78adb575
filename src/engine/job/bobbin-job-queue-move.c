/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The order of a queue's jobs: one up, one down, to the top. Among those who wait for a slot the
 * order is that of the list, so that what is moved up runs sooner. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-job-queue-private.h"

/* The nearest entry of the same kind of job, before or after; NULL if there is none. */
static BobbinJobQueueEntry *
get_neighbour (BobbinJobQueueEntry *entry, gboolean after)
{
  GSequenceIter *iter = entry->iter;

  while (after ? !g_sequence_iter_is_end (iter = g_sequence_iter_next (iter))
               : !g_sequence_iter_is_begin (iter))
    {
      BobbinJobQueueEntry *other;

      if (!after)
        iter = g_sequence_iter_prev (iter);
      other = g_sequence_get (iter);
      if (G_OBJECT_TYPE (other->job) == G_OBJECT_TYPE (entry->job))
        return other;
    }

  return NULL;
}

static void
bobbin_job_queue_move (BobbinJobQueue *self, BobbinJobQueueEntry *entry, GSequenceIter *before)
{
  const guint from = g_sequence_iter_get_position (entry->iter);
  const gboolean waiting = entry->waiting != NULL;
  guint first, last, to;

  bobbin_job_queue_set_waiting (self, entry, FALSE);
  g_sequence_move (entry->iter, before);
  bobbin_job_queue_set_waiting (self, entry, waiting);

  to = g_sequence_iter_get_position (entry->iter);
  first = MIN (from, to);
  last = MAX (from, to);
  g_list_model_items_changed (G_LIST_MODEL (self), first, last - first + 1, last - first + 1);
}

/**
 * bobbin_job_queue_move_up:
 * @self: a queue
 * @job: a job in it
 *
 * Moves @job before the one of its kind that stands before it.
 *
 * Returns: whether there is one
 */
gboolean
bobbin_job_queue_move_up (BobbinJobQueue *self, BobbinJob *job)
{
  BobbinJobQueueEntry *entry = g_hash_table_lookup (self->by_job, job);
  BobbinJobQueueEntry *other;

  g_return_val_if_fail (entry != NULL, FALSE);

  other = get_neighbour (entry, FALSE);
  if (other == NULL)
    return FALSE;

  bobbin_job_queue_move (self, entry, other->iter);

  return TRUE;
}

/**
 * bobbin_job_queue_move_down:
 * @self: a queue
 * @job: a job in it
 *
 * Moves @job behind the one of its kind that stands behind it.
 *
 * Returns: whether there is one
 */
gboolean
bobbin_job_queue_move_down (BobbinJobQueue *self, BobbinJob *job)
{
  BobbinJobQueueEntry *entry = g_hash_table_lookup (self->by_job, job);
  BobbinJobQueueEntry *other;

  g_return_val_if_fail (entry != NULL, FALSE);

  other = get_neighbour (entry, TRUE);
  if (other == NULL)
    return FALSE;

  bobbin_job_queue_move (self, entry, g_sequence_iter_next (other->iter));

  return TRUE;
}

/**
 * bobbin_job_queue_move_to_top:
 * @self: a queue
 * @job: a job in it
 *
 * Moves @job before all others: the next free slot is its.
 *
 * Returns: whether it moved
 */
gboolean
bobbin_job_queue_move_to_top (BobbinJobQueue *self, BobbinJob *job)
{
  BobbinJobQueueEntry *entry = g_hash_table_lookup (self->by_job, job);

  g_return_val_if_fail (entry != NULL, FALSE);

  if (g_sequence_iter_is_begin (entry->iter))
    return FALSE;

  bobbin_job_queue_move (self, entry, g_sequence_get_begin_iter (self->entries));

  return TRUE;
}
