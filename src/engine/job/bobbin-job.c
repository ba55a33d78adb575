/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A job, and what it says of itself: its state, its figures, its log, in properties that notify.
 * How it comes by them, its life, is in bobbin-job-run.c. Its queue hears of each change without a
 * signal handler for each job: there may be very many. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-job-private.h"

#include "bobbin-enums.h"
#include "bobbin-job-queue-private.h"

#include <glib/gi18n-lib.h>

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
  PROP_EVENT_LOG,
} BobbinJobProperty;

static GParamSpec *props[PROP_EVENT_LOG + 1];

#define GET_PRIVATE(self) ((BobbinJobPrivate *) bobbin_job_get_instance_private (self))

/* For the files beside. */
BobbinJobPrivate *
bobbin_job_get_private (BobbinJob *self)
{
  return GET_PRIVATE (self);
}

static BobbinJobPast *
ensure_past (BobbinJobPrivate *priv)
{
  if (priv->past == NULL)
    {
      priv->past = g_new0 (BobbinJobPast, 1);
      priv->past->total = -1;
    }

  return priv->past;
}

BobbinJobPast *
bobbin_job_ensure_past (BobbinJob *self)
{
  return ensure_past (GET_PRIVATE (self));
}

static void
past_free (BobbinJobPast *past)
{
  g_clear_error (&past->error);
  g_clear_object (&past->log);
  g_free (past->delay);
  g_free (past);
}

void
bobbin_job_set_state (BobbinJob *self, BobbinJobState state)
{
  GET_PRIVATE (self)->state = state;
  bobbin_job_describe (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

void
bobbin_job_set_error (BobbinJob *self, const GError *error)
{
  BobbinJobPrivate *priv = GET_PRIVATE (self);

  if (bobbin_job_get_error (self) == NULL && error == NULL)
    return;

  g_clear_error (&ensure_past (priv)->error);
  priv->past->error = error != NULL ? g_error_copy (error) : NULL;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ERROR]);
}

void
bobbin_job_set_started (BobbinJob *self, gint64 time)
{
  ensure_past (GET_PRIVATE (self))->started = time;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STARTED]);
}

void
bobbin_job_set_ended (BobbinJob *self, gint64 time)
{
  if (bobbin_job_get_ended (self) == time)
    return;

  ensure_past (GET_PRIVATE (self))->ended = time;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ENDED]);
}

/* Of a job that has a run. */
void
bobbin_job_set_report (BobbinJob *self, const BobbinReport *report)
{
  BobbinJobPrivate *priv = GET_PRIVATE (self);
  const BobbinReport old = priv->run->report;
  GObject *object = G_OBJECT (self);

  priv->run->report = *report;
  ensure_past (priv)->bytes = report->bytes;
  priv->past->total = report->total;

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

  if (old.is_aside != report->is_aside && priv->place.queue != NULL)
    bobbin_job_queue_hear_aside (priv->place.queue, self);
  if (old.rate != report->rate && priv->place.queue != NULL)
    bobbin_job_queue_hear_rate (priv->place.queue, self, MAX (report->rate, 0) - MAX (old.rate, 0));
}

/* Every line of the log comes through here, but for those of before the program. */
void
bobbin_job_add_event (BobbinJob *self,
                      BobbinEventKind kind,
                      gint64 time,
                      const char *code,
                      const char *text)
{
  bobbin_event_log_add (bobbin_job_get_event_log (self), kind, time, code, text);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_EVENT_LOG]);
}

static char *
bobbin_job_real_describe (BobbinJob *self)
{
  BobbinJobPrivate *priv = GET_PRIVATE (self);

  switch (priv->state)
    {
    case BOBBIN_JOB_QUEUED:
      return g_strdup (bobbin_job_is_held (self) ? bobbin_job_queue_get_hold (priv->place.queue)
                                                 : _ ("Waiting for its turn"));
    case BOBBIN_JOB_RUNNING:
      return g_strdup (C_ ("state of a job", "Running"));
    case BOBBIN_JOB_STOPPING:
      return g_strdup (C_ ("state of a job", "Stopping…"));
    case BOBBIN_JOB_DONE:
      return g_strdup (C_ ("state of a job", "Done"));
    case BOBBIN_JOB_FAILED:
      return g_strdup (priv->past->error->message);
    case BOBBIN_JOB_IDLE:
    default:
      return g_strdup (bobbin_job_get_started (self) == 0 ? C_ ("state of a job", "Not started")
                                                          : C_ ("state of a job", "Stopped"));
    }
}

/* Without keeping it: of a long list few titles are looked at, but all are written. */
static char *
bobbin_job_dup_title (BobbinJob *self)
{
  BobbinJobClass *klass = BOBBIN_JOB_GET_CLASS (self);
  const char *title = GET_PRIVATE (self)->title;

  return title == NULL && klass->name != NULL ? klass->name (self) : g_strdup (title);
}

