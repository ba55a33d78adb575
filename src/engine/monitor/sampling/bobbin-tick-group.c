/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * All local probes of a pool: one thread sleeps until the next slot of any of them, takes the
 * samples that are due one after another, of one reading of the kernel's files, and sends what was
 * found to the main thread in one go. So a hundred monitors of this computer cost two wake-ups a
 * slot. Slots are multiples of the interval since the computer was started, so that those of
 * different intervals fall together where they can.
 *
 * A sample that takes too long (a file system that does not answer) holds up nobody: an alarm tells
 * the main thread, which puts another thread of the pool on duty; the one that is stuck tells of
 * its one sample when it comes back, and leaves. The pool bounds how many there can be.
 *
 * All functions are for the main thread, but where said otherwise; what the thread on duty does is
 * in bobbin-tick-duty.c.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-tick-duty-private.h"

#include "bobbin-error.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <sys/eventfd.h>
#include <unistd.h>

static GQuark
group_quark (void)
{
  return g_quark_from_static_string ("bobbin-tick-group");
}

static void
rate_free (gpointer data)
{
  BobbinTickRate *rate = data;

  g_ptr_array_unref (rate->members);
  g_free (rate);
}

static void
group_unref (BobbinTickGroup *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_assert (self->watcher == NULL && self->listener == NULL);
  if (self->wake_fd >= 0)
    close (self->wake_fd);
  if (self->news_fd >= 0)
    close (self->news_fd);
  bobbin_alarm_close (&self->alarm);
  bobbin_alarm_close (&self->watch);
  g_ptr_array_unref (self->rates);
  g_mutex_clear (&self->mutex);
  g_main_context_unref (self->context);
  g_free (self);
}

static void
shift_free (gpointer data)
{
  BobbinTickShift *shift = data;

  group_unref (shift->group);
  g_free (shift);
}

/* Any thread. */
static void
ring (int fd)
{
  const guint64 one = 1;

  /* EAGAIN: it has rung. */
  while (write (fd, &one, sizeof one) < 0 && errno == EINTR)
    continue;
}

/* Any thread. */
void
bobbin_tick_hear (int fd)
{
  guint64 n;

  while (read (fd, &n, sizeof n) < 0 && errno == EINTR)
    continue;
}

static void
wake (BobbinTickGroup *self)
{
  ring (self->wake_fd);
}

/* ---- telling the main thread */

typedef struct
{
  gint64 skipped;
  gboolean has_sample;
  gboolean has_left;
  gboolean is_abandoned;
  BobbinSlot slot;
  BobbinSample found;
  GError *error;
} News;

static void
member_destroy (BobbinTickMember *self)
{
  bobbin_probe_unref (self->probe);
  g_object_unref (self->cancellable);
  group_unref (self->group);
  g_free (self);
}

/* With the mutex held. */
static void
leave_rate (BobbinTickMember *self)
{
  if (self->rate == NULL)
    return;

  g_ptr_array_remove_fast (self->rate->members, self);
  if (self->rate->members->len == 0)
    g_ptr_array_remove_fast (self->group->rates, self->rate);
  self->rate = NULL;
}

/* With the mutex held. */
static News
take_news (BobbinTickMember *member)
{
  const News news = { .skipped = member->skipped,
                      .has_sample = member->has_sample,
                      .has_left = member->leaving && member->state == BOBBIN_TICK_RESTING,
                      .is_abandoned = member->abandoned,
                      .slot = member->slot,
                      .found = member->found,
                      .error = member->error };

  member->is_returned = FALSE;
  member->skipped = 0;
  member->has_sample = FALSE;
  member->found = (BobbinSample) BOBBIN_SAMPLE_INIT;
  member->error = NULL;
  if (news.has_left)
    leave_rate (member);

  return news;
}

/* What it says of itself stands before what makes it leave, and may free it. */
static void
tell_news (BobbinTickMember *member, News *news)
{
  const BobbinTickFuncs funcs = member->funcs;
  const gpointer user_data = member->user_data;

  if (news->is_abandoned)
    member_destroy (member);
  else if (news->has_left)
    funcs.left (user_data);
  else if (news->has_sample)
    funcs.sampled (&news->slot, &news->found, news->error, user_data);
  else if (news->skipped > 0)
    funcs.skipped (news->skipped, user_data);

  bobbin_sample_clear (&news->found);
  g_clear_error (&news->error);
}

