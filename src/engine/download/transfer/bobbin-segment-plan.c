/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a free connection fetches next: bytes that nobody fetches, else a part of the largest rest,
 * else, when all rests are small, half of the one that takes longest, or, if that is because its
 * connection is slow, all of it once more. So no connection is idle while there is work worth its
 * request, and a file never waits for its slowest source. What waits for a limit is left alone:
 * nobody would bring it sooner. Pure.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-segment-plan.h"

/* Where ranges begin: the pages of a file, and large writes, do there, too. Those of small rests
 * begin at any page. */
#define GRAIN       (64 * 1024)
#define SMALL_GRAIN (4 * 1024)

/* A small rest is split if it takes so many round trips, and this time, and has so many bytes. */
#define SMALL_TRIPS 3
#define SMALL_TIME  (40 * G_TIME_SPAN_MILLISECOND)
#define SMALL_SIZE  (64 * 1024)

/* A rest that will be there within this, or within so many round trips, is not fetched twice; nor
 * is a large one that another connection would not bring sooner by as much. Of a small one it costs
 * little, and it may be the one that loses a packet. */
#define PATIENCE       (50 * G_TIME_SPAN_MILLISECOND)
#define PATIENCE_TRIPS 2
#define PATIENCE_SIZE  (256 * 1024)

/* One is slow if it brings less than this part of what others do. */
#define SLOW 4

/* The first bytes of a gap that nobody is at. FALSE: somebody is at all of them. */
static gboolean
gap_is_free (const BobbinSegmentScene *scene, gint64 *first, gint64 *end)
{
  const BobbinSegment *segments = scene->segments;
  gboolean moved = TRUE;

  /* Segments are few and in no order: as long as one covers the beginning, go on behind it. */
  while (moved && *first < *end)
    {
      moved = FALSE;
      for (guint i = 0; i < scene->n_segments; i++)
        if (segments[i].from <= *first && *first < segments[i].end)
          {
            *first = segments[i].end;
            moved = TRUE;
          }
    }
  for (guint i = 0; i < scene->n_segments; i++)
    if (segments[i].from > *first)
      *end = MIN (*end, segments[i].from);

  return *first < *end;
}

static gboolean
plan_gap (const BobbinSegmentScene *scene, gint64 *first, gint64 *end)
{
  gint64 from = 0;
  gint64 gap_first, gap_end;

  while (bobbin_segment_map_get_gap (scene->map, from, scene->length, &gap_first, &gap_end))
    {
      *first = gap_first;
      *end = gap_end;
      if (gap_is_free (scene, first, end))
        return TRUE;
      from = MAX (*first, gap_first + 1);
    }

  return FALSE;
}

static gint64
get_rest (const BobbinSegment *segment)
{
  return segment->end - segment->at;
}

/* Whether it is of use to take something from it. */
static gboolean
is_open (const BobbinSegment *segment)
{
  return !segment->is_paired && !segment->is_held && segment->at < segment->end;
}

/* In how many parts the largest rest is to be split, so that all who are to get something now, and
 * those who have something, come to about as much. It could be split in halves again and again; but
 * each that is split when it is fetched costs its connection, as the server sends on. */
static gint64
count_parts (const BobbinSegmentScene *scene, gint64 largest)
{
  const guint n = scene->n_segments + scene->n_free;
  gint64 all = 0;

  for (guint i = 0; i < scene->n_segments; i++)
    all += MAX (get_rest (&scene->segments[i]), 0);

  return CLAMP ((largest * n + all / 2) / all, 2, scene->n_free + (gint64) 1);
}

static gboolean
plan_split (const BobbinSegmentScene *scene, guint *whose, gint64 *first, gint64 *end)
{
  gint64 largest = 2 * BOBBIN_SEGMENT_MIN - 1;
  gint64 part;
  gboolean found = FALSE;

  for (guint i = 0; i < scene->n_segments; i++)
    if (is_open (&scene->segments[i]) && get_rest (&scene->segments[i]) > largest)
      {
        largest = get_rest (&scene->segments[i]);
        *whose = i;
        found = TRUE;
      }
  if (!found)
    return FALSE;

  part = MAX (largest / count_parts (scene, largest), BOBBIN_SEGMENT_MIN);
  *end = scene->segments[*whose].end;
  *first = (*end - part + GRAIN - 1) / GRAIN * GRAIN;

  return TRUE;
}

/* µs until it has brought all. */
static gint64
get_time_left (const BobbinSegment *segment)
{
  if (segment->rate <= 0)
    return G_MAXINT64;

  return MIN ((double) get_rest (segment) / segment->rate * G_USEC_PER_SEC,
              (double) (G_MAXINT64 / 2));
}

/* The one that takes longest. */
static const BobbinSegment *
find_last (const BobbinSegmentScene *scene, guint *whose)
{
  const BobbinSegment *last = NULL;

  for (guint i = 0; i < scene->n_segments; i++)
    if (is_open (&scene->segments[i]) &&
        (last == NULL || get_time_left (&scene->segments[i]) > get_time_left (last)))
      {
        last = &scene->segments[i];
        *whose = i;
      }

  return last;
}

/* Small rests are left. Where nothing is known of other connections, there were none: the file is
 * small itself. */
static BobbinSegmentMove
plan_end (const BobbinSegmentScene *scene, guint *whose, gint64 *first, gint64 *end)
{
  const BobbinSegment *last = find_last (scene, whose);
  gint64 time;

  if (last == NULL || scene->rate <= 0)
    return BOBBIN_SEGMENT_NOTHING;

  time = get_time_left (last);
  *end = last->end;
  if (last->rate >= scene->rate / SLOW && get_rest (last) >= SMALL_SIZE &&
      time > MAX (SMALL_TIME, SMALL_TRIPS * scene->trip))
    {
      *first = (last->at + get_rest (last) / 2 + SMALL_GRAIN - 1) / SMALL_GRAIN * SMALL_GRAIN;
      return BOBBIN_SEGMENT_SPLIT;
    }

  *first = last->at;
  if (get_rest (last) > PATIENCE_SIZE)
    time -= MIN ((double) get_rest (last) / scene->rate * G_USEC_PER_SEC, (double) time);

  return time > MAX (PATIENCE, PATIENCE_TRIPS * scene->trip) ? BOBBIN_SEGMENT_TWIN
                                                             : BOBBIN_SEGMENT_NOTHING;
}

/**
 * bobbin_segment_plan:
 * @scene: what is known
 * @whose: (out): whose rest it is, of a split or a twin
 * @first: (out): offset of the first byte to fetch
 * @end: (out): behind the last one
 *
 * Finds out what one more connection is to do.
 *
 * Returns: what it is
 */
BobbinSegmentMove
bobbin_segment_plan (const BobbinSegmentScene *scene, guint *whose, gint64 *first, gint64 *end)
{
  if (plan_gap (scene, first, end))
    return BOBBIN_SEGMENT_GAP;
  if (plan_split (scene, whose, first, end))
    return BOBBIN_SEGMENT_SPLIT;

  return plan_end (scene, whose, first, end);
}
