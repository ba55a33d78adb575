/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The details of one job in the window: a pane at the side where there is room, a page of its own
 * with a way back where there is not. Whoever has none to show is never shown an empty one. Main
 * thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-window-private.h"

#include "bobbin-monitor.h"

static gboolean
is_open (BobbinWindow *self)
{
  return gtk_widget_get_visible (GTK_WIDGET (self->details));
}

/* The buttons of the window are at its very edge. */
static void
update (BobbinWindow *self)
{
  adw_header_bar_set_show_end_title_buttons (self->header,
                                             !is_open (self) ||
                                               adw_leaflet_get_folded (self->leaflet));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.close-details", is_open (self));
}

static void
hide (BobbinWindow *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->details), FALSE);
  bobbin_details_pane_set_job (self->details, NULL);
  update (self);
}

/* A page that was left, be it by a swipe, is done with when it is out of sight. */
static void
on_leaflet (BobbinWindow *self)
{
  GtkWidget *details = GTK_WIDGET (self->details);

  /* libadwaita 1.7 has the leaflet tell of its own end, too: there are no children by then. */
  if (details == NULL)
    return;

  if (is_open (self) && adw_leaflet_get_folded (self->leaflet) &&
      !adw_leaflet_get_child_transition_running (self->leaflet) &&
      adw_leaflet_get_visible_child (self->leaflet) != details)
    hide (self);
  else
    update (self);
}

static void
on_items_changed (BobbinWindow *self, guint position, guint n_removed)
{
  BobbinJob *job = bobbin_details_pane_get_job (self->details);

  if (n_removed > 0 && job != NULL &&
      !bobbin_job_queue_find (bobbin_window_get_queue (self), job, NULL))
    bobbin_window_close_details (self);
}

/* Has the pane follow the jobs, and the window. Called once. */
void
bobbin_window_prepare_details (BobbinWindow *self)
{
  g_signal_connect_object (bobbin_window_get_queue (self), "items-changed",
                           G_CALLBACK (on_items_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->leaflet, "notify", G_CALLBACK (on_leaflet), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

/**
 * bobbin_window_can_show_details:
 * @job: a job
 *
 * Returns: whether there are details to show of a job of that kind
 */
gboolean
bobbin_window_can_show_details (BobbinWindow *self, BobbinJob *job)
{
  g_return_val_if_fail (BOBBIN_IS_WINDOW (self), FALSE);

  return bobbin_details_pane_can_show (self->details, job);
}

/**
 * bobbin_window_show_details:
 * @job: a job in the queue
 *
 * Shows the details of @job in the place of those that are shown. Does nothing for a kind of job
 * that has none.
 */
void
bobbin_window_show_details (BobbinWindow *self, BobbinJob *job)
{
  g_return_if_fail (BOBBIN_IS_WINDOW (self));
  g_return_if_fail (BOBBIN_IS_JOB (job));

  if (self->draining || !bobbin_details_pane_can_show (self->details, job))
    return;

  bobbin_application_load_log (self->application, job);
  bobbin_details_pane_set_job (self->details, job);
  gtk_widget_set_visible (GTK_WIDGET (self->details), TRUE);
  adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->details));
  update (self);
}

/**
 * bobbin_window_follow_details:
 * @job: a job in the queue
 *
 * Shows the details of @job if some are shown beside the list. Where they have taken its place,
 * nothing happens.
 */
void
bobbin_window_follow_details (BobbinWindow *self, BobbinJob *job)
{
  g_return_if_fail (BOBBIN_IS_WINDOW (self));

  if (is_open (self) && !adw_leaflet_get_folded (self->leaflet))
    bobbin_window_show_details (self, job);
}

/**
 * bobbin_window_close_details:
 *
 * Shows nothing but the list. Does nothing if no details are shown.
 */
void
bobbin_window_close_details (BobbinWindow *self)
{
  g_return_if_fail (BOBBIN_IS_WINDOW (self));

  if (!is_open (self))
    return;

  if (adw_leaflet_get_folded (self->leaflet))
    adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
  else
    hide (self);
}

/* Leaves details that have taken the place of the pages. */
void
bobbin_window_uncover_pages (BobbinWindow *self)
{
  if (adw_leaflet_get_folded (self->leaflet))
    bobbin_window_close_details (self);
}

/**
 * bobbin_window_show_job:
 * @job: a job in the queue
 *
 * Shows the page that @job is on, and selects it there. Leaves details that are in the way.
 */
void
bobbin_window_show_job (BobbinWindow *self, BobbinJob *job)
{
  gboolean monitor = BOBBIN_IS_MONITOR (job);

  g_return_if_fail (BOBBIN_IS_WINDOW (self));
  g_return_if_fail (BOBBIN_IS_JOB (job));

  adw_view_stack_set_visible_child_name (self->pages, monitor ? "monitors" : "downloads");
  bobbin_window_uncover_pages (self);
  if (monitor)
    bobbin_monitors_page_reveal (self->monitors, job);
  else
    bobbin_downloads_page_reveal (self->downloads, job);
}
