/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Asks a server what a file is called and how long it is, before anybody decides to download it.
 * Only the head of an answer is of interest: HEAD asks for that. Where a server does not like to be
 * asked so, and many don't, it is asked as a download would ask, and nothing of the body is read.
 *
 * In a worker, with a session of its own that is gone after it; one cancellable ends it wherever it
 * waits.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-inspection.h"

#include "bobbin-cancel-watch.h"
#include "bobbin-error.h"
#include "bobbin-file-name.h"
#include "bobbin-http-body.h"
#include "bobbin-http-connection.h"
#include "bobbin-http-kind.h"
#include "bobbin-http-redirect.h"
#include "bobbin-http-run.h"

#include <glib/gi18n-lib.h>

#define PATIENCE (30 * 1000)

guint bobbin_inspection_patience = PATIENCE;

typedef struct
{
  char *address;              /* (owned) */
  BobbinHttpContext *context; /* (owned) (nullable) */
  BobbinInspection *found;    /* (owned) (nullable): what came of it */
} Spec;

/* What the worker has of it while it asks. */
typedef struct
{
  BobbinHttpSession *session; /* (owned) */
  BobbinHttpRun *run;         /* (owned) */
  GCancellable *cancellable;  /* (owned): what ends it, in this thread */
  SoupMessage *message;       /* (owned) (nullable): the last one */
  char *url;                  /* (owned): of the message */
  gboolean is_late;
} Asking;

static void
spec_free (gpointer data)
{
  Spec *self = data;

  g_free (self->address);
  g_clear_pointer (&self->context, bobbin_http_context_unref);
  g_clear_pointer (&self->found, bobbin_inspection_free);
  g_free (self);
}

/**
 * bobbin_inspection_free:
 * @self: (transfer full): what a server said
 */
void
bobbin_inspection_free (BobbinInspection *self)
{
  g_free (self->name);
  g_free (self);
}

/* ---- asking */

static GError *
explain (Asking *self, const GError *error)
{
  const char *host = g_uri_get_host (soup_message_get_uri (self->message));
  const GError late = { G_IO_ERROR, G_IO_ERROR_TIMED_OUT, NULL };
  const GError closed = { G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, NULL };
  GTlsCertificateFlags flags = soup_message_get_tls_peer_certificate_errors (self->message);
  const char *proxy = bobbin_http_get_unreached_proxy (self->message);

  if (proxy != NULL)
    return bobbin_error_from_proxy (self->is_late ? &late : error, proxy);
  if (self->is_late)
    return bobbin_error_from_gio (&late, host);
  if (g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE) && flags != 0)
    return bobbin_error_from_tls (flags, host);
  /* Nothing had come yet that could have been cut off. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
    return bobbin_error_from_gio (&closed, host);

  return bobbin_error_from_gio (error, host);
}

/* One request; whatever it is answered is an answer. */
static gboolean
send_one (Asking *self, const char *method, GError **error)
{
  g_autoptr (GError) raw = NULL;
  BobbinHttpBody *body;

  g_clear_object (&self->message);
  self->message = soup_message_new (method, self->url);
  bobbin_http_run_apply (self->run, self->message);
  soup_message_add_flags (self->message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_headers_replace (soup_message_get_request_headers (self->message), "Accept-Encoding",
                                "identity");
  body = bobbin_http_session_send (self->session, self->message, self->cancellable, &raw);
  if (body == NULL)
    {
      g_propagate_error (error, explain (self, raw));
      return FALSE;
    }

  bobbin_http_body_free (body);

  return TRUE;
}

/* Wherever it leads. */
static gboolean
ask (Asking *self, const char *address, const char *method, GError **error)
{
  guint n_redirects = 0;

  g_free (self->url);
  self->url = g_strdup (address);
  for (;;)
    {
      char *to = NULL;

      if (!send_one (self, method, error))
        return FALSE;
      if (!bobbin_http_is_redirect (self->message))
        return TRUE;
      if (!bobbin_http_follow (self->message, self->url, ++n_redirects, &to, error))
        return FALSE;
      g_free (self->url);
      self->url = to;
    }
}

static gboolean
is_good (Asking *self)
{
  return SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (self->message));
}

/* A login is asked for whatever the method. */
static gboolean
is_worth_asking_again (Asking *self)
{
  return !is_good (self) && soup_message_get_status (self->message) != SOUP_STATUS_UNAUTHORIZED;
}

static gboolean
ask_both_ways (Asking *self, const char *address, GError **error)
{
  const char *host;

  if (!ask (self, address, SOUP_METHOD_HEAD, error))
    return FALSE;
  if (is_worth_asking_again (self) && !ask (self, address, SOUP_METHOD_GET, error))
    return FALSE;
  if (is_good (self))
    return TRUE;

  host = g_uri_get_host (soup_message_get_uri (self->message));
  if (soup_message_get_status (self->message) == SOUP_STATUS_UNAUTHORIZED)
    g_propagate_error (error, bobbin_http_run_explain_login (self->run, self->message));
  else
    g_propagate_error (error,
                       bobbin_error_from_status (soup_message_get_status (self->message), host));

  return FALSE;
}

