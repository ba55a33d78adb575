/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The dialogs: what they take, what they refuse and how they say so.
 */
#include "config.h"

#include "bobbin-folder-row.h"
#include "bobbin-details-pane.h"
#include "bobbin-finished-page.h"
#include "bobbin-history-chart.h"
#include "bobbin-job-list.h"
#include "bobbin-job-settings.h"
#include "bobbin-monitor-list.h"
#include "bobbin-monitor.h"
#include "bobbin-schedule-grid.h"
#include "ui-fixture.h"

#include <json-glib/json-glib.h>
#include <math.h>

static GtkWindow *
open_dialog (UiFixture *ui, const char *action)
{
  GtkWindow *dialog;

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (ui->window), action, NULL));
  dialog = ui_find_dialog (ui);
  ui_watch (ui, dialog);

  return dialog;
}

static guint
count_dialogs (UiFixture *ui)
{
  GListModel *toplevels = gtk_window_get_toplevels ();
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (toplevels, i);

      if (gtk_window_get_transient_for (window) == GTK_WINDOW (ui->window) &&
          gtk_widget_get_visible (GTK_WIDGET (window)))
        n++;
    }

  return n;
}

static GtkEditable *
find_entry (GtkWindow *dialog, const char *title)
{
  return GTK_EDITABLE (ui_find_titled (GTK_WIDGET (dialog), title));
}

/* Of several that are called the same, the one that is of the kind. */
static GtkEditable *
find_shown_entry (GtkWindow *dialog, const char *title)
{
  GtkWidget *row = ui_find_titled (GTK_WIDGET (dialog), title);

  while (row != NULL &&
         !(gtk_widget_get_visible (row) &&
           g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), title)))
    row = gtk_widget_get_next_sibling (row);

  return GTK_EDITABLE (row);
}

static gboolean
can_press (GtkWindow *dialog)
{
  return gtk_widget_is_sensitive (gtk_window_get_default_widget (dialog));
}

/* By what it is called. */
static void
choose_kind (GtkWindow *dialog, const char *kind)
{
  AdwComboRow *row = ADW_COMBO_ROW (ui_find_titled (GTK_WIDGET (dialog), "Kind"));
  GListModel *kinds = adw_combo_row_get_model (row);

  for (guint i = 0; i < g_list_model_get_n_items (kinds); i++)
    {
      g_autoptr (GtkStringObject) item = g_list_model_get_item (kinds, i);

      if (g_str_equal (gtk_string_object_get_string (item), kind))
        {
          adw_combo_row_set_selected (row, i);
          return;
        }
    }
  g_assert_not_reached ();
}

static void
press_and_expect (UiFixture *ui, GtkWindow *dialog, const char *target)
{
  guint n = ui_get_n_jobs (ui);
  BobbinMonitor *monitor;

  g_assert_true (can_press (dialog));
  g_signal_emit_by_name (gtk_window_get_default_widget (dialog), "clicked");
  ui_wait (ui_get_n_jobs (ui) == n + 1);
  monitor = BOBBIN_MONITOR (ui_get_job (ui, n));
  ui_watch (ui, monitor);
  g_assert_cmpstr (bobbin_monitor_get_target (monitor), ==, target);
  g_assert_cmpfloat (bobbin_monitor_get_interval (monitor), ==, 5);
  ui_wait (ui_has_state (BOBBIN_JOB (monitor), BOBBIN_JOB_RUNNING));
}

static void
test_monitor_kinds (UiFixture *ui)
{
  GtkWindow *dialog = open_dialog (ui, "win.add-monitor");

  choose_kind (dialog, "Processor");
  press_and_expect (ui, dialog, "cpu");

  dialog = open_dialog (ui, "win.add-monitor");
  choose_kind (dialog, "Memory");
  press_and_expect (ui, dialog, "memory");

  dialog = open_dialog (ui, "win.add-monitor");
  choose_kind (dialog, "Disk");
  press_and_expect (ui, dialog, "disk:/");

  dialog = open_dialog (ui, "win.add-monitor");
  choose_kind (dialog, "Website");
  g_assert_false (can_press (dialog));
  gtk_editable_set_text (find_entry (dialog, "Address"), "http://127.0.0.1:1/");
  press_and_expect (ui, dialog, "http://127.0.0.1:1/");

  dialog = open_dialog (ui, "win.add-monitor");
  choose_kind (dialog, "Server Port");
  g_assert_false (can_press (dialog));
  gtk_editable_set_text (find_entry (dialog, "Server"), "::1");
  press_and_expect (ui, dialog, "tcp://[::1]:443");
}

