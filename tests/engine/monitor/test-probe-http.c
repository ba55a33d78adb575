/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-probe-http, against a server of this process that does what servers do, wrong things too.
 */

#include "config.h"

#include "bobbin-error.h"
#include "bobbin-test-resolver.h"
#include "bobbin-test-sampling.h"
#include "bobbin-test-server.h"

#define MIB (1024 * 1024)

typedef struct
{
  const char *name;
  BobbinTestFile file;
  int code; /* BobbinError, or -1 for a good answer */
} AnswerCase;

/* clang-format off */
static const AnswerCase answers[] = {
  { "empty", { .length = 0 }, -1 },
  { "small", { .length = 1000 }, -1 },
  { "chunked", { .length = 100000, .framing = BOBBIN_TEST_FRAMING_CHUNKED }, -1 },
  { "until-close", { .length = 1000, .framing = BOBBIN_TEST_FRAMING_UNTIL_CLOSE }, -1 },
  { "just-the-limit", { .length = MIB }, -1 },
  { "false-encoding", { .length = 1000, .headers = "Content-Encoding: gzip\r\n" }, -1 },
  { "204", { .length = 0, .status = 204 }, -1 },
  { "304", { .length = 0, .status = 304 }, -1 },
  { "401", { .length = 10, .status = 401 }, BOBBIN_ERROR_HTTP_STATUS },
  { "403", { .length = 10, .status = 403 }, BOBBIN_ERROR_HTTP_STATUS },
  { "404", { .length = 10, .status = 404 }, BOBBIN_ERROR_HTTP_STATUS },
  { "500", { .length = 10, .status = 500 }, BOBBIN_ERROR_HTTP_STATUS },
  { "503", { .length = 10, .status = 503 }, BOBBIN_ERROR_HTTP_STATUS },
  { "500-of-1-gib", { .length = 1024 * MIB, .status = 500 }, BOBBIN_ERROR_HTTP_STATUS },
  { "cut-off", { .length = 1000, .fault = BOBBIN_TEST_FAULT_CLOSE, .fault_at = 500 },
    BOBBIN_ERROR_TRUNCATED },
  /* 128 KiB are a chunk: between two, and in one */
  { "chunked-cut-off-between", { .length = 2 * 128 * 1024,
                                 .framing = BOBBIN_TEST_FRAMING_CHUNKED,
                                 .fault = BOBBIN_TEST_FAULT_CLOSE,
                                 .fault_at = 128 * 1024 },
    BOBBIN_ERROR_TRUNCATED },
  { "chunked-cut-off-within", { .length = 2 * 128 * 1024,
                                .framing = BOBBIN_TEST_FRAMING_CHUNKED,
                                .fault = BOBBIN_TEST_FAULT_CLOSE,
                                .fault_at = 1000 },
    BOBBIN_ERROR_TRUNCATED },
  { "chunked-401", { .length = 10, .status = 401, .framing = BOBBIN_TEST_FRAMING_CHUNKED },
    BOBBIN_ERROR_HTTP_STATUS },
  { "chunked-404", { .length = 10, .status = 404, .framing = BOBBIN_TEST_FRAMING_CHUNKED },
    BOBBIN_ERROR_HTTP_STATUS },
  { "reset", { .length = 1000, .fault = BOBBIN_TEST_FAULT_RESET, .fault_at = 500 },
    BOBBIN_ERROR_DISCONNECTED },
  { "closed-without-answer", { .fault = BOBBIN_TEST_FAULT_CLOSE,
                               .fault_at = BOBBIN_TEST_BEFORE_HEADER },
    BOBBIN_ERROR_DISCONNECTED },
  { "garbage", { .fault = BOBBIN_TEST_FAULT_GARBAGE, .fault_at = BOBBIN_TEST_BEFORE_HEADER },
    BOBBIN_ERROR_BAD_ANSWER },
};
/* clang-format on */

static BobbinTestSampling *
begin (BobbinTestServer *server, const char *path)
{
  g_autofree char *uri = bobbin_test_server_get_uri (server, path);

  return bobbin_test_sampling_begin (uri);
}

