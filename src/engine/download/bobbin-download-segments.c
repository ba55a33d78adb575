/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What of a download's file is there, for those who look at it. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-download-private.h"

/* Where the picture of the file goes; it stays while it runs, or somebody looks. */
BobbinSegmentBoard *
bobbin_download_ensure_board (BobbinDownload *self)
{
  BobbinDownloadExtras *extras = bobbin_download_ensure_extras (self);

  if (extras->board == NULL)
    extras->board = bobbin_segment_board_new ();

  return extras->board;
}

/* Whether anybody looks. */
gboolean
bobbin_download_is_observed (BobbinDownload *self)
{
  BobbinSegmentBoard *board = bobbin_download_get_extras (self)->board;

  return board != NULL && bobbin_segment_board_is_observed (board);
}

/**
 * bobbin_download_observe_segments:
 * @self: a download
 *
 * Has the worker say, while it runs, which bytes of the file are there and who fetches the rest,
 * several times a second: “segments-changed” is emitted then. To be ended by
 * bobbin_download_unobserve_segments(); while nobody observes it costs nothing.
 */
void
bobbin_download_observe_segments (BobbinDownload *self)
{
  g_return_if_fail (BOBBIN_IS_DOWNLOAD (self));

  bobbin_segment_board_observe (bobbin_download_ensure_board (self));
}

/**
 * bobbin_download_unobserve_segments:
 * @self: a download that is observed
 *
 * Ends one bobbin_download_observe_segments().
 */
void
bobbin_download_unobserve_segments (BobbinDownload *self)
{
  g_return_if_fail (BOBBIN_IS_DOWNLOAD (self));

  bobbin_segment_board_unobserve (bobbin_download_ensure_board (self));
}

/**
 * bobbin_download_get_segments:
 * @self: a download
 * @segments: (out caller-allocates): the newest picture of its file
 *
 * Returns: whether there is one, as there is soon when it runs and is observed; if not, @segments
 *   is left alone
 */
gboolean
bobbin_download_get_segments (BobbinDownload *self, BobbinSegments *segments)
{
  g_return_val_if_fail (BOBBIN_IS_DOWNLOAD (self), FALSE);

  return bobbin_segment_board_get (bobbin_download_ensure_board (self), segments);
}
