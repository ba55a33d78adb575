/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A source for a moment that people have agreed on, such as seven in the morning: it goes off when
 * the clock of the system shows that, also if it was set, or the computer was suspended meanwhile.
 * GLib's own timers count the time that passes. See timerfd_create(2).
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-wall-timer-private.h"

#include <sys/timerfd.h>
#include <unistd.h>

typedef struct
{
  GSource source;
  int fd; /* -1: the system had none to give */
  gpointer tag;
} WallTimer;

static gboolean
wall_timer_check (GSource *source)
{
  WallTimer *self = (WallTimer *) source;

  return self->fd < 0 ? g_source_get_time (source) >= g_source_get_ready_time (source)
                      : g_source_query_unix_fd (source, self->tag) != 0;
}

static gboolean
wall_timer_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  callback (user_data);

  return G_SOURCE_REMOVE;
}

static void
wall_timer_finalize (GSource *source)
{
  WallTimer *self = (WallTimer *) source;

  if (self->fd >= 0)
    close (self->fd);
}

static GSourceFuncs wall_timer_funcs = {
  .check = wall_timer_check,
  .dispatch = wall_timer_dispatch,
  .finalize = wall_timer_finalize,
};

/* Whether it could be made. */
static gboolean
wall_timer_arm (WallTimer *self, gint64 time)
{
  const struct itimerspec spec = {
    .it_value = { .tv_sec = time / G_USEC_PER_SEC, .tv_nsec = time % G_USEC_PER_SEC * 1000 },
  };

  self->fd = timerfd_create (CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  if (self->fd < 0)
    return FALSE;

  if (timerfd_settime (self->fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &spec, NULL) == 0)
    return TRUE;

  close (self->fd);
  self->fd = -1;

  return FALSE;
}

/*
 * bobbin_wall_timer_new:
 * @time: µs since 1970, more than 0
 *
 * Makes a source that is dispatched once: at @time, or before if the clock of the system is set. So
 * whoever hears of it asks the clock. Until then it wakes nobody.
 *
 * Returns: (transfer full): a source that is not attached
 */
GSource *
bobbin_wall_timer_new (gint64 time)
{
  GSource *source = g_source_new (&wall_timer_funcs, sizeof (WallTimer));
  WallTimer *self = (WallTimer *) source;
  const gint64 left = MAX (time - g_get_real_time (), 0);

  /* Without, it is late after a suspend, and better than none. */
  if (wall_timer_arm (self, time))
    self->tag = g_source_add_unix_fd (source, self->fd, G_IO_IN);
  else
    g_source_set_ready_time (source, g_get_monotonic_time () + left);
  g_source_set_static_name (source, "[bobbin] wall clock");

  return source;
}
