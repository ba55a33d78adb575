/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-address-list.h"

#include <string.h>

static void
assert_line (const char *text, gboolean is_first, BobbinAddressLine kind, const char *expected)
{
  g_autofree char *line = NULL;

  g_assert_cmpint (bobbin_address_list_read_line (text, strlen (text), is_first, &line), ==, kind);
  g_assert_cmpstr (line, ==, expected);
}

static void
test_line (void)
{
  assert_line ("http://a/", FALSE, BOBBIN_ADDRESS_LINE_ADDRESS, "http://a/");
  assert_line ("\t http://a/ \r", FALSE, BOBBIN_ADDRESS_LINE_ADDRESS, "http://a/");
  assert_line ("", FALSE, BOBBIN_ADDRESS_LINE_NONE, NULL);
  assert_line (" \r", FALSE, BOBBIN_ADDRESS_LINE_NONE, NULL);
  assert_line ("  # http://a/", FALSE, BOBBIN_ADDRESS_LINE_NONE, NULL);
  assert_line ("http://a/#b", FALSE, BOBBIN_ADDRESS_LINE_ADDRESS, "http://a/#b");
  assert_line ("\xff\xfe", FALSE, BOBBIN_ADDRESS_LINE_BAD, NULL);
}

static void
test_zero (void)
{
  static const char text[] = "http://a/\0b";
  g_autofree char *line = NULL;

  g_assert_cmpint (bobbin_address_list_read_line (text, sizeof text - 1, TRUE, &line), ==,
                   BOBBIN_ADDRESS_LINE_BAD);
  g_assert_null (line);
}

/* Only what the list begins with is none of it. */
static void
test_byte_order_mark (void)
{
  assert_line ("\xef\xbb\xbf http://a/", TRUE, BOBBIN_ADDRESS_LINE_ADDRESS, "http://a/");
  assert_line ("\xef\xbb\xbf# a", TRUE, BOBBIN_ADDRESS_LINE_NONE, NULL);
  assert_line ("\xef\xbb\xbf", TRUE, BOBBIN_ADDRESS_LINE_NONE, NULL);
  assert_line ("\xef\xbb\xbfhttp://a/", FALSE, BOBBIN_ADDRESS_LINE_ADDRESS,
               "\xef\xbb\xbfhttp://a/");
}

static void
assert_list (const char *list, gsize length, const char *expected)
{
  g_autofree char *text = bobbin_address_list_dup_text (list, length);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_list (void)
{
  static const char list[] = "\xef\xbb\xbf# a list\r\n\n http://a/ \r\n\xff\nb\n\0\n#\nhttp://c/";

  assert_list (list, sizeof list - 1, "http://a/\nb\nhttp://c/\n");
  assert_list ("", 0, "");
  assert_list ("\n", 1, "");
  assert_list ("http://a/\n", 10, "http://a/\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/address-list/line", test_line);
  g_test_add_func ("/address-list/zero", test_zero);
  g_test_add_func ("/address-list/byte-order-mark", test_byte_order_mark);
  g_test_add_func ("/address-list/list", test_list);

  return g_test_run ();
}
