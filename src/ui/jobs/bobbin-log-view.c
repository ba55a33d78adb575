/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinLogView shows the lines of a job's log, newest last. It stays at the newest line for as
 * long as the user does. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-log-view.h"

#include "bobbin-list-goal.h"
#include "bobbin-log-line.h"

struct _BobbinLogView
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkListView *list_view;
  GtkNoSelection *selection;

  GSignalGroup *signals; /* (owned): the log's */
  guint focus_source;    /* until the focus is where it is seen */
};

G_DEFINE_FINAL_TYPE (BobbinLogView, bobbin_log_view, GTK_TYPE_WIDGET)

/* ---- the lines */

static void
on_setup (GtkListItemFactory *factory, GtkListItem *item)
{
  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_child (item, g_object_new (BOBBIN_TYPE_LOG_LINE, NULL));
}

/* What is around the line takes the focus, so it is what a screen reader reads out. */
static void
tell (GtkWidget *line, BobbinEvent *event)
{
  GtkWidget *parent = gtk_widget_get_parent (line);

  if (parent != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (parent), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    bobbin_event_get_text (event), -1);
}

static void
on_bind (GtkListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *line = gtk_list_item_get_child (item);

  bobbin_log_line_set_event (BOBBIN_LOG_LINE (line), gtk_list_item_get_item (item));
  tell (line, gtk_list_item_get_item (item));
}

/* ---- following */

static void
follow (BobbinLogView *self)
{
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));

  if (n > 0)
    bobbin_list_goal_set (GTK_LIST_BASE (self->list_view), n - 1);
}

/* Whoever has scrolled back to read is left in peace. */
static gboolean
is_at_end (BobbinLogView *self)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->list_view));

  return gtk_adjustment_get_value (adjustment) + gtk_adjustment_get_page_size (adjustment) >=
         gtk_adjustment_get_upper (adjustment) - 1;
}

static void
on_items_changed (BobbinLogView *self)
{
  if (bobbin_list_goal_is_ahead (GTK_LIST_BASE (self->list_view)) || is_at_end (self))
    follow (self);
}

/* ---- the focus */

static GtkWidget *
find_last_shown (BobbinLogView *self)
{
  GtkWidget *line = gtk_widget_get_last_child (GTK_WIDGET (self->list_view));

  while (line != NULL && !gtk_widget_get_mapped (line))
    line = gtk_widget_get_prev_sibling (line);

  return line;
}

static void
show_focus (gpointer user_data)
{
  BobbinLogView *self = BOBBIN_LOG_VIEW (user_data);
  GtkWidget *focus = gtk_widget_get_focus_child (GTK_WIDGET (self->list_view));
  GtkWidget *line = find_last_shown (self);

  self->focus_source = 0;
  if (focus != NULL && !gtk_widget_get_mapped (focus) && line != NULL)
    gtk_widget_grab_focus (line);
}

/* GTK gives it to the first line, and newer versions do not show that where the end is shown. */
static void
on_focus_came (BobbinLogView *self)
{
  if (self->focus_source != 0)
    return;

  self->focus_source = g_idle_add_once (show_focus, self);
  g_source_set_name_by_id (self->focus_source, "[bobbin] focus of the log");
}

static void
bobbin_log_view_dispose (GObject *object)
{
  BobbinLogView *self = BOBBIN_LOG_VIEW (object);

  g_clear_handle_id (&self->focus_source, g_source_remove);
  g_clear_object (&self->signals);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);

  G_OBJECT_CLASS (bobbin_log_view_parent_class)->dispose (object);
}

static void
bobbin_log_view_class_init (BobbinLogViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_log_view_dispose;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/bobbinapp/Bobbin/jobs/bobbin-log-view.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinLogView, scroller);
  gtk_widget_class_bind_template_child (widget_class, BobbinLogView, list_view);
  gtk_widget_class_bind_template_child (widget_class, BobbinLogView, selection);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bobbin_log_view_init (BobbinLogView *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), NULL);
  gtk_list_view_set_factory (self->list_view, factory);
  g_signal_connect_swapped (focus, "enter", G_CALLBACK (on_focus_came), self);
  gtk_widget_add_controller (GTK_WIDGET (self->list_view), focus);

  self->signals = g_signal_group_new (BOBBIN_TYPE_EVENT_LOG);
  g_signal_group_connect_swapped (self->signals, "items-changed", G_CALLBACK (on_items_changed),
                                  self);
}

/**
 * bobbin_log_view_set_log:
 * @log: (nullable): what to show, from its newest line on; or %NULL to let go of the present one
 */
void
bobbin_log_view_set_log (BobbinLogView *self, BobbinEventLog *log)
{
  g_return_if_fail (BOBBIN_IS_LOG_VIEW (self));

  g_signal_group_set_target (self->signals, log);
  gtk_no_selection_set_model (self->selection, G_LIST_MODEL (log));
  if (log != NULL)
    follow (self);
}

/**
 * bobbin_log_view_to_text:
 * @log: a log
 *
 * Returns: (transfer full): all lines, as they are shown, for a file or another program: the engine
 *   has left out what is nobody's business
 */
char *
bobbin_log_view_to_text (BobbinEventLog *log)
{
  GString *text = g_string_new (NULL);
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (log));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (BobbinEvent) event = g_list_model_get_item (G_LIST_MODEL (log), i);
      g_autoptr (GDateTime) time =
        g_date_time_new_from_unix_local (bobbin_event_get_time (event) / G_USEC_PER_SEC);
      g_autofree char *shown = g_date_time_format (time, "%F %T%z");

      g_string_append_printf (text, "%s  %s\n", shown, bobbin_event_get_text (event));
    }

  return g_string_free (text, FALSE);
}
