/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How probes ask a web server: one answer, wherever it leads, and as much of its body as is wanted.
 * Usually each time has a session of its own, for a connection kept from an earlier one would make
 * half of what is measured vanish. Who asks every other second may want that: to connect is most of
 * what asking costs, here and there. In a worker; one cancellable ends it wherever it waits.
 *
 * Everything is asynchronous in the session's context; for who has the thread to himself there is a
 * function that reads as if it blocked.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-probe-fetch.h"

#include "bobbin-clock-private.h"
#include "bobbin-error.h"
#include "bobbin-http-body.h"
#include "bobbin-http-connection.h"
#include "bobbin-http-redirect.h"
#include "bobbin-http-run.h"

#include <glib/gi18n-lib.h>

/* What is there already is read in pieces of the one size, what is waited for in those of the
 * other. */
#define BRIEF_SIZE (8 * 1024)
#define READ_SIZE  (64 * 1024)

/* A question, until there is its answer, or none. */
typedef struct
{
  BobbinProbeFetch *fetch;
  const BobbinProbeFetchPlan *plan;
  BobbinProbeFetchWishes wishes;
  BobbinHttpRun *run; /* (owned) (nullable) */
  BobbinHttpSession *session;
  guint lane;
  gboolean has_lane;         /* took it, and is to leave it */
  gboolean is_kept;          /* the connection is */
  GCancellable *cancellable; /* (owned) */
  BobbinHttpBody *body;      /* (owned) (nullable) */
  char *buffer;              /* (owned) (nullable): where there is more than is brief */
  BobbinProbeFetchFunc func;
  gpointer user_data;
} Question;

static void ask (Question *self);

/* So many kept connections have failed, of whatever thread. */
static int n_broken; /* (atomic) */

/* Whose the kept connections are. Those from before this computer slept, or before one failed, are
 * nobody's: the other end may be gone without a word, and then a sample would wait in vain. */
static gint64
get_age (void)
{
  return (bobbin_clock_get_asleep () / G_USEC_PER_SEC << 32) + (guint) g_atomic_int_get (&n_broken);
}

