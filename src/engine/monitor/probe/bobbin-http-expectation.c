/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What an answer has to be like for a server to be up: its status, words that are there or not, a
 * regular expression, a value of JSON. What does not fit is said with what was expected and what
 * came. Pure; any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-http-expectation.h"

#include "bobbin-display.h"
#include "bobbin-error.h"
#include "bobbin-json-path.h"
#include "bobbin-line-regex.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* So many characters of what came are repeated. */
#define MAX_SHOWN 80

typedef struct
{
  guint first;
  guint last;
} StatusRange;

struct _BobbinHttpExpectation
{
  char *status_text;    /* (owned) (nullable): NULL: as is usual */
  GArray *ranges;       /* (owned) (element-type StatusRange) */
  char *keyword;        /* (owned) (nullable) */
  char *keyword_absent; /* (owned) (nullable) */
  char *pattern;        /* (owned) (nullable) */
  GRegex *regex;        /* (owned) (nullable) */
  char *json_path;      /* (owned) (nullable) */
  char *json_equals;    /* (owned) (nullable) */
};

static gboolean
parse_status (const char *text, guint *status)
{
  g_autofree char *bare = g_strstrip (g_strdup (text));
  guint64 number;

  /* RFC 9110 §15 */
  if (!g_ascii_string_to_unsigned (bare, 10, 100, 599, &number, NULL))
    return FALSE;
  *status = (guint) number;

  return TRUE;
}

static gboolean
parse_range (const char *text, StatusRange *range)
{
  const char *dash = strchr (text, '-');
  g_autofree char *first = g_strndup (text, dash != NULL ? (gsize) (dash - text) : strlen (text));

  return parse_status (first, &range->first) &&
         parse_status (dash != NULL ? dash + 1 : first, &range->last) &&
         range->first <= range->last;
}

static gboolean
take_ranges (BobbinHttpExpectation *self, GError **error)
{
  g_auto (GStrv) parts = NULL;

  if (self->status_text == NULL)
    return TRUE;

  parts = g_strsplit (self->status_text, ",", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      StatusRange range;

      if (!parse_range (parts[i], &range))
        {
          g_set_error_literal (
            error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
            /* Translators: leave “expect-status” and the example as they are */
            _ ("“expect-status” has to be numbers from 100 to 599, as in “200-299,304”."));
          return FALSE;
        }
      g_array_append_val (self->ranges, range);
    }
  if (self->ranges->len > 0)
    return TRUE;

  g_set_error_literal (
    error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
    _ ("“expect-status” has to be numbers from 100 to 599, as in “200-299,304”."));

  return FALSE;
}

static gboolean
take_expressions (BobbinHttpExpectation *self, GError **error)
{
  if (self->pattern != NULL)
    self->regex = bobbin_line_regex_new ("regex", self->pattern, error);
  if (self->pattern != NULL && self->regex == NULL)
    return FALSE;
  if (self->json_path != NULL && !bobbin_json_path_check (self->json_path, error))
    return FALSE;
  if (self->json_equals == NULL || self->json_path != NULL)
    return TRUE;

  g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
                       /* Translators: leave the words in quotes as they are */
                       _ ("“json-equals” needs a “json-path”."));

  return FALSE;
}

/* An empty word is in every text. */
static char *
take_word (const BobbinProbeOption *table, GVariant *options, const char *name)
{
  g_autofree char *word = bobbin_probe_options_dup_string (table, options, name);

  return word != NULL && *word != '\0' ? g_steal_pointer (&word) : NULL;
}

/**
 * bobbin_http_expectation_new: (skip)
 * @table: the kind's options
 * @options: (nullable): what is set, and was checked against @table
 * @error: where to say what is wrong with it: %BOBBIN_ERROR_BAD_SETTING
 *
 * Returns: (transfer full) (nullable): what is expected
 */
