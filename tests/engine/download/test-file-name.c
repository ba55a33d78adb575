/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-file-name: every way in which an address or a header can name a file, or try to name
 * something that it should not.
 */

#include "config.h"

#include "bobbin-file-name.h"

#include <locale.h>
#include <string.h>

typedef struct
{
  const char *about;
  const char *input;
  const char *expected;
} Case;

static const Case uri_cases[] = {
  { "plain", "http://example.org/file.bin", "file.bin" },
  { "folders", "http://example.org/a/b/file.tar.gz", "file.tar.gz" },
  { "query", "https://example.org/get.php?file=/etc/passwd", "get.php" },
  { "fragment", "https://example.org/page.html#/x", "page.html" },
  { "query-with-slash", "https://example.org/a.iso?mirror=http://b/c", "a.iso" },
  { "percent-space", "http://example.org/two%20words.txt", "two words.txt" },
  { "percent-utf-8", "http://example.org/na%C3%AFve.txt", "naïve.txt" },
  { "percent-latin-1", "http://example.org/na%EFve.txt", "na\xef\xbf\xbdve.txt" },
  { "raw-utf-8", "http://example.org/naïve.txt", "naïve.txt" },
  { "plus-stays", "http://example.org/c++.txt", "c++.txt" },
  { "bad-escape", "http://example.org/100%.txt", "100%.txt" },
  { "bad-escape-2", "http://example.org/a%zzb%4", "a%zzb%4" },
  { "escaped-nul", "http://example.org/a.txt%00.exe", "a.txt.exe" },
  { "escaped-slash", "http://example.org/a%2Fb%2Fc.txt", "c.txt" },
  { "escaped-climb", "http://example.org/..%2F..%2Fetc%2Fpasswd", "passwd" },
  { "escaped-backslash", "http://example.org/a%5Cb.txt", "b.txt" },
  { "escaped-dots", "http://example.org/%2e%2e", "example.org.html" },
  { "escaped-newline", "http://example.org/a%0Ab.txt", "ab.txt" },
  { "double-escape", "http://example.org/a%252Fb", "a%2Fb" },
  { "hidden", "http://example.org/.bashrc", "bashrc" },
  { "front-page", "http://example.org/", "example.org.html" },
  { "no-path", "http://example.org", "example.org.html" },
  { "folder", "http://example.org:8080/pub/?C=M", "example.org.html" },
  { "userinfo", "http://me:secret@example.org/", "example.org.html" },
  { "address-4", "http://127.0.0.1:80/", "127.0.0.1.html" },
  { "address-6", "http://[::1]/", "index.html" },
  { "no-address", "http://[", "download" },
  { "nothing", "", "download" },
};

