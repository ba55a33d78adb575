/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinDetailsPane shows all there is to say of one job, beside the list where there is room for
 * both, else in its place. Each kind of job has a view of its own: a widget class with a property
 * "job", made when it is needed first and kept for the next job of that kind. A view whose job is
 * NULL listens to nothing. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-details-pane.h"

#include <glib/gi18n-lib.h>

#include "bobbin-download-details.h"
#include "bobbin-download.h"
#include "bobbin-job-row.h"
#include "bobbin-monitor-details.h"
#include "bobbin-monitor.h"

struct _BobbinDetailsPane
{
  GtkWidget parent_instance;

  GtkWidget *box;
  AdwWindowTitle *title;
  GtkWidget *back;
  GtkWidget *close;
  GtkStack *views;

  BobbinJob *job;          /* (owned) (nullable) */
  GBindingGroup *bindings; /* (owned): from the job */
  gboolean folded;
};

G_DEFINE_FINAL_TYPE (BobbinDetailsPane, bobbin_details_pane, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_JOB = 1,
  PROP_FOLDED,
} BobbinDetailsPaneProperty;

static GParamSpec *props[PROP_FOLDED + 1];

/* Which class shows jobs of which kind. */
static const struct
{
  GType (*get_job_type) (void);
  GType (*get_view_type) (void);
} view_types[] = {
  { bobbin_download_get_type, bobbin_download_details_get_type },
  { bobbin_monitor_get_type, bobbin_monitor_details_get_type },
  { NULL, NULL }, /* the end */
};

static GType
find_view_type (BobbinJob *job)
{
  for (gsize i = 0; view_types[i].get_job_type != NULL; i++)
    if (G_TYPE_CHECK_INSTANCE_TYPE (job, view_types[i].get_job_type ()))
      return view_types[i].get_view_type ();

  return G_TYPE_INVALID;
}

static GtkWidget *
ensure_view (BobbinDetailsPane *self, GType type)
{
  const char *name = g_type_name (type);
  GtkWidget *view = gtk_stack_get_child_by_name (self->views, name);

  if (view == NULL)
    {
      view = g_object_new (type, NULL);
      gtk_stack_add_named (self->views, view, name);
    }

  return view;
}

static void
set_folded (BobbinDetailsPane *self, gboolean folded)
{
  if (self->folded == folded)
    return;

  self->folded = folded;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FOLDED]);
}

static void
bobbin_details_pane_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BobbinDetailsPane *self = BOBBIN_DETAILS_PANE (object);

  switch ((BobbinDetailsPaneProperty) prop_id)
    {
    case PROP_JOB:
      g_value_set_object (value, self->job);
      break;
    case PROP_FOLDED:
      g_value_set_boolean (value, self->folded);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_details_pane_set_property (GObject *object,
                                  guint prop_id,
                                  const GValue *value,
                                  GParamSpec *pspec)
{
  BobbinDetailsPane *self = BOBBIN_DETAILS_PANE (object);

  switch ((BobbinDetailsPaneProperty) prop_id)
    {
    case PROP_JOB:
      bobbin_details_pane_set_job (self, g_value_get_object (value));
      break;
    case PROP_FOLDED:
      set_folded (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_details_pane_dispose (GObject *object)
{
  BobbinDetailsPane *self = BOBBIN_DETAILS_PANE (object);

  if (self->box != NULL)
    {
      bobbin_details_pane_set_job (self, NULL);
      gtk_widget_unparent (self->box);
    }
  self->box = NULL;
  g_clear_object (&self->bindings);

  G_OBJECT_CLASS (bobbin_details_pane_parent_class)->dispose (object);
}

static void
bobbin_details_pane_class_init (BobbinDetailsPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = bobbin_details_pane_get_property;
  object_class->set_property = bobbin_details_pane_set_property;
  object_class->dispose = bobbin_details_pane_dispose;

  props[PROP_JOB] = g_param_spec_object ("job", NULL, NULL, BOBBIN_TYPE_JOB, flags);
  props[PROP_FOLDED] = g_param_spec_boolean ("folded", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/bobbinapp/Bobbin/details/bobbin-details-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinDetailsPane, box);
  gtk_widget_class_bind_template_child (widget_class, BobbinDetailsPane, title);
  gtk_widget_class_bind_template_child (widget_class, BobbinDetailsPane, back);
  gtk_widget_class_bind_template_child (widget_class, BobbinDetailsPane, close);
  gtk_widget_class_bind_template_child (widget_class, BobbinDetailsPane, views);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "win.close-details", NULL);
}

static void
bobbin_details_pane_init (BobbinDetailsPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  bobbin_job_row_name_control (self->back, _ ("Back"));
  bobbin_job_row_name_control (self->close, _ ("Close Details"));
  self->bindings = g_binding_group_new ();
  g_binding_group_bind (self->bindings, "title", self->title, "title", G_BINDING_SYNC_CREATE);
}

/**
 * bobbin_details_pane_can_show:
 * @job: a job
 *
 * Returns: whether there is a view for jobs of that kind
 */
gboolean
bobbin_details_pane_can_show (BobbinDetailsPane *self, BobbinJob *job)
{
  g_return_val_if_fail (BOBBIN_IS_DETAILS_PANE (self), FALSE);
  g_return_val_if_fail (BOBBIN_IS_JOB (job), FALSE);

  return find_view_type (job) != G_TYPE_INVALID;
}

/**
 * bobbin_details_pane_get_job:
 *
 * Returns: (transfer none) (nullable): the job that is shown
 */
BobbinJob *
bobbin_details_pane_get_job (BobbinDetailsPane *self)
{
  g_return_val_if_fail (BOBBIN_IS_DETAILS_PANE (self), NULL);

  return self->job;
}

/**
 * bobbin_details_pane_set_job:
 * @job: (nullable): a job that can be shown, or %NULL to let go of the present one
 */
void
bobbin_details_pane_set_job (BobbinDetailsPane *self, BobbinJob *job)
{
  GtkWidget *view;

  g_return_if_fail (BOBBIN_IS_DETAILS_PANE (self));
  g_return_if_fail (job == NULL || bobbin_details_pane_can_show (self, job));

  if (self->job == job)
    return;

  view = gtk_stack_get_visible_child (self->views);
  if (view != NULL)
    g_object_set (view, "job", NULL, NULL);
  g_set_object (&self->job, job);
  g_binding_group_set_source (self->bindings, job);
  if (job != NULL)
    {
      view = ensure_view (self, find_view_type (job));
      g_object_set (view, "job", job, NULL);
      gtk_stack_set_visible_child (self->views, view);
    }
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_JOB]);
}
