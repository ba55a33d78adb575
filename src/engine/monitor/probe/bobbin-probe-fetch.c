/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What probes ask a web server, and what is told of its answer; how they ask is in
 * bobbin-probe-fetch-run.c. Any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-probe-fetch.h"

#include "bobbin-display.h"
#include "bobbin-error.h"
#include "bobbin-http-policy.h"
#include "bobbin-line-regex.h"
#include "bobbin-probe-certificate.h"

#include <glib/gi18n-lib.h>

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

/**
 * bobbin_probe_fetch_is_plain: (skip)
 * @self: a plan
 *
 * Returns: whether to ask takes no file to be read, tells the server of nobody, and goes over any
 *   kind of address: so it can be asked beside others, over the same connections
 */
gboolean
bobbin_probe_fetch_is_plain (const BobbinProbeFetchPlan *self)
{
  return self->context == NULL && self->family == G_SOCKET_FAMILY_INVALID &&
         g_uri_get_userinfo (self->uri) == NULL;
}

/**
 * bobbin_probe_fetch_dup_source: (skip)
 * @message: a question, or its answer
 *
 * Returns: (transfer full): what is asked for, without what differs from one signed address to the
 *   next: what is said of a version is of that only
 */
char *
bobbin_probe_fetch_dup_source (SoupMessage *message)
{
  return g_uri_to_string_partial (soup_message_get_uri (message),
                                  G_URI_HIDE_USERINFO | G_URI_HIDE_QUERY | G_URI_HIDE_FRAGMENT);
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
