/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Draws the history of a monitor: the mean as a line in the band from the lowest to the highest
 * value, the limits as dashed lines, outages tinted, and hatched what nobody knows. The colours are
 * those of the widget's style. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-chart-painter.h"

#include <adwaita.h>
#include <math.h>

#include "bobbin-chart-scale.h"

#define LINE_WIDTH   1.5
#define BAND_ALPHA   0.25
#define OUTAGE_ALPHA 0.2
#define LIMIT_ALPHA  0.8
#define LABEL_ALPHA  0.7
#define GRID_ALPHA   0.12
#define GRID_STRONG  0.5 /* with high contrast */
#define LABEL_GAP    6
#define HATCH_GAP    6

/* From one line of the grid to the next, there are so many pixels at least. */
#define VALUE_STEP 40
#define TIME_STEP  60

typedef struct
{
  GtkWidget *widget;
  const BobbinChartPicture *picture;
  BobbinChartScale scale;
  graphene_rect_t area; /* without the labels */
  gboolean mirrored;
  gboolean contrasted;
  GdkRGBA text;
  GdkRGBA line;
  GdkRGBA warning;
  GdkRGBA error;
} Plot;

/* ---- what a bucket is */

/**
 * bobbin_chart_get_time: (skip)
 * @bucket: what happened in some time
 * @step: of its span
 *
 * Returns: where the bucket is drawn: its middle, or for a sample when it was due; µs since 1970
 */
gint64
bobbin_chart_get_time (const BobbinHistoryBucket *bucket, gint64 step)
{
  return bucket->start + (step > 0 ? bucket->length / 2 : bucket->length);
}

/**
 * bobbin_chart_get_state: (skip)
 * @bucket: what happened in some time
 *
 * Returns: the state that it was in for the longest time; %BOBBIN_HISTORY_N_STATES if for no time
 *   at all
 */
BobbinHistoryState
bobbin_chart_get_state (const BobbinHistoryBucket *bucket)
{
  BobbinHistoryState state = BOBBIN_HISTORY_N_STATES;
  gint64 longest = 0;

  for (guint i = 0; i < BOBBIN_HISTORY_N_STATES; i++)
    if (bucket->in_state[i] > longest)
      {
        longest = bucket->in_state[i];
        state = i;
      }

  return state;
}

/**
 * bobbin_chart_is_gap: (skip)
 * @bucket: what happened in some time
 *
 * Returns: whether next to nothing is known of that time
 */
gboolean
bobbin_chart_is_gap (const BobbinHistoryBucket *bucket)
{
  const gint64 unknown =
    bucket->in_state[BOBBIN_HISTORY_UNKNOWN] + bucket->in_state[BOBBIN_HISTORY_OFFLINE] +
    bucket->in_state[BOBBIN_HISTORY_ASLEEP] + bucket->in_state[BOBBIN_HISTORY_PAUSED];

  return unknown > bucket->length / 2;
}

static gboolean
is_outage (const BobbinHistoryBucket *bucket)
{
  const BobbinHistoryState state = bobbin_chart_get_state (bucket);

  return state == BOBBIN_HISTORY_DOWN || state == BOBBIN_HISTORY_PENDING_DOWN ||
         state == BOBBIN_HISTORY_RECOVERING_DOWN;
}

static guint
get_n_buckets (const Plot *self)
{
  return self->picture->span != NULL ? self->picture->span->buckets->len : 0;
}

static const BobbinHistoryBucket *
get_bucket (const Plot *self, guint i)
{
  return &g_array_index (self->picture->span->buckets, BobbinHistoryBucket, i);
}

/* ---- where things are */

static double
x_of (const Plot *self, gint64 time)
{
  const BobbinChartPicture *picture = self->picture;
  const double share = (double) (time - picture->from) / (picture->to - picture->from);

  return self->area.origin.x + self->area.size.width * (self->mirrored ? 1 - share : share);
}

static double
y_of (const Plot *self, double value)
{
  const double share = (value - self->scale.bottom) / (self->scale.top - self->scale.bottom);

  return self->area.origin.y + self->area.size.height * (1 - CLAMP (share, 0, 1));
}

/* A limit is in view as long as the values are near it. */
static double
raise_to_limit (double highest, double limit)
{
  return limit > highest && limit < 3 * highest ? limit : highest;
}

static void
choose_scale (Plot *self, double height)
{
  const BobbinChartPicture *picture = self->picture;
  double lowest = NAN;
  double highest = NAN;

  for (guint i = 0; i < get_n_buckets (self); i++)
    {
      lowest = fmin (lowest, get_bucket (self, i)->min);
      highest = fmax (highest, get_bucket (self, i)->max);
    }
  if (picture->scale > 0)
    highest = picture->scale;
  highest = raise_to_limit (raise_to_limit (highest, picture->warn), picture->critical);
  bobbin_chart_scale_init (&self->scale, lowest, highest, MAX (height / VALUE_STEP, 1));
}

