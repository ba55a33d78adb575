/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinJobTally knows of a list of jobs whether one is there that could be started, and one that
 * could be stopped: what Start All and Stop All are enabled by. It counts along with each change
 * rather than go through the list, which may be long. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-job-tally.h"

#include "bobbin-job.h"

typedef struct
{
  BobbinJobTally *tally;
  BobbinJob *job; /* (owned) */
  gulong handler;
  gboolean can_start;
  gboolean can_stop;
} Entry;

struct _BobbinJobTally
{
  GObject parent_instance;

  GListModel *jobs;   /* (owned) */
  GPtrArray *entries; /* (owned): of Entry, in the order of the list */
  guint n_startable;
  guint n_stoppable;
};

G_DEFINE_FINAL_TYPE (BobbinJobTally, bobbin_job_tally, G_TYPE_OBJECT)

typedef enum
{
  PROP_CAN_START = 1,
  PROP_CAN_STOP,
} BobbinJobTallyProperty;

static GParamSpec *props[PROP_CAN_STOP + 1];

static void
entry_free (Entry *entry)
{
  entry->tally->n_startable -= entry->can_start;
  entry->tally->n_stoppable -= entry->can_stop;
  g_signal_handler_disconnect (entry->job, entry->handler);
  g_object_unref (entry->job);
  g_free (entry);
}

/* A job that is being stopped can be started already: it begins again when it has been joined. */
static void
entry_count (Entry *entry)
{
  BobbinJobState state = bobbin_job_get_state (entry->job);
  gboolean can_stop = state == BOBBIN_JOB_QUEUED || state == BOBBIN_JOB_RUNNING;
  gboolean can_start = !can_stop && state != BOBBIN_JOB_DONE;

  entry->tally->n_startable += can_start - entry->can_start;
  entry->tally->n_stoppable += can_stop - entry->can_stop;
  entry->can_start = can_start;
  entry->can_stop = can_stop;
}

static void
notify_changes (BobbinJobTally *self, gboolean could_start, gboolean could_stop)
{
  if (could_start != bobbin_job_tally_can_start (self))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CAN_START]);
  if (could_stop != bobbin_job_tally_can_stop (self))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CAN_STOP]);
}

static void
on_state (Entry *entry)
{
  BobbinJobTally *self = entry->tally;
  gboolean could_start = bobbin_job_tally_can_start (self);
  gboolean could_stop = bobbin_job_tally_can_stop (self);

  entry_count (entry);
  notify_changes (self, could_start, could_stop);
}

static Entry *
entry_new (BobbinJobTally *self, BobbinJob *job)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->tally = self;
  entry->job = g_object_ref (job);
  entry->handler = g_signal_connect_swapped (job, "notify::state", G_CALLBACK (on_state), entry);
  entry_count (entry);

  return entry;
}

static void
on_items_changed (BobbinJobTally *self, guint position, guint n_removed, guint n_added)
{
  gboolean could_start = bobbin_job_tally_can_start (self);
  gboolean could_stop = bobbin_job_tally_can_stop (self);

  if (n_removed > 0)
    g_ptr_array_remove_range (self->entries, position, n_removed);
  for (guint i = position; i < position + n_added; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (self->jobs, i);

      g_ptr_array_insert (self->entries, i, entry_new (self, job));
    }
  notify_changes (self, could_start, could_stop);
}

static void
bobbin_job_tally_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BobbinJobTally *self = BOBBIN_JOB_TALLY (object);

  switch ((BobbinJobTallyProperty) prop_id)
    {
    case PROP_CAN_START:
      g_value_set_boolean (value, bobbin_job_tally_can_start (self));
      break;
    case PROP_CAN_STOP:
      g_value_set_boolean (value, bobbin_job_tally_can_stop (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_job_tally_finalize (GObject *object)
{
  BobbinJobTally *self = BOBBIN_JOB_TALLY (object);

  g_ptr_array_unref (self->entries);
  g_object_unref (self->jobs);

  G_OBJECT_CLASS (bobbin_job_tally_parent_class)->finalize (object);
}

static void
bobbin_job_tally_class_init (BobbinJobTallyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = bobbin_job_tally_get_property;
  object_class->finalize = bobbin_job_tally_finalize;

  props[PROP_CAN_START] = g_param_spec_boolean ("can-start", NULL, NULL, FALSE, flags);
  props[PROP_CAN_STOP] = g_param_spec_boolean ("can-stop", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
bobbin_job_tally_init (BobbinJobTally *self)
{
  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);
}

/**
 * bobbin_job_tally_new:
 * @jobs: a list of `BobbinJob`
 *
 * Returns: (transfer full): who counts along
 */
BobbinJobTally *
bobbin_job_tally_new (GListModel *jobs)
{
  BobbinJobTally *self;

  g_return_val_if_fail (G_IS_LIST_MODEL (jobs), NULL);

  self = g_object_new (BOBBIN_TYPE_JOB_TALLY, NULL);
  self->jobs = g_object_ref (jobs);
  g_signal_connect_object (jobs, "items-changed", G_CALLBACK (on_items_changed), self,
                           G_CONNECT_SWAPPED);
  on_items_changed (self, 0, 0, g_list_model_get_n_items (jobs));

  return self;
}

/**
 * bobbin_job_tally_can_start:
 *
 * Returns: whether a job is there that is neither under way nor done
 */
gboolean
bobbin_job_tally_can_start (BobbinJobTally *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB_TALLY (self), FALSE);

  return self->n_startable > 0;
}

/**
 * bobbin_job_tally_can_stop:
 *
 * Returns: whether a job is there that is under way, and not being stopped yet
 */
gboolean
bobbin_job_tally_can_stop (BobbinJobTally *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB_TALLY (self), FALSE);

  return self->n_stoppable > 0;
}
