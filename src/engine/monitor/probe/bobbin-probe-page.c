/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Whether a web page or a file on a web server has changed. The server is asked only for another
 * version than the one that is known (RFC 9110 §13.1), so that no change costs no body. What comes
 * is compared by the digest of those of its lines that the user wants to look at. Every version
 * counts once: a page that goes to and fro between two of them has changed once.
 *
 * Sampled in a worker, one sample at a time; what is known is that worker's then. It outlasts the
 * runs of a monitor, but not the probe: `known` brings it back.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-probe-net.h"

#include "bobbin-error.h"
#include "bobbin-line-regex.h"
#include "bobbin-probe-fetch.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* So many versions are remembered. */
#define MAX_KNOWN 32

typedef struct
{
  BobbinProbe parent;
  BobbinProbeFetchPlan plan;
  GRegex *include; /* (owned) (nullable) */
  GRegex *ignore;  /* (owned) (nullable) */

  /* What is known; of the one sample in flight. */
  GPtrArray *known;    /* (owned) (element-type utf8): digests, the newest last */
  char *current;       /* (owned) (nullable): the digest of what was there last */
  char *etag;          /* (owned) (nullable): of the answer before */
  char *last_modified; /* (owned) (nullable): so too */
  char *source;        /* (owned) (nullable): where that came from */
  gboolean matched;    /* whether the filter left anything of that */
} BobbinProbePage;

/* clang-format off */
const BobbinProbeOption bobbin_probe_page_options[] = {
  { "include", "s", NULL, NULL,
    N_ ("A regular expression: only lines that match it are looked at"), FALSE },
  { "ignore", "s", NULL, NULL,
    N_ ("A regular expression: lines that match it are not looked at"), FALSE },
  { "known", "as", "[]", NULL,
    N_ ("Digests of versions that are no news, the present one last"), FALSE },
  BOBBIN_PROBE_FETCH_OPTIONS ("8388608"),
  { NULL },
};
/* clang-format on */

/* White space at the ends of lines is no content, nor are empty lines. */
static gboolean
add_line (BobbinProbePage *self,
          const char *line,
          gsize length,
          GChecksum *digest,
          guint *n_lines,
          GError **error)
{
  gboolean matches = TRUE;

  while (length > 0 && g_ascii_isspace (line[length - 1]))
    length--;
  while (length > 0 && g_ascii_isspace (*line))
    {
      line++;
      length--;
    }
  if (length == 0)
    return TRUE;

  if (self->include != NULL &&
      !bobbin_line_regex_match (self->include, line, length, &matches, error))
    return FALSE;
  if (!matches)
    return TRUE;
  matches = FALSE;
  if (self->ignore != NULL &&
      !bobbin_line_regex_match (self->ignore, line, length, &matches, error))
    return FALSE;
  if (matches)
    return TRUE;

  g_checksum_update (digest, (const guchar *) line, (gssize) length);
  g_checksum_update (digest, (const guchar *) "\n", 1);
  ++*n_lines;

  return TRUE;
}

static gboolean
add_lines (BobbinProbePage *self,
           const BobbinProbeFetch *fetch,
           GChecksum *digest,
           guint *n_lines,
           GCancellable *cancellable,
           GError **error)
{
  g_autofree char *text = bobbin_probe_fetch_dup_text (fetch);
  const char *line = text;

  for (;;)
    {
      const gsize length = strcspn (line, "\n");

      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !add_line (self, line, length, digest, n_lines, error))
        return FALSE;
      if (line[length] == '\0')
        return TRUE;
      line += length + 1;
    }
}

static const char *
get_header (const BobbinProbeFetch *fetch, const char *name)
{
  return soup_message_headers_get_one (soup_message_get_response_headers (fetch->message), name);
}

/* A file that is too long to be looked at whole is told by what the server says of it, too. */
static void
add_validators (const BobbinProbeFetch *fetch, GChecksum *digest)
{
  static const char *const names[] = { "ETag", "Last-Modified", "Content-Length" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *value = get_header (fetch, names[i]);

      if (value != NULL)
        g_checksum_update (digest, (const guchar *) value, -1);
      g_checksum_update (digest, (const guchar *) "\n", 1);
    }
}

