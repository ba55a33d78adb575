/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The picture of the file for those who look at it: which bytes are there, and who fetches the
 * rest. Its worker's thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-transfer-private.h"

/* Adds @span, or joins it to the last one where the gap is smaller than @least. Returns whether
 * there was room for it. */
static gboolean
segments_add (BobbinSegments *self, const BobbinSegmentSpan *span, gint64 least)
{
  BobbinSegmentSpan *last = self->n_spans > 0 ? &self->spans[self->n_spans - 1] : NULL;

  if (span->first >= span->end)
    return TRUE;
  if (last != NULL && span->first - last->end < least)
    {
      last->end = span->end;
      return TRUE;
    }
  if (self->n_spans == BOBBIN_SEGMENTS_MAX_SPANS)
    return FALSE;

  self->spans[self->n_spans++] = *span;

  return TRUE;
}

/* What lies between the gaps. */
static gboolean
segments_add_all (BobbinSegments *self, BobbinSegmentMap *map, gint64 least)
{
  const gint64 map_end = bobbin_segment_map_get_end (map);
  gint64 from = 0;
  gint64 first, end;

  self->n_spans = 0;
  while (bobbin_segment_map_get_gap (map, from, map_end, &first, &end))
    {
      if (!segments_add (self, &(BobbinSegmentSpan){ from, first }, least))
        return FALSE;
      from = end;
    }

  return segments_add (self, &(BobbinSegmentSpan){ from, map_end }, least);
}

static void
segments_add_fetch (BobbinSegments *self, BobbinFetch *fetch)
{
  BobbinSegmentSpan *segment;

  if (!fetch->is_receiving || self->n_fetches == BOBBIN_SEGMENTS_MAX_FETCHES)
    return;

  segment = &self->fetches[self->n_fetches++];
  segment->first = bobbin_fetch_get_position (fetch);
  segment->end = MAX (segment->first, fetch->end >= 0 ? fetch->end : self->total);
}

static void
transfer_put_segments (BobbinTransfer *self)
{
  BobbinSegmentMap *map = bobbin_part_file_get_written (self->part);
  BobbinSegments segments = { .total = self->report.total };
  gint64 least = 1;

  while (!segments_add_all (&segments, map, least))
    least *= 4;
  for (guint i = 0; i < self->fetches->len; i++)
    segments_add_fetch (&segments, bobbin_transfer_get_fetch (self, i));
  bobbin_segment_board_put (self->spec->board, &segments);
}

/* Puts the picture up, if anybody looks at it. */
void
bobbin_transfer_show_segments (BobbinTransfer *self)
{
  BobbinSegmentBoard *board = self->spec->board;

  if (board != NULL && bobbin_segment_board_is_observed (board))
    transfer_put_segments (self);
}
