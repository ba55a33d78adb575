/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What time it is for monitors, and what wakes them up: CLOCK_BOOTTIME, because it goes on in
 * suspend and never jumps. What it gains over CLOCK_MONOTONIC is the time that this computer was
 * asleep. A test may set the clocks; then they stand still until it sets them again, and alarms go
 * off when it does. Any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-clock-private.h"

#include "bobbin-error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static GMutex mutex;
static BobbinTimes set_times; /* protected by mutex */
static gint is_set;           /* (atomic): whether a test has set the clocks */
static GQueue alarms;         /* of BobbinAlarm; protected by mutex */

static gint64
read_clock (clockid_t id)
{
  struct timespec now;

  clock_gettime (id, &now);

  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/**
 * bobbin_clock_read: (skip)
 * @times: (out): now
 *
 * Reads all clocks. Any thread.
 */
void
bobbin_clock_read (BobbinTimes *times)
{
  if (g_atomic_int_get (&is_set))
    {
      g_mutex_lock (&mutex);
      *times = set_times;
      g_mutex_unlock (&mutex);
      return;
    }

  times->boottime = read_clock (CLOCK_BOOTTIME);
  times->monotonic = read_clock (CLOCK_MONOTONIC);
  times->realtime = read_clock (CLOCK_REALTIME);
}

/**
 * bobbin_clock_get_boottime: (skip)
 *
 * Returns: µs since this computer was started
 */
gint64
bobbin_clock_get_boottime (void)
{
  BobbinTimes times;

  if (!g_atomic_int_get (&is_set))
    return read_clock (CLOCK_BOOTTIME);

  bobbin_clock_read (&times);

  return times.boottime;
}

/**
 * bobbin_clock_get_asleep: (skip)
 *
 * Returns: µs that this computer has been asleep since it was started
 */
gint64
bobbin_clock_get_asleep (void)
{
  BobbinTimes times;

  bobbin_clock_read (&times);

  return times.boottime - times.monotonic;
}

/**
 * bobbin_clock_to_realtime: (skip)
 * @boottime: a moment
 *
 * Returns: that moment in µs since 1970, as the clock is set now
 */
gint64
bobbin_clock_to_realtime (gint64 boottime)
{
  BobbinTimes times;

  bobbin_clock_read (&times);

  return times.realtime - (times.boottime - boottime);
}

/* With the mutex held. An alarm that is due goes off at once, be it set or the clock. */
static void
alarm_arm (BobbinAlarm *self)
{
  const gint64 nsec = self->due % G_USEC_PER_SEC * 1000;
  struct itimerspec spec = { 0 };
  int flags = TFD_TIMER_ABSTIME;

  if (!g_atomic_int_get (&is_set) && self->due != BOBBIN_ALARM_OFF)
    spec.it_value = (struct timespec){ self->due / G_USEC_PER_SEC, MAX (nsec, 1) };
  else if (self->due <= set_times.boottime)
    spec.it_value.tv_nsec = 1;

  if (timerfd_settime (self->fd, flags, &spec, NULL) < 0)
    g_critical ("A timer cannot be set: %s", g_strerror (errno));
}

/**
 * bobbin_clock_set: (skip)
 * @times: (nullable): what time it is from now on, or %NULL for the kernel's clocks
 *
 * For tests.
 */
void
bobbin_clock_set (const BobbinTimes *times)
{
  g_mutex_lock (&mutex);
  if (times != NULL)
    set_times = *times;
  g_atomic_int_set (&is_set, times != NULL);
  for (GList *l = alarms.head; l != NULL; l = l->next)
    alarm_arm (l->data);
  g_mutex_unlock (&mutex);
}

/**
 * bobbin_alarm_open: (skip)
 * @self: (out): an alarm; must not be moved any more
 * @error: where to say why not: a %BOBBIN_ERROR
 *
 * Makes an alarm that is off. See timerfd_create(2).
 *
 * Returns: %FALSE where the system has no more timers
 */
gboolean
bobbin_alarm_open (BobbinAlarm *self, GError **error)
{
  const int fd = timerfd_create (CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  const int errsv = errno;

  *self = (BobbinAlarm){ .fd = fd, .due = BOBBIN_ALARM_OFF, .link.data = self };
  if (fd < 0)
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FAILED,
                   /* Translators: %s is the system's own words, such as "Too many open files" */
                   _ ("The system gave no timer: %s"), g_strerror (errsv));
      return FALSE;
    }

  g_mutex_lock (&mutex);
  g_queue_push_tail_link (&alarms, &self->link);
  g_mutex_unlock (&mutex);

  return TRUE;
}

