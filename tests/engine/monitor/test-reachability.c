/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-place and bobbin-reachability: where a server is, and whether it is our own trouble that
 * it does not answer. The last tests have a network of their own, and skip where none may be made.
 */

#include "config.h"

#include "bobbin-alerts.h"
#include "bobbin-clock-private.h"
#include "bobbin-job-queue.h"
#include "bobbin-monitor-private.h"
#include "bobbin-reachability-private.h"
#include "bobbin-test-clock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <net/route.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define SECOND ((gint64) G_USEC_PER_SEC)

static const struct
{
  const char *host;
  BobbinPlace place;
} places[] = {
  { "127.0.0.1", BOBBIN_PLACE_MACHINE },
  { "127.1.2.3", BOBBIN_PLACE_MACHINE },
  { "::1", BOBBIN_PLACE_MACHINE },
  { "0.0.0.0", BOBBIN_PLACE_MACHINE },
  { "::ffff:127.0.0.1", BOBBIN_PLACE_MACHINE },
  { "localhost", BOBBIN_PLACE_MACHINE },
  { "LocalHost.", BOBBIN_PLACE_MACHINE },
  { "app.localhost", BOBBIN_PLACE_MACHINE },
  { "10.1.2.3", BOBBIN_PLACE_LAN },
  { "172.16.0.1", BOBBIN_PLACE_LAN },
  { "172.31.255.255", BOBBIN_PLACE_LAN },
  { "192.168.178.1", BOBBIN_PLACE_LAN },
  { "169.254.3.4", BOBBIN_PLACE_LAN },
  { "fe80::1%eth0", BOBBIN_PLACE_LAN },
  { "fd12:3456::1", BOBBIN_PLACE_LAN },
  { "fc00::1", BOBBIN_PLACE_LAN },
  { "::ffff:192.168.1.1", BOBBIN_PLACE_LAN },
  { "nas", BOBBIN_PLACE_LAN },
  { "nas.local", BOBBIN_PLACE_LAN },
  { "NAS.Home.Arpa.", BOBBIN_PLACE_LAN },
  { "router.lan", BOBBIN_PLACE_LAN },
  { "172.32.0.1", BOBBIN_PLACE_WORLD },
  { "192.169.1.1", BOBBIN_PLACE_WORLD },
  { "8.8.8.8", BOBBIN_PLACE_WORLD },
  { "2001:4860:4860::8888", BOBBIN_PLACE_WORLD },
  { "www.example.org", BOBBIN_PLACE_WORLD },
  { "notlocal.example", BOBBIN_PLACE_WORLD },
  { "localhost.example", BOBBIN_PLACE_WORLD },
};

static void
test_places (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_test_message ("%s", places[i].host);
      g_assert_cmpint (bobbin_place_of_host (places[i].host), ==, places[i].place);
    }
}

