/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a free connection is given to do: single decisions, and a model of connections of any speed
 * that come, go and fail, which must always finish the file, and fetch no byte a third time.
 */

#include "config.h"

#include "bobbin-segment-plan.h"

#include <string.h>

#define KIB  1024
#define MIB  ((gint64) 1024 * KIB)
#define TRIP (10 * G_TIME_SPAN_MILLISECOND)

/* Who brings [at, end), and has [from, at) in its buffer. */
#define SEGMENT(from, at, end, rate, is_paired) \
  {                                             \
    from, at, end, rate, is_paired              \
  }

/* One at its beginning, at a MiB a second. */
#define NEW(from, end) SEGMENT (from, from, end, MIB, FALSE)

typedef struct
{
  guint whose;
  gint64 first;
  gint64 end;
} Plan;

/* So many connections are free, and others bring @rate. */
static BobbinSegmentMove
plan_for (const char *there,
          gint64 length,
          const BobbinSegment *segments,
          guint n,
          guint n_free,
          gint64 rate,
          Plan *result)
{
  g_autoptr (BobbinSegmentMap) map = bobbin_segment_map_parse (there);
  const BobbinSegmentScene scene = { map, length, segments, n, n_free, rate, TRIP };

  g_assert_nonnull (map);
  *result = (Plan){ G_MAXUINT, -1, -1 };
  return bobbin_segment_plan (&scene, &result->whose, &result->first, &result->end);
}

static BobbinSegmentMove
plan (const char *there, gint64 length, const BobbinSegment *segments, guint n, Plan *result)
{
  return plan_for (there, length, segments, n, 1, 100 * MIB, result);
}

#define assert_plan(result, f, e)            \
  G_STMT_START                               \
  {                                          \
    g_assert_cmpint ((result).first, ==, f); \
    g_assert_cmpint ((result).end, ==, e);   \
  }                                          \
  G_STMT_END

static void
test_gap (void)
{
  const BobbinSegment one[] = { NEW (0, 3 * MIB) };
  const BobbinSegment two[] = { NEW (6 * MIB, 8 * MIB), NEW (0, 3 * MIB) };
  const BobbinSegment chain[] = { NEW (4 * MIB, 6 * MIB), NEW (2 * MIB, 4 * MIB),
                                  NEW (0, 2 * MIB) };
  Plan result;

  /* nobody is there */
  g_assert_cmpint (plan ("", 100, NULL, 0, &result), ==, BOBBIN_SEGMENT_GAP);
  assert_plan (result, 0, 100);
  g_assert_cmpint (plan ("0-40 60-100", 100, NULL, 0, &result), ==, BOBBIN_SEGMENT_GAP);
  assert_plan (result, 40, 60);
  /* behind the one, and between two */
  g_assert_cmpint (plan ("", 8 * MIB, one, 1, &result), ==, BOBBIN_SEGMENT_GAP);
  assert_plan (result, 3 * MIB, 8 * MIB);
  g_assert_cmpint (plan ("", 8 * MIB, two, 2, &result), ==, BOBBIN_SEGMENT_GAP);
  assert_plan (result, 3 * MIB, 6 * MIB);
  /* in any order */
  g_assert_cmpint (plan ("", 8 * MIB, chain, 3, &result), ==, BOBBIN_SEGMENT_GAP);
  assert_plan (result, 6 * MIB, 8 * MIB);
  /* what is there already is none */
  g_assert_cmpint (plan ("3145728-4194304", 8 * MIB, one, 1, &result), ==, BOBBIN_SEGMENT_GAP);
  assert_plan (result, 4 * MIB, 8 * MIB);
  /* however small: nobody else would fetch it */
  g_assert_cmpint (plan ("", 3 * MIB + 1, one, 1, &result), ==, BOBBIN_SEGMENT_GAP);
  assert_plan (result, 3 * MIB, 3 * MIB + 1);
}