static GDateTime *
date_time_new (gint64 time)
{
  g_autoptr (GDateTime) second = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);

  return time > 0 && second != NULL ? g_date_time_add (second, time % G_USEC_PER_SEC) : NULL;
}

static void
bobbin_job_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BobbinJob *self = BOBBIN_JOB (object);

  switch ((BobbinJobProperty) prop_id)
    {
    case PROP_TITLE:
      g_value_take_string (value, bobbin_job_dup_title (self));
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
      g_value_take_boxed (value, date_time_new (bobbin_job_get_started (self)));
      break;
    case PROP_ENDED:
      g_value_take_boxed (value, date_time_new (bobbin_job_get_ended (self)));
      break;
    case PROP_EVENT_LOG:
      g_value_set_object (value, bobbin_job_get_event_log (self));
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

/* Whoever listens to the job hears of it first, then its queue does. */
static void
bobbin_job_dispatch_properties_changed (GObject *object, guint n_pspecs, GParamSpec **pspecs)
{
  BobbinJob *self = BOBBIN_JOB (object);
  BobbinJobPlace *place = &GET_PRIVATE (self)->place;

  G_OBJECT_CLASS (bobbin_job_parent_class)->dispatch_properties_changed (object, n_pspecs, pspecs);

  for (guint i = 0; i < n_pspecs && place->queue != NULL; i++)
    if (pspecs[i] == props[PROP_STATE])
      bobbin_job_queue_hear_state (place->queue, self);
    else if ((pspecs[i]->flags & BOBBIN_PARAM_KEPT) != 0)
      bobbin_job_queue_hear_change (place->queue, self,
                                    (pspecs[i]->flags & BOBBIN_PARAM_CHOSEN) != 0);
}

static void
bobbin_job_dispose (GObject *object)
{
  /* A run holds a reference to its job: nothing can be running here. */
  g_assert (GET_PRIVATE (BOBBIN_JOB (object))->run == NULL);

  G_OBJECT_CLASS (bobbin_job_parent_class)->dispose (object);
}

static void
bobbin_job_finalize (GObject *object)
{
  BobbinJobPrivate *priv = GET_PRIVATE (BOBBIN_JOB (object));

  g_clear_pointer (&priv->past, past_free);
  g_free (priv->kept);
  g_free (priv->title);
  g_clear_pointer (&priv->status_line, g_ref_string_release);

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
  object_class->dispatch_properties_changed = bobbin_job_dispatch_properties_changed;
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
  /* notified when a line is added */
  props[PROP_EVENT_LOG] =
    g_param_spec_object ("event-log", NULL, NULL, BOBBIN_TYPE_EVENT_LOG, kept);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
bobbin_job_init (BobbinJob *self)
{
  GET_PRIVATE (self)->created = g_get_real_time ();
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
 * @created: when it was made (g_get_real_time())
 * @started: when its newest run began (the same), or 0
 * @ended: when that ended, or 0
 *
 * Makes @self what another one was that an earlier program had.
 */
void
bobbin_job_restore (BobbinJob *self,
                    const GError *error,
                    gboolean done,
                    gint64 bytes,
                    gint64 total,
                    gint64 created,
                    gint64 started,
                    gint64 ended)
{
  BobbinJobPrivate *priv = GET_PRIVATE (self);

  g_return_if_fail (priv->place.queue == NULL && priv->state == BOBBIN_JOB_IDLE);

  priv->created = created;
  if (error != NULL)
    priv->state = BOBBIN_JOB_FAILED;
  else if (done)
    priv->state = BOBBIN_JOB_DONE;
  if (priv->state != BOBBIN_JOB_IDLE || bytes > 0 || total >= 0 || started > 0)
    *ensure_past (priv) = (BobbinJobPast){ .error = error != NULL ? g_error_copy (error) : NULL,
                                           .started = started,
                                           .ended = ended,
                                           .bytes = MAX (bytes, 0),
                                           .total = MAX (total, -1) };
  bobbin_job_describe (self);
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
  BobbinJobPrivate *priv = GET_PRIVATE (self);

  g_return_val_if_fail (BOBBIN_IS_JOB (self), NULL);

  if (priv->title == NULL)
    priv->title = bobbin_job_dup_title (self);

  return priv->title;
}

/**
 * bobbin_job_set_title:
 * @self: a job
 * @title: (nullable): what a person calls it; %NULL for what its class says
 */
void
bobbin_job_set_title (BobbinJob *self, const char *title)
{
  BobbinJobPrivate *priv = GET_PRIVATE (self);
  g_autofree char *old = NULL;

  g_return_if_fail (BOBBIN_IS_JOB (self));

  old = bobbin_job_dup_title (self);
  if (g_strcmp0 (old, title) == 0)
    return;

  g_free (priv->title);
  priv->title = g_strdup (title);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TITLE]);
}

static gboolean
has_handler (BobbinJob *self, guint signal, GQuark detail)
{
  return g_signal_handler_find (self, G_SIGNAL_MATCH_ID | G_SIGNAL_MATCH_DETAIL, signal, detail,
                                NULL, NULL, NULL) != 0;
}

/* Whether anybody is told when the status line changes. g_signal_has_handler_pending() cannot say
 * that of a signal that the class, too, may handle. */
static gboolean
bobbin_job_is_watched (BobbinJob *self)
{
  static guint notify;
  static GQuark status_line;

  if (notify == 0)
    {
      notify = g_signal_lookup ("notify", G_TYPE_OBJECT);
      status_line = g_quark_from_static_string ("status-line");
    }

  return has_handler (self, notify, status_line) || has_handler (self, notify, 0);
}

static gboolean
bobbin_job_put_into_words (BobbinJob *self)
{
  BobbinJobPrivate *priv = GET_PRIVATE (self);
  g_autofree char *line = BOBBIN_JOB_GET_CLASS (self)->describe (self);

  if (g_strcmp0 (line, priv->status_line) == 0)
    return FALSE;

  g_clear_pointer (&priv->status_line, g_ref_string_release);
  priv->status_line = g_ref_string_new_intern (line);

  return TRUE;
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

  if (GET_PRIVATE (self)->status_line == NULL)
    bobbin_job_put_into_words (self);

  return GET_PRIVATE (self)->status_line;
}

/* Whether somebody was told of it, or has asked, since it changed last. */
gboolean
bobbin_job_has_status_line (BobbinJob *self)
{
  return GET_PRIVATE (self)->status_line != NULL;
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

  return GET_PRIVATE (self)->past != NULL ? GET_PRIVATE (self)->past->error : NULL;
}

/**
 * bobbin_job_get_created:
 * @self: a job
 *
 * Returns: when the job was made, also if that was in an earlier run of the program, in µs since
 *   1970 (g_get_real_time())
 */
gint64
bobbin_job_get_created (BobbinJob *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB (self), 0);

  return GET_PRIVATE (self)->created;
}

