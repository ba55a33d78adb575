/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinMonitorRow shows one monitor: to what all rows have it adds an icon for what is watched, a
 * switch that starts and stops it, its state as an icon, a word and a colour, its last samples as a
 * sparkline, and where there is room what came of its last checks and how much of the last day it
 * was up. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-monitor-row.h"

#include <glib/gi18n-lib.h>

#include "bobbin-heartbeat-bar.h"
#include "bobbin-monitor.h"
#include "bobbin-sparkline.h"
#include "bobbin-state-words.h"
#include "bobbin-uptime-label.h"

struct _BobbinMonitorRow
{
  BobbinJobRow parent_instance;

  GtkSwitch *run_switch;
  GtkImage *state_icon;
  GtkLabel *state_word;
  BobbinUptimeLabel *uptime;
  BobbinSparkline *sparkline;
  BobbinHeartbeatBar *heartbeat;

  GSignalGroup *signals; /* (owned) */
};

G_DEFINE_FINAL_TYPE (BobbinMonitorRow, bobbin_monitor_row, BOBBIN_TYPE_JOB_ROW)

static const char *
icon_for_target (const char *target)
{
  static const struct
  {
    const char *prefix;
    const char *icon;
  } icons[] = {
    { "cpu", "bobbin-processor-symbolic" },   { "memory", "bobbin-memory-symbolic" },
    { "disk:", "drive-harddisk-symbolic" },   { "disk-free:", "drive-harddisk-symbolic" },
    { "inodes:", "drive-harddisk-symbolic" }, { "http://", "web-browser-symbolic" },
    { "https://", "web-browser-symbolic" },   { "tcp://", "network-server-symbolic" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (icons); i++)
    if (g_str_has_prefix (target, icons[i].prefix))
      return icons[i].icon;

  return "bobbin-pulse-symbolic";
}

static void
show_state (BobbinMonitorRow *self, BobbinMonitor *monitor)
{
  const BobbinHistoryState state = bobbin_state_of_monitor (monitor);
  const char *const icon_classes[] = { bobbin_state_get_class (state), NULL };
  const char *const word_classes[] = { "caption-heading", bobbin_state_get_class (state), NULL };

  gtk_image_set_from_icon_name (self->state_icon, bobbin_state_get_icon_name (state));
  gtk_widget_set_css_classes (GTK_WIDGET (self->state_icon), (const char **) icon_classes);
  gtk_label_set_label (self->state_word, bobbin_state_get_word (state));
  gtk_widget_set_css_classes (GTK_WIDGET (self->state_word), (const char **) word_classes);
}

static gboolean
is_going (BobbinJob *job)
{
  return bobbin_job_is_active (job) && bobbin_job_get_state (job) != BOBBIN_JOB_STOPPING;
}

/* It follows the monitor, and the monitor what a person does with it. One that is being stopped
 * begins again when it has been joined. */
static void
on_switch (BobbinMonitorRow *self)
{
  BobbinJob *job = bobbin_job_row_get_job (BOBBIN_JOB_ROW (self));
  const gboolean active = gtk_switch_get_active (self->run_switch);

  if (job != NULL && active != is_going (job))
    gtk_widget_activate_action (GTK_WIDGET (self), active ? "job.start" : "job.stop", NULL);
}

static void
on_health (BobbinMonitorRow *self)
{
  BobbinJobRow *row = BOBBIN_JOB_ROW (self);
  BobbinJob *job = bobbin_job_row_get_job (row);
  BobbinHealth health;

  if (job == NULL)
    return;

  show_state (self, BOBBIN_MONITOR (job));
  health = bobbin_monitor_get_health (BOBBIN_MONITOR (job));
  bobbin_job_row_set_class (row, "health-warning", health == BOBBIN_HEALTH_WARNING);
  bobbin_job_row_set_class (row, "health-bad",
                            health == BOBBIN_HEALTH_CRITICAL || health == BOBBIN_HEALTH_DOWN);
  bobbin_job_row_tell_status (row);
}

/* A reading is short and comes often; that there is none is a sentence. */
static void
on_sampled (BobbinMonitorRow *self)
{
  BobbinJob *job = bobbin_job_row_get_job (BOBBIN_JOB_ROW (self));

  bobbin_job_row_set_lively (BOBBIN_JOB_ROW (self),
                             job != NULL && bobbin_job_is_active (job) &&
                               bobbin_monitor_get_sample_error (BOBBIN_MONITOR (job)) == NULL);
}

static void
on_paused (BobbinMonitorRow *self)
{
  bobbin_job_row_update_actions (BOBBIN_JOB_ROW (self));
  bobbin_job_row_tell_status (BOBBIN_JOB_ROW (self));
}

static void
bobbin_monitor_row_bind (BobbinJobRow *row, BobbinJob *job)
{
  BobbinMonitorRow *self = BOBBIN_MONITOR_ROW (row);
  BobbinMonitor *monitor = job != NULL ? BOBBIN_MONITOR (job) : NULL;

  g_signal_group_set_target (self->signals, job);
  bobbin_sparkline_set_monitor (self->sparkline, monitor);
  bobbin_heartbeat_bar_set_monitor (self->heartbeat, monitor);
  bobbin_uptime_label_set_monitor (self->uptime, monitor);
  if (job != NULL)
    gtk_image_set_from_icon_name (bobbin_job_row_get_icon (row),
                                  icon_for_target (
                                    bobbin_monitor_get_target (BOBBIN_MONITOR (job))));
  on_health (self);
  on_sampled (self);
}

static void
bobbin_monitor_row_update (BobbinJobRow *row, BobbinJob *job)
{
  BobbinMonitorRow *self = BOBBIN_MONITOR_ROW (row);

  gtk_switch_set_active (self->run_switch, is_going (job));
  show_state (self, BOBBIN_MONITOR (job));
  on_sampled (self);
}

static void
bobbin_monitor_row_dispose (GObject *object)
{
  BobbinMonitorRow *self = BOBBIN_MONITOR_ROW (object);

  G_OBJECT_CLASS (bobbin_monitor_row_parent_class)->dispose (object);

  g_clear_object (&self->signals);
}

static void
bobbin_monitor_row_class_init (BobbinMonitorRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  BobbinJobRowClass *row_class = BOBBIN_JOB_ROW_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_monitor_row_dispose;
  row_class->bind = bobbin_monitor_row_bind;
  row_class->update = bobbin_monitor_row_update;

  g_type_ensure (BOBBIN_TYPE_HEARTBEAT_BAR);
  g_type_ensure (BOBBIN_TYPE_SPARKLINE);
  g_type_ensure (BOBBIN_TYPE_UPTIME_LABEL);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/bobbinapp/Bobbin/monitors/bobbin-monitor-row.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorRow, run_switch);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorRow, state_icon);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorRow, state_word);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorRow, uptime);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorRow, sparkline);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorRow, heartbeat);
  gtk_widget_class_bind_template_callback (widget_class, on_switch);
}

static void
bobbin_monitor_row_init (BobbinMonitorRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  bobbin_job_row_name_control (GTK_WIDGET (self->run_switch), _ ("Monitor"));
  self->signals = g_signal_group_new (BOBBIN_TYPE_MONITOR);
  g_signal_group_connect_swapped (self->signals, "notify::health", G_CALLBACK (on_health), self);
  g_signal_group_connect_swapped (self->signals, "notify::reason", G_CALLBACK (on_health), self);
  g_signal_group_connect_swapped (self->signals, "notify::paused", G_CALLBACK (on_paused), self);
  g_signal_group_connect_swapped (self->signals, "sampled", G_CALLBACK (on_sampled), self);
}