/* The login of an address that has nothing else set is in no run; libsoup keeps it all the same. */
static char *
make_realm (BobbinHttpRun *run, GUri *uri)
{
  const char *realm = run != NULL ? bobbin_http_run_get_realm (run) : NULL;
  const char *login = run == NULL ? g_uri_get_userinfo (uri) : NULL;
  g_autofree char *sum =
    login != NULL ? g_compute_checksum_for_string (G_CHECKSUM_SHA256, login, -1) : g_strdup (realm);

  return g_strdup_printf ("probes %" G_GINT64_FORMAT " %s", get_age (), sum != NULL ? sum : "");
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
translate (BobbinProbeFetch *self, const BobbinProbeFetchPlan *plan, const GError *error)
{
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

/* ---- the end */

static void
explain (Question *self)
{
  BobbinProbeFetch *fetch = self->fetch;
  g_autoptr (GError) raw = g_steal_pointer (&fetch->error);

  if (raw != NULL)
    fetch->error = translate (fetch, self->plan, raw);
  else if (self->run != NULL &&
           soup_message_get_status (fetch->message) == SOUP_STATUS_UNAUTHORIZED)
    fetch->error = bobbin_http_run_explain_login (self->run, fetch->message);
}

/* Whether a kept connection has failed. One that took too long was cancelled; where there was an
 * answer, and that is what is wrong, it has not. */
static gboolean
has_broken (Question *self)
{
  const GError *error = self->fetch->error;

  return self->is_kept && error != NULL && error->domain != BOBBIN_ERROR &&
         !bobbin_http_had_only_new (self->fetch->message);
}

static void
question_free (Question *self)
{
  g_clear_pointer (&self->run, bobbin_http_run_unref);
  g_object_unref (self->cancellable);
  g_free (self->buffer);
  g_free (self);
}

static void
end (Question *self)
{
  BobbinProbeFetch *fetch = self->fetch;
  const BobbinProbeFetchFunc func = self->func;
  const gpointer user_data = self->user_data;

  fetch->ended = g_get_monotonic_time ();
  fetch->asked += fetch->ended - fetch->began;
  g_clear_pointer (&self->body, bobbin_http_body_free);
  if (self->has_lane)
    bobbin_http_session_leave_lane (self->session, self->lane);
  if (has_broken (self))
    g_atomic_int_inc (&n_broken);
  explain (self);
  question_free (self);

  func (user_data);
}

/* ---- the body */

/* Whether more of it is waited for. */
static gboolean
take (Question *self, const char *bytes, gsize n)
{
  BobbinProbeFetch *fetch = self->fetch;
  const gsize max = self->plan->max_body;

  if (n > 0 && self->wishes.keeps_body)
    g_byte_array_append (fetch->body, (const guint8 *) bytes, (guint) MIN (n, max - fetch->n_read));
  fetch->n_read += n;
  fetch->is_cut = fetch->n_read > max;

  return n > 0 && !fetch->is_cut;
}

static void
on_read (gssize n, const GError *error, gpointer user_data)
{
  Question *self = user_data;

  if (n >= 0 && take (self, self->buffer, (gsize) n))
    {
      bobbin_http_body_read_async (self->body, self->buffer, READ_SIZE, self->cancellable, on_read,
                                   self);
      return;
    }

  /* Small devices end so, and this one did answer. */
  if (n < 0 && !(bobbin_http_body_is_open_ended (self->body) &&
                 g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_EOF)))
    self->fetch->error = g_error_copy (error);
  end (self);
}

/* A short answer comes with its head: to wait for what is there costs more than to take it. Of a
 * long one who cancels is heard between two pieces. One that was cancelled when its head came has a
 * broken connection, and that is not what is wrong with it. */
static gssize
read_brief (Question *self, char *buffer)
{
  if (self->fetch->n_read >= BRIEF_SIZE || g_cancellable_is_cancelled (self->cancellable))
    return -1;

  return bobbin_http_body_read_now (self->body, buffer, BRIEF_SIZE);
}

/* Up to the end, or to as much as is waited for. */
static void
read_all (Question *self)
{
  char brief[BRIEF_SIZE];
  gssize n;

  do
    n = read_brief (self, brief);
  while (n >= 0 && take (self, brief, (gsize) n));

  if (n >= 0)
    {
      end (self);
      return;
    }

  self->buffer = g_malloc (READ_SIZE);
  bobbin_http_body_read_async (self->body, self->buffer, READ_SIZE, self->cancellable, on_read,
                               self);
}

/* ---- the head */

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

static void
refuse (Question *self)
{
  const char *host = g_uri_get_host (soup_message_get_uri (self->fetch->message));
  const guint max = self->plan->max_redirects;

  self->fetch->error = g_error_new (
    BOBBIN_ERROR, BOBBIN_ERROR_REDIRECT,
    /* Translators: a number, then a host's name */
    ngettext ("At most %u redirect was expected, but %s leads on to yet another address.",
              "At most %u redirects were expected, but %s leads on to yet another address.", max),
    max, host);
}

/* Takes the next step of where a redirect leads. */
static void
follow (gpointer user_data)
{
  Question *self = user_data;
  BobbinProbeFetch *fetch = self->fetch;
  g_autofree char *from = g_uri_to_string (soup_message_get_uri (fetch->message));
  g_autofree char *to = NULL;
  const char *method = method_after (fetch->message);

  if (fetch->n_redirects >= self->plan->max_redirects)
    refuse (self);
  else
    bobbin_http_follow (fetch->message, from, ++fetch->n_redirects, &to, &fetch->error);
  if (fetch->error != NULL)
    {
      end (self);
      return;
    }

  g_object_unref (fetch->message);
  fetch->message = soup_message_new (method, to);
  ask (self);
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

static gboolean
is_wanted (Question *self)
{
  const guint status = soup_message_get_status (self->fetch->message);

  return self->wishes.wants_body != NULL ? self->wishes.wants_body (status, self->wishes.user_data)
                                         : status < 400;
}

static void
on_sent (BobbinHttpBody *body, const GError *error, gpointer user_data)
{
  Question *self = user_data;
  BobbinProbeFetch *fetch = self->fetch;

  self->body = body;
  fetch->asked -= get_connecting_time (fetch->message);
  if (body == NULL)
    {
      fetch->error = g_error_copy (error);
      end (self);
    }
  else if (self->plan->follow && bobbin_http_is_redirect (fetch->message))
    bobbin_http_body_close_async (g_steal_pointer (&self->body), self->cancellable, follow, self);
  else if (is_wanted (self))
    read_all (self);
  else
    end (self);
}

/* Of another page it may be the same that was said of this one. */
static gboolean
is_of_source (Question *self)
{
  g_autofree char *source = NULL;

  if (self->wishes.source == NULL)
    return FALSE;
  source = bobbin_probe_fetch_dup_source (self->fetch->message);

  return g_str_equal (source, self->wishes.source);
}

static void
set_request (Question *self)
{
  SoupMessage *message = self->fetch->message;
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  const BobbinProbeFetchWishes *wishes = &self->wishes;

  if (self->run != NULL)
    bobbin_http_run_apply (self->run, message);
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_COLLECT_METRICS);
  if (!is_of_source (self))
    return;
  if (wishes->etag != NULL)
    soup_message_headers_replace (headers, "If-None-Match", wishes->etag);
  if (wishes->last_modified != NULL)
    soup_message_headers_replace (headers, "If-Modified-Since", wishes->last_modified);
}

/* Asks, wherever it leads, until there is an answer that is no redirect. */
static void
ask (Question *self)
{
  set_request (self);
  bobbin_http_session_send_async (self->session, self->lane, self->fetch->message,
                                  self->cancellable, on_sent, self);
}

/* Waits for nothing; @func is never called before this returns. */
static void
begin (Question *self, BobbinProbeFetchFunc func, gpointer user_data)
{
  self->func = func;
  self->user_data = user_data;
  self->fetch->began = g_get_monotonic_time ();
  ask (self);
}

static Question *
question_new (BobbinProbeFetch *fetch,
              const BobbinProbeFetchPlan *plan,
              const BobbinProbeFetchWishes *wishes,
              GCancellable *cancellable)
{
  Question *self = g_new0 (Question, 1);

  self->fetch = fetch;
  self->plan = plan;
  self->wishes = *wishes;
  self->cancellable = g_object_ref (cancellable);

  return self;
}

static void
fetch_init (BobbinProbeFetch *self, const BobbinProbeFetchPlan *plan)
{
  *self = (BobbinProbeFetch){ .body = g_byte_array_new (),
                              .message = soup_message_new_from_uri (plan->method, plan->uri) };
}

/* ---- for who has the thread to himself */

static void
on_awaited (gpointer user_data)
{
  gboolean *done = user_data;

  *done = TRUE;
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
  g_autofree char *realm = is_kept ? make_realm (run, plan->uri) : NULL;
  BobbinProbeLoop loop;
  Question *question;
  gboolean done = FALSE;

  bobbin_probe_loop_enter (&loop, session->context, cancellable);
  if (is_kept)
    bobbin_http_session_enter (session, realm);
  question = question_new (self, plan, wishes, loop.cancellable);
  question->session = session;
  question->is_kept = is_kept;
  question->run = run != NULL ? bobbin_http_run_ref (run) : NULL;
  begin (question, on_awaited, &done);
  while (!done)
    g_main_context_iteration (session->context, TRUE);

  if (is_kept)
    bobbin_http_session_settle (session);
  bobbin_probe_loop_leave (&loop);
  if (!is_kept)
    bobbin_http_session_free (session);
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

  fetch_init (self, plan);
  if (plan->context != NULL)
    {
      g_autofree char *address = g_uri_to_string (plan->uri);

      run = bobbin_http_run_new (plan->context, address, &self->error);
      if (run == NULL)
        return FALSE;
    }

  get (self, plan, run, wishes, cancellable);

  return self->error == NULL;
}

/**
 * bobbin_probe_fetch_begin: (skip)
 * @self: (out): what comes of it; to be cleared in any case, and to stay where it is until then
 * @plan: how to ask: nothing is set for it but the method and what is read, see
 *   bobbin_probe_fetch_is_plain()
 * @wishes: what is wanted this time; the connection is kept
 * @lane: (inout): 0 the first time, then what it was set to
 * @cancellable: ends it; to be cancelled in this thread only
 * @func: called when there is an answer, or the error is set; never before this returns
 * @user_data: for @func
 *
 * Asks beside others: in a worker that runs the context of its own session, which is its default
 * one.
 */
void
bobbin_probe_fetch_begin (BobbinProbeFetch *self,
                          const BobbinProbeFetchPlan *plan,
                          const BobbinProbeFetchWishes *wishes,
                          guint *lane,
                          GCancellable *cancellable,
                          BobbinProbeFetchFunc func,
                          gpointer user_data)
{
  Question *question = question_new (self, plan, wishes, cancellable);

  g_assert (bobbin_probe_fetch_is_plain (plan));

  fetch_init (self, plan);
  question->session = bobbin_http_session_get ();
  question->lane = bobbin_http_session_take_lane (question->session, *lane, get_age ());
  question->has_lane = TRUE;
  question->is_kept = TRUE;
  *lane = question->lane;
  begin (question, func, user_data);
}
