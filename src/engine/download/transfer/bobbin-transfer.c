/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * One run of a download, in a worker thread: rounds of fetching until the file is whole, again
 * while that makes sense, then publishing. It sees the spec, its slot of the mailbox and the
 * cancellable, nothing else.
 *
 * Every wait is a turn of this thread's own main context. A source attached to it hears the
 * cancellable and ends whatever is waited for; the run's own cancellable is given to no call, see
 * bobbin-cancel-watch.c.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-transfer-private.h"

#include "bobbin-cancel-watch.h"
#include "bobbin-error.h"
#include "bobbin-file-name.h"
#include "bobbin-http-policy.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

/* How often it is posted how far verifying is. */
#define POST_TIME (250 * G_TIME_SPAN_MILLISECOND)

/* So many bytes before those that are missing are asked for again, to be compared. */
#define OVERLAP (64 * 1024)

/* Rounds in a row that brought nothing although none of them failed. */
#define MAX_IDLE 6

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
  g_free (self->identity);
  g_clear_pointer (&self->context, bobbin_http_context_unref);
  g_clear_pointer (&self->host_limiter, bobbin_rate_limiter_unref);
  g_clear_pointer (&self->limiter, bobbin_rate_limiter_unref);
  g_clear_pointer (&self->board, bobbin_segment_board_unref);
  g_free (self->checksum);
  g_free (self->claimed);
  g_free (self->file);
  g_free (self);
}

void
bobbin_transfer_post (BobbinTransfer *self, BobbinDownloadPhase phase)
{
  self->report.phase = phase;
  self->report.is_aside = phase == BOBBIN_DOWNLOAD_WAITING;
  if (self->slot != NULL)
    bobbin_mailbox_slot_post (self->slot, &self->report);
}

GSource *
bobbin_transfer_attach (BobbinTransfer *self,
                        GSource *source,
                        GSourceFunc func,
                        gpointer data,
                        const char *name)
{
  g_source_set_callback (source, func, data, NULL);
  g_source_set_name (source, name);
  g_source_attach (source, self->session->context);

  return source;
}

static gboolean
timer_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  g_source_set_ready_time (source, -1);

  return callback (user_data);
}

/* A time-out that is set anew, or not, each time, by g_source_set_ready_time(); first at @time. To
 * set it is a system call, for the context is woken. */
GSource *
bobbin_transfer_add_timer (BobbinTransfer *self,
                           gint64 time,
                           GSourceFunc func,
                           gpointer data,
                           const char *name)
{
  static GSourceFuncs funcs = { .dispatch = timer_dispatch };
  GSource *source = g_source_new (&funcs, sizeof (GSource));

  g_source_set_ready_time (source, time);

  return bobbin_transfer_attach (self, source, func, data, name);
}