static void
test_answer (gconstpointer user_data)
{
  const AnswerCase *test = user_data;
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autoptr (BobbinTestSampling) sampling = NULL;

  bobbin_test_server_set (server, "/", &test->file);
  sampling = begin (server, "/");

  if (test->code < 0)
    g_assert_cmpfloat (bobbin_test_sampling_expect_value (sampling), >, 0);
  else
    bobbin_test_sampling_expect_error (sampling, BOBBIN_ERROR, test->code);
  if (test->code == BOBBIN_ERROR_HTTP_STATUS)
    {
      g_autofree char *status = g_strdup_printf ("%u", test->file.status);

      g_assert_nonnull (strstr (sampling->error->message, status));
    }
  bobbin_test_server_wait_open (server, 0);
}

/* Samples in one thread, as a pool's threads take them. */

extern gint64 bobbin_probe_http_fresh_time;

#define N_SAMPLES 5

static gpointer
sample_on (gpointer user_data)
{
  g_autoptr (BobbinProbe) probe = bobbin_probe_new (user_data, NULL, NULL);

  for (guint i = 0; i < N_SAMPLES; i++)
    {
      g_auto (BobbinSample) sample = { 0 };
      g_autoptr (GError) error = NULL;

      bobbin_probe_sample (probe, NULL, &sample, &error);
      g_assert_no_error (error);
      g_assert_cmpfloat (sample.value, >, 0);
    }

  return NULL;
}

static guint
count_connections (gint64 fresh_time)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  const BobbinTestFile file = { .length = 1000 };
  const gint64 before = bobbin_probe_http_fresh_time;
  g_autofree char *uri = bobbin_test_server_get_uri (server, "/");

  bobbin_test_server_set (server, "/", &file);
  bobbin_probe_http_fresh_time = fresh_time;
  g_thread_join (g_thread_new ("samples", sample_on, uri));
  bobbin_probe_http_fresh_time = before;
  g_assert_cmpuint (bobbin_test_server_get_n_requests (server, "/"), ==, N_SAMPLES);
  bobbin_test_server_wait_open (server, 0);

  return bobbin_test_server_get_n_opened (server);
}

/* What is sampled often keeps its connection: the first two do without it, one to see how long that
 * takes, the other to see that it can be done. All is closed when the thread ends. */
static void
test_kept (void)
{
  g_assert_cmpuint (count_connections (G_TIME_SPAN_HOUR), ==, 3);
}

/* And does without it from time to time. */
static void
test_kept_and_fresh (void)
{
  g_assert_cmpuint (count_connections (0), ==, N_SAMPLES);
}

static gpointer
sample_both (gpointer user_data)
{
  char **uris = user_data;

  sample_on (uris[0]);
  sample_on (uris[1]);

  return NULL;
}

/* The login that stands in one address is not told for another one, though both keep their
 * connections in the same thread. */
static void
test_kept_login (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  const BobbinTestFile file = { .length = 1000 };
  const BobbinTestFile locked = { .status = 401,
                                  .headers = "WWW-Authenticate: Basic realm=\"x\"\r\n" };
  const gint64 before = bobbin_probe_http_fresh_time;
  g_autofree char *with_login =
    g_strdup_printf ("http://ada:hunter2@127.0.0.1:%u/a", bobbin_test_server_get_port (server));
  g_autofree char *without = bobbin_test_server_get_uri (server, "/b");
  char *uris[] = { with_login, without };
  g_autofree char *login = NULL;

  bobbin_test_server_set (server, "/a", &file);
  bobbin_test_server_set (server, "/b", &file);
  /* Of two that are sampled anew, and of the one whose connection is kept, the first request. */
  for (guint i = 0; i < 3; i++)
    bobbin_test_server_set_for (server, "/a", 2 * i, 1, &locked);

  bobbin_probe_http_fresh_time = G_TIME_SPAN_HOUR;
  g_thread_join (g_thread_new ("samples", sample_both, uris));
  bobbin_probe_http_fresh_time = before;

  login = bobbin_test_server_get_header (server, "/a", 5, "Authorization");
  g_assert_cmpstr (login, ==, "Basic YWRhOmh1bnRlcjI=");
  for (guint i = 0; i < N_SAMPLES; i++)
    {
      g_autofree char *other = bobbin_test_server_get_header (server, "/b", i, "Authorization");

      g_assert_null (other);
    }
}

