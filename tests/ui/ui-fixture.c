/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs the real app in the test's process, and looks at it as a user would.
 */
#include "config.h"

#include "ui-fixture.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bobbin-download.h"
#include "bobbin-job-list.h"
#include "bobbin-monitor.h"
#include "ui-notifications.h"

/* Far more than anything takes; only a fault waits so long. */
#define PATIENCE (30 * G_TIME_SPAN_SECOND)

/* ---- a list of jobs that is nobody's */

static char data_folder[] = "/tmp/bobbin-ui-data-XXXXXX";

static void
delete_data_folder (void)
{
  rmdir (data_folder);
}

/* GLib asks for the folder once and keeps the answer; others may well be the first to ask it. */
__attribute__ ((constructor)) static void
use_data_folder (void)
{
  if (mkdtemp (data_folder) == NULL || setenv ("XDG_DATA_HOME", data_folder, TRUE) < 0 ||
      atexit (delete_data_folder) != 0)
    abort ();
}

/* ---- waiting */

gint64
ui_deadline (void)
{
  return g_get_monotonic_time () + PATIENCE;
}

static gboolean
on_deadline (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* One turn of the main loop, begun by an event, or at the very latest by the deadline. */
void
ui_iterate (gint64 deadline, const char *what)
{
  gint64 left = (deadline - g_get_monotonic_time ()) / 1000;
  guint source;

  if (left <= 0)
    g_error ("Waited in vain for: %s", what);

  source = g_timeout_add (left, on_deadline, NULL);
  g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
}

/* ---- what must have gone in the end */

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

/* Says of @object that nothing may hold it when all is over. */
void
ui_watch (UiFixture *ui, gpointer object)
{
  GWeakRef *ref = g_new (GWeakRef, 1);

  g_weak_ref_init (ref, object);
  g_ptr_array_add (ui->watched, ref);
}

static gboolean
all_gone (UiFixture *ui)
{
  for (guint i = 0; i < ui->watched->len; i++)
    {
      g_autoptr (GObject) object = g_weak_ref_get (g_ptr_array_index (ui->watched, i));

      if (object != NULL)
        return FALSE;
    }

  return TRUE;
}

/* ---- the life of a test */

typedef struct
{
  UiFixture *ui;
  UiScenario scenario;
  gboolean played;
} Play;

static gboolean
play (gpointer user_data)
{
  Play *self = user_data;
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (self->ui->app));

  g_assert_nonnull (windows);
  g_set_weak_pointer (&self->ui->window, BOBBIN_WINDOW (windows->data));
  ui_watch (self->ui, self->ui->window);
  /* What a user waits for, a test need not; and libadwaita 1.2 reads freed memory when a toast is
   * closed before it has fully come. */
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  ui_watch (self->ui, bobbin_application_get_queue (self->ui->app));

  self->scenario (self->ui);
  self->played = TRUE;
  bobbin_application_drain (self->ui->app);

  return G_SOURCE_REMOVE;
}

static void
on_activate (GApplication *app, Play *self)
{
  if (self->played)
    return;

  g_signal_handlers_disconnect_by_data (app, self);
  g_idle_add (play, self);
}

static void
use_folder (const char *folder)
{
  g_autoptr (GSettings) settings = g_settings_new (BOBBIN_SCHEMA_ID);
  g_autoptr (GSettingsSchema) schema = NULL;
  g_auto (GStrv) keys = NULL;

  g_object_get (settings, "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);
  for (guint i = 0; keys[i] != NULL; i++)
    g_settings_reset (settings, keys[i]);
  g_settings_set_string (settings, "download-folder", folder);
  /* With more, nobody can say where a download stands when its server falls silent. */
  g_settings_set_uint (settings, "connections", 1);
}

static void
empty_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static gboolean list_is_kept;

void
ui_keep_list (gboolean keep)
{
  list_is_kept = keep;
}

/* No test finds the jobs of the one before, unless it wants to. */
static void
delete_list (void)
{
  const char *name = g_str_equal (PROFILE, "development") ? "bobbin-devel" : "bobbin";
  g_autofree char *folder = g_build_filename (data_folder, name, NULL);

  g_assert_cmpstr (g_get_user_data_dir (), ==, data_folder);
  empty_folder (folder);
}

/* Before 1.8 libadwaita measures the long heading of a message dialog for less than its width, and
 * newer versions of GTK warn of it. */
static gboolean
is_of_long_heading (const GLogField *fields, gsize n_fields)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE"))
      return g_str_has_prefix (fields[i].value, "Trying to measure GtkLabel ");

  return FALSE;
}

