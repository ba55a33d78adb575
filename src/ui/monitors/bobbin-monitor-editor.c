/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinMonitorEditor asks what to monitor and how, of new monitors or of one that is there. The
 * fields are those of the kind; what is wrong with them is said at once, and what the monitor would
 * find can be tried before it is saved. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-monitor-editor.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "bobbin-alert-rows.h"
#include "bobbin-check-row.h"
#include "bobbin-folder-row.h"
#include "bobbin-monitor-secrets.h"
#include "bobbin-monitor-template.h"
#include "bobbin-option-rows.h"
#include "bobbin-wrong-mark.h"

struct _BobbinMonitorEditor
{
  AdwWindow parent_instance;

  GtkButton *ok;
  AdwComboRow *kind;
  AdwActionRow *fixed;
  BobbinFolderRow *folder;
  GtkEditable *address;
  GtkEditable *host;
  GtkWidget *port_row;
  GtkAdjustment *port;
  GtkEditable *name;
  GtkWidget *interval_button;
  GtkAdjustment *interval;
  GtkEditable *tags;
  BobbinOptionRows *options;
  BobbinCheckRow *check_row;
  GtkLabel *problem;
  AdwExpanderRow *warn_row;
  AdwActionRow *warn_limit;
  GtkAdjustment *warn;
  GtkAdjustment *warn_margin;
  AdwExpanderRow *critical_row;
  AdwActionRow *critical_limit;
  GtkAdjustment *critical;
  GtkAdjustment *critical_margin;
  GtkAdjustment *for_samples;
  GtkAdjustment *for_seconds;
  GtkAdjustment *recover;
  GtkAdjustment *timeout;
  AdwExpanderRow *fetch;
  BobbinFolderRow *fetch_folder;
  BobbinAlertRows *alerts;

  BobbinApplication *application;         /* (owned) */
  BobbinMonitor *monitor;                 /* (owned) (nullable): the one that is edited */
  const BobbinMonitorTemplate *templates; /* (unowned) */
  const BobbinMonitorTemplate *edited;    /* (unowned) (nullable): of the one that is edited */
  gboolean loading;
};

G_DEFINE_FINAL_TYPE (BobbinMonitorEditor, bobbin_monitor_editor, ADW_TYPE_WINDOW)

static const BobbinMonitorTemplate *
get_template (BobbinMonitorEditor *self)
{
  return self->monitor != NULL ? self->edited
                               : &self->templates[adw_combo_row_get_selected (self->kind)];
}

static double
get (GtkAdjustment *adjustment)
{
  return gtk_adjustment_get_value (adjustment);
}

/* ---- what the fields say */

/* One that is there stays what it is. */
static GStrv
dup_edited_target (BobbinMonitorEditor *self)
{
  const char *targets[] = { bobbin_monitor_get_target (self->monitor), NULL };

  return g_strdupv ((char **) targets);
}

/* NULL while a field that is needed is empty. */
static GStrv
make_targets (BobbinMonitorEditor *self)
{
  g_autofree char *address = g_strstrip (g_strdup (gtk_editable_get_text (self->address)));
  g_autofree char *server = g_strstrip (g_strdup (gtk_editable_get_text (self->host)));
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name)));
  const BobbinTargetFields fields = { .folder = bobbin_folder_row_get_folder (self->folder),
                                      .address = address,
                                      .server = server,
                                      .port = get (self->port),
                                      .name = name };

  if (self->monitor != NULL)
    return dup_edited_target (self);

  return bobbin_monitor_template_make_targets (get_template (self), &fields);
}

static double
get_limit (BobbinMonitorEditor *self, AdwExpanderRow *row, GtkAdjustment *limit)
{
  return adw_expander_row_get_enable_expansion (row) ? get (limit) * get_template (self)->unit
                                                     : NAN;
}

