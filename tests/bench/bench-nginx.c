/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The server that benchmarks download from: nginx, with a configuration, a certificate and files of
 * its own in a folder in memory, so that no disk is read. It listens to an address of this machine
 * at ports that nobody had, one for each kind of server. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bench-nginx.h"

#include "bench-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BLOCK (1024 * 1024)

/* For so many ms at most a server starts. */
#define PATIENCE 10000

/* Somebody else may take a port that was free: so often others are tried. */
#define N_TRIES 5

struct _BenchNginx
{
  char *address;     /* (owned) in numbers */
  char *name_space;  /* (owned) (nullable): the network namespace it lives in, ip-netns(8) */
  char *folder;      /* (owned) */
  char *certificate; /* (owned) its path */
  guint16 ports[BENCH_NGINX_N_KINDS];
  GSubprocess *process; /* (owned) (nullable) */
};

/* $connection counts the connections since the start (ngx_http_core_module). */
static const char template[] = "daemon off;\n"
                               "%s"
                               "worker_processes 2;\n"
                               "pid %s/pid;\n"
                               "error_log %s/errors;\n"
                               "events { worker_connections 1024; }\n"
                               "http {\n"
                               "  access_log off;\n"
                               "  sendfile on;\n"
                               "  keepalive_requests 1000000;\n"
                               "  default_type application/octet-stream;\n"
                               "  client_body_temp_path %s/temporary;\n"
                               "  proxy_temp_path %s/temporary;\n"
                               "  fastcgi_temp_path %s/temporary;\n"
                               "  uwsgi_temp_path %s/temporary;\n"
                               "  scgi_temp_path %s/temporary;\n"
                               "  ssl_certificate %s/certificate.pem;\n"
                               "  ssl_certificate_key %s/key.pem;\n"
                               "  root %s/files;\n"
                               "  map $connection $rate { default %d; 3 %d; }\n"
                               "  server { listen %s:%u; }\n"
                               "  server { listen %s:%u ssl; }\n"
                               "  server { listen %s:%u ssl http2; }\n"
                               "  server { listen %s:%u; limit_rate %d; }\n"
                               "  server { listen %s:%u; limit_rate $rate; }\n"
                               "}\n";

static gboolean
nginx_configure (BenchNginx *self, GError **error)
{
  const char *f = self->folder;
  const char *a = self->address;
  const guint16 *p = self->ports;
  g_autofree char *path = g_build_filename (f, "nginx.conf", NULL);
  g_autofree char *text =
    g_strdup_printf (template, geteuid () == 0 ? "user root root;\n" : "", f, f, f, f, f, f, f, f,
                     f, f, BENCH_NGINX_LIMIT, BENCH_NGINX_SLOW, a, p[0], a, p[1], a, p[2], a, p[3],
                     BENCH_NGINX_LIMIT, a, p[4]);

  return g_file_set_contents (path, text, -1, error);
}

/* Ports that were free a moment ago, each another one. */
static void
nginx_choose_ports (BenchNginx *self)
{
  int fds[BENCH_NGINX_N_KINDS];

  for (gsize i = 0; i < G_N_ELEMENTS (fds); i++)
    {
      struct sockaddr_in address = { .sin_family = AF_INET };
      socklen_t size = sizeof address;

      fds[i] = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      if (fds[i] < 0 || bind (fds[i], (struct sockaddr *) &address, size) != 0 ||
          getsockname (fds[i], (struct sockaddr *) &address, &size) != 0)
        g_error ("There is no free port: %s", g_strerror (errno));
      self->ports[i] = ntohs (address.sin_port);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (fds); i++)
    close (fds[i]);
}

/* A certificate for its address that signs itself. */
static gboolean
nginx_certify (BenchNginx *self, GError **error)
{
  g_autofree char *name = g_strdup_printf ("subjectAltName=IP:%s", self->address);
  g_autofree char *key = g_build_filename (self->folder, "key.pem", NULL);
  g_autoptr (GSubprocess) openssl = NULL;

  self->certificate = g_build_filename (self->folder, "certificate.pem", NULL);
  openssl = g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE, error, "openssl", "req", "-x509",
                              "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                              "-subj", "/CN=Bobbin benchmark", "-days", "2", "-addext", name,
                              "-keyout", key, "-out", self->certificate, NULL);

  return openssl != NULL && g_subprocess_wait_check (openssl, NULL, error);
}

/* Its number is written down when it listens. */
static gboolean
nginx_wait (BenchNginx *self, GError **error)
{
  g_autofree char *pid = g_build_filename (self->folder, "pid", NULL);
  g_autofree char *errors = g_build_filename (self->folder, "errors", NULL);
  g_autofree char *complaint = NULL;

  for (int i = 0; i < PATIENCE; i++)
    {
      GStatBuf status;

      if (g_stat (pid, &status) == 0 && status.st_size > 0)
        return TRUE;
      if (g_subprocess_get_identifier (self->process) == NULL)
        break;
      g_usleep (1000);
    }
  g_file_get_contents (errors, &complaint, NULL, NULL);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "nginx does not start: %s",
               complaint != NULL ? complaint : "it does not say why");

  return FALSE;
}

static gboolean
nginx_start (BenchNginx *self, GError **error)
{
  g_autofree char *configuration = g_build_filename (self->folder, "nginx.conf", NULL);
  g_autofree char *errors = g_build_filename (self->folder, "errors", NULL);
  g_autofree char *program = bench_nginx_find ();
  g_autoptr (GStrvBuilder) command = g_strv_builder_new ();
  g_auto (GStrv) argv = NULL;

  if (self->name_space != NULL)
    g_strv_builder_add_many (command, "ip", "netns", "exec", self->name_space, NULL);
  g_strv_builder_add_many (command, program != NULL ? program : "nginx", "-e", errors, "-p",
                           self->folder, "-c", configuration, NULL);
  argv = g_strv_builder_end (command);
  self->process =
    g_subprocess_newv ((const char *const *) argv, G_SUBPROCESS_FLAGS_STDERR_SILENCE, error);

  return self->process != NULL && nginx_wait (self, error);
}