/* What is in a buffer and not in the map yet is fetched by nobody else. */
static void
test_gap_buffered (void)
{
  const BobbinSegment buffered[] = { SEGMENT (MIB, 2 * MIB, 3 * MIB, MIB, FALSE) };
  Plan result;

  g_assert_cmpint (plan ("0-1048576", 3 * MIB, buffered, 1, &result), ==, BOBBIN_SEGMENT_TWIN);
  g_assert_cmpint (plan ("0-1048576", 4 * MIB, buffered, 1, &result), ==, BOBBIN_SEGMENT_GAP);
  assert_plan (result, 3 * MIB, 4 * MIB);
}

static void
test_split (void)
{
  const BobbinSegment one[] = { NEW (0, 8 * MIB) };
  const BobbinSegment two[] = { NEW (0, 3 * MIB), NEW (3 * MIB, 9 * MIB) };
  const BobbinSegment odd[] = { SEGMENT (0, 12345, 8 * MIB + 7, MIB, FALSE) };
  Plan result;

  g_assert_cmpint (plan ("", 8 * MIB, one, 1, &result), ==, BOBBIN_SEGMENT_SPLIT);
  g_assert_cmpuint (result.whose, ==, 0);
  assert_plan (result, 4 * MIB, 8 * MIB);
  /* the largest rest */
  g_assert_cmpint (plan ("", 9 * MIB, two, 2, &result), ==, BOBBIN_SEGMENT_SPLIT);
  g_assert_cmpuint (result.whose, ==, 1);
  assert_plan (result, 6 * MIB, 9 * MIB);
  /* where large pages begin, of what is left */
  g_assert_cmpint (plan ("", 8 * MIB + 7, odd, 1, &result), ==, BOBBIN_SEGMENT_SPLIT);
  g_assert_cmpint (result.first % (64 * KIB), ==, 0);
  g_assert_cmpint (ABS (result.first - (12345 + (8 * MIB + 7 - 12345) / 2)), <=, 64 * KIB);
  g_assert_cmpint (result.end, ==, 8 * MIB + 7);
}

static void
test_split_not (void)
{
  const BobbinSegment paired[] = { SEGMENT (0, 0, 8 * MIB, MIB, TRUE),
                                   SEGMENT (0, 0, 8 * MIB, MIB, TRUE) };
  const BobbinSegment fast[] = { SEGMENT (0, 0, 2 * MIB - 1, 100 * MIB, FALSE) };
  Plan result;

  g_assert_cmpint (plan ("", 8 * MIB, paired, 2, &result), ==, BOBBIN_SEGMENT_NOTHING);
  /* too small, and soon there */
  g_assert_cmpint (plan ("", 2 * MIB - 1, fast, 1, &result), ==, BOBBIN_SEGMENT_NOTHING);
  g_assert_cmpint (plan ("0-100", 100, NULL, 0, &result), ==, BOBBIN_SEGMENT_NOTHING);
  g_assert_cmpint (plan ("", 0, NULL, 0, &result), ==, BOBBIN_SEGMENT_NOTHING);
}

static void
test_twin (void)
{
  const BobbinSegment slow[] = { SEGMENT (0, 0, MIB, 100 * MIB, FALSE),
                                 SEGMENT (MIB, MIB + 5, 2 * MIB, 50 * KIB, FALSE),
                                 SEGMENT (2 * MIB, 2 * MIB, 3 * MIB, 100 * KIB, FALSE) };
  const BobbinSegment stalled[] = { SEGMENT (0, MIB - 1, MIB, 0, FALSE),
                                    SEGMENT (MIB, MIB, 2 * MIB, 1, FALSE) };
  const BobbinSegment done[] = { SEGMENT (0, MIB, MIB, 0, FALSE) };
  Plan result;

  /* the one that takes longest */
  g_assert_cmpint (plan ("", 3 * MIB, slow, 3, &result), ==, BOBBIN_SEGMENT_TWIN);
  g_assert_cmpuint (result.whose, ==, 1);
  assert_plan (result, MIB + 5, 2 * MIB);
  /* which one that brings nothing does, for a single byte */
  g_assert_cmpint (plan ("", 2 * MIB, stalled, 2, &result), ==, BOBBIN_SEGMENT_TWIN);
  g_assert_cmpuint (result.whose, ==, 0);
  assert_plan (result, MIB - 1, MIB);
  /* one that has all is at its end */
  g_assert_cmpint (plan ("", MIB, done, 1, &result), ==, BOBBIN_SEGMENT_NOTHING);
}

