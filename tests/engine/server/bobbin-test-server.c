/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * An HTTP server inside the test program, on a thread and main context of its own, that can be told
 * to lie, break, stall and change its files, and remembers what it was asked. libsoup's own server
 * would not do: it cannot be made to speak wrongly.
 *
 * Its functions are for the test's main thread. Those that wait run the default main context
 * meanwhile and are woken by the server's thread: there is no sleep in any of it.
 */

#include "config.h"

#include "bobbin-test-server-private.h"
#include "bobbin-test-wait.h"

#include <stdlib.h>
#include <poll.h>
#include <string.h>

static void
exception_free (gpointer data)
{
  Exception *self = data;

  bobbin_test_file_clear (&self->file);
  g_free (self);
}

static Resource *
resource_new (void)
{
  Resource *self = g_new0 (Resource, 1);

  self->requests = g_ptr_array_new_with_free_func (g_free);
  self->exceptions = g_ptr_array_new_with_free_func (exception_free);
  return self;
}

static void
resource_free (gpointer data)
{
  Resource *self = data;

  bobbin_test_file_clear (&self->file);
  g_ptr_array_unref (self->exceptions);
  g_ptr_array_unref (self->requests);
  g_free (self);
}

/* Tells who waits in the main thread to look again. */
void
bobbin_test_server_changed (BobbinTestServer *self)
{
  g_main_context_wakeup (NULL);
}

/* Returns: (nullable): with the mutex held */
Resource *
bobbin_test_server_lookup (BobbinTestServer *self, const char *path)
{
  return g_hash_table_lookup (self->resources, path);
}

void
bobbin_test_server_left (BobbinTestServer *self, Connection *connection)
{
  g_ptr_array_remove_fast (self->connections, connection);
  g_mutex_lock (&self->mutex);
  self->n_open--;
  g_mutex_unlock (&self->mutex);
  bobbin_test_server_changed (self);
}

/* What the other end has closed is open no more, whether or not that was heard of here yet. */
static guint
count_open (BobbinTestServer *self)
{
  guint n = 0;

  for (guint i = 0; i < self->connections->len; i++)
    {
      struct pollfd end = { bobbin_test_connection_get_fd (self->connections->pdata[i]), POLLRDHUP,
                            0 };

      n += end.fd >= 0 && poll (&end, 1, 0) == 0;
    }

  return n;
}

static gboolean
on_incoming (GSocket *listener, GIOCondition condition, gpointer user_data)
{
  BobbinTestServer *self = user_data;
  g_autoptr (GSocket) socket = g_socket_accept (listener, NULL, NULL);
  Connection *connection;
  gboolean too_many;

  if (socket == NULL)
    return G_SOURCE_CONTINUE;

  g_mutex_lock (&self->mutex);
  too_many = self->limit > 0 && count_open (self) >= self->limit;
  self->n_opened++;
  self->n_open++;
  if (!too_many)
    self->max_open = MAX (self->max_open, MIN (self->n_open, count_open (self) + 1));
  g_mutex_unlock (&self->mutex);
  connection = bobbin_test_connection_open (self, socket);
  g_ptr_array_add (self->connections, connection);
  if (too_many)
    bobbin_test_connection_refuse (connection);
  else
    bobbin_test_connection_serve (connection);
  bobbin_test_server_changed (self);
  return G_SOURCE_CONTINUE;
}

static gpointer
server_thread (gpointer data)
{
  BobbinTestServer *self = data;
  GSource *source = g_socket_create_source (self->listener, G_IO_IN, NULL);

  g_main_context_push_thread_default (self->context);
  g_source_set_callback (source, G_SOURCE_FUNC (on_incoming), self, NULL);
  g_source_set_static_name (source, "bobbin-test-listener");
  g_source_attach (source, self->context);

  while (!self->stopping || self->connections->len > 0)
    g_main_context_iteration (self->context, TRUE);

  g_source_destroy (source);
  g_source_unref (source);
  /* Cancelled operations leave idle sources of their own behind. */
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

static GSocket *
listen_on_loopback (gint backlog, guint16 *port)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any_port = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;
  GSocket *socket;

  socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, 0, &error);
  g_assert_no_error (error);
  g_socket_set_listen_backlog (socket, backlog);
  g_socket_bind (socket, any_port, TRUE, &error);
  g_assert_no_error (error);
  g_socket_listen (socket, &error);
  g_assert_no_error (error);

  bound = g_socket_get_local_address (socket, &error);
  g_assert_no_error (error);
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  return socket;
}

