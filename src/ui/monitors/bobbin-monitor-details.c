/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinMonitorDetails shows all there is to see of one monitor: how it is and since when, its
 * history, how much of the time it was up, what its latest sample was spent on, and what happened
 * to it. It listens to a monitor only while it shows it. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-monitor-details.h"

#include <glib/gi18n-lib.h>

#include "bobbin-application.h"
#include "bobbin-history-chart.h"
#include "bobbin-job-actions.h"
#include "bobbin-job-row.h"
#include "bobbin-log-line.h"
#include "bobbin-monitor-report.h"
#include "bobbin-phase-chart.h"
#include "bobbin-state-words.h"
#include "bobbin-status-line.h"
#include "bobbin-uptime-box.h"
#include "bobbin-wrap-box.h"

/* So many events are shown; the log has them all. */
#define N_EVENTS 30

struct _BobbinMonitorDetails
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkImage *state_icon;
  GtkLabel *state_word;
  GtkLabel *since;
  GtkLabel *value;
  BobbinStatusLine *status;
  GtkLabel *tags;
  GtkWidget *start;
  GtkWidget *test_now;
  GtkWidget *pause;
  GtkWidget *resume;
  GtkWidget *edit;
  GtkWidget *copy_report;
  BobbinHistoryChart *chart;
  GtkLabel *reading;
  BobbinUptimeBox *uptime;
  GtkWidget *phase_group;
  BobbinPhaseChart *phases;
  GtkLabel *sample;
  GtkListBox *events;

  BobbinMonitor *monitor;   /* (owned) (nullable) */
  GBindingGroup *bindings;  /* (owned): from the monitor */
  GSignalGroup *signals;    /* (owned): the monitor's */
  GtkSortListModel *newest; /* (owned): its events, newest first */
  gboolean has_settings;    /* those of the app are followed */
};

G_DEFINE_FINAL_TYPE (BobbinMonitorDetails, bobbin_monitor_details, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_JOB = 1,
  PROP_JOBS,
} BobbinMonitorDetailsProperty;

static GParamSpec *props[PROP_JOBS + 1];

static BobbinApplication *
get_application (BobbinMonitorDetails *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkApplication *application =
    GTK_IS_WINDOW (root) ? gtk_window_get_application (GTK_WINDOW (root)) : NULL;

  return BOBBIN_IS_APPLICATION (application) ? BOBBIN_APPLICATION (application) : NULL;
}

/* What the job.* actions act on. */
static GPtrArray *
dup_jobs (BobbinMonitorDetails *self)
{
  GPtrArray *jobs = g_ptr_array_new_with_free_func (g_object_unref);

  if (self->monitor != NULL)
    g_ptr_array_add (jobs, g_object_ref (self->monitor));

  return jobs;
}

/* ---- what is shown */

static void
update_actions (BobbinMonitorDetails *self)
{
  const gboolean active = bobbin_job_is_active (BOBBIN_JOB (self->monitor));
  const gboolean paused = bobbin_monitor_is_paused (self->monitor);
  g_autoptr (GPtrArray) jobs = dup_jobs (self);

  bobbin_job_actions_update (GTK_WIDGET (self), jobs);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "monitor.test-now",
                                 bobbin_monitor_can_sample (self->monitor));
  gtk_widget_set_visible (self->start, !active);
  gtk_widget_set_visible (self->test_now, active && !paused);
  gtk_widget_set_visible (self->pause, active && !paused);
  gtk_widget_set_visible (self->resume, active && paused);
}

static void
update_state (BobbinMonitorDetails *self)
{
  const BobbinHistoryState state = bobbin_state_of_monitor (self->monitor);
  const char *const icon_classes[] = { bobbin_state_get_class (state), NULL };
  const char *const word_classes[] = { bobbin_state_get_class (state), "title-3", NULL };
  g_autofree char *since = bobbin_monitor_report_since (self->monitor);

  gtk_image_set_from_icon_name (self->state_icon, bobbin_state_get_icon_name (state));
  gtk_widget_set_css_classes (GTK_WIDGET (self->state_icon), (const char **) icon_classes);
  gtk_label_set_label (self->state_word, bobbin_state_get_word (state));
  gtk_widget_set_css_classes (GTK_WIDGET (self->state_word), (const char **) word_classes);
  gtk_label_set_label (self->since, since);
  gtk_widget_set_visible (GTK_WIDGET (self->since), *since != '\0');
}

static void
update_tags (BobbinMonitorDetails *self)
{
  g_auto (GStrv) tags = NULL;
  g_autofree char *list = NULL;
  g_autofree char *text = NULL;

  g_object_get (self->monitor, "tags", &tags, NULL);
  list = tags != NULL ? g_strjoinv (C_ ("list of tags", ", "), tags) : g_strdup ("");
  /* Translators: %s is a list of what a monitor is tagged with */
  text = g_strdup_printf (_ ("Tags: %s"), list);
  gtk_label_set_label (self->tags, text);
  gtk_widget_set_visible (GTK_WIDGET (self->tags), *list != '\0');
}

