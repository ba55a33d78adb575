/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The places that kept connections have at a host. A server counts a connection that waits for its
 * next request like any other: so its place in the host gate stays taken, by the lane that it is
 * in, until another request goes over it or it is closed. Between two runs it is at rest: then the
 * gate may shut it down for somebody who needs the place. Worker threads only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-http-session-private.h"

#include "bobbin-host-gate.h"

struct _BobbinHttpPlace
{
  char *host;      /* (owned) */
  GSocket *socket; /* (owned) */
};

/* Whatever is left of the connection, the server is told first. */
static void
place_give_up (BobbinHttpPlace *self)
{
  if (!g_socket_is_closed (self->socket))
    g_socket_shutdown (self->socket, TRUE, TRUE, NULL);
  bobbin_host_gate_leave (bobbin_host_gate_get_default (), self->host);
}

static void
place_free (gpointer data)
{
  BobbinHttpPlace *self = data;

  g_object_unref (self->socket);
  g_free (self->host);
  g_free (self);
}

GPtrArray *
bobbin_http_places_new (void)
{
  return g_ptr_array_new_with_free_func (place_free);
}

/* Gives up those that are closed, or all. */
static void
lane_give_up (BobbinHttpLane *lane, gboolean only_closed)
{
  for (guint i = lane->places->len; i-- > 0;)
    {
      BobbinHttpPlace *place = g_ptr_array_index (lane->places, i);

      if (!only_closed || g_socket_is_closed (place->socket))
        {
          place_give_up (place);
          g_ptr_array_remove_index_fast (lane->places, i);
        }
    }
}

/**
 * bobbin_http_session_keep_place:
 * @self: a session of this thread's
 * @lane: a lane
 * @message: what was sent there last, or %NULL
 * @host: where the caller has a place in the host gate
 * @is_kept: whether its connection may be used again
 *
 * Takes over the caller's place at @host: it is the kept connection's, or given up with one that is
 * not.
 */
void
bobbin_http_session_keep_place (BobbinHttpSession *self,
                                guint lane,
                                SoupMessage *message,
                                const char *host,
                                gboolean is_kept)
{
  BobbinHttpLane *own = bobbin_http_session_get_lane (self, lane);
  const guint64 id = message != NULL ? soup_message_get_connection_id (message) : 0;
  GSocket *socket = g_hash_table_lookup (own->sockets, &id);
  BobbinHttpPlace *place;

  if (socket == NULL)
    {
      bobbin_host_gate_leave (bobbin_host_gate_get_default (), host);
      return;
    }

  place = g_new0 (BobbinHttpPlace, 1);
  place->host = g_strdup (host);
  place->socket = g_object_ref (socket);
  if (is_kept && !g_socket_is_closed (socket))
    {
      g_ptr_array_add (own->places, place);
      return;
    }
  place_give_up (place);
  place_free (place);
}

/**
 * bobbin_http_session_take_place:
 * @self: a session of this thread's
 * @lane: a lane that is about to send
 * @host: to where
 *
 * Returns: whether the lane had a kept connection there: its place in the host gate is the caller's
 *   now
 */
gboolean
bobbin_http_session_take_place (BobbinHttpSession *self, guint lane, const char *host)
{
  BobbinHttpLane *own = bobbin_http_session_get_lane (self, lane);

  lane_give_up (own, TRUE);
  for (guint i = 0; i < own->places->len; i++)
    if (g_str_equal (((BobbinHttpPlace *) g_ptr_array_index (own->places, i))->host, host))
      {
        g_ptr_array_remove_index_fast (own->places, i);
        return TRUE;
      }

  return FALSE;
}

/**
 * bobbin_http_session_give_up_places:
 * @self: a session of this thread's
 *
 * Closes the kept connections: others need their places.
 */
void
bobbin_http_session_give_up_places (BobbinHttpSession *self)
{
  for (guint i = 0; i < self->lanes->len; i++)
    lane_give_up (g_ptr_array_index (self->lanes, i), FALSE);
}

/* Those at hosts where somebody waits, until nobody does. */
static void
lane_make_room (BobbinHttpLane *lane)
{
  BobbinHostGate *gate = bobbin_host_gate_get_default ();

  for (guint i = lane->places->len; i-- > 0;)
    {
      BobbinHttpPlace *place = g_ptr_array_index (lane->places, i);

      if (g_socket_is_closed (place->socket) || bobbin_host_gate_is_wanted (gate, place->host))
        {
          place_give_up (place);
          g_ptr_array_remove_index_fast (lane->places, i);
        }
    }
}

/**
 * bobbin_http_session_make_room:
 * @self: a session of this thread's
 *
 * To be called now and then while a run lasts: gives up kept connections that are closed, and those
 * to hosts where others wait for a place.
 */
void
bobbin_http_session_make_room (BobbinHttpSession *self)
{
  for (guint i = 0; i < self->lanes->len; i++)
    lane_make_room (g_ptr_array_index (self->lanes, i));
}

/**
 * bobbin_http_session_rest:
 * @self: a session of this thread's, of which no body is left
 *
 * To be called at the end of a run. What the first lane has kept is for the next run, or for
 * whoever needs its place before; most files need no more lanes than that, so the connections of
 * all others are closed.
 */
void
bobbin_http_session_rest (BobbinHttpSession *self)
{
  BobbinHttpLane *first = bobbin_http_session_get_lane (self, 0);

  for (guint i = 1; i < self->lanes->len; i++)
    lane_give_up (g_ptr_array_index (self->lanes, i), FALSE);
  lane_give_up (first, TRUE);
  for (guint i = 0; i < first->places->len; i++)
    {
      BobbinHttpPlace *place = g_ptr_array_index (first->places, i);

      bobbin_host_gate_rest (bobbin_host_gate_get_default (), place->host, place->socket);
    }
  self->is_resting = TRUE;
}

/**
 * bobbin_http_session_wake:
 * @self: a session of this thread's
 *
 * The end of the rest: what has not been shut down meanwhile is the session's again.
 */
void
bobbin_http_session_wake (BobbinHttpSession *self)
{
  BobbinHttpLane *first = self->is_resting ? bobbin_http_session_get_lane (self, 0) : NULL;

  for (guint i = first != NULL ? first->places->len : 0; i-- > 0;)
    {
      BobbinHttpPlace *place = g_ptr_array_index (first->places, i);

      if (!bobbin_host_gate_wake (bobbin_host_gate_get_default (), place->host, place->socket))
        g_ptr_array_remove_index_fast (first->places, i);
    }
  self->is_resting = FALSE;
}