/* A kind, the field that it has, what is typed there, and what is monitored then. */
typedef struct
{
  const char *kind;
  const char *field; /* (nullable) */
  const char *text;
  const char *target;
} Kind;

static void
test_monitor_other_kinds (UiFixture *ui)
{
  static const Kind kinds[] = {
    { "Page That Changes", "Address", "127.0.0.1:1/a", "page:https://127.0.0.1:1/a" },
    { "Certificate", "Server", "127.0.0.1", "cert://127.0.0.1:443" },
    { "Ping", "Server", "127.0.0.1", "ping:127.0.0.1" },
    { "Name Lookup", "Host Name", "localhost", "dns:localhost" },
    { "Free Space", NULL, NULL, "disk-free:/" },
    { "Inodes", NULL, NULL, "inodes:/" },
    { "Program", "Program Name", "init", "process:init" },
    { "Temperature", NULL, NULL, "temperature" },
    { "Temperature", "Sensor (Hottest if Empty)", "chip", "temperature:chip" },
    { "Network Traffic", "Interface", "lo", "net:lo" },
    { "Swap", NULL, NULL, "swap" },
    { "Load", NULL, NULL, "load" },
    { "Pressure", "Resource: cpu, memory or io", "io", "pressure:io" },
    { "Processor Core", "Number", "0", "cpu:0" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      GtkWindow *dialog = open_dialog (ui, "win.add-monitor");

      choose_kind (dialog, kinds[i].kind);
      if (kinds[i].field != NULL)
        gtk_editable_set_text (find_shown_entry (dialog, kinds[i].field), kinds[i].text);
      press_and_expect (ui, dialog, kinds[i].target);
    }
}

/* The size of a folder that is not the whole disk. */
static void
test_monitor_folder (UiFixture *ui)
{
  GtkWindow *dialog = open_dialog (ui, "win.add-monitor");
  g_autofree char *target = g_strconcat ("folder:", ui->folder, NULL);
  GtkWidget *row = ui_find_titled (GTK_WIDGET (dialog), "Folder");

  choose_kind (dialog, "Folder Size");
  bobbin_folder_row_set_folder (BOBBIN_FOLDER_ROW (row), ui->folder);
  press_and_expect (ui, dialog, target);
}

static AdwExpanderRow *
find_expander (GtkWindow *dialog, const char *title)
{
  return ADW_EXPANDER_ROW (ui_find_titled (GTK_WIDGET (dialog), title));
}

static void
set_spin (GtkWindow *dialog, const char *title, double value)
{
  GtkWidget *row = ui_find_titled (GTK_WIDGET (dialog), title);

  gtk_spin_button_set_value (GTK_SPIN_BUTTON (ui_find_type (row, GTK_TYPE_SPIN_BUTTON)), value);
}

/* Who only names a server hears of its certificate in time, as from the command line; and who has
 * switched that off does not. */
static void
test_monitor_usual_limits (UiFixture *ui)
{
  GtkWindow *dialog = open_dialog (ui, "win.add-monitor");
  g_autoptr (BobbinJob) usual = bobbin_monitor_new ("cert://127.0.0.1:443", NULL);
  BobbinMonitor *monitor;

  choose_kind (dialog, "Certificate");
  gtk_editable_set_text (find_entry (dialog, "Server"), "127.0.0.1");
  press_and_expect (ui, dialog, "cert://127.0.0.1:443");
  monitor = BOBBIN_MONITOR (ui_get_job (ui, 0));
  g_assert_cmpfloat (bobbin_monitor_get_warn (monitor), ==,
                     bobbin_monitor_get_warn (BOBBIN_MONITOR (usual)));
  g_assert_cmpfloat (bobbin_monitor_get_critical (monitor), ==,
                     bobbin_monitor_get_critical (BOBBIN_MONITOR (usual)));

  dialog = open_dialog (ui, "win.add-monitor");
  choose_kind (dialog, "Certificate");
  gtk_editable_set_text (find_entry (dialog, "Server"), "127.0.0.1");
  adw_expander_row_set_enable_expansion (find_expander (dialog, "Warn Beyond a Limit"), FALSE);
  press_and_expect (ui, dialog, "cert://127.0.0.1:443");
  g_assert_true (isnan (bobbin_monitor_get_warn (BOBBIN_MONITOR (ui_get_job (ui, 1)))));

  dialog = open_dialog (ui, "win.add-monitor");
  choose_kind (dialog, "Certificate");
  choose_kind (dialog, "Memory");
  press_and_expect (ui, dialog, "memory");
  g_assert_true (isnan (bobbin_monitor_get_warn (BOBBIN_MONITOR (ui_get_job (ui, 2)))));
}

/* A server is asked once a second at the most, whatever the settings say. */
static void
test_monitor_interval (UiFixture *ui)
{
  GSettings *settings = bobbin_application_get_settings (ui->app);
  GtkWindow *dialog;
  GtkWidget *button;

  g_settings_set_double (settings, "monitor-interval", 0.5);
  dialog = open_dialog (ui, "win.add-monitor");
  button = ui_find_type (ui_find_titled (GTK_WIDGET (dialog), "Interval"), GTK_TYPE_SPIN_BUTTON);
  g_assert_cmpfloat (gtk_spin_button_get_value (GTK_SPIN_BUTTON (button)), ==, 0.5);
  choose_kind (dialog, "Website");
  g_assert_cmpfloat (gtk_spin_button_get_value (GTK_SPIN_BUTTON (button)), ==, 1);
  gtk_window_close (dialog);

  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "add-monitor",
                                  g_variant_new_string ("tcp://127.0.0.1:1"));
  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "add-monitor",
                                  g_variant_new_string ("memory"));
  g_assert_cmpfloat (bobbin_monitor_get_interval (BOBBIN_MONITOR (ui_get_job (ui, 0))), ==, 1);
  g_assert_cmpfloat (bobbin_monitor_get_interval (BOBBIN_MONITOR (ui_get_job (ui, 1))), ==, 0.5);
}

