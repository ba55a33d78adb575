/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The win.* actions: what a user can do in the window, but not to one job in particular. Main
 * thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-window-private.h"

#include "bobbin-add-download.h"
#include "bobbin-download.h"
#include "bobbin-monitor-editor.h"
#include "bobbin-monitor-exchange.h"
#include "bobbin-monitor.h"

/* Whether the page of monitors is shown, not that of downloads. */
gboolean
bobbin_window_shows_monitors (BobbinWindow *self)
{
  return g_strcmp0 (adw_view_stack_get_visible_child_name (self->pages), "monitors") == 0;
}

/* Whether the page of what has finished is shown. */
gboolean
bobbin_window_shows_history (BobbinWindow *self)
{
  return g_strcmp0 (adw_view_stack_get_visible_child_name (self->pages), "history") == 0;
}

static GType
visible_job_type (BobbinWindow *self)
{
  return bobbin_window_shows_monitors (self) ? BOBBIN_TYPE_MONITOR : BOBBIN_TYPE_DOWNLOAD;
}

static void
add_download (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);

  adw_view_stack_set_visible_child_name (self->pages, "downloads");
  bobbin_window_show_dialog (self, BOBBIN_TYPE_ADD_DOWNLOAD, bobbin_add_download_new);
}

static void
add_monitor (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);

  adw_view_stack_set_visible_child_name (self->pages, "monitors");
  bobbin_window_show_dialog (self, BOBBIN_TYPE_MONITOR_EDITOR, bobbin_monitor_editor_new);
}

static void
paste_addresses (GtkWidget *widget, const char *name, GVariant *parameter)
{
  bobbin_window_paste_addresses (BOBBIN_WINDOW (widget));
}

static void
import_list (GtkWidget *widget, const char *name, GVariant *parameter)
{
  bobbin_window_import_list (BOBBIN_WINDOW (widget));
}

static void
add (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (bobbin_window_shows_monitors (BOBBIN_WINDOW (widget)))
    add_monitor (widget, name, parameter);
  else
    add_download (widget, name, parameter);
}

/* The jobs of the page that is shown; app.start-all and app.stop-all are about those of every
 * kind. */
static void
start_all (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);

  bobbin_job_queue_start_all (bobbin_window_get_queue (self), visible_job_type (self));
}

static void
stop_all (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);

  bobbin_job_queue_stop_all_async (bobbin_window_get_queue (self), visible_job_type (self), NULL,
                                   NULL);
}

static GPtrArray *
dup_finished (GListModel *queue)
{
  GPtrArray *finished = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (queue); i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (queue, i);

      if (BOBBIN_IS_DOWNLOAD (job) && bobbin_job_get_state (job) == BOBBIN_JOB_DONE)
        g_ptr_array_add (finished, g_steal_pointer (&job));
    }

  return finished;
}

/* From the list: the files stay, and so does what History says of them. */
static void
remove_finished (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);
  g_autoptr (GPtrArray) finished = dup_finished (G_LIST_MODEL (bobbin_window_get_queue (self)));

  for (guint i = 0; i < finished->len; i++)
    bobbin_removal_remove (self->removal, g_ptr_array_index (finished, i));
}

static void
export_monitors (GtkWidget *widget, const char *name, GVariant *parameter)
{
  bobbin_monitor_exchange_choose_export (BOBBIN_WINDOW (widget));
}

static void
import_monitors (GtkWidget *widget, const char *name, GVariant *parameter)
{
  bobbin_monitor_exchange_choose_import (BOBBIN_WINDOW (widget));
}

static void
clear_history (GtkWidget *widget, const char *name, GVariant *parameter)
{
  bobbin_finished_page_ask_to_clear (BOBBIN_WINDOW (widget)->finished);
}

/* On the page of what has finished there are no jobs to bring back. */
static gboolean
can_undo (BobbinWindow *self)
{
  return bobbin_window_shows_history (self) ? bobbin_finished_page_can_undo (self->finished)
                                            : bobbin_removal_can_undo (self->removal);
}

static void
undo_remove (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);

  if (bobbin_window_shows_history (self))
    bobbin_finished_page_undo (self->finished);
  else
    bobbin_removal_undo (self->removal);
}

static void
show_page (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);

  adw_view_stack_set_visible_child_name (self->pages, g_variant_get_string (parameter, NULL));
  bobbin_window_uncover_pages (self);
}

/* A page that can be searched has an action of that name. */
static void
search (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);

  bobbin_window_uncover_pages (self);
  gtk_widget_activate_action (adw_view_stack_get_visible_child (self->pages), "page.search", NULL);
}

static void
close_details (GtkWidget *widget, const char *name, GVariant *parameter)
{
  bobbin_window_close_details (BOBBIN_WINDOW (widget));
}

static void
open_menu (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_menu_button_popup (BOBBIN_WINDOW (widget)->menu_button);
}

static const struct
{
  const char *name;
  const char *parameter;
  GtkWidgetActionActivateFunc activate;
} actions[] = {
  { "win.add", NULL, add },
  { "win.add-download", NULL, add_download },
  { "win.add-monitor", NULL, add_monitor },
  { "win.paste-addresses", NULL, paste_addresses },
  { "win.import-list", NULL, import_list },
  { "win.start-all", NULL, start_all },
  { "win.stop-all", NULL, stop_all },
  { "win.remove-finished", NULL, remove_finished },
  { "win.export-monitors", NULL, export_monitors },
  { "win.import-monitors", NULL, import_monitors },
  { "win.clear-history", NULL, clear_history },
  { "win.undo-remove", NULL, undo_remove },
  { "win.show-page", "s", show_page },
  { "win.search", NULL, search },
  { "win.close-details", NULL, close_details },
  { "win.open-menu", NULL, open_menu },
};

/* Installs the actions; called in class_init. All keys but one are the application's: where an
 * entry has the focus, Ctrl+V is the entry's. */
void
bobbin_window_install_actions (GtkWidgetClass *widget_class)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].parameter,
                                     actions[i].activate);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_v, GDK_CONTROL_MASK,
                                       "win.paste-addresses", NULL);
}

/* Start All and Stop All are there for as long as they would do something on the page shown, Remove
 * Finished and Undo as long as there is something to remove and to undo. */
void
bobbin_window_update_actions (BobbinWindow *self)
{
  BobbinJobTally *tally =
    bobbin_window_shows_monitors (self) ? self->monitors_tally : self->downloads_tally;

  if (tally == NULL || self->draining)
    return;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.start-all",
                                 bobbin_job_tally_can_start (tally));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.stop-all",
                                 bobbin_job_tally_can_stop (tally));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.remove-finished",
                                 bobbin_job_tally_can_clear (self->downloads_tally));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo-remove", can_undo (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.clear-history",
                                 bobbin_finished_page_can_clear (self->finished));
}

/* The app quits: the window takes no more orders, for good. To look at the other page is none. */
void
bobbin_window_disable_actions (BobbinWindow *self)
{
  GAction *shortcuts = g_action_map_lookup_action (G_ACTION_MAP (self), "show-help-overlay");

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    if (actions[i].activate != show_page)
      gtk_widget_action_set_enabled (GTK_WIDGET (self), actions[i].name, FALSE);
  /* GtkApplicationWindow's own */
  if (shortcuts != NULL)
    g_simple_action_set_enabled (G_SIMPLE_ACTION (shortcuts), FALSE);
}
