/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "bobbin-segment-map.h"

#include <string.h>

static void
assert_map (BobbinSegmentMap *map, const char *expected)
{
  g_autofree char *text = bobbin_segment_map_to_string (map);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_add (void)
{
  const struct
  {
    gint64 first, end;
    const char *after;
  } steps[] = {
    { 10, 20, "10-20" },
    { 30, 40, "10-20 30-40" },
    { 0, 5, "0-5 10-20 30-40" },
    { 20, 25, "0-5 10-25 30-40" }, /* touches from behind */
    { 28, 30, "0-5 10-25 28-40" }, /* touches from before */
    { 25, 28, "0-5 10-40" },       /* closes a gap */
    { 12, 13, "0-5 10-40" },       /* was there */
    { 3, 50, "0-50" },             /* swallows */
    { 100, 200, "0-50 100-200" },
    { 50, 100, "0-200" },
  };
  g_autoptr (BobbinSegmentMap) map = bobbin_segment_map_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      bobbin_segment_map_add (map, steps[i].first, steps[i].end);
      assert_map (map, steps[i].after);
    }
}

static void
test_figures (void)
{
  g_autoptr (BobbinSegmentMap) map = bobbin_segment_map_new ();

  g_assert_cmpint (bobbin_segment_map_get_n_bytes (map), ==, 0);
  g_assert_cmpint (bobbin_segment_map_get_first_gap (map), ==, 0);
  bobbin_segment_map_add (map, 5, 10);
  g_assert_cmpint (bobbin_segment_map_get_n_bytes (map), ==, 5);
  g_assert_cmpint (bobbin_segment_map_get_first_gap (map), ==, 0);
  bobbin_segment_map_add (map, 0, 3);
  g_assert_cmpint (bobbin_segment_map_get_n_bytes (map), ==, 8);
  g_assert_cmpint (bobbin_segment_map_get_first_gap (map), ==, 3);
  bobbin_segment_map_clear (map);
  assert_map (map, "");
}

static void
test_clip (void)
{
  g_autoptr (BobbinSegmentMap) map = bobbin_segment_map_parse ("0-5 10-20 30-40");

  bobbin_segment_map_clip (map, 50);
  assert_map (map, "0-5 10-20 30-40");
  bobbin_segment_map_clip (map, 30);
  assert_map (map, "0-5 10-20");
  bobbin_segment_map_clip (map, 15);
  assert_map (map, "0-5 10-15");
  bobbin_segment_map_clip (map, 0);
  assert_map (map, "");
}

static void
test_parse (void)
{
  const char *good[] = { "", "0-1", "0-5 10-20", "0-9000000000000000000" };
  const char *bad[] = { "x",       "0",    "0-",
                        "-5",      "5-5",  "9-3",
                        "0-5,7-9", "0-5x", "0-99999999999999999999",
                        "1--2",    " 0-5", "0-5  7-9" };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (BobbinSegmentMap) map = bobbin_segment_map_parse (good[i]);

      g_assert_nonnull (map);
      assert_map (map, good[i]);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (bobbin_segment_map_parse (bad[i]));
}

static void
test_copy (void)
{
  g_autoptr (BobbinSegmentMap) map = bobbin_segment_map_parse ("0-5 10-20");
  g_autoptr (BobbinSegmentMap) copy = bobbin_segment_map_parse ("7-9");
  g_autoptr (BobbinSegmentMap) empty = bobbin_segment_map_new ();

  bobbin_segment_map_copy (copy, map);
  bobbin_segment_map_add (map, 5, 10);
  assert_map (copy, "0-5 10-20");
  bobbin_segment_map_copy (copy, empty);
  assert_map (copy, "");
}

