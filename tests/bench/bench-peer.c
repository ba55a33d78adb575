/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The other end of the connections of which a benchmark measures how fast they are given up: a
 * small server on a thread of its own, that does not know what it is asked for and behaves as its
 * kind says. Its counts may be asked for in any thread; when one changes, the main context wakes.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bench-peer.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define BLOCK (256 * 1024)

/* A flowing connection is one to which so much was sent. */
#define FLOWING (1024 * 1024)

struct _BenchPeer
{
  BenchPeerKind kind;
  guint16 port;
  int listener; /* or -1 */
  int epoll;
  int quit;          /* eventfd */
  GThread *thread;   /* (owned) (nullable) */
  GArray *fillers;   /* (element-type int) (owned): what fills a full backlog */
  GHashTable *conns; /* (owned): of Conn (owned), its thread only */
  gint64 promise;    /* bytes; set while nobody is connected */
  int n_open;        /* (atomic) */
  int n_ready;       /* (atomic) */
};

typedef struct
{
  int fd;
  gboolean asked;
  gboolean ready;
  guint64 sent; /* of the body */
  guint64 end;
} Conn;

/* Of a parted file: how long it is, and bytes a second of each connection. */
#define PARTED_SIZE (64 * 1024 * 1024)
#define PARTED_RATE (200 * 1024)

static const char block[BLOCK];

static void
add_atomic (int *count, int by)
{
  g_atomic_int_add (count, by);
  g_main_context_wakeup (NULL);
}

