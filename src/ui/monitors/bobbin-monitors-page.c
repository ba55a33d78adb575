/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinMonitorsPage is the page of monitors in the window: their list, or what to do while there
 * is none. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-monitors-page.h"

#include "bobbin-monitor-row.h"
#include "bobbin-monitor.h"
#include "bobbin-job-list.h"

struct _BobbinMonitorsPage
{
  GtkWidget parent_instance;

  BobbinJobList *list;

  gboolean narrow;
};

G_DEFINE_FINAL_TYPE (BobbinMonitorsPage, bobbin_monitors_page, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_NARROW = 1,
} BobbinMonitorsPageProperty;

static GParamSpec *props[PROP_NARROW + 1];

static void
set_narrow (BobbinMonitorsPage *self, gboolean narrow)
{
  if (self->narrow == narrow)
    return;

  self->narrow = narrow;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NARROW]);
}

static void
bobbin_monitors_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BobbinMonitorsPage *self = BOBBIN_MONITORS_PAGE (object);

  switch ((BobbinMonitorsPageProperty) prop_id)
    {
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_monitors_page_set_property (GObject *object,
                                   guint prop_id,
                                   const GValue *value,
                                   GParamSpec *pspec)
{
  BobbinMonitorsPage *self = BOBBIN_MONITORS_PAGE (object);

  switch ((BobbinMonitorsPageProperty) prop_id)
    {
    case PROP_NARROW:
      set_narrow (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_monitors_page_dispose (GObject *object)
{
  BobbinMonitorsPage *self = BOBBIN_MONITORS_PAGE (object);

  if (self->list != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->list));
  self->list = NULL;

  G_OBJECT_CLASS (bobbin_monitors_page_parent_class)->dispose (object);
}

static void
bobbin_monitors_page_class_init (BobbinMonitorsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = bobbin_monitors_page_get_property;
  object_class->set_property = bobbin_monitors_page_set_property;
  object_class->dispose = bobbin_monitors_page_dispose;

  props[PROP_NARROW] =
    g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  g_type_ensure (BOBBIN_TYPE_MONITOR);
  g_type_ensure (BOBBIN_TYPE_MONITOR_ROW);
  g_type_ensure (BOBBIN_TYPE_JOB_LIST);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/bobbinapp/Bobbin/monitors/bobbin-monitors-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorsPage, list);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bobbin_monitors_page_init (BobbinMonitorsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * bobbin_monitors_page_set_queue:
 * @queue: where the monitors are
 *
 * Shows the monitors of @queue. Called once.
 */
void
bobbin_monitors_page_set_queue (BobbinMonitorsPage *self, BobbinJobQueue *queue)
{
  g_return_if_fail (BOBBIN_IS_MONITORS_PAGE (self));

  bobbin_job_list_set_queue (self->list, queue);
}

/**
 * bobbin_monitors_page_reveal:
 * @job: a job
 *
 * Selects @job, and brings it into view. Does nothing if it is not shown.
 */
void
bobbin_monitors_page_reveal (BobbinMonitorsPage *self, BobbinJob *job)
{
  g_return_if_fail (BOBBIN_IS_MONITORS_PAGE (self));

  bobbin_job_list_reveal (self->list, job);
}