/* No more than 1 MiB is waited for, and what fits into the sockets' buffers. */
static void
test_large (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  const BobbinTestFile file = { .length = G_GINT64_CONSTANT (1024) * MIB };
  g_autoptr (BobbinTestSampling) sampling = NULL;

  bobbin_test_server_set (server, "/", &file);
  sampling = begin (server, "/");
  g_assert_cmpfloat (bobbin_test_sampling_expect_value (sampling), >, 0);
  bobbin_test_server_wait_open (server, 0);
  g_assert_cmpint (bobbin_test_server_get_n_sent (server, "/"), <, 100 * MIB);
}

/* Nor is more read of what is no answer yet, but asks for a password or leads on. */
static void
test_large_before (gconstpointer user_data)
{
  const BobbinTestFraming framing = GPOINTER_TO_INT (user_data);
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  BobbinTestFile file = { .length = G_GINT64_CONSTANT (1024) * MIB,
                          .status = 401,
                          .framing = framing };
  const BobbinTestFile there = { .length = 1000 };
  g_autoptr (BobbinTestSampling) password = NULL;
  g_autoptr (BobbinTestSampling) redirect = NULL;

  bobbin_test_server_set (server, "/password", &file);
  password = begin (server, "/password");
  bobbin_test_sampling_expect_error (password, BOBBIN_ERROR, BOBBIN_ERROR_HTTP_STATUS);
  bobbin_test_server_wait_open (server, 0);
  g_assert_cmpint (bobbin_test_server_get_n_sent (server, "/password"), <, 100 * MIB);

  file.status = 302;
  file.headers = "Location: /there\r\n";
  bobbin_test_server_set (server, "/redirect", &file);
  bobbin_test_server_set (server, "/there", &there);
  redirect = begin (server, "/redirect");
  g_assert_cmpfloat (bobbin_test_sampling_expect_value (redirect), >, 0);
  bobbin_test_server_wait_open (server, 0);
  g_assert_cmpint (bobbin_test_server_get_n_sent (server, "/redirect"), <, 100 * MIB);
}

/* The rest never comes, and is not waited for. */
static void
test_large_stalled (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  const BobbinTestFile file = { .length = G_GINT64_CONSTANT (1024) * MIB,
                                .fault = BOBBIN_TEST_FAULT_STALL,
                                .fault_at = 2 * MIB };
  g_autoptr (BobbinTestSampling) sampling = NULL;

  bobbin_test_server_set (server, "/", &file);
  sampling = begin (server, "/");
  g_assert_cmpfloat (bobbin_test_sampling_expect_value (sampling), >, 0);
}

/* Each sample has a connection of its own, and says who asks. */
static void
test_fresh (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  const BobbinTestFile file = { .length = 1000 };
  g_autofree char *agent = NULL;

  bobbin_test_server_set (server, "/", &file);
  for (guint i = 1; i <= 3; i++)
    {
      g_autoptr (BobbinTestSampling) sampling = begin (server, "/");

      g_assert_cmpfloat (bobbin_test_sampling_expect_value (sampling), >, 0);
      bobbin_test_server_wait_open (server, 0);
      g_assert_cmpuint (bobbin_test_server_get_n_requests (server, "/"), ==, i);
    }

  agent = bobbin_test_server_get_header (server, "/", 0, "User-Agent");
  g_assert_cmpstr (agent, ==, "Bobbin/" PACKAGE_VERSION);
}

static void
test_redirect (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  const BobbinTestFile file = { .length = 1000 };
  g_autoptr (BobbinTestSampling) sampling = NULL;

  bobbin_test_server_set (server, "/there", &file);
  bobbin_test_server_set_redirect (server, "/", "/there");
  sampling = begin (server, "/");
  g_assert_cmpfloat (bobbin_test_sampling_expect_value (sampling), >, 0);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (server, "/there"), ==, 1);
}

