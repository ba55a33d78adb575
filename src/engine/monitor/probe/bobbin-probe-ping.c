/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How long an echo takes to come back, in ms (RFC 792, RFC 4443 §4), without the name look-up: by
 * an ICMP datagram socket, which the kernel gives to the users in net.ipv4.ping_group_range, and
 * which needs no privilege (icmp(7)). Sampled in a worker; one cancellable ends it wherever it
 * waits, and how long it may take is the monitor's to say.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-probe-net.h"

#include "bobbin-error.h"
#include "bobbin-probe-fetch.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct
{
  BobbinProbe parent;
  char *host; /* (owned) */
  GResolverNameLookupFlags family;
} BobbinProbePing;

/* What is sent, in both versions of ICMP; the kernel fills in checksum and identifier. */
typedef struct
{
  guint8 type;
  guint8 code;
  guint16 checksum;
  guint16 identifier;
  guint16 sequence;
  guint64 token; /* nobody else's */
} Echo;

const BobbinProbeOption bobbin_probe_ping_options[] = {
  { "ip", "s", "'any'", bobbin_probe_fetch_families, N_ ("Only IPv4 or IPv6"), FALSE },
  { NULL },
};

static gboolean
fail (BobbinProbePing *self, int errsv, GError **error)
{
  g_autoptr (GError) own = NULL;

  /* No socket of this kind for this user, in this sandbox, or by this kernel. */
  if (errsv == EACCES || errsv == EPERM || errsv == EPROTONOSUPPORT || errsv == EAFNOSUPPORT)
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED,
                           /* Translators: leave net.ipv4.ping_group_range as it is */
                           _ ("This system does not let you ping. The administrator can, with "
                              "net.ipv4.ping_group_range."));
      return FALSE;
    }

  own = g_error_new_literal (G_IO_ERROR, g_io_error_from_errno (errsv), g_strerror (errsv));
  g_propagate_error (error, bobbin_error_from_gio (own, self->host));

  return FALSE;
}

static int
open_socket (GInetAddress *address)
{
  const gboolean is_6 = g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6;

  return socket (is_6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
                 is_6 ? (int) IPPROTO_ICMPV6 : (int) IPPROTO_ICMP);
}

static gboolean
send_echo (int fd, GInetAddress *address, const Echo *echo)
{
  g_autoptr (GSocketAddress) to = g_inet_socket_address_new (address, 0);
  struct sockaddr_storage native = { 0 };
  gssize size = g_socket_address_get_native_size (to);

  if (!g_socket_address_to_native (to, &native, sizeof native, NULL))
    {
      errno = EINVAL;
      return FALSE;
    }

  return connect (fd, (struct sockaddr *) &native, (socklen_t) size) == 0 &&
         send (fd, echo, sizeof *echo, 0) == (gssize) sizeof *echo;
}

/* Waits for our own echo; 0, or errno. */
static int
await_echo (int fd, const Echo *sent, GCancellable *cancellable)
{
  for (;;)
    {
      GPollFD polls[2] = { { .fd = fd, .events = G_IO_IN } };
      const gboolean can_end = g_cancellable_make_pollfd (cancellable, &polls[1]);
      Echo came;
      gssize n;

      g_poll (polls, can_end ? 2 : 1, -1);
      if (can_end)
        g_cancellable_release_fd (cancellable);
      if (g_cancellable_is_cancelled (cancellable))
        return ECANCELED;

      n = recv (fd, &came, sizeof came, 0);
      if (n < 0 && errno != EAGAIN && errno != EINTR)
        return errno;
      if (n == (gssize) sizeof came && came.token == sent->token &&
          (came.type == ICMP_ECHOREPLY || came.type == ICMP6_ECHO_REPLY))
        return 0;
    }
}

