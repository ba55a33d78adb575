/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-job-queue.h"

G_BEGIN_DECLS

/* A job whose worker does what a test wants of it. */

typedef enum
{
  TEST_JOB_WAIT,     /* posts n_posts reports; until it is released (done) or cancelled */
  TEST_JOB_POLL,     /* asks its cancellable in a loop */
  TEST_JOB_STUBBORN, /* until it is released, cancelled or not; done then */
  TEST_JOB_DONE,     /* done at once */
  TEST_JOB_FAIL,     /* fails at once */
  TEST_JOB_FLOOD,    /* posts n_posts reports, done then */
  TEST_JOB_LATER,    /* put off each time, until it is released; done then */
} TestJobKind;

#define TEST_TYPE_JOB (test_job_get_type ())
G_DECLARE_FINAL_TYPE (TestJob, test_job, TEST, JOB, BobbinJob)

BobbinJob *test_job_new (TestJobKind kind);
void test_job_set_posts (BobbinJob *job, guint n_posts);
void test_job_set_figures (BobbinJob *job, gint64 rate, gint64 time_left);
void test_job_set_delay (BobbinJob *job, gint64 delay);
void test_job_set_awaits (BobbinJob *job, guint awaits);
guint test_job_get_n_runs (BobbinJob *job);
guint test_job_get_n_taken_up (BobbinJob *job);
/* Makes all that await it due. */
void test_job_open_gate (guint awaits);
void test_job_release (BobbinJob *job);
/* Workers of all test jobs that are in their work function now, and the most there were. */
guint test_job_n_working (void);
guint test_job_max_working (void);
void test_job_reset_max (void);

/* Iterates the default main context until the condition is true. */
#define test_wait(condition)                 \
  G_STMT_START                               \
  {                                          \
    while (!(condition))                     \
      g_main_context_iteration (NULL, TRUE); \
  }                                          \
  G_STMT_END

#define test_wait_state(job, state) test_wait (bobbin_job_get_state (job) == (state))

void test_count (GObject *object, GAsyncResult *result, gpointer user_data);
void test_stop (BobbinJob *job);
void test_end (BobbinJobQueue **queue);
void test_guard (void);

G_END_DECLS