/**
 * bobbin_alarm_close: (skip)
 * @self: an alarm that was opened, or could not be
 */
void
bobbin_alarm_close (BobbinAlarm *self)
{
  if (self->fd < 0)
    return;

  g_mutex_lock (&mutex);
  g_queue_unlink (&alarms, &self->link);
  g_mutex_unlock (&mutex);

  close (self->fd);
  self->fd = -1;
}

/**
 * bobbin_alarm_set: (skip)
 * @self: an alarm
 * @due: boottime µs at which it goes off; %BOBBIN_ALARM_OFF for never
 *
 * One moment replaces the other, and what went off and was not heard is forgotten.
 */
void
bobbin_alarm_set (BobbinAlarm *self, gint64 due)
{
  g_mutex_lock (&mutex);
  self->due = due;
  alarm_arm (self);
  g_mutex_unlock (&mutex);
}

/**
 * bobbin_alarm_hear: (skip)
 * @self: an alarm that went off
 *
 * Makes it silent.
 */
void
bobbin_alarm_hear (BobbinAlarm *self)
{
  guint64 n_expired;

  /* EAGAIN: the wake-up was for nothing. */
  while (read (self->fd, &n_expired, sizeof n_expired) < 0 && errno == EINTR)
    continue;
}

/**
 * bobbin_slot_after: (skip)
 * @time: µs
 * @interval: µs from slot to slot, more than 0
 * @phase: µs that the grid is shifted by, less than @interval
 *
 * Returns: the first slot after @time
 */
gint64
bobbin_slot_after (gint64 time, gint64 interval, gint64 phase)
{
  const gint64 since = (time - phase) % interval;

  return time - since + (since < 0 ? 0 : interval);
}

/**
 * bobbin_slot_newest: (skip)
 * @due: a slot that has come
 * @interval: µs from slot to slot
 * @now: not before @due
 *
 * Returns: the newest slot that has come
 */
gint64
bobbin_slot_newest (gint64 due, gint64 interval, gint64 now)
{
  return due + (now - due) / interval * interval;
}

/* Where slots may be: so many parts of an interval, and no further apart than this. */
#define N_PHASES 8
#define MAX_STEP G_USEC_PER_SEC

/**
 * bobbin_slot_phase: (skip)
 * @identity: whose slots
 * @interval: µs from slot to slot
 *
 * Spreads many over the interval: each always gets the same phase, and they are as even as a hash
 * is (FNV-1a). Not over every moment of it: those that come together are begun and heard of
 * together (bobbin-sample-desk.c). 100 web servers in a second are 28 wake-ups so; in 16 parts they
 * are 50, and a quarter more processor time.
 *
 * Returns: µs, less than @interval
 */
gint64
bobbin_slot_phase (const char *identity, gint64 interval)
{
  const gint64 step = CLAMP (interval / N_PHASES, 1, MAX_STEP);
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325);

  for (const char *at = identity; *at != '\0'; at++)
    hash = (hash ^ (guchar) *at) * G_GUINT64_CONSTANT (0x100000001b3);
  /* The last letters have not reached the upper bits of a product yet. */
  hash ^= hash >> 32;
  hash *= G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  return (gint64) ((hash >> 1) % interval) / step * step;
}
