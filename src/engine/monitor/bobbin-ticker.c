/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A GSource that ticks at t0 + k · interval, on a timerfd of CLOCK_BOOTTIME. The kernel keeps the
 * grid, so a late main loop moves no later tick (no drift), and it counts the slots that passed
 * unheard, in suspend too, so that they come as one tick with a number (no burst). May be attached
 * to any context; belongs to that one's thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-ticker-private.h"

#include "bobbin-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define NSEC_PER_SEC 1000000000L

typedef struct
{
  GSource source;
  int fd; /* (owned) */
  gpointer tag;
  guint64 slot; /* the newest that was told of */
} BobbinTicker;

static gboolean
ticker_check (GSource *source)
{
  BobbinTicker *self = (BobbinTicker *) source;

  return g_source_query_unix_fd (source, self->tag) != 0;
}

static gboolean
ticker_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  BobbinTicker *self = (BobbinTicker *) source;
  BobbinTickerFunc func = (BobbinTickerFunc) (void (*) (void)) callback;
  guint64 n_expired;

  /* EAGAIN: the wake-up was for nothing. */
  if (read (self->fd, &n_expired, sizeof n_expired) != sizeof n_expired || n_expired == 0)
    return G_SOURCE_CONTINUE;

  self->slot += n_expired;
  if (func == NULL)
    return G_SOURCE_CONTINUE;

  return func (self->slot, n_expired - 1, user_data);
}

static void
ticker_finalize (GSource *source)
{
  BobbinTicker *self = (BobbinTicker *) source;

  close (self->fd);
}

static GSourceFuncs ticker_funcs = {
  .check = ticker_check,
  .dispatch = ticker_dispatch,
  .finalize = ticker_finalize,
};

static struct timespec
to_timespec (gint64 usec)
{
  return (struct timespec){ .tv_sec = usec / G_USEC_PER_SEC,
                            .tv_nsec = (usec % G_USEC_PER_SEC) * 1000 };
}

/* The first slot is one interval from now; its time is absolute, so that arming costs no time. */
static gboolean
ticker_arm (int fd, gint64 interval)
{
  struct itimerspec spec = { .it_interval = to_timespec (interval) };
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);
  spec.it_value.tv_sec = now.tv_sec + spec.it_interval.tv_sec;
  spec.it_value.tv_nsec = now.tv_nsec + spec.it_interval.tv_nsec;
  if (spec.it_value.tv_nsec >= NSEC_PER_SEC)
    {
      spec.it_value.tv_sec++;
      spec.it_value.tv_nsec -= NSEC_PER_SEC;
    }

  return timerfd_settime (fd, TFD_TIMER_ABSTIME, &spec, NULL) == 0;
}

/* Takes over the descriptor. */
static GSource *
ticker_new (int fd)
{
  GSource *source = g_source_new (&ticker_funcs, sizeof (BobbinTicker));
  BobbinTicker *self = (BobbinTicker *) source;

  self->fd = fd;
  self->tag = g_source_add_unix_fd (source, fd, G_IO_IN);
  g_source_set_static_name (source, "[bobbin] ticker");

  return source;
}

static void
set_error (GError **error, int errsv)
{
  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FAILED,
               /* Translators: %s is the system's own words, such as "Too many open files" */
               _ ("The system gave no timer: %s"), g_strerror (errsv));
}

/**
 * bobbin_ticker_source_new_for_fd: (skip)
 * @fd: what reads as a count of expirations, without blocking: a timerfd, an eventfd; the source
 * takes a duplicate
 * @error: where to say why not: a %BOBBIN_ERROR
 *
 * Makes a ticker that ticks when @fd says so. Its callback is a #BobbinTickerFunc.
 *
 * Returns: (transfer full): a new source, not attached; %NULL where @fd cannot be duplicated
 */
GSource *
bobbin_ticker_source_new_for_fd (int fd, GError **error)
{
  const int own = fcntl (fd, F_DUPFD_CLOEXEC, 0);

  if (own >= 0)
    return ticker_new (own);

  set_error (error, errno);

  return NULL;
}

/**
 * bobbin_ticker_source_new: (skip)
 * @interval: µs from slot to slot, more than 0
 * @error: where to say why not: a %BOBBIN_ERROR
 *
 * Makes a ticker of which t0 is now. Its callback is a #BobbinTickerFunc; see timerfd_create(2) for
 * what the clock does in suspend.
 *
 * Returns: (transfer full): a new source, not attached; %NULL where the system has no more timers
 */
GSource *
bobbin_ticker_source_new (gint64 interval, GError **error)
{
  int fd;
  int errsv;

  g_return_val_if_fail (interval > 0, NULL);

  fd = timerfd_create (CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  if (fd >= 0 && ticker_arm (fd, interval))
    return ticker_new (fd);

  errsv = errno;
  if (fd >= 0)
    close (fd);
  set_error (error, errsv);

  return NULL;
}
