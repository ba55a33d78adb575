/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Downloads through the proxy that the system says, which here is the server itself: it is asked by
 * whole addresses, of a host that nobody else could find.
 */

#include "config.h"

#include "download-fixture.h"

#include <locale.h>
#include <string.h>

#define ADDRESS "http://files.test/f.bin"

static char *proxy; /* what the system says */

#define TEST_TYPE_PROXY_RESOLVER (test_proxy_resolver_get_type ())
G_DECLARE_FINAL_TYPE (TestProxyResolver, test_proxy_resolver, TEST, PROXY_RESOLVER, GObject)

struct _TestProxyResolver
{
  GObject parent_instance;
};

static gboolean
test_proxy_resolver_is_supported (GProxyResolver *resolver)
{
  return TRUE;
}

static char **
test_proxy_resolver_lookup (GProxyResolver *resolver,
                            const char *uri,
                            GCancellable *cancellable,
                            GError **error)
{
  const char *const proxies[] = { proxy, NULL };

  return g_strdupv ((char **) proxies);
}

static void
test_proxy_resolver_lookup_async (GProxyResolver *resolver,
                                  const char *uri,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);

  g_task_return_pointer (task, test_proxy_resolver_lookup (resolver, uri, cancellable, NULL),
                         (GDestroyNotify) g_strfreev);
}

static char **
test_proxy_resolver_lookup_finish (GProxyResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_proxy_resolver_iface_init (GProxyResolverInterface *iface)
{
  iface->is_supported = test_proxy_resolver_is_supported;
  iface->lookup = test_proxy_resolver_lookup;
  iface->lookup_async = test_proxy_resolver_lookup_async;
  iface->lookup_finish = test_proxy_resolver_lookup_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestProxyResolver,
                               test_proxy_resolver,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_PROXY_RESOLVER,
                                                      test_proxy_resolver_iface_init))

static void
test_proxy_resolver_class_init (TestProxyResolverClass *klass)
{
}

static void
test_proxy_resolver_init (TestProxyResolver *self)
{
}

/* Before anybody asks for the default one. */
static void
install_resolver (void)
{
  g_io_extension_point_register (G_PROXY_RESOLVER_EXTENSION_POINT_NAME);
  g_io_extension_point_implement (G_PROXY_RESOLVER_EXTENSION_POINT_NAME, TEST_TYPE_PROXY_RESOLVER,
                                  "bobbin-test", 1000);
  g_assert_true (g_setenv ("GIO_USE_PROXY_RESOLVER", "bobbin-test", TRUE));
  g_assert_true (TEST_IS_PROXY_RESOLVER (g_proxy_resolver_get_default ()));
}

static void
use_proxy (guint port)
{
  g_free (proxy);
  proxy = g_strdup_printf ("http://127.0.0.1:%u", port);
}

static void
test_through (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add_address (f, ADDRESS);

  use_proxy (bobbin_test_server_get_port (f->server));
  bobbin_test_server_set (f->server, ADDRESS, FILE_OF (MIB, .etag = ETAG));
  job_start (job);
  job_wait (job);
  fixture_assert_whole (f, job, "f.bin", SEED, MIB);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, ADDRESS), ==, 1);
}

/* What is to be done is done in the system's settings, and another try changes nothing. */
static void
test_login (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add_address (f, ADDRESS);

  use_proxy (bobbin_test_server_get_port (f->server));
  bobbin_test_server_set (f->server, ADDRESS,
                          FILE_OF (10, .status = 407,
                                   .headers = "Proxy-Authenticate: Basic realm=\"x\"\r\n"));
  g_object_set (job, "retries", 3, NULL);
  job_start (job);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_HTTP_STATUS);
  g_assert_nonnull (strstr (bobbin_job_get_error (job)->message, "The proxy on the way to"));
  g_assert_nonnull (strstr (bobbin_job_get_error (job)->message, "network settings"));
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, ADDRESS), ==, 1);
  fixture_assert_listing (f, NULL);
}

static void
test_refuses (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add_address (f, ADDRESS);

  use_proxy (1); /* nobody listens there */
  job_start (job);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_REFUSED);
  fixture_assert_listing (f, NULL);
}

/* A proxy that takes the connection and says nothing. */
static void
test_stop (Fixture *f, gconstpointer data)
{
  BobbinJob *job = fixture_add_address (f, ADDRESS);

  use_proxy (bobbin_test_server_get_port (f->server));
  job_start (job);
  bobbin_test_server_wait_stalled (f->server, 1);
  job_stop (job);
  job_assert_stopped (job);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  install_resolver ();

  fixture_test ("/proxy/through", BOBBIN_TEST_PLAIN, test_through);
  fixture_test ("/proxy/login", BOBBIN_TEST_PLAIN, test_login);
  fixture_test ("/proxy/refuses", BOBBIN_TEST_PLAIN, test_refuses);
  fixture_test ("/proxy/stop", BOBBIN_TEST_SILENT, test_stop);

  return g_test_run ();
}