static PangoLayout *
lay_out_value (const Plot *self, guint line)
{
  const double value = self->scale.bottom + line * self->scale.step;
  g_autofree char *text = bobbin_chart_scale_format (&self->scale, value, self->picture->unit);

  return gtk_widget_create_pango_layout (self->widget, text);
}

/* Of the widest label beside the chart, and of any of them. */
static void
measure_labels (const Plot *self, int *width, int *height)
{
  *width = *height = 0;
  for (guint i = 0; i <= bobbin_chart_scale_get_n_steps (&self->scale); i++)
    {
      g_autoptr (PangoLayout) layout = lay_out_value (self, i);
      int label_width;

      pango_layout_get_pixel_size (layout, &label_width, height);
      *width = MAX (*width, label_width);
    }
}

static void
place_area (Plot *self)
{
  const int width = gtk_widget_get_width (self->widget);
  const int height = gtk_widget_get_height (self->widget);
  int label_width, label_height;

  choose_scale (self, height);
  measure_labels (self, &label_width, &label_height);
  label_width += LABEL_GAP;
  graphene_rect_init (&self->area, self->mirrored ? 0 : label_width, label_height / 2,
                      MAX (width - label_width, 1),
                      MAX (height - label_height / 2 - label_height - LABEL_GAP, 1));
}

static void
look_up (GtkStyleContext *context, const char *name, GdkRGBA *color)
{
  if (!gtk_style_context_lookup_color (context, name, color))
    gtk_style_context_get_color (context, color);
}

static gboolean
is_contrasted (void)
{
  return adw_style_manager_get_high_contrast (adw_style_manager_get_default ());
}

static void
plot_init (Plot *self, GtkWidget *widget, const BobbinChartPicture *picture)
{
  GtkStyleContext *context = gtk_widget_get_style_context (widget);

  *self = (Plot){ .widget = widget, .picture = picture };
  self->mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  self->contrasted = is_contrasted ();
  gtk_style_context_get_color (context, &self->text);
  look_up (context, "accent_color", &self->line);
  look_up (context, "warning_color", &self->warning);
  look_up (context, "error_color", &self->error);
  place_area (self);
}

/* ---- the grid */

static GdkRGBA
fade (GdkRGBA color, double alpha)
{
  color.alpha *= alpha;

  return color;
}

/**
 * bobbin_chart_draw_label: (skip)
 * @widget: a chart
 * @snapshot: of @widget
 * @layout: words
 * @x: where they are, from the left
 * @y: and from the top
 *
 * Draws words beside what they are about: fainter than it, but with high contrast.
 */
void
bobbin_chart_draw_label (GtkWidget *widget,
                         GtkSnapshot *snapshot,
                         PangoLayout *layout,
                         double x,
                         double y)
{
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  color = fade (color, is_contrasted () ? 1 : LABEL_ALPHA);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (floor (x), floor (y)));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

/**
 * bobbin_chart_draw_line: (skip)
 * @widget: a chart
 * @snapshot: of @widget
 * @x: where the line begins, from the left
 * @y: and from the top
 * @width: how wide it is
 * @height: how high it is
 *
 * Draws a line of the grid, as faint as can be.
 */
void
bobbin_chart_draw_line (GtkWidget *widget,
                        GtkSnapshot *snapshot,
                        double x,
                        double y,
                        double width,
                        double height)
{
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  color = fade (color, is_contrasted () ? GRID_STRONG : GRID_ALPHA);
  gtk_snapshot_append_color (snapshot, &color,
                             &GRAPHENE_RECT_INIT (floor (x), floor (y), width, height));
}

static void
draw_values (const Plot *self, GtkSnapshot *snapshot)
{
  for (guint i = 0; i <= bobbin_chart_scale_get_n_steps (&self->scale); i++)
    {
      g_autoptr (PangoLayout) layout = lay_out_value (self, i);
      const double y = y_of (self, self->scale.bottom + i * self->scale.step);
      int width, height;

      pango_layout_get_pixel_size (layout, &width, &height);
      bobbin_chart_draw_line (self->widget, snapshot, self->area.origin.x, y, self->area.size.width,
                              1);
      bobbin_chart_draw_label (self->widget, snapshot, layout,
                               self->mirrored ? self->area.size.width + LABEL_GAP
                                              : self->area.origin.x - LABEL_GAP - width,
                               y - height / 2.0);
    }
}

