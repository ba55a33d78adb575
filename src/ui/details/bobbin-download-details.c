/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinDownloadDetails shows all there is to say of a download: what it is at and what can be done
 * about it, its figures, and its log. The job.* actions act on the download that is shown. It
 * changes only when its job has news. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-download-details.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "bobbin-download-figures.h"
#include "bobbin-download.h"
#include "bobbin-figure-row.h"
#include "bobbin-file-icon.h"
#include "bobbin-job-actions.h"
#include "bobbin-log-view.h"
#include "bobbin-remedy.h"
#include "bobbin-segment-view.h"
#include "bobbin-speed-chart.h"
#include "bobbin-wrap-box.h"

struct _BobbinDownloadDetails
{
  GtkWidget parent_instance;

  GtkScrolledWindow *scroller;
  GtkImage *icon;
  GtkLabel *name;
  GtkWidget *sentence;
  GtkProgressBar *progress;
  GtkWidget *buttons;
  GtkButton *remedy;
  BobbinSpeedChart *chart;
  BobbinSegmentView *segments;
  AdwPreferencesGroup *figures;
  BobbinLogView *log_view;
  GPtrArray *rows; /* (owned) (element-type BobbinFigureRow): one for each figure */

  BobbinJob *job;          /* (owned) (nullable) */
  GSignalGroup *signals;   /* (owned): the job's */
  GCancellable *icon_wish; /* (owned) (nullable): the look-up that is under way */
};

G_DEFINE_FINAL_TYPE (BobbinDownloadDetails, bobbin_download_details, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_JOB = 1,
  PROP_JOBS,
} BobbinDownloadDetailsProperty;

static GParamSpec *props[PROP_JOBS + 1];

/* ---- the name */

static void
forget_icon_wish (BobbinDownloadDetails *self)
{
  if (self->icon_wish != NULL)
    g_cancellable_cancel (self->icon_wish);
  g_clear_object (&self->icon_wish);
}

static void
on_icon_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinDownloadDetails) self = BOBBIN_DOWNLOAD_DETAILS (user_data);
  g_autoptr (GIcon) icon = bobbin_file_icon_load_finish (result, NULL);

  /* Only the last wish is not cancelled. */
  if (icon == NULL)
    return;

  g_clear_object (&self->icon_wish);
  gtk_image_set_from_gicon (self->icon, icon);
}

static void
show_title (BobbinDownloadDetails *self)
{
  const char *title = bobbin_job_get_title (self->job);

  forget_icon_wish (self);
  self->icon_wish = g_cancellable_new ();
  gtk_label_set_label (self->name, title);
  bobbin_file_icon_load_async (title, self->icon_wish, on_icon_found, g_object_ref (self));
}

/* ---- what it is at */

static void
show_figures (BobbinDownloadDetails *self)
{
  gtk_label_set_label (GTK_LABEL (self->sentence), bobbin_job_get_status_line (self->job));
  gtk_progress_bar_set_fraction (self->progress, MAX (bobbin_job_get_progress (self->job), 0));
  for (guint i = 0; i < self->rows->len; i++)
    {
      g_autofree char *value = bobbin_download_figures_describe (i, self->job);

      bobbin_figure_row_set_value (g_ptr_array_index (self->rows, i), value);
    }
}

/* What the actions act on. */
static GPtrArray *
dup_jobs (BobbinDownloadDetails *self)
{
  GPtrArray *jobs = g_ptr_array_new_with_free_func (g_object_unref);

  if (self->job != NULL)
    g_ptr_array_add (jobs, g_object_ref (self->job));

  return jobs;
}

static void
show_remedy (BobbinDownloadDetails *self)
{
  const char *label = bobbin_remedy_get_label (self->job);

  if (label != NULL)
    gtk_button_set_label (self->remedy, label);
  gtk_widget_set_visible (GTK_WIDGET (self->remedy), label != NULL);
}

static void
show_state (BobbinDownloadDetails *self)
{
  g_autoptr (GPtrArray) jobs = dup_jobs (self);
  const BobbinJobState state = bobbin_job_get_state (self->job);

  if (state == BOBBIN_JOB_FAILED)
    gtk_widget_add_css_class (GTK_WIDGET (self), "failed");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "failed");
  gtk_widget_set_visible (GTK_WIDGET (self->progress), state != BOBBIN_JOB_DONE);
  gtk_widget_set_visible (GTK_WIDGET (self->chart),
                          bobbin_job_is_active (self->job) ||
                            bobbin_speed_chart_get_n_samples (self->chart) > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->segments), bobbin_job_is_active (self->job));
  show_remedy (self);
  show_figures (self);
  bobbin_job_actions_update (GTK_WIDGET (self), jobs);
}

