/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BOBBIN_SEGMENTS_MAX_SPANS:
 *
 * So many spans a picture of a file holds; where there are more, the smallest gaps are left out.
 */
#define BOBBIN_SEGMENTS_MAX_SPANS 64

/**
 * BOBBIN_SEGMENTS_MAX_FETCHES:
 *
 * No download has more connections.
 */
#define BOBBIN_SEGMENTS_MAX_FETCHES 32

/**
 * BobbinSegmentSpan:
 * @first: offset of its first byte
 * @end: offset behind its last one
 */
typedef struct
{
  gint64 first;
  gint64 end;
} BobbinSegmentSpan;

/**
 * BobbinSegments:
 * @total: bytes in all, or -1 while that is not known
 * @n_spans: of @spans
 * @n_fetches: of @fetches
 * @spans: what is there, in order
 * @fetches: for each connection that receives, from the byte it is at to the end of its part
 *
 * Which bytes of a file are there, and who fetches the rest. Plain data of fixed size.
 */
typedef struct
{
  gint64            total;
  guint             n_spans;
  guint             n_fetches;
  BobbinSegmentSpan spans[BOBBIN_SEGMENTS_MAX_SPANS];
  BobbinSegmentSpan fetches[BOBBIN_SEGMENTS_MAX_FETCHES];
} BobbinSegments;

typedef struct _BobbinSegmentBoard BobbinSegmentBoard;

BobbinSegmentBoard *bobbin_segment_board_new         (void);
BobbinSegmentBoard *bobbin_segment_board_ref         (BobbinSegmentBoard *self);
void                bobbin_segment_board_unref       (BobbinSegmentBoard *self);
void                bobbin_segment_board_observe     (BobbinSegmentBoard *self);
void                bobbin_segment_board_unobserve   (BobbinSegmentBoard *self);
gboolean            bobbin_segment_board_is_observed (BobbinSegmentBoard *self);
void                bobbin_segment_board_put         (BobbinSegmentBoard   *self,
                                                      const BobbinSegments *segments);
gboolean            bobbin_segment_board_get         (BobbinSegmentBoard *self,
                                                      BobbinSegments     *segments);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinSegmentBoard, bobbin_segment_board_unref)

G_END_DECLS
