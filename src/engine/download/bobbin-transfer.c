/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * One run of a download, in a worker thread: ask, check what is answered, write what comes, try
 * again while that makes sense, publish. It sees the spec, its slot of the mailbox and the
 * cancellable, nothing else.
 *
 * Every wait is a turn of this thread's own main context. Two sources are attached to it for the
 * whole run or a try: one that hears the cancellable, one that hears silence; both end the try by
 * cancelling what it waits for. The run's own cancellable is given to no call, see
 * bobbin-cancel-watch.c.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-transfer-private.h"

#include "bobbin-cancel-watch.h"
#include "bobbin-display.h"
#include "bobbin-error.h"
#include "bobbin-http-policy.h"

#include <glib/gi18n-lib.h>

/**
 * bobbin_transfer_spec_free:
 * @self: (transfer full): a spec
 */
void
bobbin_transfer_spec_free (BobbinTransferSpec *self)
{
  g_free (self->address);
  g_free (self->folder);
  g_free (self->name);
  g_free (self->hint);
  g_free (self->ca_file);
  g_free (self->claimed);
  g_free (self->file);
  g_free (self);
}

void
bobbin_transfer_post (BobbinTransfer *self, BobbinDownloadPhase phase)
{
  self->report.phase = phase;
  if (self->slot != NULL)
    bobbin_mailbox_slot_post (self->slot, &self->report);
}

/* What ends a try from outside. */

static gboolean
on_cancelled (gpointer user_data)
{
  BobbinTransfer *self = user_data;

  g_cancellable_cancel (self->attempt);

  return G_SOURCE_REMOVE;
}

static gboolean
on_silence (gpointer user_data)
{
  BobbinTransfer *self = user_data;

  self->timed_out = TRUE;
  g_cancellable_cancel (self->attempt);

  return G_SOURCE_REMOVE;
}

GSource *
bobbin_transfer_attach (BobbinTransfer *self, GSource *source, const char *name)
{
  g_source_set_name (source, name);
  g_source_attach (source, self->session->context);

  return source;
}

void
bobbin_transfer_detach (GSource **source)
{
  if (*source == NULL)
    return;

  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

void
bobbin_transfer_set_url (BobbinTransfer *self, const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  char *copy = g_strdup (url);

  g_free (self->url);
  self->url = copy;
  g_free (self->host);
  self->host = uri != NULL ? g_strdup (g_uri_get_host (uri)) : bobbin_display_address (url);
}

static void
transfer_begin_attempt (BobbinTransfer *self)
{
  const guint timeout = MAX (self->spec->timeout / G_TIME_SPAN_MILLISECOND, 1);

  g_clear_object (&self->attempt);
  self->attempt = g_cancellable_new ();
  if (g_cancellable_is_cancelled (self->cancellable))
    g_cancellable_cancel (self->attempt);

  self->timed_out = FALSE;
  self->again = FALSE;
  self->status = 0;
  self->retry_after = -1;
  self->limit = -1;
  g_clear_error (&self->disk_error);
  bobbin_transfer_set_url (self, self->spec->address);

  self->silence = g_timeout_source_new (timeout);
  g_source_set_callback (self->silence, on_silence, self, NULL);
  bobbin_transfer_attach (self, self->silence, "[bobbin] silence");
}

void
bobbin_transfer_heard (BobbinTransfer *self)
{
  g_source_set_ready_time (self->silence, g_get_monotonic_time () + self->spec->timeout);
}

/* The disk has kept this thread from listening since then: that is not the server's silence. */
void
bobbin_transfer_excuse (BobbinTransfer *self, gint64 since)
{
  g_source_set_ready_time (self->silence, g_source_get_ready_time (self->silence) +
                                            g_get_monotonic_time () - since);
}

/* Why the try ended, in our own words. Takes @error. */
GError *
bobbin_transfer_explain (BobbinTransfer *self, SoupMessage *message, GError *error)
{
  g_autoptr (GError) raw = error;
  const GError timed_out = { G_IO_ERROR, G_IO_ERROR_TIMED_OUT, NULL };

  if (g_cancellable_is_cancelled (self->cancellable))
    return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("Stopped"));
  if (self->disk_error != NULL)
    return g_steal_pointer (&self->disk_error);
  if (self->timed_out)
    return bobbin_error_from_gio (&timed_out, self->host);
  if (g_error_matches (raw, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE) && message != NULL)
    return bobbin_error_from_tls (soup_message_get_tls_peer_certificate_errors (message),
                                  self->host);

  return bobbin_error_from_gio (raw, self->host);
}