static const Case safe_cases[] = {
  { "plain", "file.bin", "file.bin" },
  { "empty", "", "download" },
  { "dot", ".", "download" },
  { "dots", "..", "download" },
  { "many-dots", ".....", "download" },
  { "spaces", "   ", "download" },
  { "absolute", "/etc/passwd", "passwd" },
  { "climb", "../../../etc/passwd", "passwd" },
  { "only-folder", "../../", "download" },
  { "windows", "C:\\Windows\\system.ini", "system.ini" },
  { "windows-climb", "..\\..\\boot.ini", "boot.ini" },
  { "mixed", "a/b\\c/d.txt", "d.txt" },
  { "hidden", ".profile", "profile" },
  { "hidden-deep", ". . .profile", "profile" },
  { "edges", "  a b.txt . ", "a b.txt" },
  { "no-break-space",
    "\xc2\xa0"
    "a.txt\xc2\xa0",
    "a.txt" },
  { "wide-space",
    "\xe3\x80\x80"
    "a.txt\xe3\x80\x80",
    "a.txt" },
  { "controls", "a\x01\x1f\n\t\rb.txt", "ab.txt" },
  { "escape", "\x1b[31mred\x1b[0m", "[31mred[0m" },
  { "del",
    "a\x7f"
    "b",
    "ab" },
  { "c1",
    "a\xc2\x9b"
    "31mb",
    "a31mb" },
  { "override", "photo\xe2\x80\xaegpj.exe", "photogpj.exe" },
  { "isolate",
    "a\xe2\x81\xa6"
    "b\xe2\x81\xa9.txt",
    "ab.txt" },
  { "embedding",
    "\xe2\x80\xaa"
    "a\xe2\x80\xac.txt",
    "a.txt" },
  { "marks",
    "a\xe2\x80\x8e"
    "b\xe2\x80\x8f"
    "c\xd8\x9c",
    "abc" },
  { "invisible-only", "\xe2\x80\x8b\xef\xbb\xbf\xe2\x81\xa0", "download" },
  { "dots-behind-invisible", "\xe2\x80\x8b..\xe2\x80\x8b", "download" },
  { "hidden-behind-invisible", "\xe2\x80\x8b.bashrc", "bashrc" },
  { "joiner-stays", "می\xe2\x80\x8cخواهم.txt", "می\xe2\x80\x8cخواهم.txt" },
  { "line-separator",
    "a\xe2\x80\xa8"
    "b",
    "ab" },
  { "bad-utf-8",
    "a\xff"
    "b.txt",
    "a\xef\xbf\xbd"
    "b.txt" },
  { "overlong-slash",
    "a\xc0\xaf"
    "b",
    "a\xef\xbf\xbd\xef\xbf\xbd"
    "b" },
  { "cut-utf-8", "a\xe2\x82", "a\xef\xbf\xbd\xef\xbf\xbd" },
  { "emoji", "🧵.txt", "🧵.txt" },
  { "part", "movie.part", "movie_part" },
  { "part-map", "movie.part.map", "movie_part.map" },
  { "part-map-temporary", "movie.part.map.A1B2C3", "movie_part.map.A1B2C3" },
  { "part-upper", "MOVIE.PART.MAP", "MOVIE_PART.MAP" },
  { "part-part", "a.part.part", "a_part_part" },
  { "part-dot", "a.part.", "a_part" },
  { "part-hidden", ".part", "part" },
  { "part-hidden-map", ".part.map", "part.map" },
  { "part-invisible", "a.pa\xe2\x80\x8brt", "a_part" },
  { "partial-stays", "a.partial", "a.partial" },
  { "part-number-stays", "film.part1.rar", "film.part1.rar" },
  { "dash", "-rf", "-rf" },
  { "quote", "a\"b'c.txt", "a\"b'c.txt" },
};

