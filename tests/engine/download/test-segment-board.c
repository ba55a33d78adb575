/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a worker puts the picture of its file.
 */
#include "config.h"

#include "bobbin-segment-board.h"

/* More than one core gets through while the other looks. */
#define N_PICTURES 20000

static BobbinSegments
make_picture (gint64 total)
{
  BobbinSegments picture = { .total = total, .n_spans = BOBBIN_SEGMENTS_MAX_SPANS };

  for (guint i = 0; i < picture.n_spans; i++)
    picture.spans[i] = (BobbinSegmentSpan){ total, total };

  return picture;
}

/* It holds the newest picture, for as long as anybody looks. */
static void
test_board (void)
{
  g_autoptr (BobbinSegmentBoard) board = bobbin_segment_board_new ();
  BobbinSegments picture = make_picture (1);
  BobbinSegments seen = { .total = 7 };

  g_assert_false (bobbin_segment_board_is_observed (board));
  bobbin_segment_board_put (board, &picture);
  bobbin_segment_board_observe (board);
  bobbin_segment_board_observe (board);
  g_assert_false (bobbin_segment_board_get (board, &seen));
  g_assert_cmpint (seen.total, ==, 7);

  bobbin_segment_board_put (board, &picture);
  picture = make_picture (2);
  bobbin_segment_board_put (board, &picture);
  g_assert_true (bobbin_segment_board_get (board, &seen));
  g_assert_cmpint (seen.total, ==, 2);
  g_assert_cmpint (seen.spans[BOBBIN_SEGMENTS_MAX_SPANS - 1].end, ==, 2);

  bobbin_segment_board_unobserve (board);
  g_assert_true (bobbin_segment_board_is_observed (board));
  g_assert_true (bobbin_segment_board_get (board, &seen));
  bobbin_segment_board_unobserve (board);
  g_assert_false (bobbin_segment_board_is_observed (board));
  g_assert_false (bobbin_segment_board_get (board, &seen));
}

static gpointer
put_pictures (gpointer data)
{
  g_autoptr (BobbinSegmentBoard) board = data;

  for (gint64 i = 1; i <= N_PICTURES; i++)
    {
      const BobbinSegments picture = make_picture (i);

      bobbin_segment_board_put (board, &picture);
    }

  return NULL;
}

/* Nobody sees half a picture. */
static void
test_threads (void)
{
  g_autoptr (BobbinSegmentBoard) board = bobbin_segment_board_new ();
  BobbinSegments seen = { .total = 0 };
  GThread *thread;

  bobbin_segment_board_observe (board);
  thread = g_thread_new ("worker", put_pictures, bobbin_segment_board_ref (board));
  while (seen.total < N_PICTURES)
    {
      if (bobbin_segment_board_get (board, &seen))
        for (guint i = 0; i < seen.n_spans; i++)
          g_assert_cmpint (seen.spans[i].first, ==, seen.total);
      g_thread_yield ();
    }
  g_thread_join (thread);
  bobbin_segment_board_unobserve (board);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/segment-board/board", test_board);
  g_test_add_func ("/segment-board/threads", test_threads);

  return g_test_run ();
}
