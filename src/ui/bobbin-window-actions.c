/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The win.* actions: what a user can do in the window, but not to one job in particular. Main
 * thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-window-private.h"

#include "bobbin-add-download.h"
#include "bobbin-add-monitor.h"
#include "bobbin-download.h"
#include "bobbin-monitor.h"

static gboolean
shows_monitors (BobbinWindow *self)
{
  return g_strcmp0 (adw_view_stack_get_visible_child_name (self->pages), "monitors") == 0;
}

static GType
visible_job_type (BobbinWindow *self)
{
  return shows_monitors (self) ? BOBBIN_TYPE_MONITOR : BOBBIN_TYPE_DOWNLOAD;
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
  bobbin_window_show_dialog (self, BOBBIN_TYPE_ADD_MONITOR, bobbin_add_monitor_new);
}

static void
add (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (shows_monitors (BOBBIN_WINDOW (widget)))
    add_monitor (widget, name, parameter);
  else
    add_download (widget, name, parameter);
}

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

static void
undo_remove (GtkWidget *widget, const char *name, GVariant *parameter)
{
  bobbin_removal_undo (BOBBIN_WINDOW (widget)->removal);
}

static void
show_page (GtkWidget *widget, const char *name, GVariant *parameter)
{
  adw_view_stack_set_visible_child_name (BOBBIN_WINDOW (widget)->pages,
                                         g_variant_get_string (parameter, NULL));
}

static void
open_menu (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_menu_button_popup (BOBBIN_WINDOW (widget)->menu_button);
}

/* Installs the actions; called in class_init. */
void
bobbin_window_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.add", NULL, add);
  gtk_widget_class_install_action (widget_class, "win.add-download", NULL, add_download);
  gtk_widget_class_install_action (widget_class, "win.add-monitor", NULL, add_monitor);
  gtk_widget_class_install_action (widget_class, "win.start-all", NULL, start_all);
  gtk_widget_class_install_action (widget_class, "win.stop-all", NULL, stop_all);
  gtk_widget_class_install_action (widget_class, "win.undo-remove", NULL, undo_remove);
  gtk_widget_class_install_action (widget_class, "win.show-page", "s", show_page);
  gtk_widget_class_install_action (widget_class, "win.open-menu", NULL, open_menu);
}