void
bobbin_transfer_detach (GSource **source)
{
  if (*source == NULL)
    return;

  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static gboolean
on_cancelled (gpointer user_data)
{
  BobbinTransfer *self = user_data;

  if (self->part != NULL)
    bobbin_part_file_cancel_sync (self->part);
  bobbin_transfer_end_round (self);

  return G_SOURCE_REMOVE;
}

/* What is known of the file, before and after an answer. */

char *
bobbin_transfer_find_name (BobbinTransfer *self, const char *url, SoupMessage *message)
{
  char *name = NULL;

  if (self->spec->name != NULL)
    return g_strdup (self->spec->name);

  if (message != NULL)
    name = bobbin_file_name_from_disposition (
      soup_message_headers_get_one (soup_message_get_response_headers (message),
                                    "Content-Disposition"));
  if (name != NULL)
    return name;

  /* Of one address it is asked for several times. */
  if (g_strcmp0 (url, self->named_url) != 0)
    {
      g_free (self->named_url);
      g_free (self->named);
      self->named_url = g_strdup (url);
      self->named = bobbin_file_name_from_uri (url);
    }

  return g_strdup (self->named);
}

void
bobbin_transfer_set_part (BobbinTransfer *self, BobbinPartFile *part)
{
  self->part = part;
  bobbin_part_file_set_read_again (part, self->hasher != NULL);
  g_free (self->spec->claimed);
  self->spec->claimed = g_strdup (bobbin_part_file_get_name (part));
  g_strlcpy (self->report.name, self->spec->claimed, sizeof self->report.name);
  *self->report.identity = '\0';
  self->report.bytes = bobbin_part_file_get_n_bytes (part);
  self->report.total = bobbin_part_file_get_length (part);
}

gboolean
bobbin_transfer_is_whole (BobbinTransfer *self)
{
  return self->part != NULL && !bobbin_part_file_is_doubtful (self->part) && !self->is_stale &&
         bobbin_part_file_get_length (self->part) >= 0 &&
         bobbin_part_file_get_first_gap (self->part) == bobbin_part_file_get_length (self->part);
}

/* Rounds. */

/* What the first request of a round is for, and from where to where. */
static BobbinAsk
transfer_choose (BobbinTransfer *self, gint64 *first, gint64 *end)
{
  BobbinPartFile *part = self->part;
  const gint64 length = part != NULL ? bobbin_part_file_get_length (part) : -1;
  const gint64 there = part != NULL ? bobbin_part_file_get_first_gap (part) : 0;
  BobbinAsk ask = self->ask;

  *first = 0;
  *end = -1;
  if (part == NULL || bobbin_part_file_get_n_bytes (part) == 0 ||
      bobbin_part_file_is_doubtful (part))
    return BOBBIN_ASK_WHOLE;
  if (ask == BOBBIN_ASK_REST && bobbin_http_if_range (bobbin_part_file_get_etag (part),
                                                      bobbin_part_file_get_date (part)) == NULL)
    ask = BOBBIN_ASK_OVERLAP;
  if (ask == BOBBIN_ASK_WHOLE || (ask == BOBBIN_ASK_OVERLAP && (length < 0 || there == 0)))
    return BOBBIN_ASK_WHOLE;

  *first = there;
  if (length >= 0 &&
      bobbin_segment_map_get_gap (bobbin_part_file_get_written (part), there, length, first, end) &&
      *end == length)
    *end = -1;
  if (ask == BOBBIN_ASK_OVERLAP)
    *first = MAX (there - OVERLAP, 0);

  return ask;
}

/* One round. TRUE: the part is whole. FALSE without an error: another round is to ask for something
 * else. */
static gboolean
transfer_round (BobbinTransfer *self, GError **error)
{
  gint64 first, end;
  BobbinAsk ask;

  self->report.rate = self->report.time_left = -1;
  self->report.until = 0;
  bobbin_transfer_post (self, BOBBIN_DOWNLOAD_CONNECTING);

  bobbin_transfer_begin_round (self);
  ask = transfer_choose (self, &first, &end);
  bobbin_fetch_start (self, ask, first, end, NULL);
  while (self->fetches->len > 0)
    g_main_context_iteration (self->session->context, TRUE);
  self->n_doubts = self->in_doubt ? self->n_doubts + 1 : 0;
  if (self->is_stale)
    g_clear_pointer (&self->part, bobbin_part_file_free);
  self->is_stale = FALSE;

  if (g_cancellable_is_cancelled (self->cancellable))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, C_ ("state of a job", "Stopped"));
  else if (self->disk_error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->disk_error));
  else if (!bobbin_transfer_is_whole (self) && self->error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->error));
  else
    return bobbin_transfer_is_whole (self);

  return FALSE;
}

/* Trying again. */

/* Bytes that are there. */
static gint64
transfer_count (BobbinTransfer *self)
{
  return self->part != NULL ? bobbin_part_file_get_n_bytes (self->part) : 0;
}

/* Whether there is a point in another try after @error; counts those that brought nothing, but for
 * those that came to nothing because of our own other connections. */
static gboolean
transfer_may_retry (BobbinTransfer *self, const GError *error)
{
  BobbinTransferTries *tries = &self->spec->tries;
  const gint64 reached = transfer_count (self);

  if ((!self->is_crowded && !bobbin_http_is_retryable (error, self->status)) ||
      self->retry_after > BOBBIN_TRANSFER_LONGEST_WAIT)
    return FALSE;

  if (reached > tries->reached)
    {
      tries->reached = reached;
      tries->n_crowded = 0;
      tries->n_tries = 0;
    }
  if (self->is_crowded)
    return TRUE;

  return tries->n_tries++ < self->spec->retries;
}