/* The one that leads on has a body, too, which does not end with its connection. */
static void
test_redirect_chunked (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  const BobbinTestFile file = { .length = 1000 };
  const BobbinTestFile redirect = { .length = 1000,
                                    .status = 302,
                                    .headers = "Location: /there\r\n",
                                    .framing = BOBBIN_TEST_FRAMING_CHUNKED };
  g_autoptr (BobbinTestSampling) sampling = NULL;

  bobbin_test_server_set (server, "/there", &file);
  bobbin_test_server_set (server, "/", &redirect);
  sampling = begin (server, "/");
  g_assert_cmpfloat (bobbin_test_sampling_expect_value (sampling), >, 0);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (server, "/there"), ==, 1);
}

static void
test_bad_redirect (gconstpointer user_data)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autoptr (BobbinTestSampling) sampling = NULL;

  bobbin_test_server_set_redirect (server, "/", user_data);
  sampling = begin (server, "/");
  bobbin_test_sampling_expect_error (sampling, BOBBIN_ERROR, BOBBIN_ERROR_REDIRECT);
}

/* What would command the user's terminal is no name of a host, and is not told. */
static void
test_redirect_to_bad_host (void)
{
  BobbinTestResolver *resolver = bobbin_test_resolver_install ();
  BobbinTestServer *server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  BobbinTestSampling *sampling;

  bobbin_test_server_set_redirect (server, "/", "http://%1b%5b31m.test/");
  sampling = begin (server, "/");
  bobbin_test_sampling_expect_error (sampling, BOBBIN_ERROR, BOBBIN_ERROR_REDIRECT);
  g_assert_null (strchr (sampling->error->message, '\033'));

  bobbin_test_sampling_free (sampling);
  bobbin_test_server_free (server);
  bobbin_test_resolver_uninstall (resolver);
}

/* Servers of this process are trusted as if this system's certificates said so. */
static void
trust_test_servers (gboolean trust)
{
  GTlsBackend *backend = g_tls_backend_get_default ();
  g_autoptr (GTlsDatabase) database = NULL;
  g_autoptr (GError) error = NULL;

  if (trust)
    {
      database = g_tls_file_database_new (bobbin_test_server_ca_file (), &error);
      g_assert_no_error (error);
    }
  g_tls_backend_set_default_database (backend, database);
}

/* Who asked for a secure connection is not told that an insecure one is up, nor is it asked. */
static void
test_redirect_to_http (void)
{
  g_autoptr (BobbinTestServer) secure = bobbin_test_server_new (BOBBIN_TEST_TLS);
  g_autoptr (BobbinTestServer) plain = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autofree char *to = bobbin_test_server_get_uri (plain, "/there");
  const BobbinTestFile file = { .length = 1000 };
  g_autoptr (BobbinTestSampling) sampling = NULL;

  trust_test_servers (TRUE);
  bobbin_test_server_set (plain, "/there", &file);
  bobbin_test_server_set_redirect (secure, "/", to);
  sampling = begin (secure, "/");
  bobbin_test_sampling_expect_error (sampling, BOBBIN_ERROR, BOBBIN_ERROR_REDIRECT);
  g_assert_nonnull (strstr (sampling->error->message, "insecure"));
  g_assert_cmpuint (bobbin_test_server_get_n_requests (plain, "/there"), ==, 0);
  trust_test_servers (FALSE);
}

static void
test_redirect_to_https (void)
{
  g_autoptr (BobbinTestServer) plain = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autoptr (BobbinTestServer) secure = bobbin_test_server_new (BOBBIN_TEST_TLS);
  g_autofree char *to = bobbin_test_server_get_uri (secure, "/there");
  const BobbinTestFile file = { .length = 1000 };
  g_autoptr (BobbinTestSampling) sampling = NULL;

  trust_test_servers (TRUE);
  bobbin_test_server_set (secure, "/there", &file);
  bobbin_test_server_set_redirect (plain, "/", to);
  sampling = begin (plain, "/");
  g_assert_cmpfloat (bobbin_test_sampling_expect_value (sampling), >, 0);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (secure, "/there"), ==, 1);
  trust_test_servers (FALSE);
}

