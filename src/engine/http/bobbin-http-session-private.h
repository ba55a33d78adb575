/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-http-session.h"

G_BEGIN_DECLS

/*
 * A SoupSession and the sockets of its connections. Whoever fetches a part of a file has one for
 * itself: so its connection is nobody else's, and can be broken to end what waits on it.
 */
typedef struct _BobbinHttpPlace BobbinHttpPlace;

typedef struct
{
  SoupSession *soup;     /* (owned) */
  GHashTable  *sockets;  /* (element-type guint64 GSocket) (owned): by connection id */
  GPtrArray   *places;   /* (element-type BobbinHttpPlace) (owned): of kept connections */
  gboolean     is_taken; /* see bobbin_http_session_take_lane() */
  gint64       age;      /* so too */
} BobbinHttpLane;

GPtrArray      *bobbin_http_places_new       (void);
BobbinHttpLane *bobbin_http_session_get_lane (BobbinHttpSession *self,
                                              guint              lane);

G_END_DECLS