/* One try. TRUE: the part is whole. FALSE with self->again: ask for something else now. */
static gboolean
transfer_try (BobbinTransfer *self, GError **error)
{
  gint64 offset = bobbin_transfer_get_resume_offset (self);
  g_autoptr (SoupMessage) message = NULL;
  BobbinHttpBody *body;
  gboolean done;

  self->report.rate = self->report.time_left = -1;
  self->report.until = 0;
  bobbin_transfer_post (self, BOBBIN_DOWNLOAD_CONNECTING);

  body = bobbin_transfer_ask (self, offset, &message, error);
  if (body == NULL)
    return FALSE;

  if (!bobbin_transfer_accept (self, message, &offset, error))
    {
      bobbin_http_body_close (body, self->attempt);
      return FALSE;
    }

  done = bobbin_transfer_receive (self, body, offset, error);
  if (done || self->again)
    bobbin_http_body_close (body, self->attempt);
  else
    bobbin_http_body_free (body);

  return done;
}

/* Trying again. */

static gboolean
on_second (gpointer user_data)
{
  BobbinTransfer *self = user_data;

  bobbin_transfer_post (self, BOBBIN_DOWNLOAD_WAITING);

  return G_SOURCE_CONTINUE;
}

/* Waits for the next try; the time left is posted anew every second. FALSE: stopped. */
static gboolean
transfer_wait (BobbinTransfer *self, gint64 time, GError **error)
{
  GSource *second = g_timeout_source_new_seconds (1);

  self->report.rate = self->report.time_left = -1;
  self->report.until = g_get_monotonic_time () + time;
  transfer_begin_attempt (self);
  g_source_set_ready_time (self->silence, self->report.until);
  g_source_set_callback (second, on_second, self, NULL);
  bobbin_transfer_attach (self, second, "[bobbin] waiting");
  bobbin_transfer_post (self, BOBBIN_DOWNLOAD_WAITING);

  while (!g_cancellable_is_cancelled (self->attempt))
    g_main_context_iteration (self->session->context, TRUE);

  bobbin_transfer_detach (&second);
  bobbin_transfer_detach (&self->silence);

  return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

/* Whether there is a point in another try after @error; counts those that brought nothing. */
static gboolean
transfer_may_retry (BobbinTransfer *self, const GError *error, guint *n_tries)
{
  const gint64 reached = self->part != NULL ? bobbin_part_file_get_first_gap (self->part) : 0;

  if (!bobbin_http_is_retryable (error, self->status) ||
      self->retry_after > BOBBIN_TRANSFER_LONGEST_WAIT)
    return FALSE;

  if (reached > self->reached)
    {
      self->reached = reached;
      *n_tries = 0;
    }

  return (*n_tries)++ < self->spec->retries;
}

static gboolean
transfer_back_off (BobbinTransfer *self, const GError *error, guint n_tries, GError **stopped)
{
  const gint64 back_off = bobbin_http_backoff (n_tries, g_random_int ());
  const gint64 time = MAX (back_off, self->retry_after);

  bobbin_mailbox_slot_log_error (self->slot, BOBBIN_EVENT_RETRY, error,
                                 /* Translators: first a sentence that says what failed */
                                 _ ("%s Trying again in %d s"), error->message,
                                 (int) ((time + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC));

  return transfer_wait (self, time, stopped);
}

static gboolean
transfer_is_whole (BobbinTransfer *self)
{
  return self->part != NULL && bobbin_part_file_get_length (self->part) >= 0 &&
         bobbin_part_file_get_first_gap (self->part) == bobbin_part_file_get_length (self->part);
}

static gboolean
transfer_fetch (BobbinTransfer *self, GError **error)
{
  guint n_tries = 0;

  while (!transfer_is_whole (self))
    {
      g_autoptr (GError) local_error = NULL;
      gboolean done;

      transfer_begin_attempt (self);
      done = transfer_try (self, &local_error);
      bobbin_transfer_detach (&self->silence);

      if (g_cancellable_set_error_if_cancelled (done ? NULL : self->cancellable, error))
        return FALSE;
      if (done)
        return TRUE;
      if (self->again)
        continue;

      if (!transfer_may_retry (self, local_error, &n_tries))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      if (!transfer_back_off (self, local_error, n_tries, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
transfer_publish (BobbinTransfer *self, GError **error)
{
  self->report.bytes = bobbin_part_file_get_n_bytes (self->part);
  self->report.total = self->report.bytes;
  self->report.rate = self->report.time_left = -1;
  bobbin_transfer_post (self, BOBBIN_DOWNLOAD_FINISHING);

  /* The last moment to be stopped in: from here on it is done or has failed. */
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;

  self->spec->file =
    bobbin_part_file_publish (self->part, self->spec->exists, self->spec->sync, error);
  if (self->spec->file == NULL)
    return FALSE;

  g_free (self->spec->claimed);
  self->spec->claimed = g_path_get_basename (self->spec->file);
  g_strlcpy (self->report.name, self->spec->claimed, sizeof self->report.name);

  return TRUE;
}

/* There was a file of that name already, and that is as good as done. */
static gboolean
transfer_skip (BobbinTransfer *self, GError **error)
{
  if (self->spec->exists != BOBBIN_EXISTS_SKIP ||
      !g_error_matches (*error, BOBBIN_ERROR, BOBBIN_ERROR_EXISTS))
    return FALSE;

  g_clear_error (error);
  self->spec->skipped = TRUE;
  if (self->found != NULL)
    {
      g_free (self->spec->claimed);
      self->spec->claimed = g_strdup (self->found);
    }
  self->spec->file = g_build_filename (self->spec->folder, self->spec->claimed, NULL);
  if (self->part != NULL)
    {
      bobbin_part_file_discard (self->part);
      g_clear_pointer (&self->part, bobbin_part_file_free);
    }
  bobbin_mailbox_slot_log (self->slot, BOBBIN_EVENT_NOTE, _ ("There is a file “%s” already"),
                           self->spec->claimed);

  return TRUE;
}

static gboolean
transfer_load_trust (BobbinTransfer *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (self->spec->ca_file == NULL)
    return TRUE;

  self->trust = g_tls_file_database_new (self->spec->ca_file, &local_error);
  if (self->trust == NULL)
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_CERTIFICATE,
                 _ ("The certificates in “%s” cannot be read."), self->spec->ca_file);

  return self->trust != NULL;
}

/* What an earlier run left, if it can be told where before anything was asked. */
static void
transfer_look_for_part (BobbinTransfer *self)
{
  g_autofree char *name = NULL;
  BobbinPartFile *part;

  bobbin_transfer_set_url (self, self->spec->address);
  name =
    self->spec->hint != NULL ? g_strdup (self->spec->hint) : bobbin_transfer_find_name (self, NULL);
  part = bobbin_part_file_find (self->spec->folder, name, self->spec->address, self->spec->exists);
  if (part == NULL)
    return;

  bobbin_transfer_set_part (self, part);
  self->reached = bobbin_part_file_get_first_gap (part);
}

/* Whether this run has spoken to servers in a way that the next one in this thread must not. */
static gboolean
transfer_is_private (BobbinTransfer *self)
{
  g_autoptr (GUri) uri = g_uri_parse (self->spec->address, SOUP_HTTP_URI_FLAGS, NULL);

  return self->trust != NULL || (uri != NULL && g_uri_get_userinfo (uri) != NULL);
}

static void
transfer_clear (BobbinTransfer *self)
{
  if (transfer_is_private (self))
    bobbin_http_session_forget (self->session);
  if (self->part != NULL)
    {
      if (self->spec->file == NULL)
        bobbin_part_file_checkpoint (self->part);
      bobbin_part_file_free (self->part);
    }
  g_clear_object (&self->attempt);
  g_clear_object (&self->trust);
  g_clear_error (&self->disk_error);
  g_free (self->buffer);
  g_free (self->found);
  g_free (self->host);
  g_free (self->url);
}

/**
 * bobbin_transfer_run:
 * @spec: a [struct@BobbinTransferSpec]
 * @slot: (nullable): where to report to
 * @cancellable: ends it, in any phase
 * @error: return location for a %BOBBIN_ERROR or %G_IO_ERROR_CANCELLED
 *
 * Downloads a file, as a [callback@BobbinWorkFunc]: goes on with what an earlier run left where the
 * server's validators say that it is of the same version (RFC 9110 §13.1.5), and publishes the file
 * only when it is whole. Worker threads only.
 *
 * Returns: whether the file is there, under its final name
 */
gboolean
bobbin_transfer_run (gpointer spec,
                     BobbinMailboxSlot *slot,
                     GCancellable *cancellable,
                     GError **error)
{
  BobbinTransfer self = {
    .spec = spec,
    .slot = slot,
    .cancellable = cancellable,
    .session = bobbin_http_session_get (),
    .attempt = g_cancellable_new (),
    .report = BOBBIN_REPORT_INIT,
  };
  g_autoptr (GError) local_error = NULL;
  GSource *stop = bobbin_cancel_watch_new (cancellable);
  gboolean done;

  g_main_context_push_thread_default (self.session->context);
  g_source_set_callback (stop, on_cancelled, &self, NULL);
  bobbin_transfer_attach (&self, stop, "[bobbin] stop");

  transfer_look_for_part (&self);
  done = transfer_load_trust (&self, &local_error) && transfer_fetch (&self, &local_error) &&
         transfer_publish (&self, &local_error);
  if (!done)
    done = transfer_skip (&self, &local_error);

  bobbin_transfer_detach (&stop);
  bobbin_transfer_post (&self, done ? BOBBIN_DOWNLOAD_FINISHING : self.report.phase);
  transfer_clear (&self);
  g_main_context_pop_thread_default (self.session->context);

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return done;
}
