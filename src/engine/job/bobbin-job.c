/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The life of any job: a state machine around one run at a time. A run is one GTask, one
 * GCancellable that is made for it and never used again, and one slot in the mailbox; the class
 * adds a plain-C spec and pushes it all to a pool. “Stopped” means joined: what waits in
 * bobbin_job_stop_async() is told only when the run's task has come back, which it does only when
 * no thread is at work for it.
 *
 * Main thread only, all of it. While a run lasts its task holds a reference to the job, so a job
 * cannot go away under a worker, and no worker ever sees the job.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-job-private.h"

#include "bobbin-enums.h"
#include "bobbin-error.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  BobbinJobState state;
  char *title;          /* (owned) (nullable) */
  char *status_line;    /* (owned) */
  GError *error;        /* (owned) (nullable) */
  GDateTime *started;   /* (owned) (nullable) */
  GDateTime *ended;     /* (owned) (nullable) */
  BobbinReport *report; /* (owned) (nullable) newest figures, once there are any */
  BobbinEventLog *log;  /* (owned) (nullable) once anything happened, or somebody looked */

  BobbinJobAdmitFunc admit; /* (nullable) the queue's */
  gpointer admit_data;

  GCancellable *cancellable; /* (owned) (nullable) of this run */
  BobbinMailboxSlot *slot;   /* (owned) (nullable) of this run */
  GList *stoppers;           /* (owned) of GTask: who waits for the end of this run */
  gboolean start_again;      /* when this run has ended */
} BobbinJobPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (BobbinJob, bobbin_job, G_TYPE_OBJECT)

typedef enum
{
  PROP_TITLE = 1,
  PROP_STATE,
  PROP_STATUS_LINE,
  PROP_PROGRESS,
  PROP_BYTES,
  PROP_TOTAL,
  PROP_RATE,
  PROP_TIME_LEFT,
  PROP_ERROR,
  PROP_STARTED,
  PROP_ENDED,
} BobbinJobProperty;

static GParamSpec *props[PROP_ENDED + 1];

#define GET_PRIVATE(self) ((BobbinJobPrivate *) bobbin_job_get_instance_private (self))

static void
bobbin_job_set_state (BobbinJob *self, BobbinJobState state)
{
  BobbinJobPrivate *priv = GET_PRIVATE (self);

  priv->state = state;
  bobbin_job_describe (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

static void
bobbin_job_set_error (BobbinJob *self, const GError *error)
{
  BobbinJobPrivate *priv = GET_PRIVATE (self);

  if (priv->error == NULL && error == NULL)
    return;

  g_clear_error (&priv->error);
  priv->error = error != NULL ? g_error_copy (error) : NULL;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ERROR]);
}

static void
bobbin_job_set_ended (BobbinJob *self, GDateTime *ended)
{
  BobbinJobPrivate *priv = GET_PRIVATE (self);

  if (priv->ended == ended)
    return;

  g_clear_pointer (&priv->ended, g_date_time_unref);
  priv->ended = ended;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ENDED]);
}

static void
bobbin_job_set_report (BobbinJob *self, const BobbinReport *report)
{
  BobbinJobPrivate *priv = GET_PRIVATE (self);
  const BobbinReport old = *bobbin_job_get_report (self);
  GObject *object = G_OBJECT (self);

  if (priv->report == NULL)
    priv->report = g_new (BobbinReport, 1);
  *priv->report = *report;

  g_object_freeze_notify (object);
  if (old.bytes != report->bytes)
    g_object_notify_by_pspec (object, props[PROP_BYTES]);
  if (old.total != report->total)
    g_object_notify_by_pspec (object, props[PROP_TOTAL]);
  if (old.bytes != report->bytes || old.total != report->total)
    g_object_notify_by_pspec (object, props[PROP_PROGRESS]);
  if (old.rate != report->rate)
    g_object_notify_by_pspec (object, props[PROP_RATE]);
  if (old.time_left != report->time_left)
    g_object_notify_by_pspec (object, props[PROP_TIME_LEFT]);

  if (BOBBIN_JOB_GET_CLASS (self)->report != NULL)
    BOBBIN_JOB_GET_CLASS (self)->report (self, report);
  bobbin_job_describe (self);
  g_object_thaw_notify (object);
}