static void
test_hosts (void)
{
  static const struct
  {
    const char *target, *host;
  } hosts[] = {
    { "http://www.example.org/a:b?c@d", "www.example.org" },
    { "https://user:pw@example.org:8443/", "example.org" },
    { "HTTPS://[2001:db8::1]:443/", "2001:db8::1" },
    { "tcp://nas:22", "nas" },
    { "tcp://[fe80::1%eth0]:22", "fe80::1%eth0" },
    { "ping:192.168.1.1", "192.168.1.1" },
    { "ping:2001:db8::1", "2001:db8::1" },
    { "dns:example.org", "example.org" },
    { "page:https://example.org/news", "example.org" },
    { "cert://example.org:443", "example.org" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autofree char *host = bobbin_place_host_of_target (hosts[i].target);

      g_assert_cmpstr (host, ==, hosts[i].host);
    }
}

static const struct
{
  const char *name;
  BobbinReachFacts facts;
  BobbinReach machine;
  BobbinReach lan;
  BobbinReach world;
} judgements[] = {
  { "all is well",
    { TRUE, TRUE, FALSE, 100 * SECOND, 0, 0 },
    BOBBIN_REACH_YES,
    BOBBIN_REACH_YES,
    BOBBIN_REACH_YES },
  { "no route",
    { FALSE, FALSE, FALSE, 100 * SECOND, 0, 0 },
    BOBBIN_REACH_YES,
    BOBBIN_REACH_OFFLINE,
    BOBBIN_REACH_OFFLINE },
  { "a route that nobody manages",
    { TRUE, FALSE, FALSE, 100 * SECOND, 0, 0 },
    BOBBIN_REACH_YES,
    BOBBIN_REACH_YES,
    BOBBIN_REACH_YES },
  { "a login page",
    { TRUE, TRUE, TRUE, 100 * SECOND, 0, 0 },
    BOBBIN_REACH_YES,
    BOBBIN_REACH_YES,
    BOBBIN_REACH_OFFLINE },
  { "just woken up",
    { TRUE, TRUE, FALSE, 100 * SECOND, 100 * SECOND, 0 },
    BOBBIN_REACH_YES,
    BOBBIN_REACH_SETTLING,
    BOBBIN_REACH_SETTLING },
  { "woken up without a network",
    { FALSE, FALSE, FALSE, 100 * SECOND, 71 * SECOND, 0 },
    BOBBIN_REACH_YES,
    BOBBIN_REACH_SETTLING,
    BOBBIN_REACH_SETTLING },
  { "none after 30 s",
    { FALSE, FALSE, FALSE, 100 * SECOND, 70 * SECOND, 0 },
    BOBBIN_REACH_YES,
    BOBBIN_REACH_OFFLINE,
    BOBBIN_REACH_OFFLINE },
  { "quiet for 2 s",
    { TRUE, TRUE, FALSE, 100 * SECOND, 98 * SECOND, 0 },
    BOBBIN_REACH_YES,
    BOBBIN_REACH_YES,
    BOBBIN_REACH_YES },
  { "changed since",
    { TRUE, TRUE, FALSE, 100 * SECOND, 90 * SECOND, 99 * SECOND },
    BOBBIN_REACH_YES,
    BOBBIN_REACH_SETTLING,
    BOBBIN_REACH_SETTLING },
  { "changing for 30 s",
    { TRUE, TRUE, FALSE, 100 * SECOND, 70 * SECOND, 99 * SECOND },
    BOBBIN_REACH_YES,
    BOBBIN_REACH_YES,
    BOBBIN_REACH_YES },
  { "near is there before the world",
    { TRUE, FALSE, FALSE, 100 * SECOND, 95 * SECOND, 0 },
    BOBBIN_REACH_YES,
    BOBBIN_REACH_YES,
    BOBBIN_REACH_SETTLING },
  { "a change of what is settled",
    { TRUE, TRUE, FALSE, 100 * SECOND, 0, 100 * SECOND },
    BOBBIN_REACH_YES,
    BOBBIN_REACH_YES,
    BOBBIN_REACH_YES },
};

static void
test_judge (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (judgements); i++)
    {
      const BobbinReachFacts *facts = &judgements[i].facts;

      g_test_message ("%s", judgements[i].name);
      g_assert_cmpint (bobbin_reach_judge (facts, BOBBIN_PLACE_MACHINE), ==, judgements[i].machine);
      g_assert_cmpint (bobbin_reach_judge (facts, BOBBIN_PLACE_LAN), ==, judgements[i].lan);
      g_assert_cmpint (bobbin_reach_judge (facts, BOBBIN_PLACE_WORLD), ==, judgements[i].world);
    }
}

static gboolean is_routed;

static gboolean
fake_route (GInetAddress *address, BobbinPlace place)
{
  return is_routed;
}