/* What a new monitor has set, and the editor again. */
static void
test_monitor_settings (UiFixture *ui)
{
  GtkWindow *dialog = open_dialog (ui, "win.add-monitor");
  g_autoptr (GVariant) alerting = NULL;
  g_autofree char *fetch = NULL;
  g_autofree char *target = bobbin_test_server_get_uri (ui->server, "/page.txt");
  g_autofree char *page = g_strconcat ("page:", target, NULL);
  BobbinMonitor *monitor;
  double repeat = 0, warn_clear;

  bobbin_test_server_set (ui->server, "/page.txt", &(BobbinTestFile){ .length = 10 });
  choose_kind (dialog, "Page That Changes");
  gtk_editable_set_text (find_entry (dialog, "Address"), target);
  gtk_editable_set_text (find_entry (dialog, "Ignored Lines"), "^visitor (");
  g_assert_false (can_press (dialog));
  gtk_editable_set_text (find_entry (dialog, "Ignored Lines"), "^visitor");
  g_assert_true (can_press (dialog));
  gtk_editable_set_text (find_entry (dialog, "Maintenance Windows"), "never");
  g_assert_false (can_press (dialog));
  gtk_editable_set_text (find_entry (dialog, "Maintenance Windows"), "daily 01:00-02:00");
  gtk_editable_set_text (find_entry (dialog, "Tags"), " home, office,home,");
  set_spin (dialog, "Remind Every", 30);
  adw_expander_row_set_enable_expansion (find_expander (dialog, "Download Each Change"), TRUE);
  adw_expander_row_set_enable_expansion (find_expander (dialog, "Warn Beyond a Limit"), TRUE);
  press_and_expect (ui, dialog, page);

  monitor = BOBBIN_MONITOR (ui_get_job (ui, 0));
  g_object_get (monitor, "alerting", &alerting, "fetch", &fetch, "warn-clear", &warn_clear, NULL);
  g_assert_true (g_variant_lookup (alerting, "repeat", "d", &repeat));
  g_assert_cmpfloat (repeat, ==, 1800);
  g_assert_cmpstr (fetch, ==, ui->folder);
  g_assert_cmpfloat (bobbin_monitor_get_warn (monitor), ==, 1000);
  g_assert_true (isnan (warn_clear));
  g_assert_true (isnan (bobbin_monitor_get_critical (monitor)));

  ui_act (BOBBIN_JOB (monitor), ui, "job.edit");
  dialog = ui_find_dialog (ui);
  ui_watch (ui, dialog);
  g_assert_cmpstr (gtk_editable_get_text (find_entry (dialog, "Tags")), ==, "home, office");
  g_assert_cmpstr (gtk_editable_get_text (find_entry (dialog, "Ignored Lines")), ==, "^visitor");
  gtk_editable_set_text (find_entry (dialog, "Ignored Lines"), "");
  set_spin (dialog, "Margin", 200);
  adw_expander_row_set_enable_expansion (find_expander (dialog, "Download Each Change"), FALSE);
  g_signal_emit_by_name (gtk_window_get_default_widget (dialog), "clicked");
  ui_wait (count_dialogs (ui) == 0);
  g_clear_pointer (&fetch, g_free);
  g_object_get (monitor, "fetch", &fetch, "warn-clear", &warn_clear, NULL);
  g_assert_null (fetch);
  g_assert_cmpfloat (warn_clear, ==, 800);
  g_assert_cmpuint (g_variant_n_children (bobbin_monitor_get_options (monitor)), ==, 0);
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 1);
}