static gboolean
ping (BobbinProbePing *self,
      GInetAddress *address,
      GCancellable *cancellable,
      BobbinSample *sample,
      GError **error)
{
  const gboolean is_6 = g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6;
  const Echo echo = { .type = is_6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO,
                      .sequence = g_htons (1),
                      .token = ((guint64) g_random_int () << 32) | g_random_int () };
  int fd = open_socket (address);
  int errsv = errno;
  gint64 began;

  if (fd < 0)
    return fail (self, errsv, error);

  began = g_get_monotonic_time ();
  errsv = send_echo (fd, address, &echo) ? await_echo (fd, &echo, cancellable) : errno;
  sample->value = (g_get_monotonic_time () - began) / 1000.0;
  close (fd);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;

  return errsv == 0 || fail (self, errsv, error);
}

/* Where a look-up ends. */
typedef struct
{
  gboolean done;
  GList *addresses; /* (owned) (element-type GInetAddress) */
  GError *error;    /* (owned) (nullable) */
} LookUp;

static void
on_addresses (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LookUp *look_up = user_data;

  look_up->addresses =
    g_resolver_lookup_by_name_with_flags_finish (G_RESOLVER (source), result, &look_up->error);
  look_up->done = TRUE;
}

static GInetAddress *
find_address (BobbinProbePing *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  GInetAddress *address = NULL;
  LookUp look_up = { 0 };
  BobbinProbeLoop loop;

  bobbin_probe_loop_enter (&loop, context, cancellable);
  g_resolver_lookup_by_name_with_flags_async (resolver, self->host, self->family, loop.cancellable,
                                              on_addresses, &look_up);
  while (!look_up.done)
    g_main_context_iteration (context, TRUE);
  bobbin_probe_loop_leave (&loop);

  if (look_up.addresses != NULL)
    address = g_object_ref (look_up.addresses->data);
  else
    g_propagate_error (error, bobbin_error_from_gio (look_up.error, self->host));
  g_resolver_free_addresses (look_up.addresses);
  g_clear_error (&look_up.error);

  return address;
}

static gboolean
ping_sample (BobbinProbe *probe, GCancellable *cancellable, BobbinSample *sample, GError **error)
{
  BobbinProbePing *self = (BobbinProbePing *) probe;
  g_autoptr (GInetAddress) address = find_address (self, cancellable, error);

  return address != NULL && ping (self, address, cancellable, sample, error);
}

static void
ping_clear (BobbinProbe *probe)
{
  BobbinProbePing *self = (BobbinProbePing *) probe;

  g_free (self->host);
}

static const BobbinProbeClass ping_class = {
  .unit = "ms",
  .scope = BOBBIN_PROBE_NETWORK,
  .sample = ping_sample,
  .clear = ping_clear,
};

/**
 * bobbin_probe_ping_new: (skip)
 * @target: `ping:` and a host
 * @options: (nullable): what is set for it, a{sv}
 * @error: where to say what is wrong: %BOBBIN_ERROR_BAD_ADDRESS or %BOBBIN_ERROR_BAD_SETTING
 *
 * Where it may not be done the samples fail with %BOBBIN_ERROR_UNSUPPORTED.
 *
 * Returns: (transfer full) (nullable): a probe of that host
 */
BobbinProbe *
bobbin_probe_ping_new (const char *target, GVariant *options, GError **error)
{
  const char *host = target + strlen ("ping:");
  g_autofree char *ip = NULL;
  BobbinProbePing *self;

  if (*host == '\0' || strlen (host) > 253 || strpbrk (host, "/@?#[] \t\n") != NULL ||
      !g_str_is_ascii (host) || (strchr (host, ':') != NULL && !g_hostname_is_ip_address (host)))
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
                           /* Translators: leave the example as it is */
                           _ ("Name a host, as in ping:example.org."));
      return NULL;
    }
  if (!bobbin_probe_options_check (bobbin_probe_ping_options, options, error))
    return NULL;

  self = bobbin_probe_alloc (&ping_class, sizeof *self,
                             /* Translators: %s is the name of a host */
                             g_strdup_printf (_ ("Ping %s"), host));
  self->host = g_strdup (host);
  ip = bobbin_probe_options_dup_string (bobbin_probe_ping_options, options, "ip");
  if (g_str_equal (ip, "4"))
    self->family = G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY;
  else if (g_str_equal (ip, "6"))
    self->family = G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY;

  return &self->parent;
}