static gboolean
has_filter (BobbinProbePage *self)
{
  return self->include != NULL || self->ignore != NULL;
}

/* The digest of what came; NULL without an error where the filter leaves nothing of it. */
static char *
make_digest (BobbinProbePage *self,
             const BobbinProbeFetch *fetch,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (GChecksum) digest = g_checksum_new (G_CHECKSUM_SHA256);
  guint n_lines = 0;

  if (!add_lines (self, fetch, digest, &n_lines, cancellable, error) ||
      (n_lines == 0 && has_filter (self)))
    return NULL;
  if (fetch->is_cut && !has_filter (self))
    add_validators (fetch, digest);

  return g_strdup (g_checksum_get_string (digest));
}

/* Whether this version has never been there, while another was. */
static gboolean
learn (BobbinProbePage *self, const char *digest)
{
  const gboolean is_first = self->known->len == 0;
  gboolean is_new = TRUE;

  for (guint i = 0; is_new && i < self->known->len; i++)
    if (g_str_equal (g_ptr_array_index (self->known, i), digest))
      {
        g_ptr_array_remove_index (self->known, i);
        is_new = FALSE;
      }
  g_ptr_array_add (self->known, g_strdup (digest));
  if (self->known->len > MAX_KNOWN)
    g_ptr_array_remove_index (self->known, 0);

  g_free (self->current);
  self->current = g_strdup (digest);

  return is_new && !is_first;
}

static void
keep_validators (BobbinProbePage *self, const BobbinProbeFetch *fetch)
{
  g_free (self->etag);
  self->etag = g_strdup (get_header (fetch, "ETag"));
  g_free (self->last_modified);
  self->last_modified = g_strdup (get_header (fetch, "Last-Modified"));
  g_free (self->source);
  self->source = bobbin_probe_fetch_dup_source (fetch->message);
}

static void
describe (BobbinProbePage *self,
          const BobbinProbeFetch *fetch,
          gboolean changed,
          BobbinSample *sample)
{
  g_auto (GVariantDict) details = G_VARIANT_DICT_INIT (NULL);

  bobbin_probe_fetch_describe (fetch, &details);
  g_variant_dict_insert (&details, "changed", "b", changed);
  g_variant_dict_insert (&details, "matched", "b", self->matched);
  if (self->current != NULL)
    g_variant_dict_insert (&details, "hash", "s", self->current);
  if (self->etag != NULL && g_utf8_validate (self->etag, -1, NULL))
    g_variant_dict_insert (&details, "etag", "s", self->etag);
  g_variant_dict_insert_value (&details, "known",
                               g_variant_new_strv ((const char *const *) self->known->pdata,
                                                   self->known->len));
  sample->details = g_variant_ref_sink (g_variant_dict_end (&details));

  if (changed)
    sample->text = g_strdup (_ ("The page has changed"));
  else if (!self->matched)
    sample->text = g_strdup (_ ("Nothing on the page matches the filter"));
  else
    sample->text = g_strdup (_ ("No change"));
}

/* Compares what came with what is known. */
static gboolean
compare (BobbinProbePage *self,
         const BobbinProbeFetch *fetch,
         GCancellable *cancellable,
         BobbinSample *sample,
         GError **error)
{
  const guint status = soup_message_get_status (fetch->message);
  g_autoptr (GError) own = NULL;
  g_autofree char *digest = NULL;
  gboolean changed;

  if (status == SOUP_STATUS_NOT_MODIFIED)
    {
      describe (self, fetch, FALSE, sample);
      return TRUE;
    }
  if (status < 200 || status > 299)
    {
      g_propagate_error (error, bobbin_error_from_status (
                                  status, g_uri_get_host (soup_message_get_uri (fetch->message))));
      return FALSE;
    }

  digest = make_digest (self, fetch, cancellable, &own);
  if (own != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&own));
      return FALSE;
    }
  keep_validators (self, fetch);
  self->matched = digest != NULL;
  changed = digest != NULL && learn (self, digest);
  describe (self, fetch, changed, sample);

  return TRUE;
}

