/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinUptimeBox says how much of the last day, week, month and year something was up, and of how
 * much of that anything is known. It asks the history when a sample has come, not more often than
 * once a minute, and only while it is seen. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-uptime-box.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define PERIOD BOBBIN_ROLLUP_MINUTE

static const struct
{
  const char *name;
  gint64 length;
} times[] = {
  { N_ ("24 hours"), BOBBIN_ROLLUP_DAY },
  { N_ ("7 days"), 7 * BOBBIN_ROLLUP_DAY },
  { N_ ("30 days"), 30 * BOBBIN_ROLLUP_DAY },
  { N_ ("1 year"), 365 * BOBBIN_ROLLUP_DAY },
};

#define N_TIMES G_N_ELEMENTS (times)

struct _BobbinUptimeBox
{
  GtkBox parent_instance;

  GtkLabel *labels[N_TIMES];
  BobbinUptime uptimes[N_TIMES];

  BobbinHistory *history; /* (owned) (nullable) */
  BobbinMonitor *monitor; /* (owned) (nullable) */
  GSignalGroup *signals;  /* (owned): the monitor's */
  gint64 asked;           /* g_get_monotonic_time(); 0 for never */
  guint question;         /* the number of the last one */
};

G_DEFINE_FINAL_TYPE (BobbinUptimeBox, bobbin_uptime_box, GTK_TYPE_BOX)

/* Never more than the truth. */
static char *
format_coverage (double coverage)
{
  /* Translators: of how much of some time anything is known, such as “98% known” */
  return g_strdup_printf (_ ("%d%% known"), (int) (coverage * 100 * (1 + 1e-12)));
}

static void
show_uptime (BobbinUptimeBox *self, guint i)
{
  g_autofree char *uptime = bobbin_uptime_format (self->uptimes[i].fraction);
  g_autofree char *coverage = format_coverage (self->uptimes[i].coverage);
  g_autofree char *markup = g_markup_printf_escaped ("<b>%s</b>\n%s\n<small>%s</small>", uptime,
                                                     _ (times[i].name), coverage);

  gtk_label_set_markup (self->labels[i], markup);
}

typedef struct
{
  BobbinUptimeBox *self; /* (owned) */
  guint question;
  guint i;
} Question;

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Question *question = user_data;
  g_autoptr (BobbinUptimeBox) self = question->self;
  g_autoptr (GError) error = NULL;
  BobbinUptime uptime;

  if (!bobbin_history_uptime_finish (BOBBIN_HISTORY (source), result, &uptime, &error))
    g_debug ("The uptime cannot be read: %s", error->message);
  else if (question->question == self->question)
    {
      self->uptimes[question->i] = uptime;
      show_uptime (self, question->i);
    }
}

static void
ask (BobbinUptimeBox *self)
{
  const gint64 now = g_get_real_time ();

  self->asked = g_get_monotonic_time ();
  self->question++;
  for (guint i = 0; i < N_TIMES; i++)
    {
      Question *question = g_new (Question, 1);

      *question = (Question){ g_object_ref (self), self->question, i };
      bobbin_history_uptime_async (self->history, self->monitor, now - times[i].length, now,
                                   on_read, question);
    }
}

static void
refresh (BobbinUptimeBox *self)
{
  if (self->monitor == NULL || self->history == NULL ||
      !gtk_widget_get_mapped (GTK_WIDGET (self)) ||
      (self->asked > 0 && g_get_monotonic_time () - self->asked < PERIOD))
    return;

  ask (self);
}

static void
bobbin_uptime_box_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (bobbin_uptime_box_parent_class)->map (widget);
  refresh (BOBBIN_UPTIME_BOX (widget));
}

static void
bobbin_uptime_box_dispose (GObject *object)
{
  BobbinUptimeBox *self = BOBBIN_UPTIME_BOX (object);

  self->question++;
  g_clear_object (&self->signals);
  g_clear_object (&self->monitor);
  g_clear_object (&self->history);

  G_OBJECT_CLASS (bobbin_uptime_box_parent_class)->dispose (object);
}

static void
bobbin_uptime_box_class_init (BobbinUptimeBoxClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_uptime_box_dispose;
  GTK_WIDGET_CLASS (klass)->map = bobbin_uptime_box_map;
}

static GtkWidget *
make_label (void)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_add_css_class (label, "numeric");

  return label;
}

/* In two lines where large text leaves no room for four beside each other. */
static void
bobbin_uptime_box_init (BobbinUptimeBox *self)
{
  GtkFlowBox *lines = GTK_FLOW_BOX (gtk_flow_box_new ());

  gtk_flow_box_set_selection_mode (lines, GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous (lines, TRUE);
  gtk_flow_box_set_min_children_per_line (lines, 2);
  gtk_flow_box_set_max_children_per_line (lines, N_TIMES);
  gtk_flow_box_set_row_spacing (lines, 6);
  gtk_widget_set_hexpand (GTK_WIDGET (lines), TRUE);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (lines));
  for (guint i = 0; i < N_TIMES; i++)
    {
      GtkWidget *label = make_label ();

      self->labels[i] = GTK_LABEL (label);
      gtk_flow_box_insert (lines, label, -1);
      gtk_widget_set_focusable (gtk_widget_get_parent (label), FALSE);
    }
  self->signals = g_signal_group_new (BOBBIN_TYPE_MONITOR);
  g_signal_group_connect_swapped (self->signals, "sampled", G_CALLBACK (refresh), self);
}

/**
 * bobbin_uptime_box_set_monitor:
 * @history: (nullable): what has the history of @monitor
 * @monitor: (nullable): what to tell of; %NULL to let go of it
 */
void
bobbin_uptime_box_set_monitor (BobbinUptimeBox *self,
                               BobbinHistory *history,
                               BobbinMonitor *monitor)
{
  g_return_if_fail (BOBBIN_IS_UPTIME_BOX (self));

  g_set_object (&self->history, history);
  if (!g_set_object (&self->monitor, monitor))
    return;

  g_signal_group_set_target (self->signals, monitor);
  self->question++;
  self->asked = 0;
  for (guint i = 0; i < N_TIMES; i++)
    {
      self->uptimes[i] = (BobbinUptime){ .fraction = NAN };
      show_uptime (self, i);
    }
  refresh (self);
}

/**
 * bobbin_uptime_box_to_text:
 *
 * Returns: (transfer full): what is shown, a line for each time
 */
char *
bobbin_uptime_box_to_text (BobbinUptimeBox *self)
{
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (BOBBIN_IS_UPTIME_BOX (self), NULL);

  for (guint i = 0; i < N_TIMES; i++)
    {
      g_autofree char *uptime = bobbin_uptime_format (self->uptimes[i].fraction);
      g_autofree char *coverage = format_coverage (self->uptimes[i].coverage);

      g_string_append_printf (text, "%s: %s (%s)\n", _ (times[i].name), uptime, coverage);
    }

  return g_string_free (text, FALSE);
}