/* One at a time: each may have any of the others leave. */
static void
deliver (BobbinTickGroup *self)
{
  BobbinTickMember *member;

  g_atomic_ref_count_inc (&self->ref_count);
  g_mutex_lock (&self->mutex);
  self->posted = FALSE;
  while ((member = g_queue_pop_head (&self->returned)) != NULL)
    {
      News news = take_news (member);

      g_mutex_unlock (&self->mutex);
      tell_news (member, &news);
      g_mutex_lock (&self->mutex);
    }
  g_mutex_unlock (&self->mutex);
  group_unref (self);
}

static gboolean
on_posted (gpointer user_data)
{
  deliver (user_data);

  return G_SOURCE_REMOVE;
}

static gboolean
on_news (int fd, GIOCondition condition, gpointer user_data)
{
  bobbin_tick_hear (fd);
  deliver (user_data);

  return G_SOURCE_CONTINUE;
}

/* With the mutex held: where nobody listens any more. */
static void
deliver_later (BobbinTickGroup *self)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_atomic_ref_count_inc (&self->ref_count);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_posted, self, (GDestroyNotify) group_unref);
  g_source_set_static_name (source, "[bobbin] samples");
  g_source_attach (source, self->context);
}

/* Any thread, with the mutex held, to be let go of by bobbin_tick_group_let_go(). */
void
bobbin_tick_group_post (BobbinTickGroup *self)
{
  if (self->posted || g_queue_is_empty (&self->returned))
    return;

  self->posted = TRUE;
  if (self->closing)
    deliver_later (self);
  else
    self->must_ring = TRUE;
}

/* Any thread, with the mutex held: lets go of it. Only then is the main thread woken up: it would
 * run at once, and have to wait for the mutex, which is another wake-up a slot. */
void
bobbin_tick_group_let_go (BobbinTickGroup *self)
{
  const gboolean must_ring = self->must_ring;

  self->must_ring = FALSE;
  g_mutex_unlock (&self->mutex);
  if (must_ring)
    ring (self->news_fd);
}

/* Any thread, with the mutex held. */
void
bobbin_tick_member_add_returned (BobbinTickMember *member)
{
  if (member->is_returned)
    return;

  member->is_returned = TRUE;
  g_queue_push_tail (&member->group->returned, member);
}

/* ---- the main thread */

static gboolean
begin_shift (BobbinTickGroup *self, guint generation)
{
  BobbinTickShift *shift = g_new0 (BobbinTickShift, 1);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  shift->group = self;
  shift->generation = generation;
  g_task_set_task_data (task, shift, shift_free);
  g_task_set_source_tag (task, begin_shift);
  g_task_set_name (task, "[bobbin] local samples");

  return bobbin_worker_pool_push (self->pool, task, bobbin_tick_duty_run, NULL);
}

/* Returns who is slow, and takes the others off that one's thread: what was slept is not counted. A
 * pool that closes has no other thread: then this one stays on duty, and they wait for it. */
static BobbinTickMember *
relieve (BobbinTickGroup *self, gint64 *taken, gint64 *asleep)
{
  BobbinTickMember *slow = NULL;
  BobbinTimes now;

  g_mutex_lock (&self->mutex);
  bobbin_clock_read (&now);
  *taken = now.monotonic - self->at_since.monotonic;
  *asleep = now.boottime - self->at_since.boottime - *taken;
  if (self->at != NULL && *taken >= BOBBIN_TICK_SLOW)
    slow = self->at;
  else if (self->at != NULL)
    bobbin_alarm_set (&self->watch, now.boottime + BOBBIN_TICK_SLOW - *taken);
  if (slow != NULL && begin_shift (self, self->generation + 1))
    {
      self->generation++;
      self->at = NULL;
    }
  g_mutex_unlock (&self->mutex);

  return slow;
}

static gboolean
on_watch (int fd, GIOCondition condition, gpointer user_data)
{
  BobbinTickGroup *self = user_data;
  BobbinTickMember *slow;
  gint64 taken, asleep;

  bobbin_alarm_hear (&self->watch);
  slow = relieve (self, &taken, &asleep);
  if (slow != NULL)
    slow->funcs.slow (slow->due, taken, asleep, slow->user_data);

  return G_SOURCE_CONTINUE;
}

static GSource *
listen_to (BobbinTickGroup *self, int fd, GUnixFDSourceFunc func, const char *name)
{
  GSource *source = g_unix_fd_source_new (fd, G_IO_IN);

  g_source_set_callback (source, (GSourceFunc) (void (*) (void)) func, self, NULL);
  g_source_set_static_name (source, name);
  g_source_attach (source, self->context);

  return source;
}

