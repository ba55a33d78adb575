/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-http-body: whatever way a body is sent, and whatever size of bites it is read in, all that
 * came is handed out, once and in order, and then how it ended. Over TLS many records are taken at
 * once; neither bytes nor the end may get lost between them.
 */

#include "config.h"

#include "bobbin-http-body.h"
#include "bobbin-http-session.h"
#include "bobbin-test-content.h"
#include "bobbin-test-server.h"

#include <string.h>

#define SEED   7
#define LENGTH (300 * 1000)

typedef struct
{
  const char *name;
  BobbinTestKind kind;
  gsize bite;
} Way;

typedef struct
{
  BobbinTestServer *server;
  BobbinHttpSession *session;
  gsize bite;
} Fixture;

static gboolean
on_certificate (SoupMessage *message,
                GTlsCertificate *certificate,
                GTlsCertificateFlags errors,
                gpointer user_data)
{
  return TRUE;
}

/* Reads all there is, and compares it with the file. */
static gint64
fixture_read (Fixture *f, BobbinTestFile file, GError **error)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree guint8 *expected = g_malloc (LENGTH);
  g_autofree char *buffer = g_malloc (f->bite);
  g_autofree char *url = bobbin_test_server_get_uri (f->server, "/f");
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
  BobbinHttpBody *body;
  gssize n;
  gint64 at = 0;

  file.seed = SEED;
  file.length = LENGTH;
  bobbin_test_server_set (f->server, "/f", &file);
  bobbin_test_content_fill (SEED, 0, expected, LENGTH);

  g_signal_connect (message, "accept-certificate", G_CALLBACK (on_certificate), NULL);
  body = bobbin_http_session_send (f->session, message, cancellable, error);
  g_assert_nonnull (body);
  while ((n = bobbin_http_body_read (body, buffer, f->bite, cancellable, error)) > 0)
    {
      g_assert_cmpint (n, <=, f->bite);
      g_assert_cmpint (at + n, <=, LENGTH);
      g_assert_cmpmem (buffer, n, expected + at, n);
      at += n;
    }
  g_assert_cmpint (n, ==, error != NULL && *error != NULL ? -1 : 0);
  bobbin_http_body_close (body, cancellable);

  return at;
}

static void
fixture_assert_whole (Fixture *f, BobbinTestFile file)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (fixture_read (f, file, &error), ==, LENGTH);
  g_assert_no_error (error);
}

/* What was sent before the connection broke may be lost with it; but no more than that comes, and
 * the end is no good one. */
static void
fixture_assert_cut (Fixture *f, BobbinTestFile file)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (fixture_read (f, file, &error), <=, file.fault_at);
  g_assert_nonnull (error);
}

static void
test_way (gconstpointer data)
{
  const Way *way = data;
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (way->kind);
  BobbinHttpSession *session = bobbin_http_session_new ();
  Fixture f = { server, session, way->bite };

  g_main_context_push_thread_default (session->context);

  fixture_assert_whole (&f, (BobbinTestFile){ 0 });
  fixture_assert_whole (&f, (BobbinTestFile){ .close = TRUE });
  fixture_assert_whole (&f, (BobbinTestFile){ .framing = BOBBIN_TEST_FRAMING_CHUNKED });
  fixture_assert_whole (&f, (BobbinTestFile){ .framing = BOBBIN_TEST_FRAMING_UNTIL_CLOSE });
  /* All but what ended with its connection went over one. */
  g_assert_cmpuint (bobbin_test_server_get_n_opened (server), <=, 3);

  for (guint fault = BOBBIN_TEST_FAULT_CLOSE; fault <= BOBBIN_TEST_FAULT_RESET; fault++)
    for (guint framing = 0; framing <= BOBBIN_TEST_FRAMING_UNTIL_CLOSE; framing++)
      {
        const BobbinTestFile file = { .fault = fault, .framing = framing, .fault_at = 123456 };

        /* That end is the file's, as far as anybody can tell. */
        if (way->kind == BOBBIN_TEST_PLAIN && fault == BOBBIN_TEST_FAULT_CLOSE &&
            framing == BOBBIN_TEST_FRAMING_UNTIL_CLOSE)
          continue;
        fixture_assert_cut (&f, file);
      }

  g_main_context_pop_thread_default (session->context);
  bobbin_http_session_free (session);
}

