/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinDownloadRow shows one download: to what all rows have it adds the icon of the file's type
 * and a progress bar, and when it has failed a button for what helps. It draws only when its job
 * has news. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-download-row.h"

#include "bobbin-download.h"
#include "bobbin-file-icon.h"
#include "bobbin-remedy.h"

struct _BobbinDownloadRow
{
  BobbinJobRow parent_instance;

  GtkProgressBar *progress;
  GtkLabel *host;
  GtkButton *remedy;

  GSignalGroup *signals;   /* (owned) */
  GCancellable *icon_wish; /* (owned) (nullable): the look-up that is under way */
};

G_DEFINE_FINAL_TYPE (BobbinDownloadRow, bobbin_download_row, BOBBIN_TYPE_JOB_ROW)

static void
forget_icon_wish (BobbinDownloadRow *self)
{
  if (self->icon_wish != NULL)
    g_cancellable_cancel (self->icon_wish);
  g_clear_object (&self->icon_wish);
}

static void
on_icon_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinDownloadRow) self = BOBBIN_DOWNLOAD_ROW (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GIcon) icon = bobbin_file_icon_load_finish (result, &error);

  if (icon == NULL)
    return;

  g_clear_object (&self->icon_wish);
  gtk_image_set_from_gicon (bobbin_job_row_get_icon (BOBBIN_JOB_ROW (self)), icon);
}

static void
on_title (BobbinDownloadRow *self)
{
  BobbinJob *job = bobbin_job_row_get_job (BOBBIN_JOB_ROW (self));

  forget_icon_wish (self);
  if (job == NULL)
    return;

  self->icon_wish = g_cancellable_new ();
  bobbin_file_icon_load_async (bobbin_job_get_title (job), self->icon_wish, on_icon_found,
                               g_object_ref (self));
}

/* With no total there is no fraction. The bar then moves when bytes come, and only then: a timer
 * would wake the machine for nothing. */
static void
on_figures (BobbinDownloadRow *self)
{
  BobbinJob *job = bobbin_job_row_get_job (BOBBIN_JOB_ROW (self));
  double progress;

  if (job == NULL)
    return;

  progress = bobbin_job_get_progress (job);
  if (progress >= 0)
    gtk_progress_bar_set_fraction (self->progress, CLAMP (progress, 0, 1));
  else if (bobbin_job_get_state (job) == BOBBIN_JOB_RUNNING && bobbin_job_get_bytes (job) > 0)
    gtk_progress_bar_pulse (self->progress);
  else
    gtk_progress_bar_set_fraction (self->progress, 0);
}

static void
on_address (BobbinDownloadRow *self)
{
  BobbinJob *job = bobbin_job_row_get_job (BOBBIN_JOB_ROW (self));
  g_autofree char *host = NULL;

  if (job == NULL)
    return;

  host = bobbin_download_dup_host (BOBBIN_DOWNLOAD (job));
  gtk_label_set_label (self->host, host != NULL ? host : "");
}

static void
bobbin_download_row_bind (BobbinJobRow *row, BobbinJob *job)
{
  BobbinDownloadRow *self = BOBBIN_DOWNLOAD_ROW (row);

  g_signal_group_set_target (self->signals, job);
  on_title (self);
  on_address (self);
  on_figures (self);
}

/* A reason takes all the room there is, and a narrow row has none to spare. */
static void
update_host (BobbinDownloadRow *self)
{
  BobbinJob *job = bobbin_job_row_get_job (BOBBIN_JOB_ROW (self));
  gboolean narrow;

  g_object_get (self, "narrow", &narrow, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->host),
                          !narrow && job != NULL &&
                            bobbin_job_get_state (job) != BOBBIN_JOB_FAILED);
}

static void
show_remedy (BobbinDownloadRow *self, BobbinJob *job)
{
  const char *label = bobbin_remedy_get_label (job);

  if (label != NULL)
    gtk_button_set_label (self->remedy, label);
  gtk_widget_set_visible (GTK_WIDGET (self->remedy), label != NULL);
}

static void
bobbin_download_row_update (BobbinJobRow *row, BobbinJob *job)
{
  BobbinDownloadRow *self = BOBBIN_DOWNLOAD_ROW (row);
  BobbinJobState state = bobbin_job_get_state (job);
  gboolean partial = state == BOBBIN_JOB_IDLE || state == BOBBIN_JOB_FAILED;

  bobbin_job_row_set_lively (row, bobbin_job_is_active (job));
  gtk_widget_set_visible (GTK_WIDGET (self->progress),
                          bobbin_job_is_active (job) ||
                            (partial && bobbin_job_get_progress (job) > 0));
  show_remedy (self, job);
  update_host (self);
  on_figures (self);
}

static void
bobbin_download_row_dispose (GObject *object)
{
  BobbinDownloadRow *self = BOBBIN_DOWNLOAD_ROW (object);

  forget_icon_wish (self);

  G_OBJECT_CLASS (bobbin_download_row_parent_class)->dispose (object);

  g_clear_object (&self->signals);
}

static void
bobbin_download_row_class_init (BobbinDownloadRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  BobbinJobRowClass *row_class = BOBBIN_JOB_ROW_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_download_row_dispose;
  row_class->bind = bobbin_download_row_bind;
  row_class->update = bobbin_download_row_update;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/bobbinapp/Bobbin/downloads/bobbin-download-row.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadRow, progress);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadRow, host);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadRow, remedy);
}

static void
bobbin_download_row_init (BobbinDownloadRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect (self, "notify::narrow", G_CALLBACK (update_host), NULL);
  self->signals = g_signal_group_new (BOBBIN_TYPE_DOWNLOAD);
  g_signal_group_connect_swapped (self->signals, "notify::title", G_CALLBACK (on_title), self);
  g_signal_group_connect_swapped (self->signals, "notify::address", G_CALLBACK (on_address), self);
  g_signal_group_connect_swapped (self->signals, "notify::bytes", G_CALLBACK (on_figures), self);
  g_signal_group_connect_swapped (self->signals, "notify::progress", G_CALLBACK (on_figures), self);
}
