/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-http-kind: which answers are a web page, and for which names that is not the file.
 */

#include "config.h"

#include "bobbin-http-kind.h"

static void
test_web_page (void)
{
  const char *const pages[] = {
    "text/html",
    "TEXT/HTML",
    "text/html;charset=utf-8",
    "text/html ; charset=\"utf-8\"",
    " text/html",
    "text/html, text/html",
    "application/xhtml+xml",
    "Application/XHTML+XML; charset=utf-8",
  };
  const char *const others[] = {
    NULL,
    "",
    ";",
    "text/plain",
    "text/htm",
    "text/html5",
    "text/html+zip",
    "application/html",
    "application/xhtml",
    "application/xml",
    "application/octet-stream; name=\"text/html\"",
    "html",
    "text",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    g_assert_true (bobbin_http_is_web_page (pages[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (bobbin_http_is_web_page (others[i]));
}

static void
test_instead (void)
{
  /* Every tenth or so, and both ends: a table that is not sorted loses some. */
  const char *const names[] = {
    "debian-12.iso", "DEBIAN.ISO",   "a.7z",          "a.3gp",      "a.zst",      "a.zip",
    "a.tar.gz",      "a.tar.xz",     "a.b.c.deb",     "photo.jpeg", "photo.png",  "a.avif",
    "film.mkv",      "film.mp4",     "song.flac",     "song.opus",  "paper.pdf",  "paper.odt",
    "table.csv",     "table.xlsx",   "data.json",     "data.lz4",   "a.AppImage", "setup.exe",
    "a.rpm",         "a.gguf",       "a.safetensors", "a.torrent",  "a.metalink", "a.sha256",
    "a.sig",         "a.whl",        "a.jar",         "font.woff2", "a.qcow2",    "a.Z",
    "html.zip",      "page.html.7z", "page.txt.gz",   "a.z",        "..iso",      "picture.svg",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_test_message ("%s", names[i]);
      g_assert_true (bobbin_http_is_web_page_instead ("text/html", FALSE, names[i]));
      g_assert_true (
        bobbin_http_is_web_page_instead ("application/xhtml+xml; a=b", FALSE, names[i]));
      /* The server says what it sends, or sends something else. */
      g_assert_false (bobbin_http_is_web_page_instead ("text/html", TRUE, names[i]));
      g_assert_false (bobbin_http_is_web_page_instead ("text/plain", FALSE, names[i]));
      g_assert_false (bobbin_http_is_web_page_instead (NULL, FALSE, names[i]));
    }
}

static void
test_promises_nothing (void)
{
  const char *const names[] = {
    "",
    "download",
    "index.html",
    "INDEX.HTM",
    "index.xhtml",
    "index.php",
    "default.asp",
    "default.aspx",
    "a.jsp",
    "a.cgi",
    "notes.txt",
    "README.md",
    "example.com",
    "example.org",
    "release-1.0",
    "python-3.12",
    "a.",
    ".",
    ".bin",
    ".iso",
    "iso",
    "a.iso ",
    "a.isos",
    "a.is",
    "a.unheard-of",
    "a.iso.html",
    "page.html.gz",
    "page.HTML.XZ",
    "page.php.bz2",
    "brasil.com.br",
    "company.ai",
    "\xff.\xff",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *shown = g_strescape (names[i], NULL);

      g_test_message ("%s", shown);
      g_assert_false (bobbin_http_is_web_page_instead ("text/html", FALSE, names[i]));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/http-kind/web-page", test_web_page);
  g_test_add_func ("/http-kind/instead", test_instead);
  g_test_add_func ("/http-kind/promises-nothing", test_promises_nothing);

  return g_test_run ();
}
