/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How long it takes to get a whole answer over HTTP, in ms: name look-up, connection, handshake,
 * redirects and body; and whether that answer is as expected. Sampled in a worker; one cancellable
 * ends it wherever it waits. How long it may take is the monitor's to say.
 *
 * One that is sampled every few seconds keeps its connection, as that is most of what a sample
 * costs, and does without it once a minute, to see whether the server still lets anybody in. What
 * it takes to connect then counts in none of its values, or each minute would have a peak. One that
 * keeps its connection, and has not much to look at, only waits: it is asked for beside others.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-probe-net.h"

#include "bobbin-clock-private.h"
#include "bobbin-error.h"
#include "bobbin-http-expectation.h"
#include "bobbin-probe-fetch.h"

#include <glib/gi18n-lib.h>

/* A sample that comes so soon after another finds its connection. Between the intervals that people
 * choose, five seconds and ten, so that a little lateness does not change what is measured. */
#define KEEP_TIME (7500 * G_TIME_SPAN_MILLISECOND)

/* So much of a body is looked at beside others, bytes. */
#define MAX_LIGHT (64 * 1024)

/* And goes without it so often, µs. Tests have less time. */
gint64 bobbin_probe_http_fresh_time = G_TIME_SPAN_MINUTE;

typedef struct
{
  BobbinProbe parent;
  BobbinProbeFetchPlan plan;
  BobbinHttpExpectation *expectation; /* (owned) */
  gint64 sampled;   /* boottime µs, when it last was; nobody's between two samples */
  gint64 connected; /* boottime µs, when it last did so anew; so too */
  gboolean is_long; /* there was much to look at, the last time; so too */
  guint lane;       /* worker only: the last time */
} BobbinProbeHttp;

/* A sample that is asked for beside others. */
typedef struct
{
  BobbinProbeHttp *probe;
  BobbinSample *sample;
  GCancellable *cancellable; /* (owned) */
  BobbinProbeAskedFunc func;
  gpointer user_data;
  BobbinProbeFetch fetch;
} Asked;

static const char *const methods[] = { "GET", "HEAD", "POST", NULL };

/* clang-format off */
const BobbinProbeOption bobbin_probe_http_options[] = {
  { "expect-status", "s", NULL, NULL,
    N_ ("Which statuses are good, such as 200-299,304; else those that are no error"), FALSE },
  { "keyword", "s", NULL, NULL, N_ ("Text that the answer must hold"), FALSE },
  { "keyword-absent", "s", NULL, NULL, N_ ("Text that the answer must not hold"), FALSE },
  { "regex", "s", NULL, NULL,
    N_ ("A regular expression that a line of the answer must match"), FALSE },
  { "json-path", "s", NULL, NULL,
    N_ ("A value that the answer, which is JSON, must have, such as checks[0].state"), FALSE },
  { "json-equals", "s", NULL, NULL, N_ ("What that value must be"), FALSE },
  { "method", "s", "'GET'", methods, N_ ("How to ask"), FALSE },
  { "follow-redirects", "b", "true", NULL, N_ ("Whether to go where an answer leads"), FALSE },
  BOBBIN_PROBE_FETCH_OPTIONS ("1048576"),
  { NULL },
};
/* clang-format on */

static gboolean
wants_body (guint status, gpointer user_data)
{
  BobbinProbeHttp *self = user_data;

  return bobbin_http_expectation_is_status (self->expectation, status) &&
         (status < 400 || bobbin_http_expectation_wants_body (self->expectation));
}

static gboolean
check (BobbinProbeHttp *self, BobbinProbeFetch *fetch, GCancellable *cancellable, GError **error)
{
  const char *host = g_uri_get_host (soup_message_get_uri (fetch->message));
  const guint status = soup_message_get_status (fetch->message);
  g_autofree char *text = NULL;

  if (!bobbin_http_expectation_check_status (self->expectation, status, host, error))
    return FALSE;
  if (!bobbin_http_expectation_wants_body (self->expectation))
    return TRUE;

  text = bobbin_probe_fetch_dup_text (fetch);

  return bobbin_http_expectation_check_body (self->expectation, text, host, cancellable, error);
}

static void
describe (BobbinProbeFetch *fetch, BobbinSample *sample)
{
  const guint status = soup_message_get_status (fetch->message);
  g_auto (GVariantDict) details = G_VARIANT_DICT_INIT (NULL);

  bobbin_probe_fetch_describe (fetch, &details);
  sample->details = g_variant_ref_sink (g_variant_dict_end (&details));
  if (status != SOUP_STATUS_NONE)
    sample->text = g_strdup_printf ("HTTP %u", status);
}

/* Whether it is sampled so often that it is to keep its connection. */
static gboolean
is_frequent (const BobbinProbeHttp *self, gint64 now)
{
  return self->sampled > 0 && now - self->sampled < KEEP_TIME;
}

static gboolean
must_connect (const BobbinProbeHttp *self, gint64 now)
{
  return self->connected == 0 || now - self->connected >= bobbin_probe_http_fresh_time;
}

static BobbinProbeFetchWishes
get_wishes (BobbinProbeHttp *self, gboolean keeps_connection)
{
  return (BobbinProbeFetchWishes){
    .keeps_connection = keeps_connection,
    .keeps_body = bobbin_http_expectation_wants_body (self->expectation),
    .wants_body = wants_body,
    .user_data = self,
  };
}