static GTlsCertificate *
load_certificate (BobbinTestKind kind)
{
  static const char *const names[] = {
    [BOBBIN_TEST_TLS] = "localhost.pem",
    [BOBBIN_TEST_TLS_EXPIRED] = "expired.pem",
    [BOBBIN_TEST_TLS_WRONG_HOST] = "wrong-host.pem",
    [BOBBIN_TEST_SILENT] = NULL,
  };
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  GTlsCertificate *certificate;

  if (names[kind] == NULL)
    return NULL;

  path = g_build_filename (BOBBIN_TEST_CERTIFICATES, names[kind], NULL);
  certificate = g_tls_certificate_new_from_file (path, &error);
  g_assert_no_error (error);
  return certificate;
}

/**
 * bobbin_test_server_new:
 * @kind: what it speaks
 *
 * Starts a server on a free port of 127.0.0.1.
 *
 * Returns: (transfer full): the server
 */
BobbinTestServer *
bobbin_test_server_new (BobbinTestKind kind)
{
  BobbinTestServer *self = g_new0 (BobbinTestServer, 1);

  self->kind = kind;
  g_mutex_init (&self->mutex);
  self->resources = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, resource_free);
  self->connections = g_ptr_array_new ();
  self->context = g_main_context_new ();
  self->certificate = load_certificate (kind);
  self->listener = listen_on_loopback (512, &self->port);
  g_socket_set_blocking (self->listener, FALSE);
  self->thread = g_thread_new ("test-server", server_thread, self);
  return self;
}

/* Runs @func in the server's thread, later. */
static void
invoke (BobbinTestServer *self, GSourceFunc func, gpointer user_data)
{
  GSource *source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, user_data, NULL);
  g_source_attach (source, self->context);
  g_source_unref (source);
}

static gboolean
on_stop (gpointer user_data)
{
  BobbinTestServer *self = user_data;

  self->stopping = TRUE;
  for (guint i = self->connections->len; i > 0; i--)
    bobbin_test_connection_close (g_ptr_array_index (self->connections, i - 1), FALSE);
  return G_SOURCE_REMOVE;
}

/**
 * bobbin_test_server_free:
 * @self: (transfer full): a server
 *
 * Closes every connection, joins the thread, and frees the server.
 */
void
bobbin_test_server_free (BobbinTestServer *self)
{
  invoke (self, on_stop, self);
  g_thread_join (self->thread);

  g_assert_cmpuint (self->n_open, ==, 0);
  g_assert_cmpuint (self->n_stalled, ==, 0);
  g_object_unref (self->listener);
  g_clear_object (&self->certificate);
  g_main_context_unref (self->context);
  g_ptr_array_unref (self->connections);
  g_hash_table_unref (self->resources);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/**
 * bobbin_test_server_set:
 * @self: a server
 * @path: begins with a slash
 * @file: what to answer from now on; copied
 *
 * Adds a file, or replaces it; what was counted for @path stays.
 */
void
bobbin_test_server_set (BobbinTestServer *self, const char *path, const BobbinTestFile *file)
{
  Resource *resource;

  g_mutex_lock (&self->mutex);
  resource = bobbin_test_server_lookup (self, path);
  if (resource == NULL)
    {
      resource = resource_new ();
      g_hash_table_insert (self->resources, g_strdup (path), resource);
    }
  bobbin_test_file_clear (&resource->file);
  bobbin_test_file_copy (&resource->file, file);
  g_ptr_array_set_size (resource->exceptions, 0);
  resource->n_faults = 0;
  g_mutex_unlock (&self->mutex);
}

/**
 * bobbin_test_server_set_for:
 * @self: a server
 * @path: that was set
 * @first_request: the first request, from 0, that it is for
 * @n_requests: how many requests it is for, or 0 for all that follow
 * @file: what to answer to these; copied
 *
 * Makes an exception for some requests, until bobbin_test_server_set(). What is set last counts.
 */
void
bobbin_test_server_set_for (BobbinTestServer *self,
                            const char *path,
                            guint first_request,
                            guint n_requests,
                            const BobbinTestFile *file)
{
  Exception *exception = g_new0 (Exception, 1);

  exception->first = first_request;
  exception->end = n_requests > 0 ? first_request + n_requests : G_MAXUINT;
  bobbin_test_file_copy (&exception->file, file);
  g_mutex_lock (&self->mutex);
  g_ptr_array_add (bobbin_test_server_lookup (self, path)->exceptions, exception);
  g_mutex_unlock (&self->mutex);
}

/**
 * bobbin_test_server_set_max_open:
 * @self: a server
 * @n_connections: a number, or 0 for any
 *
 * Resets connections that come while so many are open; they count as opened, and not for
 * bobbin_test_server_get_max_open().
 */
void
bobbin_test_server_set_max_open (BobbinTestServer *self, guint n_connections)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->limit = n_connections;
}

