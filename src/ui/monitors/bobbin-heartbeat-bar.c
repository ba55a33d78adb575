/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinHeartbeatBar shows what came of a monitor's last checks: a beat for each, newest at the
 * end, as many as there is room for. A bad one is taller than a good one, and one that tells
 * nothing is short, for those to whom the colours look alike. It draws when a sample was taken,
 * never by a timer. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-heartbeat-bar.h"

#include <glib/gi18n-lib.h>

#define N_BEATS 50
#define BEAT    3
#define STRIDE  5
#define HEIGHT  16

struct _BobbinHeartbeatBar
{
  GtkWidget parent_instance;

  BobbinMonitor *monitor; /* (owned) (nullable) */
  GSignalGroup *signals;  /* (owned): the monitor's */
};

G_DEFINE_FINAL_TYPE (BobbinHeartbeatBar, bobbin_heartbeat_bar, GTK_TYPE_WIDGET)

typedef enum
{
  BEAT_NONE,
  BEAT_GOOD,
  BEAT_DOUBTFUL,
  BEAT_BAD,
} BeatKind;

static const struct
{
  const char *color; /* (nullable): that of text */
  double alpha;
  double height; /* of the whole */
} beats[] = {
  [BEAT_NONE] = { NULL, 0.4, 0.25 },
  [BEAT_GOOD] = { "success_color", 1, 0.6 },
  [BEAT_DOUBTFUL] = { "warning_color", 1, 0.8 },
  [BEAT_BAD] = { "error_color", 1, 1 },
};

static BeatKind
get_kind (BobbinHealth health)
{
  switch (health)
    {
    case BOBBIN_HEALTH_UP:
      return BEAT_GOOD;
    case BOBBIN_HEALTH_PENDING:
    case BOBBIN_HEALTH_WARNING:
    case BOBBIN_HEALTH_RECOVERING:
      return BEAT_DOUBTFUL;
    case BOBBIN_HEALTH_CRITICAL:
    case BOBBIN_HEALTH_DOWN:
      return BEAT_BAD;
    case BOBBIN_HEALTH_UNKNOWN:
    default:
      return BEAT_NONE;
    }
}

/* The last ones, @max at most, oldest first. */
static const BobbinHealth *
get_states (BobbinHeartbeatBar *self, gsize max, gsize *n)
{
  const BobbinHealth *states = bobbin_monitor_get_states (self->monitor, n);
  const gsize n_left_out = *n > max ? *n - max : 0;

  *n -= n_left_out;

  return states + n_left_out;
}

static void
get_colors (BobbinHeartbeatBar *self, GdkRGBA colors[G_N_ELEMENTS (beats)])
{
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self));

  for (gsize i = 0; i < G_N_ELEMENTS (beats); i++)
    {
      if (beats[i].color == NULL ||
          !gtk_style_context_lookup_color (context, beats[i].color, &colors[i]))
        gtk_style_context_get_color (context, &colors[i]);
      colors[i].alpha *= beats[i].alpha;
    }
}

static void
bobbin_heartbeat_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  BobbinHeartbeatBar *self = BOBBIN_HEARTBEAT_BAR (widget);
  const gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  const int width = gtk_widget_get_width (widget);
  const int height = gtk_widget_get_height (widget);
  GdkRGBA colors[G_N_ELEMENTS (beats)];
  const BobbinHealth *states;
  gsize n;

  if (self->monitor == NULL)
    return;

  get_colors (self, colors);
  states = get_states (self, MIN (N_BEATS, MAX (width, 0) / STRIDE), &n);
  for (gsize i = 0; i < n; i++)
    {
      const BeatKind kind = get_kind (states[i]);
      const double tall = height * beats[kind].height;
      const double from_end = (n - i) * STRIDE;
      const double x = mirrored ? from_end - BEAT : width - from_end;

      gtk_snapshot_append_color (snapshot, &colors[kind],
                                 &GRAPHENE_RECT_INIT (x, (height - tall) / 2, BEAT, tall));
    }
}

static void
bobbin_heartbeat_bar_measure (GtkWidget *widget,
                              GtkOrientation orientation,
                              int for_size,
                              int *minimum,
                              int *natural,
                              int *minimum_baseline,
                              int *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 10 * STRIDE;
      *natural = N_BEATS * STRIDE;
    }
  else
    {
      *minimum = *natural = HEIGHT;
    }
}

/* The same in words. */
static void
describe (BobbinHeartbeatBar *self)
{
  g_autofree char *text = NULL;
  const BobbinHealth *states;
  guint n_good = 0;
  gsize n;

  states = get_states (self, N_BEATS, &n);
  for (gsize i = 0; i < n; i++)
    n_good += get_kind (states[i]) == BEAT_GOOD;

  /* Translators: the first %u is how many of the checks, which are the second %u, were good */
  text = n > 0 ? g_strdup_printf (_ ("%u of %u good"), n_good, (guint) n)
               : g_strdup (_ ("No checks yet"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

static void
on_sampled (BobbinHeartbeatBar *self)
{
  if (self->monitor != NULL)
    describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
bobbin_heartbeat_bar_dispose (GObject *object)
{
  BobbinHeartbeatBar *self = BOBBIN_HEARTBEAT_BAR (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->monitor);

  G_OBJECT_CLASS (bobbin_heartbeat_bar_parent_class)->dispose (object);
}

static void
bobbin_heartbeat_bar_class_init (BobbinHeartbeatBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_heartbeat_bar_dispose;
  widget_class->measure = bobbin_heartbeat_bar_measure;
  widget_class->snapshot = bobbin_heartbeat_bar_snapshot;

  gtk_widget_class_set_css_name (widget_class, "heartbeatbar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
bobbin_heartbeat_bar_init (BobbinHeartbeatBar *self)
{
  self->signals = g_signal_group_new (BOBBIN_TYPE_MONITOR);
  g_signal_group_connect_swapped (self->signals, "sampled", G_CALLBACK (on_sampled), self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Latest checks"), -1);
}

/**
 * bobbin_heartbeat_bar_set_monitor:
 * @monitor: (nullable): whose checks to show
 */
void
bobbin_heartbeat_bar_set_monitor (BobbinHeartbeatBar *self, BobbinMonitor *monitor)
{
  g_return_if_fail (BOBBIN_IS_HEARTBEAT_BAR (self));

  if (!g_set_object (&self->monitor, monitor))
    return;

  g_signal_group_set_target (self->signals, monitor);
  on_sampled (self);
}