static void
update_sample (BobbinMonitorDetails *self)
{
  g_autofree char *value =
    bobbin_monitor_format_value (self->monitor, bobbin_monitor_get_value (self->monitor));
  g_autofree char *sample = bobbin_monitor_report_sample (self->monitor);

  gtk_label_set_label (self->value, value);
  gtk_label_set_label (self->sample, sample);
  gtk_widget_set_visible (self->phase_group,
                          bobbin_phase_chart_set_details (self->phases, bobbin_monitor_get_details (
                                                                          self->monitor)));
}

static void
on_changed (BobbinMonitorDetails *self)
{
  update_state (self);
  update_sample (self);
  update_actions (self);
}

/* A line of its own is kept free for it, so that nothing jumps. */
static void
on_reading (BobbinMonitorDetails *self)
{
  const char *reading = bobbin_history_chart_get_reading (self->chart);

  gtk_label_set_label (self->reading, reading != NULL ? reading : "");
}

/* ---- events */

static int
compare_times (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const gint64 one = bobbin_event_get_time (BOBBIN_EVENT ((gpointer) a));
  const gint64 other = bobbin_event_get_time (BOBBIN_EVENT ((gpointer) b));

  return (one < other) - (one > other);
}

static GtkWidget *
make_line (gpointer item, gpointer user_data)
{
  GtkWidget *line = g_object_new (BOBBIN_TYPE_LOG_LINE, NULL);
  GtkWidget *row = gtk_list_box_row_new ();

  bobbin_log_line_set_event (BOBBIN_LOG_LINE (line), item);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), line);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);

  return row;
}

static void
prepare_events (BobbinMonitorDetails *self)
{
  GtkSorter *sorter = GTK_SORTER (gtk_custom_sorter_new (compare_times, NULL, NULL));
  g_autoptr (GtkSliceListModel) latest = NULL;

  self->newest = gtk_sort_list_model_new (NULL, sorter);
  latest = gtk_slice_list_model_new (g_object_ref (G_LIST_MODEL (self->newest)), 0, N_EVENTS);
  gtk_list_box_bind_model (self->events, G_LIST_MODEL (latest), make_line, NULL, NULL);
}

/* ---- what can be done */

static void
test_now (GtkWidget *widget, const char *name, GVariant *parameter)
{
  bobbin_monitor_sample_now (BOBBIN_MONITOR_DETAILS (widget)->monitor);
}

/* Midnight, as a clock on the wall shows it. */
static gint64
get_tomorrow (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) next = g_date_time_add_days (now, 1);
  g_autoptr (GDateTime) midnight =
    g_date_time_new_local (g_date_time_get_year (next), g_date_time_get_month (next),
                           g_date_time_get_day_of_month (next), 0, 0, 0);

  return g_date_time_to_unix (midnight) * G_USEC_PER_SEC;
}

static void
pause_for (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinMonitorDetails *self = BOBBIN_MONITOR_DETAILS (widget);
  const char *time = g_variant_get_string (parameter, NULL);
  gint64 until = 0;

  if (self->monitor == NULL)
    return;

  if (g_str_equal (time, "hour"))
    until = g_get_real_time () + BOBBIN_ROLLUP_HOUR;
  else if (g_str_equal (time, "tomorrow"))
    until = get_tomorrow ();
  bobbin_monitor_pause (self->monitor, until);
}

static void
copy_report (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autofree char *text = bobbin_monitor_details_to_text (BOBBIN_MONITOR_DETAILS (widget));

  if (text != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

/* ---- the monitor */

/* The buttons of the ranges act on the setting, and the chart follows it. */
static void
follow_settings (BobbinMonitorDetails *self, GSettings *settings)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GAction) action = g_settings_create_action (settings, "chart-range");

  g_action_map_add_action (G_ACTION_MAP (group), action);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "chart", G_ACTION_GROUP (group));
  g_settings_bind (settings, "chart-range", self->chart, "range", G_SETTINGS_BIND_GET);
  self->has_settings = TRUE;
}

static void
set_monitor (BobbinMonitorDetails *self, BobbinMonitor *monitor)
{
  BobbinApplication *application = monitor != NULL ? get_application (self) : NULL;
  BobbinHistory *history =
    application != NULL ? bobbin_application_get_history (application) : NULL;

  if (!g_set_object (&self->monitor, monitor))
    return;

  if (application != NULL && !self->has_settings)
    follow_settings (self, bobbin_application_get_settings (application));
  g_binding_group_set_source (self->bindings, monitor);
  g_signal_group_set_target (self->signals, monitor);
  bobbin_history_chart_set_monitor (self->chart, history, monitor);
  bobbin_uptime_box_set_monitor (self->uptime, history, monitor);
  gtk_sort_list_model_set_model (self->newest,
                                 monitor != NULL
                                   ? G_LIST_MODEL (bobbin_job_get_event_log (BOBBIN_JOB (monitor)))
                                   : NULL);
  if (monitor != NULL)
    {
      if (application != NULL)
        bobbin_application_load_log (application, BOBBIN_JOB (monitor));
      on_changed (self);
      update_tags (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_JOB]);
}