/**
 * bobbin_job_get_started:
 * @self: a job
 *
 * Returns: when the newest run began, in µs since 1970 (g_get_real_time()); 0 for never
 */
gint64
bobbin_job_get_started (BobbinJob *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB (self), 0);

  return GET_PRIVATE (self)->past != NULL ? GET_PRIVATE (self)->past->started : 0;
}

/**
 * bobbin_job_get_ended:
 * @self: a job
 *
 * Returns: when the newest run ended, in µs since 1970 (g_get_real_time()); 0 while there is one
 */
gint64
bobbin_job_get_ended (BobbinJob *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB (self), 0);

  return GET_PRIVATE (self)->past != NULL ? GET_PRIVATE (self)->past->ended : 0;
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
  BobbinJobPast *past;

  g_return_val_if_fail (BOBBIN_IS_JOB (self), NULL);

  past = ensure_past (GET_PRIVATE (self));
  if (past->log == NULL)
    past->log = bobbin_event_log_new ();

  return past->log;
}

/* Internal: whether anything ever happened to the job; to ask for its log would make one. */
gboolean
bobbin_job_has_event_log (BobbinJob *self)
{
  return GET_PRIVATE (self)->past != NULL && GET_PRIVATE (self)->past->log != NULL;
}

/**
 * bobbin_job_get_report:
 * @self: a job
 *
 * For subclasses.
 *
 * Returns: (transfer none): what the present run reported last; nothing is known in it while there
 *   is none
 */
const BobbinReport *
bobbin_job_get_report (BobbinJob *self)
{
  static const BobbinReport none = BOBBIN_REPORT_INIT;

  g_return_val_if_fail (BOBBIN_IS_JOB (self), NULL);

  return GET_PRIVATE (self)->run != NULL ? &GET_PRIVATE (self)->run->report : &none;
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
  bobbin_job_add_event (self, kind, g_get_real_time (), NULL, text);
}

/**
 * bobbin_job_describe:
 * @self: a job
 *
 * Has the class put its status line into words anew: now, if anybody is to be told of it, or else
 * when it is asked for. For subclasses, when something that it speaks of has changed.
 */
void
bobbin_job_describe (BobbinJob *self)
{
  g_return_if_fail (BOBBIN_IS_JOB (self));

  if (!bobbin_job_is_watched (self))
    g_clear_pointer (&GET_PRIVATE (self)->status_line, g_ref_string_release);
  else if (bobbin_job_put_into_words (self))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATUS_LINE]);
}
