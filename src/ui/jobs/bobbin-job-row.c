/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinJobRow is what the rows of all kinds of jobs have in common: icon, name, status line, the
 * controls with the job's actions, and the style class that tells the job's state. A kind of its
 * own puts its widgets above, beside or below the status line (child types "above-status",
 * "beside-status" and "below-status"), or one in the place of the button that starts and stops
 * ("toggle"). A row listens to its job only while it shows it; it is recycled by its list. Its menu
 * is made when it is opened first: 200 of them take a second and 60 MB. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-job-row.h"

#include <glib/gi18n-lib.h>

#include "bobbin-download.h"
#include "bobbin-job-actions.h"
#include "bobbin-row-slot.h"
#include "bobbin-status-line.h"

#define NAME_KEY "bobbin-name"

#define RESOURCE_FOLDER "/io/github/bobbinapp/Bobbin/jobs"

typedef struct
{
  GtkImage *icon;
  GtkBox *body;
  GtkWidget *heading;
  GtkBox *status_box;
  GtkLabel *title;
  GtkButton *toggle;
  GtkWidget *remove;
  GtkMenuButton *menu;
  BobbinStatusLine *status;

  BobbinJob *job;          /* (owned) (nullable) */
  gpointer menu_of;        /* (nullable): whose menu was opened last; only to compare with */
  GBindingGroup *bindings; /* (owned): from the job */
  GSignalGroup *signals;   /* (owned): the job's */
} BobbinJobRowPrivate;

static void bobbin_job_row_buildable_init (GtkBuildableIface *iface);

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (BobbinJobRow,
                                  bobbin_job_row,
                                  GTK_TYPE_BOX,
                                  G_ADD_PRIVATE (BobbinJobRow)
                                    G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE,
                                                           bobbin_job_row_buildable_init))

static GtkBuildableIface *parent_buildable;

typedef enum
{
  PROP_JOB = 1,
  PROP_JOBS,
  PROP_NARROW,
} BobbinJobRowProperty;

static GParamSpec *props[PROP_NARROW + 1];

/* What the row's actions act on. */
static GPtrArray *
dup_jobs (BobbinJobRow *self)
{
  BobbinJobRowPrivate *priv = bobbin_job_row_get_instance_private (self);
  GPtrArray *jobs = g_ptr_array_new_with_free_func (g_object_unref);

  if (priv->job != NULL)
    g_ptr_array_add (jobs, g_object_ref (priv->job));

  return jobs;
}

/* The menu is about to be opened. */
static void
on_menu (GtkMenuButton *button, gpointer user_data)
{
  BobbinJobRow *self = BOBBIN_JOB_ROW (user_data);
  BobbinJobRowPrivate *priv = bobbin_job_row_get_instance_private (self);
  g_autoptr (GPtrArray) jobs = dup_jobs (self);

  priv->menu_of = priv->job;
  bobbin_job_actions_update_moves (GTK_WIDGET (self), jobs);
  if (gtk_menu_button_get_menu_model (button) == NULL)
    gtk_menu_button_set_menu_model (button, bobbin_job_actions_get_menu ());
}

/* What the job is at is told when its state changes, not with every byte. */
static void
tell (BobbinJobRow *self, GtkAccessibleProperty property, const char *text)
{
  bobbin_row_slot_tell (GTK_WIDGET (self), property, text);
}

static void
tell_title (BobbinJobRow *self)
{
  BobbinJobRowPrivate *priv = bobbin_job_row_get_instance_private (self);

  if (priv->job != NULL)
    tell (self, GTK_ACCESSIBLE_PROPERTY_LABEL, bobbin_job_get_title (priv->job));
}

static void
show_what_toggle_does (BobbinJobRow *self, const char *icon_name, const char *name)
{
  BobbinJobRowPrivate *priv = bobbin_job_row_get_instance_private (self);

  if (g_strcmp0 (gtk_button_get_icon_name (priv->toggle), icon_name) == 0)
    return;

  gtk_button_set_icon_name (priv->toggle, icon_name);
  bobbin_job_row_name_control (GTK_WIDGET (priv->toggle), name);
}

