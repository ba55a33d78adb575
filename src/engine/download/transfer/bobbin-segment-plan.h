/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-segment-map.h"

G_BEGIN_DECLS

/**
 * BOBBIN_SEGMENT_MIN:
 *
 * Fewer bytes than this are not worth a connection of their own, unless they take long and are the
 * last.
 */
#define BOBBIN_SEGMENT_MIN (1024 * 1024)

/**
 * BobbinSegment:
 * @from: the first byte that is not in the map yet and that it has, or will bring
 * @at: the next byte that comes
 * @end: behind the last byte that it is to bring
 * @rate: bytes a second, 0 while nothing comes
 * @is_paired: whether another one fetches the same bytes
 * @is_held: whether it is a limit that it waits for, and not its server
 *
 * What one connection is fetching.
 */
typedef struct
{
  gint64   from;
  gint64   at;
  gint64   end;
  gint64   rate;
  gboolean is_paired;
  gboolean is_held;
} BobbinSegment;

/**
 * BobbinSegmentScene:
 * @map: the bytes that are there
 * @length: bytes of the whole file
 * @segments: (array length=n_segments): what is being fetched
 * @n_segments: how many
 * @n_free: how many connections are to be given something, one after the other; at least one
 * @rate: bytes a second that a further connection may bring, or 0 where nobody can say
 * @trip: µs from a request to its answer
 *
 * What is known when a connection is to be given something to do.
 */
typedef struct
{
  BobbinSegmentMap    *map;
  gint64               length;
  const BobbinSegment *segments;
  guint                n_segments;
  guint                n_free;
  gint64               rate;
  gint64               trip;
} BobbinSegmentScene;

/**
 * BobbinSegmentMove:
 * @BOBBIN_SEGMENT_NOTHING: what is left is better left to those who are at it
 * @BOBBIN_SEGMENT_GAP: bytes that nobody fetches
 * @BOBBIN_SEGMENT_SPLIT: the last part of what another one has before it, which is to end there
 * @BOBBIN_SEGMENT_TWIN: all that a slow one has before it: the first to bring it wins
 *
 * What a free connection is to fetch.
 */
typedef enum
{
  BOBBIN_SEGMENT_NOTHING,
  BOBBIN_SEGMENT_GAP,
  BOBBIN_SEGMENT_SPLIT,
  BOBBIN_SEGMENT_TWIN,
} BobbinSegmentMove;

BobbinSegmentMove bobbin_segment_plan (const BobbinSegmentScene *scene,
                                       guint                    *whose,
                                       gint64                   *first,
                                       gint64                   *end);

G_END_DECLS