static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  if (adw_get_minor_version () < 8 && is_of_long_heading (fields, n_fields))
    return G_LOG_WRITER_HANDLED;

  return g_log_writer_default (level, fields, n_fields, user_data);
}

static void
write_log_once (void)
{
  static gboolean written;

  if (!written)
    g_log_set_writer_func (write_log, NULL, NULL);
  written = TRUE;
}

/* Runs the app with @arguments, NULL-terminated, program name first, and @scenario in it. */
void
ui_run (UiScenario scenario, const char *const *arguments)
{
  UiFixture ui = { NULL };
  Play self = { &ui, scenario, FALSE };
  g_autoptr (BobbinApplication) app = bobbin_application_new ();
  int n_arguments = arguments != NULL ? g_strv_length ((GStrv) arguments) : 0;

  write_log_once ();
  ui_notifications_serve ();
  ui.app = app;
  ui.folder = g_dir_make_tmp ("bobbin-ui-XXXXXX", NULL);
  ui.server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  ui.watched = g_ptr_array_new_with_free_func (weak_ref_free);
  use_folder (ui.folder);

  g_application_set_flags (G_APPLICATION (app), g_application_get_flags (G_APPLICATION (app)) |
                                                  G_APPLICATION_NON_UNIQUE);
  g_signal_connect (app, "activate", G_CALLBACK (on_activate), &self);
  ui_watch (&ui, app);

  g_assert_cmpint (g_application_run (G_APPLICATION (app), n_arguments, (char **) arguments), ==,
                   0);
  g_assert_true (self.played);
  g_assert_null (gtk_application_get_windows (GTK_APPLICATION (app)));

  ui.app = NULL;
  g_clear_object (&app);
  ui_wait (all_gone (&ui));

  g_clear_weak_pointer (&ui.window);
  g_ptr_array_unref (ui.watched);
  bobbin_test_server_free (ui.server);
  empty_folder (ui.folder);
  if (!list_is_kept)
    delete_list ();
  g_free (ui.folder);
}

static void
run_plainly (gconstpointer scenario)
{
  ui_run ((UiScenario) scenario, NULL);
}

void
ui_test_add (const char *path, UiScenario scenario)
{
  g_test_add_data_func (path, scenario, run_plainly);
}

/* ---- passwords */

static char *secrets_path;

/* libsecret's own, in a file, instead of the desktop's. Before g_test_init(). */
const char *
ui_secrets_open (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bobbin-secrets-XXXXXX", NULL);

  secrets_path = g_build_filename (folder, "secrets", NULL);
  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", secrets_path, TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "test", TRUE);

  return secrets_path;
}

void
ui_secrets_close (void)
{
  g_autofree char *backup = g_strconcat (secrets_path, "~", NULL);
  g_autofree char *folder = g_path_get_dirname (secrets_path);

  g_unlink (secrets_path);
  g_unlink (backup);
  g_rmdir (folder);
  g_clear_pointer (&secrets_path, g_free);
}

/* ---- jobs */

guint
ui_get_n_jobs (UiFixture *ui)
{
  return g_list_model_get_n_items (G_LIST_MODEL (bobbin_application_get_queue (ui->app)));
}

/* The job at @position; waits until there is one: what is added is saved first. */
BobbinJob *
ui_get_job (UiFixture *ui, guint position)
{
  g_autoptr (BobbinJob) job = NULL;

  ui_wait (ui_get_n_jobs (ui) > position);
  job = g_list_model_get_item (G_LIST_MODEL (bobbin_application_get_queue (ui->app)), position);

  return job; /* the queue holds it */
}