/* What job.toggle does to the job now: start, stop, try again, or open. */
static void
update_toggle (BobbinJobRow *self, BobbinJob *job)
{
  switch (bobbin_job_get_state (job))
    {
    case BOBBIN_JOB_QUEUED:
    case BOBBIN_JOB_RUNNING:
      /* Translators: what a button does */
      show_what_toggle_does (self, "media-playback-stop-symbolic", _ ("Stop"));
      break;
    case BOBBIN_JOB_FAILED:
      /* Translators: what a button does */
      show_what_toggle_does (self, "view-refresh-symbolic", _ ("Retry"));
      break;
    case BOBBIN_JOB_DONE:
      if (BOBBIN_IS_DOWNLOAD (job))
        {
          show_what_toggle_does (self, "document-open-symbolic", _ ("Open"));
          break;
        }
      G_GNUC_FALLTHROUGH;
    case BOBBIN_JOB_IDLE:
    case BOBBIN_JOB_STOPPING:
    default:
      /* Translators: what a button does */
      show_what_toggle_does (self, "media-playback-start-symbolic", _ ("Start"));
    }
}

static void
update (BobbinJobRow *self)
{
  BobbinJobRowPrivate *priv = bobbin_job_row_get_instance_private (self);
  BobbinJobRowClass *klass = BOBBIN_JOB_ROW_GET_CLASS (self);

  bobbin_job_row_update_actions (self);
  if (priv->job == NULL)
    return;

  bobbin_job_row_set_class (self, "failed", bobbin_job_get_state (priv->job) == BOBBIN_JOB_FAILED);
  update_toggle (self, priv->job);
  bobbin_job_row_tell_status (self);
  if (klass->update != NULL)
    klass->update (self, priv->job);
}

static void
replace_toggle (BobbinJobRowPrivate *priv, GtkWidget *control)
{
  GtkWidget *controls = gtk_widget_get_parent (GTK_WIDGET (priv->toggle));

  gtk_box_prepend (GTK_BOX (controls), control);
  gtk_widget_set_visible (GTK_WIDGET (priv->toggle), FALSE);
}

/* Before the template is there, it is the template that is built. */
static void
bobbin_job_row_add_child (GtkBuildable *buildable,
                          GtkBuilder *builder,
                          GObject *child,
                          const char *type)
{
  BobbinJobRowPrivate *priv = bobbin_job_row_get_instance_private (BOBBIN_JOB_ROW (buildable));

  if (priv->body == NULL)
    parent_buildable->add_child (buildable, builder, child, type);
  else if (g_strcmp0 (type, "above-status") == 0)
    gtk_box_insert_child_after (priv->body, GTK_WIDGET (child), priv->heading);
  else if (g_strcmp0 (type, "beside-status") == 0)
    gtk_box_append (priv->status_box, GTK_WIDGET (child));
  else if (g_strcmp0 (type, "below-status") == 0)
    gtk_box_append (priv->body, GTK_WIDGET (child));
  else if (g_strcmp0 (type, "toggle") == 0)
    replace_toggle (priv, GTK_WIDGET (child));
  else
    GTK_BUILDER_WARN_INVALID_CHILD_TYPE (buildable, type);
}

static void
bobbin_job_row_buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = bobbin_job_row_add_child;
}

/* A name that is not shown whole is shown so. */
static gboolean
on_query_title (GtkLabel *title, int x, int y, gboolean keyboard_mode, GtkTooltip *tooltip)
{
  gtk_tooltip_set_text (tooltip, gtk_label_get_text (title));

  return pango_layout_is_ellipsized (gtk_label_get_layout (title));
}

/* A narrow row has its room for the name, and two lines: to remove the job there is the menu. */
static void
set_narrow (BobbinJobRow *self, gboolean narrow)
{
  BobbinJobRowPrivate *priv = bobbin_job_row_get_instance_private (self);

  if (gtk_widget_get_visible (priv->remove) == !narrow)
    return;

  gtk_widget_set_visible (priv->remove, !narrow);
  gtk_label_set_wrap (priv->title, narrow);
  gtk_label_set_lines (priv->title, narrow ? 2 : -1);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NARROW]);
}

