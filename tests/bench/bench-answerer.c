/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The least HTTP server: a process that answers every request with “ok”, and keeps connections. To
 * be started before there is any thread; what it costs is nobody's.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bench-answerer.h"

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static const char answer[] = "HTTP/1.1 200 OK\r\n"
                             "Content-Type: text/plain\r\n"
                             "Content-Length: 2\r\n"
                             "\r\n"
                             "ok";

static void
watch (int epoll, int fd)
{
  struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

  if (epoll_ctl (epoll, EPOLL_CTL_ADD, fd, &event) < 0)
    _exit (1);
}

/* Requests have no body, and come in one piece. */
static void
serve (int fd)
{
  char request[8192];
  const gssize length = read (fd, request, sizeof request);

  if (length <= 0 || write (fd, answer, strlen (answer)) < 0)
    close (fd);
}

static void
serve_all (int listener)
{
  const int epoll = epoll_create1 (EPOLL_CLOEXEC);
  struct epoll_event event;

  watch (epoll, listener);
  for (;;)
    {
      if (epoll_wait (epoll, &event, 1, -1) != 1)
        continue;
      if (event.data.fd == listener)
        watch (epoll, accept4 (listener, NULL, NULL, SOCK_CLOEXEC));
      else
        serve (event.data.fd);
    }
}

/**
 * bench_answerer_start:
 * @self: (out): a server
 *
 * Starts it; it ends with this process at the latest.
 */
void
bench_answerer_start (BenchAnswerer *self)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_addr.s_addr = g_htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof address;
  const int listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (bind (listener, (struct sockaddr *) &address, sizeof address) < 0 ||
      listen (listener, 1024) < 0 ||
      getsockname (listener, (struct sockaddr *) &address, &length) < 0)
    g_error ("No port to listen on: %s", g_strerror (errno));

  self->port = g_ntohs (address.sin_port);
  self->pid = fork ();
  if (self->pid == 0)
    {
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      serve_all (listener);
    }
  close (listener);
}

/**
 * bench_answerer_stop:
 * @self: a server
 */
void
bench_answerer_stop (BenchAnswerer *self)
{
  kill (self->pid, SIGKILL);
  waitpid (self->pid, NULL, 0);
}