/* A sleep, and the return of a network, have to settle; nothing else has. */
static void
test_watch (void)
{
  g_autoptr (BobbinReachability) self = NULL;

  bobbin_test_clock_begin ();
  is_routed = TRUE;
  self = bobbin_reachability_new (NULL, fake_route);
  g_assert_cmpint (bobbin_reachability_ask (self, "example.org"), ==, BOBBIN_REACH_YES);
  bobbin_test_clock_sleep (SECOND / 10);
  g_assert_cmpint (bobbin_reachability_ask (self, "example.org"), ==, BOBBIN_REACH_YES);

  bobbin_test_clock_sleep (8 * 3600 * SECOND);
  g_assert_cmpint (bobbin_reachability_ask (self, "localhost"), ==, BOBBIN_REACH_YES);
  g_assert_cmpint (bobbin_reachability_ask (self, "example.org"), ==, BOBBIN_REACH_SETTLING);
  bobbin_test_clock_advance (BOBBIN_REACH_QUIET);
  g_assert_cmpint (bobbin_reachability_ask (self, "example.org"), ==, BOBBIN_REACH_YES);

  is_routed = FALSE;
  g_assert_cmpint (bobbin_reachability_ask (self, "example.org"), ==, BOBBIN_REACH_OFFLINE);
  is_routed = TRUE;
  g_assert_cmpint (bobbin_reachability_ask (self, "example.org"), ==, BOBBIN_REACH_SETTLING);
  bobbin_test_clock_advance (BOBBIN_REACH_QUIET);
  g_assert_cmpint (bobbin_reachability_ask (self, "example.org"), ==, BOBBIN_REACH_YES);
  bobbin_test_clock_end ();
}

static gboolean
route_of_one_kind (GInetAddress *address, BobbinPlace place)
{
  return address == NULL || g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4;
}

/* Where there is a way to addresses of one kind only, the other kind is none that comes and goes:
 * the servers that can be asked are, each time. */
static void
test_one_kind (void)
{
  g_autoptr (BobbinReachability) self = NULL;

  bobbin_test_clock_begin ();
  self = bobbin_reachability_new (NULL, route_of_one_kind);
  for (guint i = 0; i < 5; i++)
    {
      g_assert_cmpint (bobbin_reachability_ask (self, "2001:db8::7"), ==, BOBBIN_REACH_OFFLINE);
      g_assert_cmpint (bobbin_reachability_ask (self, "198.51.100.7"), ==, BOBBIN_REACH_YES);
      g_assert_cmpint (bobbin_reachability_ask (self, "example.org"), ==, BOBBIN_REACH_YES);
      bobbin_test_clock_advance (5 * SECOND);
    }
  bobbin_test_clock_end ();
}

/* ---- with a network of its own */

typedef struct
{
  int control; /* a socket */
  int tap;
} Network;

static void
set_address (struct sockaddr *address, const char *text)
{
  g_autoptr (GInetAddress) inet = g_inet_address_new_from_string (text);
  g_autoptr (GSocketAddress) socket_address = g_inet_socket_address_new (inet, 0);

  g_assert_true (g_socket_address_to_native (socket_address, address, sizeof *address, NULL));
}

static void
raise_interface (Network *self, const char *name)
{
  struct ifreq request = { .ifr_flags = IFF_UP | IFF_RUNNING };

  g_strlcpy (request.ifr_name, name, sizeof request.ifr_name);
  g_assert_no_errno (ioctl (self->control, SIOCSIFFLAGS, &request));
}

static void
set_interface_address (Network *self, int code, const char *text)
{
  struct ifreq request = { .ifr_name = "tap0" };

  set_address (&request.ifr_addr, text);
  g_assert_no_errno (ioctl (self->control, code, &request));
}

/* A cable, with nobody at its other end. */
static gboolean
plug_in (Network *self)
{
  struct ifreq request = { .ifr_name = "tap0", .ifr_flags = IFF_TAP | IFF_NO_PI };

  self->tap = open ("/dev/net/tun", O_RDWR | O_CLOEXEC);
  if (self->tap < 0)
    return FALSE;
  if (ioctl (self->tap, TUNSETIFF, &request) < 0)
    {
      close (self->tap);
      return FALSE;
    }
  set_interface_address (self, SIOCSIFADDR, "192.168.77.1");
  set_interface_address (self, SIOCSIFNETMASK, "255.255.255.0");
  raise_interface (self, "tap0");

  return TRUE;
}

