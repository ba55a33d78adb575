/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinJobRow is what the rows of all kinds of jobs have in common: the job they show, its
 * actions, and the style class that tells the job's state. A row listens to its job only while it
 * shows it; it is recycled by its list. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-job-row.h"

#include <glib/gi18n-lib.h>

#include "bobbin-download.h"
#include "bobbin-job-actions.h"

typedef struct
{
  BobbinJob *job;        /* (owned) (nullable) */
  GSignalGroup *signals; /* (owned): the job's */
} BobbinJobRowPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (BobbinJobRow, bobbin_job_row, GTK_TYPE_BOX)

typedef enum
{
  PROP_JOB = 1,
} BobbinJobRowProperty;

static GParamSpec *props[PROP_JOB + 1];

/* The list item around the row is what takes the focus, so it is what a screen reader names. */
static void
name_list_item (BobbinJobRow *self)
{
  BobbinJobRowPrivate *priv = bobbin_job_row_get_instance_private (self);
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));

  if (parent != NULL && priv->job != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (parent), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    bobbin_job_get_title (priv->job), -1);
}

static void
update (BobbinJobRow *self)
{
  BobbinJobRowPrivate *priv = bobbin_job_row_get_instance_private (self);
  BobbinJobRowClass *klass = BOBBIN_JOB_ROW_GET_CLASS (self);
  gboolean failed = priv->job != NULL && bobbin_job_get_state (priv->job) == BOBBIN_JOB_FAILED;

  bobbin_job_actions_update (GTK_WIDGET (self), priv->job);
  if (failed)
    gtk_widget_add_css_class (GTK_WIDGET (self), "failed");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "failed");
  if (klass->update != NULL && priv->job != NULL)
    klass->update (self, priv->job);
}

static void
bobbin_job_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BobbinJobRow *self = BOBBIN_JOB_ROW (object);

  switch ((BobbinJobRowProperty) prop_id)
    {
    case PROP_JOB:
      g_value_set_object (value, bobbin_job_row_get_job (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_job_row_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  BobbinJobRow *self = BOBBIN_JOB_ROW (object);

  switch ((BobbinJobRowProperty) prop_id)
    {
    case PROP_JOB:
      bobbin_job_row_set_job (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_job_row_dispose (GObject *object)
{
  BobbinJobRow *self = BOBBIN_JOB_ROW (object);
  BobbinJobRowPrivate *priv = bobbin_job_row_get_instance_private (self);

  if (priv->job != NULL)
    bobbin_job_row_set_job (self, NULL);
  g_clear_object (&priv->signals);

  G_OBJECT_CLASS (bobbin_job_row_parent_class)->dispose (object);
}

static void
bobbin_job_row_class_init (BobbinJobRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bobbin_job_row_get_property;
  object_class->set_property = bobbin_job_row_set_property;
  object_class->dispose = bobbin_job_row_dispose;

  props[PROP_JOB] =
    g_param_spec_object ("job", NULL, NULL, BOBBIN_TYPE_JOB,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  bobbin_job_actions_install (GTK_WIDGET_CLASS (klass));
}

static void
bobbin_job_row_init (BobbinJobRow *self)
{
  BobbinJobRowPrivate *priv = bobbin_job_row_get_instance_private (self);

  priv->signals = g_signal_group_new (BOBBIN_TYPE_JOB);
  g_signal_group_connect_swapped (priv->signals, "notify::state", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (priv->signals, "notify::title", G_CALLBACK (name_list_item),
                                  self);
}

/**
 * bobbin_job_row_get_job:
 *
 * Returns: (transfer none) (nullable): the job that is shown
 */
BobbinJob *
bobbin_job_row_get_job (BobbinJobRow *self)
{
  BobbinJobRowPrivate *priv = bobbin_job_row_get_instance_private (self);

  g_return_val_if_fail (BOBBIN_IS_JOB_ROW (self), NULL);

  return priv->job;
}

/**
 * bobbin_job_row_set_job:
 * @job: (nullable): the job to show, or %NULL to let go of the present one
 */
void
bobbin_job_row_set_job (BobbinJobRow *self, BobbinJob *job)
{
  BobbinJobRowPrivate *priv = bobbin_job_row_get_instance_private (self);
  BobbinJobRowClass *klass = BOBBIN_JOB_ROW_GET_CLASS (self);

  g_return_if_fail (BOBBIN_IS_JOB_ROW (self));

  if (!g_set_object (&priv->job, job))
    return;

  g_signal_group_set_target (priv->signals, job);
  if (klass->bind != NULL)
    klass->bind (self, job);
  name_list_item (self);
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_JOB]);
}

/**
 * bobbin_job_row_name_control:
 * @control: a control that shows an icon
 * @name: what it does
 *
 * Says what an icon button does, to those who see it and to those who hear it.
 */
void
bobbin_job_row_name_control (GtkWidget *control, const char *name)
{
  gtk_widget_set_tooltip_text (control, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
}

/**
 * bobbin_job_row_show_toggle:
 * @button: a button whose action is job.toggle
 *
 * Makes @button show what that action does to the job now: start, stop, try again, or open.
 */
void
bobbin_job_row_show_toggle (BobbinJobRow *self, GtkButton *button)
{
  BobbinJob *job = bobbin_job_row_get_job (self);

  switch (bobbin_job_get_state (job))
    {
    case BOBBIN_JOB_QUEUED:
    case BOBBIN_JOB_RUNNING:
      gtk_button_set_icon_name (button, "media-playback-stop-symbolic");
      bobbin_job_row_name_control (GTK_WIDGET (button), _ ("Stop"));
      break;
    case BOBBIN_JOB_FAILED:
      gtk_button_set_icon_name (button, "view-refresh-symbolic");
      bobbin_job_row_name_control (GTK_WIDGET (button), _ ("Retry"));
      break;
    case BOBBIN_JOB_DONE:
      if (BOBBIN_IS_DOWNLOAD (job))
        {
          gtk_button_set_icon_name (button, "document-open-symbolic");
          bobbin_job_row_name_control (GTK_WIDGET (button), _ ("Open"));
          break;
        }
      G_GNUC_FALLTHROUGH;
    case BOBBIN_JOB_IDLE:
    case BOBBIN_JOB_STOPPING:
    default:
      gtk_button_set_icon_name (button, "media-playback-start-symbolic");
      bobbin_job_row_name_control (GTK_WIDGET (button), _ ("Start"));
    }
}
