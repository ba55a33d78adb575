/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "bobbin-chunked.h"

#include <string.h>

/* Feeds text in pieces of so many bytes; gives the body, or NULL where there is none. */
static char *
decode (const char *text, gsize piece, BobbinChunked *chunked)
{
  g_autoptr (GString) body = g_string_new (NULL);
  const gsize length = strlen (text);

  *chunked = (BobbinChunked){ 0 };
  for (gsize at = 0; at < length; at += piece)
    {
      const gsize n = MIN (piece, length - at);
      g_autofree char *bytes = g_strndup (text + at, n);
      g_autoptr (GError) error = NULL;
      const gssize n_body = bobbin_chunked_decode (chunked, bytes, n, &error);

      if (n_body < 0)
        {
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
          return NULL;
        }
      g_assert_no_error (error);
      g_string_append_len (body, bytes, n_body);
    }

  return g_strdup (body->str);
}

static void
test_whole (void)
{
  const struct
  {
    const char *text, *body;
  } cases[] = {
    { "0\r\n\r\n", "" },
    { "5\r\nhello\r\n0\r\n\r\n", "hello" },
    { "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", "hello!" },
    { "005\r\nhello\r\n000\r\n\r\n", "hello" },
    { "A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n", "01234567890123456789" },
    { "5;name=value\r\nhello\r\n0;last\r\n\r\n", "hello" },
    { "5 \r\nhello\r\n0\r\n\r\n", "hello" },
    { "5\nhello\n0\n\n", "hello" }, /* bare line feeds: RFC 9112 §2.2 */
    { "5\r\nhello\r\n0\r\nTrailer: x\r\nOther: y\r\n\r\n", "hello" },
    { "2\r\n\r\n\r\n0\r\n\r\n", "\r\n" },
    { "5\r\nhello\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n", "hello" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize piece = 1; piece < 20; piece++)
      {
        BobbinChunked chunked;
        g_autofree char *body = decode (cases[i].text, piece, &chunked);

        g_assert_cmpstr (body, ==, cases[i].body);
        g_assert_true (bobbin_chunked_is_done (&chunked));
        g_assert_true (bobbin_chunked_may_end (&chunked));
      }
}

/* Wherever the connection breaks before the last chunk: the body is not whole. */
static void
test_cut (void)
{
  const char *text = "5\r\nhello\r\n1;x=y\r\n!\r\n0\r\nTrailer: x\r\n\r\n";
  const gsize last = strstr (text, "0\r\n") + 3 - text;

  for (gsize length = 0; length < strlen (text); length++)
    {
      g_autofree char *cut = g_strndup (text, length);
      BobbinChunked chunked;
      g_autofree char *body = decode (cut, 7, &chunked);

      g_assert_nonnull (body);
      g_assert_false (bobbin_chunked_is_done (&chunked));
      g_assert_true (bobbin_chunked_may_end (&chunked) == (length >= last));
    }
}

static void
test_bad (void)
{
  const char *cases[] = {
    "\r\n",
    "hello",
    "x\r\n",
    "-5\r\nhello\r\n",
    "0x5\r\nhello\r\n",
    "5hello\r\n0\r\n\r\n",
    "5\r\nhello!\r\n0\r\n\r\n",
    "5\r\nhello0\r\n\r\n",
    "1000000000000000\r\n", /* no such file */
    "5\r\nhello\r\n\r\n",
    "<html>\r\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize piece = 1; piece < 8; piece++)
      {
        BobbinChunked chunked;
        g_autofree char *body = decode (cases[i], piece, &chunked);

        g_assert_null (body);
      }
}

/* What is bounded is one extension, and the trailer, not how many chunks there are. */
static void
test_many (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *body = NULL;
  BobbinChunked chunked;

  for (guint i = 0; i < 70000; i++)
    g_string_append (text, "1;signature=0123456789abcdef\r\nx\r\n");
  g_string_append (text, "0\r\n\r\n");
  body = decode (text->str, 4096, &chunked);
  g_assert_nonnull (body);
  g_assert_cmpuint (strlen (body), ==, 70000);
  g_assert_true (bobbin_chunked_is_done (&chunked));
}

/* A trailer, or an extension, without end is an attack. */
static void
test_endless (void)
{
  const char *heads[] = { "0\r\nx", "5;x" };

  for (gsize i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      g_autoptr (GString) text = g_string_new (heads[i]);
      BobbinChunked chunked;
      g_autofree char *body = NULL;

      while (text->len < 100000)
        g_string_append_c (text, 'x');
      body = decode (text->str, 4096, &chunked);
      g_assert_null (body);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/chunked/whole", test_whole);
  g_test_add_func ("/chunked/cut", test_cut);
  g_test_add_func ("/chunked/bad", test_bad);
  g_test_add_func ("/chunked/many", test_many);
  g_test_add_func ("/chunked/endless", test_endless);

  return g_test_run ();
}
