/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinSpeedChart draws how fast a job has been in the last minutes, newest at the end. It begins
 * with what a download knows of itself, and looks once a second, while it is shown and the job
 * runs, and not at all else; what it has missed stays a gap. It draws when it has looked, and says
 * in words what it shows. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-speed-chart.h"

#include "bobbin-chart-painter.h"
#include "bobbin-download.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define LINE_WIDTH 1.5
#define FILL_ALPHA 0.15

/* Room around the words on an axis. */
#define PADDING 4

#define HEIGHT 120
#define WIDTH  160

/* Lines of the axis, with the lowest, which is at zero. */
#define N_LINES 3

struct _BobbinSpeedChart
{
  GtkWidget parent_instance;

  BobbinJob *job;        /* (owned) (nullable) */
  GSignalGroup *signals; /* (owned): the job's */
  guint timer;           /* while it looks */

  BobbinSpeedTrail trail; /* what it shows */
};

G_DEFINE_FINAL_TYPE (BobbinSpeedChart, bobbin_speed_chart, GTK_TYPE_WIDGET)

/* ---- what is drawn */

static void
find_extremes (BobbinSpeedChart *self, double *lowest, double *highest)
{
  *lowest = *highest = NAN;
  for (guint i = 0; i < self->trail.n_seconds; i++)
    {
      *lowest = fmin (*lowest, bobbin_speed_trail_get (&self->trail, i));
      *highest = fmax (*highest, bobbin_speed_trail_get (&self->trail, i));
    }
}

/* A round number that nothing exceeds, twice one that is round as well. */
static double
find_top (double highest)
{
  static const double steps[] = { 2, 4, 10 };
  double power;

  if (isnan (highest) || highest < 1000)
    return 1000;

  power = pow (10, floor (log10 (highest)));
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    if (highest <= steps[i] * power)
      return steps[i] * power;

  return 20 * power;
}

static char *
format_speed (double bytes)
{
  g_autofree char *size = g_format_size (bytes);

  /* Translators: %s is a size, like “3.2 MB”: so much a second */
  return g_strdup_printf (_ ("%s/s"), size);
}

static double
y_of (int height, double top, double value)
{
  return LINE_WIDTH + (height - 2 * LINE_WIDTH) * (1 - CLAMP (value / top, 0, 1));
}

/* From where the text begins. */
static void
draw_words (BobbinSpeedChart *self, GtkSnapshot *snapshot, const char *words, double y)
{
  GtkWidget *widget = GTK_WIDGET (self);
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, words);
  int text_width, text_height;
  double x = PADDING;

  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    x = gtk_widget_get_width (widget) - text_width - PADDING;
  bobbin_chart_draw_label (widget, snapshot, layout, x,
                           CLAMP (y, 0, gtk_widget_get_height (widget) - text_height));
}

/* The lines at the top, at half of it, and at none; the upper ones say how much they are. */
static void
draw_axis (BobbinSpeedChart *self, GtkSnapshot *snapshot, double top)
{
  const int width = gtk_widget_get_width (GTK_WIDGET (self));
  const int height = gtk_widget_get_height (GTK_WIDGET (self));

  for (guint i = 0; i < N_LINES; i++)
    {
      const double value = top * i / (N_LINES - 1);
      const double y = floor (y_of (height, top, value));

      bobbin_chart_draw_line (GTK_WIDGET (self), snapshot, 0, y, width, 1);
      if (i > 0)
        {
          g_autofree char *words = format_speed (value);

          draw_words (self, snapshot, words, y + 1);
        }
    }
}

/* Samples of the ages @oldest to @newest, which is less, without a gap in between. */
static void
draw_stretch (BobbinSpeedChart *self,
              cairo_t *cr,
              const GdkRGBA *color,
              double top,
              guint oldest,
              guint newest)
{
  const int width = gtk_widget_get_width (GTK_WIDGET (self));
  const int height = gtk_widget_get_height (GTK_WIDGET (self));
  const double step = (width - 2 * LINE_WIDTH) / (BOBBIN_SPEED_TRAIL_SECONDS - 1);
  const double end = width - LINE_WIDTH;

  for (guint age = oldest + 1; age > newest; age--)
    cairo_line_to (cr, end - (age - 1) * step,
                   y_of (height, top, bobbin_speed_trail_get (&self->trail, age - 1)));
  /* One sample is a dot. */
  cairo_rel_line_to (cr, 0, 0);
  gdk_cairo_set_source_rgba (cr, color);
  cairo_stroke_preserve (cr);

  cairo_line_to (cr, end - newest * step, height);
  cairo_line_to (cr, end - oldest * step, height);
  cairo_close_path (cr);
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, color->alpha * FILL_ALPHA);
  cairo_fill (cr);
}

static void
draw_samples (BobbinSpeedChart *self, cairo_t *cr, const GdkRGBA *color, double top)
{
  guint oldest = 0;
  gboolean is_open = FALSE;

  cairo_set_line_width (cr, LINE_WIDTH);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);

  for (guint age = self->trail.n_seconds; age > 0; age--)
    {
      const gboolean is_there = !isnan (bobbin_speed_trail_get (&self->trail, age - 1));

      if (is_there && !is_open)
        oldest = age - 1;
      else if (!is_there && is_open)
        draw_stretch (self, cr, color, top, oldest, age);
      is_open = is_there;
    }
  if (is_open)
    draw_stretch (self, cr, color, top, oldest, 0);
}