/**
 * bobbin_test_server_set_redirect:
 * @self: a server
 * @path: begins with a slash
 * @location: the Location to name, as it is
 *
 * Answers requests for @path with 302.
 */
void
bobbin_test_server_set_redirect (BobbinTestServer *self, const char *path, const char *location)
{
  g_autofree char *line = g_strdup_printf ("Location: %s\r\n", location);
  BobbinTestFile file = { .status = 302, .headers = line };

  bobbin_test_server_set (self, path, &file);
}

typedef struct
{
  BobbinTestServer *server;
  char *path;
} Release;

static gboolean
on_release (gpointer user_data)
{
  Release *release = user_data;
  GPtrArray *connections = release->server->connections;

  for (guint i = connections->len; i > 0; i--)
    bobbin_test_connection_release (g_ptr_array_index (connections, i - 1), release->path);

  g_free (release->path);
  g_free (release);
  return G_SOURCE_REMOVE;
}

/**
 * bobbin_test_server_release:
 * @self: a server
 * @path: begins with a slash
 *
 * Lets go on what is stalled at @path, and makes later requests for it go well.
 */
void
bobbin_test_server_release (BobbinTestServer *self, const char *path)
{
  Release *release = g_new0 (Release, 1);

  g_mutex_lock (&self->mutex);
  bobbin_test_server_lookup (self, path)->file.fault = BOBBIN_TEST_FAULT_NONE;
  g_mutex_unlock (&self->mutex);

  release->server = self;
  release->path = g_strdup (path);
  invoke (self, on_release, release);
}

/**
 * bobbin_test_server_get_uri:
 * @self: a server
 * @path: begins with a slash
 *
 * Returns: (transfer full): the address of @path
 */
char *
bobbin_test_server_get_uri (BobbinTestServer *self, const char *path)
{
  const char *scheme = self->certificate != NULL ? "https" : "http";

  return g_strdup_printf ("%s://127.0.0.1:%u%s", scheme, self->port, path);
}

guint16
bobbin_test_server_get_port (BobbinTestServer *self)
{
  return self->port;
}

/* What was counted. */

/**
 * bobbin_test_server_get_n_requests:
 * @self: a server
 * @path: begins with a slash
 *
 * Returns: how often @path was asked for
 */
guint
bobbin_test_server_get_n_requests (BobbinTestServer *self, const char *path)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  Resource *resource = bobbin_test_server_lookup (self, path);

  return resource != NULL ? resource->requests->len : 0;
}

/**
 * bobbin_test_server_get_n_sent:
 * @self: a server
 * @path: begins with a slash
 *
 * Returns: how many bytes of bodies were given to the kernel for @path, over all requests
 */
gint64
bobbin_test_server_get_n_sent (BobbinTestServer *self, const char *path)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  Resource *resource = bobbin_test_server_lookup (self, path);

  return resource != NULL ? resource->n_sent : 0;
}

guint
bobbin_test_server_get_n_open (BobbinTestServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->n_open;
}

guint
bobbin_test_server_get_max_open (BobbinTestServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->max_open;
}

/**
 * bobbin_test_server_get_n_opened:
 * @self: a server
 *
 * Returns: how many connections were opened so far
 */
guint
bobbin_test_server_get_n_opened (BobbinTestServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->n_opened;
}

/**
 * bobbin_test_server_get_max_active:
 * @self: a server
 * @path: begins with a slash
 *
 * Returns: how many requests for @path were answered at the same time, at most
 */
guint
bobbin_test_server_get_max_active (BobbinTestServer *self, const char *path)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  Resource *resource = bobbin_test_server_lookup (self, path);

  return resource != NULL ? resource->max_active : 0;
}

