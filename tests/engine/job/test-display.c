/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-display: no secret and no control character is left, and nothing else is lost.
 */

#include "config.h"

#include "bobbin-display.h"

typedef struct
{
  const char *given;
  const char *shown;
} Case;

static const Case addresses[] = {
  { "http://example.org/a", "http://example.org/a" },
  { "https://user@example.org/a", "https://example.org/a" },
  { "https://user:secret@example.org/a?b#c", "https://example.org/a?b#c" },
  { "HTTP://user:secret@example.org", "HTTP://example.org" },
  { "https://user:s@cret@example.org:8080/a@b", "https://example.org:8080/a@b" },
  { "https://user:secret@[::1]:8080/a", "https://[::1]:8080/a" },
  { "https://:secret@example.org/", "https://example.org/" },
  { "https://user:%73ecret@example.org/", "https://example.org/" },
  /* passwords that were typed as they are */
  { "https://user:secret/@example.org/a", "https://example.org/a" },
  { "https://user:?secret@example.org/a", "https://example.org/a" },
  { "https://user:#secret@example.org/a", "https://example.org/a" },
  /* no user, though there is an @ */
  { "https://example.org/a@b", "https://example.org/a@b" },
  { "https://example.org:8080/a:b@c", "https://example.org:8080/a:b@c" },
  { "https://[::1]/a@b", "https://[::1]/a@b" },
  { "https://[::1]:80/a@b", "https://[::1]:80/a@b" },
  { "https://example.org?a=b@c", "https://example.org?a=b@c" },
  /* no scheme */
  { "user:secret@example.org/a", "…@example.org/a" },
  { "user:secret@example.org/a//b", "…@example.org/a//b" },
  { "//user:secret@example.org/a", "//example.org/a" },
  { "tcp://user:secret@example.org:22", "tcp://example.org:22" },
  { "example.org/a//b@c", "example.org/a//b@c" },
  /* no address */
  { "cpu", "cpu" },
  { "disk:/home", "disk:/home" },
  { "list.txt:12", "list.txt:12" },
  { "", "" },
  { "//", "//" },
  { "@", "…@" },
};

static void
test_address (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autofree char *shown = bobbin_display_address (addresses[i].given);

      g_assert_cmpstr (shown, ==, addresses[i].shown);
    }
}

static const Case texts[] = {
  { "a plain name.txt", "a plain name.txt" },
  { "Grüße, 中文 und 🎉", "Grüße, 中文 und 🎉" },
  { "\033[31mred", "�[31mred" },
  { "\302\2332J", "�2J" },
  { "a\nb\rc\td", "a�b�c�d" },
  { "\177", "�" },
  { "\342\200\256txt.exe", "�txt.exe" },
  { "\342\200\250", "�" },
  { "a\377b", "a�b" },
  { "", "" },
};

static void
test_text (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *shown = bobbin_display_text (texts[i].given);

      g_assert_cmpstr (shown, ==, texts[i].shown);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/display/address", test_address);
  g_test_add_func ("/display/text", test_text);

  return g_test_run ();
}