static void
bobbin_speed_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  BobbinSpeedChart *self = BOBBIN_SPEED_CHART (widget);
  const int width = gtk_widget_get_width (widget);
  const int height = gtk_widget_get_height (widget);
  double lowest, highest;
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  GdkRGBA color, accent;
  cairo_t *cr;

  if (width <= 0 || height <= 0)
    return;

  find_extremes (self, &lowest, &highest);
  gtk_style_context_get_color (style, &color);
  if (!gtk_style_context_lookup_color (style, "accent_color", &accent))
    accent = color;
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    {
      cairo_translate (cr, width, 0);
      cairo_scale (cr, -1, 1);
    }
  draw_samples (self, cr, &accent, find_top (highest));
  cairo_destroy (cr);
  draw_axis (self, snapshot, find_top (highest));
}

static void
bobbin_speed_chart_measure (GtkWidget *widget,
                            GtkOrientation orientation,
                            int for_size,
                            int *minimum,
                            int *natural,
                            int *minimum_baseline,
                            int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : WIDTH;
}

/* The same figures in words, for those who do not see the chart. */
static void
describe (BobbinSpeedChart *self)
{
  g_autofree char *text = NULL;
  double lowest, highest;

  find_extremes (self, &lowest, &highest);
  if (isnan (highest))
    text = g_strdup (_ ("Nothing came yet"));
  else
    {
      g_autofree char *low = format_speed (lowest);
      g_autofree char *high = format_speed (highest);
      g_autofree char *now = format_speed (bobbin_speed_trail_get (&self->trail, 0));

      /* Translators: describes a chart; all %s are speeds like “3.2 MB/s”. */
      text = g_strdup_printf (_ ("Now %s, between %s and %s in the last minutes"), now, low, high);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

/* ---- when it looks */

static gboolean
is_running (BobbinSpeedChart *self)
{
  return self->job != NULL && bobbin_job_get_state (self->job) == BOBBIN_JOB_RUNNING;
}

static void
look (BobbinSpeedChart *self)
{
  bobbin_speed_trail_add (&self->trail, g_get_monotonic_time (),
                          (double) MAX (bobbin_job_get_rate (self->job), 0));
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
on_second (gpointer user_data)
{
  look (BOBBIN_SPEED_CHART (user_data));

  return G_SOURCE_CONTINUE;
}

static void
update_timer (BobbinSpeedChart *self)
{
  const gboolean wanted = is_running (self) && gtk_widget_get_mapped (GTK_WIDGET (self));

  if (wanted == (self->timer != 0))
    return;

  if (!wanted)
    {
      g_clear_handle_id (&self->timer, g_source_remove);
      return;
    }

  self->timer = g_timeout_add_seconds (1, on_second, self);
  g_source_set_name_by_id (self->timer, "[bobbin] speed chart");
}

static void
bobbin_speed_chart_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (bobbin_speed_chart_parent_class)->map (widget);

  update_timer (BOBBIN_SPEED_CHART (widget));
}

static void
bobbin_speed_chart_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (bobbin_speed_chart_parent_class)->unmap (widget);

  update_timer (BOBBIN_SPEED_CHART (widget));
}

static void
bobbin_speed_chart_dispose (GObject *object)
{
  BobbinSpeedChart *self = BOBBIN_SPEED_CHART (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->signals);
  g_clear_object (&self->job);

  G_OBJECT_CLASS (bobbin_speed_chart_parent_class)->dispose (object);
}

static void
bobbin_speed_chart_class_init (BobbinSpeedChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_speed_chart_dispose;
  widget_class->snapshot = bobbin_speed_chart_snapshot;
  widget_class->measure = bobbin_speed_chart_measure;
  widget_class->map = bobbin_speed_chart_map;
  widget_class->unmap = bobbin_speed_chart_unmap;

  gtk_widget_class_set_css_name (widget_class, "speedchart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
bobbin_speed_chart_init (BobbinSpeedChart *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  self->signals = g_signal_group_new (BOBBIN_TYPE_JOB);
  g_signal_group_connect_swapped (self->signals, "notify::state", G_CALLBACK (update_timer), self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Speed in the last minutes"), -1);
}

/**
 * bobbin_speed_chart_set_job:
 * @job: (nullable): whose speed to draw; of one that is no download, from now on
 */
void
bobbin_speed_chart_set_job (BobbinSpeedChart *self, BobbinJob *job)
{
  g_return_if_fail (BOBBIN_IS_SPEED_CHART (self));

  if (!g_set_object (&self->job, job))
    return;

  self->trail = (BobbinSpeedTrail){ 0 };
  if (BOBBIN_IS_DOWNLOAD (job))
    bobbin_download_get_speeds (BOBBIN_DOWNLOAD (job), &self->trail);
  g_signal_group_set_target (self->signals, job);
  update_timer (self);
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * bobbin_speed_chart_get_n_samples:
 *
 * Returns: how many seconds it shows, with those in which it did not look
 */
guint
bobbin_speed_chart_get_n_samples (BobbinSpeedChart *self)
{
  g_return_val_if_fail (BOBBIN_IS_SPEED_CHART (self), 0);

  return self->trail.n_seconds;
}

/**
 * bobbin_speed_chart_is_sampling:
 *
 * Returns: whether it looks once a second at present
 */
gboolean
bobbin_speed_chart_is_sampling (BobbinSpeedChart *self)
{
  g_return_val_if_fail (BOBBIN_IS_SPEED_CHART (self), FALSE);

  return self->timer != 0;
}
