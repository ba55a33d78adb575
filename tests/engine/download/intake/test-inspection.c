/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Asking a server about a file, and having enough of that.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-error.h"
#include "bobbin-http-session.h"
#include "bobbin-inspection.h"
#include "bobbin-test-server.h"
#include "bobbin-test-wait.h"

typedef struct
{
  BobbinTestServer *server;
  BobbinWorkerPool *pool;
  GCancellable *cancellable;
  gboolean done;
  BobbinInspection *found;
  GError *error;
} Fixture;

static void
set_up (Fixture *self, gconstpointer user_data)
{
  self->server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  self->pool = bobbin_worker_pool_new ("inspector", 2);
  self->cancellable = g_cancellable_new ();
}

static void
on_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  gboolean *closed = user_data;

  g_assert_true (bobbin_worker_pool_close_finish (BOBBIN_WORKER_POOL (source), result, NULL));
  *closed = TRUE;
}

static void
close_pool (Fixture *self)
{
  gboolean closed = FALSE;

  bobbin_worker_pool_close_async (self->pool, on_closed, &closed);
  BOBBIN_TEST_WAIT_UNTIL (closed);
}

/* Nothing is left open, and nobody holds anything. */
static void
tear_down (Fixture *self, gconstpointer user_data)
{
  close_pool (self);
  bobbin_test_server_wait_open (self->server, 0);
  g_clear_pointer (&self->found, bobbin_inspection_free);
  g_clear_error (&self->error);
  g_assert_finalize_object (self->cancellable);
  g_assert_finalize_object (self->pool);
  bobbin_test_server_free (self->server);
}

static void
on_inspected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *self = user_data;

  self->found = bobbin_inspection_run_finish (result, &self->error);
  self->done = TRUE;
}

static void
begin (Fixture *self, const char *path, BobbinHttpContext *context)
{
  g_autofree char *address = bobbin_test_server_get_uri (self->server, path);

  g_clear_pointer (&self->found, bobbin_inspection_free);
  g_clear_error (&self->error);
  self->done = FALSE;
  bobbin_inspection_run_async (address, context, self->pool, self->cancellable, on_inspected, self);
}

static void
inspect (Fixture *self, const char *path, BobbinHttpContext *context)
{
  begin (self, path, context);
  BOBBIN_TEST_WAIT_UNTIL (self->done);
  g_assert_true ((self->found == NULL) == (self->error != NULL));
}

static void
assert_found (Fixture *self, const char *path, const char *name, gint64 length)
{
  inspect (self, path, NULL);
  g_assert_no_error (self->error);
  g_assert_cmpstr (self->found->name, ==, name);
  g_assert_cmpint (self->found->length, ==, length);
}

static void
test_found (Fixture *self, gconstpointer user_data)
{
  bobbin_test_server_set (self->server, "/a%20b.bin", &(BobbinTestFile){ .length = 12345 });
  bobbin_test_server_set (self->server, "/get",
                          &(BobbinTestFile){ .disposition = "attachment; filename=\"c.iso\"" });
  bobbin_test_server_set (self->server, "/endless",
                          &(BobbinTestFile){ .length = 1,
                                             .framing = BOBBIN_TEST_FRAMING_UNTIL_CLOSE });
  bobbin_test_server_set (self->server, "/coded",
                          &(BobbinTestFile){ .length = 10,
                                             .headers = "Content-Encoding: gzip\r\n" });

  assert_found (self, "/a%20b.bin", "a b.bin", 12345);
  g_assert_false (self->found->is_page);
  assert_found (self, "/get", "c.iso", 0);
  assert_found (self, "/endless", "endless", -1);
  assert_found (self, "/coded", "coded", -1);
}

static void
test_page (Fixture *self, gconstpointer user_data)
{
  bobbin_test_server_set (self->server, "/a.iso",
                          &(BobbinTestFile){ .length = 10,
                                             .headers = "Content-Type: text/html\r\n" });

  inspect (self, "/a.iso", NULL);
  g_assert_no_error (self->error);
  g_assert_true (self->found->is_page);
}

/* A server that does not like to be asked so is asked as by a download. */
static void
test_second_way (Fixture *self, gconstpointer user_data)
{
  bobbin_test_server_set (self->server, "/a.bin",
                          &(BobbinTestFile){ .length = 100 * 1024 * 1024,
                                             .fault = BOBBIN_TEST_FAULT_STATUS,
                                             .fault_status = 405,
                                             .fault_times = 1 });

  assert_found (self, "/a.bin", "a.bin", 100 * 1024 * 1024);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (self->server, "/a.bin"), ==, 2);
}

