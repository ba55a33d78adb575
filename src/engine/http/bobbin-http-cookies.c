/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The cookies of one run (RFC 6265): read from a file that a browser or curl wrote, and taken from
 * answers, for there are servers that lead from one address to the next only who brings back what
 * they gave. Nothing is written anywhere; with the run they are gone.
 *
 * libsoup's own jar is not used for it: SoupCookieJarText leaves out cookies without an end, which
 * those files are full of, and what it does to a request cannot be held back where the user set the
 * header by hand. One thread; loading blocks on the disk.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-http-cookies.h"

#include "bobbin-display.h"
#include "bobbin-error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/* No file of cookies is larger. */
#define MAX_FILE_SIZE (16 * 1024 * 1024)

/* So many are taken from servers (RFC 6265 §6.1 asks for 50 a host). */
#define MAX_TAKEN 500

#define HTTP_ONLY "#HttpOnly_"

struct _BobbinHttpCookies
{
  GSList *cookies; /* (owned) (element-type SoupCookie) */
  guint n_taken;
};

/**
 * bobbin_http_cookies_new:
 *
 * Returns: (transfer full): no cookies
 */
BobbinHttpCookies *
bobbin_http_cookies_new (void)
{
  return g_new0 (BobbinHttpCookies, 1);
}

static void
free_cookie (gpointer cookie)
{
  soup_cookie_free (cookie);
}

/**
 * bobbin_http_cookies_free:
 * @self: (transfer full): cookies
 */
void
bobbin_http_cookies_free (BobbinHttpCookies *self)
{
  g_slist_free_full (self->cookies, free_cookie);
  g_free (self);
}

/* RFC 6265 §5.3, step 11 */
static gboolean
is_same_place (SoupCookie *a, SoupCookie *b)
{
  return g_str_equal (soup_cookie_get_name (a), soup_cookie_get_name (b)) &&
         g_ascii_strcasecmp (soup_cookie_get_domain (a), soup_cookie_get_domain (b)) == 0 &&
         g_str_equal (soup_cookie_get_path (a), soup_cookie_get_path (b));
}

/* Step 5: nobody sets a cookie for all of .org. The host of that very name may have it. */
static void
narrow_public_suffix (SoupCookie *cookie)
{
  const char *domain = soup_cookie_get_domain (cookie);

  if (domain[0] == '.' && soup_tld_domain_is_public_suffix (domain + 1))
    {
      g_autofree char *host = g_strdup (domain + 1);

      soup_cookie_set_domain (cookie, host);
    }
}

/* Owns @cookie. One that is past its end takes an older one away with it. */
static void
cookies_add (BobbinHttpCookies *self, SoupCookie *cookie)
{
  GDateTime *end = soup_cookie_get_expires (cookie);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  narrow_public_suffix (cookie);
  for (GSList *l = self->cookies; l != NULL; l = l->next)
    if (is_same_place (l->data, cookie))
      {
        soup_cookie_free (l->data);
        self->cookies = g_slist_delete_link (self->cookies, l);
        break;
      }

  if (end != NULL && g_date_time_compare (end, now) <= 0)
    soup_cookie_free (cookie);
  else
    self->cookies = g_slist_prepend (self->cookies, cookie);
}

/* Netscape's file. */

static gboolean
is_field (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p) || *p == ';')
      return FALSE;

  return TRUE;
}

static void
set_end (SoupCookie *cookie, const char *seconds)
{
  const gint64 time = g_ascii_strtoll (seconds, NULL, 10);
  g_autoptr (GDateTime) end = time > 0 ? g_date_time_new_from_unix_utc (time) : NULL;

  /* 0 is that of the session, and what is past the year 9999 has no end either. */
  if (end != NULL)
    soup_cookie_set_expires (cookie, end);
}

/* Domain, whether of subdomains too, path, whether for https only, end, name, value. */
static SoupCookie *
parse_line (char *line)
{
  g_auto (GStrv) fields = NULL;
  const gboolean is_http_only = g_str_has_prefix (line, HTTP_ONLY);
  g_autofree char *domain = NULL;
  SoupCookie *cookie;
  const char *host;
  guint n_fields;

  if (is_http_only)
    line += strlen (HTTP_ONLY);
  else if (line[0] == '#')
    return NULL;

  g_strchomp (line);
  fields = g_strsplit (line, "\t", 7);
  n_fields = g_strv_length (fields);
  /* An empty value at the end of a line is easily lost. */
  if (n_fields < 6)
    return NULL;
  for (guint i = 0; i < n_fields; i++)
    if (!is_field (fields[i]))
      return NULL;

  host = fields[0] + strspn (fields[0], ".");
  if (*host == '\0' || fields[2][0] != '/' || fields[5][0] == '\0')
    return NULL;

  domain = g_strconcat (g_ascii_strcasecmp (fields[1], "TRUE") == 0 ? "." : "", host, NULL);
  cookie = soup_cookie_new (fields[5], n_fields == 7 ? fields[6] : "", domain, fields[2], -1);
  soup_cookie_set_secure (cookie, g_ascii_strcasecmp (fields[3], "TRUE") == 0);
  soup_cookie_set_http_only (cookie, is_http_only);
  set_end (cookie, fields[4]);

  return cookie;
}

