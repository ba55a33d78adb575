/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A bad line: two network namespaces, and between them a thread that carries each IP packet from
 * one to the other, late, and drops some of those that go to the client. Both ends are the kernel's
 * own TCP, so that what is lost or late has the effect that it has in the world (it is what netem
 * does, but in kernels that have no netem, too). Packets have the length of a line's (an MTU of
 * 1500), as the devices have no offloading. The server's end uses Reno (RFC 5681), which every
 * kernel lets a namespace have, and which suffers from loss as TCP has for most of its life; and it
 * remembers nothing of the connection before, which was another program's.
 *
 * Needs root, tun devices and ip(8). Main thread only, but for the carrier.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bench-link.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define CLIENT_ADDRESS "10.213.77.2"
#define MTU            1500

/* So many packets are under way at most; the next ones are lost, as in any router. */
#define MAX_PACKETS 8192

typedef struct
{
  gint64 due; /* µs */
  guint length;
  char bytes[MTU];
} Packet;

/* One direction. */
typedef struct
{
  int from;
  int to;
  Packet *packets; /* (owned): a ring */
  guint first;
  guint n;
  double loss;
} Way;

struct _BenchLink
{
  char *server; /* (owned): namespaces */
  char *client;
  gint64 delay; /* µs */
  GRand *rand;
  Way down;
  Way up;
  int quit; /* eventfd */
  GThread *thread;
};

/* The packets that are there now are taken: one read is one. */
static void
way_take (Way *self, BenchLink *link, gint64 now)
{
  while (TRUE)
    {
      Packet *packet = &self->packets[(self->first + self->n) % MAX_PACKETS];
      const gssize n = read (self->from, packet->bytes, MTU);

      if (n <= 0)
        return;
      if (self->n == MAX_PACKETS - 1 || g_rand_double (link->rand) < self->loss)
        continue;
      packet->length = (guint) n;
      packet->due = now + link->delay;
      self->n++;
    }
}

/* Those that are due are delivered; a device that does not take one loses it. Gives when the next
 * one is. */
static gint64
way_deliver (Way *self, gint64 now)
{
  for (; self->n > 0; self->n--, self->first = (self->first + 1) % MAX_PACKETS)
    {
      Packet *packet = &self->packets[self->first];

      if (packet->due > now)
        return packet->due;
      if (write (self->to, packet->bytes, packet->length) < 0 && errno != EAGAIN && errno != EIO)
        g_warning ("A packet was refused: %s", g_strerror (errno));
    }

  return G_MAXINT64;
}

static gpointer
carry (gpointer user_data)
{
  BenchLink *self = user_data;
  struct pollfd fds[] = { { self->quit, POLLIN, 0 },
                          { self->down.from, POLLIN, 0 },
                          { self->up.from, POLLIN, 0 } };
  gint64 next = G_MAXINT64;

  while (fds[0].revents == 0)
    {
      const gint64 left = MAX (next - g_get_monotonic_time (), 0);
      const struct timespec timeout = { left / G_USEC_PER_SEC, left % G_USEC_PER_SEC * 1000 };
      gint64 now;

      ppoll (fds, G_N_ELEMENTS (fds), next == G_MAXINT64 ? NULL : &timeout, NULL);
      now = g_get_monotonic_time ();
      way_take (&self->down, self, now);
      way_take (&self->up, self, now);
      next = MIN (way_deliver (&self->down, now), way_deliver (&self->up, now));
    }

  return NULL;
}

/* A command of words; none of them has a space inside. */
static gboolean G_GNUC_PRINTF (2, 3) run (GError **error, const char *format, ...)
{
  g_autofree char *line = NULL;
  g_auto (GStrv) words = NULL;
  g_autoptr (GSubprocess) process = NULL;
  va_list args;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);
  words = g_strsplit (line, " ", -1);
  process =
    g_subprocess_newv ((const char *const *) words,
                       G_SUBPROCESS_FLAGS_STDERR_SILENCE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE,
                       error);
  if (process == NULL || !g_subprocess_wait_check (process, NULL, error))
    {
      g_prefix_error (error, "%s: ", line);
      return FALSE;
    }

  return TRUE;
}