/* What is set for a monitor, without what it found. */
static JsonNode *
save_settings (BobbinJob *job)
{
  g_autofree char *settings = bobbin_job_settings_save (job);
  g_autofree char *text = bobbin_monitor_list_write ((const char *const[]){ settings, NULL }, NULL);

  g_test_message ("%s", text);

  return json_from_string (text, NULL);
}

/* Nothing is lost or made up by looking at it. */
static void
test_monitor_unchanged (UiFixture *ui)
{
  g_autoptr (BobbinJob) job = bobbin_monitor_new ("cert://127.0.0.1:1", NULL);
  g_autoptr (JsonNode) before = NULL;
  g_autoptr (JsonNode) after = NULL;
  GtkWindow *dialog;
  GtkWidget *focus;

  g_object_set (job, "interval", 7 * 86400.0, "warn", 30.0, "warn-clear", 35.0, "critical", NAN,
                "for", 3000, "for-seconds", 2 * 86400.0, "recover", 2000, "timeout", 900.0,
                "alerting",
                g_variant_new_parsed ("{'command': <['/bin/true', 'a b']>, 'repeat': <864000.0>,"
                                      "'windows': <['daily 01:00-02:00', 'sun 00:00-24:00']>}"),
                NULL);
  before = save_settings (job);
  g_assert_true (bobbin_application_add_job (ui->app, job, NULL));
  ui_get_job (ui, 0);
  ui_watch (ui, job);
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.show-page", "s", "monitors");
  ui_act (job, ui, "job.edit");
  dialog = ui_find_dialog (ui);
  ui_watch (ui, dialog);
  focus = gtk_window_get_focus (dialog);
  g_assert_nonnull (focus);
  g_assert_true (gtk_widget_is_visible (focus));
  g_signal_emit_by_name (gtk_window_get_default_widget (dialog), "clicked");
  ui_wait (count_dialogs (ui) == 0);
  after = save_settings (job);
  g_assert_true (json_node_equal (after, before));
}

/* Adds an empty one, which has the focus. */
static GtkEditable *
add_header (GtkWindow *dialog)
{
  GtkWidget *row = ui_find_titled (GTK_WIDGET (dialog), "Headers");
  GtkWidget *focus;

  g_signal_emit_by_name (ui_find_button (row, "Add"), "clicked");
  focus = gtk_window_get_focus (dialog);

  return GTK_EDITABLE (gtk_widget_get_ancestor (focus, ADW_TYPE_ENTRY_ROW));
}

/* A header is one row, whatever is in it, and a secret one shows only its name. */
static void
test_monitor_headers (UiFixture *ui)
{
  GVariant *options =
    g_variant_new_parsed ("{'headers': <['Authorization: Bearer 1|abc', 'Accept: a|b']>}");
  g_autoptr (BobbinJob) job =
    bobbin_monitor_new_with_options ("http://127.0.0.1:1/", options, NULL);
  g_autofree const char **headers = NULL;
  g_autoptr (GVariant) after = NULL;
  GtkWindow *dialog;
  GtkEditable *entry;

  g_assert_true (bobbin_application_add_job (ui->app, job, NULL));
  ui_get_job (ui, 0);
  ui_watch (ui, job);
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.show-page", "s", "monitors");
  ui_act (job, ui, "job.edit");
  dialog = ui_find_dialog (ui);
  ui_watch (ui, dialog);
  entry = find_entry (dialog, "Authorization");
  g_assert_true (ADW_IS_PASSWORD_ENTRY_ROW (entry));
  g_assert_cmpstr (gtk_editable_get_text (entry), ==, "Bearer 1|abc");
  g_assert_cmpstr (gtk_editable_get_text (find_entry (dialog, "Header")), ==, "Accept: a|b");
  gtk_editable_set_text (entry, "Bearer 2|abc");
  gtk_editable_set_text (add_header (dialog), "X-Other: 1");
  gtk_editable_set_text (add_header (dialog), " ");
  entry = find_entry (dialog, "Header");
  g_signal_emit_by_name (ui_find_button (GTK_WIDGET (entry), "Remove"), "clicked");
  g_signal_emit_by_name (gtk_window_get_default_widget (dialog), "clicked");
  ui_wait (count_dialogs (ui) == 0);

  after = g_variant_lookup_value (bobbin_monitor_get_options (BOBBIN_MONITOR (job)), "headers",
                                  G_VARIANT_TYPE_STRING_ARRAY);
  headers = g_variant_get_strv (after, NULL);
  g_assert_cmpuint (g_strv_length ((GStrv) headers), ==, 2);
  g_assert_cmpstr (headers[0], ==, "Authorization: Bearer 2|abc");
  g_assert_cmpstr (headers[1], ==, "X-Other: 1");
}