static const Case disposition_cases[] = {
  { "token", "attachment; filename=foo.html", "foo.html" },
  { "quoted", "attachment; filename=\"foo.html\"", "foo.html" },
  { "inline", "inline; filename=\"foo.html\"", "foo.html" },
  { "upper", "ATTACHMENT; FILENAME=\"foo.html\"", "foo.html" },
  { "space-around-equals", "attachment; filename = \"foo.html\"", "foo.html" },
  { "no-space", "attachment;filename=\"foo.html\"", "foo.html" },
  { "empty-parameters", "attachment;;; filename=a.txt;", "a.txt" },
  { "no-type", "filename=foo.html", "foo.html" },
  { "other-parameter", "attachment; foo=\"x;filename=bar\"; filename=a.txt", "a.txt" },
  { "like-parameter", "attachment; xfilename=bar; filename=a.txt", "a.txt" },
  { "escaped-quote", "attachment; filename=\"\\\"quoting\\\" a.html\"", "\"quoting\" a.html" },
  { "escaped-letter", "attachment; filename=\"f\\oo.html\"", "foo.html" },
  { "escaped-backslash", "attachment; filename=\"a\\\\b.html\"", "b.html" },
  { "semicolon", "attachment; filename=\"a;b.html\"", "a;b.html" },
  { "single-quotes", "attachment; filename='foo.bar'", "'foo.bar'" },
  { "token-spaces", "attachment; filename=two words.txt ; size=3", "two words.txt" },
  { "no-end-quote", "attachment; filename=\"foo.html", "foo.html" },
  { "end-backslash", "attachment; filename=\"foo.html\\", "foo.html" },
  { "percent-stays", "attachment; filename=\"a%41.html\"", "a%41.html" },
  { "twice", "attachment; filename=a.txt; filename=b.txt", "a.txt" },
  { "raw-utf-8", "attachment; filename=\"naïve.txt\"", "naïve.txt" },
  { "raw-latin-1", "attachment; filename=\"na\xefve.txt\"", "naïve.txt" },
  { "raw-latin-1-token", "attachment; filename=na\xefve.txt", "naïve.txt" },
  { "raw-windows-1252", "attachment; filename=\"5 \x80.txt\"", "5 €.txt" },
  { "raw-c1", "attachment; filename=\"a\x81.txt\"", "a.txt" },
  { "path", "attachment; filename=\"/etc/passwd\"", "passwd" },
  { "climb", "attachment; filename=\"../../a.txt\"", "a.txt" },
  { "windows-path", "attachment; filename=\"C:\\temp\\new.txt\"", "new.txt" },
  { "windows-share", "attachment; filename=\"\\\\server\\share\\a.txt\"", "a.txt" },
  { "hidden", "attachment; filename=\".htaccess\"", "htaccess" },
  { "part-map", "attachment; filename=\"a.iso.part.map\"", "a.iso_part.map" },
  { "extended", "attachment; filename*=UTF-8''na%C3%AFve.txt", "naïve.txt" },
  { "extended-language", "attachment; filename*=utf-8'en'%e2%82%ac%20rates", "€ rates" },
  { "extended-latin-1", "attachment; filename*=ISO-8859-1''na%EFve.txt", "naïve.txt" },
  { "extended-latin-1-valid-utf-8", "attachment; filename*=iso-8859-1''%C3%A4", "Ã¤" },
  { "extended-first", "attachment; filename*=UTF-8''b.txt; filename=a.txt", "b.txt" },
  { "extended-last", "attachment; filename=a.txt; filename*=UTF-8''b.txt", "b.txt" },
  { "extended-quoted", "attachment; filename*=\"UTF-8''b%20c.txt\"", "b c.txt" },
  { "extended-slash", "attachment; filename*=UTF-8''..%2F..%2Fb.txt", "b.txt" },
  { "extended-nul", "attachment; filename*=UTF-8''a.txt%00.exe", "a.txt.exe" },
  { "extended-override", "attachment; filename*=UTF-8''a%E2%80%AEgpj.exe", "agpj.exe" },
  { "extended-bad-percent", "attachment; filename*=UTF-8''a%b%zz%.txt", "a%b%zz%.txt" },
  { "extended-no-charset", "attachment; filename*=a%20b.txt", "a b.txt" },
  { "extended-empty-charset", "attachment; filename*=''a%20b.txt", "a b.txt" },
  { "extended-unknown-charset", "attachment; filename*=UTF-7''a%20b.txt", "a b.txt" },
  { "extended-unknown-falls-back", "attachment; filename=a.txt; filename*=KOI8-R''%F0.txt",
    "a.txt" },
  { "extended-unknown-alone", "attachment; filename*=x''%E4.txt", "ä.txt" },
  { "extended-bad-utf-8-falls-back", "attachment; filename=a.txt; filename*=UTF-8''%FF.txt",
    "a.txt" },
  { "extended-bad-utf-8-alone", "attachment; filename*=UTF-8''a%FF.txt", "a\xef\xbf\xbd.txt" },
  { "extended-empty-falls-back", "attachment; filename=a.txt; filename*=UTF-8''", "a.txt" },
  { "none", "attachment", NULL },
  { "nothing", "", NULL },
  { "null", NULL, NULL },
  { "empty-name", "attachment; filename=\"\"", NULL },
  { "empty-token", "attachment; filename=", NULL },
  { "no-value", "attachment; filename", NULL },
  { "dots-only", "attachment; filename=\"..\"", NULL },
  { "folder-only", "attachment; filename=\"a/\"", NULL },
  { "continuation", "attachment; filename*0=\"a\"; filename*1=\"b\"", NULL },
};