static void
test_redirect (Fixture *self, gconstpointer user_data)
{
  bobbin_test_server_set (self->server, "/there",
                          &(BobbinTestFile){ .status = 302, .headers = "Location: /a.bin\r\n" });
  bobbin_test_server_set (self->server, "/round",
                          &(BobbinTestFile){ .status = 302, .headers = "Location: /round\r\n" });
  bobbin_test_server_set (self->server, "/a.bin", &(BobbinTestFile){ .length = 7 });

  assert_found (self, "/there", "a.bin", 7);
  inspect (self, "/round", NULL);
  g_assert_error (self->error, BOBBIN_ERROR, BOBBIN_ERROR_REDIRECT);
}

static void
test_status (Fixture *self, gconstpointer user_data)
{
  bobbin_test_server_set (self->server, "/gone", &(BobbinTestFile){ .status = 404 });
  bobbin_test_server_set (self->server, "/login",
                          &(BobbinTestFile){ .status = 401,
                                             .headers =
                                               "WWW-Authenticate: Basic realm=\"a\"\r\n" });

  inspect (self, "/gone", NULL);
  g_assert_error (self->error, BOBBIN_ERROR, BOBBIN_ERROR_HTTP_STATUS);
  inspect (self, "/login", NULL);
  g_assert_error (self->error, BOBBIN_ERROR, BOBBIN_ERROR_LOGIN_REQUIRED);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (self->server, "/login"), ==, 1);
}

static void
test_refused (Fixture *self, gconstpointer user_data)
{
  bobbin_inspection_run_async ("http://127.0.0.1:1/a", NULL, self->pool, self->cancellable,
                               on_inspected, self);
  BOBBIN_TEST_WAIT_UNTIL (self->done);
  g_assert_error (self->error, BOBBIN_ERROR, BOBBIN_ERROR_REFUSED);
}

/* What the download would say is said. */
static void
test_context (Fixture *self, gconstpointer user_data)
{
  const char *const headers[] = { "X-A: b", NULL };
  const BobbinHttpSettings settings = { .headers = headers };
  g_autoptr (BobbinHttpContext) context = bobbin_http_context_new (&settings, NULL);
  g_autofree char *header = NULL;

  bobbin_test_server_set (self->server, "/a.bin", &(BobbinTestFile){ .length = 7 });
  inspect (self, "/a.bin", context);
  g_assert_no_error (self->error);
  header = bobbin_test_server_get_header (self->server, "/a.bin", 0, "X-A");
  g_assert_cmpstr (header, ==, "b");
}

static const BobbinTestFile stalled = { .fault = BOBBIN_TEST_FAULT_STALL,
                                        .fault_at = BOBBIN_TEST_BEFORE_HEADER };

static void
test_cancel (Fixture *self, gconstpointer user_data)
{
  bobbin_test_server_set (self->server, "/a.bin", &stalled);
  begin (self, "/a.bin", NULL);
  bobbin_test_server_wait_stalled (self->server, 1);
  g_assert_false (self->done);
  g_cancellable_cancel (self->cancellable);
  BOBBIN_TEST_WAIT_UNTIL (self->done);
  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Before any thread has had it. */
static void
test_cancel_at_once (Fixture *self, gconstpointer user_data)
{
  bobbin_test_server_set (self->server, "/a.bin", &stalled);
  begin (self, "/a.bin", NULL);
  g_cancellable_cancel (self->cancellable);
  BOBBIN_TEST_WAIT_UNTIL (self->done);
  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_late (Fixture *self, gconstpointer user_data)
{
  const guint patience = bobbin_inspection_patience;

  bobbin_test_server_set (self->server, "/a.bin", &stalled);
  bobbin_inspection_patience = 50;
  inspect (self, "/a.bin", NULL);
  bobbin_inspection_patience = patience;
  g_assert_error (self->error, BOBBIN_ERROR, BOBBIN_ERROR_TIMED_OUT);
}

static void
test_quit (Fixture *self, gconstpointer user_data)
{
  close_pool (self);
  inspect (self, "/a.bin", NULL);
  g_assert_error (self->error, BOBBIN_ERROR, BOBBIN_ERROR_CLOSED);
}

#define test(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  bobbin_http_session_prepare ();
  g_test_init (&argc, &argv, NULL);

  test ("/inspection/found", test_found);
  test ("/inspection/page", test_page);
  test ("/inspection/second-way", test_second_way);
  test ("/inspection/redirect", test_redirect);
  test ("/inspection/status", test_status);
  test ("/inspection/refused", test_refused);
  test ("/inspection/context", test_context);
  test ("/inspection/cancel", test_cancel);
  test ("/inspection/cancel-at-once", test_cancel_at_once);
  test ("/inspection/late", test_late);
  test ("/inspection/quit", test_quit);

  return g_test_run ();
}