static void
nginx_stop (BenchNginx *self)
{
  if (self->process == NULL)
    return;
  g_subprocess_send_signal (self->process, SIGTERM);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
}

/* Starts it, at ports that nobody else has. */
static gboolean
nginx_settle (BenchNginx *self, GError **error)
{
  for (guint i = 1;; i++)
    {
      g_autoptr (GError) local_error = NULL;

      nginx_choose_ports (self);
      if (!nginx_configure (self, error))
        return FALSE;
      if (nginx_start (self, &local_error))
        return TRUE;

      nginx_stop (self);
      if (i == N_TRIES)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }
}

/**
 * bench_nginx_find:
 *
 * Looks for the program, also where only root looks for programs.
 *
 * Returns: (transfer full) (nullable) (type filename): its path, if it is installed
 */
char *
bench_nginx_find (void)
{
  static const char *const places[] = { "nginx", "/usr/sbin/nginx", "/usr/local/sbin/nginx" };
  char *path = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (places) && path == NULL; i++)
    path = g_find_program_in_path (places[i]);

  return path;
}

/**
 * bench_nginx_restart:
 * @self: a server that nobody is connected to
 * @error: return location
 *
 * Has it count its connections anew.
 *
 * Returns: whether it serves again
 */
gboolean
bench_nginx_restart (BenchNginx *self, GError **error)
{
  nginx_stop (self);

  return nginx_start (self, error);
}

/**
 * bench_nginx_new:
 * @address: an address of this machine, in numbers
 * @name_space: (nullable): the network namespace that has it
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a server that serves and has no files
 */
BenchNginx *
bench_nginx_new (const char *address, const char *name_space, GError **error)
{
  g_autoptr (BenchNginx) self = g_new0 (BenchNginx, 1);
  g_autofree char *files = NULL;
  g_autofree char *temporary = NULL;

  self->address = g_strdup (address);
  self->name_space = g_strdup (name_space);
  self->folder = bench_folder_new ("/dev/shm", error);
  if (self->folder == NULL)
    return NULL;

  files = g_build_filename (self->folder, "files", NULL);
  temporary = g_build_filename (self->folder, "temporary", NULL);
  g_mkdir (files, 0700);
  g_mkdir (temporary, 0700);
  if (!nginx_certify (self, error) || !nginx_settle (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * bench_nginx_free:
 * @self: (transfer full): a server
 *
 * Ends it; its files are gone.
 */
void
bench_nginx_free (BenchNginx *self)
{
  nginx_stop (self);
  if (self->folder != NULL)
    bench_folder_free (self->folder);
  g_free (self->certificate);
  g_free (self->address);
  g_free (self->name_space);
  g_free (self);
}

/* Bytes that do not pack, and differ from block to block. */
static gboolean
write_file (int fd, gint64 size)
{
  g_autofree guint32 *block = g_malloc (BLOCK);
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (gsize i = 0; i < BLOCK / sizeof *block; i++)
    block[i] = g_rand_int (rand);
  for (gint64 at = 0; at < size; at += BLOCK)
    {
      const gsize n = (gsize) MIN (BLOCK, size - at);

      block[0] = (guint32) (at / BLOCK);
      if (write (fd, block, n) != (gssize) n)
        return FALSE;
    }

  return TRUE;
}

/**
 * bench_nginx_add_file:
 * @self: a server
 * @name: what it is called, below its root; a folder in front is made
 * @size: its length
 * @error: return location
 *
 * Has it serve one more file, if it has none of that name yet.
 *
 * Returns: whether it does
 */
gboolean
bench_nginx_add_file (BenchNginx *self, const char *name, gint64 size, GError **error)
{
  g_autofree char *path = bench_nginx_get_path (self, name);
  g_autofree char *folder = g_path_get_dirname (path);
  gboolean done;
  int fd;

  g_mkdir_with_parents (folder, 0700);
  fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0 && errno == EEXIST)
    return TRUE;

  done = fd >= 0 && write_file (fd, size);
  if (!done)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", path,
                 g_strerror (errno));
  if (fd >= 0)
    close (fd);

  return done;
}

/**
 * bench_nginx_get_path:
 * @self: a server
 * @name: the name of a file
 *
 * Returns: (transfer full) (type filename): where it is
 */
char *
bench_nginx_get_path (BenchNginx *self, const char *name)
{
  return g_build_filename (self->folder, "files", name, NULL);
}

/**
 * bench_nginx_get_url:
 * @self: a server
 * @kind: by which of its ports
 * @name: the name of a file
 *
 * Returns: (transfer full): its address
 */
char *
bench_nginx_get_url (BenchNginx *self, BenchNginxKind kind, const char *name)
{
  const gboolean secure = kind == BENCH_NGINX_HTTPS || kind == BENCH_NGINX_HTTP2;

  return g_strdup_printf ("%s://%s:%u/%s", secure ? "https" : "http", self->address,
                          self->ports[kind], name);
}

/**
 * bench_nginx_get_port:
 * @self: a server
 * @kind: one of its kinds
 *
 * Returns: the port
 */
guint16
bench_nginx_get_port (BenchNginx *self, BenchNginxKind kind)
{
  return self->ports[kind];
}

/**
 * bench_nginx_get_certificate:
 * @self: a server
 *
 * Returns: (type filename): the certificate to trust
 */
const char *
bench_nginx_get_certificate (BenchNginx *self)
{
  return self->certificate;
}