static gboolean
row_says (GtkWindow *dialog, const char *text)
{
  GtkWidget *row = ui_find_titled (GTK_WIDGET (dialog), "Check Now");

  return strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), text) != NULL;
}

/* What it would find, or why it finds nothing; and the window goes while it looks. */
static void
test_monitor_try (UiFixture *ui)
{
  GtkWindow *dialog = open_dialog (ui, "win.add-monitor");
  g_autofree char *target = bobbin_test_server_get_uri (ui->server, "/a.bin");
  g_autofree char *stalled = bobbin_test_server_get_uri (ui->server, "/stalled");

  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .length = 10 });
  bobbin_test_server_set (ui->server, "/stalled",
                          &(BobbinTestFile){ .fault = BOBBIN_TEST_FAULT_STALL,
                                             .fault_at = BOBBIN_TEST_BEFORE_HEADER });
  choose_kind (dialog, "Processor");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "editor.test", NULL));
  ui_wait (row_says (dialog, "%"));
  g_assert_true (gtk_test_accessible_has_property (
    GTK_ACCESSIBLE (ui_find_button (GTK_WIDGET (dialog), "_Check")),
    GTK_ACCESSIBLE_PROPERTY_DESCRIPTION));
  g_assert_true (gtk_test_accessible_has_property (
    GTK_ACCESSIBLE (ui_find_type (GTK_WIDGET (dialog), GTK_TYPE_SPINNER)),
    GTK_ACCESSIBLE_PROPERTY_LABEL));
  choose_kind (dialog, "Website");
  gtk_editable_set_text (find_entry (dialog, "Address"), "http://127.0.0.1:1/");
  gtk_widget_activate_action (GTK_WIDGET (dialog), "editor.test", NULL);
  ui_wait (row_says (dialog, "127.0.0.1"));
  gtk_editable_set_text (find_entry (dialog, "Address"), target);
  gtk_widget_activate_action (GTK_WIDGET (dialog), "editor.test", NULL);
  ui_wait (row_says (dialog, "HTTP 200"));
  gtk_editable_set_text (find_entry (dialog, "Address"), stalled);
  gtk_widget_activate_action (GTK_WIDGET (dialog), "editor.test", NULL);
  bobbin_test_server_wait_stalled (ui->server, 1);
  gtk_window_close (dialog);
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 0);
}

/* Each thing that one wants to know of a computer is a monitor of its own, with its own limits. */
static void
test_monitor_computer (UiFixture *ui)
{
  static const char *const targets[] = { "cpu", "memory", "disk:/", "load", NULL };
  GtkWindow *dialog = open_dialog (ui, "win.add-monitor");

  g_assert_true (can_press (dialog));
  g_assert_false (
    gtk_widget_get_visible (ui_find_titled (GTK_WIDGET (dialog), "Warn Beyond a Limit")));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "editor.test", NULL));
  for (guint i = 0; targets[i] != NULL; i++)
    {
      g_autoptr (BobbinJob) usual = bobbin_monitor_new (targets[i], NULL);
      g_autofree char *beginning = g_strconcat (bobbin_job_get_title (usual), ": ", NULL);

      ui_wait (row_says (dialog, beginning));
    }
  gtk_editable_set_text (find_entry (dialog, "Tags"), "here");
  g_assert_false (row_says (dialog, ": "));
  g_signal_emit_by_name (gtk_window_get_default_widget (dialog), "clicked");

  for (guint i = 0; targets[i] != NULL; i++)
    {
      g_autoptr (BobbinJob) usual = bobbin_monitor_new (targets[i], NULL);
      BobbinMonitor *monitor = BOBBIN_MONITOR (ui_get_job (ui, i));
      g_auto (GStrv) tags = NULL;

      ui_watch (ui, monitor);
      g_assert_cmpstr (bobbin_monitor_get_target (monitor), ==, targets[i]);
      g_assert_true (isnan (bobbin_monitor_get_warn (monitor)) ==
                     isnan (bobbin_monitor_get_warn (BOBBIN_MONITOR (usual))));
      g_object_get (monitor, "tags", &tags, NULL);
      g_assert_true (g_strv_contains ((const char *const *) tags, "here"));
      ui_wait (ui_has_state (BOBBIN_JOB (monitor), BOBBIN_JOB_RUNNING));
    }
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 4);
}

