/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinAlertRows is a row that opens to others: how the alerts of a monitor are told. Each is
 * checked by itself, so that the one that is wrong can be marked. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-alert-rows.h"

#include "bobbin-alert-settings.h"
#include "bobbin-monitor-secrets.h"
#include "bobbin-wrong-mark.h"

struct _BobbinAlertRows
{
  AdwExpanderRow parent_instance;

  GtkAdjustment *repeat;
  GtkEditable *command;
  GtkEditable *webhook;
  GtkEditable *windows;
};

G_DEFINE_FINAL_TYPE (BobbinAlertRows, bobbin_alert_rows, ADW_TYPE_EXPANDER_ROW)

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
on_changed (BobbinAlertRows *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* ---- what the rows say */

/* These return NULL without an error where nothing is set. */
static GVariant *
parse_command (const char *text, GError **error)
{
  g_auto (GStrv) words = NULL;

  if (*text == '\0' || !g_shell_parse_argv (text, NULL, &words, error))
    return NULL;

  return g_variant_new_strv ((const char *const *) words, -1);
}

static GVariant *
parse_webhook (const char *text, GError **error)
{
  return *text != '\0' ? g_variant_new_string (text) : NULL;
}

static GVariant *
parse_windows (const char *text, GError **error)
{
  g_auto (GStrv) items = g_strsplit (text, "|", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) kept = NULL;

  for (guint i = 0; items[i] != NULL; i++)
    if (*g_strstrip (items[i]) != '\0')
      g_strv_builder_add (builder, items[i]);
  kept = g_strv_builder_end (builder);

  return *kept != NULL ? g_variant_new_strv ((const char *const *) kept, -1) : NULL;
}

static gboolean
check (const char *name, GVariant *value, GError **error)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GVariant) alone = NULL;
  g_autoptr (BobbinAlertSettings) settings = NULL;

  g_variant_dict_insert_value (&dict, name, value);
  alone = g_variant_ref_sink (g_variant_dict_end (&dict));
  settings = bobbin_alert_settings_new (alone, error);

  return settings != NULL;
}

/* Says in @error what is wrong, but for what was wrong before it. */
static void
take_row (GVariantDict *alerting,
          const char *name,
          GtkEditable *row,
          GVariant *(*parse) (const char *text, GError **error),
          GError **error)
{
  g_autoptr (GError) own = NULL;
  g_autoptr (GVariant) value = parse (gtk_editable_get_text (row), &own);

  if (value != NULL)
    {
      g_variant_ref_sink (value);
      if (check (name, value, &own))
        g_variant_dict_insert_value (alerting, name, value);
    }

  bobbin_mark_wrong (row, row, own != NULL);
  if (own != NULL && *error == NULL)
    *error = g_steal_pointer (&own);
}

/**
 * bobbin_alert_rows_get_alerting:
 * @error: what is wrong: %BOBBIN_ERROR_BAD_SETTING or %G_SHELL_ERROR
 *
 * Marks each row that is wrong, and no other.
 *
 * Returns: (transfer full) (nullable): what is set, a{sv}, not floating
 */
GVariant *
bobbin_alert_rows_get_alerting (BobbinAlertRows *self, GError **error)
{
  g_auto (GVariantDict) alerting = G_VARIANT_DICT_INIT (NULL);
  GError *first = NULL;
  double minutes;

  g_return_val_if_fail (BOBBIN_IS_ALERT_ROWS (self), NULL);

  minutes = gtk_adjustment_get_value (self->repeat);
  if (minutes > 0)
    g_variant_dict_insert (&alerting, "repeat", "d", minutes * 60);
  take_row (&alerting, "command", self->command, parse_command, &first);
  take_row (&alerting, "webhook", self->webhook, parse_webhook, &first);
  take_row (&alerting, "windows", self->windows, parse_windows, &first);
  if (first != NULL)
    {
      g_propagate_error (error, first);
      return NULL;
    }

  return g_variant_ref_sink (g_variant_dict_end (&alerting));
}

/* ---- those of a monitor that is there */

static void
load_windows (BobbinAlertRows *self, GVariant *alerting)
{
  g_autoptr (GVariant) windows =
    g_variant_lookup_value (alerting, "windows", G_VARIANT_TYPE_STRING_ARRAY);
  g_autofree const char **items = windows != NULL ? g_variant_get_strv (windows, NULL) : NULL;
  g_autofree char *text = items != NULL ? g_strjoinv (" | ", (char **) items) : g_strdup ("");

  gtk_editable_set_text (self->windows, text);
}

/**
 * bobbin_alert_rows_load:
 * @monitor: a monitor
 *
 * Shows what is set for @monitor.
 */
void
bobbin_alert_rows_load (BobbinAlertRows *self, BobbinMonitor *monitor)
{
  g_autofree char *command = NULL;
  g_autoptr (GVariant) alerting = NULL;
  const char *webhook = "";
  double repeat = 0;
  gint64 whole = 0;

  g_return_if_fail (BOBBIN_IS_ALERT_ROWS (self));
  g_return_if_fail (BOBBIN_IS_MONITOR (monitor));

  g_object_get (monitor, "alerting", &alerting, NULL);
  if (alerting == NULL)
    return;

  command = bobbin_monitor_dup_command (monitor);
  if (!g_variant_lookup (alerting, "repeat", "d", &repeat) &&
      g_variant_lookup (alerting, "repeat", "x", &whole))
    repeat = whole;
  g_variant_lookup (alerting, "webhook", "&s", &webhook);
  gtk_adjustment_set_value (self->repeat, repeat / 60);
  gtk_editable_set_text (self->webhook, webhook);
  gtk_editable_set_text (self->command, command != NULL ? command : "");
  load_windows (self, alerting);
}

/* ---- its life */

static void
bobbin_alert_rows_class_init (BobbinAlertRowsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/bobbinapp/Bobbin/monitors/bobbin-alert-rows.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinAlertRows, repeat);
  gtk_widget_class_bind_template_child (widget_class, BobbinAlertRows, command);
  gtk_widget_class_bind_template_child (widget_class, BobbinAlertRows, webhook);
  gtk_widget_class_bind_template_child (widget_class, BobbinAlertRows, windows);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
}

static void
bobbin_alert_rows_init (BobbinAlertRows *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
