/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-address-finder.h"
#include "bobbin-address-pattern.h"
#include "bobbin-error.h"

#include <string.h>

/* All that is found in @text, joined by blanks. */
static void
assert_found (const char *text, const char *expected)
{
  g_autoptr (GPtrArray) addresses = bobbin_address_find (text);
  g_autofree char *all = NULL;

  g_ptr_array_add (addresses, NULL);
  all = g_strjoinv (" ", (char **) addresses->pdata);
  g_assert_cmpstr (all, ==, expected);
}

static void
test_plain (void)
{
  assert_found ("http://a/b", "http://a/b");
  assert_found ("  HTTPS://a/b\r\nhttp://c\t", "HTTPS://a/b http://c");
  assert_found ("http://u:p@a:8080/b?c=d&e=f#g", "http://u:p@a:8080/b?c=d&e=f#g");
  assert_found ("http://[::1]:80/a", "http://[::1]:80/a");
}

static void
test_none (void)
{
  assert_found ("", "");
  assert_found ("a shopping list", "");
  assert_found ("ftp://a/b file:///c shttp://a/b x-http://a/ http:// https://… ://", "");
  assert_found ("http:/a https:a", "");
}

static void
test_sentence (void)
{
  assert_found ("See http://a/b. Or http://a/c, http://a/d; http://a/e! Is it http://a/f?",
                "http://a/b http://a/c http://a/d http://a/e http://a/f");
  assert_found ("(see http://a/b) (http://a/c_(d)) [http://a/e] {http://a/f}, http://a/g:",
                "http://a/b http://a/c_(d) http://a/e http://a/f http://a/g");
  assert_found ("\"http://a/b\" 'http://a/c' `http://a/d` “http://a/e” «http://a/f» ‘http://a/g’",
                "http://a/b http://a/c http://a/d http://a/e http://a/f http://a/g");
  assert_found ("http://a/b… http://a/c...", "http://a/b http://a/c");
  assert_found ("http://a/b(", "http://a/b");
  assert_found ("http://a/it's", "http://a/it's");
}

/* What an address is made of in other scripts, and what no blank parts from it. */
static void
test_scripts (void)
{
  assert_found ("http://a/größe.bin http://a/日本.bin。http://a/b,http://a/c",
                "http://a/größe.bin http://a/日本.bin http://a/b,http://a/c");
  assert_found ("http://a/b\xc2\xa0http://a/c\xe2\x80\x8b", "http://a/b http://a/c");
}

static void
test_markdown (void)
{
  assert_found ("[A file](http://a/b) and [one](<http://a/c> \"title\")", "http://a/b http://a/c");
  assert_found ("[http://a/b](http://a/c)", "http://a/b http://a/c");
  assert_found ("**http://a/b** _http://a/c_ http://a/d_ ~~http://a/e~~",
                "http://a/b http://a/c http://a/d_ http://a/e");
  assert_found ("| http://a/b | |http://a/c|", "http://a/b http://a/c");
}

static void
test_html (void)
{
  assert_found ("<a href=\"http://a/b?c=d&amp;e=f\">http://a/g</a>",
                "http://a/b?c=d&e=f http://a/g");
  assert_found ("<img src='http://a/b'/><a href=http://a/c>", "http://a/b http://a/c");
  assert_found ("<p>http://a/b<br>http://a/c</p>", "http://a/b http://a/c");
}

/* RFC 3986, appendix C */
static void
test_wrapped (void)
{
  assert_found ("<http://a/b>", "http://a/b");
  assert_found ("Yes, Jim, I found it under <http://a/b/\r\n  c/d>, but", "http://a/b/c/d");
  assert_found ("<http://a/b c>", "http://a/b");
  assert_found ("<http://a/b|a name>", "http://a/b");
  assert_found ("<http://a/b\n<http://a/c>", "http://a/b http://a/c");
  assert_found ("<http://a/b", "http://a/b");
}