/* One that is as fast as the others is split, however small the rest is, if that takes long. */
static void
test_end (void)
{
  const BobbinSegment slow[] = { SEGMENT (0, MIB / 2, MIB, MIB, FALSE),
                                 SEGMENT (MIB, MIB + 12345, 2 * MIB, MIB, FALSE) };
  const BobbinSegment fast[] = { SEGMENT (0, 0, MIB, 100 * MIB, FALSE) };
  const BobbinSegment small[] = { SEGMENT (0, 0, 50 * KIB, MIB, FALSE) };
  const BobbinSegment tiny[] = { SEGMENT (0, 0, 50 * KIB, 200 * KIB, FALSE) };
  const BobbinSegment large[] = { SEGMENT (0, 0, MIB, MIB, FALSE) };
  Plan result;

  g_assert_cmpint (plan_for ("", 2 * MIB, slow, 2, 1, MIB, &result), ==, BOBBIN_SEGMENT_SPLIT);
  g_assert_cmpuint (result.whose, ==, 1);
  g_assert_cmpint (result.first % (4 * KIB), ==, 0);
  g_assert_cmpint (ABS (result.first - (2 * MIB + MIB + 12345) / 2), <=, 4 * KIB);
  g_assert_cmpint (result.end, ==, 2 * MIB);
  /* soon there: in fewer round trips than are worth one */
  g_assert_cmpint (plan_for ("", MIB, fast, 1, 1, 100 * MIB, &result), ==, BOBBIN_SEGMENT_NOTHING);
  g_assert_cmpint (plan_for ("", 50 * KIB, small, 1, 1, MIB, &result), ==, BOBBIN_SEGMENT_NOTHING);
  /* too small to be split, and takes long */
  g_assert_cmpint (plan_for ("", 50 * KIB, tiny, 1, 1, 200 * KIB, &result), ==,
                   BOBBIN_SEGMENT_TWIN);
  assert_plan (result, 0, 50 * KIB);
  g_assert_cmpint (plan_for ("", MIB, large, 1, 1, 41 * MIB / 10, &result), ==,
                   BOBBIN_SEGMENT_TWIN);
  g_assert_cmpint (plan_for ("", MIB, large, 1, 1, 40 * MIB / 10, &result), ==,
                   BOBBIN_SEGMENT_SPLIT);
}

/* Of a small file nothing is fetched twice, nor by others: nobody knows that they would be faster.
 */
static void
test_alone (void)
{
  const BobbinSegment slow[] = { SEGMENT (0, 0, 2 * MIB - 1, 10 * KIB, FALSE) };
  const BobbinSegment stalled[] = { SEGMENT (0, 0, MIB, 0, FALSE) };
  Plan result;

  g_assert_cmpint (plan_for ("", 2 * MIB - 1, slow, 1, 7, 0, &result), ==, BOBBIN_SEGMENT_NOTHING);
  g_assert_cmpint (plan_for ("", MIB, stalled, 1, 7, 0, &result), ==, BOBBIN_SEGMENT_NOTHING);
}

/* Who waits for a limit is left alone, whatever the rest. */
static void
test_held (void)
{
  BobbinSegment held[] = { SEGMENT (0, 0, 100 * MIB, 10 * KIB, FALSE),
                           SEGMENT (100 * MIB, 100 * MIB, 101 * MIB, 0, FALSE) };
  Plan result;

  held[0].is_held = held[1].is_held = TRUE;
  g_assert_cmpint (plan ("", 101 * MIB, held, 2, &result), ==, BOBBIN_SEGMENT_NOTHING);
  /* what nobody fetches is another thing */
  g_assert_cmpint (plan ("", 102 * MIB, held, 2, &result), ==, BOBBIN_SEGMENT_GAP);
  held[0].is_held = FALSE;
  g_assert_cmpint (plan ("", 101 * MIB, held, 2, &result), ==, BOBBIN_SEGMENT_SPLIT);
  g_assert_cmpuint (result.whose, ==, 0);
}