/* Asks, and takes the answer as soon as it is there. */
static void
ask_with (BobbinTestServer *server, BobbinHttpSession *session, const char *method)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *url = bobbin_test_server_get_uri (server, "/f");
  g_autoptr (SoupMessage) message = soup_message_new (method, url);
  g_autoptr (GError) error = NULL;
  char buffer[1024];
  BobbinHttpBody *body;

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  body = bobbin_http_session_send (session, message, cancellable, &error);
  g_assert_no_error (error);
  while (bobbin_http_body_read (body, buffer, sizeof buffer, cancellable, &error) > 0)
    continue;
  g_assert_no_error (error);
  bobbin_http_body_free (body);
}

static void
ask (BobbinTestServer *server, BobbinHttpSession *session)
{
  ask_with (server, session, "GET");
}

/* Answers that have no body may all the same say how the one would be sent that they stand for (RFC
 * 9112 §6.1): none of it is missing. */
static void
test_no_body (void)
{
  static const struct
  {
    const char *method;
    const char *raw;
  } cases[] = {
    { "HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" },
    { "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" },
    { "GET", "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n" },
    { "GET", "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n" },
  };
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  BobbinHttpSession *session = bobbin_http_session_new ();

  g_main_context_push_thread_default (session->context);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const BobbinTestFile file = { .fault = BOBBIN_TEST_FAULT_GARBAGE,
                                    .fault_at = BOBBIN_TEST_BEFORE_HEADER,
                                    .raw = cases[i].raw };

      bobbin_test_server_set (server, "/f", &file);
      ask_with (server, session, cases[i].method);
    }
  g_main_context_pop_thread_default (session->context);
  bobbin_http_session_free (session);
}

/* A connection serves nobody but those of the realm that it was made in, and be it that its latest
 * answer has come just now. */
static void
test_realms (void)
{
  static const char *const realms[] = { "one", "one", "other", "one", NULL };
  static const guint n_opened[] = { 1, 1, 2, 3, 4 };
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  BobbinHttpSession *session = bobbin_http_session_new ();
  const BobbinTestFile file = { .length = 100 };

  bobbin_test_server_set (server, "/f", &file);
  g_main_context_push_thread_default (session->context);
  for (gsize i = 0; i < G_N_ELEMENTS (realms); i++)
    {
      bobbin_http_session_enter (session, realms[i]);
      ask (server, session);
      g_assert_cmpuint (bobbin_test_server_get_n_opened (server), ==, n_opened[i]);
    }
  bobbin_http_session_forget (session);
  bobbin_test_server_wait_open (server, 0);
  g_main_context_pop_thread_default (session->context);
  bobbin_http_session_free (session);
}

static const Way ways[] = {
  { "plain", BOBBIN_TEST_PLAIN, 64 * 1024 },
  { "plain-at-once", BOBBIN_TEST_PLAIN, 512 * 1024 },
  { "plain-small", BOBBIN_TEST_PLAIN, 999 },
  { "tls", BOBBIN_TEST_TLS, 64 * 1024 },
  { "tls-at-once", BOBBIN_TEST_TLS, 512 * 1024 },
  { "tls-small", BOBBIN_TEST_TLS, 999 },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  bobbin_http_session_prepare ();

  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autofree char *path = g_strconcat ("/http-body/", ways[i].name, NULL);

      g_test_add_data_func (path, &ways[i], test_way);
    }

  g_test_add_func ("/http-body/no-body", test_no_body);
  g_test_add_func ("/http-body/realms", test_realms);

  return g_test_run ();
}