static const Case numbered_cases[] = {
  { "plain", "a.txt", "a (1).txt" },
  { "no-extension", "README", "README (1)" },
  { "tar", "a.tar.gz", "a (1).tar.gz" },
  { "tar-signature", "linux-6.1.tar.xz.asc", "linux-6.1 (1).tar.xz.asc" },
  { "wrapped", "table.csv.zst", "table (1).csv.zst" },
  { "wrapper-alone", "a.gz", "a (1).gz" },
  { "version", "linux-6.1.xz", "linux-6.1 (1).xz" },
  { "upper", "A.TAR.GZ", "A (1).TAR.GZ" },
  { "no-wrapper", "jquery.min.js", "jquery.min (1).js" },
  { "sentence", "Dr. Who", "Dr. Who (1)" },
  { "long-extension", "a.notanextensionatall", "a.notanextensionatall (1)" },
  { "again", "a (1).txt", "a (1) (1).txt" },
  { "part-like", "part.map", "part (1).map" },
};

static void
test_uri (gconstpointer data)
{
  const Case *c = data;
  g_autofree char *name = bobbin_file_name_from_uri (c->input);

  g_assert_cmpstr (name, ==, c->expected);
}

static void
test_safe (gconstpointer data)
{
  const Case *c = data;
  g_autofree char *name = bobbin_file_name_make_safe (c->input);

  g_assert_cmpstr (name, ==, c->expected);
}

static void
test_disposition (gconstpointer data)
{
  const Case *c = data;
  g_autofree char *name = bobbin_file_name_from_disposition (c->input);

  g_assert_cmpstr (name, ==, c->expected);
}

static void
test_numbered (gconstpointer data)
{
  const Case *c = data;
  g_autofree char *name = bobbin_file_name_numbered (c->input, 1);

  g_assert_cmpstr (name, ==, c->expected);
}

static char *
repeat (const char *unit, guint n, const char *end)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (text, unit);
  g_string_append (text, end);
  return g_string_free (text, FALSE);
}

static void
check_long (const char *unit, const char *end)
{
  g_autofree char *input = repeat (unit, 300, end);
  g_autofree char *name = bobbin_file_name_make_safe (input);
  g_autofree char *numbered = bobbin_file_name_numbered (name, G_MAXUINT);

  g_assert_cmpuint (strlen (name), <=, BOBBIN_FILE_NAME_MAX);
  g_assert_cmpuint (strlen (name), >, BOBBIN_FILE_NAME_MAX - strlen (unit));
  g_assert_true (g_str_has_prefix (name, unit));
  g_assert_true (g_str_has_suffix (name, end));
  g_assert_true (g_utf8_validate (name, -1, NULL));

  g_assert_cmpuint (strlen (numbered), <=, BOBBIN_FILE_NAME_MAX);
  g_assert_nonnull (strstr (numbered, " (4294967295)"));
  g_assert_true (g_str_has_suffix (numbered, end));
  g_assert_true (g_utf8_validate (numbered, -1, NULL));
}

static void
test_long (void)
{
  check_long ("a", "");
  check_long ("a", ".txt");
  check_long ("a", ".tar.gz");
  check_long ("ä", ".tar.gz");
  check_long ("線", ".html");
  check_long ("🧵", ".html");
  check_long ("🧵", "");
}

static void
test_long_extension (void)
{
  g_autofree char *input = repeat (".gz", 300, "");
  g_autofree char *with_stem = g_strconcat ("a", input, NULL);
  g_autofree char *name = bobbin_file_name_make_safe (with_stem);
  g_autofree char *numbered = bobbin_file_name_numbered (name, 7);

  g_assert_cmpuint (strlen (name), <=, BOBBIN_FILE_NAME_MAX);
  g_assert_true (g_str_has_prefix (name, "a.gz"));
  g_assert_cmpuint (strlen (numbered), <=, BOBBIN_FILE_NAME_MAX);
}

