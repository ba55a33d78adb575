/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-http-session.h"

G_BEGIN_DECLS

/**
 * BobbinHttpBody:
 *
 * The body of an answer, while it is read.
 */
typedef struct _BobbinHttpBody BobbinHttpBody;

/**
 * BobbinHttpSentFunc:
 * @body: (transfer full) (nullable): the body of the answer
 * @error: (nullable): why there is none: of libsoup or GIO
 * @user_data: what was given to bobbin_http_session_send_async()
 *
 * Takes the head of an answer, which is in the message.
 */
typedef void (*BobbinHttpSentFunc) (BobbinHttpBody *body,
                                    const GError   *error,
                                    gpointer        user_data);

/**
 * BobbinHttpReadFunc:
 * @n: how many bytes came, 0 at the end, -1 on error
 * @error: (nullable): of libsoup or GIO
 * @user_data: what was given to bobbin_http_body_read_async()
 *
 * Takes what came; the body may be freed here.
 */
typedef void (*BobbinHttpReadFunc) (gssize        n,
                                    const GError *error,
                                    gpointer      user_data);

/**
 * BobbinHttpClosedFunc:
 * @user_data: what was given to bobbin_http_body_close_async()
 *
 * Called when a body is closed.
 */
typedef void (*BobbinHttpClosedFunc) (gpointer user_data);

void            bobbin_http_session_send_async (BobbinHttpSession *self,
                                                guint              lane,
                                                SoupMessage       *message,
                                                GCancellable      *cancellable,
                                                BobbinHttpSentFunc func,
                                                gpointer           user_data);
BobbinHttpBody *bobbin_http_session_send       (BobbinHttpSession *self,
                                                SoupMessage       *message,
                                                GCancellable      *cancellable,
                                                GError           **error);

void            bobbin_http_body_read_async    (BobbinHttpBody    *self,
                                                void              *buffer,
                                                gsize              size,
                                                GCancellable      *cancellable,
                                                BobbinHttpReadFunc func,
                                                gpointer           user_data);
gssize          bobbin_http_body_read          (BobbinHttpBody    *self,
                                                void              *buffer,
                                                gsize              size,
                                                GCancellable      *cancellable,
                                                GError           **error);
gssize          bobbin_http_body_read_now      (BobbinHttpBody *self,
                                                void           *buffer,
                                                gsize           size);
gboolean        bobbin_http_body_is_open_ended (BobbinHttpBody *self);
void            bobbin_http_body_close_async   (BobbinHttpBody      *self,
                                                GCancellable        *cancellable,
                                                BobbinHttpClosedFunc func,
                                                gpointer             user_data);
void            bobbin_http_body_close         (BobbinHttpBody *self,
                                                GCancellable   *cancellable);
void            bobbin_http_body_free          (BobbinHttpBody *self);

G_END_DECLS