static void
bobbin_job_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BobbinJobRow *self = BOBBIN_JOB_ROW (object);
  BobbinJobRowPrivate *priv = bobbin_job_row_get_instance_private (self);

  switch ((BobbinJobRowProperty) prop_id)
    {
    case PROP_JOB:
      g_value_set_object (value, bobbin_job_row_get_job (self));
      break;
    case PROP_JOBS:
      g_value_take_boxed (value, dup_jobs (self));
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, !gtk_widget_get_visible (priv->remove));
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
    case PROP_NARROW:
      set_narrow (self, g_value_get_boolean (value));
      break;
    case PROP_JOBS:
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

  G_OBJECT_CLASS (bobbin_job_row_parent_class)->dispose (object);

  g_clear_object (&priv->bindings);
  g_clear_object (&priv->signals);
}

static void
bobbin_job_row_class_init (BobbinJobRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = bobbin_job_row_get_property;
  object_class->set_property = bobbin_job_row_set_property;
  object_class->dispose = bobbin_job_row_dispose;

  props[PROP_JOB] =
    g_param_spec_object ("job", NULL, NULL, BOBBIN_TYPE_JOB,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_JOBS] = g_param_spec_boxed ("jobs", NULL, NULL, G_TYPE_PTR_ARRAY,
                                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_NARROW] =
    g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  g_type_ensure (BOBBIN_TYPE_STATUS_LINE);

  gtk_widget_class_set_template_from_resource (widget_class, RESOURCE_FOLDER "/bobbin-job-row.ui");
  gtk_widget_class_bind_template_child_private (widget_class, BobbinJobRow, icon);
  gtk_widget_class_bind_template_child_private (widget_class, BobbinJobRow, body);
  gtk_widget_class_bind_template_child_private (widget_class, BobbinJobRow, heading);
  gtk_widget_class_bind_template_child_private (widget_class, BobbinJobRow, title);
  gtk_widget_class_bind_template_child_private (widget_class, BobbinJobRow, toggle);
  gtk_widget_class_bind_template_child_private (widget_class, BobbinJobRow, remove);
  gtk_widget_class_bind_template_child_private (widget_class, BobbinJobRow, menu);
  gtk_widget_class_bind_template_child_private (widget_class, BobbinJobRow, status);
  gtk_widget_class_bind_template_child_private (widget_class, BobbinJobRow, status_box);
  gtk_widget_class_bind_template_callback (widget_class, on_query_title);

  bobbin_job_actions_install (widget_class);
}

