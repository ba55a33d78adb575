/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinHistoryChart shows what a monitor found in the last hour, day, week, month or year. It
 * reads the history when a sample has come, and not more often than a pixel takes; it neither reads
 * nor draws while nobody sees it, and never by a timer. The pointer, or the arrow keys, read a
 * place on it: the property "reading" has it in words. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-history-chart.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "bobbin-chart-painter.h"
#include "bobbin-state-words.h"

#define N_POINTS   300
#define MIN_PERIOD G_USEC_PER_SEC
#define MAX_PERIOD BOBBIN_ROLLUP_MINUTE

static const struct
{
  const char *name; /* as in the settings */
  gint64 length;
} ranges[] = {
  { "1-hour", BOBBIN_ROLLUP_HOUR },      { "24-hours", BOBBIN_ROLLUP_DAY },
  { "7-days", 7 * BOBBIN_ROLLUP_DAY },   { "30-days", 30 * BOBBIN_ROLLUP_DAY },
  { "1-year", 365 * BOBBIN_ROLLUP_DAY },
};

struct _BobbinHistoryChart
{
  GtkWidget parent_instance;

  BobbinHistory *history; /* (owned) (nullable) */
  BobbinMonitor *monitor; /* (owned) (nullable) */
  GSignalGroup *signals;  /* (owned): the monitor's */
  guint range;

  BobbinHistorySpan *span; /* (owned) (nullable): what was read last */
  gint64 from;             /* of what time that is, µs since 1970 */
  gint64 to;
  gint64 asked;       /* when that was, g_get_monotonic_time(); 0 for never */
  guint question;     /* the number of the last one; what others are answered is of no use */
  gboolean is_asking; /* until that is answered */
  gboolean is_stale;  /* a sample has come since */

  gint64 cursor; /* what is read: a time, µs since 1970; 0 for none */
  gint64 kept;   /* what the keyboard reads, while it has the focus; 0 for none */
  char *reading; /* (owned) (nullable): in words */
  guint n_read;
  guint n_drawn;
};

G_DEFINE_FINAL_TYPE (BobbinHistoryChart, bobbin_history_chart, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_RANGE = 1,
  PROP_READING,
} BobbinHistoryChartProperty;

static GParamSpec *props[PROP_READING + 1];

static const BobbinHistoryBucket *
get_bucket (BobbinHistoryChart *self, int i)
{
  return &g_array_index (self->span->buckets, BobbinHistoryBucket, i);
}

static int
get_n_buckets (BobbinHistoryChart *self)
{
  return self->span != NULL ? (int) self->span->buckets->len : 0;
}

/* ---- what is read */

/* The bucket that is read; -1 for none. */
static int
find_cursor (BobbinHistoryChart *self)
{
  gint64 least = G_MAXINT64;
  int nearest = -1;

  if (self->cursor == 0)
    return -1;

  for (int i = 0; i < get_n_buckets (self); i++)
    {
      const gint64 time = bobbin_chart_get_time (get_bucket (self, i), self->span->step);

      if (ABS (time - self->cursor) < least)
        {
          least = ABS (time - self->cursor);
          nearest = i;
        }
    }

  return nearest;
}

static char *
format_time (BobbinHistoryChart *self, const BobbinHistoryBucket *bucket)
{
  const gint64 time = bobbin_chart_get_time (bucket, self->span->step);
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_local (time / G_USEC_PER_SEC);

  if (self->span->step >= BOBBIN_ROLLUP_DAY)
    return g_date_time_format (date, "%x");
  if (ranges[self->range].length > BOBBIN_ROLLUP_HOUR)
    /* Translators: a day and a time of day; see g_date_time_format() */
    return g_date_time_format (date, _ ("%x, %H:%M"));

  return g_date_time_format (date, "%X");
}

static char *
format_values (BobbinHistoryChart *self, const BobbinHistoryBucket *bucket)
{
  g_autofree char *mean = bobbin_monitor_format_value (self->monitor, bucket->mean);
  g_autofree char *min = bobbin_monitor_format_value (self->monitor, bucket->min);
  g_autofree char *max = bobbin_monitor_format_value (self->monitor, bucket->max);

  if (g_str_equal (min, max))
    return g_steal_pointer (&mean);

  /* Translators: a mean, and the lowest and the highest value, such as “42 % (40% – 51%)” */
  return g_strdup_printf (_ ("%s (%s – %s)"), mean, min, max);
}

static void
append (GString *text, const char *part)
{
  /* Translators: between the parts of “13:00:07 · 42% · Up” */
  g_string_append (text, C_ ("history of a monitor", " · "));
  g_string_append (text, part);
}

