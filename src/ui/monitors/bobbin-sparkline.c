/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinSparkline draws a monitor's last samples as a small chart in the colour of its style:
 * newest at the end, a gap where a sample failed, a dashed line at the warning limit. A few samples
 * are drawn wider apart than many, or the chart of a young monitor would look empty for minutes. It
 * draws when a sample was taken, never by a timer, and says in words what it shows. Main thread
 * only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-sparkline.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define LINE_WIDTH  1.5
#define FILL_ALPHA  0.15
#define LIMIT_ALPHA 0.6

/* The width of the chart is that of so many samples at least. */
#define MIN_SPAN 15

struct _BobbinSparkline
{
  GtkWidget parent_instance;

  BobbinMonitor *monitor; /* (owned) (nullable) */
  GSignalGroup *signals;  /* (owned): the monitor's */
};

G_DEFINE_FINAL_TYPE (BobbinSparkline, bobbin_sparkline, GTK_TYPE_WIDGET)

/* What is known of the samples, for the scale and for the words. */
typedef struct
{
  const double *samples;
  gsize n;
  double lowest; /* NAN when no sample tells */
  double highest;
  double top; /* value at the upper edge, over 0 */
} Chart;

static void
chart_init (Chart *chart, BobbinMonitor *monitor)
{
  double scale = bobbin_monitor_get_scale (monitor);
  double warn = bobbin_monitor_get_warn (monitor);

  chart->samples = bobbin_monitor_get_samples (monitor, &chart->n);
  chart->lowest = NAN;
  chart->highest = NAN;
  for (gsize i = 0; i < chart->n; i++)
    {
      chart->lowest = fmin (chart->lowest, chart->samples[i]);
      chart->highest = fmax (chart->highest, chart->samples[i]);
    }

  /* fmax() passes over a NAN. The limit is kept in view as long as the samples are near it. */
  chart->top = scale > 0 ? scale : fmax (chart->highest * 1.1, 1);
  if (scale <= 0 && warn < 3 * chart->top)
    chart->top = fmax (chart->top, warn * 1.1);
  if (!isfinite (chart->top) || chart->top <= 0)
    chart->top = 1;
}

static double
x_of (const Chart *chart, double width, gsize i)
{
  gsize from_end = chart->n - 1 - i;
  gsize span = MAX (chart->n, MIN_SPAN) - 1;

  return width - LINE_WIDTH - from_end * (width - 2 * LINE_WIDTH) / span;
}

static double
y_of (const Chart *chart, double height, double value)
{
  double room = height - 2 * LINE_WIDTH;

  return LINE_WIDTH + room * (1 - CLAMP (value / chart->top, 0, 1));
}

static void
draw_segment (cairo_t *cr,
              const Chart *chart,
              const GdkRGBA *color,
              double width,
              double height,
              gsize first,
              gsize end)
{
  double last_x = x_of (chart, width, end - 1);

  if (end - first == 1)
    {
      cairo_arc (cr, last_x, y_of (chart, height, chart->samples[first]), LINE_WIDTH, 0, 2 * G_PI);
      cairo_fill (cr);
      return;
    }

  for (gsize i = first; i < end; i++)
    cairo_line_to (cr, x_of (chart, width, i), y_of (chart, height, chart->samples[i]));
  cairo_stroke_preserve (cr);

  cairo_line_to (cr, last_x, height);
  cairo_line_to (cr, x_of (chart, width, first), height);
  cairo_close_path (cr);
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, color->alpha * FILL_ALPHA);
  cairo_fill (cr);
  gdk_cairo_set_source_rgba (cr, color);
}

static void
draw_samples (cairo_t *cr, const Chart *chart, const GdkRGBA *color, double width, double height)
{
  gsize first = 0;

  cairo_set_line_width (cr, LINE_WIDTH);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  gdk_cairo_set_source_rgba (cr, color);

  for (gsize i = 0; i <= chart->n; i++)
    {
      if (i < chart->n && !isnan (chart->samples[i]))
        continue;
      if (i > first)
        draw_segment (cr, chart, color, width, height, first, i);
      first = i + 1;
    }
}

static void
draw_limit (cairo_t *cr,
            const Chart *chart,
            const GdkRGBA *color,
            double warn,
            double width,
            double height)
{
  const double dashes[] = { 3, 3 };
  double y;

  if (isnan (warn) || warn > chart->top)
    return;

  y = floor (y_of (chart, height, warn)) + 0.5;
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, color->alpha * LIMIT_ALPHA);
  cairo_set_line_width (cr, 1);
  cairo_set_dash (cr, dashes, G_N_ELEMENTS (dashes), 0);
  cairo_move_to (cr, 0, y);
  cairo_line_to (cr, width, y);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);
}

static void
bobbin_sparkline_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  BobbinSparkline *self = BOBBIN_SPARKLINE (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  GdkRGBA color;
  Chart chart;
  cairo_t *cr;

  if (self->monitor == NULL || width <= 0 || height <= 0)
    return;

  chart_init (&chart, self->monitor);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    {
      cairo_translate (cr, width, 0);
      cairo_scale (cr, -1, 1);
    }
  draw_limit (cr, &chart, &color, bobbin_monitor_get_warn (self->monitor), width, height);
  draw_samples (cr, &chart, &color, width, height);
  cairo_destroy (cr);
}

/* The same figures in words, for those who do not see the chart. */
static void
describe (BobbinSparkline *self)
{
  g_autofree char *text = NULL;
  Chart chart;

  if (self->monitor == NULL)
    return;

  chart_init (&chart, self->monitor);
  if (isnan (chart.highest))
    text = g_strdup (_ ("No checks yet"));
  else
    {
      g_autofree char *lowest = bobbin_monitor_format_value (self->monitor, chart.lowest);
      g_autofree char *highest = bobbin_monitor_format_value (self->monitor, chart.highest);

      /* Translators: describes a small chart; both %s are values like “42%” or “3 ms”. */
      text = g_strdup_printf (_ ("Between %s and %s lately"), lowest, highest);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

static void
on_sampled (BobbinSparkline *self)
{
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
bobbin_sparkline_dispose (GObject *object)
{
  BobbinSparkline *self = BOBBIN_SPARKLINE (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->monitor);

  G_OBJECT_CLASS (bobbin_sparkline_parent_class)->dispose (object);
}

static void
bobbin_sparkline_class_init (BobbinSparklineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_sparkline_dispose;
  widget_class->snapshot = bobbin_sparkline_snapshot;

  gtk_widget_class_set_css_name (widget_class, "sparkline");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
bobbin_sparkline_init (BobbinSparkline *self)
{
  self->signals = g_signal_group_new (BOBBIN_TYPE_MONITOR);
  g_signal_group_connect_swapped (self->signals, "sampled", G_CALLBACK (on_sampled), self);
  g_signal_group_connect_swapped (self->signals, "notify::warn", G_CALLBACK (on_sampled), self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Latest values"), -1);
}

/**
 * bobbin_sparkline_set_monitor:
 * @monitor: (nullable): whose samples to draw
 */
void
bobbin_sparkline_set_monitor (BobbinSparkline *self, BobbinMonitor *monitor)
{
  g_return_if_fail (BOBBIN_IS_SPARKLINE (self));

  if (!g_set_object (&self->monitor, monitor))
    return;

  g_signal_group_set_target (self->signals, monitor);
  on_sampled (self);
}