static void
test_monitor_check (UiFixture *ui)
{
  GtkWindow *dialog = open_dialog (ui, "win.add-monitor");
  g_autoptr (GError) error = NULL;

  choose_kind (dialog, "Website");
  gtk_editable_set_text (find_entry (dialog, "Address"), "gopher://127.0.0.1/");
  g_assert_false (can_press (dialog));
  g_assert_false (bobbin_monitor_check_target ("gopher://127.0.0.1/", &error));
  ui_wait (ui_has_label (GTK_WIDGET (dialog), error->message));
  gtk_window_close (dialog);
}

/* With @text in the row that has this title: it and no other is wrong, and what is said is not
 * scrolled away. */
static void
assert_wrong (GtkWindow *dialog, const char *title, const char *text)
{
  static const char *const titles[] = {
    "Address",        "Server",  "Keyword", "Regular Expression", "Expected JSON Value",
    "Most Redirects", "Command", "Webhook", "Maintenance Windows"
  };
  GtkWidget *root = GTK_WIDGET (dialog);

  gtk_editable_set_text (find_entry (dialog, title), text);
  g_assert_false (can_press (dialog));
  g_assert_nonnull (ui_get_alert (root));
  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      g_test_message ("%s, while %s is wrong", titles[i], title);
      g_assert_cmpint (ui_is_wrong (ui_find_titled (root, titles[i])), ==,
                       g_str_equal (titles[i], title));
    }
  g_assert_null (ui_get_alert (ui_find_type (root, ADW_TYPE_PREFERENCES_PAGE)));
}

static void
assert_right (GtkWindow *dialog, const char *title, const char *text)
{
  gtk_editable_set_text (find_entry (dialog, title), text);
  g_assert_true (can_press (dialog));
  g_assert_false (ui_is_wrong (ui_find_titled (GTK_WIDGET (dialog), title)));
  g_assert_null (ui_get_alert (GTK_WIDGET (dialog)));
}

static void
test_monitor_wrong (UiFixture *ui)
{
  GtkWindow *dialog = open_dialog (ui, "win.add-monitor");

  choose_kind (dialog, "Website");
  assert_wrong (dialog, "Address", "gopher://127.0.0.1/");
  assert_right (dialog, "Address", "http://127.0.0.1:1/");
  assert_wrong (dialog, "Most Redirects", "many");
  assert_right (dialog, "Most Redirects", "");
  assert_wrong (dialog, "Regular Expression", "(");
  assert_right (dialog, "Regular Expression", "a");
  assert_wrong (dialog, "Expected JSON Value", "1");
  assert_right (dialog, "Expected JSON Value", "");
  assert_wrong (dialog, "Command", "'");
  assert_right (dialog, "Command", "true");
  assert_wrong (dialog, "Webhook", "example");
  assert_right (dialog, "Webhook", "http://127.0.0.1:1/");
  assert_wrong (dialog, "Maintenance Windows", "never");
  assert_right (dialog, "Maintenance Windows", "");
  gtk_window_close (dialog);
}

/* In any row, as in the first. */
static void
test_monitor_enter (UiFixture *ui)
{
  static const char *const titles[] = {
    "Address", "Tags", "Keyword", "Password", "Command", "Webhook", "Maintenance Windows"
  };

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      GtkWindow *dialog = open_dialog (ui, "win.add-monitor");

      g_test_message ("%s", titles[i]);
      choose_kind (dialog, "Website");
      gtk_editable_set_text (find_entry (dialog, "Address"), "http://127.0.0.1:1/");
      g_signal_emit_by_name (gtk_editable_get_delegate (find_entry (dialog, titles[i])),
                             "activate");
      ui_wait (ui_get_n_jobs (ui) == i + 1);
      ui_watch (ui, ui_get_job (ui, i));
    }
}

