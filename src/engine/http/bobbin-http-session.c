/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The HTTP side of a worker thread: a main context, and lanes that send in it, all made, used and
 * freed in that thread. A download uses the thread's own session, which is kept for the next one so
 * that connections to the same host are used again; a probe makes one for each sample, for the
 * opposite reason. Asking is in bobbin-http-send.c, reading in bobbin-http-body.c.
 *
 * A lane is a SoupSession of its own. All of them take a few KiB, and each has one message at a
 * time: so a message's connection is nobody else's, and can be broken to end what waits on it.
 *
 * Worker threads only; nothing is shared between them.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-http-session-private.h"

#include "bobbin-worker-pool.h"

/* Fewer than are asked for, and libsoup would wait where no cancellable reaches. */
#define MAX_CONNECTIONS 64

static void
session_clear (gpointer data)
{
  bobbin_http_session_free (data);
}

static GPrivate current = G_PRIVATE_INIT (session_clear);

static void
session_leave (void)
{
  g_private_replace (&current, NULL);
}

/* The only way of libsoup to have connections of one kind: a socket of the other cannot be bound to
 * such an address. */
static GSocketAddress *
any_address (GSocketFamily family)
{
  g_autoptr (GInetAddress) any = NULL;

  if (family == G_SOCKET_FAMILY_INVALID)
    return NULL;
  any = g_inet_address_new_any (family);

  return g_inet_socket_address_new (any, 0);
}

static BobbinHttpLane *
lane_new (GSocketFamily family)
{
  BobbinHttpLane *lane = g_new0 (BobbinHttpLane, 1);
  g_autoptr (GSocketAddress) local = any_address (family);

  lane->sockets = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_object_unref);
  lane->places = bobbin_http_places_new ();
  /* Time-outs are the caller's own: a server that lets headers drip is silent, too. */
  lane->soup =
    soup_session_new_with_options ("max-conns", MAX_CONNECTIONS, "max-conns-per-host",
                                   MAX_CONNECTIONS, "timeout", 0, "idle-timeout", 10, "user-agent",
                                   "Bobbin/" PACKAGE_VERSION, "local-address", local, NULL);
  /* What counts, and is written to the disk, is what the server has, not what it decodes to. */
  soup_session_remove_feature_by_type (lane->soup, SOUP_TYPE_CONTENT_DECODER);

  return lane;
}

static void
lane_free (gpointer data)
{
  BobbinHttpLane *lane = data;

  g_object_unref (lane->soup);
  g_ptr_array_unref (lane->places);
  g_hash_table_unref (lane->sockets);
  g_free (lane);
}

/* Lane number @lane, made now if there is none yet. */
BobbinHttpLane *
bobbin_http_session_get_lane (BobbinHttpSession *self, guint lane)
{
  while (self->lanes->len <= lane)
    g_ptr_array_add (self->lanes, lane_new (self->family));

  return g_ptr_array_index (self->lanes, lane);
}

static void
session_drain (BobbinHttpSession *self)
{
  while (g_main_context_iteration (self->context, FALSE))
    ;
}

static void
lane_abort (BobbinHttpLane *lane)
{
  soup_session_abort (lane->soup);
  g_hash_table_remove_all (lane->sockets);
}

static void
session_abort (BobbinHttpSession *self)
{
  bobbin_http_session_wake (self);
  bobbin_http_session_give_up_places (self);
  for (guint i = 0; i < self->lanes->len; i++)
    lane_abort (g_ptr_array_index (self->lanes, i));
}

/* GLib 2.74 may lock up when two threads make types at once of which one needs the other's: those
 * that workers would need first are made before there are any. */
static void
make_types (void)
{
  const GType types[] = { G_TYPE_SOCKET,          G_TYPE_INET_SOCKET_ADDRESS,
                          G_TYPE_NETWORK_ADDRESS, G_TYPE_SOCKET_CLIENT,
                          G_TYPE_TCP_CONNECTION,  G_TYPE_TASK,
                          G_TYPE_CANCELLABLE,     G_TYPE_SIMPLE_PROXY_RESOLVER,
                          SOUP_TYPE_MESSAGE,      SOUP_TYPE_SESSION };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    g_type_class_unref (g_type_class_ref (types[i]));
}

/**
 * bobbin_http_session_prepare:
 *
 * Has all sessions of this process speak HTTP/1.1. libsoup 3.2 takes an HTTP/2 body from the
 * network as fast as it comes, whether it is read or not, and moves all of it with each read:
 * measured here with 300 MiB while the machine was busy, 28 s, 11 s of CPU and 322 MiB of memory,
 * where HTTP/1.1 took 1.5 s, 0.5 s and 23 MiB. Nor would several streams of one connection be
 * faster than that.
 *
 * To be called first in main(), before there is any other thread: libsoup looks for a variable of
 * the environment, and types are made that threads would make at once.
 */
void
bobbin_http_session_prepare (void)
{
  g_setenv ("SOUP_FORCE_HTTP1", "1", TRUE);
  make_types ();
}

/**
 * bobbin_http_session_free:
 * @self: (transfer full): a session of this thread's, of which no body is left
 *
 * Closes all connections.
 */
