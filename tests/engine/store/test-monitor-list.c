/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Monitors through a document and back: the same, whatever kind they are of and whatever is set;
 * and what is said of a document that is none.
 */

#include "config.h"

#include "bobbin-enums.h"
#include "bobbin-error.h"
#include "bobbin-job-settings.h"
#include "bobbin-monitor-list.h"
#include "bobbin-probe-options.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#define HEAD "{\"bobbin-monitors\":1,\"monitors\":["
#define TAIL "]}"

/* Of arrays in one another: more than the stack has room for. */
#define DEPTH (1024 * 1024)

static GPtrArray *
load (const char *text)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *jobs = bobbin_monitor_list_load (text, -1, &error);

  g_assert_no_error (error);

  return jobs;
}

static GListStore *
make_list (GPtrArray *jobs)
{
  GListStore *list = g_list_store_new (BOBBIN_TYPE_JOB);

  for (guint i = 0; i < jobs->len; i++)
    g_list_store_append (list, g_ptr_array_index (jobs, i));

  return list;
}

/* A value that an option can have, and that is not what it is by default. */
static const char *
choose_value (const BobbinProbeOption *option)
{
  static const struct
  {
    const char *name;
    const char *value;
  } values[] = {
    { "direction", "'in'" },
    { "type", "'AAAA'" },
    { "expect-status", "'200-204,304'" },
    { "ip", "'6'" },
    { "method", "'POST'" },
    { "include", "'^price'" },
    { "known", "['ab', 'cd']" },
    { "headers", "['Accept: text/plain', 'X-Own: \"ö\"']" },
    { "ca-file", "''" },
    { "json-path", "'a[0].b'" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    if (g_str_equal (option->name, values[i].name))
      return values[i].value;

  switch (*option->type)
    {
    case 'b':
      return "false";
    case 'u':
      return "7";
    case 't':
      return "123456789012";
    case 'd':
      return "0.25";
    default:
      return "'ö \"x\"'";
    }
}

/* All options but those that are secret; one that does not go with another is left out. */
static GVariant *
choose_options (const BobbinProbeKind *kind)
{
  g_auto (GVariantDict) options = G_VARIANT_DICT_INIT (NULL);

  for (const BobbinProbeOption *option = kind->options; option->name != NULL; option++)
    {
      /* A reference of its own, and no floating one. */
      g_autoptr (GVariant) value =
        g_variant_parse (G_VARIANT_TYPE (option->type), choose_value (option), NULL, NULL, NULL);

      if (!option->is_secret && !g_str_equal (option->name, "user") &&
          !g_str_equal (option->name, "ca-file"))
        g_variant_dict_insert_value (&options, option->name, value);
    }

  return g_variant_ref_sink (g_variant_dict_end (&options));
}

static BobbinJob *
make_monitor (const BobbinProbeKind *kind)
{
  g_autoptr (GVariant) options = choose_options (kind);
  g_autoptr (GError) error = NULL;
  BobbinJob *job = bobbin_monitor_new_with_options (kind->example, options, &error);

  g_assert_no_error (error);
  g_object_set (job, "title", "Mein \"Wächter\"", "alerting",
                g_variant_new_parsed ("{'repeat': <90.5>, 'windows': <['daily 22:00-06:00']>,"
                                      "'command': <['/bin/true', 'a b']>,"
                                      "'webhook': <'https://example.org/hook'>}"),
                "interval", 0.25, "warn", -1.5, "warn-clear", -2.5, "critical", 1e9,
                "critical-clear", 5.0, "side", BOBBIN_LIMIT_SIDE_ABOVE, "for", 3, "for-seconds",
                1.5, "recover", 4, "fetch", "/tmp/ö \"x\"", "timeout", 2.5, "paused", TRUE, NULL);

  return job;
}

static void
assert_same (BobbinJob *a, BobbinJob *b)
{
  g_autofree char *first = bobbin_job_settings_save (a);
  g_autofree char *second = bobbin_job_settings_save (b);
  g_autoptr (JsonNode) first_node = json_from_string (first, NULL);
  g_autoptr (JsonNode) second_node = json_from_string (second, NULL);

  g_test_message ("%s", first);
  g_assert_true (json_node_equal (first_node, second_node));
}

/* Every kind, with every option, and everything else that can be set. */
static void
test_round_trip (void)
{
  gsize n_kinds;
  const BobbinProbeKind *const *kinds = bobbin_probe_kind_list (&n_kinds);
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) others = NULL;
  g_autoptr (GListStore) list = NULL, other_list = NULL;
  g_autofree char *text = NULL, *again = NULL;

  for (gsize i = 0; i < n_kinds; i++)
    g_ptr_array_add (jobs, make_monitor (kinds[i]));
  list = make_list (jobs);
  text = bobbin_monitor_list_save (G_LIST_MODEL (list));
  others = load (text);
  g_assert_cmpuint (others->len, ==, n_kinds);
  for (guint i = 0; i < others->len; i++)
    {
      g_autoptr (GVariant) options = choose_options (kinds[i]);
      GVariant *found = bobbin_monitor_get_options (g_ptr_array_index (others, i));

      assert_same (g_ptr_array_index (jobs, i), g_ptr_array_index (others, i));
      g_assert_true (g_variant_n_children (options) == 0 || found != NULL);
      for (const BobbinProbeOption *option = kinds[i]->options; option->name != NULL; option++)
        {
          g_autoptr (GVariant) wanted = g_variant_lookup_value (options, option->name, NULL);
          g_autoptr (GVariant) value =
            wanted != NULL ? g_variant_lookup_value (found, option->name, NULL) : NULL;

          g_assert_true (wanted == NULL || g_variant_equal (wanted, value));
        }
    }

  other_list = make_list (others);
  again = bobbin_monitor_list_save (G_LIST_MODEL (other_list));
  g_assert_cmpstr (text, ==, again);
}

/* Fresh ones too; and limits that were done away with, where a kind has usual ones. */
static void
test_limits (void)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) others = NULL;
  g_autoptr (GListStore) list = NULL;
  g_autofree char *text = NULL;
  double warn_clear;

  g_ptr_array_add (jobs, bobbin_monitor_new ("cert://localhost:443", NULL));
  g_ptr_array_add (jobs, bobbin_monitor_new ("cert://localhost:443", NULL));
  g_object_set (g_ptr_array_index (jobs, 1), "warn", NAN, "critical", NAN, NULL);
  list = make_list (jobs);
  text = bobbin_monitor_list_save (G_LIST_MODEL (list));
  others = load (text);
  g_assert_cmpfloat (bobbin_monitor_get_warn (g_ptr_array_index (others, 0)), ==, 21);
  g_assert_cmpfloat (bobbin_monitor_get_critical (g_ptr_array_index (others, 0)), ==, 7);
  g_assert_true (isnan (bobbin_monitor_get_warn (g_ptr_array_index (others, 1))));
  g_assert_true (isnan (bobbin_monitor_get_critical (g_ptr_array_index (others, 1))));
  g_object_get (g_ptr_array_index (others, 1), "warn-clear", &warn_clear, NULL);
  g_assert_true (isnan (warn_clear));
}