static void
test_gap (void)
{
  const struct
  {
    gint64 from, length;
    gint64 first, end; /* -1: none */
  } cases[] = {
    { 0, 50, 5, 10 },                                         /* behind what @from lies in */
    { 5, 50, 5, 10 },                                         /* begins at @from */
    { 7, 50, 7, 10 },                                         /* @from lies in it */
    { 10, 50, 20, 30 },                                       /* between the next two */
    { 20, 25, 20, 25 },                                       /* @length cuts it off */
    { 30, 50, 40, 50 },                                       /* behind the last */
    { 45, 50, 45, 50 }, { 60, 90, 60, 90 }, { 0, 5, -1, -1 }, /* nothing before @length */
    { 12, 20, -1, -1 }, { 50, 50, -1, -1 }, { 60, 50, -1, -1 }, { 0, 0, -1, -1 },
  };
  g_autoptr (BobbinSegmentMap) map = bobbin_segment_map_parse ("0-5 10-20 30-40");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 first = -1, end = -1;

      g_assert_cmpint (bobbin_segment_map_get_gap (map, cases[i].from, cases[i].length, &first,
                                                   &end),
                       ==, cases[i].first >= 0);
      g_assert_cmpint (first, ==, cases[i].first);
      g_assert_cmpint (end, ==, cases[i].end);
    }
}

static void
test_has (void)
{
  g_autoptr (BobbinSegmentMap) map = bobbin_segment_map_parse ("0-5 10-20");
  g_autoptr (BobbinSegmentMap) empty = bobbin_segment_map_new ();

  g_assert_true (bobbin_segment_map_has (map, 0, 5));
  g_assert_true (bobbin_segment_map_has (map, 11, 20));
  g_assert_true (bobbin_segment_map_has (map, 7, 7));
  g_assert_false (bobbin_segment_map_has (map, 0, 6));
  g_assert_false (bobbin_segment_map_has (map, 4, 11));
  g_assert_false (bobbin_segment_map_has (map, 9, 11));
  g_assert_false (bobbin_segment_map_has (map, 19, 21));
  g_assert_false (bobbin_segment_map_has (map, 100, 101));
  g_assert_false (bobbin_segment_map_has (empty, 0, 1));
}

/* Against a plain array of bytes. */
static void
assert_gap (BobbinSegmentMap *map, const guint8 *there, gint64 from, gint64 length)
{
  gint64 first = from, end;
  gint64 gap_first, gap_end;

  while (first < length && there[first])
    first++;
  for (end = first; end < length && !there[end];)
    end++;

  g_assert_cmpint (bobbin_segment_map_has (map, from, length), ==, first >= length);
  g_assert_cmpint (bobbin_segment_map_get_gap (map, from, length, &gap_first, &gap_end), ==,
                   first < length);
  if (first < length)
    {
      g_assert_cmpint (gap_first, ==, first);
      g_assert_cmpint (gap_end, ==, end);
    }
}

static void
test_random (void)
{
  g_autoptr (BobbinSegmentMap) map = bobbin_segment_map_new ();
  guint8 there[200] = { 0 };

  for (guint round = 0; round < 2000; round++)
    {
      const gint64 first = g_test_rand_int_range (0, 190);
      const gint64 end = g_test_rand_int_range (first + 1, MIN (first + 10, 200));
      gint64 n_bytes = 0, gap = 0;

      if (round % 100 == 0)
        {
          bobbin_segment_map_clear (map);
          memset (there, 0, sizeof there);
        }
      bobbin_segment_map_add (map, first, end);
      memset (there + first, 1, end - first);
      for (guint i = 0; i < sizeof there; i++)
        n_bytes += there[i];
      while (gap < (gint64) sizeof there && there[gap])
        gap++;
      g_assert_cmpint (bobbin_segment_map_get_n_bytes (map), ==, n_bytes);
      g_assert_cmpint (bobbin_segment_map_get_first_gap (map), ==, gap);
      assert_gap (map, there, g_test_rand_int_range (0, 200), g_test_rand_int_range (0, 201));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/segment-map/add", test_add);
  g_test_add_func ("/segment-map/figures", test_figures);
  g_test_add_func ("/segment-map/clip", test_clip);
  g_test_add_func ("/segment-map/parse", test_parse);
  g_test_add_func ("/segment-map/copy", test_copy);
  g_test_add_func ("/segment-map/gap", test_gap);
  g_test_add_func ("/segment-map/has", test_has);
  g_test_add_func ("/segment-map/random", test_random);

  return g_test_run ();
}