/* A run that is over has no speed and nothing left to wait for. */
static void
bobbin_job_settle_report (BobbinJob *self)
{
  BobbinReport report = *bobbin_job_get_report (self);

  report.rate = -1;
  report.time_left = -1;
  report.phase = 0;
  report.until = 0;
  bobbin_job_set_report (self, &report);
}

static void
on_report (const BobbinReport *report, gpointer user_data)
{
  bobbin_job_set_report (user_data, report);
}

static void
on_event (BobbinEventKind kind, gint64 time, const char *code, const char *text, gpointer user_data)
{
  bobbin_event_log_add (bobbin_job_get_event_log (user_data), kind, time, code, text);
}

/* Tells whoever waited for the end of a run; newest first. Takes the list. */
static void
return_stoppers (GList *stoppers)
{
  stoppers = g_list_reverse (stoppers);
  for (GList *l = stoppers; l != NULL; l = l->next)
    g_task_return_boolean (l->data, TRUE);
  g_list_free_full (stoppers, g_object_unref);
}

static BobbinJobState
bobbin_job_judge (BobbinJob *self, const GError *error)
{
  if (error == NULL)
    {
      bobbin_job_log (self, BOBBIN_EVENT_DONE, "%s", _ ("Done"));
      return BOBBIN_JOB_DONE;
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      bobbin_job_log (self, BOBBIN_EVENT_STOPPED, "%s", _ ("Stopped"));
      return BOBBIN_JOB_IDLE;
    }

  bobbin_event_log_add (bobbin_job_get_event_log (self), BOBBIN_EVENT_FAILED, g_get_real_time (),
                        bobbin_error_code_name (error), error->message);
  bobbin_job_set_error (self, error);

  return BOBBIN_JOB_FAILED;
}

/* The run's task came back: the worker has returned, the run is joined. */
static void
on_run_returned (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinJob) self = g_object_ref (BOBBIN_JOB (object));
  BobbinJobPrivate *priv = GET_PRIVATE (self);
  /* Of this run: whoever hears of its end below may start another one, and stop that. */
  GList *stoppers = g_steal_pointer (&priv->stoppers);
  g_autoptr (GError) error = NULL;
  gboolean start_again;

  g_task_propagate_boolean (G_TASK (result), &error);

  bobbin_mailbox_slot_close (priv->slot);
  g_clear_pointer (&priv->slot, bobbin_mailbox_slot_unref);
  g_clear_object (&priv->cancellable);

  g_object_freeze_notify (object);
  if (BOBBIN_JOB_GET_CLASS (self)->returned != NULL)
    BOBBIN_JOB_GET_CLASS (self)->returned (self, G_TASK (result), error);
  bobbin_job_settle_report (self);
  bobbin_job_set_ended (self, g_date_time_new_now_utc ());
  bobbin_job_set_state (self, bobbin_job_judge (self, error));
  g_object_thaw_notify (object);

  start_again = priv->start_again;
  priv->start_again = FALSE;
  return_stoppers (stoppers);
  /* Whoever waited for the stop may have taken it out of its queue. */
  if (start_again && priv->admit != NULL)
    bobbin_job_start (self);
}

static char *
bobbin_job_real_describe (BobbinJob *self)
{
  BobbinJobPrivate *priv = GET_PRIVATE (self);

  switch (priv->state)
    {
    case BOBBIN_JOB_QUEUED:
      return g_strdup (_ ("Waiting for its turn"));
    case BOBBIN_JOB_RUNNING:
      return g_strdup (_ ("Running"));
    case BOBBIN_JOB_STOPPING:
      return g_strdup (_ ("Stopping…"));
    case BOBBIN_JOB_DONE:
      return g_strdup (_ ("Done"));
    case BOBBIN_JOB_FAILED:
      return g_strdup (priv->error->message);
    case BOBBIN_JOB_IDLE:
    default:
      return g_strdup (priv->started == NULL ? _ ("Not started") : _ ("Stopped"));
    }
}

