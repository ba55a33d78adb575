/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinPhaseChart shows what the time of a request was spent on: a bar for each phase, one below
 * the other, each where the one before ended, with its name and how long it took. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-phase-chart.h"

#include <glib/gi18n-lib.h>

#define GAP        9
#define BAR_HEIGHT 8
#define LINE_GAP   4

/* What it is called in the details of a sample, and by a person. What is left of the whole is the
 * last. */
static const struct
{
  const char *key;
  const char *name;
} phases[] = {
  { "name-ms", NC_ ("phase of a request", "Name") },
  { "connect-ms", NC_ ("phase of a request", "Connection") },
  { "tls-ms", NC_ ("phase of a request", "Encryption") },
  { "first-byte-ms", NC_ ("phase of a request", "First byte") },
  { NULL, NC_ ("phase of a request", "Rest") },
};

#define N_PHASES G_N_ELEMENTS (phases)

typedef struct
{
  double lengths[N_PHASES]; /* ms; 0 for what there was not */
  double whole;
} PhaseTimes;

struct _BobbinPhaseChart
{
  GtkWidget parent_instance;

  PhaseTimes times;
};

G_DEFINE_FINAL_TYPE (BobbinPhaseChart, bobbin_phase_chart, GTK_TYPE_WIDGET)

static const char *
get_name (guint phase)
{
  return g_dpgettext2 (GETTEXT_PACKAGE, "phase of a request", phases[phase].name);
}

/* Whether there is a request in @details. */
static gboolean
read_times (PhaseTimes *self, GVariant *details)
{
  double sum = 0;

  *self = (PhaseTimes){ { 0 } };
  if (details == NULL || !g_variant_lookup (details, "whole-ms", "d", &self->whole) ||
      self->whole <= 0)
    return FALSE;

  for (gsize i = 0; i < N_PHASES - 1; i++)
    {
      g_variant_lookup (details, phases[i].key, "d", &self->lengths[i]);
      sum += self->lengths[i];
    }
  self->lengths[N_PHASES - 1] = MAX (self->whole - sum, 0);
  self->whole = MAX (self->whole, sum);

  return TRUE;
}

static char *
format_length (double length)
{
  if (length < 1)
    /* Translators: a time in milliseconds, less than one, such as 0.3 ms */
    return g_strdup_printf (_ ("%.1f ms"), length);

  /* Translators: a time in milliseconds, such as 42 ms */
  return g_strdup_printf (_ ("%.0f ms"), length);
}

/**
 * bobbin_phase_chart_to_text:
 * @details: (nullable): those of a sample
 *
 * Returns: (transfer full) (nullable): the phases of its request in words; %NULL if there are none
 */
char *
bobbin_phase_chart_to_text (GVariant *details)
{
  GString *text;
  PhaseTimes times;

  if (!read_times (&times, details))
    return NULL;

  text = g_string_new (NULL);
  for (gsize i = 0; i < N_PHASES; i++)
    if (times.lengths[i] > 0)
      {
        g_autofree char *length = format_length (times.lengths[i]);

        g_string_append_printf (text, "%s%s %s",
                                text->len > 0 ? C_ ("phase of a request", ", ") : "", get_name (i),
                                length);
      }

  return g_string_free (text, FALSE);
}

/* ---- the widget */

/* Of the widest name, the widest length, and a line. */
typedef struct
{
  int name;
  int length;
  int height;
} Columns;

static void
widen (GtkWidget *widget, const char *text, int *width, int *height)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, text);
  int text_width, text_height;

  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  *width = MAX (*width, text_width);
  *height = MAX (*height, text_height);
}

static Columns
measure_columns (BobbinPhaseChart *self)
{
  Columns columns = { 0 };

  for (gsize i = 0; i < N_PHASES; i++)
    {
      g_autofree char *length = format_length (self->times.lengths[i]);

      widen (GTK_WIDGET (self), get_name (i), &columns.name, &columns.height);
      widen (GTK_WIDGET (self), length, &columns.length, &columns.height);
    }

  return columns;
}

static int
count_lines (BobbinPhaseChart *self)
{
  int n = 0;

  for (gsize i = 0; i < N_PHASES; i++)
    n += self->times.lengths[i] > 0;

  return n;
}