/* On the good side of the limit. */
static double
get_clear (BobbinMonitorEditor *self, BobbinMonitor *monitor, double limit, GtkAdjustment *margin)
{
  const double distance = get (margin) * get_template (self)->unit;

  if (isnan (limit) || distance == 0)
    return NAN;

  return bobbin_monitor_get_side (monitor) == BOBBIN_LIMIT_SIDE_BELOW ? limit + distance
                                                                      : limit - distance;
}

/* Of several each has its own, as the engine has them. */
static void
apply_limits (BobbinMonitorEditor *self, BobbinMonitor *monitor)
{
  const double warn = get_limit (self, self->warn_row, self->warn);
  const double critical = get_limit (self, self->critical_row, self->critical);

  g_object_set (monitor, "warn", warn, "warn-clear",
                get_clear (self, monitor, warn, self->warn_margin), "critical", critical,
                "critical-clear", get_clear (self, monitor, critical, self->critical_margin), NULL);
}

static char *
format_tags (BobbinMonitor *monitor)
{
  g_auto (GStrv) tags = NULL;

  g_object_get (monitor, "tags", &tags, NULL);

  return tags != NULL ? g_strjoinv (", ", tags) : g_strdup ("");
}

/* One that came from a file may have a comma in it: what nobody has touched stays as it is. */
static void
apply_tags (BobbinMonitorEditor *self, BobbinMonitor *monitor)
{
  const char *text = gtk_editable_get_text (self->tags);
  g_autofree char *before = format_tags (monitor);
  g_auto (GStrv) items = g_strsplit (text, ",", -1);
  g_autoptr (GPtrArray) tags = g_ptr_array_new ();

  if (g_str_equal (text, before))
    return;

  for (guint i = 0; items[i] != NULL; i++)
    if (*g_strstrip (items[i]) != '\0' &&
        !g_ptr_array_find_with_equal_func (tags, items[i], g_str_equal, NULL))
      g_ptr_array_add (tags, items[i]);
  g_ptr_array_add (tags, NULL);
  bobbin_monitor_set_tags (monitor, (const char *const *) tags->pdata);
}

static void
apply (BobbinMonitorEditor *self, BobbinMonitor *monitor, GVariant *alerting)
{
  const gboolean fetches = gtk_widget_get_visible (GTK_WIDGET (self->fetch)) &&
                           adw_expander_row_get_enable_expansion (self->fetch);

  if (get_template (self)->form != BOBBIN_TARGET_COMPUTER)
    apply_limits (self, monitor);
  apply_tags (self, monitor);
  g_object_set (monitor, "for", (guint) get (self->for_samples), "for-seconds",
                get (self->for_seconds), "recover", (guint) get (self->recover), "timeout",
                get (self->timeout), "interval", get (self->interval), "alerting",
                g_variant_n_children (alerting) > 0 ? alerting : NULL, "fetch",
                fetches ? bobbin_folder_row_get_folder (self->fetch_folder) : NULL, NULL);
}

/* That in which @target is typed, if it is. */
static void
mark_target (BobbinMonitorEditor *self, const char *target)
{
  const gboolean is_wrong = target != NULL && !bobbin_monitor_check_target (target, NULL);
  GtkEditable *rows[] = { self->address, self->host, self->name };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    bobbin_mark_wrong (rows[i], rows[i], is_wrong && gtk_widget_get_visible (GTK_WIDGET (rows[i])));
}

static GPtrArray *
make_each (BobbinMonitorEditor *self,
           char **targets,
           GVariant *options,
           GVariant *alerting,
           GError **error)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);

  for (; *targets != NULL; targets++)
    {
      BobbinJob *job = bobbin_monitor_new_with_options (*targets, options, error);

      if (job == NULL)
        return NULL;
      apply (self, BOBBIN_MONITOR (job), alerting);
      g_ptr_array_add (jobs, job);
    }

  return g_steal_pointer (&jobs);
}

/* Monitors as the fields want them, that nobody has seen yet; NULL without an error while a field
 * that is needed is empty. Rows that are wrong are marked. */