/* The certificate that is complained of is that of the host it led to. */
static void
test_redirect_to_untrusted (void)
{
  g_autoptr (BobbinTestServer) plain = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autoptr (BobbinTestServer) secure = bobbin_test_server_new (BOBBIN_TEST_TLS);
  g_autofree char *to =
    g_strdup_printf ("https://localhost:%u/", bobbin_test_server_get_port (secure));
  g_autoptr (BobbinTestSampling) sampling = NULL;

  bobbin_test_server_set_redirect (plain, "/", to);
  sampling = begin (plain, "/");
  bobbin_test_sampling_expect_error (sampling, BOBBIN_ERROR, BOBBIN_ERROR_CERTIFICATE);
  g_assert_nonnull (strstr (sampling->error->message, "localhost"));
}

static void
test_certificate (gconstpointer user_data)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (GPOINTER_TO_INT (user_data));
  g_autoptr (BobbinTestSampling) sampling = begin (server, "/");

  bobbin_test_sampling_expect_error (sampling, BOBBIN_ERROR, BOBBIN_ERROR_CERTIFICATE);
  bobbin_test_server_wait_open (server, 0);
}

static void
test_closed (void)
{
  BobbinTestServer *server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autofree char *uri = bobbin_test_server_get_uri (server, "/");
  g_autoptr (BobbinTestSampling) sampling = NULL;

  bobbin_test_server_free (server);
  sampling = bobbin_test_sampling_begin (uri);
  bobbin_test_sampling_expect_error (sampling, BOBBIN_ERROR, BOBBIN_ERROR_REFUSED);
}

static void
test_name_not_found (void)
{
  BobbinTestResolver *resolver = bobbin_test_resolver_install ();
  BobbinTestSampling *sampling = bobbin_test_sampling_begin ("http://nobody.test/");

  bobbin_test_sampling_expect_error (sampling, BOBBIN_ERROR, BOBBIN_ERROR_NAME_NOT_FOUND);
  bobbin_test_sampling_free (sampling);
  bobbin_test_resolver_uninstall (resolver);
}

static void
test_cancel_look_up (void)
{
  BobbinTestResolver *resolver = bobbin_test_resolver_install ();
  BobbinTestSampling *sampling = bobbin_test_sampling_begin ("https://host.silent.test/");

  bobbin_test_resolver_wait (resolver, 2);
  bobbin_test_sampling_cancel (sampling);
  bobbin_test_sampling_free (sampling);
  bobbin_test_resolver_wait (resolver, 0);
  bobbin_test_resolver_uninstall (resolver);
}

static void
test_cancel_connect (void)
{
  g_autoptr (BobbinTestBacklog) backlog = bobbin_test_backlog_new ();
  guint16 port = bobbin_test_backlog_get_port (backlog);
  g_autofree char *uri = g_strdup_printf ("http://127.0.0.1:%u/", port);
  g_autoptr (BobbinTestSampling) sampling = bobbin_test_sampling_begin (uri);

  /* what fills the queue is one of them */
  bobbin_test_sampling_wait_connecting (port, 2);
  bobbin_test_sampling_cancel (sampling);
}

static void
test_cancel_handshake (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_SILENT);
  g_autofree char *uri =
    g_strdup_printf ("https://127.0.0.1:%u/", bobbin_test_server_get_port (server));
  g_autoptr (BobbinTestSampling) sampling = bobbin_test_sampling_begin (uri);

  bobbin_test_server_wait_open (server, 1);
  bobbin_test_sampling_cancel (sampling);
  bobbin_test_server_wait_open (server, 0);
}

static void
test_cancel_stalled (gconstpointer user_data)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  const BobbinTestFile file = { .length = 1000,
                                .fault = BOBBIN_TEST_FAULT_STALL,
                                .fault_at = GPOINTER_TO_INT (user_data) };
  g_autoptr (BobbinTestSampling) sampling = NULL;

  bobbin_test_server_set (server, "/", &file);
  sampling = begin (server, "/");
  bobbin_test_server_wait_stalled (server, 1);
  bobbin_test_sampling_cancel (sampling);
  bobbin_test_server_wait_open (server, 0);
}