/* What a monitor found stays where it was found, and a secret where it is. */
static void
test_left_out (void)
{
  g_autoptr (GListStore) list = g_list_store_new (BOBBIN_TYPE_JOB);
  g_autoptr (GVariant) options =
    g_variant_ref_sink (g_variant_new_parsed ("{'user': <'joe'>, 'password': <'s3cret'>,"
                                              "'headers': <['X-Api-Key: s3cret', 'A: b']>}"));
  g_autoptr (BobbinJob) job = bobbin_monitor_new_with_options ("http://localhost/", options, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) others = NULL;

  g_object_set (job, "believed", BOBBIN_HEALTH_DOWN, "alert",
                g_variant_new_parsed ("{'acknowledged': <true>}"), NULL);
  g_list_store_append (list, job);
  text = bobbin_monitor_list_save (G_LIST_MODEL (list));
  g_assert_null (strstr (text, "believed"));
  g_assert_null (strstr (text, "acknowledged"));
  g_assert_null (strstr (text, "s3cret"));
  others = load (text);
  g_assert_cmpuint (others->len, ==, 1);
}

static void
test_empty (void)
{
  g_autoptr (GListStore) list = g_list_store_new (BOBBIN_TYPE_JOB);
  g_autofree char *text = bobbin_monitor_list_save (G_LIST_MODEL (list));
  g_autoptr (GPtrArray) jobs = load (text);

  g_assert_cmpuint (jobs->len, ==, 0);
}