static GPtrArray *
make_monitors (BobbinMonitorEditor *self, GError **error)
{
  g_auto (GStrv) targets = make_targets (self);
  const char *target = targets != NULL ? targets[0] : NULL;
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GVariant) options = bobbin_option_rows_get_options (self->options, &wrong);
  g_autoptr (GVariant) alerting =
    bobbin_alert_rows_get_alerting (self->alerts, wrong == NULL ? &wrong : NULL);
  GPtrArray *jobs = NULL;

  mark_target (self, target);
  if (target != NULL && wrong == NULL)
    jobs = make_each (self, targets, options, alerting, &wrong);
  if (jobs == NULL && target != NULL && options != NULL)
    bobbin_option_rows_mark_wrong (self->options, target, options);
  if (wrong != NULL)
    g_propagate_error (error, g_steal_pointer (&wrong));

  return jobs;
}

/* ---- what is wrong with them */

static void
show_problem (BobbinMonitorEditor *self, const GError *error)
{
  bobbin_tell_wrong (self->problem, error != NULL ? error->message : NULL);
}

static void
on_changed (BobbinMonitorEditor *self)
{
  g_autoptr (GPtrArray) jobs = NULL;
  g_autoptr (GError) error = NULL;

  if (self->loading)
    return;

  jobs = make_monitors (self, &error);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "editor.save", jobs != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "editor.test", jobs != NULL);
  show_problem (self, error);
  bobbin_check_row_forget (self->check_row);
}

/* ---- the fields of a kind */

static void
show_target_fields (BobbinMonitorEditor *self, const BobbinMonitorTemplate *template)
{
  const BobbinTargetForm form = self->monitor == NULL ? template->form : BOBBIN_TARGET_FIXED;
  const gboolean has_port = form == BOBBIN_TARGET_SERVER_PORT;
  const gboolean has_name = form == BOBBIN_TARGET_NAME || form == BOBBIN_TARGET_NAME_OR_NONE;

  gtk_widget_set_visible (GTK_WIDGET (self->folder), form == BOBBIN_TARGET_FOLDER);
  gtk_widget_set_visible (GTK_WIDGET (self->address), form == BOBBIN_TARGET_ADDRESS);
  gtk_widget_set_visible (GTK_WIDGET (self->host), has_port);
  gtk_widget_set_visible (self->port_row, has_port);
  gtk_widget_set_visible (GTK_WIDGET (self->name), has_name);
  if (template->field != NULL)
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->name), _ (template->field));
}

/* On from the start where the kind has a limit that makes sense for everybody. */
static void
show_limit (AdwExpanderRow *row,
            AdwActionRow *limit_row,
            GtkAdjustment *limit,
            const BobbinMonitorTemplate *template,
            double usual,
            double suggested)
{
  adw_action_row_set_subtitle (limit_row, _ (template->limit));
  gtk_adjustment_set_upper (limit, template->max_limit);
  gtk_adjustment_set_value (limit, isnan (usual) ? suggested : usual / template->unit);
  adw_expander_row_set_enable_expansion (row, !isnan (usual));
}

/* As the engine has them. */
static void
show_limits (BobbinMonitorEditor *self, const BobbinProbeKind *kind)
{
  const BobbinMonitorTemplate *template = get_template (self);
  g_autoptr (BobbinJob) usual = bobbin_monitor_new (kind->example, NULL);
  double warn, critical;

  g_object_get (usual, "warn", &warn, "critical", &critical, NULL);
  show_limit (self->warn_row, self->warn_limit, self->warn, template, warn, template->warn);
  show_limit (self->critical_row, self->critical_limit, self->critical, template, critical,
              template->critical);
}

