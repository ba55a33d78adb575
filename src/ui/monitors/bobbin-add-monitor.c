/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinAddMonitor asks what to monitor, how often, and above which value to warn. The fields are
 * those of the kind; what is wrong with them is said at once. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-add-monitor.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "bobbin-folder-row.h"
#include "bobbin-monitor.h"

/* In the order of the list in the .ui file. */
typedef enum
{
  KIND_PROCESSOR,
  KIND_MEMORY,
  KIND_DISK,
  KIND_WEBSITE,
  KIND_SERVER_PORT,
} Kind;

static const struct
{
  const char *limit; /* what the warning limit is of */
  double max_limit;
  double usual_limit;
  double min_interval; /* s */
} kinds[] = {
  [KIND_PROCESSOR] = { N_ ("Percent of processor time"), 100, 90, BOBBIN_MIN_INTERVAL },
  [KIND_MEMORY] = { N_ ("Percent of memory in use"), 100, 90, BOBBIN_MIN_INTERVAL },
  [KIND_DISK] = { N_ ("Percent of space in use"), 100, 90, BOBBIN_MIN_INTERVAL },
  [KIND_WEBSITE] = { N_ ("Milliseconds to an answer"), 600000, 1000, BOBBIN_MIN_REMOTE_INTERVAL },
  [KIND_SERVER_PORT] = { N_ ("Milliseconds to a connection"), 600000, 1000,
                         BOBBIN_MIN_REMOTE_INTERVAL },
};

struct _BobbinAddMonitor
{
  AdwWindow parent_instance;

  GtkWidget *ok;
  AdwComboRow *kind;
  BobbinFolderRow *folder;
  GtkEditable *address;
  GtkEditable *host;
  GtkWidget *port_row;
  GtkAdjustment *port;
  GtkAdjustment *interval;
  AdwActionRow *warn_row;
  GtkAdjustment *warn;
  GtkSwitch *warn_switch;
  GtkLabel *problem;

  BobbinApplication *application; /* (owned) */
};

G_DEFINE_FINAL_TYPE (BobbinAddMonitor, bobbin_add_monitor, ADW_TYPE_WINDOW)

/* https where the user named no scheme. */
static char *
web_target (const char *address)
{
  if (strstr (address, "://") != NULL)
    return g_strdup (address);

  return g_strconcat ("https://", address, NULL);
}

/* An IPv6 address stands in brackets before a port (RFC 3986 §3.2.2). */
static char *
port_target (const char *host, guint port)
{
  gboolean bare_ipv6 = strchr (host, ':') != NULL && host[0] != '[';

  return g_strdup_printf (bare_ipv6 ? "tcp://[%s]:%u" : "tcp://%s:%u", host, port);
}

/* NULL while a field that is needed is empty. */
static char *
build_target (BobbinAddMonitor *self)
{
  g_autofree char *address = g_strstrip (g_strdup (gtk_editable_get_text (self->address)));
  g_autofree char *host = g_strstrip (g_strdup (gtk_editable_get_text (self->host)));
  const char *folder = bobbin_folder_row_get_folder (self->folder);

  switch ((Kind) adw_combo_row_get_selected (self->kind))
    {
    case KIND_PROCESSOR:
      return g_strdup ("cpu");
    case KIND_MEMORY:
      return g_strdup ("memory");
    case KIND_DISK:
      return folder != NULL ? g_strconcat ("disk:", folder, NULL) : NULL;
    case KIND_WEBSITE:
      return *address != '\0' ? web_target (address) : NULL;
    case KIND_SERVER_PORT:
      return *host != '\0' ? port_target (host, gtk_adjustment_get_value (self->port)) : NULL;
    default:
      g_assert_not_reached ();
    }
}

static void
show_problem (BobbinAddMonitor *self, const GError *error)
{
  gtk_label_set_label (self->problem, error != NULL ? error->message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), error != NULL);
}

static void
on_changed (BobbinAddMonitor *self)
{
  g_autofree char *target = build_target (self);
  g_autoptr (GError) error = NULL;
  gboolean valid = target != NULL && bobbin_monitor_check_target (target, &error);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "add.monitor", valid);
  show_problem (self, error);
}