static gboolean
fail_to_load (const char *path, const char *reason, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  g_autofree char *shown = bobbin_display_text (name);

  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
               /* Translators: a file's name, then the system's own words */
               _ ("The cookies in “%s” cannot be read: %s"), shown, reason);

  return FALSE;
}

/* A pipe would be waited for, maybe for ever. */
static gboolean
read_file (const char *path, char **text, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) raw = NULL;
  g_autoptr (GFileInfo) status =
    g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE,
                       G_FILE_QUERY_INFO_NONE, NULL, &raw);

  if (status == NULL)
    return fail_to_load (path, raw->message, error);
  if (g_file_info_get_file_type (status) != G_FILE_TYPE_REGULAR ||
      g_file_info_get_size (status) > MAX_FILE_SIZE)
    return fail_to_load (path, _ ("it is no file of cookies."), error);
  if (!g_file_get_contents (path, text, NULL, &raw))
    return fail_to_load (path, raw->message, error);

  return TRUE;
}

/**
 * bobbin_http_cookies_load:
 * @self: cookies
 * @path: (type filename): a file in Netscape's format, as browsers, curl and wget write it
 * @error: return location for a %BOBBIN_ERROR_BAD_SETTING
 *
 * Adds the cookies of a file, which is only read. Lines that are no cookies, and cookies that have
 * ended, are left out. Blocks on the disk.
 *
 * Returns: %TRUE if the file could be read
 */
gboolean
bobbin_http_cookies_load (BobbinHttpCookies *self, const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!read_file (path, &text, error))
    return FALSE;

  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      SoupCookie *cookie = parse_line (*line);

      if (cookie != NULL)
        cookies_add (self, cookie);
    }

  return TRUE;
}

/**
 * bobbin_http_cookies_take:
 * @self: cookies
 * @message: a message of which the head of the answer is there
 *
 * Takes the cookies that the answer sets (RFC 6265 §5.3): of its own host and domain only, and
 * such for https only from https.
 */
void
bobbin_http_cookies_take (BobbinHttpCookies *self, SoupMessage *message)
{
  GSList *set = soup_cookies_from_response (message);
  const gboolean is_secure =
    g_str_equal (g_uri_get_scheme (soup_message_get_uri (message)), "https");

  for (GSList *l = set; l != NULL; l = l->next)
    {
      SoupCookie *cookie = l->data;

      if (self->n_taken < MAX_TAKEN && *soup_cookie_get_name (cookie) != '\0' &&
          (is_secure || !soup_cookie_get_secure (cookie)))
        {
          self->n_taken++;
          cookies_add (self, cookie);
        }
      else
        {
          soup_cookie_free (cookie);
        }
    }
  g_slist_free (set);
}

/* An address of numbers has no subdomains. */
static gboolean
is_for_host (SoupCookie *cookie, const char *host)
{
  if (g_hostname_is_ip_address (host))
    return g_ascii_strcasecmp (soup_cookie_get_domain (cookie), host) == 0;

  return soup_cookie_domain_matches (cookie, host);
}

/* RFC 6265 §5.4: longer paths first. */
static gint
compare_paths (gconstpointer a, gconstpointer b)
{
  const gsize length_a = strlen (soup_cookie_get_path ((SoupCookie *) a));
  const gsize length_b = strlen (soup_cookie_get_path ((SoupCookie *) b));

  return length_a < length_b ? 1 : length_a > length_b ? -1 : 0;
}

/**
 * bobbin_http_cookies_get_header:
 * @self: cookies
 * @uri: what is asked for
 *
 * What to send as Cookie (RFC 6265 §5.4): those that are for this host, this path and this scheme,
 * and have not ended.
 *
 * Returns: (transfer full) (nullable): the value of the header, or %NULL when there are none
 */
char *
bobbin_http_cookies_get_header (BobbinHttpCookies *self, GUri *uri)
{
  g_autoptr (GSList) sent = NULL;

  /* The list has the newest first; so the oldest of one length comes first in the end. */
  for (GSList *l = self->cookies; l != NULL; l = l->next)
    if (is_for_host (l->data, g_uri_get_host (uri)) && soup_cookie_applies_to_uri (l->data, uri))
      sent = g_slist_prepend (sent, l->data);
  sent = g_slist_sort (sent, compare_paths);

  return sent != NULL ? soup_cookies_to_cookie_header (sent) : NULL;
}