static void
watch (BenchPeer *self, int fd, guint32 events, gpointer data)
{
  struct epoll_event event = { .events = events, .data.ptr = data };

  if (epoll_ctl (self->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
    g_error ("epoll: %s", g_strerror (errno));
}

static void
conn_free (gpointer data)
{
  Conn *conn = data;

  close (conn->fd);
  g_free (conn);
}

static void
drop (BenchPeer *self, Conn *conn)
{
  g_hash_table_remove (self->conns, conn);
  add_atomic (&self->n_open, -1);
}

static void
set_ready (BenchPeer *self, Conn *conn)
{
  if (conn->ready)
    return;
  conn->ready = TRUE;
  add_atomic (&self->n_ready, 1);
}

/* The kernel sends so much, and takes little more (socket(7), tcp(7)). */
static void
pace (int fd)
{
  const guint rate = PARTED_RATE;
  const int size = 64 * 1024;

  if (setsockopt (fd, SOL_SOCKET, SO_MAX_PACING_RATE, &rate, sizeof rate) != 0 ||
      setsockopt (fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size) != 0)
    g_error ("setsockopt: %s", g_strerror (errno));
}

static void
accept_conn (BenchPeer *self)
{
  int fd = accept4 (self->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  Conn *conn;

  if (fd < 0)
    return;
  if (self->kind == BENCH_PEER_PARTED)
    pace (fd);
  conn = g_new0 (Conn, 1);
  conn->fd = fd;
  g_hash_table_add (self->conns, conn);
  watch (self, fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, conn);
  add_atomic (&self->n_open, 1);
}

/* The whole of a parted file, or what is asked for. */
static void
head_of_part (Conn *conn, const char *request, char *head, gsize size)
{
  const char *range = strstr (request, "Range: bytes=");
  gint64 first = 0, last = PARTED_SIZE - 1;

  if (range != NULL)
    {
      char *dash;

      first = g_ascii_strtoll (range + strlen ("Range: bytes="), &dash, 10);
      if (g_ascii_isdigit (dash[1]))
        last = g_ascii_strtoll (dash + 1, NULL, 10);
    }
  conn->end = last + 1 - first;
  g_snprintf (head, size,
              "HTTP/1.1 %s\r\nETag: \"one\"\r\nConnection: close\r\n"
              "Content-Length: %" G_GUINT64_FORMAT "\r\n"
              "Content-Range: bytes %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "/%d\r\n\r\n",
              range != NULL ? "206 Part" : "200 OK", conn->end, first, last, PARTED_SIZE);
}

/* What is sent after the first bytes came. */
static void
answer (BenchPeer *self, Conn *conn, const char *request)
{
  char head[256];

  conn->asked = TRUE;
  if (self->kind == BENCH_PEER_SILENT)
    {
      set_ready (self, conn);
      return;
    }

  conn->end = self->kind == BENCH_PEER_WHOLE       ? BENCH_PEER_WHOLE_SIZE
              : self->kind == BENCH_PEER_STALLED   ? BLOCK
              : self->kind == BENCH_PEER_PROMISING ? 0
                                                   : G_MAXUINT64;
  if (self->kind == BENCH_PEER_PARTED)
    head_of_part (conn, request, head, sizeof head);
  else if (self->kind == BENCH_PEER_PROMISING)
    g_snprintf (head, sizeof head,
                "HTTP/1.1 200 OK\r\nContent-Length: %" G_GINT64_FORMAT "\r\n\r\n", self->promise);
  else if (self->kind == BENCH_PEER_WHOLE)
    g_snprintf (head, sizeof head,
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n",
                BENCH_PEER_WHOLE_SIZE);
  else
    g_snprintf (head, sizeof head, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
  if (write (conn->fd, head, strlen (head)) != (gssize) strlen (head))
    conn->end = 0;
}

static void
send_body (BenchPeer *self, Conn *conn)
{
  /* One turn sends no more than a few blocks, or one connection would starve the others. */
  for (int i = 0; i < 4 && conn->sent < conn->end; i++)
    {
      gsize size = (gsize) MIN (conn->end - conn->sent, BLOCK);
      gssize n = send (conn->fd, block, size, MSG_NOSIGNAL);

      if (n <= 0)
        break;
      conn->sent += (guint64) n;
    }
  if (conn->sent == conn->end || conn->sent >= FLOWING ||
      (self->kind == BENCH_PEER_PARTED && conn->sent > 0))
    set_ready (self, conn);
}

static void
serve_conn (BenchPeer *self, Conn *conn, guint32 events)
{
  char taken[16 * 1024];
  gssize n;

  while ((n = read (conn->fd, taken, sizeof taken - 1)) > 0)
    if (!conn->asked)
      {
        taken[n] = '\0';
        answer (self, conn, taken);
      }
  if (n == 0 || (n < 0 && errno != EAGAIN) || (events & (EPOLLHUP | EPOLLERR)))
    {
      drop (self, conn);
      return;
    }
  if (conn->asked)
    send_body (self, conn);
  if (conn->sent < conn->end)
    {
      struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
                                   .data.ptr = conn };

      epoll_ctl (self->epoll, EPOLL_CTL_MOD, conn->fd, &event);
    }
}

static gpointer
serve (gpointer user_data)
{
  BenchPeer *self = user_data;

  while (TRUE)
    {
      struct epoll_event events[64];
      int n = epoll_wait (self->epoll, events, G_N_ELEMENTS (events), -1);

      for (int i = 0; i < n; i++)
        if (events[i].data.ptr == &self->quit)
          return NULL;
        else if (events[i].data.ptr == &self->listener)
          accept_conn (self);
        else
          serve_conn (self, events[i].data.ptr, events[i].events);
    }
}

static int
open_socket (struct sockaddr_in *address, int flags)
{
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);

  if (fd < 0)
    g_error ("socket: %s", g_strerror (errno));
  address->sin_family = AF_INET;
  address->sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  return fd;
}

/* As on a network, not of 64 KiB: paced ones would come in bursts. */
static void
use_small_segments (int fd)
{
  const int size = 1400;

  if (setsockopt (fd, IPPROTO_TCP, TCP_MAXSEG, &size, sizeof size) != 0)
    g_error ("setsockopt: %s", g_strerror (errno));
}

static void
begin_listening (BenchPeer *self, int backlog)
{
  struct sockaddr_in address = { 0 };
  socklen_t size = sizeof address;

  self->listener = open_socket (&address, SOCK_NONBLOCK);
  if (self->kind == BENCH_PEER_PARTED)
    use_small_segments (self->listener);
  if (bind (self->listener, (struct sockaddr *) &address, size) != 0 ||
      listen (self->listener, backlog) != 0 ||
      getsockname (self->listener, (struct sockaddr *) &address, &size) != 0)
    g_error ("listen: %s", g_strerror (errno));
  self->port = ntohs (address.sin_port);
}

/* Connects until a connection does not come about any more. */
static void
fill_backlog (BenchPeer *self)
{
  struct pollfd done = { .events = POLLOUT };

  do
    {
      struct sockaddr_in address = { .sin_port = htons (self->port) };

      done.fd = open_socket (&address, SOCK_NONBLOCK);
      if (connect (done.fd, (struct sockaddr *) &address, sizeof address) != 0 &&
          errno != EINPROGRESS)
        g_error ("connect: %s", g_strerror (errno));
      g_array_append_val (self->fillers, done.fd);
    }
  while (poll (&done, 1, 200) > 0);
}

static void
begin_serving (BenchPeer *self)
{
  self->epoll = epoll_create1 (EPOLL_CLOEXEC);
  self->quit = eventfd (0, EFD_CLOEXEC);
  watch (self, self->listener, EPOLLIN, &self->listener);
  watch (self, self->quit, EPOLLIN, &self->quit);
  self->thread = g_thread_new ("bench-peer", serve, self);
}

/**
 * bench_peer_new:
 * @kind: how it behaves
 *
 * Makes a peer on a free port of the loopback interface.
 *
 * Returns: (transfer full): the peer
 */
BenchPeer *
bench_peer_new (BenchPeerKind kind)
{
  BenchPeer *self = g_new0 (BenchPeer, 1);

  self->kind = kind;
  self->fillers = g_array_new (FALSE, FALSE, sizeof (int));
  self->conns = g_hash_table_new_full (NULL, NULL, conn_free, NULL);
  begin_listening (self, kind == BENCH_PEER_FULL ? 0 : 1024);
  if (kind == BENCH_PEER_FULL)
    fill_backlog (self);
  else if (kind != BENCH_PEER_CLOSED)
    begin_serving (self);
  if (kind == BENCH_PEER_CLOSED)
    {
      close (self->listener);
      self->listener = -1;
    }
  return self;
}

/**
 * bench_peer_free:
 * @self: (transfer full): a peer
 *
 * Ends it.
 */
void
bench_peer_free (BenchPeer *self)
{
  if (self->thread != NULL)
    {
      const guint64 one = 1;

      if (write (self->quit, &one, sizeof one) != sizeof one)
        g_error ("eventfd: %s", g_strerror (errno));
      g_thread_join (self->thread);
      close (self->quit);
      close (self->epoll);
    }
  for (guint i = 0; i < self->fillers->len; i++)
    close (g_array_index (self->fillers, int, i));
  if (self->listener >= 0)
    close (self->listener);
  g_array_unref (self->fillers);
  g_hash_table_unref (self->conns);
  g_free (self);
}

/**
 * bench_peer_get_port:
 * @self: a peer
 *
 * Returns: its port
 */
guint16
bench_peer_get_port (BenchPeer *self)
{
  return self->port;
}

/**
 * bench_peer_set_promise:
 * @self: a peer to which nobody is connected
 * @n_bytes: how long the file is said to be
 *
 * Says what a %BENCH_PEER_PROMISING one promises.
 */
void
bench_peer_set_promise (BenchPeer *self, gint64 n_bytes)
{
  self->promise = n_bytes;
}

/**
 * bench_peer_get_n_open:
 * @self: a peer
 *
 * Returns: how many connections it has
 */
guint
bench_peer_get_n_open (BenchPeer *self)
{
  return (guint) g_atomic_int_get (&self->n_open);
}

/* The kernel tells nobody that a connection waits for its first answer; it can only be asked
 * (proc(5), /proc/net/tcp: the state of SYN_SENT is 02). */
static guint
count_connecting (guint16 port)
{
  g_autofree char *table = NULL;
  g_autofree char *wanted = g_strdup_printf (" 0100007F:%04X 02 ", port);
  guint n = 0;

  if (!g_file_get_contents ("/proc/net/tcp", &table, NULL, NULL))
    g_error ("There is no /proc/net/tcp");
  for (const char *p = strstr (table, wanted); p != NULL; p = strstr (p + 1, wanted))
    n++;
  return n;
}

/**
 * bench_peer_forget:
 * @self: a peer to which nobody is connected
 *
 * Counts anew who is ready.
 */
void
bench_peer_forget (BenchPeer *self)
{
  g_atomic_int_set (&self->n_ready, 0);
}

/**
 * bench_peer_get_n_ready:
 * @self: a peer
 *
 * Says how many of those who connected since bench_peer_forget() came to where the peer wants to
 * have them: they have sent something and hear nothing, or have been sent all there is, or are in
 * full flow, or wait for their connection.
 *
 * Returns: how many
 */
guint
bench_peer_get_n_ready (BenchPeer *self)
{
  if (self->kind == BENCH_PEER_FULL)
    return count_connecting (self->port) - 1; /* the last of those that fill it */
  return (guint) g_atomic_int_get (&self->n_ready);
}
