/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a free connection fetches next: bytes that nobody fetches, else half of the largest rest,
 * else, when all rests are small, that of the slowest once more. So no connection is idle while
 * there is work worth its request, and a file never waits for its slowest source. Pure.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-segment-plan.h"

/* Where ranges begin: the pages of a file, and large writes, do there, too. */
#define GRAIN (64 * 1024)

/* The first bytes of a gap that nobody is at. FALSE: somebody is at all of them. */
static gboolean
gap_is_free (const BobbinSegment *segments, guint n_segments, gint64 *first, gint64 *end)
{
  gboolean moved = TRUE;

  /* Segments are few and in no order: as long as one covers the beginning, go on behind it. */
  while (moved && *first < *end)
    {
      moved = FALSE;
      for (guint i = 0; i < n_segments; i++)
        if (segments[i].from <= *first && *first < segments[i].end)
          {
            *first = segments[i].end;
            moved = TRUE;
          }
    }
  for (guint i = 0; i < n_segments; i++)
    if (segments[i].from > *first)
      *end = MIN (*end, segments[i].from);

  return *first < *end;
}

static gboolean
plan_gap (BobbinSegmentMap *map,
          gint64 length,
          const BobbinSegment *segments,
          guint n_segments,
          gint64 *first,
          gint64 *end)
{
  gint64 from = 0;
  gint64 gap_first, gap_end;

  while (bobbin_segment_map_get_gap (map, from, length, &gap_first, &gap_end))
    {
      *first = gap_first;
      *end = gap_end;
      if (gap_is_free (segments, n_segments, first, end))
        return TRUE;
      from = MAX (*first, gap_first + 1);
    }

  return FALSE;
}

static gboolean
plan_split (const BobbinSegment *segments,
            guint n_segments,
            guint *whose,
            gint64 *first,
            gint64 *end)
{
  gint64 largest = 2 * BOBBIN_SEGMENT_MIN - 1;
  gboolean found = FALSE;

  for (guint i = 0; i < n_segments; i++)
    if (segments[i].end - segments[i].at > largest && !segments[i].is_paired)
      {
        largest = segments[i].end - segments[i].at;
        *whose = i;
        found = TRUE;
      }
  if (!found)
    return FALSE;

  *first = (segments[*whose].at + largest / 2 + GRAIN - 1) / GRAIN * GRAIN;
  *end = segments[*whose].end;

  return TRUE;
}

/* µs until it has brought all. */
static gint64
get_time_left (const BobbinSegment *segment)
{
  const double left = segment->end - segment->at;

  if (segment->rate <= 0)
    return G_MAXINT64;

  return MIN (left / segment->rate * G_USEC_PER_SEC, (double) (G_MAXINT64 / 2));
}

static gboolean
plan_twin (const BobbinSegment *segments,
           guint n_segments,
           gint64 patience,
           guint *whose,
           gint64 *first,
           gint64 *end)
{
  gint64 longest = patience;
  gboolean found = FALSE;

  for (guint i = 0; i < n_segments; i++)
    if (!segments[i].is_paired && segments[i].at < segments[i].end &&
        get_time_left (&segments[i]) > longest)
      {
        longest = get_time_left (&segments[i]);
        *whose = i;
        *first = segments[i].at;
        *end = segments[i].end;
        found = TRUE;
      }

  return found;
}

/**
 * bobbin_segment_plan:
 * @map: the bytes that are there
 * @length: bytes of the whole file
 * @segments: (array length=n_segments): what is being fetched
 * @n_segments: how many
 * @patience: µs; a rest that will be there sooner is not fetched twice
 * @whose: (out): whose rest it is, of a split or a twin
 * @first: (out): offset of the first byte to fetch
 * @end: (out): behind the last one
 *
 * Finds out what one more connection is to do.
 *
 * Returns: what it is
 */
BobbinSegmentMove
bobbin_segment_plan (BobbinSegmentMap *map,
                     gint64 length,
                     const BobbinSegment *segments,
                     guint n_segments,
                     gint64 patience,
                     guint *whose,
                     gint64 *first,
                     gint64 *end)
{
  if (plan_gap (map, length, segments, n_segments, first, end))
    return BOBBIN_SEGMENT_GAP;
  if (plan_split (segments, n_segments, whose, first, end))
    return BOBBIN_SEGMENT_SPLIT;
  if (plan_twin (segments, n_segments, patience, whose, first, end))
    return BOBBIN_SEGMENT_TWIN;

  return BOBBIN_SEGMENT_NOTHING;
}
