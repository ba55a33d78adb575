/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How probes ask a web server: one answer, wherever it leads, and as much of its body as is wanted.
 * Usually each time has a session of its own, for a connection kept from an earlier one would make
 * half of what is measured vanish. Who asks every other second may want that: to connect is most of
 * what asking costs, here and there. In a worker; one cancellable ends it wherever it waits.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-probe-fetch.h"

#include "bobbin-clock-private.h"
#include "bobbin-display.h"
#include "bobbin-error.h"
#include "bobbin-http-body.h"
#include "bobbin-http-connection.h"
#include "bobbin-http-policy.h"
#include "bobbin-http-redirect.h"
#include "bobbin-http-run.h"
#include "bobbin-line-regex.h"
#include "bobbin-probe-certificate.h"

#include <glib/gi18n-lib.h>

#define READ_SIZE (64 * 1024)

/* More is not kept in memory, whatever is set. */
#define MAX_BODY (64 * 1024 * 1024)

const char *const bobbin_probe_fetch_families[] = { "any", "4", "6", NULL };

static GSocketFamily
take_family (const BobbinProbeOption *table, GVariant *options)
{
  g_autofree char *ip = bobbin_probe_options_dup_string (table, options, "ip");

  if (g_str_equal (ip, "any"))
    return G_SOCKET_FAMILY_INVALID;

  return g_str_equal (ip, "4") ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6;
}

static gboolean
take_context (BobbinProbeFetchPlan *self,
              const BobbinProbeOption *table,
              GVariant *options,
              GError **error)
{
  g_autofree char *user = bobbin_probe_options_dup_string (table, options, "user");
  g_autofree char *password = bobbin_probe_options_dup_string (table, options, "password");
  g_autofree char *ca_file = bobbin_probe_options_dup_string (table, options, "ca-file");
  g_autoptr (GVariant) list = bobbin_probe_options_get (table, options, "headers");
  g_autofree const char **headers = g_variant_get_strv (list, NULL);
  const BobbinHttpSettings settings = { .headers = headers,
                                        .user = user,
                                        .password = password,
                                        .ca_file = ca_file };

  self->context = bobbin_http_context_new (&settings, error);
  /* What an answer is like does not depend on who asks then: a login is a status as any other. */
  if (self->context != NULL && bobbin_http_context_is_empty (self->context))
    g_clear_pointer (&self->context, bobbin_http_context_unref);
  else if (self->context == NULL)
    return FALSE;

  return TRUE;
}

/**
 * bobbin_probe_fetch_plan_init: (skip)
 * @self: (out): what to fill in; all of it but whether redirects are followed, which they are, and
 *   the method, which is GET
 * @address: of kind http or https
 * @table: the kind's options, those of %BOBBIN_PROBE_FETCH_OPTIONS among them
 * @options: (nullable): what is set, a{sv}; it is checked
 * @error: where to say what is wrong: %BOBBIN_ERROR_BAD_ADDRESS or %BOBBIN_ERROR_BAD_SETTING
 *
 * Returns: whether it can be asked; else nothing is to be cleared
 */
gboolean
bobbin_probe_fetch_plan_init (BobbinProbeFetchPlan *self,
                              const char *address,
                              const BobbinProbeOption *table,
                              GVariant *options,
                              GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (address, SOUP_HTTP_URI_FLAGS, NULL);
  guint64 max_body;

  *self = (BobbinProbeFetchPlan){ .follow = TRUE };
  if (!bobbin_http_has_valid_host (uri))
    {
      g_autofree char *shown = bobbin_display_address (address);

      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
                   /* Translators: %s is what the user typed */
                   _ ("“%s” is no address of the web. Write it as https://example.org/."), shown);
      return FALSE;
    }
  if (!bobbin_probe_options_check (table, options, error) ||
      !take_context (self, table, options, error))
    return FALSE;

  max_body = bobbin_probe_options_get_number (table, options, "max-body");
  self->max_body = (gsize) MIN (max_body, MAX_BODY);
  self->max_redirects = (guint) bobbin_probe_options_get_number (table, options, "max-redirects");
  self->family = take_family (table, options);
  self->method = g_strdup (SOUP_METHOD_GET);
  self->uri = g_steal_pointer (&uri);

  return TRUE;
}

