/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The order of a queue's jobs: one up, one down, to the top or the bottom, before another one.
 * Among those who wait for a slot the order is that of the list, so that what is moved up runs
 * sooner.
 *
 * Of a move the views are told that the job was taken out, and then that it was put in elsewhere:
 * they keep all other rows as they are, however far it goes. Main thread only.
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

/* While the views are told that it has gone it stands where it was, unseen by them: all else goes
 * on as ever. Whoever is told may not move another. */
static void
bobbin_job_queue_move (BobbinJobQueue *self, BobbinJob *job, GSequenceIter *before)
{
  GSequenceIter *iter = get_place (job)->iter;

  g_assert (self->hidden == NULL);

  self->hidden = iter;
  g_list_model_items_changed (G_LIST_MODEL (self), g_sequence_iter_get_position (iter), 1, 0);

  bobbin_job_queue_skip_next (self, job);
  g_sequence_move (iter, before);
  bobbin_job_queue_move_next (self, job);
  self->hidden = NULL;
  g_list_model_items_changed (G_LIST_MODEL (self), g_sequence_iter_get_position (iter), 0, 1);
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

static GHashTable *
make_set (GPtrArray *jobs)
{
  GHashTable *set = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < jobs->len; i++)
    g_hash_table_add (set, g_ptr_array_index (jobs, i));

  return set;
}

/* The place before @sibling, or before the first job behind it that stays where it is. */
static GSequenceIter *
find_gap (BobbinJobQueue *self, BobbinJob *sibling, GPtrArray *jobs)
{
  g_autoptr (GHashTable) moving = make_set (jobs);
  GSequenceIter *iter =
    sibling != NULL ? get_place (sibling)->iter : g_sequence_get_end_iter (self->jobs);

  while (!g_sequence_iter_is_end (iter) && g_hash_table_contains (moving, g_sequence_get (iter)))
    iter = g_sequence_iter_next (iter);

  return iter;
}

/**
 * bobbin_job_queue_move_before:
 * @self: a queue
 * @jobs: (element-type BobbinJob): jobs in it, each once
 * @sibling: (nullable): another job in it; %NULL is the end
 *
 * Moves @jobs, in the order given, to stand right before @sibling. One that stands there already is
 * left alone.
 *
 * Returns: whether any of them moved
 */
gboolean
bobbin_job_queue_move_before (BobbinJobQueue *self, GPtrArray *jobs, BobbinJob *sibling)
{
  GSequenceIter *gap;
  gboolean moved = FALSE;

  g_return_val_if_fail (BOBBIN_IS_JOB_QUEUE (self), FALSE);
  g_return_val_if_fail (sibling == NULL || bobbin_job_queue_find (self, sibling, NULL), FALSE);

  gap = find_gap (self, sibling, jobs);
  for (guint i = jobs->len; i > 0; i--)
    {
      BobbinJob *job = g_ptr_array_index (jobs, i - 1);
      GSequenceIter *iter = get_place (job)->iter;

      g_return_val_if_fail (bobbin_job_queue_find (self, job, NULL), moved);

      if (g_sequence_iter_next (iter) != gap)
        {
          bobbin_job_queue_move (self, job, gap);
          moved = TRUE;
        }
      gap = iter;
    }

  return moved;
}

/**
 * bobbin_job_queue_move_to_bottom:
 * @self: a queue
 * @job: a job in it
 *
 * Moves @job behind all others.
 *
 * Returns: whether it moved
 */
gboolean
bobbin_job_queue_move_to_bottom (BobbinJobQueue *self, BobbinJob *job)
{
  GSequenceIter *end;

  g_return_val_if_fail (bobbin_job_queue_find (self, job, NULL), FALSE);

  end = g_sequence_get_end_iter (self->jobs);
  if (g_sequence_iter_next (get_place (job)->iter) == end)
    return FALSE;

  bobbin_job_queue_move (self, job, end);

  return TRUE;
}