static gboolean
take_answer (BobbinProbeHttp *self,
             BobbinProbeFetch *fetch,
             gboolean is_kept,
             GCancellable *cancellable,
             BobbinSample *sample,
             GError **error)
{
  self->is_long = fetch->n_read > MAX_LIGHT;
  describe (fetch, sample);
  if (fetch->error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&fetch->error));
      return FALSE;
    }
  sample->value = (is_kept ? fetch->asked : fetch->ended - fetch->began) / 1000.0;

  return check (self, fetch, cancellable, error);
}

static gboolean
http_sample (BobbinProbe *probe, GCancellable *cancellable, BobbinSample *sample, GError **error)
{
  BobbinProbeHttp *self = (BobbinProbeHttp *) probe;
  const gint64 now = bobbin_clock_get_boottime ();
  const gboolean is_kept = is_frequent (self, now);
  const gboolean is_new = !is_kept || must_connect (self, now);
  const BobbinProbeFetchWishes wishes = get_wishes (self, !is_new);
  g_auto (BobbinProbeFetch) fetch = { 0 };

  self->sampled = now;
  if (is_kept && is_new)
    self->connected = now;
  bobbin_probe_fetch_run (&fetch, &self->plan, &wishes, cancellable);

  return take_answer (self, &fetch, is_kept, cancellable, sample, error);
}

/* Whether to look at what comes takes as good as no time. */
static gboolean
is_quick (const BobbinProbeHttp *self)
{
  return !bobbin_http_expectation_wants_body (self->expectation) ||
         (bobbin_http_expectation_is_quick (self->expectation) && !self->is_long);
}

static gboolean
http_is_light (BobbinProbe *probe)
{
  BobbinProbeHttp *self = (BobbinProbeHttp *) probe;
  const gint64 now = bobbin_clock_get_boottime ();

  return is_frequent (self, now) && !must_connect (self, now) &&
         bobbin_probe_fetch_is_plain (&self->plan) && is_quick (self);
}

static void
on_answer (gpointer user_data)
{
  Asked *asked = user_data;
  GError *error = NULL;

  if (!take_answer (asked->probe, &asked->fetch, TRUE, asked->cancellable, asked->sample, &error))
    asked->sample->value = NAN;
  bobbin_probe_fetch_clear (&asked->fetch);
  asked->func (error, asked->user_data);

  g_object_unref (asked->cancellable);
  g_free (asked);
}

static void
http_ask (BobbinProbe *probe,
          GCancellable *cancellable,
          BobbinSample *sample,
          BobbinProbeAskedFunc func,
          gpointer user_data)
{
  BobbinProbeHttp *self = (BobbinProbeHttp *) probe;
  const BobbinProbeFetchWishes wishes = get_wishes (self, TRUE);
  Asked *asked = g_new0 (Asked, 1);

  self->sampled = bobbin_clock_get_boottime ();
  asked->probe = self;
  asked->sample = sample;
  asked->cancellable = g_object_ref (cancellable);
  asked->func = func;
  asked->user_data = user_data;
  bobbin_probe_fetch_begin (&asked->fetch, &self->plan, &wishes, &self->lane, cancellable,
                            on_answer, asked);
}

static void
http_clear (BobbinProbe *probe)
{
  BobbinProbeHttp *self = (BobbinProbeHttp *) probe;

  bobbin_probe_fetch_plan_clear (&self->plan);
  g_clear_pointer (&self->expectation, bobbin_http_expectation_free);
}

static const BobbinProbeClass http_class = {
  .unit = "ms",
  .scope = BOBBIN_PROBE_NETWORK,
  .sample = http_sample,
  .is_light = http_is_light,
  .ask = http_ask,
  .clear = http_clear,
};

static gboolean
take_options (BobbinProbeHttp *self, GVariant *options, GError **error)
{
  const BobbinProbeOption *table = bobbin_probe_http_options;

  self->expectation = bobbin_http_expectation_new (table, options, error);
  if (self->expectation == NULL)
    return FALSE;

  g_free (self->plan.method);
  self->plan.method = bobbin_probe_options_dup_string (table, options, "method");
  self->plan.follow = bobbin_probe_options_get_boolean (table, options, "follow-redirects");
  if (!g_str_equal (self->plan.method, SOUP_METHOD_HEAD) ||
      !bobbin_http_expectation_wants_body (self->expectation))
    return TRUE;

  g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
                       /* Translators: leave HEAD as it is */
                       _ ("With the method HEAD no text comes that something could be looked for "
                          "in."));

  return FALSE;
}

/**
 * bobbin_probe_http_new: (skip)
 * @address: of kind http or https
 * @options: (nullable): what is set for it, a{sv}
 * @error: where to say what is wrong: %BOBBIN_ERROR_BAD_ADDRESS or %BOBBIN_ERROR_BAD_SETTING
 *
 * The details of its samples are those of bobbin_probe_fetch_describe().
 *
 * Returns: (transfer full) (nullable): a probe of that address
 */
BobbinProbe *
bobbin_probe_http_new (const char *address, GVariant *options, GError **error)
{
  BobbinProbeFetchPlan plan;
  BobbinProbeHttp *self;

  if (!bobbin_probe_fetch_plan_init (&plan, address, bobbin_probe_http_options, options, error))
    return NULL;

  self = bobbin_probe_alloc (&http_class, sizeof *self, g_strdup (g_uri_get_host (plan.uri)));
  self->plan = plan;
  if (!take_options (self, options, error))
    {
      bobbin_probe_unref (&self->parent);
      return NULL;
    }

  return &self->parent;
}