/**
 * bobbin_probe_fetch_plan_clear: (skip)
 * @self: a plan that nothing uses any more
 *
 * Frees what it holds.
 */
void
bobbin_probe_fetch_plan_clear (BobbinProbeFetchPlan *self)
{
  g_clear_pointer (&self->uri, g_uri_unref);
  g_clear_pointer (&self->context, bobbin_http_context_unref);
  g_clear_pointer (&self->method, g_free);
}

/* A short answer comes with its head: to wait for what is there costs more than to take it. Of a
 * long one who cancels is heard between two pieces. One that was cancelled when its head came has a
 * broken connection, and that is not what is wrong with it. */
static gssize
read_some (BobbinProbeFetch *self, BobbinHttpBody *body, char *buffer, GCancellable *cancellable)
{
  const gboolean is_short = self->n_read < READ_SIZE && !g_cancellable_is_cancelled (cancellable);
  const gssize n = is_short ? bobbin_http_body_read_now (body, buffer, READ_SIZE) : -1;

  return n >= 0 ? n : bobbin_http_body_read (body, buffer, READ_SIZE, cancellable, &self->error);
}

/* Up to the end, or to as much as is waited for. */
static void
read_all (BobbinProbeFetch *self,
          BobbinHttpBody *body,
          const BobbinProbeFetchPlan *plan,
          gboolean keep,
          GCancellable *cancellable)
{
  g_autofree char *buffer = g_malloc (READ_SIZE);
  gssize n;

  do
    {
      n = read_some (self, body, buffer, cancellable);
      if (n > 0 && keep)
        g_byte_array_append (self->body, (const guint8 *) buffer,
                             (guint) MIN ((gsize) n, plan->max_body - self->n_read));
      self->n_read += MAX (n, 0);
      self->is_cut = self->n_read > plan->max_body;
    }
  while (n > 0 && self->n_read <= plan->max_body);

  /* Small devices end so, and this one did answer. */
  if (n < 0 && bobbin_http_body_is_open_ended (body) &&
      g_error_matches (self->error, G_TLS_ERROR, G_TLS_ERROR_EOF))
    g_clear_error (&self->error);
}

static void
set_request (BobbinProbeFetch *self, BobbinHttpRun *run, const BobbinProbeFetchWishes *wishes)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (self->message);

  if (run != NULL)
    bobbin_http_run_apply (run, self->message);
  soup_message_add_flags (self->message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_COLLECT_METRICS);
  if (wishes->etag != NULL)
    soup_message_headers_replace (headers, "If-None-Match", wishes->etag);
  if (wishes->last_modified != NULL)
    soup_message_headers_replace (headers, "If-Modified-Since", wishes->last_modified);
}

/* RFC 9110 §15.4: only these two keep the method, and GET and HEAD stay what they are. */
static const char *
method_after (SoupMessage *message)
{
  const guint status = soup_message_get_status (message);
  const char *method = soup_message_get_method (message);

  if (status == SOUP_STATUS_TEMPORARY_REDIRECT || status == SOUP_STATUS_PERMANENT_REDIRECT)
    return method;

  return g_str_equal (method, SOUP_METHOD_HEAD) ? SOUP_METHOD_HEAD : SOUP_METHOD_GET;
}