static void
bobbin_job_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BobbinJob *self = BOBBIN_JOB (object);

  switch ((BobbinJobProperty) prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, bobbin_job_get_title (self));
      break;
    case PROP_STATE:
      g_value_set_enum (value, bobbin_job_get_state (self));
      break;
    case PROP_STATUS_LINE:
      g_value_set_string (value, bobbin_job_get_status_line (self));
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, bobbin_job_get_progress (self));
      break;
    case PROP_BYTES:
      g_value_set_int64 (value, bobbin_job_get_bytes (self));
      break;
    case PROP_TOTAL:
      g_value_set_int64 (value, bobbin_job_get_total (self));
      break;
    case PROP_RATE:
      g_value_set_int64 (value, bobbin_job_get_rate (self));
      break;
    case PROP_TIME_LEFT:
      g_value_set_int64 (value, bobbin_job_get_time_left (self));
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, bobbin_job_get_error (self));
      break;
    case PROP_STARTED:
      g_value_set_boxed (value, bobbin_job_get_started (self));
      break;
    case PROP_ENDED:
      g_value_set_boxed (value, bobbin_job_get_ended (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_job_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  BobbinJob *self = BOBBIN_JOB (object);

  /* the others are read-only */
  if (prop_id == PROP_TITLE)
    bobbin_job_set_title (self, g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
bobbin_job_constructed (GObject *object)
{
  G_OBJECT_CLASS (bobbin_job_parent_class)->constructed (object);

  bobbin_job_describe (BOBBIN_JOB (object));
}

static void
bobbin_job_dispose (GObject *object)
{
  BobbinJobPrivate *priv = GET_PRIVATE (BOBBIN_JOB (object));

  /* A run holds a reference to its job: nothing can be running here. */
  g_assert (priv->slot == NULL);

  g_clear_object (&priv->log);

  G_OBJECT_CLASS (bobbin_job_parent_class)->dispose (object);
}

static void
bobbin_job_finalize (GObject *object)
{
  BobbinJobPrivate *priv = GET_PRIVATE (BOBBIN_JOB (object));

  g_clear_error (&priv->error);
  g_clear_pointer (&priv->started, g_date_time_unref);
  g_clear_pointer (&priv->ended, g_date_time_unref);
  g_free (priv->title);
  g_free (priv->status_line);
  g_free (priv->report);

  G_OBJECT_CLASS (bobbin_job_parent_class)->finalize (object);
}

static void
bobbin_job_class_init (BobbinJobClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags kept = flags | BOBBIN_PARAM_KEPT;

  object_class->get_property = bobbin_job_get_property;
  object_class->set_property = bobbin_job_set_property;
  object_class->constructed = bobbin_job_constructed;
  object_class->dispose = bobbin_job_dispose;
  object_class->finalize = bobbin_job_finalize;

  klass->lane = BOBBIN_LANE_TRANSFER;
  klass->describe = bobbin_job_real_describe;

  props[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL, NULL, kept | G_PARAM_WRITABLE | G_PARAM_CONSTRUCT);
  props[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, BOBBIN_TYPE_JOB_STATE, BOBBIN_JOB_IDLE, kept);
  props[PROP_STATUS_LINE] = g_param_spec_string ("status-line", NULL, NULL, NULL, flags);
  /* 0 to 1, or -1 while it is not known */
  props[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, -1, 1, -1, flags);
  props[PROP_BYTES] = g_param_spec_int64 ("bytes", NULL, NULL, 0, G_MAXINT64, 0, kept);
  /* bytes, bytes a second and seconds, or -1 while they are not known */
  props[PROP_TOTAL] = g_param_spec_int64 ("total", NULL, NULL, -1, G_MAXINT64, -1, kept);
  props[PROP_RATE] = g_param_spec_int64 ("rate", NULL, NULL, -1, G_MAXINT64, -1, flags);
  props[PROP_TIME_LEFT] = g_param_spec_int64 ("time-left", NULL, NULL, -1, G_MAXINT64, -1, flags);
  props[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, kept);
  props[PROP_STARTED] = g_param_spec_boxed ("started", NULL, NULL, G_TYPE_DATE_TIME, kept);
  props[PROP_ENDED] = g_param_spec_boxed ("ended", NULL, NULL, G_TYPE_DATE_TIME, kept);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
bobbin_job_init (BobbinJob *self)
{
}

/* Ties the job to the queue that runs it, or unties it. */
void
bobbin_job_set_queue (BobbinJob *self, BobbinJobAdmitFunc admit, gpointer user_data)
{
  BobbinJobPrivate *priv = GET_PRIVATE (self);

  priv->admit = admit;
  priv->admit_data = user_data;
}

gboolean
bobbin_job_is_queued (BobbinJob *self)
{
  return GET_PRIVATE (self)->state == BOBBIN_JOB_QUEUED;
}

BobbinLane
bobbin_job_get_lane (BobbinJob *self)
{
  return BOBBIN_JOB_GET_CLASS (self)->lane;
}

/*
 * bobbin_job_restore:
 * @self: a job that is in no queue and never ran
 * @error: (nullable): what it failed with
 * @done: whether it is done; with no @error either it is idle
 * @bytes: bytes done
 * @total: bytes in all, or -1
 * @started: (nullable): when its newest run began
 * @ended: (nullable): when that ended
 *
 * Makes @self what another one was that an earlier program had.
 */
void
bobbin_job_restore (BobbinJob *self,
                    const GError *error,
                    gboolean done,
                    gint64 bytes,
                    gint64 total,
                    GDateTime *started,
                    GDateTime *ended)
{
  BobbinJobPrivate *priv = GET_PRIVATE (self);

  g_return_if_fail (priv->admit == NULL && priv->state == BOBBIN_JOB_IDLE);

  if (bytes > 0 || total >= 0)
    {
      priv->report = g_memdup2 (bobbin_job_get_report (self), sizeof *priv->report);
      priv->report->bytes = MAX (bytes, 0);
      priv->report->total = MAX (total, -1);
    }
  priv->started = started != NULL ? g_date_time_ref (started) : NULL;
  priv->ended = ended != NULL ? g_date_time_ref (ended) : NULL;
  priv->error = error != NULL ? g_error_copy (error) : NULL;
  if (error != NULL)
    priv->state = BOBBIN_JOB_FAILED;
  else if (done)
    priv->state = BOBBIN_JOB_DONE;
  bobbin_job_describe (self);
}

/* Its turn has come. */
void
bobbin_job_launch (BobbinJob *self, BobbinWorkerPool *pool, BobbinMailbox *mailbox)
{
  BobbinJobPrivate *priv = GET_PRIVATE (self);
  g_autoptr (GTask) task = NULL;

  g_assert (priv->state == BOBBIN_JOB_QUEUED);
  g_assert (priv->slot == NULL);

  priv->cancellable = g_cancellable_new ();
  priv->slot = bobbin_mailbox_open (mailbox, on_report, on_event, self);

  task = g_task_new (self, priv->cancellable, on_run_returned, NULL);
  g_task_set_source_tag (task, bobbin_job_launch);
  g_task_set_name (task, "[bobbin] run");
  /* The worker decides whether it was finished before the cancel came. */
  g_task_set_check_cancellable (task, FALSE);

  g_clear_pointer (&priv->started, g_date_time_unref);
  priv->started = g_date_time_new_now_utc ();
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STARTED]);
  bobbin_job_log (self, BOBBIN_EVENT_STARTED, "%s", _ ("Started"));
  bobbin_job_set_state (self, BOBBIN_JOB_RUNNING);

  BOBBIN_JOB_GET_CLASS (self)->launch (self, task, pool, priv->slot);
}

/**
 * bobbin_job_start:
 * @self: a job that is in a queue
 *
 * Asks for a run: the job is %BOBBIN_JOB_QUEUED, and %BOBBIN_JOB_RUNNING as soon as the queue lets
 * it. Does nothing if it runs or waits already. A job that is being stopped starts again when it
 * has stopped.
 *
 * Returns: %FALSE if the queue is closing and nothing begins any more
 */
gboolean
bobbin_job_start (BobbinJob *self)
{
  BobbinJobPrivate *priv = GET_PRIVATE (self);

  g_return_val_if_fail (BOBBIN_IS_JOB (self), FALSE);
  g_return_val_if_fail (priv->admit != NULL, FALSE);

  if (!priv->admit (self, priv->admit_data))
    return FALSE;

  switch (priv->state)
    {
    case BOBBIN_JOB_QUEUED:
    case BOBBIN_JOB_RUNNING:
      break;
    case BOBBIN_JOB_STOPPING:
      priv->start_again = TRUE;
      break;
    case BOBBIN_JOB_IDLE:
    case BOBBIN_JOB_DONE:
    case BOBBIN_JOB_FAILED:
    default:
      g_object_freeze_notify (G_OBJECT (self));
      bobbin_job_set_error (self, NULL);
      bobbin_job_set_ended (self, NULL);
      bobbin_job_set_state (self, BOBBIN_JOB_QUEUED);
      g_object_thaw_notify (G_OBJECT (self));
    }

  return TRUE;
}

/* Asks the run, if there is one, to end. Says whether there is one to wait for. */
static gboolean
bobbin_job_cancel (BobbinJob *self)
{
  BobbinJobPrivate *priv = GET_PRIVATE (self);

  switch (priv->state)
    {
    case BOBBIN_JOB_QUEUED:
      bobbin_job_set_state (self, BOBBIN_JOB_IDLE);
      return FALSE;
    case BOBBIN_JOB_RUNNING:
      bobbin_job_set_state (self, BOBBIN_JOB_STOPPING);
      g_cancellable_cancel (priv->cancellable);
      return TRUE;
    case BOBBIN_JOB_STOPPING:
      return TRUE;
    case BOBBIN_JOB_IDLE:
    case BOBBIN_JOB_DONE:
    case BOBBIN_JOB_FAILED:
    default:
      return FALSE;
    }
}

/**
 * bobbin_job_stop_async:
 * @self: a job
 * @callback: (nullable): called when the job has stopped
 * @user_data: for @callback
 *
 * Stops the job, from any state, and calls back when it has stopped: the worker has returned, its
 * files are closed, what it had is noted down for the next run. The last of stop and start counts:
 * a start that waited for an earlier stop is taken back. Stopping what does not run succeeds. A run
 * that was finished before the stop reached it ends %BOBBIN_JOB_DONE.
 */
void
bobbin_job_stop_async (BobbinJob *self, GAsyncReadyCallback callback, gpointer user_data)
{
  BobbinJobPrivate *priv = GET_PRIVATE (self);
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (BOBBIN_IS_JOB (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, bobbin_job_stop_async);
  g_task_set_name (task, "[bobbin] stop");

  priv->start_again = FALSE;
  if (bobbin_job_cancel (self))
    priv->stoppers = g_list_prepend (priv->stoppers, g_steal_pointer (&task));
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * bobbin_job_stop_finish:
 * @self: a job
 * @result: what the callback got
 * @error: return location
 *
 * Returns: %TRUE: the job has stopped
 */
gboolean
bobbin_job_stop_finish (BobbinJob *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * bobbin_job_restart:
 * @self: a job that is in a queue
 *
 * Ends the present run, if there is one, and starts another when it has been joined.
 *
 * Returns: %FALSE if the queue is closing and nothing begins any more
 */
gboolean
bobbin_job_restart (BobbinJob *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB (self), FALSE);

  if (bobbin_job_is_active (self))
    bobbin_job_stop_async (self, NULL, NULL);

  return bobbin_job_start (self);
}

/**
 * bobbin_job_get_state:
 * @self: a job
 *
 * Returns: where the job is in its life
 */
BobbinJobState
bobbin_job_get_state (BobbinJob *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB (self), BOBBIN_JOB_IDLE);

  return GET_PRIVATE (self)->state;
}

/**
 * bobbin_job_is_active:
 * @self: a job
 *
 * Returns: whether the job waits, runs or is being stopped
 */
gboolean
bobbin_job_is_active (BobbinJob *self)
{
  const BobbinJobState state = bobbin_job_get_state (self);

  return state == BOBBIN_JOB_QUEUED || state == BOBBIN_JOB_RUNNING || state == BOBBIN_JOB_STOPPING;
}

/**
 * bobbin_job_get_title:
 * @self: a job
 *
 * Returns: (transfer none) (nullable): what a person calls it
 */
const char *
bobbin_job_get_title (BobbinJob *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB (self), NULL);

  return GET_PRIVATE (self)->title;
}

/**
 * bobbin_job_set_title:
 * @self: a job
 * @title: (nullable): what a person calls it
 */
void
bobbin_job_set_title (BobbinJob *self, const char *title)
{
  BobbinJobPrivate *priv = GET_PRIVATE (self);

  g_return_if_fail (BOBBIN_IS_JOB (self));

  if (g_strcmp0 (priv->title, title) == 0)
    return;

  g_free (priv->title);
  priv->title = g_strdup (title);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TITLE]);
}