/* Several that are free at once get equal parts, and none of those is split again. */
static void
assert_parts (guint n_before, guint n_after, gint64 length)
{
  BobbinSegment segments[32];
  guint n = n_before;
  gint64 shortest = G_MAXINT64, longest = 0;

  for (guint i = 0; i < n; i++)
    segments[i] = (BobbinSegment) NEW (length / n * i, i + 1 < n ? length / n * (i + 1) : length);
  for (; n < n_after; n++)
    {
      Plan result;

      g_assert_cmpint (plan_for ("", length, segments, n, n_after - n, 0, &result), ==,
                       BOBBIN_SEGMENT_SPLIT);
      g_assert_cmpuint (result.whose, <, n_before);
      g_assert_cmpint (result.end, ==, segments[result.whose].end);
      segments[result.whose].end = result.first;
      segments[n] = (BobbinSegment) NEW (result.first, result.end);
    }
  for (guint i = 0; i < n; i++)
    {
      shortest = MIN (shortest, segments[i].end - segments[i].at);
      longest = MAX (longest, segments[i].end - segments[i].at);
    }
  g_test_message ("%u of %u: %.2f to %.2f MiB", n_before, n_after, (double) shortest / MIB,
                  (double) longest / MIB);
  g_assert_cmpint (longest - shortest, <=, shortest * n_before / 10);
}

static void
test_parts (void)
{
  assert_parts (1, 2, 64 * MIB);
  assert_parts (1, 4, 64 * MIB);
  assert_parts (1, 16, 64 * MIB + 12345);
  assert_parts (1, 32, 4096 * MIB);
  assert_parts (4, 16, 64 * MIB);
  assert_parts (8, 16, 1000 * MIB);
  assert_parts (8, 32, 64 * MIB);
}

/* Two that fetch the same, and overlap in any way, cover what they cover. */
static void
test_twins_cover (void)
{
  const BobbinSegment twins[] = { SEGMENT (0, MIB, 3 * MIB, MIB, TRUE),
                                  SEGMENT (MIB, MIB, 3 * MIB, MIB, TRUE) };
  const BobbinSegment crossed[] = { SEGMENT (0, 0, 2 * MIB, MIB, TRUE),
                                    SEGMENT (MIB, MIB, 5 * MIB, MIB, TRUE) };
  Plan result;

  g_assert_cmpint (plan ("", 3 * MIB, twins, 2, &result), ==, BOBBIN_SEGMENT_NOTHING);
  g_assert_cmpint (plan ("", 4 * MIB, twins, 2, &result), ==, BOBBIN_SEGMENT_GAP);
  assert_plan (result, 3 * MIB, 4 * MIB);
  g_assert_cmpint (plan ("", 6 * MIB, crossed, 2, &result), ==, BOBBIN_SEGMENT_GAP);
  assert_plan (result, 5 * MIB, 6 * MIB);
}

/* The model. A fetcher is a connection of a fixed speed, that is free, or has a segment. */

#define MAX_FETCHERS 32
#define TICK         (100 * G_TIME_SPAN_MILLISECOND)

typedef struct
{
  BobbinSegmentMap *map; /* (owned) */
  gint64 length;
  guint n;
  gint64 rates[MAX_FETCHERS];
  BobbinSegment segments[MAX_FETCHERS]; /* end 0: free */
  guint delays[MAX_FETCHERS];           /* ticks until the first byte */
  guint8 *n_fetched;                    /* (owned) for each grain, how often it was begun */
  gboolean may_fail;
  guint n_ticks;
} Model;

#define GRAIN (16 * KIB)

