/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-job-queue.h"
#include "bobbin-monitor-private.h"
#include "bobbin-test-probe.h"

G_BEGIN_DECLS

/* A monitor that ticks when the test says so, and finds what the test says. */
typedef struct
{
  BobbinTestProbe *probe; /* the monitor's */
  BobbinMonitor *monitor; /* (owned) */
  BobbinJob *job;         /* the same */
  guint n_sampled;        /* signals */
  guint n_stopped;        /* callbacks */
} Watched;

/* A queue with two of them. */
typedef struct
{
  BobbinJobQueue *queue;
  Watched first;
  Watched second;
} WatchedFixture;

void  watched_drain                (void);
void  watched_on_sampled           (BobbinMonitor *monitor,
                                    gpointer       user_data);
void  watched_init                 (Watched        *self,
                                    BobbinJobQueue *queue,
                                    gboolean        stubborn);
void  watched_set_up               (WatchedFixture *self,
                                    gconstpointer   stubborn);
void  watched_shut_down            (WatchedFixture *self);
void  watched_clear                (Watched *self);
void  watched_tear_down            (WatchedFixture *self,
                                    gconstpointer   user_data);
void  watched_tick_times           (Watched *self,
                                    guint64  n);
void  watched_tick                 (Watched *self);
void  watched_wait_sampled         (Watched *self,
                                    guint    n);
void  watched_answer               (Watched *self,
                                    double   value);
void  watched_start                (Watched *self);
void  watched_start_with_timeout   (Watched *self,
                                    double   timeout);
void  watched_tick_and_wait        (Watched *self);
void  watched_sample               (Watched *self,
                                    double   value);
void  watched_on_stopped           (GObject      *source,
                                    GAsyncResult *result,
                                    gpointer      user_data);
void  watched_stop                 (Watched *self);
void  watched_wait_stopped         (Watched *self,
                                    guint    n);
void  watched_assert_status        (Watched    *self,
                                    const char *expected);
void  watched_assert_status_begins (Watched    *self,
                                    const char *expected);
guint watched_count_log            (Watched    *self,
                                    const char *text);
guint watched_get_n_pending        (WatchedFixture *self);
void  watched_wait_idle            (WatchedFixture *self);

G_END_DECLS