/* Adds a download by the app's action, as the command line and D-Bus do. */
BobbinJob *
ui_add (UiFixture *ui, const char *path)
{
  g_autofree char *uri = bobbin_test_server_get_uri (ui->server, path);
  const char *const addresses[] = { uri, NULL };
  guint n = ui_get_n_jobs (ui);
  BobbinJob *job;

  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "add-download",
                                  g_variant_new_strv (addresses, -1));
  ui_wait (ui_get_n_jobs (ui) == n + 1);
  job = ui_get_job (ui, n);
  ui_watch (ui, job);

  return job;
}

/* One that is done, with the content that belongs to seed 1. */
BobbinJob *
ui_add_whole (UiFixture *ui, const char *path, guint64 length)
{
  BobbinJob *job;

  bobbin_test_server_set (ui->server, path, &(BobbinTestFile){ .seed = 1, .length = length });
  job = ui_add (ui, path);
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));

  return job;
}

/* One that has failed: the file is not there. */
BobbinJob *
ui_add_failing (UiFixture *ui, const char *path)
{
  BobbinJob *job;

  bobbin_test_server_set (ui->server, path, &(BobbinTestFile){ .status = 404 });
  job = ui_add (ui, path);
  ui_wait (ui_has_state (job, BOBBIN_JOB_FAILED));

  return job;
}

gboolean
ui_has_state (BobbinJob *job, BobbinJobState state)
{
  return bobbin_job_get_state (job) == state;
}

/* ---- widgets */

static GtkWidget *
find_widget (GtkWidget *root,
             gboolean (*is_it) (GtkWidget *widget, gconstpointer key),
             gconstpointer key)
{
  if (is_it (root, key))
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, is_it, key);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static gboolean
shows_job (GtkWidget *widget, gconstpointer key)
{
  return BOBBIN_IS_JOB_ROW (widget) && bobbin_job_row_get_job (BOBBIN_JOB_ROW (widget)) == key;
}

static gboolean
lists_job (GtkWidget *widget, gconstpointer key)
{
  GListModel *model =
    BOBBIN_IS_JOB_LIST (widget) ? bobbin_job_list_get_model (BOBBIN_JOB_LIST (widget)) : NULL;
  const guint n = model != NULL ? g_list_model_get_n_items (model) : 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (model, i);

      if (job != key)
        continue;
      gtk_widget_activate_action (ui_find_type (widget, GTK_TYPE_LIST_BASE), "list.scroll-to-item",
                                  "u", i);
      return TRUE;
    }

  return FALSE;
}

/* Only what is in sight has a row: brings @job there if it has none. */
static GtkWidget *
show_row (UiFixture *ui, BobbinJob *job)
{
  GtkWidget *window = GTK_WIDGET (ui->window);
  GtkWidget *row = find_widget (window, shows_job, job);
  GtkWidget *list = row == NULL ? find_widget (window, lists_job, job) : NULL;

  if (list != NULL && !gtk_widget_get_mapped (list))
    gtk_widget_activate_action (window, "win.show-page", "s",
                                BOBBIN_IS_MONITOR (job) ? "monitors" : "downloads");

  return row;
}

/* The row that shows @job; waits until there is one. */
BobbinJobRow *
ui_find_row (UiFixture *ui, BobbinJob *job)
{
  GtkWidget *row = NULL;

  ui_wait ((row = show_row (ui, job)) != NULL);

  return BOBBIN_JOB_ROW (row);
}

static gboolean
has_type (GtkWidget *widget, gconstpointer key)
{
  return g_type_is_a (G_OBJECT_TYPE (widget), GPOINTER_TO_SIZE (key));
}

GtkWidget *
ui_find_type (GtkWidget *root, GType type)
{
  return find_widget (root, has_type, GSIZE_TO_POINTER (type));
}

/* By what it says, or for an icon button by what a screen reader is told. */
static gboolean
is_button (GtkWidget *widget, gconstpointer key)
{
  g_autofree char *difference = NULL;
  const char *label;

  if (!GTK_IS_BUTTON (widget) || !gtk_widget_get_child_visible (widget))
    return FALSE;

  label = gtk_button_get_label (GTK_BUTTON (widget));
  if (g_strcmp0 (label, key) == 0)
    return TRUE;

  if (!gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL))
    return FALSE;

  difference = gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget),
                                                   GTK_ACCESSIBLE_PROPERTY_LABEL, key);

  return difference == NULL;
}

