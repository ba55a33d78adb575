/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Where a download's worker puts the picture of its file, for those who look: the newest one only,
 * and only while somebody does. Any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-segment-board.h"

struct _BobbinSegmentBoard
{
  gatomicrefcount ref_count;
  int n_observers; /* (atomic) */

  GMutex mutex;
  BobbinSegments *segments; /* (owned) (nullable) protected by mutex */
};

/**
 * bobbin_segment_board_new:
 *
 * Returns: (transfer full): a board that nobody looks at
 */
BobbinSegmentBoard *
bobbin_segment_board_new (void)
{
  BobbinSegmentBoard *self = g_new0 (BobbinSegmentBoard, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);

  return self;
}

/**
 * bobbin_segment_board_ref:
 * @self: a board
 *
 * Returns: (transfer full): @self
 */
BobbinSegmentBoard *
bobbin_segment_board_ref (BobbinSegmentBoard *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * bobbin_segment_board_unref:
 * @self: (transfer full): a board
 */
void
bobbin_segment_board_unref (BobbinSegmentBoard *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->segments);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/**
 * bobbin_segment_board_observe:
 * @self: a board
 *
 * Begins to look; bobbin_segment_board_unobserve() ends it.
 */
void
bobbin_segment_board_observe (BobbinSegmentBoard *self)
{
  g_atomic_int_inc (&self->n_observers);
}

/**
 * bobbin_segment_board_unobserve:
 * @self: a board
 *
 * Ends one look. When nobody looks any more what is on the board goes.
 */
void
bobbin_segment_board_unobserve (BobbinSegmentBoard *self)
{
  g_return_if_fail (bobbin_segment_board_is_observed (self));

  if (!g_atomic_int_dec_and_test (&self->n_observers))
    return;

  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->segments, g_free);
  g_mutex_unlock (&self->mutex);
}

/**
 * bobbin_segment_board_is_observed:
 * @self: a board
 *
 * Returns: whether anybody looks; to ask costs nothing
 */
gboolean
bobbin_segment_board_is_observed (BobbinSegmentBoard *self)
{
  return g_atomic_int_get (&self->n_observers) > 0;
}

/**
 * bobbin_segment_board_put:
 * @self: a board
 * @segments: the newest picture; copied
 *
 * Replaces what is on the board; does nothing if nobody looks.
 */
void
bobbin_segment_board_put (BobbinSegmentBoard *self, const BobbinSegments *segments)
{
  g_mutex_lock (&self->mutex);
  if (bobbin_segment_board_is_observed (self))
    {
      if (self->segments == NULL)
        self->segments = g_new (BobbinSegments, 1);
      *self->segments = *segments;
    }
  g_mutex_unlock (&self->mutex);
}

/**
 * bobbin_segment_board_get:
 * @self: a board
 * @segments: (out caller-allocates): the newest picture
 *
 * Returns: whether there is one; if not, @segments is left alone
 */
gboolean
bobbin_segment_board_get (BobbinSegmentBoard *self, BobbinSegments *segments)
{
  gboolean is_there;

  g_mutex_lock (&self->mutex);
  is_there = self->segments != NULL;
  if (is_there)
    *segments = *self->segments;
  g_mutex_unlock (&self->mutex);

  return is_there;
}