/* Words that can be translated, for what the engine has words of its own for. */
static void
test_monitor_choices (UiFixture *ui)
{
  static const char *const expected[] = { "In", "Out", "In and Out" };
  g_autoptr (BobbinJob) job = bobbin_monitor_new ("net:lo", NULL);
  GVariant *options;
  GtkWindow *dialog;
  AdwComboRow *row;
  const char *direction = NULL;

  g_assert_true (bobbin_application_add_job (ui->app, job, NULL));
  ui_get_job (ui, 0);
  ui_watch (ui, job);
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.show-page", "s", "monitors");
  ui_act (job, ui, "job.edit");
  dialog = ui_find_dialog (ui);
  ui_watch (ui, dialog);
  row = ADW_COMBO_ROW (ui_find_titled (GTK_WIDGET (dialog), "Direction"));
  g_assert_cmpuint (g_list_model_get_n_items (adw_combo_row_get_model (row)), ==,
                    G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpstr (gtk_string_list_get_string (GTK_STRING_LIST (adw_combo_row_get_model (row)),
                                                 i),
                     ==, expected[i]);
  adw_combo_row_set_selected (row, 0);
  g_signal_emit_by_name (gtk_window_get_default_widget (dialog), "clicked");
  ui_wait (count_dialogs (ui) == 0);
  options = bobbin_monitor_get_options (BOBBIN_MONITOR (job));
  g_assert_true (g_variant_lookup (options, "direction", "&s", &direction));
  g_assert_cmpstr (direction, ==, "in");
}

static void
test_preferences (UiFixture *ui)
{
  BobbinJobQueue *queue = bobbin_application_get_queue (ui->app);
  GtkWindow *dialog;
  GtkWidget *spin;

  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "preferences", NULL);
  dialog = ui_find_dialog (ui);
  ui_watch (ui, dialog);
  spin = ui_find_type (ui_find_titled (GTK_WIDGET (dialog), "_Simultaneous Downloads"),
                       GTK_TYPE_SPIN_BUTTON);
  g_assert_cmpint (gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (spin)), ==, 4);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin), 7);
  ui_wait (bobbin_job_queue_get_max_transfers (queue) == 7);
  gtk_window_close (dialog);
}

static void
test_about (UiFixture *ui)
{
  GtkWindow *dialog;

  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "about", NULL);
  dialog = ui_find_dialog (ui);
  ui_watch (ui, dialog);
  g_assert_true (ADW_IS_ABOUT_WINDOW (dialog));
  gtk_window_close (dialog);
}

static gboolean
is_version_button (GtkWidget *widget)
{
  return GTK_IS_BUTTON (widget) &&
         g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)),
                    "about.copy-property") == 0;
}

static GtkWidget *
find_version_button (GtkWidget *root)
{
  GtkWidget *found = is_version_button (root) ? root : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_version_button (child);

  return found;
}

/* Two toasts in one frame are more than libadwaita bears before 1.3. */
static void
test_about_version (UiFixture *ui)
{
  gboolean bears_it = adw_get_major_version () > 1 || adw_get_minor_version () >= 3;
  GtkWindow *dialog;
  GtkWidget *button;

  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "about", NULL);
  dialog = ui_find_dialog (ui);
  ui_watch (ui, dialog);
  button = find_version_button (GTK_WIDGET (dialog));
  if (button != NULL) /* later ones name the action otherwise, or need none */
    g_assert_cmpint (gtk_widget_is_sensitive (button), ==, bears_it);
  else
    g_assert_true (bears_it);
  gtk_window_close (dialog);
}

/* Asked for again it is the same one that comes to the front. */
static void
test_once (UiFixture *ui)
{
  static const char *const actions[] = { "win.add-download", "win.add-monitor", "app.preferences",
                                         "app.about", "win.show-help-overlay" };

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      GtkWindow *dialog = open_dialog (ui, actions[i]);

      gtk_widget_activate_action (GTK_WIDGET (ui->window), actions[i], NULL);
      g_assert_true (ui_find_dialog (ui) == dialog);
      g_assert_cmpuint (count_dialogs (ui), ==, 1);
      gtk_window_close (dialog);
      ui_wait (count_dialogs (ui) == 0);
    }
  gdk_display_sync (gtk_widget_get_display (GTK_WIDGET (ui->window)));
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* GTK 4.8 hides it only, and on X11 trips over what the server still has to say of it when it is
 * freed in the same moment. */