/* Wherever the cancel meets it: it ends, in one of the two ways. */
static void
test_cancel_race (void)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  const BobbinTestFile file = { .length = 100000 };

  bobbin_test_server_set (server, "/", &file);
  for (guint i = 0; i < 300; i++)
    {
      g_autoptr (BobbinTestSampling) sampling = begin (server, "/");

      for (guint j = 0; j < i; j++)
        g_thread_yield ();
      g_cancellable_cancel (sampling->cancellable);
      g_thread_join (g_steal_pointer (&sampling->thread));
      if (!sampling->ok)
        g_assert_error (sampling->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
  bobbin_test_server_wait_open (server, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autofree char *path = g_strdup_printf ("/probe-http/answer/%s", answers[i].name);

      g_test_add_data_func (path, &answers[i], test_answer);
    }
  g_test_add_func ("/probe-http/large", test_large);
  g_test_add_data_func ("/probe-http/large-before/length",
                        GINT_TO_POINTER (BOBBIN_TEST_FRAMING_LENGTH), test_large_before);
  g_test_add_data_func ("/probe-http/large-before/chunked",
                        GINT_TO_POINTER (BOBBIN_TEST_FRAMING_CHUNKED), test_large_before);
  g_test_add_data_func ("/probe-http/large-before/until-close",
                        GINT_TO_POINTER (BOBBIN_TEST_FRAMING_UNTIL_CLOSE), test_large_before);
  g_test_add_func ("/probe-http/large-stalled", test_large_stalled);
  g_test_add_func ("/probe-http/fresh", test_fresh);
  g_test_add_func ("/probe-http/kept", test_kept);
  g_test_add_func ("/probe-http/kept-login", test_kept_login);
  g_test_add_func ("/probe-http/kept/fresh", test_kept_and_fresh);
  g_test_add_func ("/probe-http/redirect", test_redirect);
  g_test_add_func ("/probe-http/redirect/chunked", test_redirect_chunked);
  g_test_add_data_func ("/probe-http/redirect/loop", "/", test_bad_redirect);
  g_test_add_data_func ("/probe-http/redirect/to-file", "file:///etc/passwd", test_bad_redirect);
  g_test_add_data_func ("/probe-http/redirect/nowhere", "", test_bad_redirect);
  g_test_add_data_func ("/probe-http/redirect/no-address", "/%zz", test_bad_redirect);
  g_test_add_func ("/probe-http/redirect/to-bad-host", test_redirect_to_bad_host);
  g_test_add_func ("/probe-http/redirect/to-http", test_redirect_to_http);
  g_test_add_func ("/probe-http/redirect/to-https", test_redirect_to_https);
  g_test_add_func ("/probe-http/redirect/to-untrusted", test_redirect_to_untrusted);
  g_test_add_data_func ("/probe-http/certificate/unknown", GINT_TO_POINTER (BOBBIN_TEST_TLS),
                        test_certificate);
  g_test_add_data_func ("/probe-http/certificate/expired",
                        GINT_TO_POINTER (BOBBIN_TEST_TLS_EXPIRED), test_certificate);
  g_test_add_func ("/probe-http/closed", test_closed);
  g_test_add_func ("/probe-http/name-not-found", test_name_not_found);
  g_test_add_func ("/probe-http/cancel/look-up", test_cancel_look_up);
  g_test_add_func ("/probe-http/cancel/connect", test_cancel_connect);
  g_test_add_func ("/probe-http/cancel/handshake", test_cancel_handshake);
  g_test_add_data_func ("/probe-http/cancel/no-header", GINT_TO_POINTER (BOBBIN_TEST_BEFORE_HEADER),
                        test_cancel_stalled);
  g_test_add_data_func ("/probe-http/cancel/body", GINT_TO_POINTER (500), test_cancel_stalled);
  g_test_add_func ("/probe-http/cancel/race", test_cancel_race);

  return g_test_run ();
}