static void
change_default_route (Network *self, int code)
{
  struct rtentry route = { .rt_flags = RTF_UP | RTF_GATEWAY };

  set_address (&route.rt_dst, "0.0.0.0");
  set_address (&route.rt_genmask, "0.0.0.0");
  set_address (&route.rt_gateway, "192.168.77.254");
  g_assert_no_errno (ioctl (self->control, code, &route));
}

static gboolean
network_init (Network *self)
{
  self->control = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  raise_interface (self, "lo");

  return plug_in (self);
}

static gboolean
reaches (const char *host)
{
  g_autoptr (GInetAddress) address = bobbin_place_parse_address (host);

  return bobbin_reachability_has_route (address, bobbin_place_of_host (host));
}

static void
test_routes (gconstpointer user_data)
{
  Network network;

  if (!network_init (&network))
    {
      g_test_skip ("no interface can be made here");
      return;
    }

  g_assert_true (reaches ("127.0.0.1"));
  g_assert_true (reaches ("192.168.77.9"));
  g_assert_true (reaches ("nas"));
  g_assert_false (reaches ("192.168.88.1"));
  g_assert_false (reaches ("192.0.2.1"));
  g_assert_false (reaches ("www.example.org"));

  change_default_route (&network, SIOCADDRT);
  g_assert_true (reaches ("192.168.88.1"));
  g_assert_true (reaches ("192.0.2.1"));
  g_assert_true (reaches ("www.example.org"));
  change_default_route (&network, SIOCDELRT);
  g_assert_false (reaches ("www.example.org"));

  close (network.tap);
  g_assert_false (reaches ("192.168.77.9"));
  g_assert_false (reaches ("nas"));
  g_assert_true (reaches ("127.0.0.1"));
  close (network.control);
}

typedef struct
{
  BobbinJob *job; /* (owned) */
  guint n_good;
  guint n_offline;
  guint n_down;
  guint n_judged;
} Remote;

static void
on_judged (BobbinMonitor *monitor, const BobbinVerdict *verdict, gpointer user_data)
{
  Remote *self = user_data;

  self->n_judged++;
  self->n_good += verdict->health == BOBBIN_HEALTH_UP;
  self->n_offline += verdict->reason == BOBBIN_UNKNOWN_OFFLINE;
  self->n_down += verdict->believed == BOBBIN_HEALTH_DOWN;
}

static void
remote_init (Remote *self, BobbinJobQueue *queue, const char *target)
{
  g_autoptr (GError) error = NULL;

  *self = (Remote){ .job = bobbin_monitor_new (target, &error) };
  g_assert_no_error (error);
  BOBBIN_MONITOR (self->job)->by_hand = TRUE;
  g_signal_connect (self->job, "judged", G_CALLBACK (on_judged), self);
  bobbin_job_queue_add (queue, self->job);
  bobbin_job_start (self->job);
}

static void
wait_judged (Remote *remotes, guint n_remotes, guint n)
{
  for (guint i = 0; i < n_remotes; i++)
    while (remotes[i].n_judged < n)
      g_main_context_iteration (NULL, TRUE);
}

static void
on_shut_down (GObject *source, GAsyncResult *result, gpointer user_data)
{
  bobbin_job_queue_shutdown_finish (BOBBIN_JOB_QUEUE (source), result, NULL);
  *(gboolean *) user_data = TRUE;
}

/* Ten minutes without a way to the world, one sample every 5 s: those far away are not known to be
 * down; the one near by and the one here are up. */