/* What is cut off must not leave a name that belongs to an unfinished download. */
static void
test_long_part (void)
{
  for (guint n = BOBBIN_FILE_NAME_MAX - 8; n <= BOBBIN_FILE_NAME_MAX; n++)
    {
      g_autofree char *input = repeat ("a", n, ".partition and more without end");
      g_autofree char *name = bobbin_file_name_make_safe (input);

      g_assert_false (g_str_has_suffix (name, ".part"));
    }
}

static void
assert_is_safe (const char *name)
{
  const char *part = strcasestr (name, ".part");

  g_assert_cmpuint (strlen (name), >, 0);
  g_assert_cmpuint (strlen (name), <=, BOBBIN_FILE_NAME_MAX);
  g_assert_true (g_utf8_validate (name, -1, NULL));
  g_assert_null (strpbrk (name, "/\\"));
  g_assert_cmpint (name[0], !=, '.');
  g_assert_cmpint (name[strlen (name) - 1], !=, '.');
  g_assert_cmpint (name[strlen (name) - 1], !=, ' ');
  for (const char *p = name; *p; p = g_utf8_next_char (p))
    g_assert_false (g_unichar_iscntrl (g_utf8_get_char (p)));
  for (; part != NULL; part = strcasestr (part + 1, ".part"))
    g_assert_true (part[5] != '\0' && part[5] != '.');
}

/* Whatever a server makes up: the name is safe, and to make it safe again changes nothing. */
static void
test_anything (void)
{
  static const char *const pieces[] = {
    ".",  "..", "/",    "\\",       " ",    ".part", ".map",    "\xe2\x80\xae", "\xff",
    "a",  "ä",  "🧵", "\n",       ".tar", ".gz",   "%00",     "%2e",          "%2F",
    "\"", "=",  ";",    "filename", "*",    "'",     "UTF-8''", "\xc2\x85",
  };
  g_autoptr (GRand) rand = g_rand_new_with_seed (20260101);

  for (guint i = 0; i < 20000; i++)
    {
      g_autoptr (GString) text = g_string_new (i % 2 ? "attachment; filename=" : "http://h/");
      gint n = g_rand_int_range (rand, 0, i % 50 == 0 ? 400 : 12);
      g_autofree char *safe = NULL, *again = NULL, *from_uri = NULL, *from_header = NULL;

      for (; n > 0; n--)
        g_string_append (text, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);

      safe = bobbin_file_name_make_safe (text->str);
      again = bobbin_file_name_make_safe (safe);
      assert_is_safe (safe);
      g_assert_cmpstr (again, ==, safe);

      from_uri = bobbin_file_name_from_uri (text->str);
      assert_is_safe (from_uri);
      from_header = bobbin_file_name_from_disposition (text->str);
      if (from_header != NULL)
        assert_is_safe (from_header);
    }
}

static void
add_cases (const char *group, const Case *cases, gsize n_cases, GTestDataFunc func)
{
  for (gsize i = 0; i < n_cases; i++)
    {
      g_autofree char *path = g_strdup_printf ("/file-name/%s/%s", group, cases[i].about);

      g_test_add_data_func (path, &cases[i], func);
    }
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  add_cases ("uri", uri_cases, G_N_ELEMENTS (uri_cases), test_uri);
  add_cases ("safe", safe_cases, G_N_ELEMENTS (safe_cases), test_safe);
  add_cases ("disposition", disposition_cases, G_N_ELEMENTS (disposition_cases), test_disposition);
  add_cases ("numbered", numbered_cases, G_N_ELEMENTS (numbered_cases), test_numbered);
  g_test_add_func ("/file-name/long", test_long);
  g_test_add_func ("/file-name/long-extension", test_long_extension);
  g_test_add_func ("/file-name/long-part", test_long_part);
  g_test_add_func ("/file-name/anything", test_anything);

  return g_test_run ();
}