static void
on_kind (BobbinAddMonitor *self)
{
  Kind kind = adw_combo_row_get_selected (self->kind);

  gtk_widget_set_visible (GTK_WIDGET (self->folder), kind == KIND_DISK);
  gtk_widget_set_visible (GTK_WIDGET (self->address), kind == KIND_WEBSITE);
  gtk_widget_set_visible (GTK_WIDGET (self->host), kind == KIND_SERVER_PORT);
  gtk_widget_set_visible (self->port_row, kind == KIND_SERVER_PORT);

  gtk_adjustment_set_lower (self->interval, kinds[kind].min_interval);
  gtk_adjustment_set_value (self->interval, gtk_adjustment_get_value (self->interval));
  adw_action_row_set_subtitle (self->warn_row, _ (kinds[kind].limit));
  gtk_adjustment_set_upper (self->warn, kinds[kind].max_limit);
  gtk_adjustment_set_value (self->warn, kinds[kind].usual_limit);
  on_changed (self);
}

static void
add_monitor (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinAddMonitor *self = BOBBIN_ADD_MONITOR (widget);
  g_autofree char *target = build_target (self);
  g_autoptr (GError) error = NULL;
  double warn = NAN;

  g_return_if_fail (target != NULL);

  if (gtk_switch_get_active (self->warn_switch))
    warn = gtk_adjustment_get_value (self->warn);
  if (bobbin_application_add_monitor (self->application, target,
                                      gtk_adjustment_get_value (self->interval), warn, &error))
    gtk_window_destroy (GTK_WINDOW (self));
  else
    show_problem (self, error);
}

static void
bobbin_add_monitor_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (bobbin_add_monitor_parent_class)->map (widget);

  gtk_widget_grab_focus (GTK_WIDGET (BOBBIN_ADD_MONITOR (widget)->kind));
}

static void
bobbin_add_monitor_dispose (GObject *object)
{
  g_clear_object (&BOBBIN_ADD_MONITOR (object)->application);

  G_OBJECT_CLASS (bobbin_add_monitor_parent_class)->dispose (object);
}

static void
bobbin_add_monitor_class_init (BobbinAddMonitorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_add_monitor_dispose;
  widget_class->map = bobbin_add_monitor_map;

  g_type_ensure (BOBBIN_TYPE_FOLDER_ROW);

  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_RESOURCE_PATH
                                               "/monitors/bobbin-add-monitor.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinAddMonitor, ok);
  gtk_widget_class_bind_template_child (widget_class, BobbinAddMonitor, kind);
  gtk_widget_class_bind_template_child (widget_class, BobbinAddMonitor, folder);
  gtk_widget_class_bind_template_child (widget_class, BobbinAddMonitor, address);
  gtk_widget_class_bind_template_child (widget_class, BobbinAddMonitor, host);
  gtk_widget_class_bind_template_child (widget_class, BobbinAddMonitor, port_row);
  gtk_widget_class_bind_template_child (widget_class, BobbinAddMonitor, port);
  gtk_widget_class_bind_template_child (widget_class, BobbinAddMonitor, interval);
  gtk_widget_class_bind_template_child (widget_class, BobbinAddMonitor, warn_row);
  gtk_widget_class_bind_template_child (widget_class, BobbinAddMonitor, warn);
  gtk_widget_class_bind_template_child (widget_class, BobbinAddMonitor, warn_switch);
  gtk_widget_class_bind_template_child (widget_class, BobbinAddMonitor, problem);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_kind);
  gtk_widget_class_install_action (widget_class, "add.monitor", NULL, add_monitor);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
bobbin_add_monitor_init (BobbinAddMonitor *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  bobbin_folder_row_set_folder (self->folder, "/");
  gtk_adjustment_set_value (self->port, 443);
  on_kind (self);
}

/**
 * bobbin_add_monitor_new:
 * @application: what the monitor is added to
 *
 * Returns: (transfer none): the window, which GTK owns
 */
GtkWindow *
bobbin_add_monitor_new (BobbinApplication *application)
{
  BobbinAddMonitor *self = g_object_new (BOBBIN_TYPE_ADD_MONITOR, NULL);
  GSettings *settings = bobbin_application_get_settings (application);

  self->application = g_object_ref (application);
  gtk_adjustment_set_value (self->interval, g_settings_get_double (settings, "monitor-interval"));

  return GTK_WINDOW (self);
}