/**
 * bobbin_job_get_status_line:
 * @self: a job
 *
 * Returns: (transfer none): what the job is at, as a line for a person
 */
const char *
bobbin_job_get_status_line (BobbinJob *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB (self), NULL);

  return GET_PRIVATE (self)->status_line;
}

/**
 * bobbin_job_get_error:
 * @self: a job
 *
 * Returns: (transfer none) (nullable): why the job is %BOBBIN_JOB_FAILED
 */
const GError *
bobbin_job_get_error (BobbinJob *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB (self), NULL);

  return GET_PRIVATE (self)->error;
}

/**
 * bobbin_job_get_started:
 * @self: a job
 *
 * Returns: (transfer none) (nullable): when the newest run began
 */
GDateTime *
bobbin_job_get_started (BobbinJob *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB (self), NULL);

  return GET_PRIVATE (self)->started;
}

/**
 * bobbin_job_get_ended:
 * @self: a job
 *
 * Returns: (transfer none) (nullable): when the newest run ended; %NULL while there is one
 */
GDateTime *
bobbin_job_get_ended (BobbinJob *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB (self), NULL);

  return GET_PRIVATE (self)->ended;
}

/**
 * bobbin_job_get_event_log:
 * @self: a job
 *
 * Returns: (transfer none): what happened to the job
 */
