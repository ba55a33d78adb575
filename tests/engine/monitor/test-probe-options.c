/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-probe-options and the table of kinds: what is let through, what is said of what is not,
 * and that no secret stays among what is written down in clear.
 */

#include "config.h"

#include "bobbin-error.h"
#include "bobbin-probe-options.h"
#include "bobbin-probe-private.h"

#include <string.h>

static const char *const colours[] = { "red", "green", NULL };

static const BobbinProbeOption table[] = {
  { "word", "s", NULL, NULL, "A word", FALSE },
  { "colour", "s", "'red'", colours, "A colour", FALSE },
  { "follow", "b", "true", NULL, "Whether", FALSE },
  { "count", "u", "20", NULL, "How many", FALSE },
  { "size", "t", "1048576", NULL, "How much", FALSE },
  { "share", "d", NULL, NULL, "Which share", FALSE },
  { "headers", "as", "[]", NULL, "Headers", FALSE },
  { "password", "s", NULL, NULL, "The password", TRUE },
  { NULL },
};

typedef struct
{
  const char *options; /* in GVariant's text format */
  const char *said;    /* NULL: they are right */
} CheckCase;

static const CheckCase checks[] = {
  { "@a{sv} {}", NULL },
  { "{'word': <'x'>, 'colour': <'green'>, 'follow': <false>, 'count': <uint32 3>}", NULL },
  { "{'headers': <['A: b']>, 'size': <uint64 1>, 'share': <0.5>}", NULL },
  { "{'other': <'x'>}", "“other” cannot be set here. What can is: word, colour" },
  { "{'': <'x'>}", "“” cannot be set here" },
  { "{'word': <1>}", "“word” has to be text in UTF-8." },
  { "{'follow': <'true'>}", "“follow” has to be true or false." },
  { "{'count': <3>}", "“count” has to be a whole number that is not negative." },
  { "{'count': <uint64 3>}", "“count” has to be a whole number" },
  { "{'share': <'1'>}", "“share” has to be a number." },
  { "{'headers': <'A: b'>}", "“headers” has to be a list of texts." },
  { "{'colour': <'blue'>}", "“colour” has to be one of: red, green." },
  { "{'word': <'x'>, 'word': <'y'>}", "“word” is set twice." },
  { "{'password': <['hunter2']>}", "“password” has to be text in UTF-8." },
};

static void
test_check (gconstpointer user_data)
{
  const CheckCase *test = user_data;
  g_autoptr (GVariant) options =
    g_variant_parse (G_VARIANT_TYPE_VARDICT, test->options, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;
  gboolean ok = bobbin_probe_options_check (table, options, &error);

  g_assert_nonnull (options);
  if (test->said == NULL)
    {
      g_assert_no_error (error);
      g_assert_true (ok);
      return;
    }
  g_assert_false (ok);
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING);
  g_assert_true (g_str_has_prefix (error->message, test->said));
  g_assert_null (strstr (error->message, "hunter2"));
}

static void
test_check_nothing (void)
{
  static const BobbinProbeOption none[] = { { NULL } };
  g_autoptr (GVariant) options = g_variant_ref_sink (g_variant_new_parsed ("{'word': <'x'>}"));
  g_autoptr (GError) error = NULL;

  g_assert_true (bobbin_probe_options_check (table, NULL, NULL));
  g_assert_false (bobbin_probe_options_check (none, options, &error));
  g_assert_cmpstr (error->message, ==, "“word” cannot be set here, nor can anything else.");
}

typedef struct
{
  const char *name;
  const char *text;
  const char *value; /* NULL: it is wrong */
} ParseCase;

static const ParseCase parses[] = {
  { "word", "a b", "'a b'" },
  { "word", "\xff", NULL },
  { "colour", "green", "'green'" },
  { "colour", "blue", NULL },
  { "follow", "true", "true" },
  { "follow", "false", "false" },
  { "follow", "yes", NULL },
  { "count", "0", "uint32 0" },
  { "count", "4294967295", "uint32 4294967295" },
  { "count", "4294967296", NULL },
  { "count", "-1", NULL },
  { "count", "1.5", NULL },
  { "count", "", NULL },
  { "size", "4294967296", "uint64 4294967296" },
  { "share", "0.25", "0.25" },
  { "share", "", NULL },
  { "share", "1x", NULL },
  { "headers", "A: b", "['A: b']" },
  { "nothing", "1", NULL },
};

static void
test_parse (gconstpointer user_data)
{
  const ParseCase *test = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = bobbin_probe_options_parse (table, test->name, test->text, &error);
  g_autofree char *text = NULL;

  if (test->value == NULL)
    {
      g_assert_null (value);
      g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING);
      return;
    }
  g_assert_no_error (error);
  text = g_variant_print (value, TRUE);
  g_assert_cmpstr (text, ==, test->value);
}

