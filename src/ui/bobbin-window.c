/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinWindow is the one window: the pages of downloads, monitors and the history, the details of
 * a job beside them, a word to the user in toasts, and, when the app quits, what is still being
 * stopped. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-window.h"

#include "bobbin-window-private.h"

#include <glib/gi18n-lib.h>

#include "bobbin-after-all.h"
#include "bobbin-alerts.h"
#include "bobbin-application-private.h"
#include "bobbin-download.h"
#include "bobbin-job-row.h"
#include "bobbin-monitor.h"

/* So many jobs are named when they hold up the end; the others are counted. */
#define N_NAMED 3

G_DEFINE_FINAL_TYPE (BobbinWindow, bobbin_window, ADW_TYPE_APPLICATION_WINDOW)

/* AdwSplitButton gives its two buttons no name; from 1.3 on the first of them goes by its own. */
static void
name_add_button (BobbinWindow *self, const char *name)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->add_button)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_BUTTON (child))
      bobbin_job_row_name_control (child, name);
    else if (GTK_IS_MENU_BUTTON (child))
      bobbin_job_row_name_control (child, _ ("More to Add"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->add_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
}

/* What the menu says of all jobs is about those of the page that is shown. */
static void
name_page_actions (BobbinWindow *self)
{
  gboolean monitors = bobbin_window_shows_monitors (self);

  name_add_button (self, monitors ? _ ("Add Monitor…") : _ ("Add Download…"));
  g_menu_remove_all (self->page_menu);
  if (bobbin_window_shows_history (self))
    {
      g_menu_append (self->page_menu, _ ("_Clear History…"), "win.clear-history");
      return;
    }
  g_menu_append (self->page_menu, monitors ? _ ("_Start All Monitors") : _ ("_Start All Downloads"),
                 "win.start-all");
  g_menu_append (self->page_menu, monitors ? _ ("S_top All Monitors") : _ ("S_top All Downloads"),
                 "win.stop-all");
  if (!monitors)
    g_menu_append (self->page_menu, _ ("_Remove Finished Downloads"), "win.remove-finished");
}

/* The keyboard comes along. GTK sees to that with the next frame, and never frees a page that had
 * the focus and is hidden twice until then. From 1.7 on libadwaita hides it after this. */
static void
take_focus_along (BobbinWindow *self)
{
  GtkWidget *page = adw_view_stack_get_visible_child (self->pages);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->pages)) &&
      !gtk_widget_is_ancestor (focus, page) && !gtk_widget_child_focus (page, GTK_DIR_TAB_FORWARD))
    gtk_window_set_focus (GTK_WINDOW (self), NULL);
}

static void
on_page_changed (BobbinWindow *self)
{
  take_focus_along (self);
  name_page_actions (self);
  bobbin_window_update_actions (self);
}

static void
on_finished_changed (BobbinWindow *self)
{
  bobbin_window_update_actions (self);
}

static void
on_switcher_due (gpointer user_data)
{
  BobbinWindow *self = user_data;

  self->switcher_source = 0;
  adw_view_switcher_bar_set_reveal (self->switcher_bar, adw_view_switcher_title_get_title_visible (
                                                          self->switcher_title));
}

/* That there is no room for the switcher at the top turns out while the window is laid out. The bar
 * at the bottom comes after that: it has got no height yet, and GTK warns of its border. */
static void
on_title_visible (BobbinWindow *self)
{
  if (self->switcher_source != 0)
    return;

  self->switcher_source = g_idle_add_once (on_switcher_due, self);
  g_source_set_name_by_id (self->switcher_source, "[bobbin] switcher of pages");
}

/* ---- while the app quits */