static gboolean
model_is_paired (Model *model, guint i)
{
  const BobbinSegment *a = &model->segments[i];

  if (model->delays[i] > 0)
    return TRUE;
  for (guint k = 0; k < model->n; k++)
    if (k != i && model->segments[k].end > 0 && a->at < model->segments[k].end &&
        model->segments[k].from < a->end)
      return TRUE;

  return FALSE;
}

/* Those that have a segment, and which they are. */
static guint
model_list (Model *model, BobbinSegment *list, guint *who)
{
  guint n = 0;

  for (guint i = 0; i < model->n; i++)
    if (model->segments[i].end > 0)
      {
        list[n] = model->segments[i];
        list[n].rate = model->delays[i] > 0 ? 0 : model->rates[i];
        list[n].is_paired = model_is_paired (model, i);
        who[n++] = i;
      }

  return n;
}

static void
model_check (Model *model,
             BobbinSegmentMove move,
             const Plan *plan,
             const BobbinSegment *list,
             guint n)
{
  g_assert_cmpint (plan->first, >=, 0);
  g_assert_cmpint (plan->first, <, plan->end);
  g_assert_cmpint (plan->end, <=, model->length);

  for (guint i = 0; i < n; i++)
    {
      const gboolean overlaps = list[i].from < plan->end && plan->first < list[i].end;

      if (move == BOBBIN_SEGMENT_GAP)
        g_assert_false (overlaps);
      else if (i != plan->whose && !list[i].is_paired)
        g_assert_false (overlaps);
    }
  if (move == BOBBIN_SEGMENT_SPLIT)
    {
      const gint64 least = list[plan->whose].end - list[plan->whose].at >= 2 * BOBBIN_SEGMENT_MIN
                             ? BOBBIN_SEGMENT_MIN
                             : 28 * KIB;

      g_assert_cmpint (plan->first - list[plan->whose].at, >=, least);
      g_assert_cmpint (plan->end - plan->first, >=, least - (least == MIB ? 64 * KIB : 0));
    }
}

/* A free one asks what to do. */
static void
model_take (Model *model, guint i)
{
  BobbinSegment list[MAX_FETCHERS];
  guint who[MAX_FETCHERS];
  const guint n = model_list (model, list, who);
  Plan plan = { 0 };
  const BobbinSegmentScene scene = {
    model->map, model->length, list, n, g_test_rand_int_range (1, MAX_FETCHERS), 5 * MIB, TRIP
  };
  const BobbinSegmentMove move = bobbin_segment_plan (&scene, &plan.whose, &plan.first, &plan.end);

  if (move == BOBBIN_SEGMENT_NOTHING)
    return;
  model_check (model, move, &plan, list, n);
  if (move == BOBBIN_SEGMENT_SPLIT)
    model->segments[who[plan.whose]].end = plan.first;
  model->segments[i] = (BobbinSegment){ .from = plan.first, .at = plan.first, .end = plan.end };
  model->delays[i] = g_test_rand_int_range (0, 4);
}

/* What it has goes to the map; it is free. */
static void
model_end (Model *model, guint i)
{
  BobbinSegment *segment = &model->segments[i];

  if (segment->at > segment->from)
    bobbin_segment_map_add (model->map, segment->from, segment->at);
  segment->end = 0;
}

static void
model_drop_late (Model *model)
{
  for (guint i = 0; i < model->n; i++)
    if (model->segments[i].end > 0 &&
        bobbin_segment_map_has (model->map, model->segments[i].at, model->segments[i].end))
      model_end (model, i);
}

static void
model_receive (Model *model, guint i)
{
  BobbinSegment *segment = &model->segments[i];
  const gint64 n = model->rates[i] * TICK / G_USEC_PER_SEC;
  const gint64 to = MIN (segment->at + n, segment->end);

  for (gint64 grain = (segment->at + GRAIN - 1) / GRAIN; grain * GRAIN < to; grain++)
    model->n_fetched[grain]++;
  segment->at = to;
  /* a buffer is written from time to time */
  if (segment->at > segment->from && g_test_rand_int_range (0, 4) == 0)
    {
      bobbin_segment_map_add (model->map, segment->from, segment->at);
      segment->from = segment->at;
    }
  if (segment->at == segment->end || (model->may_fail && g_test_rand_int_range (0, 30) == 0))
    {
      model_end (model, i);
      model_drop_late (model);
    }
}