static gboolean
transfer_back_off (BobbinTransfer *self, const GError *failure, GError **error)
{
  BobbinTransferTries *tries = &self->spec->tries;
  const guint n = self->is_crowded ? ++tries->n_crowded : tries->n_tries;
  const gint64 time = MAX (bobbin_transfer_get_backoff (n), self->retry_after);
  const int seconds = (time + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;

  if (self->is_crowded)
    /* Translators: first a sentence that says what failed */
    bobbin_mailbox_slot_log_error (self->slot, BOBBIN_EVENT_RETRY, failure,
                                   /* Translators: %s is what went wrong, %d are seconds */
                                   _ ("%s It serves other downloads. Trying again in %d s"),
                                   failure->message, seconds);
  else
    /* Translators: first a sentence that says what failed */
    bobbin_mailbox_slot_log_error (self->slot, BOBBIN_EVENT_RETRY, failure,
                                   /* Translators: %s is what went wrong, %d are seconds */
                                   _ ("%s Trying again in %d s"), failure->message, seconds);

  return bobbin_transfer_wait_to_retry (self, failure, time, error);
}

/* What to do about a round that failed with @local_error. TRUE: another one. FALSE: this run ends,
 * and perhaps another one follows. */
static gboolean
transfer_recover (BobbinTransfer *self, GError *local_error, GError **error)
{
  if (self->spec->wait_for_space &&
      g_error_matches (local_error, BOBBIN_ERROR, BOBBIN_ERROR_NO_SPACE))
    return bobbin_transfer_wait_space (self, local_error, error);
  if (bobbin_transfer_lacks_network (self, local_error))
    return bobbin_transfer_wait_network (self, local_error, error);
  if (transfer_may_retry (self, local_error))
    return transfer_back_off (self, local_error, error);

  g_propagate_error (error, g_error_copy (local_error));

  return FALSE;
}

/* A round that has no error has another one ask for something else. Should a server lead in circles
 * so, that has an end. */
static gboolean
transfer_fetch (BobbinTransfer *self, GError **error)
{
  guint n_idle = 0;

  while (!bobbin_transfer_is_whole (self))
    {
      const gint64 there = transfer_count (self);
      g_autoptr (GError) local_error = NULL;

      if (transfer_round (self, &local_error))
        return TRUE;

      /* What is next may be a wait, or another round that ends before its first checkpoint. */
      if (self->part != NULL)
        bobbin_part_file_checkpoint (self->part);

      n_idle = local_error != NULL || transfer_count (self) > there ? 0 : n_idle + 1;
      if (n_idle > MAX_IDLE)
        g_set_error (&local_error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ANSWER,
                     /* Translators: %s is a host, such as example.org */
                     _ ("%s does not send what is asked for."), self->host);
      if (local_error == NULL)
        continue;

      /* Others need not wait until this one tries again. */
      bobbin_http_session_give_up_places (self->session);
      if (!transfer_recover (self, local_error, error))
        return FALSE;
    }

  return TRUE;
}

/* Verifying. */

static void
transfer_expect (BobbinTransfer *self, const BobbinChecksum *checksum)
{
  if (self->hasher == NULL || self->expected.type != checksum->type)
    {
      g_clear_pointer (&self->hasher, bobbin_hasher_free);
      self->hasher = bobbin_hasher_new (checksum->type);
    }
  if (self->part != NULL)
    bobbin_part_file_set_read_again (self->part, TRUE);
  self->expected = *checksum;
}

/* From now on it is known what the file must come to; also for the next run, should this one be
 * stopped before it has looked. */
void
bobbin_transfer_set_expected (BobbinTransfer *self, const BobbinChecksum *checksum)
{
  g_autofree char *text = bobbin_checksum_to_string (checksum);

  transfer_expect (self, checksum);
  bobbin_part_file_set_checksum (self->part, text);
}

/* Another version comes: what a server said of the one before counts no more. */
void
bobbin_transfer_forget_expected (BobbinTransfer *self)
{
  if (self->spec->checksum == NULL)
    g_clear_pointer (&self->hasher, bobbin_hasher_free);
  else if (self->hasher != NULL)
    bobbin_hasher_restart (self->hasher);
}

/* What the file must come to: as a person says, or as a server said in an earlier run. */
static gboolean
transfer_load_checksum (BobbinTransfer *self, GError **error)
{
  const char *kept = self->part != NULL ? bobbin_part_file_get_checksum (self->part) : NULL;
  BobbinChecksum checksum;

  if (self->spec->checksum != NULL)
    {
      if (!bobbin_checksum_parse (self->spec->checksum, &checksum, error))
        return FALSE;
      transfer_expect (self, &checksum);
    }
  else if (kept != NULL && bobbin_checksum_parse (kept, &checksum, NULL))
    {
      transfer_expect (self, &checksum);
    }

  return TRUE;
}

/* Hashes what did not come in order. FALSE: stopped, or the disk failed. */
static gboolean
transfer_hash_rest (BobbinTransfer *self, GError **error)
{
  const gint64 length = bobbin_part_file_get_length (self->part);
  gint64 next_post = 0;

  while (bobbin_hasher_get_position (self->hasher) < length)
    {
      const gint64 now = g_get_monotonic_time ();
      const gssize n = bobbin_hasher_read_some (self->hasher, bobbin_part_file_get_fd (self->part),
                                                BOBBIN_HASHER_PIECE);

      if (n <= 0)
        {
          g_propagate_error (error,
                             bobbin_error_from_errno (n < 0 ? errno : EIO,
                                                      bobbin_part_file_get_name (self->part)));
          return FALSE;
        }
      if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
        return FALSE;
      if (now < next_post)
        continue;

      self->report.bytes = bobbin_hasher_get_position (self->hasher);
      bobbin_transfer_post (self, BOBBIN_DOWNLOAD_VERIFYING);
      next_post = now + POST_TIME;
    }

  return TRUE;
}

/* The file is whole: is it right? One that is not is kept aside, and never given its name. */
static gboolean
transfer_verify (BobbinTransfer *self, GError **error)
{
  g_autofree char *aside = NULL;
  gboolean done;

  if (self->hasher == NULL)
    return TRUE;

  self->report.total = bobbin_part_file_get_length (self->part);
  self->report.rate = self->report.time_left = -1;
  if (bobbin_hasher_get_position (self->hasher) < self->report.total)
    bobbin_http_session_give_up_places (self->session);
  done = transfer_hash_rest (self, error);
  self->report.bytes = bobbin_part_file_get_n_bytes (self->part);
  if (!done)
    return FALSE;

  if (bobbin_hasher_finish (self->hasher, &self->expected, error))
    {
      bobbin_mailbox_slot_log (self->slot, BOBBIN_EVENT_NOTE,
                               /* Translators: %s is a kind of checksum, such as SHA-256 */
                               _ ("The %s checksum is right"),
                               bobbin_checksum_get_name (&self->expected));
      return TRUE;
    }

  aside = bobbin_part_file_set_aside (self->part, NULL);
  if (aside != NULL)
    {
      g_autofree char *name = g_filename_display_basename (aside);

      /* Translators: %s is the name of a file */
      bobbin_mailbox_slot_log (self->slot, BOBBIN_EVENT_NOTE, _ ("What came is kept as “%s”"),
                               name);
      g_clear_pointer (&self->part, bobbin_part_file_free);
    }

  return FALSE;
}

/* Takes @file: the path of the file, which is whole and right and has its name. */
static void
transfer_set_file (BobbinTransfer *self, char *file)
{
  self->spec->file = file;
  g_free (self->spec->claimed);
  self->spec->claimed = g_path_get_basename (file);
  g_strlcpy (self->report.name, self->spec->claimed, sizeof self->report.name);
}

/* The file is whole. Was it that before, when an earlier run was killed? */
static gboolean
transfer_is_known (BobbinTransfer *self)
{
  const BobbinTransferSpec *spec = self->spec;
  char *file;

  if (spec->since == 0 || self->found == NULL)
    return FALSE;

  file = bobbin_part_file_find_same (self->part, self->found, spec->since, spec->sync,
                                     self->cancellable);
  if (file == NULL)
    return FALSE;

  transfer_set_file (self, file);
  /* Translators: %s is the name of a file */
  bobbin_mailbox_slot_log (self->slot, BOBBIN_EVENT_NOTE, _ ("“%s” was whole already"),
                           spec->claimed);

  return TRUE;
}

/* It is another file that is there, and this one is not wanted beside it. */
static void
transfer_give_up_copy (BobbinTransfer *self, GError **error)
{
  bobbin_part_file_discard (self->part);
  g_clear_pointer (&self->part, bobbin_part_file_free);
  g_propagate_error (error, bobbin_error_from_errno (EEXIST, self->found));
}

static gboolean
transfer_publish (BobbinTransfer *self, GError **error)
{
  char *file;

  self->report.bytes = bobbin_part_file_get_n_bytes (self->part);
  self->report.total = self->report.bytes;
  self->report.rate = self->report.time_left = -1;
  bobbin_transfer_post (self, BOBBIN_DOWNLOAD_FINISHING);

  if (transfer_is_known (self))
    return TRUE;

  /* The last moment to be stopped in: from here on it is done or has failed. */
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  if (self->is_copy)
    {
      transfer_give_up_copy (self, error);
      return FALSE;
    }

  file = bobbin_part_file_publish (self->part, self->spec->exists, self->spec->sync, error);
  if (file == NULL)
    return FALSE;

  transfer_set_file (self, file);

  return TRUE;
}

/* Whether an earlier run was killed when it had given the file its name, and before anybody heard
 * of it. Where nobody waits for the disk a power cut may have left that name to other bytes. */
static gboolean
transfer_was_published (BobbinTransfer *self)
{
  const BobbinTransferSpec *spec = self->spec;
  gint64 length = spec->length;
  char *file;

  if (self->part != NULL || spec->hint == NULL || spec->identity == NULL || !spec->sync)
    return FALSE;

  file = bobbin_part_file_find_published (spec->folder, spec->hint, spec->identity, &length);
  if (file == NULL)
    return FALSE;

  transfer_set_file (self, file);
  self->report.total = self->report.bytes = length;
  /* Translators: %s is the name of a file */
  bobbin_mailbox_slot_log (self->slot, BOBBIN_EVENT_NOTE, _ ("“%s” was whole already"),
                           spec->claimed);

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
  /* Translators: %s is the name of a file */
  bobbin_mailbox_slot_log (self->slot, BOBBIN_EVENT_NOTE, _ ("There is a file “%s” already"),
                           self->spec->claimed);

  return TRUE;
}

/* What an earlier run left, if it can be told where before anything was asked. */
static void
transfer_look_for_part (BobbinTransfer *self)
{
  g_autofree char *name = self->spec->hint != NULL
                            ? g_strdup (self->spec->hint)
                            : bobbin_transfer_find_name (self, self->spec->address, NULL);
  BobbinPartFile *part =
    bobbin_part_file_find (self->spec->folder, name, self->spec->address, self->spec->exists);

  if (part == NULL)
    return;

  bobbin_transfer_set_part (self, part);
  self->spec->tries.reached = MAX (self->spec->tries.reached, bobbin_part_file_get_n_bytes (part));
}

/* What is to go on is put down. What was only to be compared is nobody's: a job that is removed
 * does not know of it. */
static void
transfer_leave_part (BobbinTransfer *self)
{
  if (self->part == NULL)
    return;

  if (self->spec->file == NULL && self->is_copy && !self->spec->put_off)
    bobbin_part_file_discard (self->part);
  else if (self->spec->file == NULL)
    bobbin_part_file_checkpoint (self->part);
  g_clear_pointer (&self->part, bobbin_part_file_free);
}

static void
transfer_clear (BobbinTransfer *self)
{
  bobbin_http_session_settle (self->session);
  bobbin_http_session_rest (self->session);
  transfer_leave_part (self);
  g_ptr_array_unref (self->fetches);
  g_array_unref (self->connections);
  bobbin_rate_share_free (self->share);
  g_clear_pointer (&self->hasher, bobbin_hasher_free);
  g_clear_pointer (&self->run, bobbin_http_run_unref);
  g_clear_error (&self->error);
  g_clear_error (&self->disk_error);
  g_free (self->found);
  g_free (self->named_url);
  g_free (self->named);
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
 * only when it is whole. A long wait it does not sit out: it ends, and says in @spec how long and
 * for what. Worker threads only.
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
    .fetches = g_ptr_array_new (),
    .connections = g_array_new (FALSE, TRUE, sizeof (guint64)),
    .share = bobbin_rate_share_new (bobbin_rate_limiter_get_global (),
                                    ((BobbinTransferSpec *) spec)->host_limiter,
                                    ((BobbinTransferSpec *) spec)->limiter),
    .report = BOBBIN_REPORT_INIT,
  };
  g_autoptr (GError) local_error = NULL;
  GSource *stop = bobbin_cancel_watch_new (cancellable);
  gboolean was_published;
  gboolean done;

  g_main_context_push_thread_default (self.session->context);
  bobbin_transfer_attach (&self, stop, on_cancelled, &self, "[bobbin] stop");

  bobbin_http_session_wake (self.session);
  transfer_look_for_part (&self);
  was_published = transfer_was_published (&self);
  self.run = bobbin_http_run_new (self.spec->context, self.spec->address, &local_error);
  if (self.run != NULL)
    bobbin_http_session_enter (self.session, bobbin_http_run_get_realm (self.run));
  done = was_published ||
         (self.run != NULL && bobbin_transfer_end_wait (&self, &local_error) &&
          transfer_load_checksum (&self, &local_error) && transfer_fetch (&self, &local_error) &&
          transfer_verify (&self, &local_error) && transfer_publish (&self, &local_error));
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