static void
test_ten_minutes (gconstpointer user_data)
{
  g_autoptr (BobbinJobQueue) queue = bobbin_job_queue_new ();
  g_autoptr (GSocketService) service = g_socket_service_new ();
  const guint16 port =
    g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, NULL);
  g_autofree char *near = g_strdup_printf ("tcp://192.168.77.1:%u", port);
  g_autofree char *here = g_strdup_printf ("tcp://127.0.0.1:%u", port);
  Network network;
  Remote remotes[4];
  gboolean done = FALSE;

  if (!network_init (&network))
    {
      g_test_skip ("no interface can be made here");
      return;
    }

  bobbin_test_clock_begin ();
  bobbin_reachability_set_default (bobbin_reachability_new (NULL, bobbin_reachability_has_route));
  remote_init (&remotes[0], queue, "tcp://192.0.2.1:80");
  remote_init (&remotes[1], queue, "http://198.51.100.7/");
  remote_init (&remotes[2], queue, near);
  remote_init (&remotes[3], queue, here);
  wait_judged (remotes, 4, 1);
  for (guint i = 2; i <= 120; i++)
    {
      bobbin_test_clock_advance (5 * SECOND);
      for (guint j = 0; j < G_N_ELEMENTS (remotes); j++)
        bobbin_monitor_tick (BOBBIN_MONITOR (remotes[j].job), bobbin_clock_get_boottime ());
      wait_judged (remotes, 4, i);
    }

  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpuint (remotes[i].n_offline, ==, 120);
      g_assert_cmpuint (remotes[i].n_down, ==, 0);
      g_assert_cmpuint (remotes[i + 2].n_good, ==, 120);
    }

  bobbin_job_queue_shutdown_async (queue, on_shut_down, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (remotes); i++)
    g_object_unref (remotes[i].job);
  bobbin_reachability_set_default (NULL);
  bobbin_test_clock_end ();
  close (network.tap);
  close (network.control);
}

/* ---- up, down, up */

/* Without another interface: an address that this computer has, for as long as the alias is up. */
static void
set_alias (int control, const char *alias, const char *address)
{
  struct ifreq request = { .ifr_flags = 0 };

  g_strlcpy (request.ifr_name, alias, sizeof request.ifr_name);
  if (address != NULL)
    {
      set_address (&request.ifr_addr, address);
      g_assert_no_errno (ioctl (control, SIOCSIFADDR, &request));
      return;
    }

  g_assert_no_errno (ioctl (control, SIOCSIFFLAGS, &request));
}

static void
change_way_out (int control, int code)
{
  char name[] = "lo";
  struct rtentry route = { .rt_flags = RTF_UP, .rt_dev = name };

  set_address (&route.rt_dst, "0.0.0.0");
  set_address (&route.rt_genmask, "0.0.0.0");
  g_assert_no_errno (ioctl (control, code, &route));
}

/* The world: two servers of it, and a way to all the others. */
static void
set_world (int control, gboolean is_there)
{
  set_alias (control, "lo:1", is_there ? "198.51.100.7" : NULL);
  set_alias (control, "lo:2", is_there ? "203.0.113.9" : NULL);
  change_way_out (control, is_there ? SIOCADDRT : SIOCDELRT);
}

/* So many slots, one every 5 s; each sample has been judged before the next slot comes. */
static void
tick_all (BobbinJobQueue *queue, Remote *remotes, guint n_slots)
{
  BobbinWorkerPool *pool = bobbin_job_queue_get_pool (queue, BOBBIN_LANE_PROBE);

  for (guint i = 0; i < n_slots; i++)
    {
      bobbin_test_clock_advance (5 * SECOND);
      for (guint j = 0; j < 4; j++)
        bobbin_monitor_tick (BOBBIN_MONITOR (remotes[j].job), bobbin_clock_get_boottime ());
      while (bobbin_worker_pool_get_n_pending (pool) > 0)
        g_main_context_iteration (NULL, TRUE);
      while (g_main_context_iteration (NULL, FALSE))
        continue;
    }
}

static void
on_started (BobbinAlerts *alerts, BobbinAlert *alert, gpointer user_data)
{
  (*(guint *) user_data)++;
}

static void
on_alerts_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  bobbin_alerts_close_finish (BOBBIN_ALERTS (source), result, NULL);
  *(gboolean *) user_data = TRUE;
}

