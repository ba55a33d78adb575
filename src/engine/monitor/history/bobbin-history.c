/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Puts down what monitors find, and tells what they found. Verdicts are collected for some seconds
 * and written together: so much is lost if the program dies, and so seldom the disk is troubled.
 * All else happens in the store’s thread. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-history.h"

#include "bobbin-error.h"
#include "bobbin-history-codec.h"
#include "bobbin-verdict.h"

#include <math.h>

/* s from the first verdict of a batch until it is written */
#define PERIOD 5
/* µs from one write to the next, whoever wants to read */
#define MIN_PERIOD G_TIME_SPAN_SECOND
/* Of what cannot be written, as on a full disk, so much is kept for another try. */
#define MAX_UNSAVED (1024 * 1024)

struct _BobbinHistory
{
  GObject parent_instance;

  BobbinQueueKeeper *keeper; /* (owned) */
  guint raw_hours;
  guint minute_days;
  guint hour_days;

  BobbinHistoryWriter writer; /* what is collected */
  guint n_collected;
  guint write_source;
  gint64 written;    /* when, g_get_monotonic_time() */
  gboolean writing;  /* a batch is on its way */
  GQueue unsaved;    /* of GBytes (owned): what could not be written, oldest first */
  gboolean troubled; /* and that was said */
  gboolean closed;
};

G_DEFINE_FINAL_TYPE (BobbinHistory, bobbin_history, G_TYPE_OBJECT)

typedef enum
{
  PROP_RAW_HOURS = 1,
  PROP_MINUTE_DAYS,
  PROP_HOUR_DAYS,
} BobbinHistoryProperty;

static GParamSpec *props[PROP_HOUR_DAYS + 1];

static BobbinStore *
get_store (BobbinHistory *self)
{
  return bobbin_queue_keeper_get_store (self->keeper);
}

/* ---- out to the store */

/* A batch on its way. */
typedef struct
{
  BobbinHistory *history; /* (owned) */
  GQueue texts;           /* of GBytes (owned) */
} Batch;

static void
batch_free (Batch *batch)
{
  g_queue_clear_full (&batch->texts, (GDestroyNotify) g_bytes_unref);
  g_object_unref (batch->history);
  g_free (batch);
}

static gboolean
has_unwritten (BobbinHistory *self)
{
  return self->n_collected > 0 || !g_queue_is_empty (&self->unsaved);
}

static gboolean
on_period (gpointer user_data)
{
  BobbinHistory *self = user_data;

  self->write_source = 0;
  bobbin_history_write (self);

  return G_SOURCE_REMOVE;
}

static void
schedule (BobbinHistory *self)
{
  if (self->write_source != 0 || self->writing || self->closed || !has_unwritten (self))
    return;

  self->write_source = g_timeout_add_seconds (PERIOD, on_period, self);
  g_source_set_name_by_id (self->write_source, "[bobbin] write of the history");
}

/* Keeps as much as there is room for, and of that the newest. */
static void
keep_unsaved (BobbinHistory *self, GQueue *texts)
{
  GBytes *text;
  gsize size = 0;

  while ((text = g_queue_pop_tail (texts)) != NULL)
    g_queue_push_head (&self->unsaved, text);
  for (GList *l = self->unsaved.head; l != NULL; l = l->next)
    size += g_bytes_get_size (l->data);
  while (size > MAX_UNSAVED)
    {
      text = g_queue_pop_head (&self->unsaved);
      size -= g_bytes_get_size (text);
      g_bytes_unref (text);
    }
}

static void
on_written (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Batch *batch = user_data;
  BobbinHistory *self = batch->history;
  g_autoptr (GError) error = NULL;

  self->writing = FALSE;
  if (bobbin_store_write_finish (BOBBIN_STORE (object), result, &error))
    {
      self->troubled = FALSE;
    }
  else if (!g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_CLOSED))
    {
      /* whoever keeps the list tells the user what is wrong with the disk */
      if (!self->troubled)
        g_message ("What monitors found could not be saved: %s", error->message);
      self->troubled = TRUE;
      keep_unsaved (self, &batch->texts);
    }
  schedule (self);
  batch_free (batch);
}