BobbinHttpExpectation *
bobbin_http_expectation_new (const BobbinProbeOption *table, GVariant *options, GError **error)
{
  g_autoptr (BobbinHttpExpectation) self = g_new0 (BobbinHttpExpectation, 1);

  self->ranges = g_array_new (FALSE, FALSE, sizeof (StatusRange));
  self->status_text = bobbin_probe_options_dup_string (table, options, "expect-status");
  self->keyword = take_word (table, options, "keyword");
  self->keyword_absent = take_word (table, options, "keyword-absent");
  self->pattern = take_word (table, options, "regex");
  self->json_path = bobbin_probe_options_dup_string (table, options, "json-path");
  self->json_equals = bobbin_probe_options_dup_string (table, options, "json-equals");

  if (!take_ranges (self, error) || !take_expressions (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * bobbin_http_expectation_free: (skip)
 * @self: (transfer full): what was expected
 */
void
bobbin_http_expectation_free (BobbinHttpExpectation *self)
{
  g_free (self->status_text);
  g_array_unref (self->ranges);
  g_free (self->keyword);
  g_free (self->keyword_absent);
  g_free (self->pattern);
  g_clear_pointer (&self->regex, g_regex_unref);
  g_free (self->json_path);
  g_free (self->json_equals);
  g_free (self);
}

/**
 * bobbin_http_expectation_is_status: (skip)
 * @self: what is expected
 * @status: an HTTP status
 *
 * Returns: whether it is among those; where none are named, whether it is no error
 */
gboolean
bobbin_http_expectation_is_status (const BobbinHttpExpectation *self, guint status)
{
  if (self->status_text == NULL)
    return status < 400;

  for (guint i = 0; i < self->ranges->len; i++)
    {
      const StatusRange *range = &g_array_index (self->ranges, StatusRange, i);

      if (status >= range->first && status <= range->last)
        return TRUE;
    }

  return FALSE;
}

/**
 * bobbin_http_expectation_wants_body: (skip)
 * @self: what is expected
 *
 * Returns: whether anything is expected of the body
 */
gboolean
bobbin_http_expectation_wants_body (const BobbinHttpExpectation *self)
{
  return self->keyword != NULL || self->keyword_absent != NULL || self->regex != NULL ||
         self->json_path != NULL;
}

/**
 * bobbin_http_expectation_is_quick: (skip)
 * @self: what is expected
 *
 * Returns: whether a short body is checked in no time to speak of; what a regular expression takes
 *   is up to who wrote it
 */
gboolean
bobbin_http_expectation_is_quick (const BobbinHttpExpectation *self)
{
  return self->regex == NULL;
}

/**
 * bobbin_http_expectation_check_status: (skip)
 * @self: what is expected
 * @status: what came
 * @host: the host that sent it
 * @error: where to say what came instead: %BOBBIN_ERROR_HTTP_STATUS
 *
 * Returns: whether the status is as expected
 */
gboolean
bobbin_http_expectation_check_status (const BobbinHttpExpectation *self,
                                      guint status,
                                      const char *host,
                                      GError **error)
{
  if (bobbin_http_expectation_is_status (self, status))
    return TRUE;

  if (self->status_text == NULL)
    g_propagate_error (error, bobbin_error_from_status (status, host));
  else
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_HTTP_STATUS,
                 /* Translators: HTTP statuses such as 200-299, a host's name, and one status */
                 _ ("The status %s was expected, but %s answered with %u."), self->status_text,
                 host, status);

  return FALSE;
}

static gboolean
check_keywords (const BobbinHttpExpectation *self,
                const char *text,
                const char *host,
                GError **error)
{
  if (self->keyword != NULL && strstr (text, self->keyword) == NULL)
    {
      g_autofree char *size = g_format_size (strlen (text));

      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ANSWER,
                   /* Translators: a word, a size such as 2 kB, a host's name */
                   _ ("“%s” was expected, but is not in the %s that came from %s."), self->keyword,
                   size, host);
      return FALSE;
    }
  if (self->keyword_absent != NULL && strstr (text, self->keyword_absent) != NULL)
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ANSWER,
                   /* Translators: a word, then a host's name */
                   _ ("“%s” was not expected, but is in what came from %s."), self->keyword_absent,
                   host);
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_regex (const BobbinHttpExpectation *self,
             const char *text,
             const char *host,
             GCancellable *cancellable,
             GError **error)
{
  const char *line = text;
  gboolean matches = FALSE;

  if (self->regex == NULL)
    return TRUE;

  while (!matches)
    {
      gsize length = strcspn (line, "\n");
      gsize bare = length > 0 && line[length - 1] == '\r' ? length - 1 : length;

      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !bobbin_line_regex_match (self->regex, line, bare, &matches, error))
        return FALSE;
      if (line[length] == '\0')
        break;
      line += length + 1;
    }
  if (matches)
    return TRUE;

  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ANSWER,
               /* Translators: a regular expression, then a host's name */
               _ ("A line that matches “%s” was expected, but none came from %s."), self->pattern,
               host);

  return FALSE;
}

static char *
shorten (const char *text)
{
  g_autofree char *head =
    g_utf8_strlen (text, -1) > MAX_SHOWN ? g_utf8_substring (text, 0, MAX_SHOWN) : g_strdup (text);
  g_autofree char *shown = bobbin_display_text (head);

  return strlen (head) < strlen (text) ? g_strconcat (shown, "…", NULL) : g_steal_pointer (&shown);
}

static gboolean
is_same_value (const char *expected, const char *value)
{
  char *expected_end = NULL;
  char *value_end = NULL;
  double a = g_ascii_strtod (expected, &expected_end);
  double b = g_ascii_strtod (value, &value_end);

  if (g_str_equal (expected, value))
    return TRUE;

  /* 1 and 1.0 are one number, and “NaN” is none. */
  return *expected != '\0' && *value != '\0' && *expected_end == '\0' && *value_end == '\0' &&
         a <= b && a >= b;
}

static gboolean
check_json (const BobbinHttpExpectation *self, const char *text, const char *host, GError **error)
{
  g_autofree char *value = NULL;
  g_autofree char *shown = NULL;

  if (self->json_path == NULL)
    return TRUE;

  value = bobbin_json_path_lookup (self->json_path, text, error);
  if (value == NULL)
    return FALSE;
  if (self->json_equals == NULL || is_same_value (self->json_equals, value))
    return TRUE;

  shown = shorten (value);
  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ANSWER,
               /* Translators: a path in JSON, what it should be, a host's name, what it is */
               _ ("“%s” was expected to be “%s”, but %s says “%s”."), self->json_path,
               self->json_equals, host, shown);

  return FALSE;
}

/**
 * bobbin_http_expectation_check_body: (skip)
 * @self: what is expected
 * @text: what came, in UTF-8
 * @host: the host that sent it
 * @cancellable: (nullable): ends it
 * @error: where to say what came instead: %BOBBIN_ERROR_BAD_ANSWER
 *
 * Returns: whether the body is as expected
 */
gboolean
bobbin_http_expectation_check_body (const BobbinHttpExpectation *self,
                                    const char *text,
                                    const char *host,
                                    GCancellable *cancellable,
                                    GError **error)
{
  return check_keywords (self, text, host, error) &&
         check_regex (self, text, host, cancellable, error) && check_json (self, text, host, error);
}