static guint
get_n_stalled (BobbinTestServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->n_stalled;
}

/**
 * bobbin_test_server_get_header:
 * @self: a server
 * @path: begins with a slash
 * @request: which one, from 0
 * @name: of a header
 *
 * Returns: (transfer full) (nullable): what that request had there
 */
char *
bobbin_test_server_get_header (BobbinTestServer *self,
                               const char *path,
                               guint request,
                               const char *name)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  Resource *resource = bobbin_test_server_lookup (self, path);

  g_assert_nonnull (resource);
  g_assert_cmpuint (request, <, resource->requests->len);
  return bobbin_test_find_header (g_ptr_array_index (resource->requests, request), name);
}

/**
 * bobbin_test_server_get_first_byte:
 * @self: a server
 * @path: begins with a slash
 * @request: which one, from 0
 *
 * Returns: where the range asked for begins, or -1 if none was
 */
gint64
bobbin_test_server_get_first_byte (BobbinTestServer *self, const char *path, guint request)
{
  g_autofree char *range = bobbin_test_server_get_header (self, path, request, "Range");

  if (range == NULL)
    return -1;
  g_assert_true (g_str_has_prefix (range, "bytes="));
  return g_ascii_strtoll (range + 6, NULL, 10);
}

/**
 * bobbin_test_server_describe:
 * @self: a server
 * @path: begins with a slash
 *
 * Returns: (transfer full): the ranges that were asked for, in order, to be shown when a test fails
 */
char *
bobbin_test_server_describe (BobbinTestServer *self, const char *path)
{
  const guint n = bobbin_test_server_get_n_requests (self, path);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *range = bobbin_test_server_get_header (self, path, i, "Range");
      g_autofree char *if_range = bobbin_test_server_get_header (self, path, i, "If-Range");

      g_string_append_printf (text, "%s%s%s", i > 0 ? ", " : "", range != NULL ? range : "all",
                              if_range != NULL ? " if the same" : "");
    }

  return g_string_free (text, FALSE);
}

/**
 * bobbin_test_server_explain:
 * @self: a server
 *
 * Says on stderr what has been asked for and what of it is still being answered, to be read where a
 * test waits in vain.
 */
void
bobbin_test_server_explain (BobbinTestServer *self)
{
  GHashTableIter iter;
  gpointer path, value;

  g_mutex_lock (&self->mutex);
  g_printerr ("server: %u connections are open of %u, %u stalled\n", self->n_open, self->n_opened,
              self->n_stalled);
  g_hash_table_iter_init (&iter, self->resources);
  while (g_hash_table_iter_next (&iter, &path, &value))
    {
      const Resource *resource = value;

      g_printerr ("  %s: asked for %u times, %u being answered, %" G_GINT64_FORMAT " bytes sent\n",
                  (const char *) path, resource->requests->len, resource->n_active,
                  resource->n_sent);
    }
  g_mutex_unlock (&self->mutex);
}

/* Waiting. */

static struct
{
  BobbinTestExplainFunc func;
  gpointer user_data;
} explanation;