/* All is well, then there is no way to the world for ten minutes, then there is again: nobody is
 * told of anything, and what is near goes on. When all servers are really gone, that is told. */
static void
test_up_down_up (gconstpointer user_data)
{
  g_autoptr (BobbinJobQueue) queue = bobbin_job_queue_new ();
  g_autoptr (BobbinAlerts) alerts = bobbin_alerts_new ();
  g_autoptr (GSocketService) service = g_socket_service_new ();
  const guint16 port =
    g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, NULL);
  const int control = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  Network network = { .control = control };
  static const char *const hosts[] = { "198.51.100.7", "203.0.113.9", "192.168.78.1", "127.0.0.1" };
  Remote remotes[G_N_ELEMENTS (hosts)];
  guint n_started = 0;
  gboolean done = FALSE;

  raise_interface (&network, "lo");
  set_alias (control, "lo:0", "192.168.78.1");
  set_world (control, TRUE);
  bobbin_test_clock_begin ();
  bobbin_reachability_set_default (bobbin_reachability_new (NULL, bobbin_reachability_has_route));
  bobbin_alerts_follow (alerts, G_LIST_MODEL (queue));
  g_signal_connect (alerts, "started", G_CALLBACK (on_started), &n_started);
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autofree char *target = g_strdup_printf ("tcp://%s:%u", hosts[i], port);

      remote_init (&remotes[i], queue, target);
    }
  wait_judged (remotes, 4, 1);

  tick_all (queue, remotes, 23);
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    g_assert_cmpuint (remotes[i].n_good, ==, 24);
  set_world (control, FALSE);
  tick_all (queue, remotes, 120);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpuint (remotes[i].n_good, ==, 24);
      g_assert_cmpint (bobbin_monitor_get_reason (BOBBIN_MONITOR (remotes[i].job)), ==,
                       BOBBIN_UNKNOWN_OFFLINE);
      g_assert_cmpuint (remotes[i + 2].n_good, ==, 144);
    }
  set_world (control, TRUE);
  tick_all (queue, remotes, 24);
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_assert_cmpuint (remotes[i].n_down, ==, 0);
      g_assert_cmpint (bobbin_monitor_get_health (BOBBIN_MONITOR (remotes[i].job)), ==,
                       BOBBIN_HEALTH_UP);
    }
  g_assert_cmpuint (n_started, ==, 0);

  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
  tick_all (queue, remotes, 1);
  g_assert_cmpuint (n_started, ==, 4);

  bobbin_alerts_close_async (alerts, on_alerts_closed, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  done = FALSE;
  bobbin_job_queue_shutdown_async (queue, on_shut_down, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (remotes); i++)
    g_object_unref (remotes[i].job);
  bobbin_reachability_set_default (NULL);
  bobbin_test_clock_end ();
  set_world (control, FALSE);
  set_alias (control, "lo:0", NULL);
  close (control);
}

/* Before there is another thread: only then may a user namespace be entered. */
static gboolean
enter_namespace (void)
{
  return unshare (CLONE_NEWNET) == 0 || unshare (CLONE_NEWUSER | CLONE_NEWNET) == 0;
}

int
main (int argc, char *argv[])
{
  const gboolean has_namespace = enter_namespace ();

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/reachability/places", test_places);
  g_test_add_func ("/reachability/hosts", test_hosts);
  g_test_add_func ("/reachability/judge", test_judge);
  g_test_add_func ("/reachability/watch", test_watch);
  g_test_add_func ("/reachability/one-kind", test_one_kind);
  if (has_namespace)
    {
      g_test_add_data_func ("/reachability/routes", NULL, test_routes);
      g_test_add_data_func ("/reachability/ten-minutes", NULL, test_ten_minutes);
      g_test_add_data_func ("/reachability/up-down-up", NULL, test_up_down_up);
    }
  else
    {
      g_printerr ("No network namespace may be made here: %s\n", g_strerror (errno));
    }

  return g_test_run ();
}