static void
collect_anew (BobbinHistory *self)
{
  bobbin_history_writer_init (&self->writer);
  self->n_collected = 0;
}

/**
 * bobbin_history_write:
 * @self: a history
 *
 * Hands to the store what has been collected, now and not some seconds later.
 */
void
bobbin_history_write (BobbinHistory *self)
{
  BobbinStoreBatch *changes;
  Batch *batch;

  g_return_if_fail (BOBBIN_IS_HISTORY (self));

  g_clear_handle_id (&self->write_source, g_source_remove);
  if (!has_unwritten (self))
    return;

  if (self->n_collected > 0)
    {
      g_queue_push_tail (&self->unsaved, bobbin_history_writer_end (&self->writer));
      collect_anew (self);
    }
  changes = bobbin_store_batch_new (FALSE);
  batch = g_new0 (Batch, 1);
  batch->history = g_object_ref (self);
  batch->texts = self->unsaved;
  g_queue_init (&self->unsaved);
  for (GList *l = batch->texts.head; l != NULL; l = l->next)
    bobbin_store_batch_add_samples (changes, g_bytes_ref (l->data));

  self->writing = TRUE;
  self->written = g_get_monotonic_time ();
  bobbin_store_write_async (get_store (self), changes, on_written, batch);
}

/* ---- in from the monitors */

static void
on_judged (BobbinHistory *self, const BobbinVerdict *verdict, BobbinMonitor *monitor)
{
  const gint64 number = bobbin_queue_keeper_get_number (self->keeper, BOBBIN_JOB (monitor));
  const gboolean has_value = verdict->error == NULL && verdict->sample != NULL;
  const BobbinHistorySample sample = {
    .time = verdict->time,
    .duration = MAX (verdict->duration, 0),
    .value = has_value ? verdict->sample->value : NAN,
    .state = bobbin_history_state_new (verdict->health, verdict->believed, verdict->reason)
  };

  if (number == 0 || self->closed)
    return;

  bobbin_history_writer_add (&self->writer, number, &sample);
  self->n_collected++;
  schedule (self);
}

/* One that comes back has been heard before. */
static void
watch (BobbinHistory *self, BobbinMonitor *monitor)
{
  if (g_signal_handler_find (monitor, G_SIGNAL_MATCH_FUNC | G_SIGNAL_MATCH_DATA, 0, 0, NULL,
                             on_judged, self) == 0)
    g_signal_connect_object (monitor, "judged", G_CALLBACK (on_judged), self, G_CONNECT_SWAPPED);
}

static void
on_items_changed (BobbinHistory *self,
                  guint position,
                  guint n_removed,
                  guint n_added,
                  GListModel *queue)
{
  for (guint i = 0; i < n_added; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (queue, position + i);

      if (BOBBIN_IS_MONITOR (job))
        watch (self, BOBBIN_MONITOR (job));
    }
}

/* ---- the object */

static void
send_keep (BobbinHistory *self)
{
  const BobbinHistoryKeep keep = { .raw = self->raw_hours * BOBBIN_ROLLUP_HOUR,
                                   .minutes = self->minute_days * BOBBIN_ROLLUP_DAY,
                                   .hours = self->hour_days * BOBBIN_ROLLUP_DAY };

  if (self->keeper != NULL && !self->closed)
    bobbin_store_set_keep (get_store (self), &keep);
}