/* What the kernel has each thread wait in. */
static void
explain_threads (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/task", 0, NULL);
  const char *id;

  while (dir != NULL && (id = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *comm = g_strdup_printf ("/proc/self/task/%s/comm", id);
      g_autofree char *wchan = g_strdup_printf ("/proc/self/task/%s/wchan", id);
      g_autofree char *name = NULL;
      g_autofree char *place = NULL;

      if (g_file_get_contents (comm, &name, NULL, NULL) &&
          g_file_get_contents (wchan, &place, NULL, NULL))
        g_printerr ("thread %s %s: %s\n", id, g_strchomp (name), place);
    }
}

static gboolean
on_watchdog (gpointer user_data)
{
  explain_threads ();
  if (explanation.func != NULL)
    explanation.func (explanation.user_data);
  g_error ("Nothing happened for %d s while waiting for: %s", BOBBIN_TEST_WATCHDOG,
           (const char *) user_data);
  return G_SOURCE_REMOVE;
}

/**
 * bobbin_test_watchdog_start:
 * @awaited: (transfer none): what is waited for; must live as long
 *
 * Ends the program if its source is not removed in time. For BOBBIN_TEST_WAIT_UNTIL().
 *
 * Returns: the id of the source
 */
guint
bobbin_test_watchdog_start (const char *awaited)
{
  return g_timeout_add_seconds (BOBBIN_TEST_WATCHDOG, on_watchdog, (gpointer) awaited);
}

/**
 * bobbin_test_watchdog_explain:
 * @func: (nullable): called before the program is ended for having waited in vain
 * @user_data: for @func
 *
 * What hangs once in a thousand runs, on somebody else's machine, has to say why by itself.
 */
void
bobbin_test_watchdog_explain (BobbinTestExplainFunc func, gpointer user_data)
{
  explanation.func = func;
  explanation.user_data = user_data;
}

/**
 * bobbin_test_server_wait_requests:
 * @self: a server
 * @path: begins with a slash
 * @n_requests: a number
 *
 * Runs the main context until @path was asked for @n_requests times.
 */
void
bobbin_test_server_wait_requests (BobbinTestServer *self, const char *path, guint n_requests)
{
  BOBBIN_TEST_WAIT_UNTIL (bobbin_test_server_get_n_requests (self, path) >= n_requests);
}

/**
 * bobbin_test_server_wait_sent:
 * @self: a server
 * @path: begins with a slash
 * @n_bytes: a number
 *
 * Runs the main context until @n_bytes of bodies were sent for @path.
 */
void
bobbin_test_server_wait_sent (BobbinTestServer *self, const char *path, gint64 n_bytes)
{
  BOBBIN_TEST_WAIT_UNTIL (bobbin_test_server_get_n_sent (self, path) >= n_bytes);
}

/**
 * bobbin_test_server_wait_stalled:
 * @self: a server
 * @n_connections: a number
 *
 * Runs the main context until @n_connections have come to where their answers stall.
 */
void
bobbin_test_server_wait_stalled (BobbinTestServer *self, guint n_connections)
{
  BOBBIN_TEST_WAIT_UNTIL (get_n_stalled (self) >= n_connections);
}

/**
 * bobbin_test_server_wait_open:
 * @self: a server
 * @n_connections: a number
 *
 * Runs the main context until exactly @n_connections are open; 0 proves that the other side has
 * closed all of its.
 */
void
bobbin_test_server_wait_open (BobbinTestServer *self, guint n_connections)
{
  BOBBIN_TEST_WAIT_UNTIL (bobbin_test_server_get_n_open (self) == n_connections);
}

/**
 * bobbin_test_server_ca_file:
 *
 * Returns: path of the certificate that vouches for those of the test servers
 */
const char *
bobbin_test_server_ca_file (void)
{
  return BOBBIN_TEST_CERTIFICATES "/ca.pem";
}

/* A listener that takes nothing: whoever connects waits. */

struct _BobbinTestBacklog
{
  GSocket *listener;
  GPtrArray *fillers; /* (element-type GSocket) connections that fill its queue */
  guint16 port;
};

/* Returns: whether the kernel still took the connection */
static gboolean
fill_one (BobbinTestBacklog *self)
{
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (self->listener, NULL);
  g_autoptr (GError) error = NULL;
  GSocket *socket;

  socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, 0, &error);
  g_assert_no_error (error);
  g_ptr_array_add (self->fillers, socket);
  g_socket_set_blocking (socket, FALSE);
  if (!g_socket_connect (socket, address, NULL, &error))
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);

  /* Over loopback the answer is there before connect() returns, if there is one. */
  return (g_socket_condition_check (socket, G_IO_OUT) & G_IO_OUT) != 0;
}

/**
 * bobbin_test_backlog_new:
 *
 * Listens on a free port of 127.0.0.1, with its queue of connections full: connecting to it neither
 * succeeds nor fails.
 *
 * Returns: (transfer full): the listener
 */
BobbinTestBacklog *
bobbin_test_backlog_new (void)
{
  BobbinTestBacklog *self = g_new0 (BobbinTestBacklog, 1);
  guint n = 0;

  self->listener = listen_on_loopback (0, &self->port);
  self->fillers = g_ptr_array_new_with_free_func (g_object_unref);
  while (fill_one (self))
    g_assert_cmpuint (++n, <, 100);
  return self;
}

void
bobbin_test_backlog_free (BobbinTestBacklog *self)
{
  g_ptr_array_unref (self->fillers);
  g_object_unref (self->listener);
  g_free (self);
}

guint16
bobbin_test_backlog_get_port (BobbinTestBacklog *self)
{
  return self->port;
}