/* ---- what the answer says */

/* What is coded has another length when it is decoded, and a download would ask for it as it is. */
static gint64
read_length (SoupMessageHeaders *headers)
{
  const char *text = soup_message_headers_get_one (headers, "Content-Length");
  guint64 length;

  if (text == NULL || soup_message_headers_get_one (headers, "Content-Encoding") != NULL ||
      !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &length, NULL))
    return -1;

  return (gint64) length;
}

static BobbinInspection *
describe (Asking *self)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);
  BobbinInspection *found = g_new0 (BobbinInspection, 1);
  g_autofree char *given = bobbin_file_name_from_disposition (
    soup_message_headers_get_one (headers, "Content-Disposition"));

  found->name = given != NULL ? g_strdup (given) : bobbin_file_name_from_uri (self->url);
  found->length = read_length (headers);
  found->is_page =
    bobbin_http_is_web_page_instead (soup_message_headers_get_one (headers, "Content-Type"),
                                     given != NULL, found->name);

  return found;
}

/* ---- in the worker */

static gboolean
on_cancelled (gpointer user_data)
{
  Asking *self = user_data;

  g_cancellable_cancel (self->cancellable);

  return G_SOURCE_REMOVE;
}

static gboolean
on_late (gpointer user_data)
{
  Asking *self = user_data;

  self->is_late = TRUE;
  g_cancellable_cancel (self->cancellable);

  return G_SOURCE_REMOVE;
}

static GSource *
attach (Asking *self, GSource *source, GSourceFunc func)
{
  g_source_set_callback (source, func, self, NULL);
  g_source_attach (source, self->session->context);

  return source;
}

static void
detach (GSource *source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

static gboolean
ask_until (Asking *self, const char *address, GCancellable *cancellable, GError **error)
{
  GSource *cancel = attach (self, bobbin_cancel_watch_new (cancellable), on_cancelled);
  GSource *patience = attach (self, g_timeout_source_new (bobbin_inspection_patience), on_late);
  gboolean asked;

  g_source_set_static_name (patience, "[bobbin] patience with a server");
  g_main_context_push_thread_default (self->session->context);
  asked = ask_both_ways (self, address, error);
  g_main_context_pop_thread_default (self->session->context);
  detach (patience);
  detach (cancel);

  return asked;
}

static gboolean
inspect (gpointer data, BobbinMailboxSlot *slot, GCancellable *cancellable, GError **error)
{
  Spec *spec = data;
  g_autoptr (GError) local_error = NULL;
  Asking asking = { 0 };

  asking.run = bobbin_http_run_new (spec->context, spec->address, error);
  if (asking.run == NULL)
    return FALSE;

  asking.session = bobbin_http_session_new ();
  asking.cancellable = g_cancellable_new ();
  if (ask_until (&asking, spec->address, cancellable, &local_error))
    spec->found = describe (&asking);
  else if (g_cancellable_is_cancelled (cancellable))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, C_ ("state of a job", "Stopped"));
  else
    g_propagate_error (error, g_steal_pointer (&local_error));

  g_clear_object (&asking.message);
  bobbin_http_session_free (asking.session);
  bobbin_http_run_unref (asking.run);
  g_object_unref (asking.cancellable);
  g_free (asking.url);

  return spec->found != NULL;
}

/**
 * bobbin_inspection_run_async:
 * @address: a valid address, see bobbin_download_check_address()
 * @context: (nullable): what the request is to say beside the address
 * @pool: whose thread asks
 * @cancellable: ends it
 * @callback: called when the worker has returned
 * @user_data: for @callback
 *
 * Asks a server about a file; half a minute at the most. Main thread.
 */
void
bobbin_inspection_run_async (const char *address,
                             BobbinHttpContext *context,
                             BobbinWorkerPool *pool,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Spec *spec;

  g_return_if_fail (address != NULL);
  g_return_if_fail (G_IS_CANCELLABLE (cancellable));

  spec = g_new0 (Spec, 1);
  spec->address = g_strdup (address);
  spec->context = context != NULL ? bobbin_http_context_ref (context) : NULL;

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, bobbin_inspection_run_async);
  g_task_set_name (task, "[bobbin] inspection of an address");
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, spec, spec_free);
  if (!bobbin_worker_pool_push (pool, task, inspect, NULL))
    g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_CLOSED, "%s",
                             _ ("Bobbin is quitting and begins nothing new."));
}

/**
 * bobbin_inspection_run_finish:
 * @result: what the callback got
 * @error: why the server did not say: a %BOBBIN_ERROR, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): what the server said
 */
BobbinInspection *
bobbin_inspection_run_finish (GAsyncResult *result, GError **error)
{
  Spec *spec;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  spec = g_task_get_task_data (G_TASK (result));
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;

  return g_steal_pointer (&spec->found);
}