static void
bobbin_phase_chart_measure (GtkWidget *widget,
                            GtkOrientation orientation,
                            int for_size,
                            int *minimum,
                            int *natural,
                            int *minimum_baseline,
                            int *natural_baseline)
{
  BobbinPhaseChart *self = BOBBIN_PHASE_CHART (widget);
  const Columns columns = measure_columns (self);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = *natural = columns.name + columns.length + 4 * GAP;
  else
    *minimum = *natural = count_lines (self) * (columns.height + LINE_GAP);
}

static void
draw_text (GtkWidget *widget, GtkSnapshot *snapshot, const char *text, double x, double y)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, text);
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

static void
draw_bar (GtkWidget *widget, GtkSnapshot *snapshot, double x, double y, double width)
{
  GtkStyleContext *context = gtk_widget_get_style_context (widget);
  GskRoundedRect rect;
  GdkRGBA color;

  if (!gtk_style_context_lookup_color (context, "accent_color", &color))
    gtk_style_context_get_color (context, &color);
  gsk_rounded_rect_init_from_rect (&rect, &GRAPHENE_RECT_INIT (x, y, width, BAR_HEIGHT), 2);
  gtk_snapshot_push_rounded_clip (snapshot, &rect);
  gtk_snapshot_append_color (snapshot, &color, &rect.bounds);
  gtk_snapshot_pop (snapshot);
}

static void
draw_line (BobbinPhaseChart *self,
           GtkSnapshot *snapshot,
           const Columns *columns,
           gsize i,
           double before,
           double y)
{
  GtkWidget *widget = GTK_WIDGET (self);
  const gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  const double width = gtk_widget_get_width (widget);
  const double room = MAX (width - columns->name - columns->length - 2 * GAP, 1);
  const double bar = MAX (room * self->times.lengths[i] / self->times.whole, 2);
  const double x =
    MIN (columns->name + GAP + room * before / self->times.whole, columns->name + GAP + room - bar);
  g_autofree char *length = format_length (self->times.lengths[i]);
  int name_width = 0;
  int length_width = 0;
  int height = 0;

  widen (widget, get_name (i), &name_width, &height);
  widen (widget, length, &length_width, &height);
  draw_text (widget, snapshot, get_name (i), mirrored ? width - name_width : 0, y);
  draw_bar (widget, snapshot, mirrored ? width - x - bar : x,
            y + (columns->height - BAR_HEIGHT) / 2.0, bar);
  draw_text (widget, snapshot, length, mirrored ? 0 : width - length_width, y);
}

static void
bobbin_phase_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  BobbinPhaseChart *self = BOBBIN_PHASE_CHART (widget);
  const Columns columns = measure_columns (self);
  double before = 0;
  double y = LINE_GAP / 2.0;

  for (gsize i = 0; i < N_PHASES; i++)
    if (self->times.lengths[i] > 0)
      {
        draw_line (self, snapshot, &columns, i, before, y);
        before += self->times.lengths[i];
        y += columns.height + LINE_GAP;
      }
}

static void
bobbin_phase_chart_class_init (BobbinPhaseChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = bobbin_phase_chart_measure;
  widget_class->snapshot = bobbin_phase_chart_snapshot;

  gtk_widget_class_set_css_name (widget_class, "phasechart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
bobbin_phase_chart_init (BobbinPhaseChart *self)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Phases of the request"), -1);
}

/**
 * bobbin_phase_chart_set_details:
 * @details: (nullable): those of a sample; see bobbin_monitor_get_details()
 *
 * Returns: whether there are phases to show
 */
gboolean
bobbin_phase_chart_set_details (BobbinPhaseChart *self, GVariant *details)
{
  g_autofree char *text = NULL;
  int n_before;

  g_return_val_if_fail (BOBBIN_IS_PHASE_CHART (self), FALSE);

  n_before = count_lines (self);
  if (!read_times (&self->times, details))
    return FALSE;

  text = bobbin_phase_chart_to_text (details);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
  if (count_lines (self) != n_before)
    gtk_widget_queue_resize (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));

  return TRUE;
}