static void
name_holders (BobbinWindow *self)
{
  g_autoptr (GString) names = g_string_new (NULL);
  g_autofree char *text = NULL;
  GListModel *jobs = G_LIST_MODEL (bobbin_window_get_queue (self));
  guint n_jobs = g_list_model_get_n_items (jobs);
  guint n = 0;

  for (guint i = 0; i < n_jobs; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (jobs, i);

      if (!bobbin_job_is_active (job) || n++ >= N_NAMED)
        continue;
      if (names->len > 0)
        /* Translators: separates the names of jobs in a list. */
        g_string_append (names, C_ ("list of jobs", ", "));
      g_string_append (names, bobbin_job_get_title (job));
    }
  if (n > N_NAMED)
    /* Translators: the end of a list of names. */
    g_string_append_printf (names, ngettext (" and %u more", " and %u more", n - N_NAMED),
                            n - N_NAMED);

  /* Translators: %s is a list of names of jobs that take long to stop. */
  text = g_strdup_printf (_ ("Still stopping: %s"), names->str);
  gtk_label_set_label (self->drain_label, text);
}

/* How many are being sent. */
static guint
count_alerts (BobbinWindow *self)
{
  return bobbin_alerts_get_n_pending (
    bobbin_application_get_companion (self->application, BOBBIN_TYPE_ALERTS));
}

static void
update_drain_bar (BobbinWindow *self)
{
  guint n = bobbin_job_queue_get_n_active (bobbin_window_get_queue (self));
  g_autofree char *text = NULL;

  if (n + count_alerts (self) == 0)
    return;

  if (self->naming_holders && n > 0)
    {
      name_holders (self);
      return;
    }
  if (n == 0)
    text = g_strdup (_ ("Sending the last alerts…"));
  else
    text = g_strdup_printf (ngettext ("Stopping %u job…", "Stopping %u jobs…", n), n);
  gtk_label_set_label (self->drain_label, text);
}

/* ---- what is kept from one time to the next */

static void
restore_state (BobbinWindow *self)
{
  GSettings *settings = bobbin_application_get_settings (self->application);
  g_autofree char *page = g_settings_get_string (settings, "page");

  gtk_window_set_default_size (GTK_WINDOW (self), g_settings_get_int (settings, "window-width"),
                               g_settings_get_int (settings, "window-height"));
  if (g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  if (adw_view_stack_get_child_by_name (self->pages, page) != NULL)
    adw_view_stack_set_visible_child_name (self->pages, page);
}

static void
save_state (BobbinWindow *self)
{
  GSettings *settings = bobbin_application_get_settings (self->application);
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set_int (settings, "window-width", width);
  g_settings_set_int (settings, "window-height", height);
  g_settings_set_boolean (settings, "window-maximized",
                          gtk_window_is_maximized (GTK_WINDOW (self)));
  g_settings_set_string (settings, "page", adw_view_stack_get_visible_child_name (self->pages));
}

static gboolean
bobbin_window_close_request (GtkWindow *window)
{
  BobbinWindow *self = BOBBIN_WINDOW (window);

  if (self->application == NULL)
    return GTK_WINDOW_CLASS (bobbin_window_parent_class)->close_request (window);

  bobbin_application_close_window (self->application, self);

  return GDK_EVENT_STOP;
}

/* GTK looks for the first control where nothing has a place yet, and takes one at the bottom. */
static void
bobbin_window_map (GtkWidget *widget)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);

  GTK_WIDGET_CLASS (bobbin_window_parent_class)->map (widget);

  if (gtk_window_get_focus (GTK_WINDOW (self)) == NULL)
    gtk_widget_child_focus (GTK_WIDGET (self->pages), GTK_DIR_TAB_FORWARD);
}

static void
bobbin_window_dispose (GObject *object)
{
  BobbinWindow *self = BOBBIN_WINDOW (object);

  g_clear_object (&self->downloads_tally);
  g_clear_object (&self->monitors_tally);
  g_clear_object (&self->removal);
  g_clear_object (&self->toaster);
  g_clear_weak_pointer (&self->application);

  G_OBJECT_CLASS (bobbin_window_parent_class)->dispose (object);

  g_clear_handle_id (&self->switcher_source, g_source_remove);
}