/* Takes the next step of where a redirect leads; @body is its own. */
static gboolean
follow (BobbinProbeFetch *self,
        BobbinHttpBody *body,
        const BobbinProbeFetchPlan *plan,
        GCancellable *cancellable)
{
  g_autofree char *from = g_uri_to_string (soup_message_get_uri (self->message));
  g_autofree char *to = NULL;
  const char *method = method_after (self->message);

  bobbin_http_body_close (body, cancellable);
  if (self->n_redirects >= plan->max_redirects)
    {
      self->error = g_error_new (
        BOBBIN_ERROR, BOBBIN_ERROR_REDIRECT,
        /* Translators: a number, then a host's name */
        ngettext ("At most %u redirect was expected, but %s leads on to yet another address.",
                  "At most %u redirects were expected, but %s leads on to yet another address.",
                  plan->max_redirects),
        plan->max_redirects, g_uri_get_host (soup_message_get_uri (self->message)));
      return FALSE;
    }
  if (!bobbin_http_follow (self->message, from, ++self->n_redirects, &to, &self->error))
    return FALSE;

  g_object_unref (self->message);
  self->message = soup_message_new (method, to);

  return TRUE;
}

/* µs that passed until the request could be sent; of one that was not, all. */
static gint64
get_connecting_time (SoupMessage *message)
{
  SoupMessageMetrics *metrics = soup_message_get_metrics (message);
  const guint64 begin = metrics != NULL ? soup_message_metrics_get_fetch_start (metrics) : 0;
  const guint64 asked = begin > 0 ? soup_message_metrics_get_request_start (metrics) : 0;

  return asked > begin ? (gint64) (asked - begin) : 0;
}

/* Asks, wherever it leads, until there is an answer that is no redirect. */
static BobbinHttpBody *
ask (BobbinProbeFetch *self,
     BobbinHttpSession *session,
     const BobbinProbeFetchPlan *plan,
     BobbinHttpRun *run,
     const BobbinProbeFetchWishes *wishes,
     GCancellable *cancellable)
{
  for (;;)
    {
      BobbinHttpBody *body;

      set_request (self, run, wishes);
      body = bobbin_http_session_send (session, self->message, cancellable, &self->error);
      self->asked -= get_connecting_time (self->message);
      if (body == NULL || !plan->follow || !bobbin_http_is_redirect (self->message))
        return body;
      if (!follow (self, body, plan, cancellable))
        return NULL;
    }
}

static gboolean
is_wanted (BobbinProbeFetch *self, const BobbinProbeFetchWishes *wishes)
{
  const guint status = soup_message_get_status (self->message);

  return wishes->wants_body != NULL ? wishes->wants_body (status, wishes->user_data) : status < 400;
}

/* So many kept connections have failed, of whatever thread. */
static int n_broken; /* (atomic) */

/* Whose the kept connections are. Those from before this computer slept, or before one failed, are
 * nobody's: the other end may be gone without a word, and then a sample would wait in vain. */
static char *
make_realm (BobbinHttpRun *run)
{
  const char *realm = run != NULL ? bobbin_http_run_get_realm (run) : NULL;

  return g_strdup_printf ("probes %d %" G_GINT64_FORMAT " %s", g_atomic_int_get (&n_broken),
                          bobbin_clock_get_asleep () / G_USEC_PER_SEC, realm != NULL ? realm : "");
}

static void
enter_kept (BobbinHttpSession *session, BobbinHttpRun *run)
{
  g_autofree char *realm = make_realm (run);

  bobbin_http_session_enter (session, realm);
}

static void
leave_kept (BobbinHttpSession *session, const GError *error)
{
  bobbin_http_session_settle (session);
  /* One that took too long was cancelled. */
  if (error != NULL)
    g_atomic_int_inc (&n_broken);
}

