/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-address-pattern.h"
#include "bobbin-error.h"

#include <string.h>

/* All that @text stands for, joined by blanks. */
static void
assert_pattern (const char *text, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BobbinAddressPattern) pattern = bobbin_address_pattern_new (text, &error);
  g_autoptr (GString) all = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < bobbin_address_pattern_get_count (pattern); i++)
    {
      g_autofree char *address = bobbin_address_pattern_dup_address (pattern, i);

      g_string_append_printf (all, "%s%s", i > 0 ? " " : "", address);
    }
  g_assert_cmpstr (all->str, ==, expected);
}

static void
test_numbers (void)
{
  assert_pattern ("a[1-3]", "a1 a2 a3");
  assert_pattern ("a[9-11].b", "a9.b a10.b a11.b");
  assert_pattern ("a[009-011].b", "a009.b a010.b a011.b");
  assert_pattern ("a[08-11]", "a08 a09 a10 a11");
  assert_pattern ("a[0-1]", "a0 a1");
  assert_pattern ("[7-7]", "7");
}

static void
test_letters (void)
{
  assert_pattern ("a[a-c]z", "aaz abz acz");
  assert_pattern ("[X-Z]", "X Y Z");
}

static void
test_words (void)
{
  assert_pattern ("a{b,cd,}e", "abe acde ae");
  assert_pattern ("{small,large}.{png,jpg}", "small.png small.jpg large.png large.jpg");
}

/* The last one changes fastest. */
static void
test_several (void)
{
  assert_pattern ("[1-2][a-b]-[01-02]", "1a-01 1a-02 1b-01 1b-02 2a-01 2a-02 2b-01 2b-02");
}

static void
test_literal (void)
{
  static const char *const texts[] = { "",
                                       "http://a/b",
                                       "http://[::1]:80/a",
                                       "http://[fe80::1-2]/",
                                       "http://a/[1]",
                                       "http://a/[1-",
                                       "http://a/[1-2",
                                       "http://a/[a-Z]",
                                       "http://a/[a-2]",
                                       "http://a/[-1-2]",
                                       "http://a/[1-2-3]",
                                       "http://a/[1234567890-1234567891]",
                                       "http://a/[",
                                       "http://a/[]",
                                       "http://a/{b}",
                                       "http://a/{}",
                                       "http://a/{b,c",
                                       "http://a/?q={x:1,y:2}",
                                       "http://a/?q={\"x\",\"y\"}" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_pattern (texts[i], texts[i]);
}

/* A host in brackets and a pattern in one address. */
static void
test_host (void)
{
  assert_pattern ("http://[::1]/[1-2]", "http://[::1]/1 http://[::1]/2");
}

static void
assert_refused (const char *text, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (bobbin_address_pattern_new (text, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_refused (void)
{
  assert_refused ("a[9-1]", "[9-1]");
  assert_refused ("a[z-a]", "[z-a]");
  assert_refused ("[1-10001]", "10");
  assert_refused ("[0-999999999][0-999999999][0-999999999]", "10");
  assert_refused ("[1-200][1-51]", "10");
}

static void
test_most (void)
{
  g_autoptr (BobbinAddressPattern) pattern = bobbin_address_pattern_new ("[1-200][01-50]", NULL);
  g_autofree char *last = bobbin_address_pattern_dup_address (pattern, BOBBIN_ADDRESS_MAX - 1);

  g_assert_cmpuint (bobbin_address_pattern_get_count (pattern), ==, BOBBIN_ADDRESS_MAX);
  g_assert_cmpstr (last, ==, "20050");
}

static GPtrArray *
expand (GError **error, ...)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new ();
  const char *text;
  va_list args;

  va_start (args, error);
  while ((text = va_arg (args, const char *)) != NULL)
    g_ptr_array_add (texts, (char *) text);
  va_end (args);

  return bobbin_address_pattern_expand (texts, error);
}

static void
test_expand (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) addresses =
    expand (&error, "http://a/[1-2]", "http://b/ c", "http://a/2", "http://b/ c", NULL);

  g_assert_no_error (error);
  g_assert_cmpuint (addresses->len, ==, 3);
  g_assert_cmpstr (g_ptr_array_index (addresses, 0), ==, "http://a/1");
  g_assert_cmpstr (g_ptr_array_index (addresses, 1), ==, "http://a/2");
  g_assert_cmpstr (g_ptr_array_index (addresses, 2), ==, "http://b/%20c");
}

static void
test_expand_refused (void)
{
  g_autoptr (GError) bad = NULL;
  g_autoptr (GError) many = NULL;
  g_autoptr (GError) backwards = NULL;

  g_assert_null (expand (&bad, "http://a/", "ftp://a/", NULL));
  g_assert_error (bad, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS);
  g_assert_null (expand (&many, "http://a/[1-10000]", "http://b/", NULL));
  g_assert_error (many, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS);
  g_assert_null (expand (&backwards, "http://a/[2-1]", NULL));
  g_assert_error (backwards, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/address-pattern/numbers", test_numbers);
  g_test_add_func ("/address-pattern/letters", test_letters);
  g_test_add_func ("/address-pattern/words", test_words);
  g_test_add_func ("/address-pattern/several", test_several);
  g_test_add_func ("/address-pattern/literal", test_literal);
  g_test_add_func ("/address-pattern/host", test_host);
  g_test_add_func ("/address-pattern/refused", test_refused);
  g_test_add_func ("/address-pattern/most", test_most);
  g_test_add_func ("/address-pattern/expand", test_expand);
  g_test_add_func ("/address-pattern/expand-refused", test_expand_refused);

  return g_test_run ();
}
