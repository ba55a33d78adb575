/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What happens from time to time while bytes come: figures are posted, what has come is made sure
 * of, and it is decided how many connections there should be (bobbin-pace.c). Its worker's thread
 * only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-transfer-private.h"

/* How often figures are posted while bytes come. */
#define POST_TIME (250 * G_TIME_SPAN_MILLISECOND)

/* How often speeds are looked at, however often it is decided how many connections there are. */
#define SAMPLE_TIME (100 * G_TIME_SPAN_MILLISECOND)

/* In less time it is not to be seen what a connection waits for. */
#define LOOK_TIME (10 * G_TIME_SPAN_MILLISECOND)

/* How often it is looked for something to do for connections that have nothing. */
#define IDLE_TIME (50 * G_TIME_SPAN_MILLISECOND)

/* How much work a kill may cost, and how much a power cut. The latter keeps the disk busy, and a
 * stop may have to wait for it, so on a slow one it is done less often. */
#define CHECKPOINT_TIME (750 * G_TIME_SPAN_MILLISECOND)
#define SYNC_SHARE      50

/* Tests have less time. */
gint64 bobbin_transfer_sync_time = 10 * G_TIME_SPAN_SECOND;

/* Makes sure of what has come so far, from time to time. */
static gboolean
transfer_secure (BobbinTransfer *self, gint64 now)
{
  GError *error = NULL;
  gboolean done = TRUE;
  gint64 duration = -1;
  gint64 began;

  for (guint i = 0; done && i < self->fetches->len; i++)
    if (bobbin_transfer_get_fetch (self, i)->is_receiving)
      done = bobbin_fetch_flush (bobbin_transfer_get_fetch (self, i), &error);

  began = g_get_monotonic_time ();
  if (done)
    done = bobbin_part_file_end_sync (self->part, &duration, &error);
  if (duration >= 0)
    self->next_sync = now + MAX (bobbin_transfer_sync_time, SYNC_SHARE * duration);
  if (done)
    bobbin_part_file_checkpoint (self->part);
  if (done && now >= self->next_sync)
    bobbin_part_file_begin_sync (self->part);
  bobbin_transfer_excuse (self, began);
  self->next_checkpoint = now + CHECKPOINT_TIME;

  if (!done)
    bobbin_transfer_fail_disk (self, error);

  return done;
}

/* Is it a limit that it waits for, or its server? */
static void
fetch_look (BobbinFetch *fetch, gint64 now)
{
  const gint64 time = now - MAX (fetch->looked, fetch->began);
  const gint64 waited = bobbin_rate_pass_get_waited (fetch->pass);

  if (time < LOOK_TIME)
    return;

  fetch->is_held = 2 * (waited - fetch->waited) >= time;
  fetch->looked = now;
  fetch->waited = waited;
}

void
bobbin_transfer_measure (BobbinTransfer *self, gint64 now)
{
  const gboolean is_due = now >= self->next_sample || self->fetches->len == 0;
  gint64 buffered = 0;

  for (guint i = 0; i < self->fetches->len; i++)
    {
      BobbinFetch *fetch = bobbin_transfer_get_fetch (self, i);

      if (!fetch->is_receiving)
        continue;
      if (is_due)
        bobbin_rate_meter_sample (&fetch->rate, now, fetch->received);
      fetch_look (fetch, now);
      buffered += bobbin_fetch_count_buffered (fetch);
    }

  if (is_due)
    {
      bobbin_rate_meter_sample (&self->rate, now, self->received);
      self->next_sample = now + SAMPLE_TIME;
    }
  self->report.total = bobbin_part_file_get_length (self->part);
  self->report.bytes = bobbin_part_file_get_n_bytes (self->part) + buffered;
  if (self->report.total >= 0)
    self->report.bytes = MIN (self->report.bytes, self->report.total);
  self->report.rate = bobbin_rate_meter_get_rate (&self->rate);
  self->report.time_left =
    self->report.total < 0
      ? -1
      : bobbin_rate_meter_get_time_left (&self->rate, self->report.total - self->report.bytes);
}

/* Whether the number of connections is still to be found. */
static gboolean
transfer_is_pacing (BobbinTransfer *self)
{
  return self->is_parted && self->pace.settled_rate == 0 && self->pace.max > 1;
}

/* When the next tick is due. */
static gint64
transfer_get_next (BobbinTransfer *self, gint64 now)
{
  if (transfer_is_pacing (self))
    return MIN (self->next_post, now + bobbin_pace_get_interval (&self->pace));
  if (self->is_parted && self->fetches->len < self->pace.wanted && !bobbin_transfer_is_held (self))
    return MIN (self->next_post, now + MAX (IDLE_TIME, self->latency));

  return self->next_post;
}

/* So that a file that is whole will be known again, even if nobody is left to say so. Most small
 * files are whole before that. */
static void
transfer_identify (BobbinTransfer *self)
{
  g_autofree char *identity = NULL;

  if (*self->report.identity != '\0' || self->is_copy)
    return;

  identity = bobbin_part_file_dup_identity (self->part);
  if (identity != NULL)
    g_strlcpy (self->report.identity, identity, sizeof self->report.identity);
}

static gboolean
on_tick (gpointer user_data)
{
  BobbinTransfer *self = user_data;
  const gint64 now = g_get_monotonic_time ();

  bobbin_transfer_measure (self, now);
  if (now >= self->next_post)
    {
      transfer_identify (self);
      bobbin_transfer_show_segments (self);
      bobbin_transfer_post (self, BOBBIN_DOWNLOAD_RECEIVING);
      self->next_post = now + POST_TIME;
    }
  if (now >= self->next_checkpoint && !transfer_secure (self, now))
    return G_SOURCE_CONTINUE;

  bobbin_transfer_make_room (self);
  if (self->is_parted && !bobbin_transfer_is_held (self))
    bobbin_pace_step (&self->pace, now, self->received, self->report.total - self->report.bytes,
                      self->latency, bobbin_transfer_count_receiving (self));
  bobbin_transfer_fill (self);
  g_source_set_ready_time (self->tick, transfer_get_next (self, now));

  return G_SOURCE_CONTINUE;
}

/* The first answer of a round is good, or a further one is. */
void
bobbin_transfer_begin_ticks (BobbinTransfer *self)
{
  const gint64 now = g_get_monotonic_time ();

  if (self->tick != NULL)
    return;

  bobbin_rate_meter_reset (&self->rate);
  bobbin_pace_restart (&self->pace, now, self->received);
  self->next_checkpoint = now + CHECKPOINT_TIME;
  if (self->next_sync == 0)
    self->next_sync = now + bobbin_transfer_sync_time;
  self->next_post = now + POST_TIME;
  self->next_sample = now;
  bobbin_transfer_measure (self, now);
  bobbin_transfer_post (self, BOBBIN_DOWNLOAD_RECEIVING);

  self->tick =
    bobbin_transfer_add_timer (self, transfer_get_next (self, now), on_tick, self, "[bobbin] tick");
}