static void
close_shortcuts (GtkWindow *dialog)
{
  gtk_window_close (dialog);
  gdk_display_sync (gtk_widget_get_display (GTK_WIDGET (dialog)));
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
collect (GtkWidget *widget, GPtrArray *triggers)
{
  g_autofree char *accelerators = NULL;

  if (g_str_equal (G_OBJECT_TYPE_NAME (widget), "GtkShortcutsShortcut"))
    {
      g_auto (GStrv) parts = NULL;

      g_object_get (widget, "accelerator", &accelerators, NULL);
      parts = g_strsplit (accelerators != NULL ? accelerators : "", " ", -1);
      for (guint i = 0; parts[i] != NULL; i++)
        if (*parts[i] != '\0')
          g_ptr_array_add (triggers, gtk_shortcut_trigger_parse_string (parts[i]));
      return;
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect (child, triggers);
}

static void
assert_told (GPtrArray *triggers, GtkShortcutTrigger *trigger)
{
  g_autofree char *text = gtk_shortcut_trigger_to_string (trigger);

  /* Another key for the same. */
  if (strstr (text, "KP_") != NULL)
    return;

  for (guint i = 0; i < triggers->len; i++)
    if (gtk_shortcut_trigger_equal (g_ptr_array_index (triggers, i), trigger))
      return;

  g_error ("%s is not among the shortcuts", text);
}

/* Those that the class has; of windows those with an action, for GTK has others. */
static void
assert_all_told (GPtrArray *triggers, GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      GListModel *shortcuts =
        GTK_IS_SHORTCUT_CONTROLLER (controller) ? G_LIST_MODEL (controller) : NULL;

      for (guint k = 0; shortcuts != NULL && k < g_list_model_get_n_items (shortcuts); k++)
        {
          g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (shortcuts, k);

          if (!GTK_IS_WINDOW (widget) || GTK_IS_NAMED_ACTION (gtk_shortcut_get_action (shortcut)))
            assert_told (triggers, gtk_shortcut_get_trigger (shortcut));
        }
    }
}

/* Keys that there are, and are told of: those of actions, and those of widgets. */
static void
test_all_shortcuts (UiFixture *ui)
{
  static GType (*const get_types[]) (void) = {
    bobbin_job_list_get_type,      bobbin_details_pane_get_type,  bobbin_finished_page_get_type,
    bobbin_history_chart_get_type, bobbin_schedule_grid_get_type,
  };
  GtkWindow *dialog = open_dialog (ui, "win.show-help-overlay");
  g_autoptr (GPtrArray) triggers = g_ptr_array_new_with_free_func (g_object_unref);
  g_auto (GStrv) actions = gtk_application_list_action_descriptions (GTK_APPLICATION (ui->app));

  collect (GTK_WIDGET (dialog), triggers);
  for (guint i = 0; actions[i] != NULL; i++)
    {
      g_auto (GStrv) accels =
        gtk_application_get_accels_for_action (GTK_APPLICATION (ui->app), actions[i]);
      g_autoptr (GtkShortcutTrigger) trigger = gtk_shortcut_trigger_parse_string (accels[0]);

      assert_told (triggers, trigger);
    }
  assert_all_told (triggers, GTK_WIDGET (ui->window));
  for (gsize i = 0; i < G_N_ELEMENTS (get_types); i++)
    {
      g_autoptr (GtkWidget) widget = g_object_ref_sink (g_object_new (get_types[i](), NULL));

      assert_all_told (triggers, widget);
    }
  close_shortcuts (dialog);
}

static void
test_shortcuts (UiFixture *ui)
{
  GtkWindow *dialog = open_dialog (ui, "win.show-help-overlay");

  g_assert_true (GTK_IS_SHORTCUTS_WINDOW (dialog));
  close_shortcuts (dialog);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/dialogs/monitor/kinds", test_monitor_kinds);
  ui_test_add ("/ui/dialogs/monitor/other-kinds", test_monitor_other_kinds);
  ui_test_add ("/ui/dialogs/monitor/folder", test_monitor_folder);
  ui_test_add ("/ui/dialogs/monitor/computer", test_monitor_computer);
  ui_test_add ("/ui/dialogs/monitor/check", test_monitor_check);
  ui_test_add ("/ui/dialogs/monitor-settings", test_monitor_settings);
  ui_test_add ("/ui/dialogs/monitor-unchanged", test_monitor_unchanged);
  ui_test_add ("/ui/dialogs/monitor-headers", test_monitor_headers);
  ui_test_add ("/ui/dialogs/monitor-try", test_monitor_try);
  ui_test_add ("/ui/dialogs/monitor/usual-limits", test_monitor_usual_limits);
  ui_test_add ("/ui/dialogs/monitor/interval", test_monitor_interval);
  ui_test_add ("/ui/dialogs/monitor/wrong", test_monitor_wrong);
  ui_test_add ("/ui/dialogs/monitor/enter", test_monitor_enter);
  ui_test_add ("/ui/dialogs/monitor/choices", test_monitor_choices);
  ui_test_add ("/ui/dialogs/preferences", test_preferences);
  ui_test_add ("/ui/dialogs/about", test_about);
  ui_test_add ("/ui/dialogs/about-version", test_about_version);
  ui_test_add ("/ui/dialogs/once", test_once);
  ui_test_add ("/ui/dialogs/shortcuts", test_shortcuts);
  ui_test_add ("/ui/dialogs/all-shortcuts", test_all_shortcuts);

  return g_test_run ();
}
