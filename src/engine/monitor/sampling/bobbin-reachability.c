/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Whether it is our own trouble that a server does not answer. The kernel is asked for a route (a
 * datagram socket is connected, which sends nothing): that knows of VPNs and policy routing, in
 * sandboxes and namespaces, where the routing table's main part or a network manager does not.
 * GNetworkMonitor says when things change, and that a login page is in the way. After a sleep, and
 * when a network has come back, names and routes take a while to be right: then it is settling.
 *
 * bobbin_reach_judge() is pure, bobbin_reachability_has_route() for any thread; all else is for the
 * main thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-reachability-private.h"

#include "bobbin-clock-private.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/* A clock may be set while both are read: less is no sleep. */
#define MIN_SLEEP (G_USEC_PER_SEC / 2)

struct _BobbinReachability
{
  GNetworkMonitor *monitor; /* (owned) (nullable) */
  gulong changed_id;
  BobbinRouteFunc has_route;

  gint64 asleep;       /* µs, as of the last look */
  gint64 unsettled;    /* boottime µs, 0 for settled */
  gint64 changed;      /* boottime µs, 0 for never */
  gboolean was_routed; /* to the world */
};

static BobbinReachability *instance; /* (owned) (nullable) */

/* GNetworkMonitor speaks of ways to the world; there may be none, and yet a server near by. */
static gboolean
is_settled (const BobbinReachFacts *facts, BobbinPlace place)
{
  const gint64 quiet_since = MAX (facts->unsettled, facts->changed);

  if (facts->unsettled == 0 || facts->now - facts->unsettled >= BOBBIN_REACH_GRACE)
    return TRUE;
  if (!facts->has_route || (place == BOBBIN_PLACE_WORLD && !facts->is_available))
    return FALSE;

  return facts->now - quiet_since >= BOBBIN_REACH_QUIET;
}

/**
 * bobbin_reach_judge: (skip)
 * @facts: what is known
 * @place: where the server is
 *
 * This computer always reaches itself. Any thread.
 *
 * Returns: whether the server can be asked
 */
BobbinReach
bobbin_reach_judge (const BobbinReachFacts *facts, BobbinPlace place)
{
  if (place == BOBBIN_PLACE_MACHINE)
    return BOBBIN_REACH_YES;
  if (!is_settled (facts, place))
    return BOBBIN_REACH_SETTLING;
  if (!facts->has_route || (facts->is_captive && place == BOBBIN_PLACE_WORLD))
    return BOBBIN_REACH_OFFLINE;

  return BOBBIN_REACH_YES;
}

