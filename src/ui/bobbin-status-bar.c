/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinStatusBar says at the bottom of the window what the downloads are at, all together, and has
 * the limit of their speed to hand. The queue counts; the bar shows it when there is news, four
 * times a second at most, and only where it is seen. No timer runs for that while nothing happens.
 * Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-status-bar.h"

#include <glib/gi18n-lib.h>

#include "bobbin-download.h"
#include "bobbin-job-row.h"
#include "bobbin-transfer-settings.h"

#define INTERVAL (G_TIME_SPAN_SECOND / 4)

struct _BobbinStatusBar
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkInscription *figures;
  GtkMenuButton *limit_button;
  GtkLabel *limit_label;
  GtkSwitch *limit;
  GtkAdjustment *rate;

  BobbinJobQueue *queue;      /* (owned) (nullable) before it follows one */
  GSettings *settings;        /* (owned) (nullable) the same */
  BobbinScheduler *scheduler; /* (owned) (nullable) the same */
  gint64 shown_at;            /* monotonic time */
  guint source;               /* to show what came too soon */
};

G_DEFINE_FINAL_TYPE (BobbinStatusBar, bobbin_status_bar, GTK_TYPE_WIDGET)

static guint
count (BobbinStatusBar *self, BobbinJobState state)
{
  return bobbin_job_queue_get_n_jobs (self->queue, BOBBIN_TYPE_DOWNLOAD, state);
}

/* Takes @part. */
static void
append (GString *text, char *part)
{
  if (text->len > 0)
    /* Translators: between the parts of “3 running · 12 waiting”. */
    g_string_append (text, C_ ("status bar", " · "));
  g_string_append (text, part);
  g_free (part);
}

static char *
describe (BobbinStatusBar *self)
{
  GString *text = g_string_new (NULL);
  const guint n_running = count (self, BOBBIN_JOB_RUNNING) + count (self, BOBBIN_JOB_STOPPING);
  const guint n_waiting = count (self, BOBBIN_JOB_QUEUED);
  const gint64 rate = bobbin_job_queue_get_rate (self->queue, BOBBIN_TYPE_DOWNLOAD);
  char *schedule = bobbin_scheduler_describe (self->scheduler);

  if (n_running > 0)
    /* Translators: %u is how many jobs run */
    append (text, g_strdup_printf (ngettext ("%u running", "%u running", n_running), n_running));
  if (n_waiting > 0)
    /* Translators: %u is how many jobs wait for their turn */
    append (text, g_strdup_printf (ngettext ("%u waiting", "%u waiting", n_waiting), n_waiting));
  if (rate > 0)
    {
      g_autofree char *size = g_format_size (rate);

      /* Translators: %s is a size, like “3.2 MB”: so much comes in a second */
      append (text, g_strdup_printf (_ ("↓ %s/s"), size));
    }
  if (schedule != NULL)
    append (text, schedule);

  return g_string_free (text, FALSE);
}

static void
show_figures (BobbinStatusBar *self)
{
  g_autofree char *text = NULL;

  g_clear_handle_id (&self->source, g_source_remove);
  if (self->queue == NULL)
    return;

  text = describe (self);
  self->shown_at = g_get_monotonic_time ();
  gtk_inscription_set_text (self->figures, text);
}

static void
on_interval (gpointer user_data)
{
  BobbinStatusBar *self = BOBBIN_STATUS_BAR (user_data);

  self->source = 0;
  show_figures (self);
}

/* What comes too soon after other news may be the last for long, and is shown a little later. */
static void
on_news (BobbinStatusBar *self)
{
  const gint64 left = self->shown_at + INTERVAL - g_get_monotonic_time ();

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) || self->source != 0)
    return;

  if (left <= 0)
    {
      show_figures (self);
      return;
    }
  self->source = g_timeout_add_once (left / G_TIME_SPAN_MILLISECOND + 1, on_interval, self);
  g_source_set_name_by_id (self->source, "[bobbin] status bar");
}

/* ---- the limit */

static void
on_limit (BobbinStatusBar *self)
{
  const gint64 rate = bobbin_transfer_settings_get_rate (self->settings);
  g_autofree char *size = g_format_size (rate);
  /* Translators: %s is a size, like “3.2 MB”: so much a second */
  g_autofree char *limit = g_strdup_printf (_ ("%s/s"), size);
  /* Translators: %s is a speed, like “3.2 MB/s” */
  g_autofree char *name = g_strdup_printf (_ ("Speed Limit: %s"), limit);

  gtk_label_set_label (self->limit_label, limit);
  gtk_widget_set_visible (GTK_WIDGET (self->limit_label), rate > 0);
  bobbin_job_row_name_control (GTK_WIDGET (self->limit_button),
                               rate > 0 ? name : _ ("Speed Limit: None"));
}

static void
bobbin_status_bar_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (bobbin_status_bar_parent_class)->map (widget);
  show_figures (BOBBIN_STATUS_BAR (widget));
}

static void
bobbin_status_bar_dispose (GObject *object)
{
  BobbinStatusBar *self = BOBBIN_STATUS_BAR (object);

  g_clear_handle_id (&self->source, g_source_remove);
  if (self->box != NULL)
    gtk_widget_unparent (self->box);
  self->box = NULL;
  g_clear_object (&self->queue);
  g_clear_object (&self->settings);
  g_clear_object (&self->scheduler);

  G_OBJECT_CLASS (bobbin_status_bar_parent_class)->dispose (object);
}

static void
bobbin_status_bar_class_init (BobbinStatusBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_status_bar_dispose;
  widget_class->map = bobbin_status_bar_map;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/bobbinapp/Bobbin/bobbin-status-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinStatusBar, box);
  gtk_widget_class_bind_template_child (widget_class, BobbinStatusBar, figures);
  gtk_widget_class_bind_template_child (widget_class, BobbinStatusBar, limit_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinStatusBar, limit_label);
  gtk_widget_class_bind_template_child (widget_class, BobbinStatusBar, limit);
  gtk_widget_class_bind_template_child (widget_class, BobbinStatusBar, rate);
  gtk_widget_class_set_css_name (widget_class, "statusbar");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bobbin_status_bar_init (BobbinStatusBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * bobbin_status_bar_follow:
 * @queue: where the downloads are
 * @settings: the app's settings
 * @scheduler: what has the downloads keep to the schedule
 *
 * Shows what the downloads of @queue are at, what the schedule does to them, and the limit of
 * @settings. Called once.
 */
void
bobbin_status_bar_follow (BobbinStatusBar *self,
                          BobbinJobQueue *queue,
                          GSettings *settings,
                          BobbinScheduler *scheduler)
{
  g_return_if_fail (BOBBIN_IS_STATUS_BAR (self));
  g_return_if_fail (self->queue == NULL);

  self->queue = g_object_ref (queue);
  self->settings = g_object_ref (settings);
  self->scheduler = g_object_ref (scheduler);
  g_signal_connect_object (queue, "notify::rate", G_CALLBACK (on_news), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (queue, "job-state", G_CALLBACK (on_news), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (queue, "items-changed", G_CALLBACK (on_news), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (scheduler, "notify", G_CALLBACK (on_news), self, G_CONNECT_SWAPPED);

  g_settings_bind (settings, "limit-speed", self->limit, "active", G_SETTINGS_BIND_DEFAULT);
  bobbin_transfer_settings_bind_rate (settings, "limit-rate", self->rate);
  g_signal_connect_object (settings, "changed::limit-speed", G_CALLBACK (on_limit), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::limit-rate", G_CALLBACK (on_limit), self,
                           G_CONNECT_SWAPPED);
  on_limit (self);
  show_figures (self);
}
