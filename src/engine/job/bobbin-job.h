/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-event-log.h"
#include "bobbin-mailbox.h"
#include "bobbin-worker-pool.h"

G_BEGIN_DECLS

/**
 * BobbinJobState:
 * @BOBBIN_JOB_IDLE: not running; never started, or stopped and joined
 * @BOBBIN_JOB_QUEUED: started, waits for its turn, or was put off
 * @BOBBIN_JOB_RUNNING: its worker is at it
 * @BOBBIN_JOB_STOPPING: asked to stop, its worker has not returned yet
 * @BOBBIN_JOB_DONE: the worker returned, the work is done
 * @BOBBIN_JOB_FAILED: the worker returned, the work failed
 *
 * Where a job is in its life.
 */
typedef enum
{
  BOBBIN_JOB_IDLE,
  BOBBIN_JOB_QUEUED,
  BOBBIN_JOB_RUNNING,
  BOBBIN_JOB_STOPPING,
  BOBBIN_JOB_DONE,
  BOBBIN_JOB_FAILED,
} BobbinJobState;

/**
 * BobbinLane:
 * @BOBBIN_LANE_TRANSFER: long runs, as many at once as the user allows, the others wait in order
 * @BOBBIN_LANE_PROBE: starts at once; holds a thread only while it takes a sample
 *
 * Which of a queue's pools executes a job's runs, and whether the job waits for a slot.
 */
typedef enum
{
  BOBBIN_LANE_TRANSFER,
  BOBBIN_LANE_PROBE,
} BobbinLane;

/**
 * BOBBIN_PARAM_KEPT:
 *
 * Marks a property that outlives the program: a writable one is a setting of the job, and is given
 * back to it; what the others say is noted down with it. A secret is never marked.
 */
#define BOBBIN_PARAM_KEPT ((GParamFlags) (1 << G_PARAM_USER_SHIFT))

/**
 * BOBBIN_PARAM_CHOSEN:
 *
 * Marks a property that is kept and that a person sets, rather than a run: it is put down for
 * certain when it changes.
 */
#define BOBBIN_PARAM_CHOSEN ((GParamFlags) (1 << (G_PARAM_USER_SHIFT + 1)))

#define BOBBIN_TYPE_JOB (bobbin_job_get_type ())
G_DECLARE_DERIVABLE_TYPE (BobbinJob, bobbin_job, BOBBIN, JOB, GObject)

/**
 * BobbinJobClass:
 * @lane: where the runs of this class are executed
 * @launch: begins a run. Must see to it that @task is returned, %TRUE for done, exactly once, and
 *   not before no thread is at work for it any more. Usually: attach a spec as task data and
 *   bobbin_worker_pool_push() it.
 * @returned: (nullable): the run has ended; the class picks its results up from the task's data.
 *   @error is %NULL if it was done; if not, bobbin_job_put_off() may be called here
 * @report: (nullable): newest figures came
 * @abandon: (nullable): the program ends, and the run does not, though it was cancelled long ago:
 *   sees to it that the task is returned all the same. Its thread stays, and all that it uses, so
 *   this is only for what leaves nothing half done
 * @describe: what the job is at, as a line for a person; asked when anything changed
 * @name: (nullable): what a person calls it that has no title; asked when somebody wants to know,
 *   and when there is one
 * @await: (nullable): makes a source for @context, not attached, that is dispatched once when that
 *   comes about which jobs of this class that were put off may await, see bobbin_job_put_off()
 *
 * All of it is called in the main thread only.
 */
struct _BobbinJobClass
{
  GObjectClass parent_class;

  BobbinLane lane;

  void  (*launch)   (BobbinJob         *self,
                     GTask             *task,
                     BobbinWorkerPool  *pool,
                     BobbinMailboxSlot *slot);
  void  (*returned) (BobbinJob          *self,
                     GTask              *task,
                     const GError       *error);
  void  (*report)   (BobbinJob          *self,
                     const BobbinReport *report);
  char *(*describe) (BobbinJob *self);
  void  (*abandon)  (BobbinJob *self);
  char *(*name)     (BobbinJob *self);
  GSource *(*await) (guint         awaits,
                     GMainContext *context);

  gpointer padding[5];
};

gboolean            bobbin_job_start           (BobbinJob *self);
void                bobbin_job_stop_async      (BobbinJob          *self,
                                                GAsyncReadyCallback callback,
                                                gpointer            user_data);
gboolean            bobbin_job_stop_finish     (BobbinJob    *self,
                                                GAsyncResult *result,
                                                GError      **error);
gboolean            bobbin_job_restart         (BobbinJob *self);
gboolean            bobbin_job_start_now       (BobbinJob *self);
gboolean            bobbin_job_is_held         (BobbinJob *self);
gboolean            bobbin_job_starts_again    (BobbinJob *self);

BobbinJobState      bobbin_job_get_state       (BobbinJob *self);
gboolean            bobbin_job_is_active       (BobbinJob *self);
const char         *bobbin_job_get_title       (BobbinJob *self);
void                bobbin_job_set_title       (BobbinJob  *self,
                                                const char *title);
const char         *bobbin_job_get_status_line (BobbinJob *self);
double              bobbin_job_get_progress    (BobbinJob *self);
gint64              bobbin_job_get_bytes       (BobbinJob *self);
gint64              bobbin_job_get_total       (BobbinJob *self);
gint64              bobbin_job_get_rate        (BobbinJob *self);
gint64              bobbin_job_get_time_left   (BobbinJob *self);
char               *bobbin_job_describe_rate   (BobbinJob *self);
char               *bobbin_job_describe_time_left (BobbinJob *self);
const GError       *bobbin_job_get_error       (BobbinJob *self);
gint64              bobbin_job_get_created     (BobbinJob *self);
gint64              bobbin_job_get_started     (BobbinJob *self);
gint64              bobbin_job_get_ended       (BobbinJob *self);
BobbinEventLog     *bobbin_job_get_event_log   (BobbinJob *self);
const BobbinReport *bobbin_job_get_report      (BobbinJob *self);
guint               bobbin_job_get_phase       (BobbinJob *self);
gint64              bobbin_job_get_until       (BobbinJob *self);

void                bobbin_job_put_off         (BobbinJob *self,
                                                guint      phase,
                                                gint64     until,
                                                guint      awaits);
gboolean            bobbin_job_is_put_off      (BobbinJob *self);

void                bobbin_job_log             (BobbinJob      *self,
                                                BobbinEventKind kind,
                                                const char     *format,
                                                ...) G_GNUC_PRINTF (3, 4);
void                bobbin_job_describe        (BobbinJob *self);

G_END_DECLS