/* What is wrong, and what the complaint must name. */
static const struct
{
  const char *text;
  const char *words[2];
} wrong[] = {
  { "", { "" } },
  { "{", { "" } },
  { "[]", { "no list" } },
  { "{\"monitors\":[]}", { "no list" } },
  { "{\"bobbin-monitors\":\"1\",\"monitors\":[]}", { "no list" } },
  { "{\"bobbin-monitors\":2,\"monitors\":[]}", { "newer" } },
  { "{\"bobbin-monitors\":1}", { "no monitors" } },
  { HEAD "7" TAIL, { "Monitor 1" } },
  { HEAD "{}" TAIL, { "Monitor 1" } },
  { HEAD "{\"target\":\"cpu\"},{\"target\":\"nothing:\"}" TAIL, { "Monitor 2", "“nothing:”" } },
  { HEAD "{\"target\":\"cpu\",\"warn\":\"much\"}" TAIL, { "“cpu”", "“warn”" } },
  { HEAD "{\"target\":\"cpu\",\"interval\":0}" TAIL, { "“interval”" } },
  { HEAD "{\"target\":\"cpu\",\"interval\":null}" TAIL, { "“interval”" } },
  { HEAD "{\"target\":\"cpu\",\"for\":0}" TAIL, { "“for”" } },
  { HEAD "{\"target\":\"cpu\",\"side\":\"left\"}" TAIL, { "“side”" } },
  { HEAD "{\"target\":\"cpu\",\"colour\":\"red\"}" TAIL, { "“colour”" } },
  { HEAD "{\"target\":\"cpu\",\"value\":7}" TAIL, { "“value”" } },
  { HEAD "{\"target\":\"cpu\",\"believed\":\"down\"}" TAIL, { "“believed”" } },
  { HEAD "{\"target\":\"cpu\",\"options\":{\"keyword\":\"a\"}}" TAIL, { "“cpu”" } },
  { HEAD "{\"target\":\"http://h/\",\"options\":{\"ip\":\"5\"}}" TAIL, { "“ip”" } },
  { HEAD "{\"target\":\"cpu\",\"alerting\":{\"repeat\":-1}}" TAIL, { "“repeat”" } },
  { HEAD "{\"target\":\"cpu\",\"alerting\":{\"windows\":[\"never\"]}}" TAIL, { "never" } },
};

static void
test_wrong (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (bobbin_monitor_list_load (wrong[i].text, -1, &error));
      g_test_message ("%s: %s", wrong[i].text, error->message);
      for (gsize j = 0; j < G_N_ELEMENTS (wrong[i].words); j++)
        if (wrong[i].words[j] != NULL)
          g_assert_nonnull (strstr (error->message, wrong[i].words[j]));
    }
}

/* Whoever wrote it wants the stack to overflow; a comment would hide that from who looks for it. */
static void
test_deep (void)
{
  static const char *const heads[] = { HEAD, "/*\"*/" HEAD, "'\"'" HEAD };
  g_autofree char *deep = g_strnfill (DEPTH, '[');

  for (gsize i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      g_autofree char *text = g_strconcat (heads[i], deep, NULL);
      g_autoptr (GError) error = NULL;

      g_assert_null (bobbin_monitor_list_load (text, -1, &error));
      g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/monitor-list/round-trip", test_round_trip);
  g_test_add_func ("/monitor-list/limits", test_limits);
  g_test_add_func ("/monitor-list/left-out", test_left_out);
  g_test_add_func ("/monitor-list/empty", test_empty);
  g_test_add_func ("/monitor-list/wrong", test_wrong);
  g_test_add_func ("/monitor-list/deep", test_deep);

  return g_test_run ();
}