static void
set_keep (BobbinHistory *self, guint *field, guint value, BobbinHistoryProperty prop)
{
  if (*field == value)
    return;

  *field = value;
  send_keep (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

static void
bobbin_history_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BobbinHistory *self = BOBBIN_HISTORY (object);

  switch ((BobbinHistoryProperty) prop_id)
    {
    case PROP_RAW_HOURS:
      g_value_set_uint (value, self->raw_hours);
      break;
    case PROP_MINUTE_DAYS:
      g_value_set_uint (value, self->minute_days);
      break;
    case PROP_HOUR_DAYS:
      g_value_set_uint (value, self->hour_days);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_history_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  BobbinHistory *self = BOBBIN_HISTORY (object);

  switch ((BobbinHistoryProperty) prop_id)
    {
    case PROP_RAW_HOURS:
      set_keep (self, &self->raw_hours, g_value_get_uint (value), PROP_RAW_HOURS);
      break;
    case PROP_MINUTE_DAYS:
      set_keep (self, &self->minute_days, g_value_get_uint (value), PROP_MINUTE_DAYS);
      break;
    case PROP_HOUR_DAYS:
      set_keep (self, &self->hour_days, g_value_get_uint (value), PROP_HOUR_DAYS);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_history_dispose (GObject *object)
{
  BobbinHistory *self = BOBBIN_HISTORY (object);

  /* What is on its way holds the history. */
  g_assert (!self->writing);

  g_clear_handle_id (&self->write_source, g_source_remove);
  g_queue_clear_full (&self->unsaved, (GDestroyNotify) g_bytes_unref);
  bobbin_history_writer_clear (&self->writer);
  g_clear_object (&self->keeper);

  G_OBJECT_CLASS (bobbin_history_parent_class)->dispose (object);
}

static void
bobbin_history_class_init (BobbinHistoryClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bobbin_history_get_property;
  object_class->set_property = bobbin_history_set_property;
  object_class->dispose = bobbin_history_dispose;

  props[PROP_RAW_HOURS] = g_param_spec_uint ("raw-hours", NULL, NULL, 1, 8760, 24, flags);
  props[PROP_MINUTE_DAYS] = g_param_spec_uint ("minute-days", NULL, NULL, 1, 3650, 30, flags);
  props[PROP_HOUR_DAYS] = g_param_spec_uint ("hour-days", NULL, NULL, 1, 36500, 365, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
bobbin_history_init (BobbinHistory *self)
{
  self->raw_hours = 24;
  self->minute_days = 30;
  self->hour_days = 365;
  self->written = G_MININT64 / 2;
  g_queue_init (&self->unsaved);
  collect_anew (self);
}

/**
 * bobbin_history_new:
 * @queue: a queue
 * @keeper: of @queue, already opening
 *
 * Makes the history of all monitors in @queue, now and later, as far as they are kept.
 *
 * Returns: (transfer full): a history, to be ended with bobbin_history_close()
 */
BobbinHistory *
bobbin_history_new (BobbinJobQueue *queue, BobbinQueueKeeper *keeper)
{
  BobbinHistory *self;

  g_return_val_if_fail (BOBBIN_IS_JOB_QUEUE (queue), NULL);
  g_return_val_if_fail (BOBBIN_IS_QUEUE_KEEPER (keeper), NULL);

  self = g_object_new (BOBBIN_TYPE_HISTORY, NULL);
  self->keeper = g_object_ref (keeper);
  g_signal_connect_object (queue, "items-changed", G_CALLBACK (on_items_changed), self,
                           G_CONNECT_SWAPPED);
  on_items_changed (self, 0, 0, g_list_model_get_n_items (G_LIST_MODEL (queue)),
                    G_LIST_MODEL (queue));

  return self;
}

/**
 * bobbin_history_close:
 * @self: a history
 *
 * Hands the last of it to the store, which is to be closed after this. Nothing is put down any
 * more.
 */
void
bobbin_history_close (BobbinHistory *self)
{
  g_return_if_fail (BOBBIN_IS_HISTORY (self));

  bobbin_history_write (self);
  self->closed = TRUE;
}

/* ---- questions */

static void
on_read (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  BobbinHistorySpan *span =
    bobbin_store_read_history_finish (BOBBIN_STORE (object), result, &error);

  if (span != NULL)
    g_task_return_pointer (task, span, (GDestroyNotify) bobbin_history_span_free);
  else
    g_task_return_error (task, error);
}

/* Takes the task. */
static void
ask (BobbinHistory *self, BobbinMonitor *monitor, BobbinHistoryQuery *query, GTask *task)
{
  query->number = bobbin_queue_keeper_get_number (self->keeper, BOBBIN_JOB (monitor));
  if (g_get_monotonic_time () - self->written >= MIN_PERIOD)
    bobbin_history_write (self);
  bobbin_store_read_history_async (get_store (self), query, on_read, task);
}

/**
 * bobbin_history_read_async:
 * @self: a history
 * @monitor: a monitor in its queue
 * @from: µs since 1970: it begins just after this
 * @to: µs since 1970, after @from: it ends with this
 * @max_points: so many buckets, at least 1
 * @callback: called when they are there
 * @user_data: for @callback
 *
 * Reads what a chart of some time needs. What came in the last second may be missing.
 */
void
bobbin_history_read_async (BobbinHistory *self,
                           BobbinMonitor *monitor,
                           gint64 from,
                           gint64 to,
                           guint max_points,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  BobbinHistoryQuery query = { .from = from,
                               .to = to,
                               .level = BOBBIN_HISTORY_ANY,
                               .max_points = max_points };
  GTask *task;

  g_return_if_fail (BOBBIN_IS_HISTORY (self));
  g_return_if_fail (BOBBIN_IS_MONITOR (monitor));
  g_return_if_fail (from < to && max_points > 0);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, bobbin_history_read_async);
  g_task_set_name (task, "[bobbin] read history");
  ask (self, monitor, &query, task);
}

/**
 * bobbin_history_read_finish:
 * @self: a history
 * @result: what the callback got
 * @error: what the disk says; %BOBBIN_ERROR_CLOSED if there is no store
 *
 * Returns: (transfer full) (nullable): what was found: @max_points buckets at most, and one more if
 *   the first begins before the time that was asked about
 */
BobbinHistorySpan *
bobbin_history_read_finish (BobbinHistory *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * bobbin_history_uptime_async:
 * @self: a history
 * @monitor: a monitor in its queue
 * @from: µs since 1970
 * @to: µs since 1970, after @from
 * @callback: called when it is known
 * @user_data: for @callback
 *
 * Finds out how much of some time something was up.
 */
void
bobbin_history_uptime_async (BobbinHistory *self,
                             BobbinMonitor *monitor,
                             gint64 from,
                             gint64 to,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  BobbinHistoryQuery query = { .from = from, .to = to, .level = BOBBIN_HISTORY_ANY };
  GTask *task;

  g_return_if_fail (BOBBIN_IS_HISTORY (self));
  g_return_if_fail (BOBBIN_IS_MONITOR (monitor));
  g_return_if_fail (from < to);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, bobbin_history_uptime_async);
  g_task_set_name (task, "[bobbin] read uptime");
  ask (self, monitor, &query, task);
}

/**
 * bobbin_history_uptime_finish:
 * @self: a history
 * @result: what the callback got
 * @uptime: (out caller-allocates): how much of the time it was up, and how much of it is known
 * @error: what the disk says; %BOBBIN_ERROR_CLOSED if there is no store
 *
 * Returns: whether it could be found out
 */
gboolean
bobbin_history_uptime_finish (BobbinHistory *self,
                              GAsyncResult *result,
                              BobbinUptime *uptime,
                              GError **error)
{
  g_autoptr (BobbinHistorySpan) span = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  span = g_task_propagate_pointer (G_TASK (result), error);
  if (span == NULL)
    return FALSE;

  *uptime = bobbin_uptime_new (&g_array_index (span->buckets, BobbinHistoryBucket, 0));

  return TRUE;
}