/* So much room a time takes below the chart, at least TIME_STEP: a day is the longest of them. */
static double
measure_time (const Plot *self, GTimeZone *zone)
{
  const BobbinChartTimeStep days = { BOBBIN_CHART_DAYS, 1 };
  g_autofree char *text = bobbin_chart_time_format (days, zone, self->picture->to);
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (self->widget, text);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);

  return MAX (width + 2 * LABEL_GAP, TIME_STEP);
}

static void
draw_times (const Plot *self, GtkSnapshot *snapshot)
{
  const BobbinChartPicture *picture = self->picture;
  const double end = self->area.origin.x + self->area.size.width;
  const double bottom = self->area.origin.y + self->area.size.height;
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  const BobbinChartTimeStep step =
    bobbin_chart_time_choose_step (picture->to - picture->from,
                                   MAX (self->area.size.width / measure_time (self, zone), 1));
  g_autoptr (GArray) ticks = bobbin_chart_time_get_ticks (step, zone, picture->from, picture->to);

  for (guint i = 0; i < ticks->len; i++)
    {
      const gint64 time = g_array_index (ticks, gint64, i);
      g_autofree char *text = bobbin_chart_time_format (step, zone, time);
      g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (self->widget, text);
      const double x = x_of (self, time);
      int width;

      pango_layout_get_pixel_size (layout, &width, NULL);
      bobbin_chart_draw_line (self->widget, snapshot, x, self->area.origin.y, 1,
                              self->area.size.height);
      if (x - width / 2.0 >= self->area.origin.x && x + width / 2.0 <= end)
        bobbin_chart_draw_label (self->widget, snapshot, layout, x - width / 2.0,
                                 bottom + LABEL_GAP);
    }
}

/* ---- what is not known, and outages */

static void
add_time (const Plot *self, cairo_t *cr, gint64 begin, gint64 end)
{
  const double one = floor (x_of (self, begin));
  const double other = floor (x_of (self, end));

  cairo_rectangle (cr, MIN (one, other), self->area.origin.y, fabs (other - one),
                   self->area.size.height);
}

/* Time in which there is no bucket at all counts, too, once there has been one. */
static void
add_gaps (const Plot *self, cairo_t *cr)
{
  gint64 end = G_MAXINT64;

  for (guint i = 0; i < get_n_buckets (self); i++)
    {
      const BobbinHistoryBucket *bucket = get_bucket (self, i);

      if (bucket->start > end)
        add_time (self, cr, end, bucket->start);
      if (bobbin_chart_is_gap (bucket))
        add_time (self, cr, bucket->start, bucket->start + bucket->length);
      end = bucket->start + bucket->length;
    }
  if (!self->picture->is_open && end < self->picture->to)
    add_time (self, cr, end, self->picture->to);
}

static void
draw_gaps (const Plot *self, cairo_t *cr)
{
  const graphene_rect_t *area = &self->area;
  const GdkRGBA color = fade (self->text, self->contrasted ? 0.6 : 0.2);

  cairo_save (cr);
  add_gaps (self, cr);
  cairo_clip (cr);
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_set_line_width (cr, 1);
  for (double x = -area->size.height; x < area->size.width; x += HATCH_GAP)
    {
      cairo_move_to (cr, area->origin.x + x, area->origin.y + area->size.height);
      cairo_rel_line_to (cr, area->size.height, -area->size.height);
    }
  cairo_stroke (cr);
  cairo_restore (cr);
}

static void
draw_outages (const Plot *self, cairo_t *cr)
{
  const GdkRGBA color = fade (self->error, OUTAGE_ALPHA);

  for (guint i = 0; i < get_n_buckets (self); i++)
    {
      const BobbinHistoryBucket *bucket = get_bucket (self, i);

      if (is_outage (bucket))
        add_time (self, cr, bucket->start, bucket->start + bucket->length);
    }
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_fill (cr);
}

static void
draw_limit (const Plot *self, cairo_t *cr, double limit, const GdkRGBA *color)
{
  const double dashes[] = { 4, 4 };
  const GdkRGBA faded = fade (*color, self->contrasted ? 1 : LIMIT_ALPHA);
  double y;

  if (isnan (limit) || limit > self->scale.top || limit < self->scale.bottom)
    return;

  y = floor (y_of (self, limit)) + 0.5;
  gdk_cairo_set_source_rgba (cr, &faded);
  cairo_set_line_width (cr, 1);
  cairo_set_dash (cr, dashes, G_N_ELEMENTS (dashes), 0);
  cairo_move_to (cr, self->area.origin.x, y);
  cairo_rel_line_to (cr, self->area.size.width, 0);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);
}

/* ---- the values */

static double
bucket_x (const Plot *self, guint i)
{
  return x_of (self, bobbin_chart_get_time (get_bucket (self, i), self->picture->span->step));
}