static void
test_patterns (void)
{
  assert_found ("http://a/img[001-100].png http://a/{b,c}.png.",
                "http://a/img[001-100].png http://a/{b,c}.png");
  assert_found ("http://[1-3].a/ [http://a/[1-2]]", "http://[1-3].a/ http://a/[1-2]");
  assert_found ("http://a/[1-99999]", "http://a/[1-99999]");
}

static void
test_once (void)
{
  assert_found ("http://a/b http://a/c http://a/b.", "http://a/b http://a/c");
}

/* What is no address does not take the next one with it. */
static void
test_nested (void)
{
  assert_found ("http://http://a/b", "http://http://a/b");
  assert_found ("http:// http://a/b", "http://a/b");
  assert_found ("https://web/2020/http://a/b", "https://web/2020/http://a/b");
}

static void
test_bounds (void)
{
  g_autoptr (GString) text = g_string_new ("http://a/");
  g_autoptr (GPtrArray) addresses = NULL;

  for (guint i = 0; i < 9000; i++)
    g_string_append_c (text, 'x');
  g_string_append (text, " http://a/b");
  assert_found (text->str, "http://a/b");

  for (guint i = 0; i < BOBBIN_ADDRESS_MAX + 10; i++)
    g_string_append_printf (text, " http://a/%u", i);
  addresses = bobbin_address_find (text->str);
  g_assert_cmpuint (addresses->len, ==, BOBBIN_ADDRESS_MAX + 1);
}

static void
assert_refused (const char *text, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (bobbin_address_read (text, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_read (void)
{
  g_autoptr (GPtrArray) several = bobbin_address_read ("See http://a/[1-2], http://a/2.", NULL);
  g_autoptr (GPtrArray) none = bobbin_address_read (" \n", NULL);

  g_assert_cmpuint (several->len, ==, 2);
  g_assert_cmpuint (none->len, ==, 0);
  assert_refused (" ftp://a/b ", "ftp:");
  assert_refused ("a.org/b", "a.org/b");
  assert_refused ("a shopping list", "text");
  assert_refused ("http://a/[1-99999]", "10");
}

/* Whatever is pasted: of every text that can be made of these pieces all that is found is in it. */
static void
test_any (void)
{
  static const char *const pieces[] = { "http://", "a", "<",  ">", "(",  ")",  "[", "]",  "[1-2]",
                                        "{",       "}", ",",  ".", "\"", "'",  " ", "\n", "=",
                                        "&amp;",   "…", "日", "*", "|",  "\\", "/" };

  for (guint i = 0; i < 20000; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GPtrArray) addresses = NULL;

      for (int n = g_test_rand_int_range (0, 16); n > 0; n--)
        g_string_append (text, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
      addresses = bobbin_address_find (text->str);
      for (guint j = 0; j < addresses->len; j++)
        {
          const char *address = g_ptr_array_index (addresses, j);

          g_assert_true (g_utf8_validate (address, -1, NULL));
          g_assert_true (g_str_has_prefix (address, "http://"));
          g_assert_null (strpbrk (address, " \n<>\"\\"));
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/address-finder/plain", test_plain);
  g_test_add_func ("/address-finder/none", test_none);
  g_test_add_func ("/address-finder/sentence", test_sentence);
  g_test_add_func ("/address-finder/scripts", test_scripts);
  g_test_add_func ("/address-finder/markdown", test_markdown);
  g_test_add_func ("/address-finder/html", test_html);
  g_test_add_func ("/address-finder/wrapped", test_wrapped);
  g_test_add_func ("/address-finder/patterns", test_patterns);
  g_test_add_func ("/address-finder/once", test_once);
  g_test_add_func ("/address-finder/nested", test_nested);
  g_test_add_func ("/address-finder/bounds", test_bounds);
  g_test_add_func ("/address-finder/read", test_read);
  g_test_add_func ("/address-finder/any", test_any);

  return g_test_run ();
}