/* A device that hands its packets to us, moved to its namespace. */
static int
open_end (const char *name_space, const char *address, const char *peer, GError **error)
{
  struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
  const int fd = open ("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

  g_strlcpy (request.ifr_name, "bobbin%d", sizeof request.ifr_name);
  if (fd >= 0 && ioctl (fd, TUNSETIFF, &request) == 0)
    {
      const char *name = request.ifr_name;

      if (run (error, "ip link set dev %s netns %s mtu %d txqueuelen %d", name, name_space, MTU,
               MAX_PACKETS) &&
          run (error, "ip -n %s addr add %s peer %s dev %s", name_space, address, peer, name) &&
          run (error, "ip -n %s link set dev %s up", name_space, name) &&
          run (error, "ip -n %s link set dev lo up", name_space))
        return fd;
    }
  else
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "tun: %s", g_strerror (errno));
    }
  if (fd >= 0)
    close (fd);

  return -1;
}

static gboolean
link_open (BenchLink *self, GError **error)
{
  if (!run (error, "ip netns add %s", self->server) ||
      !run (error, "ip netns add %s", self->client) ||
      !run (error, "ip netns exec %s sysctl -w net.ipv4.tcp_congestion_control=reno",
            self->server) ||
      !run (error, "ip netns exec %s sysctl -w net.ipv4.tcp_no_metrics_save=1", self->server))
    return FALSE;

  self->down.from = open_end (self->server, BENCH_LINK_SERVER_ADDRESS, CLIENT_ADDRESS, error);
  if (self->down.from < 0)
    return FALSE;
  self->up.from = open_end (self->client, CLIENT_ADDRESS, BENCH_LINK_SERVER_ADDRESS, error);
  self->down.to = self->up.from;
  self->up.to = self->down.from;

  return self->up.from >= 0;
}

/**
 * bench_link_new:
 * @delay: of each packet, in ms: half of the round trip
 * @loss: of the packets to the client so many, 0 to 1
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a line, if this machine lets us make one
 */
BenchLink *
bench_link_new (guint delay, double loss, GError **error)
{
  g_autoptr (BenchLink) self = g_new0 (BenchLink, 1);

  self->server = g_strdup_printf ("bobbin-bench-%d-server", (int) getpid ());
  self->client = g_strdup_printf ("bobbin-bench-%d-client", (int) getpid ());
  self->delay = delay * G_TIME_SPAN_MILLISECOND;
  self->rand = g_rand_new_with_seed (1);
  self->down = (Way){ .from = -1, .packets = g_new (Packet, MAX_PACKETS), .loss = loss };
  self->up = (Way){ .from = -1, .packets = g_new (Packet, MAX_PACKETS) };
  self->quit = eventfd (0, EFD_CLOEXEC);
  if (!link_open (self, error))
    return NULL;
  self->thread = g_thread_new ("bench-link", carry, self);

  return g_steal_pointer (&self);
}

/**
 * bench_link_free:
 * @self: (transfer full): a line
 *
 * Removes it, and its namespaces.
 */
void
bench_link_free (BenchLink *self)
{
  const guint64 one = 1;

  if (self->thread != NULL)
    {
      if (write (self->quit, &one, sizeof one) != sizeof one)
        g_error ("eventfd: %s", g_strerror (errno));
      g_thread_join (self->thread);
    }
  if (self->down.from >= 0)
    close (self->down.from);
  if (self->up.from >= 0)
    close (self->up.from);
  close (self->quit);
  run (NULL, "ip netns del %s", self->server);
  run (NULL, "ip netns del %s", self->client);
  g_rand_free (self->rand);
  g_free (self->down.packets);
  g_free (self->up.packets);
  g_free (self->server);
  g_free (self->client);
  g_free (self);
}

/**
 * bench_link_get_server:
 * @self: a line
 *
 * Returns: the namespace of its server, at %BENCH_LINK_SERVER_ADDRESS
 */
const char *
bench_link_get_server (BenchLink *self)
{
  return self->server;
}

/**
 * bench_link_get_client:
 * @self: a line
 *
 * Returns: the namespace of its client
 */
const char *
bench_link_get_client (BenchLink *self)
{
  return self->client;
}