/* Connecting a datagram socket looks for a route and an address to send from, and sends nothing. */
static gboolean
can_connect (GInetAddress *address)
{
  g_autoptr (GSocketAddress) to = g_inet_socket_address_new (address, 9);
  struct sockaddr_storage native;
  const gssize size = g_socket_address_get_native_size (to);
  gboolean ok;
  int fd;

  if (!g_socket_address_to_native (to, &native, sizeof native, NULL))
    return FALSE;
  fd = socket (native.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  /* Not to be told is no reason to say that there is none. */
  if (fd < 0)
    return errno != EAFNOSUPPORT;
  ok =
    connect (fd, (struct sockaddr *) &native, size) == 0 ||
    (errno != ENETUNREACH && errno != EHOSTUNREACH && errno != EADDRNOTAVAIL && errno != ENETDOWN);
  close (fd);

  return ok;
}

/* Addresses for documentation (RFC 5737, RFC 3849) are the world's as any other, and nobody's. */
static gboolean
can_connect_to_world (void)
{
  static const char *const nobodies[] = { "192.0.2.1", "2001:db8::1" };

  for (gsize i = 0; i < G_N_ELEMENTS (nobodies); i++)
    {
      g_autoptr (GInetAddress) address = g_inet_address_new_from_string (nobodies[i]);

      if (can_connect (address))
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_of_a_network (const struct ifaddrs *entry)
{
  const int family = entry->ifa_addr != NULL ? entry->ifa_addr->sa_family : AF_UNSPEC;

  if ((entry->ifa_flags & IFF_LOOPBACK) != 0 || (entry->ifa_flags & IFF_RUNNING) == 0)
    return FALSE;

  return family == AF_INET || family == AF_INET6;
}

/* For servers of the own network of which only the name is known. */
static gboolean
has_any_network (void)
{
  struct ifaddrs *entries;
  gboolean found = FALSE;

  if (getifaddrs (&entries) < 0)
    return TRUE;
  for (const struct ifaddrs *entry = entries; entry != NULL && !found; entry = entry->ifa_next)
    found = is_of_a_network (entry);
  freeifaddrs (entries);

  return found;
}

/**
 * bobbin_reachability_has_route: (skip)
 * @address: (nullable): whereto; %NULL where only the place is known
 * @place: where that is
 *
 * Asks the kernel. Does not block; any thread.
 *
 * Returns: whether there is a way
 */
gboolean
bobbin_reachability_has_route (GInetAddress *address, BobbinPlace place)
{
  switch (place)
    {
    case BOBBIN_PLACE_MACHINE:
      return TRUE;
    case BOBBIN_PLACE_LAN:
      /* A link-local one needs a zone that the socket would have to be told of. */
      if (address != NULL && !g_inet_address_get_is_link_local (address))
        return can_connect (address);
      return has_any_network ();
    case BOBBIN_PLACE_WORLD:
      return address != NULL ? can_connect (address) : can_connect_to_world ();
    default:
      g_return_val_if_reached (TRUE);
    }
}

static void
on_network_changed (BobbinReachability *self)
{
  self->changed = bobbin_clock_get_boottime ();
}

/**
 * bobbin_reachability_new: (skip)
 * @monitor: (nullable): g_network_monitor_get_default(), or %NULL to go by routes alone
 * @has_route: bobbin_reachability_has_route(), or a test's
 *
 * Returns: (transfer full): a new one, to whom the network is settled
 */
BobbinReachability *
bobbin_reachability_new (GNetworkMonitor *monitor, BobbinRouteFunc has_route)
{
  BobbinReachability *self = g_new0 (BobbinReachability, 1);

  self->has_route = has_route;
  self->asleep = bobbin_clock_get_asleep ();
  self->was_routed = TRUE;
  if (g_set_object (&self->monitor, monitor))
    self->changed_id =
      g_signal_connect_swapped (monitor, "network-changed", G_CALLBACK (on_network_changed), self);

  return self;
}

/**
 * bobbin_reachability_free: (skip)
 * @self: (transfer full): one that nobody asks any more
 */
void
bobbin_reachability_free (BobbinReachability *self)
{
  if (self->monitor != NULL)
    g_clear_signal_handler (&self->changed_id, self->monitor);
  g_clear_object (&self->monitor);
  g_free (self);
}

/**
 * bobbin_reachability_get_default: (skip)
 *
 * The one that all monitors of this process ask. Main thread.
 *
 * Returns: (transfer none): one that follows the default GNetworkMonitor
 */
BobbinReachability *
bobbin_reachability_get_default (void)
{
  if (instance == NULL)
    instance =
      bobbin_reachability_new (g_network_monitor_get_default (), bobbin_reachability_has_route);

  return instance;
}

/**
 * bobbin_reachability_set_default: (skip)
 * @self: (transfer full) (nullable): who is asked from now on; %NULL: the world as it is
 *
 * For tests.
 */
void
bobbin_reachability_set_default (BobbinReachability *self)
{
  g_clear_pointer (&instance, bobbin_reachability_free);
  instance = self;
}

static void
notice_sleep (BobbinReachability *self)
{
  const gint64 asleep = bobbin_clock_get_asleep ();

  if (asleep - self->asleep >= MIN_SLEEP)
    self->unsettled = bobbin_clock_get_boottime ();
  self->asleep = asleep;
}

/* A way to the world that has come back is as new as after a sleep. It is the world that is asked
 * for: where there are addresses of one kind only, there never is a way to those of the other. */
static void
notice_return (BobbinReachability *self)
{
  const gboolean is_routed = self->has_route (NULL, BOBBIN_PLACE_WORLD);

  if (is_routed && !self->was_routed)
    self->unsettled = bobbin_clock_get_boottime ();
  self->was_routed = is_routed;
}

static gboolean
is_captive (BobbinReachability *self)
{
  return self->monitor != NULL &&
         g_network_monitor_get_connectivity (self->monitor) == G_NETWORK_CONNECTIVITY_PORTAL;
}

static BobbinPlace
find_place (GInetAddress *address, const char *host)
{
  return address != NULL ? bobbin_place_of_address (address) : bobbin_place_of_host (host);
}

/**
 * bobbin_reachability_ask: (skip)
 * @self: whom to ask
 * @host: the server: an address or a name
 *
 * Does not block, and sends nothing. Main thread.
 *
 * Returns: whether the server can be asked now
 */
BobbinReach
bobbin_reachability_ask (BobbinReachability *self, const char *host)
{
  g_autoptr (GInetAddress) address = bobbin_place_parse_address (host);
  const BobbinPlace place = find_place (address, host);
  BobbinReachFacts facts = { 0 };
  BobbinReach reach;

  if (place == BOBBIN_PLACE_MACHINE)
    return BOBBIN_REACH_YES;

  notice_sleep (self);
  facts.has_route = self->has_route (address, place);
  if (place == BOBBIN_PLACE_WORLD)
    notice_return (self);
  facts.is_available =
    self->monitor == NULL || g_network_monitor_get_network_available (self->monitor);
  facts.is_captive = is_captive (self);
  facts.now = bobbin_clock_get_boottime ();
  facts.unsettled = self->unsettled;
  facts.changed = self->changed;

  reach = bobbin_reach_judge (&facts, place);
  if (reach == BOBBIN_REACH_YES && place == BOBBIN_PLACE_WORLD)
    self->unsettled = 0;

  return reach;
}

/**
 * bobbin_reachability_is_steady: (skip)
 * @self: whom to ask
 * @host: the server: an address or a name
 * @since: boottime µs
 *
 * A network that went and came back between two questions is the same one to both of them. Main
 * thread.
 *
 * Returns: whether nothing has changed on the way to the server at @since or later
 */
gboolean
bobbin_reachability_is_steady (BobbinReachability *self, const char *host, gint64 since)
{
  g_autoptr (GInetAddress) address = bobbin_place_parse_address (host);

  return self->changed < since || find_place (address, host) == BOBBIN_PLACE_MACHINE;
}