void
bobbin_http_session_free (BobbinHttpSession *self)
{
  g_main_context_push_thread_default (self->context);
  bobbin_http_session_settle (self);
  session_abort (self);
  session_drain (self);
  g_ptr_array_unref (self->lanes);
  session_drain (self);
  g_main_context_pop_thread_default (self->context);
  g_main_context_unref (self->context);
  g_free (self->realm);
  g_free (self);
}

/**
 * bobbin_http_session_new:
 *
 * Returns: (transfer full): a session that has no connections, for this thread
 */
BobbinHttpSession *
bobbin_http_session_new (void)
{
  BobbinHttpSession *self = g_new0 (BobbinHttpSession, 1);

  self->context = g_main_context_new ();
  self->lanes = g_ptr_array_new_with_free_func (lane_free);

  return self;
}

/**
 * bobbin_http_session_new_for_family:
 * @family: %G_SOCKET_FAMILY_IPV4 or %G_SOCKET_FAMILY_IPV6; %G_SOCKET_FAMILY_INVALID for both
 *
 * Returns: (transfer full): a session that connects to no other addresses than these
 */
BobbinHttpSession *
bobbin_http_session_new_for_family (GSocketFamily family)
{
  BobbinHttpSession *self = bobbin_http_session_new ();

  self->family = family;

  return self;
}

/**
 * bobbin_http_session_get:
 *
 * Returns: (transfer none): the session of this thread, made now if it has none yet
 */
BobbinHttpSession *
bobbin_http_session_get (void)
{
  BobbinHttpSession *self = g_private_get (&current);

  if (self == NULL)
    {
      self = bobbin_http_session_new ();
      g_private_set (&current, self);
      bobbin_worker_pool_at_leave (session_leave);
    }

  return self;
}

/**
 * bobbin_http_session_settle:
 * @self: a session of this thread's, of which no body is left
 *
 * Waits until what bodies have left to do is done: connections that are not kept are closed now,
 * not when this thread does something else.
 */
void
bobbin_http_session_settle (BobbinHttpSession *self)
{
  while (self->n_skipping > 0)
    g_main_context_iteration (self->context, TRUE);

  /* What libsoup has still to do with a message that went well it does with the next one. */
  if (self->is_unsettled)
    session_drain (self);
  self->is_unsettled = FALSE;
}

/**
 * bobbin_http_session_forget:
 * @self: a session of this thread's, of which no body is left
 *
 * Closes all connections and forgets all passwords: the next run has other certificates to trust,
 * and another user.
 */
void
bobbin_http_session_forget (BobbinHttpSession *self)
{
  bobbin_http_session_settle (self);
  /* The connection of an answer that has just come is in use until libsoup has put it away, and one
   * that is in use would not be closed. */
  session_drain (self);
  session_abort (self);
  session_drain (self);

  for (guint i = 0; i < self->lanes->len; i++)
    {
      BobbinHttpLane *lane = g_ptr_array_index (self->lanes, i);
      SoupSessionFeature *auth = soup_session_get_feature (lane->soup, SOUP_TYPE_AUTH_MANAGER);

      if (auth != NULL)
        soup_auth_manager_clear_cached_credentials (SOUP_AUTH_MANAGER (auth));
    }
}

/**
 * bobbin_http_session_enter:
 * @self: a session of this thread's, of which no body is left
 * @realm: (nullable): of what is sent next, see bobbin_http_run_get_realm()
 *
 * To be called before each run. What was said to servers in private serves nobody but the next run
 * of the same realm, which goes on with it: a connection that is to trust another certificate, or
 * to be another user's, is a new one. What a run without a realm leaves is everybody's.
 */
void
bobbin_http_session_enter (BobbinHttpSession *self, const char *realm)
{
  if (g_strcmp0 (self->realm, realm) == 0)
    return;

  if (self->realm != NULL)
    bobbin_http_session_forget (self);
  g_free (self->realm);
  self->realm = g_strdup (realm);
}

static gboolean
is_free (BobbinHttpSession *self, guint lane)
{
  const BobbinHttpLane *at = bobbin_http_session_get_lane (self, lane);

  return !at->is_taken;
}

/**
 * bobbin_http_session_take_lane:
 * @self: a session of this thread's
 * @before: the lane that the caller had the last time; 0 for none
 * @age: a number that changes when what is kept is not to be used any more
 *
 * For many that each send something now and then, with nobody to see to all of them: takes a lane
 * that nobody has now, @before if it can be. Connections that are kept there of another age are
 * closed. Whatever is sent in @self without this goes lane 0, and not at the same time.
 *
 * Returns: the number of the lane, to be given back with bobbin_http_session_leave_lane()
 */
guint
bobbin_http_session_take_lane (BobbinHttpSession *self, guint before, gint64 age)
{
  guint i = before;
  BobbinHttpLane *lane;

  if (before >= self->lanes->len || !is_free (self, before))
    for (i = 0; !is_free (self, i); i++)
      ;

  lane = bobbin_http_session_get_lane (self, i);
  lane->is_taken = TRUE;
  if (lane->age != age)
    lane_abort (lane);
  lane->age = age;

  return i;
}

/**
 * bobbin_http_session_leave_lane:
 * @self: a session of this thread's
 * @lane: a lane that was taken, of which no body is left
 */
void
bobbin_http_session_leave_lane (BobbinHttpSession *self, guint lane)
{
  bobbin_http_session_get_lane (self, lane)->is_taken = FALSE;
}
