/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * BobbinHttpSession:
 * @context: this thread's main context; push it as thread-default while using @soup
 * @soup: sends what is asked for in @context
 * @sockets: (element-type guint64 GSocket): those of the connections that may be used again
 *
 * What a worker thread speaks HTTP with.
 */
typedef struct
{
  GMainContext *context;
  SoupSession  *soup;
  GHashTable   *sockets;
} BobbinHttpSession;

/**
 * BobbinHttpBody:
 *
 * The body of an answer, while it is read.
 */
typedef struct _BobbinHttpBody BobbinHttpBody;

BobbinHttpSession *bobbin_http_session_get  (void);
BobbinHttpSession *bobbin_http_session_new  (void);
void               bobbin_http_session_free (BobbinHttpSession *self);
BobbinHttpBody    *bobbin_http_session_send (BobbinHttpSession *self,
                                             SoupMessage       *message,
                                             GCancellable      *cancellable,
                                             GError           **error);
void               bobbin_http_session_forget (BobbinHttpSession *self);

gssize             bobbin_http_body_read    (BobbinHttpBody *self,
                                             void           *buffer,
                                             gsize           size,
                                             GCancellable   *cancellable,
                                             GError        **error);
gboolean           bobbin_http_body_is_open_ended (BobbinHttpBody *self);
void               bobbin_http_body_close   (BobbinHttpBody *self,
                                             GCancellable   *cancellable);
void               bobbin_http_body_free    (BobbinHttpBody *self);

G_END_DECLS