static void
bobbin_job_row_init (BobbinJobRow *self)
{
  BobbinJobRowPrivate *priv = bobbin_job_row_get_instance_private (self);

  gtk_widget_init_template (GTK_WIDGET (self));
  bobbin_job_row_name_control (priv->remove, _ ("Remove"));
  /* Translators: a button that opens a menu */
  bobbin_job_row_name_control (GTK_WIDGET (priv->menu), _ ("More"));
  gtk_menu_button_set_create_popup_func (priv->menu, on_menu, self, NULL);

  priv->bindings = g_binding_group_new ();
  g_binding_group_bind (priv->bindings, "title", priv->title, "label", G_BINDING_SYNC_CREATE);
  g_binding_group_bind (priv->bindings, "status-line", priv->status, "text", G_BINDING_SYNC_CREATE);

  priv->signals = g_signal_group_new (BOBBIN_TYPE_JOB);
  g_signal_group_connect_swapped (priv->signals, "notify::state", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (priv->signals, "notify::title", G_CALLBACK (tell_title), self);
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
 * @job: (nullable): the job to show, or %NULL to let go of the present one, which is what the row
 *   looks like then
 *
 * A menu that is open stays so only for the job that it was opened for.
 */
void
bobbin_job_row_set_job (BobbinJobRow *self, BobbinJob *job)
{
  BobbinJobRowPrivate *priv = bobbin_job_row_get_instance_private (self);
  BobbinJobRowClass *klass = BOBBIN_JOB_ROW_GET_CLASS (self);

  g_return_if_fail (BOBBIN_IS_JOB_ROW (self));

  if (!g_set_object (&priv->job, job))
    return;

  if (job != NULL && job != priv->menu_of)
    gtk_menu_button_popdown (priv->menu);
  g_binding_group_set_source (priv->bindings, job);
  g_signal_group_set_target (priv->signals, job);
  if (klass->bind != NULL)
    klass->bind (self, job);
  if (job != NULL)
    {
      tell_title (self);
      update (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_JOB]);
}

static gboolean
on_query_name (GtkWidget *control, int x, int y, gboolean keyboard_mode, GtkTooltip *tooltip)
{
  gtk_tooltip_set_text (tooltip, g_object_get_data (G_OBJECT (control), NAME_KEY));

  return TRUE;
}

/**
 * bobbin_job_row_name_control:
 * @control: a control that shows an icon
 * @name: what it does
 *
 * Says what an icon button does, to those who see it and to those who hear it. The tooltip tells it
 * when asked: gtk_widget_set_tooltip_text() has the X server tell where the pointer is each time,
 * and for many rows those round trips add up.
 */
void
bobbin_job_row_name_control (GtkWidget *control, const char *name)
{
  g_object_set_data_full (G_OBJECT (control), NAME_KEY, g_strdup (name), g_free);
  if (!gtk_widget_get_has_tooltip (control))
    {
      gtk_widget_set_has_tooltip (control, TRUE);
      g_signal_connect (control, "query-tooltip", G_CALLBACK (on_query_name), NULL);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
}

/**
 * bobbin_job_row_get_icon:
 *
 * Returns: (transfer none): the image that tells what the job is about
 */
GtkImage *
bobbin_job_row_get_icon (BobbinJobRow *self)
{
  BobbinJobRowPrivate *priv = bobbin_job_row_get_instance_private (self);

  g_return_val_if_fail (BOBBIN_IS_JOB_ROW (self), NULL);

  return priv->icon;
}

/**
 * bobbin_job_row_set_lively:
 * @lively: whether the status line changes often
 *
 * Says how the status line is to be shown, as bobbin_status_line_set_lively() does.
 */
void
bobbin_job_row_set_lively (BobbinJobRow *self, gboolean lively)
{
  BobbinJobRowPrivate *priv = bobbin_job_row_get_instance_private (self);

  g_return_if_fail (BOBBIN_IS_JOB_ROW (self));

  bobbin_status_line_set_lively (priv->status, lively);
}

/**
 * bobbin_job_row_set_class:
 * @name: a style class
 * @on: whether the row has it
 */
void
bobbin_job_row_set_class (BobbinJobRow *self, const char *name, gboolean on)
{
  g_return_if_fail (BOBBIN_IS_JOB_ROW (self));

  if (on)
    gtk_widget_add_css_class (GTK_WIDGET (self), name);
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), name);
}

/**
 * bobbin_job_row_update_actions:
 *
 * Makes sensitive what can be done to the job now. The state of the job is followed anyway; this is
 * for what else makes a difference to it.
 */
void
bobbin_job_row_update_actions (BobbinJobRow *self)
{
  g_autoptr (GPtrArray) jobs = NULL;

  g_return_if_fail (BOBBIN_IS_JOB_ROW (self));

  jobs = dup_jobs (self);
  bobbin_job_actions_update (GTK_WIDGET (self), jobs);
}

/**
 * bobbin_job_row_tell_status:
 *
 * Has a screen reader know what the job is at now. The state of the job is followed anyway; this is
 * for what else is worth telling.
 */
void
bobbin_job_row_tell_status (BobbinJobRow *self)
{
  BobbinJobRowPrivate *priv = bobbin_job_row_get_instance_private (self);

  g_return_if_fail (BOBBIN_IS_JOB_ROW (self));

  if (priv->job != NULL)
    tell (self, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, bobbin_job_get_status_line (priv->job));
}
