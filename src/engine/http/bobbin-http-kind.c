/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Tells when a server sent a web page in place of the file: the log-in form of a hotel’s network,
 * or a page that says “not found” with a status that says 200. What a name promises is looked up in
 * a table of our own and not in the system's, which may be missing, knows “.com” as a program, and
 * is another one on every computer. Pure; any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-http-kind.h"

#include <stdlib.h>
#include <string.h>

/* Endings of what no one would send as a web page; sorted. Those of texts that are shown as pages,
 * or that pages are made by (txt, md, php), are left out, and so are all that may end the name of a
 * host or a version (com, br, 0). */
/* clang-format off */
static const char *const endings[] = {
  "3gp", "7z", "aac", "ace", "aiff", "apk", "appimage", "arj", "avi", "avif", "azw3", "bin",
  "blend", "bmp", "bz2", "cab", "cbr", "cbz", "class", "cpio", "csv", "deb", "djvu", "dll", "dmg",
  "doc", "docx", "dsc", "dwg", "ear", "efi", "eps", "epub", "exe", "flac", "flatpak", "flatpakref",
  "flv", "gguf", "gif", "glb", "gpg", "gz", "h5", "heic", "ico", "img", "ipa", "iso", "jar",
  "jpeg", "jpg", "json", "jxl", "kmz", "lha", "lz", "lz4", "lzma", "m2ts", "m3u8", "m4a", "m4v",
  "md5", "metalink", "mid", "mkv", "mobi", "mov", "mp3", "mp4", "mpeg", "mpg", "msi", "msix",
  "npy", "npz", "odg", "odp", "ods", "odt", "oga", "ogg", "ogv", "onnx", "opus", "otf", "ova",
  "p7s", "parquet", "pcap", "pdf", "pkg", "png", "ppt", "pptx", "psd", "qcow2", "rar", "raw",
  "rpm", "rtf", "safetensors", "sha1", "sha256", "sha512", "sig", "snap", "sqlite", "squashfs",
  "stl", "svg", "swf", "tar", "tbz2", "tgz", "tif", "tiff", "torrent", "tsv", "ttf", "txz", "tzst",
  "udf", "vdi", "vhd", "vhdx", "vmdk", "war", "wasm", "wav", "webm", "webp", "whl", "wim", "wma",
  "wmv", "woff", "woff2", "xls", "xlsx", "xpi", "xz", "z", "zip", "zst",
};

/* A file with one of these is what the ending before it says, if the server sends it with a content
 * coding: page.html.gz as text/html with gzip (RFC 9110 §8.4). Sorted. */
static const char *const codings[] = { "bz2", "gz", "lz4", "lzma", "xz", "z", "zst" };

/* Sorted. */
static const char *const pages[] = {
  "asp", "aspx", "cfm", "cgi", "do", "htm", "html", "jsp", "php", "shtml", "xht", "xhtml",
};
/* clang-format on */

static int
compare (const void *key, const void *entry)
{
  return g_ascii_strcasecmp (key, *(const char *const *) entry);
}

#define is_one_of(table, ending) \
  (bsearch (ending, table, G_N_ELEMENTS (table), sizeof table[0], compare) != NULL)

static gboolean
is_page_name (const char *name)
{
  const char *dot = strrchr (name, '.');

  return dot != NULL && is_one_of (pages, dot + 1);
}

static gboolean
promises_no_page (const char *name)
{
  const char *dot = strrchr (name, '.');
  g_autofree char *stem = NULL;

  /* “.bin” is a name, not an ending. */
  if (dot == NULL || dot == name || !is_one_of (endings, dot + 1))
    return FALSE;

  stem = g_strndup (name, dot - name);

  return !(is_one_of (codings, dot + 1) && is_page_name (stem));
}

/**
 * bobbin_http_is_web_page:
 * @content_type: (nullable): the value of a Content-Type header
 *
 * Returns: whether it is that of a web page: text/html or application/xhtml+xml, in any case and
 *   with any parameters (RFC 9110 §8.3.1)
 */
gboolean
bobbin_http_is_web_page (const char *content_type)
{
  const char *const types[] = { "text/html", "application/xhtml+xml" };
  gsize length;

  if (content_type == NULL)
    return FALSE;

  content_type += strspn (content_type, " \t");
  length = strcspn (content_type, "; \t,");
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (strlen (types[i]) == length && g_ascii_strncasecmp (content_type, types[i], length) == 0)
      return TRUE;

  return FALSE;
}

/**
 * bobbin_http_is_web_page_instead:
 * @content_type: (nullable): the value of the answer's Content-Type header
 * @has_disposition: whether it has a Content-Disposition header that names a file
 * @file_name: the name that the address promises
 *
 * Whether an answer is a web page though the name is that of a picture, an archive, a document, a
 * program…. A server that says with Content-Disposition what it sends is believed, and names
 * without an ending, with one that pages have, or with one that is not known promise nothing. Any
 * thread.
 *
 * Returns: %TRUE if the file is most likely not what came
 */
gboolean
bobbin_http_is_web_page_instead (const char *content_type,
                                 gboolean has_disposition,
                                 const char *file_name)
{
  g_return_val_if_fail (file_name != NULL, FALSE);

  return !has_disposition && bobbin_http_is_web_page (content_type) && promises_no_page (file_name);
}
