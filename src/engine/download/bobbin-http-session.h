/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * BobbinHttpSession:
 * @context: this thread's main context; push it as thread-default while using @soup
 * @soup: sends what is asked for in @context
 *
 * What a worker thread keeps from one download to the next.
 */
typedef struct
{
  GMainContext *context;
  SoupSession  *soup;
} BobbinHttpSession;

BobbinHttpSession *bobbin_http_session_get   (void);
GInputStream      *bobbin_http_session_send  (BobbinHttpSession *self,
                                              SoupMessage       *message,
                                              GCancellable      *cancellable,
                                              GError           **error);
gssize             bobbin_http_session_read  (BobbinHttpSession *self,
                                              GInputStream      *stream,
                                              void              *buffer,
                                              gsize              size,
                                              GCancellable      *cancellable,
                                              GError           **error);
void               bobbin_http_session_close (BobbinHttpSession *self,
                                              GInputStream      *stream,
                                              GCancellable      *cancellable);

G_END_DECLS
