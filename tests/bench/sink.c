/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The least that a download can be: one connection, no library, a buffer of 1 MiB that is filled
 * and then written. It believes all that the server says. What it costs is what the machine, the
 * kernel and the server cost; nobody is much faster with one connection and one thread.
 *
 *   sink ADDRESS PORT PATH FILE [--sync]      ADDRESS in numbers, PATH from the slash on
 */

#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUFFER (1024 * 1024)

static char buffer[BUFFER + 1];

static int
ask (const char *address, const char *port, const char *path)
{
  struct sockaddr_in peer = { .sin_family = AF_INET, .sin_port = htons ((uint16_t) atoi (port)) };
  const int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int n =
    snprintf (buffer, BUFFER, "GET %s HTTP/1.1\r\nHost: %s:%s\r\n\r\n", path, address, port);

  if (inet_pton (AF_INET, address, &peer.sin_addr) != 1)
    errx (2, "%s is no address", address);
  if (fd < 0 || connect (fd, (struct sockaddr *) &peer, sizeof peer) != 0 ||
      write (fd, buffer, (size_t) n) != n)
    err (1, "%s:%s", address, port);

  return fd;
}

/* Reads until there are size bytes in the buffer, or at the end of the head. */
static size_t
fill (int fd, size_t there, size_t size, const char *until)
{
  while (there < size)
    {
      const ssize_t n = read (fd, buffer + there, size - there);

      if (n <= 0)
        errx (1, "The connection ended");
      there += (size_t) n;
      buffer[there] = '\0';
      if (until != NULL && strstr (buffer, until) != NULL)
        return there;
    }

  return there;
}

/* How long the body is; what came of it already is then at the begin of the buffer. */
static long
take_head (int fd, size_t *there)
{
  long length;
  char *body;

  *there = fill (fd, 0, 16 * 1024, "\r\n\r\n");
  body = strstr (buffer, "\r\n\r\n");
  if (body == NULL || strncmp (buffer, "HTTP/1.1 200 ", 13) != 0 ||
      strcasestr (buffer, "\r\nContent-Length:") == NULL)
    errx (1, "This is no answer");

  body += 4;
  length = atol (strcasestr (buffer, "\r\nContent-Length:") + 17);
  *there -= (size_t) (body - buffer);
  memmove (buffer, body, *there);

  return length;
}

static void
take_body (int in, int out, size_t there, long length)
{
  for (long at = 0; at < length;)
    {
      const size_t size = length - at < BUFFER ? (size_t) (length - at) : BUFFER;

      there = fill (in, there, size, NULL);
      if (pwrite (out, buffer, size, at) != (ssize_t) size)
        err (1, "The file cannot be written");
      at += (long) size;
      there = 0;
    }
}

int
main (int argc, char **argv)
{
  size_t there;
  long length;
  int in, out;

  if (argc < 5)
    errx (2, "sink ADDRESS PORT PATH FILE [--sync]");

  in = ask (argv[1], argv[2], argv[3]);
  out = open (argv[4], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (out < 0)
    err (1, "%s", argv[4]);

  length = take_head (in, &there);
  take_body (in, out, there, length);
  if (argc > 5 && fdatasync (out) != 0)
    err (1, "%s", argv[4]);

  return 0;
}