static void
show_template (BobbinMonitorEditor *self, GVariant *options)
{
  const BobbinMonitorTemplate *template = get_template (self);
  const gboolean is_page = g_str_equal (template->prefix, "page:");
  const gboolean is_web = g_str_equal (template->prefix, "http");
  const gboolean is_one = template->form != BOBBIN_TARGET_COMPUTER;
  const BobbinProbeKind *kind = bobbin_probe_kind_find (is_web ? "https:" : template->prefix);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->kind),
                               is_one ? "" : _ ("Processor, memory, disk and load"));
  show_target_fields (self, template);
  gtk_adjustment_set_lower (self->interval, bobbin_monitor_template_is_remote (template)
                                              ? BOBBIN_MONITOR_MIN_REMOTE_INTERVAL
                                              : BOBBIN_MONITOR_MIN_INTERVAL);
  gtk_adjustment_set_value (self->interval, get (self->interval));
  show_limits (self, kind);
  gtk_widget_set_visible (GTK_WIDGET (self->warn_row), is_one);
  gtk_widget_set_visible (GTK_WIDGET (self->critical_row), is_one);
  gtk_widget_set_visible (GTK_WIDGET (self->fetch), is_page);
  bobbin_option_rows_set_table (self->options, kind->options, options);
}

static void
on_kind (BobbinMonitorEditor *self)
{
  if (self->loading)
    return;

  self->loading = TRUE;
  show_template (self, NULL);
  self->loading = FALSE;
  on_changed (self);
}

/* ---- to try */

static void
test (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinMonitorEditor *self = BOBBIN_MONITOR_EDITOR (widget);
  g_autoptr (GPtrArray) jobs = make_monitors (self, NULL);

  if (jobs != NULL)
    bobbin_check_row_check (self->check_row, jobs,
                            bobbin_application_get_queue (self->application));
}

/* ---- to save */

/* What it has now is kept, and of what it had before nothing is. */
static void
remember (BobbinMonitorEditor *self, BobbinJob *job, const char *before)
{
  BobbinKeyring *keyring = bobbin_application_get_keyring (self->application);
  g_autofree char *secrets = bobbin_monitor_dup_secrets (BOBBIN_MONITOR (job));

  if (!bobbin_monitor_lacks_secrets (BOBBIN_MONITOR (job)) && g_strcmp0 (secrets, before) != 0)
    bobbin_keyring_remember (keyring, job);
}

static gboolean
add (BobbinMonitorEditor *self, GError **error)
{
  g_autoptr (GPtrArray) jobs = make_monitors (self, error);

  if (jobs == NULL)
    return FALSE;

  for (guint i = 0; i < jobs->len; i++)
    {
      if (!bobbin_application_add_job (self->application, g_ptr_array_index (jobs, i), error))
        return FALSE;
      remember (self, g_ptr_array_index (jobs, i), NULL);
    }

  return TRUE;
}

/* A run goes on with the options it began with. */
static gboolean
change (BobbinMonitorEditor *self, GError **error)
{
  BobbinJob *job = BOBBIN_JOB (self->monitor);
  g_autoptr (GVariant) options = bobbin_option_rows_get_options (self->options, error);
  g_autoptr (GVariant) alerting =
    options != NULL ? bobbin_alert_rows_get_alerting (self->alerts, error) : NULL;
  GVariant *before = bobbin_monitor_get_options (self->monitor);
  g_autofree char *secrets = bobbin_monitor_dup_secrets (self->monitor);
  const gboolean is_empty = options != NULL && g_variant_n_children (options) == 0;
  const gboolean is_same =
    before != NULL ? options != NULL && g_variant_equal (before, options) : is_empty;

  if (alerting == NULL)
    return FALSE;
  if (!is_same)
    {
      if (!bobbin_monitor_set_options (self->monitor, options, error))
        return FALSE;
      if (bobbin_job_get_state (job) == BOBBIN_JOB_RUNNING)
        bobbin_job_restart (job);
    }
  apply (self, self->monitor, alerting);
  remember (self, job, secrets);

  return TRUE;
}

static void
save (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinMonitorEditor *self = BOBBIN_MONITOR_EDITOR (widget);
  g_autoptr (GError) error = NULL;

  if (self->monitor != NULL ? change (self, &error) : add (self, &error))
    gtk_window_destroy (GTK_WINDOW (self));
  else
    show_problem (self, error);
}

/* ---- the fields of a monitor that is there */