static void
bobbin_monitor_details_get_property (GObject *object,
                                     guint prop_id,
                                     GValue *value,
                                     GParamSpec *pspec)
{
  BobbinMonitorDetails *self = BOBBIN_MONITOR_DETAILS (object);

  switch ((BobbinMonitorDetailsProperty) prop_id)
    {
    case PROP_JOB:
      g_value_set_object (value, self->monitor);
      break;
    case PROP_JOBS:
      g_value_take_boxed (value, dup_jobs (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_monitor_details_set_property (GObject *object,
                                     guint prop_id,
                                     const GValue *value,
                                     GParamSpec *pspec)
{
  BobbinMonitorDetails *self = BOBBIN_MONITOR_DETAILS (object);

  switch ((BobbinMonitorDetailsProperty) prop_id)
    {
    case PROP_JOB:
      set_monitor (self, g_value_get_object (value));
      break;
    case PROP_JOBS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_monitor_details_dispose (GObject *object)
{
  BobbinMonitorDetails *self = BOBBIN_MONITOR_DETAILS (object);

  if (self->scroller != NULL)
    {
      set_monitor (self, NULL);
      gtk_widget_unparent (self->scroller);
    }
  self->scroller = NULL;
  g_clear_object (&self->bindings);
  g_clear_object (&self->signals);
  g_clear_object (&self->newest);

  G_OBJECT_CLASS (bobbin_monitor_details_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorDetails, scroller);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorDetails, state_icon);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorDetails, state_word);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorDetails, since);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorDetails, value);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorDetails, status);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorDetails, tags);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorDetails, start);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorDetails, test_now);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorDetails, pause);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorDetails, resume);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorDetails, edit);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorDetails, copy_report);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorDetails, chart);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorDetails, reading);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorDetails, uptime);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorDetails, phase_group);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorDetails, phases);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorDetails, sample);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorDetails, events);
}

static void
bobbin_monitor_details_class_init (BobbinMonitorDetailsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = bobbin_monitor_details_get_property;
  object_class->set_property = bobbin_monitor_details_set_property;
  object_class->dispose = bobbin_monitor_details_dispose;

  props[PROP_JOB] =
    g_param_spec_object ("job", NULL, NULL, BOBBIN_TYPE_MONITOR,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_JOBS] = g_param_spec_boxed ("jobs", NULL, NULL, G_TYPE_PTR_ARRAY,
                                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  g_type_ensure (BOBBIN_TYPE_HISTORY_CHART);
  g_type_ensure (BOBBIN_TYPE_PHASE_CHART);
  g_type_ensure (BOBBIN_TYPE_STATUS_LINE);
  g_type_ensure (BOBBIN_TYPE_UPTIME_BOX);
  g_type_ensure (BOBBIN_TYPE_WRAP_BOX);

  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_RESOURCE_PATH
                                               "/monitors/bobbin-monitor-details.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_reading);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);

  bobbin_job_actions_install (widget_class);
  gtk_widget_class_install_action (widget_class, "monitor.test-now", NULL, test_now);
  gtk_widget_class_install_action (widget_class, "monitor.pause-for", "s", pause_for);
  gtk_widget_class_install_action (widget_class, "monitor.copy-report", NULL, copy_report);
}

static void
follow (BobbinMonitorDetails *self, const char *signal, GCallback callback)
{
  g_signal_group_connect_swapped (self->signals, signal, callback, self);
}

static void
bobbin_monitor_details_init (BobbinMonitorDetails *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  bobbin_job_row_name_control (self->edit, _ ("Edit"));
  bobbin_job_row_name_control (self->copy_report, _ ("Copy Report"));
  prepare_events (self);

  self->bindings = g_binding_group_new ();
  g_binding_group_bind (self->bindings, "status-line", self->status, "text", G_BINDING_SYNC_CREATE);
  self->signals = g_signal_group_new (BOBBIN_TYPE_MONITOR);
  follow (self, "sampled", G_CALLBACK (update_sample));
  follow (self, "notify::health", G_CALLBACK (on_changed));
  follow (self, "notify::reason", G_CALLBACK (on_changed));
  follow (self, "notify::paused", G_CALLBACK (on_changed));
  follow (self, "notify::state", G_CALLBACK (on_changed));
  follow (self, "notify::tags", G_CALLBACK (update_tags));
}

/**
 * bobbin_monitor_details_to_text:
 *
 * Returns: (transfer full) (nullable): a report on the monitor; %NULL while none is shown
 */
char *
bobbin_monitor_details_to_text (BobbinMonitorDetails *self)
{
  g_autofree char *uptimes = NULL;

  g_return_val_if_fail (BOBBIN_IS_MONITOR_DETAILS (self), NULL);

  if (self->monitor == NULL)
    return NULL;

  uptimes = bobbin_uptime_box_to_text (self->uptime);

  return bobbin_monitor_report_new (self->monitor, uptimes);
}