static void
test_get (void)
{
  g_autoptr (GVariant) options = g_variant_ref_sink (
    g_variant_new_parsed ("{'word': <'x'>, 'follow': <false>, 'count': <uint32 3>}"));
  g_autofree char *word = bobbin_probe_options_dup_string (table, options, "word");
  g_autofree char *colour = bobbin_probe_options_dup_string (table, options, "colour");

  g_assert_cmpstr (word, ==, "x");
  g_assert_cmpstr (colour, ==, "red");
  g_assert_null (bobbin_probe_options_dup_string (table, NULL, "word"));
  g_assert_false (bobbin_probe_options_get_boolean (table, options, "follow"));
  g_assert_true (bobbin_probe_options_get_boolean (table, NULL, "follow"));
  g_assert_cmpuint (bobbin_probe_options_get_number (table, options, "count"), ==, 3);
  g_assert_cmpuint (bobbin_probe_options_get_number (table, NULL, "count"), ==, 20);
  g_assert_cmpuint (bobbin_probe_options_get_number (table, NULL, "size"), ==, 1048576);
}

static void
test_secrets (void)
{
  g_autoptr (GVariant) options = g_variant_ref_sink (
    g_variant_new_parsed ("{'word': <'x'>, 'password': <'hunter2'>,"
                          " 'headers': <['Accept: text/html', 'X-Api-Key: hunter3']>}"));
  g_autoptr (GVariant) secrets = NULL;
  g_autoptr (GVariant) plain = bobbin_probe_options_split (table, options, &secrets);
  g_autoptr (GVariant) joined = bobbin_probe_options_join (plain, secrets);
  g_autofree char *text = g_variant_print (plain, FALSE);
  g_autofree char *hidden = g_variant_print (secrets, FALSE);
  g_autoptr (GVariant) headers = NULL;
  const char *password = NULL;

  g_assert_null (strstr (text, "hunter"));
  g_assert_nonnull (strstr (text, "text/html"));
  g_assert_nonnull (strstr (hidden, "hunter2"));
  g_assert_nonnull (strstr (hidden, "hunter3"));
  g_assert_null (strstr (hidden, "text/html"));

  g_assert_cmpuint (g_variant_n_children (joined), ==, 3);
  g_assert_true (g_variant_lookup (joined, "password", "&s", &password));
  g_assert_cmpstr (password, ==, "hunter2");
  headers = bobbin_probe_options_get (table, joined, "headers");
  g_assert_cmpuint (g_variant_n_children (headers), ==, 2);
}

/* All kinds that are shown are kinds that there are, with options that can be used as they are. */
static void
test_kinds (void)
{
  gsize n_kinds;
  const BobbinProbeKind *const *kinds = bobbin_probe_kind_list (&n_kinds);

  g_assert_cmpuint (n_kinds, >, 10);
  for (gsize i = 0; i < n_kinds; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (BobbinProbe) probe = bobbin_probe_new (kinds[i]->example, NULL, &error);

      g_assert_no_error (error);
      g_assert_nonnull (probe);
      g_assert_true (bobbin_probe_kind_find (kinds[i]->example) == kinds[i]);
      g_assert_cmpstr (kinds[i]->sentence, !=, "");

      for (const BobbinProbeOption *option = kinds[i]->options; option->name != NULL; option++)
        {
          g_autoptr (GVariant) fallback =
            bobbin_probe_options_get (kinds[i]->options, NULL, option->name);

          g_assert_true (g_variant_type_string_is_valid (option->type));
          g_assert_true (bobbin_probe_options_find (kinds[i]->options, option->name) == option);
          g_assert_cmpstr (option->sentence, !=, "");
        }
    }
  g_assert_null (bobbin_probe_kind_find ("nothing"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    {
      g_autofree char *path = g_strdup_printf ("/probe-options/check/%u", i);

      g_test_add_data_func (path, &checks[i], test_check);
    }
  for (guint i = 0; i < G_N_ELEMENTS (parses); i++)
    {
      g_autofree char *path = g_strdup_printf ("/probe-options/parse/%u", i);

      g_test_add_data_func (path, &parses[i], test_parse);
    }
  g_test_add_func ("/probe-options/check/nothing", test_check_nothing);
  g_test_add_func ("/probe-options/get", test_get);
  g_test_add_func ("/probe-options/secrets", test_secrets);
  g_test_add_func ("/probe-options/kinds", test_kinds);

  return g_test_run ();
}