static void
load_limit (BobbinMonitorEditor *self,
            AdwExpanderRow *row,
            GtkAdjustment *limit,
            GtkAdjustment *margin,
            double value,
            double clear)
{
  const double unit = get_template (self)->unit;

  adw_expander_row_set_enable_expansion (row, !isnan (value));
  if (isnan (value))
    return;

  gtk_adjustment_set_upper (limit, MAX (gtk_adjustment_get_upper (limit), value / unit));
  gtk_adjustment_set_lower (limit, MIN (gtk_adjustment_get_lower (limit), value / unit));
  gtk_adjustment_set_value (limit, value / unit);
  gtk_adjustment_set_value (margin, isnan (clear) ? 0 : ABS (value - clear) / unit);
}

static void
load_limits (BobbinMonitorEditor *self, BobbinMonitor *monitor)
{
  double warn, warn_clear, critical, critical_clear, for_seconds, timeout;
  guint for_samples, recover;

  g_object_get (monitor, "warn", &warn, "warn-clear", &warn_clear, "critical", &critical,
                "critical-clear", &critical_clear, "for", &for_samples, "for-seconds", &for_seconds,
                "recover", &recover, "timeout", &timeout, NULL);
  load_limit (self, self->warn_row, self->warn, self->warn_margin, warn, warn_clear);
  load_limit (self, self->critical_row, self->critical, self->critical_margin, critical,
              critical_clear);
  gtk_adjustment_set_value (self->for_samples, for_samples);
  gtk_adjustment_set_value (self->for_seconds, for_seconds);
  gtk_adjustment_set_value (self->recover, recover);
  gtk_adjustment_set_value (self->timeout, timeout);
}

static void
load (BobbinMonitorEditor *self, BobbinMonitor *monitor)
{
  g_autofree char *tags = format_tags (monitor);
  g_autofree char *folder = NULL;

  g_object_get (monitor, "fetch", &folder, NULL);
  gtk_editable_set_text (self->tags, tags);
  gtk_adjustment_set_value (self->interval, bobbin_monitor_get_interval (monitor));
  load_limits (self, monitor);
  bobbin_alert_rows_load (self->alerts, monitor);
  adw_expander_row_set_enable_expansion (self->fetch, folder != NULL);
  if (folder != NULL)
    bobbin_folder_row_set_folder (self->fetch_folder, folder);
}

/* ---- the window */

/* What is monitored stays as it is: the first that can be changed has the focus. */
static void
bobbin_monitor_editor_map (GtkWidget *widget)
{
  BobbinMonitorEditor *self = BOBBIN_MONITOR_EDITOR (widget);

  GTK_WIDGET_CLASS (bobbin_monitor_editor_parent_class)->map (widget);

  gtk_widget_grab_focus (self->monitor != NULL ? self->interval_button : GTK_WIDGET (self->kind));
}