static void
bobbin_window_class_init (BobbinWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_window_dispose;
  widget_class->map = bobbin_window_map;
  GTK_WINDOW_CLASS (klass)->close_request = bobbin_window_close_request;

  g_type_ensure (BOBBIN_TYPE_DETAILS_PANE);
  g_type_ensure (BOBBIN_TYPE_DOWNLOADS_PAGE);
  g_type_ensure (BOBBIN_TYPE_FINISHED_PAGE);
  g_type_ensure (BOBBIN_TYPE_MONITORS_PAGE);
  g_type_ensure (BOBBIN_TYPE_STATUS_BAR);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               BOBBIN_RESOURCE_PATH "/bobbin-window.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, BobbinWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, BobbinWindow, header);
  gtk_widget_class_bind_template_child (widget_class, BobbinWindow, switcher_title);
  gtk_widget_class_bind_template_child (widget_class, BobbinWindow, switcher_bar);
  gtk_widget_class_bind_template_child (widget_class, BobbinWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, BobbinWindow, downloads);
  gtk_widget_class_bind_template_child (widget_class, BobbinWindow, monitors);
  gtk_widget_class_bind_template_child (widget_class, BobbinWindow, finished);
  gtk_widget_class_bind_template_child (widget_class, BobbinWindow, details);
  gtk_widget_class_bind_template_child (widget_class, BobbinWindow, add_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinWindow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinWindow, page_menu);
  gtk_widget_class_bind_template_child (widget_class, BobbinWindow, after_all_section);
  gtk_widget_class_bind_template_child (widget_class, BobbinWindow, status_bar);
  gtk_widget_class_bind_template_child (widget_class, BobbinWindow, drain_bar);
  gtk_widget_class_bind_template_child (widget_class, BobbinWindow, drain_spinner);
  gtk_widget_class_bind_template_child (widget_class, BobbinWindow, drain_label);
  gtk_widget_class_bind_template_callback (widget_class, on_finished_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_page_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_title_visible);

  bobbin_window_install_actions (widget_class);
}

static void
bobbin_window_init (BobbinWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  bobbin_job_row_name_control (GTK_WIDGET (self->menu_button), _ ("Main Menu"));
  bobbin_window_accept_drops (self);
  on_page_changed (self);
  if (g_strcmp0 (PROFILE, "development") == 0)
    gtk_widget_add_css_class (GTK_WIDGET (self), "devel");
}

static BobbinJobTally *
tally_jobs (BobbinWindow *self, GType type)
{
  BobbinJobTally *tally = bobbin_job_tally_new (bobbin_window_get_queue (self), type);

  g_signal_connect_object (tally, "notify", G_CALLBACK (bobbin_window_update_actions), self,
                           G_CONNECT_SWAPPED);

  return tally;
}

static void
offer_after_all (BobbinWindow *self)
{
  BobbinAfterAll *after_all =
    bobbin_application_get_companion (self->application, BOBBIN_TYPE_AFTER_ALL);

  g_menu_append_submenu (self->after_all_section, _ ("_When All Downloads Are Done"),
                         bobbin_after_all_get_menu (after_all));
}

/**
 * bobbin_window_new:
 * @application: the application, already started
 *
 * Returns: (transfer none): the window, which GTK owns
 */
BobbinWindow *
bobbin_window_new (BobbinApplication *application)
{
  BobbinWindow *self;
  BobbinJobQueue *queue;

  g_return_val_if_fail (BOBBIN_IS_APPLICATION (application), NULL);

  queue = bobbin_application_get_queue (application);
  self = g_object_new (BOBBIN_TYPE_WINDOW, "application", application, NULL);
  g_set_weak_pointer (&self->application, application);
  self->toaster = bobbin_toasts_new (self->toasts);
  offer_after_all (self);
  self->removal = bobbin_removal_new (queue, self->toaster);
  g_signal_connect_object (self->removal, "trouble", G_CALLBACK (bobbin_window_warn), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->removal, "notify::can-undo",
                           G_CALLBACK (bobbin_window_update_actions), self, G_CONNECT_SWAPPED);
  bobbin_downloads_page_set_queue (self->downloads, queue);
  bobbin_downloads_page_follow_settings (self->downloads,
                                         bobbin_application_get_settings (application));
  bobbin_monitors_page_set_queue (self->monitors, queue);
  bobbin_finished_page_set_store (self->finished,
                                  bobbin_queue_keeper_get_store (
                                    bobbin_application_get_keeper (application)),
                                  self->toaster);
  bobbin_status_bar_follow (self->status_bar, queue, bobbin_application_get_settings (application),
                            bobbin_application_get_scheduler (application));
  bobbin_window_prepare_details (self);
  self->downloads_tally = tally_jobs (self, BOBBIN_TYPE_DOWNLOAD);
  self->monitors_tally = tally_jobs (self, BOBBIN_TYPE_MONITOR);
  restore_state (self);
  bobbin_window_update_actions (self);

  return self;
}

