/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * BobbinHttpSession:
 * @context: this thread's main context; push it as thread-default while anything is sent
 * @lanes: (element-type gpointer): what sends, see bobbin-http-body.h
 * @n_skipping: bodies of which the rest is being read, to keep their connections
 * @is_unsettled: whether there is a connection that is not kept, and may not be closed yet
 * @family: what addresses it connects to; %G_SOCKET_FAMILY_INVALID: any
 * @is_resting: whether others may have the places of its connections
 * @realm: (nullable): whose its connections are, see bobbin_http_session_enter()
 *
 * What a worker thread speaks HTTP with.
 */
typedef struct
{
  GMainContext *context;
  GPtrArray    *lanes;
  guint         n_skipping;
  gboolean      is_unsettled;
  GSocketFamily family;
  gboolean      is_resting;
  char         *realm;
} BobbinHttpSession;

void               bobbin_http_session_prepare        (void);
BobbinHttpSession *bobbin_http_session_get            (void);
BobbinHttpSession *bobbin_http_session_new            (void);
BobbinHttpSession *bobbin_http_session_new_for_family (GSocketFamily family);
void               bobbin_http_session_free           (BobbinHttpSession *self);
void               bobbin_http_session_settle         (BobbinHttpSession *self);
void               bobbin_http_session_forget         (BobbinHttpSession *self);
void               bobbin_http_session_enter          (BobbinHttpSession *self,
                                                       const char        *realm);
guint              bobbin_http_session_take_lane      (BobbinHttpSession *self,
                                                       guint              before,
                                                       gint64             age);
void               bobbin_http_session_leave_lane     (BobbinHttpSession *self,
                                                       guint              lane);

/* bobbin-http-places.c */
void               bobbin_http_session_keep_place (BobbinHttpSession *self,
                                                   guint              lane,
                                                   SoupMessage       *message,
                                                   const char        *host,
                                                   gboolean           is_kept);
gboolean           bobbin_http_session_take_place (BobbinHttpSession *self,
                                                   guint              lane,
                                                   const char        *host);
void               bobbin_http_session_give_up_places (BobbinHttpSession *self);
void               bobbin_http_session_make_room (BobbinHttpSession *self);
void               bobbin_http_session_rest   (BobbinHttpSession *self);
void               bobbin_http_session_wake   (BobbinHttpSession *self);

G_END_DECLS