static void
stop_listening (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
group_close (BobbinTickGroup *self)
{
  stop_listening (&self->watcher);
  stop_listening (&self->listener);
  g_mutex_lock (&self->mutex);
  self->closing = TRUE;
  if (self->posted)
    deliver_later (self);
  g_mutex_unlock (&self->mutex);
  if (self->wake_fd >= 0)
    wake (self);

  g_object_set_qdata (G_OBJECT (self->pool), group_quark (), NULL);
  g_clear_object (&self->pool);
  group_unref (self);
}

static gboolean
group_open (BobbinTickGroup *self, GError **error)
{
  self->wake_fd = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC);
  self->news_fd = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (self->wake_fd < 0 || self->news_fd < 0)
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FAILED, _ ("The system gave no timer: %s"),
                   g_strerror (errno));
      return FALSE;
    }
  if (!bobbin_alarm_open (&self->alarm, error) || !bobbin_alarm_open (&self->watch, error))
    return FALSE;
  if (!begin_shift (self, 0))
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_CLOSED,
                           _ ("Bobbin is quitting and begins nothing new."));
      return FALSE;
    }
  self->watcher = listen_to (self, self->watch.fd, on_watch, "[bobbin] slow samples");
  self->listener = listen_to (self, self->news_fd, on_news, "[bobbin] samples");

  return TRUE;
}

static BobbinTickGroup *
get_group (BobbinWorkerPool *pool, GError **error)
{
  BobbinTickGroup *self = g_object_get_qdata (G_OBJECT (pool), group_quark ());

  if (self != NULL)
    return self;

  self = g_new0 (BobbinTickGroup, 1);
  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  g_queue_init (&self->batch);
  g_queue_init (&self->last);
  g_queue_init (&self->returned);
  self->alarm.fd = self->watch.fd = self->wake_fd = self->news_fd = -1;
  self->rates = g_ptr_array_new_with_free_func (rate_free);
  self->pool = g_object_ref (pool);
  self->context = g_main_context_ref_thread_default ();
  g_object_set_qdata (G_OBJECT (pool), group_quark (), self);
  if (!group_open (self, error))
    {
      group_close (self);
      return NULL;
    }

  return self;
}

/* With the mutex held. */
static BobbinTickRate *
get_rate (BobbinTickGroup *self, gint64 interval, gint64 now)
{
  BobbinTickRate *rate;

  for (guint i = 0; i < self->rates->len; i++)
    {
      rate = g_ptr_array_index (self->rates, i);
      if (rate->interval == interval)
        return rate;
    }

  rate = g_new0 (BobbinTickRate, 1);
  rate->interval = interval;
  rate->next = bobbin_slot_after (now, interval, 0);
  rate->members = g_ptr_array_new ();
  g_ptr_array_add (self->rates, rate);

  return rate;
}

/* With the mutex held. The next slot counts if there is half an interval until then: a processor's
 * load over some milliseconds means nothing. */
static void
enter_rate (BobbinTickMember *self, gint64 interval, gint64 now)
{
  self->rate = get_rate (self->group, interval, now);
  self->not_before = now + interval / 2;
  g_ptr_array_add (self->rate->members, self);
}

/* With the mutex held. */
static void
leave_batch (BobbinTickMember *self)
{
  if (self->state != BOBBIN_TICK_WAITING)
    return;

  if (!g_queue_remove (&self->group->batch, self))
    g_queue_remove (&self->group->last, self);
  self->state = BOBBIN_TICK_RESTING;
}

/**
 * bobbin_tick_member_new: (skip)
 * @pool: in whose threads
 * @probe: what to take samples with
 * @interval: µs from slot to slot, more than 0
 * @paused: whether its slots pass unheard
 * @funcs: whom to tell
 * @user_data: for @funcs
 * @error: where to say why not: a %BOBBIN_ERROR
 *
 * Enters the pool's group. The first sample is taken at once, unless it is paused.
 *
 * Returns: (transfer full): a new member; %NULL where the system has no more timers, or the pool
 *   closes
 */
BobbinTickMember *
bobbin_tick_member_new (BobbinWorkerPool *pool,
                        BobbinProbe *probe,
                        gint64 interval,
                        gboolean paused,
                        const BobbinTickFuncs *funcs,
                        gpointer user_data,
                        GError **error)
{
  BobbinTickGroup *group = get_group (pool, error);
  const gint64 now = bobbin_clock_get_boottime ();
  BobbinTickMember *self;

  if (group == NULL)
    return NULL;

  self = g_new0 (BobbinTickMember, 1);
  g_atomic_ref_count_inc (&group->ref_count);
  group->n_members++;
  self->group = group;
  self->probe = bobbin_probe_ref (probe);
  self->paused = paused;
  self->funcs = *funcs;
  self->user_data = user_data;
  self->cancellable = g_cancellable_new ();
  self->found = (BobbinSample) BOBBIN_SAMPLE_INIT;

  g_mutex_lock (&group->mutex);
  enter_rate (self, interval, now);
  if (!paused)
    bobbin_tick_member_add_due (self, now);
  g_mutex_unlock (&group->mutex);
  wake (group);

  return self;
}

