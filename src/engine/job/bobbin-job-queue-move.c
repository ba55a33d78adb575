/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The order of a queue's jobs: one up, one down, to the top. Among those who wait for a slot the
 * order is that of the list, so that what is moved up runs sooner. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-job-queue-private.h"

#include "bobbin-job-private.h"

static BobbinJobPlace *
get_place (BobbinJob *job)
{
  return &bobbin_job_get_private (job)->place;
}

/* The nearest job of the same kind, before or after; NULL if there is none. */
static BobbinJob *
get_neighbour (BobbinJob *job, gboolean after)
{
  GSequenceIter *iter = get_place (job)->iter;

  while (after ? !g_sequence_iter_is_end (iter = g_sequence_iter_next (iter))
               : !g_sequence_iter_is_begin (iter))
    {
      BobbinJob *other;

      if (!after)
        iter = g_sequence_iter_prev (iter);
      other = g_sequence_get (iter);
      if (G_OBJECT_TYPE (other) == G_OBJECT_TYPE (job))
        return other;
    }

  return NULL;
}

static void
bobbin_job_queue_move (BobbinJobQueue *self, BobbinJob *job, GSequenceIter *before)
{
  BobbinJobPlace *place = get_place (job);
  const guint from = g_sequence_iter_get_position (place->iter);
  guint first, last, to;

  bobbin_job_queue_skip_next (self, job);
  g_sequence_move (place->iter, before);
  bobbin_job_queue_move_next (self, job);

  to = g_sequence_iter_get_position (place->iter);
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
  BobbinJob *other;

  g_return_val_if_fail (bobbin_job_queue_find (self, job, NULL), FALSE);

  other = get_neighbour (job, FALSE);
  if (other == NULL)
    return FALSE;

  bobbin_job_queue_move (self, job, get_place (other)->iter);

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
  BobbinJob *other;

  g_return_val_if_fail (bobbin_job_queue_find (self, job, NULL), FALSE);

  other = get_neighbour (job, TRUE);
  if (other == NULL)
    return FALSE;

  bobbin_job_queue_move (self, job, g_sequence_iter_next (get_place (other)->iter));

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
  g_return_val_if_fail (bobbin_job_queue_find (self, job, NULL), FALSE);

  if (g_sequence_iter_is_begin (get_place (job)->iter))
    return FALSE;

  bobbin_job_queue_move (self, job, g_sequence_get_begin_iter (self->jobs));

  return TRUE;
}