static void
model_tick (Model *model)
{
  model->n_ticks++;
  for (guint i = 0; i < model->n; i++)
    if (model->segments[i].end == 0)
      model_take (model, i);
  for (guint i = 0; i < model->n; i++)
    if (model->segments[i].end > 0 && model->delays[i] > 0)
      model->delays[i]--;
    else if (model->segments[i].end > 0)
      model_receive (model, i);
}

static void
model_set_up (Model *model, gboolean may_fail)
{
  static const gint64 rates[] = { MIB, 3 * MIB + 1, 5 * MIB, 20 * MIB };
  static const gint64 bad_rates[] = { 0, 1000, 50 * KIB };

  memset (model, 0, sizeof *model);
  model->map = bobbin_segment_map_new ();
  model->length = g_test_rand_int_range (1, 1 << g_test_rand_int_range (1, 28));
  model->n = g_test_rand_int_range (1, MAX_FETCHERS + 1);
  model->may_fail = may_fail;
  for (guint i = 0; i < model->n; i++)
    model->rates[i] = rates[g_test_rand_int_range (0, G_N_ELEMENTS (rates))];
  /* One of them is bad, and never holds up the rest. */
  if (model->n > 1)
    model->rates[1] = bad_rates[g_test_rand_int_range (0, G_N_ELEMENTS (bad_rates))];
  model->rates[0] = 5 * MIB;
  model->n_fetched = g_new0 (guint8, model->length / GRAIN + 1);
  /* An earlier run has left something. */
  for (guint n = g_test_rand_int_range (0, 4); n > 0; n--)
    {
      const gint64 first = g_test_rand_int_range (0, model->length);

      bobbin_segment_map_add (model->map, first,
                              g_test_rand_int_range (first, model->length) + (gint64) 1);
    }
}

static void
run_model (gboolean may_fail)
{
  Model model;
  gint64 alone, longest;

  model_set_up (&model, may_fail);
  alone = model.length * G_USEC_PER_SEC / (model.rates[0] * TICK);
  /* As if only one of them did it, in pieces of a MiB, and each took its time to begin. */
  longest = alone + 4 * (model.length / MIB) + 30;
  longest *= may_fail ? 3 : 1;
  while (!bobbin_segment_map_has (model.map, 0, model.length))
    {
      model_tick (&model);
      g_assert_cmpint (model.n_ticks, <, longest);
    }
  for (gint64 i = 0; !may_fail && i < model.length / GRAIN; i++)
    g_assert_cmpuint (model.n_fetched[i], <=, 2);

  g_free (model.n_fetched);
  bobbin_segment_map_free (model.map);
}

static void
test_model (void)
{
  for (guint i = 0; i < 1000; i++)
    run_model (FALSE);
}

static void
test_model_failing (void)
{
  for (guint i = 0; i < 500; i++)
    run_model (TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/segment-plan/gap", test_gap);
  g_test_add_func ("/segment-plan/gap/buffered", test_gap_buffered);
  g_test_add_func ("/segment-plan/split", test_split);
  g_test_add_func ("/segment-plan/split/not", test_split_not);
  g_test_add_func ("/segment-plan/split/parts", test_parts);
  g_test_add_func ("/segment-plan/end", test_end);
  g_test_add_func ("/segment-plan/alone", test_alone);
  g_test_add_func ("/segment-plan/held", test_held);
  g_test_add_func ("/segment-plan/twin", test_twin);
  g_test_add_func ("/segment-plan/twin/cover", test_twins_cover);
  g_test_add_func ("/segment-plan/model", test_model);
  g_test_add_func ("/segment-plan/model/failing", test_model_failing);

  return g_test_run ();
}
