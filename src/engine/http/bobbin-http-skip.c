/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Closing a body: what is left of it is read, if that is little and comes at once, for its
 * connection to serve the next request. Worker threads only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-http-body-private.h"

/* So long, in ms, is waited for the rest of an answer that is of no interest. */
#define MAX_SKIP_TIME 200

static void
on_skip_cancelled (GCancellable *cancellable, BobbinHttpBody *self)
{
  g_cancellable_cancel (self->skipping.late);
}

static gboolean
on_skip_time (gpointer user_data)
{
  BobbinHttpBody *self = user_data;

  g_cancellable_cancel (self->skipping.late);

  return G_SOURCE_REMOVE;
}

static void
body_end_skip (BobbinHttpBody *self)
{
  const BobbinHttpSkipping skipping = self->skipping;

  g_source_destroy (skipping.timer);
  g_source_unref (skipping.timer);
  g_signal_handler_disconnect (skipping.cancellable, skipping.cancelled);
  g_object_unref (skipping.cancellable);
  g_object_unref (skipping.late);
  g_free (skipping.buffer);
  self->session->n_skipping--;

  bobbin_http_body_free (self);
  skipping.func (skipping.user_data);
}

static void
on_skipped (gssize n, const GError *error, gpointer user_data)
{
  BobbinHttpBody *self = user_data;
  BobbinHttpSkipping *skipping = &self->skipping;

  skipping->n_read += MAX (n, 0);
  if (n > 0 && skipping->n_read < BOBBIN_HTTP_MAX_SKIP)
    bobbin_http_body_read_async (self, skipping->buffer, BOBBIN_HTTP_MAX_SKIP, skipping->late,
                                 on_skipped, self);
  else
    body_end_skip (self);
}

/**
 * bobbin_http_body_close_async:
 * @self: (transfer full): a body of no more interest
 * @cancellable: ends it; to be cancelled in this thread only
 * @func: called in the session's context when it is closed, perhaps before this returns
 * @user_data: for @func
 *
 * Closes and frees @self. If little is left of it, and that comes at once, it is read first, so
 * that its connection serves the next request.
 */
void
bobbin_http_body_close_async (BobbinHttpBody *self,
                              GCancellable *cancellable,
                              BobbinHttpClosedFunc func,
                              gpointer user_data)
{
  BobbinHttpSkipping *skipping = &self->skipping;

  if (self->is_done)
    {
      bobbin_http_body_free (self);
      func (user_data);
      return;
    }

  skipping->func = func;
  skipping->user_data = user_data;
  skipping->buffer = g_malloc (BOBBIN_HTTP_MAX_SKIP);
  skipping->late = g_cancellable_new ();
  skipping->cancellable = g_object_ref (cancellable);
  skipping->cancelled =
    g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_skip_cancelled), self);
  if (g_cancellable_is_cancelled (cancellable))
    g_cancellable_cancel (skipping->late);

  skipping->timer = g_timeout_source_new (MAX_SKIP_TIME);
  g_source_set_callback (skipping->timer, on_skip_time, self, NULL);
  g_source_set_static_name (skipping->timer, "[bobbin] skip");
  g_source_attach (skipping->timer, self->session->context);

  self->session->n_skipping++;
  bobbin_http_body_read_async (self, skipping->buffer, BOBBIN_HTTP_MAX_SKIP, skipping->late,
                               on_skipped, self);
}

static void
on_awaited_close (gpointer user_data)
{
  gboolean *done = user_data;

  *done = TRUE;
}

/**
 * bobbin_http_body_close:
 * @self: (transfer full): a body of no more interest
 * @cancellable: ends it; to be cancelled in this thread only
 *
 * Closes and frees @self as bobbin_http_body_close_async() does, and waits for it.
 */
void
bobbin_http_body_close (BobbinHttpBody *self, GCancellable *cancellable)
{
  GMainContext *context = self->session->context;
  gboolean done = FALSE;

  bobbin_http_body_close_async (self, cancellable, on_awaited_close, &done);
  while (!done)
    g_main_context_iteration (context, TRUE);
}
