/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-http-cookies: files as browsers and curl write them, and whom each cookie is sent to.
 */

#include "config.h"

#include "bobbin-error.h"
#include "bobbin-http-cookies.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define FUTURE "4102444800" /* 2100 */
#define PAST   "946684800"  /* 2000 */

static BobbinHttpCookies *
load (const char *text)
{
  g_autofree char *folder = g_dir_make_tmp ("bobbin-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "cookies.txt", NULL);
  g_autoptr (GError) error = NULL;
  BobbinHttpCookies *cookies = bobbin_http_cookies_new ();

  g_assert_true (g_file_set_contents (path, text, -1, &error));
  g_assert_no_error (error);
  g_assert_true (bobbin_http_cookies_load (cookies, path, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);

  return cookies;
}

static void
assert_sent (BobbinHttpCookies *cookies, const char *address, const char *expected)
{
  g_autoptr (GUri) uri = g_uri_parse (address, SOUP_HTTP_URI_FLAGS, NULL);
  g_autofree char *header = bobbin_http_cookies_get_header (cookies, uri);

  g_test_message ("%s", address);
  g_assert_cmpstr (header, ==, expected);
}

static void
test_domains (void)
{
  g_autoptr (BobbinHttpCookies) cookies =
    load ("# Netscape HTTP Cookie File\n"
          "\n"
          ".example.org\tTRUE\t/\tFALSE\t" FUTURE "\ttree\t1\n"
          "www.example.org\tFALSE\t/\tFALSE\t" FUTURE "\thost\t2\n"
          ".other.org\tFALSE\t/\tFALSE\t" FUTURE "\tdotted\t3\n"
          "plain.org\tTRUE\t/\tFALSE\t" FUTURE "\tundotted\t4\n"
          ".org\tTRUE\t/\tFALSE\t" FUTURE "\tsuffix\t5\n"
          ".0.0.1\tTRUE\t/\tFALSE\t" FUTURE "\tnumbers\t6\n"
          "127.0.0.1\tFALSE\t/\tFALSE\t" FUTURE "\taddress\t7\n"
          "nas\tFALSE\t/\tFALSE\t" FUTURE "\tshort\t8\n");

  assert_sent (cookies, "http://example.org/", "tree=1");
  assert_sent (cookies, "http://EXAMPLE.org:8080/", "tree=1");
  assert_sent (cookies, "http://www.example.org/", "tree=1; host=2");
  assert_sent (cookies, "http://a.www.example.org/", "tree=1");
  assert_sent (cookies, "http://badexample.org/", NULL);
  assert_sent (cookies, "http://example.org.evil.com/", NULL);
  assert_sent (cookies, "http://other.org/", "dotted=3");
  assert_sent (cookies, "http://a.other.org/", NULL);
  assert_sent (cookies, "http://a.plain.org/", "undotted=4");
  assert_sent (cookies, "http://127.0.0.1/", "address=7");
  assert_sent (cookies, "http://10.0.0.1/", NULL);
  assert_sent (cookies, "http://nas/", "short=8");
}

static void
test_paths_and_schemes (void)
{
  g_autoptr (BobbinHttpCookies) cookies =
    load ("example.org\tFALSE\t/\tFALSE\t" FUTURE "\troot\t1\n"
          "example.org\tFALSE\t/a\tFALSE\t" FUTURE "\ta\t2\n"
          "example.org\tFALSE\t/a/b/\tFALSE\t" FUTURE "\tab\t3\n"
          "example.org\tFALSE\t/\tTRUE\t" FUTURE "\tsecure\t4\n");

  assert_sent (cookies, "http://example.org", "root=1");
  assert_sent (cookies, "http://example.org/ab", "root=1");
  assert_sent (cookies, "http://example.org/a", "a=2; root=1");
  assert_sent (cookies, "http://example.org/a/b", "a=2; root=1");
  assert_sent (cookies, "http://example.org/a/b/c?d", "ab=3; a=2; root=1");
  assert_sent (cookies, "https://example.org/", "root=1; secure=4");
}

/* Ends, comments, line ends, and lines that are none. */
static void
test_lines (void)
{
  g_autoptr (BobbinHttpCookies) cookies =
    load ("example.org\tFALSE\t/\tFALSE\t0\tsession\t1\r\n"
          "example.org\tFALSE\t/\tFALSE\t" PAST "\tended\t2\n"
          "example.org\tFALSE\t/\tFALSE\t99999999999999\tnever\t3\n"
          "#HttpOnly_example.org\tFALSE\t/\tFALSE\t" FUTURE "\tonly\t4\n"
          "#example.org\tFALSE\t/\tFALSE\t" FUTURE "\tcomment\t5\n"
          "example.org\tFALSE\t/\tFALSE\t" FUTURE "\tempty\t\n"
          "example.org\tFALSE\t/\tFALSE\t" FUTURE "\tlost\n"
          "example.org\tfalse\t/\tfalse\t" FUTURE "\tequals\ta=b c\n"
          "example.org FALSE / FALSE " FUTURE " spaces 6\n"
          "example.org\tFALSE\t/\tFALSE\t" FUTURE "\n"
          "example.org\tFALSE\ta\tFALSE\t" FUTURE "\tpath\t7\n"
          "example.org\tFALSE\t/\tFALSE\t" FUTURE "\tsemi;x\t8\n"
          "example.org\tFALSE\t/\tFALSE\t" FUTURE "\tcontrol\t\x1b\n"
          "\tFALSE\t/\tFALSE\t" FUTURE "\thost\t9\n"
          ".\tTRUE\t/\tFALSE\t" FUTURE "\tdot\t10\n"
          "example.org\tFALSE\t/\tFALSE\t" FUTURE "\ttwice\told\n"
          "example.org\tFALSE\t/\tFALSE\t" FUTURE "\ttwice\tnew\n"
          "example.org\tFALSE\t/\tFALSE\t" FUTURE "\tgone\t11\n"
          "example.org\tFALSE\t/\tFALSE\t" PAST "\tgone\t12\n"
          "example.org\tFALSE\t/\tFALSE\t" FUTURE "\tlast\t13");

  assert_sent (cookies, "http://example.org/",
               "session=1; never=3; only=4; empty=; lost=; equals=a=b c; twice=new; last=13");
}

static void
test_unreadable (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bobbin-test-XXXXXX", NULL);
  g_autofree char *missing = g_build_filename (folder, "missing", NULL);
  g_autofree char *fifo = g_build_filename (folder, "pipe", NULL);
  const char *const paths[] = { missing, folder, fifo };

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (BobbinHttpCookies) cookies = bobbin_http_cookies_new ();
      g_autoptr (GError) error = NULL;

      g_assert_false (bobbin_http_cookies_load (cookies, paths[i], &error));
      g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING);
      g_assert_nonnull (strstr (error->message, paths[i]));
    }
  g_assert_cmpint (g_unlink (fifo), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* What servers set, as if it had come. */
static void
take (BobbinHttpCookies *cookies, const char *address, const char *set)
{
  g_autoptr (SoupMessage) message = soup_message_new ("GET", address);

  soup_message_headers_append (soup_message_get_response_headers (message), "Set-Cookie", set);
  bobbin_http_cookies_take (cookies, message);
}

static void
test_taken (void)
{
  g_autoptr (BobbinHttpCookies) cookies = bobbin_http_cookies_new ();

  take (cookies, "http://a.example.org/x/y", "host=1; Path=/");
  take (cookies, "http://a.example.org/x/y", "tree=2; Domain=example.org; Path=/");
  take (cookies, "http://a.example.org/x/y", "here=3");
  take (cookies, "http://a.example.org/", "foreign=4; Domain=example.com; Path=/");
  take (cookies, "http://a.example.org/", "suffix=5; Domain=co.uk; Path=/");
  take (cookies, "http://a.co.uk/", "suffix=6; Domain=.co.uk; Path=/");
  take (cookies, "http://a.example.org/", "secure=7; Secure; Path=/");
  take (cookies, "https://a.example.org/", "safe=8; Secure; Path=/");
  take (cookies, "http://a.example.org/", "=9; Path=/");
  take (cookies, "http://a.example.org/", "ended=10; Max-Age=0; Path=/");

  assert_sent (cookies, "http://a.example.org/", "host=1; tree=2");
  assert_sent (cookies, "http://a.example.org/x/z", "here=3; host=1; tree=2");
  assert_sent (cookies, "https://a.example.org/", "host=1; tree=2; safe=8");
  assert_sent (cookies, "http://b.example.org/", "tree=2");
  assert_sent (cookies, "http://b.co.uk/", NULL);
  assert_sent (cookies, "http://a.example.com/", NULL);

  take (cookies, "http://b.example.org/", "tree=new; Domain=example.org; Path=/");
  assert_sent (cookies, "http://b.example.org/", "tree=new");
  take (cookies, "http://b.example.org/", "tree=; Domain=example.org; Path=/; Max-Age=0");
  assert_sent (cookies, "http://b.example.org/", NULL);
}

/* A server that sets one after the other does not fill the memory. */
static void
test_flood (void)
{
  g_autoptr (BobbinHttpCookies) cookies = bobbin_http_cookies_new ();
  g_autoptr (GUri) uri = g_uri_parse ("http://example.org/", SOUP_HTTP_URI_FLAGS, NULL);
  g_autofree char *header = NULL;
  g_auto (GStrv) sent = NULL;

  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *set = g_strdup_printf ("c%u=1; Path=/", i);

      take (cookies, "http://example.org/", set);
    }
  header = bobbin_http_cookies_get_header (cookies, uri);
  sent = g_strsplit (header, "; ", -1);
  g_assert_cmpuint (g_strv_length (sent), ==, 500);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/http-cookies/domains", test_domains);
  g_test_add_func ("/http-cookies/paths-and-schemes", test_paths_and_schemes);
  g_test_add_func ("/http-cookies/lines", test_lines);
  g_test_add_func ("/http-cookies/unreadable", test_unreadable);
  g_test_add_func ("/http-cookies/taken", test_taken);
  g_test_add_func ("/http-cookies/flood", test_flood);

  return g_test_run ();
}