/**
 * bobbin_window_get_queue:
 *
 * Returns: (transfer none): the queue whose jobs are shown
 */
BobbinJobQueue *
bobbin_window_get_queue (BobbinWindow *self)
{
  g_return_val_if_fail (BOBBIN_IS_WINDOW (self), NULL);

  return bobbin_application_get_queue (self->application);
}

/**
 * bobbin_window_get_removal:
 *
 * Returns: (transfer none): what removes jobs, and brings them back
 */
BobbinRemoval *
bobbin_window_get_removal (BobbinWindow *self)
{
  g_return_val_if_fail (BOBBIN_IS_WINDOW (self), NULL);

  return self->removal;
}

/**
 * bobbin_window_get_keyring:
 *
 * Returns: (transfer none): what remembers the secrets of downloads
 */
BobbinKeyring *
bobbin_window_get_keyring (BobbinWindow *self)
{
  g_return_val_if_fail (BOBBIN_IS_WINDOW (self), NULL);

  return bobbin_application_get_keyring (self->application);
}

/**
 * bobbin_window_warn:
 * @sentence: plain text
 *
 * Says to the user what went wrong, in a toast, at once.
 */
void
bobbin_window_warn (BobbinWindow *self, const char *sentence)
{
  g_autofree char *markup = NULL;
  AdwToast *toast;

  g_return_if_fail (BOBBIN_IS_WINDOW (self));
  g_return_if_fail (sentence != NULL);

  markup = g_markup_escape_text (sentence, -1);
  toast = adw_toast_new (markup);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  bobbin_toasts_show (self->toaster, toast);
}

/**
 * bobbin_window_show_toast:
 * @toast: (transfer full): a toast
 *
 * Shows @toast when those before it have gone.
 */
void
bobbin_window_show_toast (BobbinWindow *self, AdwToast *toast)
{
  g_return_if_fail (BOBBIN_IS_WINDOW (self));

  bobbin_toasts_show (self->toaster, toast);
}

/**
 * bobbin_window_hide:
 *
 * Puts the window away, and closes its dialogs, until it is presented again: all else is then as it
 * was.
 */
void
bobbin_window_hide (BobbinWindow *self)
{
  g_return_if_fail (BOBBIN_IS_WINDOW (self));

  save_state (self);
  bobbin_window_close_dialogs (self);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * bobbin_window_show_draining:
 *
 * Says that the jobs are being stopped, and how many still are; takes no more orders.
 */
void
bobbin_window_show_draining (BobbinWindow *self)
{
  g_return_if_fail (BOBBIN_IS_WINDOW (self));

  if (self->draining)
    return;

  self->draining = TRUE;
  save_state (self);
  bobbin_window_close_dialogs (self);
  bobbin_finished_page_conclude (self->finished);
  bobbin_window_disable_actions (self);
  /* An entry that loses it by being insensitive is not told so, in GTK 4.8. */
  gtk_window_set_focus (GTK_WINDOW (self), NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->pages), FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->add_button), FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->details), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->status_bar), FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->menu_button), FALSE);

  if (bobbin_job_queue_get_n_active (bobbin_window_get_queue (self)) + count_alerts (self) == 0)
    return;
  g_signal_connect_object (bobbin_window_get_queue (self), "notify::n-active",
                           G_CALLBACK (update_drain_bar), self, G_CONNECT_SWAPPED);
  update_drain_bar (self);
  gtk_spinner_start (self->drain_spinner);
  gtk_revealer_set_reveal_child (self->drain_bar, TRUE);
}

/**
 * bobbin_window_name_holders:
 *
 * Names the jobs that are still being stopped, from now on.
 */
void
bobbin_window_name_holders (BobbinWindow *self)
{
  g_return_if_fail (BOBBIN_IS_WINDOW (self));

  self->naming_holders = TRUE;
  update_drain_bar (self);
}