static void
bobbin_monitor_editor_dispose (GObject *object)
{
  BobbinMonitorEditor *self = BOBBIN_MONITOR_EDITOR (object);

  g_clear_object (&self->monitor);
  g_clear_object (&self->application);

  G_OBJECT_CLASS (bobbin_monitor_editor_parent_class)->dispose (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BobbinMonitorEditor, child)

static void
bind_target_fields (GtkWidgetClass *widget_class)
{
  BIND (ok);
  BIND (kind);
  BIND (fixed);
  BIND (folder);
  BIND (address);
  BIND (host);
  BIND (port_row);
  BIND (port);
  BIND (name);
  BIND (interval_button);
  BIND (interval);
  BIND (tags);
  BIND (options);
  BIND (check_row);
  BIND (problem);
}

static void
bind_other_fields (GtkWidgetClass *widget_class)
{
  BIND (warn_row);
  BIND (warn_limit);
  BIND (warn);
  BIND (warn_margin);
  BIND (critical_row);
  BIND (critical_limit);
  BIND (critical);
  BIND (critical_margin);
  BIND (for_samples);
  BIND (for_seconds);
  BIND (recover);
  BIND (timeout);
  BIND (fetch);
  BIND (fetch_folder);
  BIND (alerts);
}

static void
bobbin_monitor_editor_class_init (BobbinMonitorEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_monitor_editor_dispose;
  widget_class->map = bobbin_monitor_editor_map;

  g_type_ensure (BOBBIN_TYPE_ALERT_ROWS);
  g_type_ensure (BOBBIN_TYPE_CHECK_ROW);
  g_type_ensure (BOBBIN_TYPE_FOLDER_ROW);
  g_type_ensure (BOBBIN_TYPE_OPTION_ROWS);

  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_RESOURCE_PATH
                                               "/monitors/bobbin-monitor-editor.ui");
  bind_target_fields (widget_class);
  bind_other_fields (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_kind);
  gtk_widget_class_install_action (widget_class, "editor.save", NULL, save);
  gtk_widget_class_install_action (widget_class, "editor.test", NULL, test);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
list_kinds (BobbinMonitorEditor *self)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  guint n;

  self->templates = bobbin_monitor_templates_get (&n);
  for (guint i = 0; i < n; i++)
    gtk_string_list_append (list, _ (self->templates[i].title));
  adw_combo_row_set_model (self->kind, G_LIST_MODEL (list));
}

static void
bobbin_monitor_editor_init (BobbinMonitorEditor *self)
{
  self->loading = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  list_kinds (self);
  bobbin_folder_row_set_folder (self->folder, "/");
  gtk_adjustment_set_value (self->port, 443);
  gtk_adjustment_set_value (self->for_samples, 1);
  gtk_adjustment_set_value (self->timeout, 10);
}

static BobbinMonitorEditor *
make_editor (BobbinApplication *application)
{
  BobbinMonitorEditor *self = g_object_new (BOBBIN_TYPE_MONITOR_EDITOR, NULL);
  g_autofree char *folder = bobbin_application_dup_folder (application);

  self->application = g_object_ref (application);
  bobbin_folder_row_set_folder (self->fetch_folder, folder);

  return self;
}

/**
 * bobbin_monitor_editor_new:
 * @application: what the monitor is added to
 *
 * Returns: (transfer none): a window for a new monitor, which GTK owns
 */
GtkWindow *
bobbin_monitor_editor_new (BobbinApplication *application)
{
  BobbinMonitorEditor *self = make_editor (application);
  GSettings *settings = bobbin_application_get_settings (application);

  show_template (self, NULL);
  gtk_adjustment_set_value (self->interval, g_settings_get_double (settings, "monitor-interval"));
  self->loading = FALSE;
  on_changed (self);

  return GTK_WINDOW (self);
}

/**
 * bobbin_monitor_editor_new_for:
 * @application: whose it is
 * @monitor: a monitor
 *
 * What it monitors stays, as its history is of that.
 *
 * Returns: (transfer none) (nullable): a window for @monitor, which GTK owns; %NULL if it is of no
 *   kind that a person can edit
 */
GtkWindow *
bobbin_monitor_editor_new_for (BobbinApplication *application, BobbinMonitor *monitor)
{
  const BobbinMonitorTemplate *template =
    bobbin_monitor_templates_find (bobbin_monitor_get_target (monitor));
  g_autofree char *shown = g_markup_escape_text (bobbin_job_get_title (BOBBIN_JOB (monitor)), -1);
  BobbinMonitorEditor *self;

  if (template == NULL)
    return NULL;

  self = make_editor (application);
  self->monitor = g_object_ref (monitor);
  self->edited = template;
  gtk_window_set_title (GTK_WINDOW (self), _ ("Edit Monitor"));
  gtk_button_set_label (self->ok, _ ("_Save"));
  gtk_widget_set_visible (GTK_WIDGET (self->kind), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->fixed), TRUE);
  adw_action_row_set_subtitle (self->fixed, shown);
  show_template (self, bobbin_monitor_get_options (monitor));
  load (self, monitor);
  self->loading = FALSE;
  on_changed (self);

  return GTK_WINDOW (self);
}