/* A connection that is kept is the thread's, which has none for addresses of one kind only. */
static void
get (BobbinProbeFetch *self,
     const BobbinProbeFetchPlan *plan,
     BobbinHttpRun *run,
     const BobbinProbeFetchWishes *wishes,
     GCancellable *cancellable)
{
  const gboolean is_kept = wishes->keeps_connection && plan->family == G_SOCKET_FAMILY_INVALID;
  BobbinHttpSession *session =
    is_kept ? bobbin_http_session_get () : bobbin_http_session_new_for_family (plan->family);
  BobbinProbeLoop loop;
  BobbinHttpBody *body;

  bobbin_probe_loop_enter (&loop, session->context, cancellable);
  if (is_kept)
    enter_kept (session, run);
  body = ask (self, session, plan, run, wishes, loop.cancellable);
  if (body != NULL && is_wanted (self, wishes))
    read_all (self, body, plan, wishes->keeps_body, loop.cancellable);
  self->ended = g_get_monotonic_time ();
  self->asked += self->ended - self->began;

  g_clear_pointer (&body, bobbin_http_body_free);
  if (is_kept)
    leave_kept (session, self->error);
  bobbin_probe_loop_leave (&loop);
  if (!is_kept)
    bobbin_http_session_free (session);
}

/* Whether nothing but the kind of address that was asked for kept it from connecting: a socket of
 * the other kind cannot be bound. */
static gboolean
is_pinned_out (const GError *error, GSocketFamily family)
{
  return family != G_SOCKET_FAMILY_INVALID && error->domain == G_IO_ERROR &&
         (error->code == G_IO_ERROR_INVALID_ARGUMENT || error->code == G_IO_ERROR_NOT_SUPPORTED);
}

static GError *
translate (BobbinProbeFetch *self, const BobbinProbeFetchPlan *plan)
{
  const GError *error = self->error;
  const char *host = g_uri_get_host (soup_message_get_uri (self->message));
  GTlsCertificateFlags flags = soup_message_get_tls_peer_certificate_errors (self->message);
  const char *proxy = bobbin_http_get_unreached_proxy (self->message);

  if (proxy != NULL)
    return bobbin_error_from_proxy (error, proxy);
  if (g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE) && flags != 0)
    return bobbin_error_from_tls (flags, host);
  if (is_pinned_out (error, plan->family))
    return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_UNREACHABLE,
                        plan->family == G_SOCKET_FAMILY_IPV4
                          ? /* Translators: %s is a host's name */
                          _ ("%s has no IPv4 address, and no other may be used.")
                          : /* Translators: %s is a host's name */
                          _ ("%s has no IPv6 address, and no other may be used."),
                        host);
  /* Nothing had come yet that could have been cut off. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) &&
      soup_message_get_status (self->message) == SOUP_STATUS_NONE)
    {
      const GError closed = { G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, error->message };

      return bobbin_error_from_gio (&closed, host);
    }

  return bobbin_error_from_gio (error, host);
}

/**
 * bobbin_probe_fetch_run: (skip)
 * @self: (out): what comes of it; to be cleared in any case
 * @plan: how to ask
 * @wishes: what is wanted this time
 * @cancellable: (nullable): ends it
 *
 * Asks, and waits for the answer. Worker thread.
 *
 * Returns: whether there is an answer, of whatever status; else the error is set
 */
gboolean
bobbin_probe_fetch_run (BobbinProbeFetch *self,
                        const BobbinProbeFetchPlan *plan,
                        const BobbinProbeFetchWishes *wishes,
                        GCancellable *cancellable)
{
  g_autoptr (BobbinHttpRun) run = NULL;
  GError *raw;

  *self = (BobbinProbeFetch){ .body = g_byte_array_new (),
                              .message = soup_message_new_from_uri (plan->method, plan->uri) };
  if (plan->context != NULL)
    {
      g_autofree char *address = g_uri_to_string (plan->uri);

      run = bobbin_http_run_new (plan->context, address, &self->error);
      if (run == NULL)
        return FALSE;
    }

  self->began = g_get_monotonic_time ();
  get (self, plan, run, wishes, cancellable);
  raw = self->error;
  if (raw != NULL)
    {
      self->error = translate (self, plan);
      g_error_free (raw);
    }
  else if (run != NULL && soup_message_get_status (self->message) == SOUP_STATUS_UNAUTHORIZED)
    {
      self->error = bobbin_http_run_explain_login (run, self->message);
    }

  return self->error == NULL;
}