/**
 * bobbin_tick_member_free: (skip)
 * @self: (transfer full): a member that has left
 *
 * The last one ends the group's thread.
 */
void
bobbin_tick_member_free (BobbinTickMember *self)
{
  BobbinTickGroup *group = self->group;

  g_assert (self->leaving && self->state == BOBBIN_TICK_RESTING && self->rate == NULL &&
            !self->is_returned);

  if (--group->n_members == 0)
    group_close (group);
  member_destroy (self);
}

/**
 * bobbin_tick_member_set_interval: (skip)
 * @self: a member
 * @interval: µs from slot to slot, more than 0
 *
 * The sample in flight, or waiting to be, stays.
 */
void
bobbin_tick_member_set_interval (BobbinTickMember *self, gint64 interval)
{
  g_mutex_lock (&self->group->mutex);
  leave_rate (self);
  enter_rate (self, interval, bobbin_clock_get_boottime ());
  g_mutex_unlock (&self->group->mutex);
  wake (self->group);
}

/**
 * bobbin_tick_member_set_paused: (skip)
 * @self: a member
 * @paused: whether its slots pass unheard
 */
void
bobbin_tick_member_set_paused (BobbinTickMember *self, gboolean paused)
{
  g_mutex_lock (&self->group->mutex);
  self->paused = paused;
  if (paused)
    leave_batch (self);
  g_mutex_unlock (&self->group->mutex);
}

/**
 * bobbin_tick_member_sample_now: (skip)
 * @self: a member that was not told to leave
 *
 * Takes a sample between two slots, unless one is in flight or to be told of, or it is paused.
 */
void
bobbin_tick_member_sample_now (BobbinTickMember *self)
{
  BobbinTickGroup *group = self->group;

  g_mutex_lock (&group->mutex);
  if (!self->paused && self->state == BOBBIN_TICK_RESTING && !self->is_returned)
    bobbin_tick_member_add_due (self, bobbin_clock_get_boottime ());
  g_mutex_unlock (&group->mutex);
  wake (group);
}

/**
 * bobbin_tick_member_cancel: (skip)
 * @self: a member
 *
 * Cancels the sample in flight, and that one alone.
 */
void
bobbin_tick_member_cancel (BobbinTickMember *self)
{
  g_autoptr (GCancellable) cancellable = NULL;

  g_mutex_lock (&self->group->mutex);
  cancellable = g_steal_pointer (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_mutex_unlock (&self->group->mutex);

  g_cancellable_cancel (cancellable);
}

/**
 * bobbin_tick_member_leave: (skip)
 * @self: a member that was not told to leave before
 *
 * Cancels the sample in flight and takes no other one. It has left when it says so, which is at
 * once when there is none in flight; until then slots are skipped, which it says, too.
 */
void
bobbin_tick_member_leave (BobbinTickMember *self)
{
  BobbinTickGroup *group = self->group;
  gboolean in_flight;

  g_mutex_lock (&group->mutex);
  self->leaving = TRUE;
  leave_batch (self);
  in_flight = self->state == BOBBIN_TICK_SAMPLING;
  if (!in_flight)
    leave_rate (self);
  if (!in_flight && self->is_returned)
    {
      News news = take_news (self);

      g_queue_remove (&group->returned, self);
      bobbin_sample_clear (&news.found);
      g_clear_error (&news.error);
    }
  g_mutex_unlock (&group->mutex);

  if (in_flight)
    bobbin_tick_member_cancel (self);
  else
    self->funcs.left (self->user_data);
}

/**
 * bobbin_tick_member_abandon: (skip)
 * @self: (transfer full): a member that was told to leave and has not left
 *
 * Is told of nothing more. What its thread uses goes when that comes back, if it ever does.
 */
void
bobbin_tick_member_abandon (BobbinTickMember *self)
{
  BobbinTickGroup *group = self->group;

  g_mutex_lock (&group->mutex);
  g_assert (self->leaving);
  leave_rate (self);
  self->abandoned = TRUE;
  /* A slot that was skipped is not told of; that it has come back is what it goes with. */
  if (self->state == BOBBIN_TICK_SAMPLING && self->is_returned)
    {
      g_queue_remove (&group->returned, self);
      self->is_returned = FALSE;
    }
  g_mutex_unlock (&group->mutex);

  if (--group->n_members == 0)
    group_close (group);
}