static void
trace_band (const Plot *self, cairo_t *cr, guint first, guint end)
{
  for (guint i = first; i < end; i++)
    if (get_bucket (self, i)->count > 0)
      cairo_line_to (cr, bucket_x (self, i), y_of (self, get_bucket (self, i)->max));
  for (guint i = end; i > first; i--)
    if (get_bucket (self, i - 1)->count > 0)
      cairo_line_to (cr, bucket_x (self, i - 1), y_of (self, get_bucket (self, i - 1)->min));
  cairo_close_path (cr);
}

static void
draw_run (const Plot *self, cairo_t *cr, guint first, guint end)
{
  const GdkRGBA faded = fade (self->line, BAND_ALPHA);
  double x = 0, y = 0;
  guint n = 0;

  trace_band (self, cr, first, end);
  gdk_cairo_set_source_rgba (cr, &faded);
  cairo_fill (cr);

  gdk_cairo_set_source_rgba (cr, &self->line);
  for (guint i = first; i < end; i++)
    if (get_bucket (self, i)->count > 0)
      {
        x = bucket_x (self, i);
        y = y_of (self, get_bucket (self, i)->mean);
        cairo_line_to (cr, x, y);
        n++;
      }
  if (n == 1)
    {
      cairo_new_path (cr);
      cairo_arc (cr, x, y, LINE_WIDTH, 0, 2 * G_PI);
      cairo_fill (cr);
    }
  cairo_stroke (cr);
}

/* Whether the line ends before a bucket. */
static gboolean
breaks (const Plot *self, guint i)
{
  const BobbinHistoryBucket *before = get_bucket (self, i - 1);
  const BobbinHistoryBucket *bucket = get_bucket (self, i);

  return bucket->start > before->start + before->length ||
         (bucket->count == 0 && (bobbin_chart_is_gap (bucket) || is_outage (bucket)));
}

static void
draw_runs (const Plot *self, cairo_t *cr)
{
  const guint n = get_n_buckets (self);
  guint first = 0;

  cairo_set_line_width (cr, LINE_WIDTH);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  for (guint i = 1; i <= n; i++)
    if (i == n || breaks (self, i))
      {
        draw_run (self, cr, first, i);
        first = i;
      }
}

static void
draw_cursor (const Plot *self, cairo_t *cr)
{
  const BobbinChartPicture *picture = self->picture;
  double x;

  if (picture->cursor < 0 || (guint) picture->cursor >= get_n_buckets (self))
    return;

  x = bucket_x (self, picture->cursor);
  gdk_cairo_set_source_rgba (cr, &self->text);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, floor (x) + 0.5, self->area.origin.y);
  cairo_rel_line_to (cr, 0, self->area.size.height);
  cairo_stroke (cr);
  if (get_bucket (self, picture->cursor)->count == 0)
    return;

  cairo_arc (cr, x, y_of (self, get_bucket (self, picture->cursor)->mean), 2.5 * LINE_WIDTH, 0,
             2 * G_PI);
  gdk_cairo_set_source_rgba (cr, &self->line);
  cairo_fill (cr);
}

/**
 * bobbin_chart_paint: (skip)
 * @widget: the chart
 * @snapshot: what to draw on
 * @picture: what there is to see
 */
void
bobbin_chart_paint (GtkWidget *widget, GtkSnapshot *snapshot, const BobbinChartPicture *picture)
{
  cairo_t *cr;
  Plot plot;

  plot_init (&plot, widget, picture);
  draw_values (&plot, snapshot);
  draw_times (&plot, snapshot);

  gtk_snapshot_push_clip (snapshot, &plot.area);
  cr = gtk_snapshot_append_cairo (snapshot, &plot.area);
  draw_gaps (&plot, cr);
  draw_outages (&plot, cr);
  draw_runs (&plot, cr);
  draw_limit (&plot, cr, picture->warn, &plot.warning);
  draw_limit (&plot, cr, picture->critical, &plot.error);
  draw_cursor (&plot, cr);
  cairo_destroy (cr);
  gtk_snapshot_pop (snapshot);
}

/**
 * bobbin_chart_find: (skip)
 * @widget: the chart
 * @picture: what is seen
 * @x: a place in @widget
 *
 * Returns: which bucket is nearest to @x; -1 if there is none
 */
int
bobbin_chart_find (GtkWidget *widget, const BobbinChartPicture *picture, double x)
{
  double least = INFINITY;
  int nearest = -1;
  Plot plot;

  plot_init (&plot, widget, picture);
  for (guint i = 0; i < get_n_buckets (&plot); i++)
    {
      const double distance = fabs (bucket_x (&plot, i) - x);

      if (distance < least)
        {
          least = distance;
          nearest = (int) i;
        }
    }

  return nearest;
}