/**
 * bobbin_probe_fetch_dup_text: (skip)
 * @self: an answer
 *
 * Returns: (transfer full): what came of the body, in UTF-8
 */
char *
bobbin_probe_fetch_dup_text (const BobbinProbeFetch *self)
{
  g_autoptr (GHashTable) parameters = NULL;
  const char *charset = NULL;

  soup_message_headers_get_content_type (soup_message_get_response_headers (self->message),
                                         &parameters);
  if (parameters != NULL)
    charset = g_hash_table_lookup (parameters, "charset");

  /* Where nothing came there is no data at all. */
  if (self->body->len == 0)
    return g_strdup ("");

  return bobbin_line_regex_text ((const char *) self->body->data, self->body->len, charset);
}

/* ms from one moment to another, where both were. */
static void
insert_phase (GVariantDict *details, const char *name, guint64 from, guint64 to)
{
  if (from > 0 && to >= from)
    g_variant_dict_insert (details, name, "d", (double) (to - from) / 1000);
}

static void
describe_phases (const BobbinProbeFetch *self, GVariantDict *details)
{
  SoupMessageMetrics *metrics = soup_message_get_metrics (self->message);
  guint64 connect_end;
  guint64 tls;

  if (metrics != NULL)
    {
      tls = soup_message_metrics_get_tls_start (metrics);
      connect_end = soup_message_metrics_get_connect_end (metrics);
      insert_phase (details, "name-ms", soup_message_metrics_get_dns_start (metrics),
                    soup_message_metrics_get_dns_end (metrics));
      insert_phase (details, "connect-ms", soup_message_metrics_get_connect_start (metrics),
                    tls > 0 ? tls : connect_end);
      insert_phase (details, "tls-ms", tls, connect_end);
      insert_phase (details, "first-byte-ms", soup_message_metrics_get_request_start (metrics),
                    soup_message_metrics_get_response_start (metrics));
    }
  insert_phase (details, "whole-ms", self->began, self->ended);
}

/**
 * bobbin_probe_fetch_describe: (skip)
 * @self: an answer, or none
 * @details: where to put what was measured
 *
 * Adds `name-ms`, `connect-ms`, `tls-ms` and `first-byte-ms` of the last request, `whole-ms` of all
 * of them, d; `status` and `redirects`, u; `bytes`, t; `ip`, s; and of https `certificate-days`, d.
 * What there was not is left out.
 */
void
bobbin_probe_fetch_describe (const BobbinProbeFetch *self, GVariantDict *details)
{
  GSocketAddress *remote = soup_message_get_remote_address (self->message);
  GTlsCertificate *certificate = soup_message_get_tls_peer_certificate (self->message);
  const guint status = soup_message_get_status (self->message);

  if (self->ended > 0)
    describe_phases (self, details);
  if (status != SOUP_STATUS_NONE)
    g_variant_dict_insert (details, "status", "u", status);
  g_variant_dict_insert (details, "redirects", "u", self->n_redirects);
  g_variant_dict_insert (details, "bytes", "t", (guint64) self->n_read);
  if (G_IS_INET_SOCKET_ADDRESS (remote))
    {
      GInetAddress *address = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote));
      g_autofree char *ip = g_inet_address_to_string (address);

      g_variant_dict_insert (details, "ip", "s", ip);
    }
  if (certificate != NULL)
    bobbin_certificate_describe (certificate, details);
}

/**
 * bobbin_probe_fetch_clear: (skip)
 * @self: what came of it
 *
 * Frees what it holds.
 */
void
bobbin_probe_fetch_clear (BobbinProbeFetch *self)
{
  g_clear_object (&self->message);
  g_clear_pointer (&self->body, g_byte_array_unref);
  g_clear_error (&self->error);
}
