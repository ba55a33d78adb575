/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinUptimeLabel says how much of the last day something was up. It asks the history for that
 * when it is seen and a sample has come, not more often than every five minutes; the monitor keeps
 * the answer, so that a list that is scrolled asks once. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-uptime-label.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "bobbin-application.h"

/* From one question to the next, and as long as nothing is known. */
#define PERIOD       (5 * BOBBIN_ROLLUP_MINUTE)
#define FIRST_PERIOD (10 * BOBBIN_ROLLUP_SECOND)

#define KEY "bobbin-uptime"

struct _BobbinUptimeLabel
{
  AdwBin parent_instance;

  GtkLabel *label;
  BobbinMonitor *monitor; /* (owned) (nullable) */
  GSignalGroup *signals;  /* (owned): the monitor's */
};

G_DEFINE_FINAL_TYPE (BobbinUptimeLabel, bobbin_uptime_label, ADW_TYPE_BIN)

/* What a monitor keeps. */
typedef struct
{
  double fraction; /* NAN until it is known */
  gint64 asked;    /* g_get_monotonic_time(); 0 for never */
} Answer;

static Answer *
ensure_answer (BobbinMonitor *monitor)
{
  Answer *answer = g_object_get_data (G_OBJECT (monitor), KEY);

  if (answer == NULL)
    {
      answer = g_new0 (Answer, 1);
      answer->fraction = NAN;
      g_object_set_data_full (G_OBJECT (monitor), KEY, answer, g_free);
    }

  return answer;
}

static void
show (BobbinUptimeLabel *self)
{
  const double fraction = self->monitor != NULL ? ensure_answer (self->monitor)->fraction : NAN;
  g_autofree char *uptime = bobbin_uptime_format (fraction);
  g_autofree char *text = NULL;

  if (isnan (fraction))
    text = g_strdup ("");
  else
    /* Translators: how much of the last day something was up, such as “99.98% in 24 h” */
    text = g_strdup_printf (_ ("%s in 24 h"), uptime);
  gtk_label_set_label (self->label, text);
}

typedef struct
{
  BobbinUptimeLabel *self; /* (owned) */
  BobbinMonitor *monitor;  /* (owned) */
} Question;

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Question *question = user_data;
  g_autoptr (BobbinUptimeLabel) self = question->self;
  g_autoptr (BobbinMonitor) monitor = question->monitor;
  g_autoptr (GError) error = NULL;
  BobbinUptime uptime;

  if (!bobbin_history_uptime_finish (BOBBIN_HISTORY (source), result, &uptime, &error))
    {
      g_debug ("The uptime cannot be read: %s", error->message);
      return;
    }
  ensure_answer (monitor)->fraction = uptime.fraction;
  if (monitor == self->monitor)
    show (self);
}

static BobbinHistory *
get_history (BobbinUptimeLabel *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkApplication *application =
    GTK_IS_WINDOW (root) ? gtk_window_get_application (GTK_WINDOW (root)) : NULL;

  return BOBBIN_IS_APPLICATION (application)
           ? bobbin_application_get_history (BOBBIN_APPLICATION (application))
           : NULL;
}

static void
refresh (BobbinUptimeLabel *self)
{
  const gint64 now = g_get_real_time ();
  BobbinHistory *history = get_history (self);
  Question *question;
  Answer *answer;
  gint64 period;

  if (self->monitor == NULL || history == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  answer = ensure_answer (self->monitor);
  period = isnan (answer->fraction) ? FIRST_PERIOD : PERIOD;
  if (answer->asked > 0 && g_get_monotonic_time () - answer->asked < period)
    return;

  answer->asked = g_get_monotonic_time ();
  question = g_new (Question, 1);
  *question = (Question){ g_object_ref (self), g_object_ref (self->monitor) };
  bobbin_history_uptime_async (history, self->monitor, now - BOBBIN_ROLLUP_DAY, now, on_read,
                               question);
}

static void
bobbin_uptime_label_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (bobbin_uptime_label_parent_class)->map (widget);
  refresh (BOBBIN_UPTIME_LABEL (widget));
}

static void
bobbin_uptime_label_dispose (GObject *object)
{
  BobbinUptimeLabel *self = BOBBIN_UPTIME_LABEL (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->monitor);

  G_OBJECT_CLASS (bobbin_uptime_label_parent_class)->dispose (object);
}

static void
bobbin_uptime_label_class_init (BobbinUptimeLabelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_uptime_label_dispose;
  GTK_WIDGET_CLASS (klass)->map = bobbin_uptime_label_map;
}

static void
bobbin_uptime_label_init (BobbinUptimeLabel *self)
{
  self->label = GTK_LABEL (gtk_label_new (""));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->label));
  self->signals = g_signal_group_new (BOBBIN_TYPE_MONITOR);
  g_signal_group_connect_swapped (self->signals, "sampled", G_CALLBACK (refresh), self);
}

/**
 * bobbin_uptime_label_set_monitor:
 * @monitor: (nullable): what to tell of; %NULL to let go of it
 */
void
bobbin_uptime_label_set_monitor (BobbinUptimeLabel *self, BobbinMonitor *monitor)
{
  g_return_if_fail (BOBBIN_IS_UPTIME_LABEL (self));

  if (!g_set_object (&self->monitor, monitor))
    return;

  g_signal_group_set_target (self->signals, monitor);
  show (self);
  refresh (self);
}