static void
copy_report (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinDownloadDetails *self = BOBBIN_DOWNLOAD_DETAILS (widget);
  g_autofree char *text = NULL;

  if (self->job == NULL)
    return;

  text = bobbin_download_figures_to_report (self->job);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

/* ---- which one */

static void
set_job (BobbinDownloadDetails *self, BobbinJob *job)
{
  if (!g_set_object (&self->job, job))
    return;

  forget_icon_wish (self);
  g_signal_group_set_target (self->signals, job);
  bobbin_speed_chart_set_job (self->chart, job);
  bobbin_segment_view_set_download (self->segments, (BobbinDownload *) job);
  bobbin_log_view_set_log (self->log_view, job != NULL ? bobbin_job_get_event_log (job) : NULL);
  if (job != NULL)
    {
      gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
      show_title (self);
      show_state (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_JOB]);
}

static void
bobbin_download_details_get_property (GObject *object,
                                      guint prop_id,
                                      GValue *value,
                                      GParamSpec *pspec)
{
  BobbinDownloadDetails *self = BOBBIN_DOWNLOAD_DETAILS (object);

  switch ((BobbinDownloadDetailsProperty) prop_id)
    {
    case PROP_JOB:
      g_value_set_object (value, self->job);
      break;
    case PROP_JOBS:
      g_value_take_boxed (value, dup_jobs (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_download_details_set_property (GObject *object,
                                      guint prop_id,
                                      const GValue *value,
                                      GParamSpec *pspec)
{
  switch ((BobbinDownloadDetailsProperty) prop_id)
    {
    case PROP_JOB:
      set_job (BOBBIN_DOWNLOAD_DETAILS (object), g_value_get_object (value));
      break;
    case PROP_JOBS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_download_details_dispose (GObject *object)
{
  BobbinDownloadDetails *self = BOBBIN_DOWNLOAD_DETAILS (object);

  forget_icon_wish (self);
  g_clear_object (&self->signals);
  g_clear_object (&self->job);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  if (self->scroller != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->scroller));
  self->scroller = NULL;

  G_OBJECT_CLASS (bobbin_download_details_parent_class)->dispose (object);
}

static void
bobbin_download_details_class_init (BobbinDownloadDetailsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = bobbin_download_details_get_property;
  object_class->set_property = bobbin_download_details_set_property;
  object_class->dispose = bobbin_download_details_dispose;

  props[PROP_JOB] =
    g_param_spec_object ("job", NULL, NULL, BOBBIN_TYPE_DOWNLOAD,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_JOBS] = g_param_spec_boxed ("jobs", NULL, NULL, G_TYPE_PTR_ARRAY,
                                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  g_type_ensure (BOBBIN_TYPE_LOG_VIEW);
  g_type_ensure (BOBBIN_TYPE_SEGMENT_VIEW);
  g_type_ensure (BOBBIN_TYPE_SPEED_CHART);
  g_type_ensure (BOBBIN_TYPE_WRAP_BOX);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/bobbinapp/Bobbin/details/bobbin-download-details.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadDetails, scroller);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadDetails, icon);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadDetails, name);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadDetails, sentence);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadDetails, progress);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadDetails, buttons);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadDetails, remedy);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadDetails, chart);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadDetails, segments);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadDetails, figures);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadDetails, log_view);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "details.copy-report", NULL, copy_report);

  bobbin_job_actions_install (widget_class);
}

static void
add_rows (BobbinDownloadDetails *self)
{
  self->rows = g_ptr_array_new ();
  for (guint i = 0; i < bobbin_download_figures_get_n (); i++)
    {
      GtkWidget *row = bobbin_figure_row_new (bobbin_download_figures_get_name (i),
                                              bobbin_download_figures_is_for_copy (i));

      adw_preferences_group_add (self->figures, row);
      g_ptr_array_add (self->rows, row);
    }
}

static void
bobbin_download_details_init (BobbinDownloadDetails *self)
{
  static const struct
  {
    const char *signal;
    void (*show) (BobbinDownloadDetails *self);
  } signals[] = {
    { "notify::title", show_title },         { "notify::state", show_state },
    { "notify::status-line", show_figures }, { "notify::bytes", show_figures },
    { "notify::total", show_figures },       { "notify::folder", show_figures },
    { "notify::checksum", show_figures },    { "notify::connections", show_figures },
    { "notify::started", show_figures },     { "notify::ended", show_figures },
  };

  gtk_widget_init_template (GTK_WIDGET (self));
  add_rows (self);

  self->signals = g_signal_group_new (BOBBIN_TYPE_DOWNLOAD);
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    g_signal_group_connect_swapped (self->signals, signals[i].signal, G_CALLBACK (signals[i].show),
                                    self);
}