static gboolean
page_sample (BobbinProbe *probe, GCancellable *cancellable, BobbinSample *sample, GError **error)
{
  BobbinProbePage *self = (BobbinProbePage *) probe;
  const BobbinProbeFetchWishes wishes = { .etag = self->etag,
                                          .last_modified = self->last_modified,
                                          .source = self->source,
                                          .keeps_body = TRUE };
  g_auto (BobbinProbeFetch) fetch = { 0 };

  if (!bobbin_probe_fetch_run (&fetch, &self->plan, &wishes, cancellable))
    {
      g_propagate_error (error, g_steal_pointer (&fetch.error));
      return FALSE;
    }
  sample->value = (fetch.ended - fetch.began) / 1000.0;

  return compare (self, &fetch, cancellable, sample, error);
}

static void
page_clear (BobbinProbe *probe)
{
  BobbinProbePage *self = (BobbinProbePage *) probe;

  bobbin_probe_fetch_plan_clear (&self->plan);
  g_clear_pointer (&self->include, g_regex_unref);
  g_clear_pointer (&self->ignore, g_regex_unref);
  g_clear_pointer (&self->known, g_ptr_array_unref);
  g_free (self->current);
  g_free (self->etag);
  g_free (self->last_modified);
  g_free (self->source);
}

static const BobbinProbeClass page_class = {
  .unit = "ms",
  .scope = BOBBIN_PROBE_NETWORK,
  .sample = page_sample,
  .clear = page_clear,
};

static gboolean
take_filter (GRegex **regex, GVariant *options, const char *name, GError **error)
{
  g_autofree char *pattern =
    bobbin_probe_options_dup_string (bobbin_probe_page_options, options, name);

  if (pattern == NULL || *pattern == '\0')
    return TRUE;
  *regex = bobbin_line_regex_new (name, pattern, error);

  return *regex != NULL;
}

static void
take_known (BobbinProbePage *self, GVariant *options)
{
  g_autoptr (GVariant) known =
    bobbin_probe_options_get (bobbin_probe_page_options, options, "known");
  g_autofree const char **digests = g_variant_get_strv (known, NULL);

  self->known = g_ptr_array_new_with_free_func (g_free);
  for (gsize i = 0; digests[i] != NULL; i++)
    learn (self, digests[i]);
}

/**
 * bobbin_probe_page_new: (skip)
 * @target: `page:` and an address of kind http or https
 * @options: (nullable): what is set for it, a{sv}
 * @error: where to say what is wrong: %BOBBIN_ERROR_BAD_ADDRESS or %BOBBIN_ERROR_BAD_SETTING
 *
 * The details of its samples are those of bobbin_probe_fetch_describe(), and `changed`, b, whether
 * this version has come with this sample and had never been there; `matched`, b, whether the filter
 * left anything; `hash`, s, of the present version; `etag`, s; `known`, as: for the option of that
 * name.
 *
 * Returns: (transfer full) (nullable): a probe of that page
 */
BobbinProbe *
bobbin_probe_page_new (const char *target, GVariant *options, GError **error)
{
  const char *address = target + strlen ("page:");
  BobbinProbeFetchPlan plan;
  BobbinProbePage *self;

  if (g_ascii_strncasecmp (address, "http:", 5) != 0 &&
      g_ascii_strncasecmp (address, "https:", 6) != 0)
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
                           /* Translators: leave the example as it is */
                           _ ("Name a web page, as in page:https://example.org/."));
      return NULL;
    }
  if (!bobbin_probe_fetch_plan_init (&plan, address, bobbin_probe_page_options, options, error))
    return NULL;

  self = bobbin_probe_alloc (&page_class, sizeof *self,
                             /* Translators: %s is the name of a host */
                             g_strdup_printf (_ ("Page of %s"), g_uri_get_host (plan.uri)));
  self->plan = plan;
  take_known (self, options);
  if (!take_filter (&self->include, options, "include", error) ||
      !take_filter (&self->ignore, options, "ignore", error))
    {
      bobbin_probe_unref (&self->parent);
      return NULL;
    }

  return &self->parent;
}