BobbinEventLog *
bobbin_job_get_event_log (BobbinJob *self)
{
  BobbinJobPrivate *priv;

  g_return_val_if_fail (BOBBIN_IS_JOB (self), NULL);

  priv = GET_PRIVATE (self);
  if (priv->log == NULL)
    priv->log = bobbin_event_log_new ();

  return priv->log;
}

/**
 * bobbin_job_get_report:
 * @self: a job
 *
 * For subclasses.
 *
 * Returns: (transfer none): the newest figures
 */
const BobbinReport *
bobbin_job_get_report (BobbinJob *self)
{
  static const BobbinReport none = BOBBIN_REPORT_INIT;

  g_return_val_if_fail (BOBBIN_IS_JOB (self), NULL);

  return GET_PRIVATE (self)->report != NULL ? GET_PRIVATE (self)->report : &none;
}

/**
 * bobbin_job_log:
 * @self: a job
 * @kind: what kind of thing happened
 * @format: a line for a person, printf() style
 * @...: its arguments
 *
 * Adds a line to the job's log, now. For subclasses; workers have bobbin_mailbox_slot_log().
 */
void
bobbin_job_log (BobbinJob *self, BobbinEventKind kind, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  g_return_if_fail (BOBBIN_IS_JOB (self));

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  bobbin_event_log_add (bobbin_job_get_event_log (self), kind, g_get_real_time (), NULL, text);
}

/**
 * bobbin_job_describe:
 * @self: a job
 *
 * Has the class put its status line into words anew. For subclasses, when something that it speaks
 * of has changed.
 */
void
bobbin_job_describe (BobbinJob *self)
{
  BobbinJobPrivate *priv = GET_PRIVATE (self);
  g_autofree char *line = NULL;

  g_return_if_fail (BOBBIN_IS_JOB (self));

  line = BOBBIN_JOB_GET_CLASS (self)->describe (self);
  if (g_strcmp0 (line, priv->status_line) == 0)
    return;

  g_free (priv->status_line);
  priv->status_line = g_steal_pointer (&line);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATUS_LINE]);
}
