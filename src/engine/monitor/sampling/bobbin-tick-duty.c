/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The thread on duty of a group of local probes: it sleeps until the next slot of any of them, and
 * takes the samples that are due one after another, of one reading of the kernel's files. One that
 * was relieved while a sample kept it tells of that one, and leaves.
 *
 * All of it runs in that thread with the group's mutex held, but where said otherwise.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-tick-duty-private.h"

#include "bobbin-readings-private.h"

#include <errno.h>
#include <poll.h>

/* One that was slow comes after the others, who need not wait for it to be found slow again. Any
 * thread. */
void
bobbin_tick_member_add_due (BobbinTickMember *member, gint64 due)
{
  member->state = BOBBIN_TICK_WAITING;
  member->due = due;
  g_queue_push_tail (member->was_slow ? &member->group->last : &member->group->batch, member);
}

static void
come (BobbinTickMember *member, gint64 slot)
{
  if (member->paused || (slot < member->not_before && member->state != BOBBIN_TICK_SAMPLING))
    return;

  if (member->state == BOBBIN_TICK_SAMPLING)
    {
      member->skipped = slot;
      bobbin_tick_member_add_returned (member);
    }
  else if (member->state == BOBBIN_TICK_RESTING && !member->is_returned && !member->leaving)
    {
      bobbin_tick_member_add_due (member, slot);
    }
}

static BobbinTickMember *
pop_due (BobbinTickGroup *self)
{
  BobbinTickMember *member = g_queue_pop_head (&self->batch);

  return member != NULL ? member : g_queue_pop_head (&self->last);
}

static gint64
collect_due (BobbinTickGroup *self, gint64 now)
{
  gint64 next = BOBBIN_ALARM_OFF;

  for (guint i = 0; i < self->rates->len; i++)
    {
      BobbinTickRate *rate = g_ptr_array_index (self->rates, i);

      if (rate->next <= now)
        {
          const gint64 slot = bobbin_slot_newest (rate->next, rate->interval, now);

          rate->next = slot + rate->interval;
          for (guint j = 0; j < rate->members->len; j++)
            come (g_ptr_array_index (rate->members, j), slot);
        }
      next = MIN (next, rate->next);
    }

  return next;
}

static gboolean
is_on_duty (const BobbinTickGroup *self, const BobbinTickShift *shift)
{
  return !self->closing && self->generation == shift->generation;
}

static void
wait_for_slot (BobbinTickGroup *self, gint64 next)
{
  struct pollfd fds[] = { { .fd = self->alarm.fd, .events = POLLIN },
                          { .fd = self->wake_fd, .events = POLLIN } };

  bobbin_alarm_set (&self->alarm, next);
  bobbin_tick_group_let_go (self);
  while (poll (fds, G_N_ELEMENTS (fds), -1) < 0 && errno == EINTR)
    continue;
  if (fds[0].revents != 0)
    bobbin_alarm_hear (&self->alarm);
  if (fds[1].revents != 0)
    bobbin_tick_hear (self->wake_fd);
  g_mutex_lock (&self->mutex);
}

static void
take_sample (BobbinTickMember *member, BobbinTickShift *shift)
{
  BobbinTickGroup *self = shift->group;
  g_autoptr (GCancellable) cancellable = g_object_ref (member->cancellable);
  BobbinSample found = BOBBIN_SAMPLE_INIT;
  GError *error = NULL;
  BobbinTimes before;
  BobbinTimes after;

  bobbin_clock_read (&before);
  member->state = BOBBIN_TICK_SAMPLING;
  self->at = member;
  self->at_since = before;
  bobbin_tick_group_let_go (self);

  bobbin_probe_sample (member->probe, cancellable, &found, &error);
  bobbin_clock_read (&after);

  g_mutex_lock (&self->mutex);
  if (is_on_duty (self, shift))
    self->at = NULL;
  member->state = BOBBIN_TICK_RESTING;
  member->was_slow = after.monotonic - before.monotonic > BOBBIN_TICK_SLOW;
  member->slot =
    (BobbinSlot){ member->due, after.boottime,
                  after.boottime - before.boottime - (after.monotonic - before.monotonic) };
  member->found = found;
  member->error = error;
  member->has_sample = TRUE;
  bobbin_tick_member_add_returned (member);
  if (member->leaving)
    bobbin_tick_group_post (self);
}

static void
take_batch (BobbinTickGroup *self, BobbinTickShift *shift)
{
  BobbinTickMember *member;

  bobbin_readings_begin ();
  bobbin_alarm_set (&self->watch, bobbin_clock_get_boottime () + BOBBIN_TICK_SLOW);
  while (is_on_duty (self, shift) && (member = pop_due (self)) != NULL)
    take_sample (member, shift);
  if (is_on_duty (self, shift))
    bobbin_alarm_set (&self->watch, BOBBIN_ALARM_OFF);
  bobbin_readings_end ();
}

/* What a worker does for as long as it is on duty: a [callback@BobbinWorkFunc], without the mutex.
 */
gboolean
bobbin_tick_duty_run (gpointer spec,
                      BobbinMailboxSlot *slot,
                      GCancellable *cancellable,
                      GError **error)
{
  BobbinTickShift *shift = spec;
  BobbinTickGroup *self = shift->group;

  g_mutex_lock (&self->mutex);
  while (is_on_duty (self, shift))
    {
      const gint64 next = collect_due (self, bobbin_clock_get_boottime ());

      if (!g_queue_is_empty (&self->batch) || !g_queue_is_empty (&self->last))
        take_batch (self, shift);
      else
        wait_for_slot (self, next);
      bobbin_tick_group_post (self);
    }
  bobbin_tick_group_post (self);
  bobbin_tick_group_let_go (self);

  return TRUE;
}