GtkWidget *
ui_find_button (GtkWidget *root, const char *name)
{
  return find_widget (root, is_button, name);
}

static gboolean
says (GtkWidget *widget, gconstpointer key)
{
  const char *text = NULL;

  if (GTK_IS_LABEL (widget))
    text = gtk_label_get_text (GTK_LABEL (widget));
  else if (GTK_IS_INSCRIPTION (widget))
    text = gtk_inscription_get_text (GTK_INSCRIPTION (widget));

  return gtk_widget_get_mapped (widget) && g_strcmp0 (text, key) == 0;
}

gboolean
ui_has_label (GtkWidget *root, const char *text)
{
  return find_widget (root, says, text) != NULL;
}

static gboolean
is_titled (GtkWidget *widget, gconstpointer key)
{
  return ADW_IS_PREFERENCES_ROW (widget) &&
         g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), key) == 0;
}

/* The row of a dialog that has this title. */
GtkWidget *
ui_find_titled (GtkWidget *root, const char *title)
{
  return find_widget (root, is_titled, title);
}

static gboolean
alerts (GtkWidget *widget, gconstpointer key)
{
  return GTK_IS_LABEL (widget) && gtk_widget_get_child_visible (widget) &&
         gtk_widget_get_visible (widget) &&
         gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget)) == GTK_ACCESSIBLE_ROLE_ALERT;
}

/* What is said to be wrong; NULL if nothing is. */
const char *
ui_get_alert (GtkWidget *root)
{
  GtkWidget *label = find_widget (root, alerts, NULL);

  return label != NULL ? gtk_label_get_text (GTK_LABEL (label)) : NULL;
}

/* Whether it is seen and heard that what was typed cannot be used. */
gboolean
ui_is_wrong (GtkWidget *row)
{
  g_autofree char *difference =
    gtk_test_accessible_check_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_INVALID,
                                     GTK_ACCESSIBLE_INVALID_TRUE);

  g_assert_cmpint (gtk_widget_has_css_class (row, "error"), ==, difference == NULL);

  return difference == NULL;
}

/* Activates one of the job.* actions on the row of @job. */
void
ui_act (BobbinJob *job, UiFixture *ui, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (ui_find_row (ui, job)), action, NULL));
}

/* Whether a win.* or app.* action is enabled. */
gboolean
ui_is_enabled (UiFixture *ui, const char *action)
{
  return ui_can (GTK_WIDGET (ui->window), action);
}

/* Whether an action is enabled in a widget: asked by a button, as the toolkit offers no other way
 * for those of a widget. */
gboolean
ui_can (GtkWidget *widget, const char *action)
{
  GtkWidget *button = g_object_new (GTK_TYPE_BUTTON, "action-name", action, NULL);
  gboolean enabled;

  gtk_widget_insert_after (button, widget, NULL);
  enabled = gtk_widget_get_sensitive (button);
  gtk_widget_unparent (button);

  return enabled;
}

/* The window that is open above the main one; waits until there is one. */
GtkWindow *
ui_find_dialog (UiFixture *ui)
{
  GtkWindow *dialog = NULL;
  GListModel *toplevels = gtk_window_get_toplevels ();

  while (dialog == NULL)
    {
      for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
        {
          g_autoptr (GtkWindow) window = g_list_model_get_item (toplevels, i);

          if (gtk_window_get_transient_for (window) == GTK_WINDOW (ui->window) &&
              gtk_widget_get_mapped (GTK_WIDGET (window)))
            dialog = window;
        }
      if (dialog == NULL)
        ui_iterate (ui_deadline (), "a dialog");
    }

  return dialog;
}

/* ---- files */

char *
ui_get_path (UiFixture *ui, const char *name)
{
  return g_build_filename (ui->folder, name, NULL);
}

guint
ui_count_files (UiFixture *ui)
{
  g_autoptr (GDir) dir = g_dir_open (ui->folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}
