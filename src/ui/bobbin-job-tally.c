/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinJobTally knows of the jobs of a kind whether one is there that could be started, one that
 * could be stopped, and one that is done: what Start All, Stop All and Remove Finished are enabled
 * by. The queue counts them; nobody goes through the list, which may be long. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-job-tally.h"

struct _BobbinJobTally
{
  GObject parent_instance;

  BobbinJobQueue *queue; /* (owned) */
  GType type;
  gboolean can_start;
  gboolean can_stop;
  gboolean can_clear;
};

G_DEFINE_FINAL_TYPE (BobbinJobTally, bobbin_job_tally, G_TYPE_OBJECT)

typedef enum
{
  PROP_CAN_START = 1,
  PROP_CAN_STOP,
  PROP_CAN_CLEAR,
} BobbinJobTallyProperty;

static GParamSpec *props[PROP_CAN_CLEAR + 1];

static gboolean
has_job (BobbinJobTally *self, BobbinJobState state)
{
  return bobbin_job_queue_get_n_jobs (self->queue, self->type, state) > 0;
}

static void
note (BobbinJobTally *self, gboolean *known, gboolean now, BobbinJobTallyProperty prop)
{
  if (*known == now)
    return;

  *known = now;
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

/* A job that is being stopped can be started already: it begins again when it has been joined. */
static void
update (BobbinJobTally *self)
{
  note (self, &self->can_start,
        has_job (self, BOBBIN_JOB_IDLE) || has_job (self, BOBBIN_JOB_STOPPING) ||
          has_job (self, BOBBIN_JOB_FAILED),
        PROP_CAN_START);
  note (self, &self->can_stop,
        has_job (self, BOBBIN_JOB_QUEUED) || has_job (self, BOBBIN_JOB_RUNNING), PROP_CAN_STOP);
  note (self, &self->can_clear, has_job (self, BOBBIN_JOB_DONE), PROP_CAN_CLEAR);
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
    case PROP_CAN_CLEAR:
      g_value_set_boolean (value, bobbin_job_tally_can_clear (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_job_tally_finalize (GObject *object)
{
  g_object_unref (BOBBIN_JOB_TALLY (object)->queue);

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
  props[PROP_CAN_CLEAR] = g_param_spec_boolean ("can-clear", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
bobbin_job_tally_init (BobbinJobTally *self)
{
}

/**
 * bobbin_job_tally_new:
 * @queue: where the jobs are
 * @type: `BOBBIN_TYPE_JOB`, or one of its subclasses
 *
 * Returns: (transfer full): who knows of the jobs of @type
 */
BobbinJobTally *
bobbin_job_tally_new (BobbinJobQueue *queue, GType type)
{
  BobbinJobTally *self;

  g_return_val_if_fail (BOBBIN_IS_JOB_QUEUE (queue), NULL);

  self = g_object_new (BOBBIN_TYPE_JOB_TALLY, NULL);
  self->queue = g_object_ref (queue);
  self->type = type;
  g_signal_connect_object (queue, "items-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (queue, "job-state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);

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

  return self->can_start;
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

  return self->can_stop;
}

/**
 * bobbin_job_tally_can_clear:
 *
 * Returns: whether a job is there that is done
 */
gboolean
bobbin_job_tally_can_clear (BobbinJobTally *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB_TALLY (self), FALSE);

  return self->can_clear;
}