static char *
format_reading (BobbinHistoryChart *self, const BobbinHistoryBucket *bucket)
{
  const BobbinHistoryState state = bobbin_chart_get_state (bucket);
  g_autofree char *time = format_time (self, bucket);
  GString *text = g_string_new (time);

  if (bucket->count > 0)
    {
      g_autofree char *values = format_values (self, bucket);

      append (text, values);
    }
  if (state < BOBBIN_HISTORY_N_STATES)
    append (text, bobbin_state_get_word (state));

  return g_string_free (text, FALSE);
}

static void
tell_reading (BobbinHistoryChart *self, int i)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX,
                                  (double) MAX (get_n_buckets (self) - 1, 0),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, (double) MAX (i, 0),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                  self->reading != NULL ? self->reading : "", -1);
}

static void
update_reading (BobbinHistoryChart *self)
{
  const int i = find_cursor (self);
  g_autofree char *reading = i >= 0 ? format_reading (self, get_bucket (self, i)) : NULL;

  if (g_strcmp0 (self->reading, reading) == 0)
    return;

  g_free (self->reading);
  self->reading = g_steal_pointer (&reading);
  tell_reading (self, i);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_READING]);
}

/* Reads at bucket @i; nowhere with -1. */
static void
set_cursor (BobbinHistoryChart *self, gint64 cursor)
{
  if (self->cursor == cursor)
    return;

  self->cursor = cursor;
  update_reading (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
move_cursor (BobbinHistoryChart *self, int i)
{
  set_cursor (self, i >= 0 ? bobbin_chart_get_time (get_bucket (self, i), self->span->step) : 0);
}

/* As the keyboard does: it is read until the focus leaves, but while the pointer reads. */
static void
move_kept (BobbinHistoryChart *self, int i)
{
  move_cursor (self, i);
  self->kept = self->cursor;
}

/* ---- the history */

/* What there is to see, for those who do not. */
static void
describe (BobbinHistoryChart *self)
{
  g_autofree char *text = NULL;
  double lowest = NAN;
  double highest = NAN;

  for (int i = 0; i < get_n_buckets (self); i++)
    {
      lowest = fmin (lowest, get_bucket (self, i)->min);
      highest = fmax (highest, get_bucket (self, i)->max);
    }
  if (isnan (lowest))
    text = g_strdup (_ ("No values"));
  else
    {
      g_autofree char *min = bobbin_monitor_format_value (self->monitor, lowest);
      g_autofree char *max = bobbin_monitor_format_value (self->monitor, highest);

      /* Translators: describes a chart; both %s are values like “42%” or “3 ms”. */
      text = g_strdup_printf (_ ("Between %s and %s"), min, max);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

static void
take_span (BobbinHistoryChart *self, BobbinHistorySpan *span)
{
  g_clear_pointer (&self->span, bobbin_history_span_free);
  self->span = span;
  update_reading (self);
  if (self->monitor != NULL)
    describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

typedef struct
{
  BobbinHistoryChart *self; /* (owned) */
  guint question;
  gint64 from;
  gint64 to;
} Question;

static void refresh (BobbinHistoryChart *self);

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Question *question = user_data;
  g_autoptr (BobbinHistoryChart) self = question->self;
  g_autoptr (GError) error = NULL;
  BobbinHistorySpan *span = bobbin_history_read_finish (BOBBIN_HISTORY (source), result, &error);

  if (question->question != self->question)
    {
      g_clear_pointer (&span, bobbin_history_span_free);
      return;
    }

  self->is_asking = FALSE;
  self->n_read++;
  self->from = question->from;
  self->to = question->to;
  if (error != NULL)
    g_debug ("The history cannot be read: %s", error->message);
  take_span (self, span);
  refresh (self);
}

static void
ask (BobbinHistoryChart *self)
{
  Question *question = g_new (Question, 1);

  question->self = g_object_ref (self);
  question->question = ++self->question;
  question->to = g_get_real_time ();
  question->from = question->to - ranges[self->range].length;
  self->asked = g_get_monotonic_time ();
  self->is_asking = TRUE;
  self->is_stale = FALSE;
  bobbin_history_read_async (self->history, self->monitor, question->from, question->to, N_POINTS,
                             on_read, question);
}

/* So long it takes until a new sample makes a difference that can be seen. */
static gint64
get_period (BobbinHistoryChart *self)
{
  return get_n_buckets (self) < 2
           ? MIN_PERIOD
           : CLAMP (ranges[self->range].length / N_POINTS, MIN_PERIOD, MAX_PERIOD);
}

static void
refresh (BobbinHistoryChart *self)
{
  if (!self->is_stale || self->is_asking || self->history == NULL || self->monitor == NULL ||
      !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (self->asked > 0 && g_get_monotonic_time () - self->asked < get_period (self))
    return;

  ask (self);
}

static void
on_sampled (BobbinHistoryChart *self)
{
  self->is_stale = TRUE;
  refresh (self);
}

/* Another thing is to be seen: what was asked about the one before is of no use. */
static void
start_over (BobbinHistoryChart *self)
{
  self->question++;
  self->is_asking = FALSE;
  self->asked = 0;
  self->is_stale = TRUE;
  refresh (self);
}

static void
redraw (BobbinHistoryChart *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
set_range (BobbinHistoryChart *self, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    if (g_strcmp0 (ranges[i].name, name) == 0 && self->range != i)
      {
        self->range = i;
        start_over (self);
        g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RANGE]);
        return;
      }
}

/* ---- the widget */

static BobbinChartPicture
get_picture (BobbinHistoryChart *self)
{
  return (BobbinChartPicture){
    .from = self->from,
    .to = self->to,
    .span = self->span,
    .is_open = bobbin_job_is_active (BOBBIN_JOB (self->monitor)),
    .warn = bobbin_monitor_get_warn (self->monitor),
    .critical = bobbin_monitor_get_critical (self->monitor),
    .scale = bobbin_monitor_get_scale (self->monitor),
    .unit = bobbin_monitor_get_unit (self->monitor),
    .cursor = find_cursor (self),
  };
}

static void
bobbin_history_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  BobbinHistoryChart *self = BOBBIN_HISTORY_CHART (widget);
  BobbinChartPicture picture;

  if (self->monitor == NULL || self->to == 0)
    return;

  self->n_drawn++;
  picture = get_picture (self);
  bobbin_chart_paint (widget, snapshot, &picture);
}

static void
bobbin_history_chart_map (GtkWidget *widget)
{
  BobbinHistoryChart *self = BOBBIN_HISTORY_CHART (widget);

  GTK_WIDGET_CLASS (bobbin_history_chart_parent_class)->map (widget);

  self->asked = 0;
  on_sampled (self);
}

static void
on_motion (BobbinHistoryChart *self, double x, double y)
{
  BobbinChartPicture picture;

  if (self->monitor == NULL || self->span == NULL)
    return;

  picture = get_picture (self);
  move_cursor (self, bobbin_chart_find (GTK_WIDGET (self), &picture, x));
}

static void
on_leave (BobbinHistoryChart *self)
{
  set_cursor (self, self->kept);
}

/* Whoever comes here by the keyboard begins with the latest. */
static void
on_enter_focus (BobbinHistoryChart *self)
{
  move_kept (self, self->cursor == 0 ? get_n_buckets (self) - 1 : find_cursor (self));
}

static void
on_leave_focus (BobbinHistoryChart *self)
{
  move_kept (self, -1);
}

static gboolean
on_arrow (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  BobbinHistoryChart *self = BOBBIN_HISTORY_CHART (widget);
  const int n = get_n_buckets (self);
  const int steps = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL
                      ? -g_variant_get_int32 (arguments)
                      : g_variant_get_int32 (arguments);
  const int i = find_cursor (self);

  if (n == 0)
    return GDK_EVENT_PROPAGATE;

  move_kept (self, i < 0 ? n - 1 : CLAMP (i + steps, 0, n - 1));

  return GDK_EVENT_STOP;
}

/* To the first or the last. */
static gboolean
on_end (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  BobbinHistoryChart *self = BOBBIN_HISTORY_CHART (widget);
  const int n = get_n_buckets (self);

  if (n == 0)
    return GDK_EVENT_PROPAGATE;

  move_kept (self, g_variant_get_int32 (arguments) < 0 ? 0 : n - 1);

  return GDK_EVENT_STOP;
}

static void
bobbin_history_chart_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BobbinHistoryChart *self = BOBBIN_HISTORY_CHART (object);

  switch ((BobbinHistoryChartProperty) prop_id)
    {
    case PROP_RANGE:
      g_value_set_static_string (value, ranges[self->range].name);
      break;
    case PROP_READING:
      g_value_set_string (value, self->reading);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_history_chart_set_property (GObject *object,
                                   guint prop_id,
                                   const GValue *value,
                                   GParamSpec *pspec)
{
  BobbinHistoryChart *self = BOBBIN_HISTORY_CHART (object);

  switch ((BobbinHistoryChartProperty) prop_id)
    {
    case PROP_RANGE:
      set_range (self, g_value_get_string (value));
      break;
    case PROP_READING:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_history_chart_dispose (GObject *object)
{
  BobbinHistoryChart *self = BOBBIN_HISTORY_CHART (object);

  self->question++;
  g_clear_object (&self->signals);
  g_clear_object (&self->monitor);
  g_clear_object (&self->history);

  G_OBJECT_CLASS (bobbin_history_chart_parent_class)->dispose (object);
}

static void
bobbin_history_chart_finalize (GObject *object)
{
  BobbinHistoryChart *self = BOBBIN_HISTORY_CHART (object);

  g_clear_pointer (&self->span, bobbin_history_span_free);
  g_free (self->reading);

  G_OBJECT_CLASS (bobbin_history_chart_parent_class)->finalize (object);
}

static void
install_keys (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint key;
    GtkShortcutFunc func;
    int argument;
  } keys[] = {
    { GDK_KEY_Left, on_arrow, -1 },     { GDK_KEY_KP_Left, on_arrow, -1 },
    { GDK_KEY_Right, on_arrow, 1 },     { GDK_KEY_KP_Right, on_arrow, 1 },
    { GDK_KEY_Page_Up, on_arrow, -20 }, { GDK_KEY_Page_Down, on_arrow, 20 },
    { GDK_KEY_Home, on_end, -1 },       { GDK_KEY_End, on_end, 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding (widget_class, keys[i].key, 0, keys[i].func, "i",
                                  keys[i].argument);
}

static void
bobbin_history_chart_class_init (BobbinHistoryChartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = bobbin_history_chart_get_property;
  object_class->set_property = bobbin_history_chart_set_property;
  object_class->dispose = bobbin_history_chart_dispose;
  object_class->finalize = bobbin_history_chart_finalize;
  widget_class->snapshot = bobbin_history_chart_snapshot;
  widget_class->map = bobbin_history_chart_map;

  props[PROP_RANGE] =
    g_param_spec_string ("range", NULL, NULL, ranges[0].name,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_READING] =
    g_param_spec_string ("reading", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  gtk_widget_class_set_css_name (widget_class, "historychart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SLIDER);
  install_keys (widget_class);
}

static void
bobbin_history_chart_init (BobbinHistoryChart *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (on_leave), self);
  gtk_widget_add_controller (widget, motion);
  g_signal_connect_swapped (focus, "enter", G_CALLBACK (on_enter_focus), self);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (on_leave_focus), self);
  gtk_widget_add_controller (widget, focus);

  self->signals = g_signal_group_new (BOBBIN_TYPE_MONITOR);
  g_signal_group_connect_swapped (self->signals, "sampled", G_CALLBACK (on_sampled), self);
  g_signal_group_connect_swapped (self->signals, "notify::warn", G_CALLBACK (redraw), self);
  g_signal_group_connect_swapped (self->signals, "notify::critical", G_CALLBACK (redraw), self);
  g_signal_group_connect_swapped (self->signals, "notify::state", G_CALLBACK (redraw), self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("History"), -1);
}

/**
 * bobbin_history_chart_set_monitor:
 * @history: (nullable): what has the history of @monitor
 * @monitor: (nullable): what to show; %NULL to let go of it
 */
void
bobbin_history_chart_set_monitor (BobbinHistoryChart *self,
                                  BobbinHistory *history,
                                  BobbinMonitor *monitor)
{
  g_return_if_fail (BOBBIN_IS_HISTORY_CHART (self));

  g_set_object (&self->history, history);
  if (!g_set_object (&self->monitor, monitor))
    return;

  g_signal_group_set_target (self->signals, monitor);
  self->to = 0;
  self->cursor = 0;
  self->kept = 0;
  take_span (self, NULL);
  start_over (self);
}

/**
 * bobbin_history_chart_get_reading:
 *
 * Returns: (transfer none) (nullable): what is read at present, in words
 */
const char *
bobbin_history_chart_get_reading (BobbinHistoryChart *self)
{
  g_return_val_if_fail (BOBBIN_IS_HISTORY_CHART (self), NULL);

  return self->reading;
}

/**
 * bobbin_history_chart_get_n_read:
 *
 * Returns: how often the history has answered
 */
guint
bobbin_history_chart_get_n_read (BobbinHistoryChart *self)
{
  g_return_val_if_fail (BOBBIN_IS_HISTORY_CHART (self), 0);

  return self->n_read;
}

/**
 * bobbin_history_chart_get_n_drawn:
 *
 * Returns: how often the chart was drawn
 */
guint
bobbin_history_chart_get_n_drawn (BobbinHistoryChart *self)
{
  g_return_val_if_fail (BOBBIN_IS_HISTORY_CHART (self), 0);

  return self->n_drawn;
}
