/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The app as other programs see it on the session bus: what they may do with its jobs, what they
 * are told of them, and what its icon shows.
 */
#include "config.h"

#include <math.h>

#include "bobbin-application-private.h"
#include "bobbin-bus-service.h"
#include "bobbin-download.h"
#include "ui-fixture.h"

#define LAUNCHER "com.canonical.Unity.LauncherEntry"

/* ---- another program */

static GDBusConnection *other; /* (owned) */
static GPtrArray *changes;     /* (element-type GVariant) what JobChanged had */
static GVariant *entry;        /* (nullable) what the icon shows */

static void
on_signal (GDBusConnection *connection,
           const char *sender,
           const char *path,
           const char *interface,
           const char *signal,
           GVariant *parameters,
           gpointer user_data)
{
  if (g_str_equal (signal, "JobChanged"))
    {
      g_ptr_array_add (changes, g_variant_ref (parameters));
      return;
    }

  g_clear_pointer (&entry, g_variant_unref);
  g_assert_cmpstr (g_variant_get_type_string (parameters), ==, "(sa{sv})");
  entry = g_variant_get_child_value (parameters, 1);
}

static void
connect_other (void)
{
  changes = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  other = g_dbus_connection_new_for_address_sync (g_getenv ("DBUS_SESSION_BUS_ADDRESS"),
                                                  G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                    G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                  NULL, NULL, NULL);
  g_assert_nonnull (other);
  g_dbus_connection_signal_subscribe (other, NULL, BOBBIN_BUS_INTERFACE, NULL, NULL, NULL,
                                      G_DBUS_SIGNAL_FLAGS_NONE, on_signal, NULL, NULL);
  g_dbus_connection_signal_subscribe (other, NULL, LAUNCHER, "Update", NULL, NULL,
                                      G_DBUS_SIGNAL_FLAGS_NONE, on_signal, NULL, NULL);
}

typedef struct
{
  gboolean is_there;
  GVariant *value; /* (owned) (nullable) */
  GError *error;   /* (owned) (nullable) */
} Answer;

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;

  answer->value =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &answer->error);
  answer->is_there = TRUE;
}

static void
answer_clear (Answer *answer)
{
  g_clear_pointer (&answer->value, g_variant_unref);
  g_clear_error (&answer->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static void
begin (BobbinApplication *app, const char *method, GVariant *parameters, Answer *answer)
{
  GDBusConnection *bus = g_application_get_dbus_connection (G_APPLICATION (app));

  *answer = (Answer){ FALSE };
  g_dbus_connection_call (other, g_dbus_connection_get_unique_name (bus),
                          g_application_get_dbus_object_path (G_APPLICATION (app)),
                          BOBBIN_BUS_INTERFACE, method, parameters, NULL, G_DBUS_CALL_FLAGS_NONE,
                          G_MAXINT, NULL, on_answer, answer);
}

static GVariant *
call (UiFixture *ui, const char *method, GVariant *parameters)
{
  Answer answer;

  begin (ui->app, method, parameters, &answer);
  ui_wait (answer.is_there);
  g_assert_no_error (answer.error);

  return answer.value;
}

static void
assert_refused (UiFixture *ui,
                const char *method,
                GVariant *parameters,
                const char *name,
                const char *sentence)
{
  g_auto (Answer) answer = { FALSE };
  g_autofree char *remote = NULL;

  begin (ui->app, method, parameters, &answer);
  ui_wait (answer.is_there);
  g_assert_nonnull (answer.error);
  remote = g_dbus_error_get_remote_error (answer.error);
  g_dbus_error_strip_remote_error (answer.error);
  g_assert_cmpstr (remote, ==, name);
  g_assert_cmpstr (answer.error->message, ==, sentence);
}

/* ---- jobs */

static GVariant *
download (const char *address, const char *option, GVariant *value)
{
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  if (option != NULL)
    g_variant_builder_add (&options, "{sv}", option, value);

  return g_variant_new ("(sa{sv})", address, &options);
}

static void
set_stalling (UiFixture *ui, const char *path)
{
  bobbin_test_server_set (ui->server, path,
                          &(BobbinTestFile){ .seed = 1,
                                             .length = 100,
                                             .etag = "\"1\"",
                                             .fault = BOBBIN_TEST_FAULT_STALL,
                                             .fault_at = 50,
                                             .fault_times = 1 });
}

/* Gives the id. */
static char *
add (UiFixture *ui, const char *path)
{
  g_autofree char *address = bobbin_test_server_get_uri (ui->server, path);
  g_autoptr (GVariant) answer = call (ui, "AddDownload", download (address, NULL, NULL));
  char *id;

  g_variant_get (answer, "(s)", &id);

  return id;
}

static BobbinJob *
find (UiFixture *ui, const char *id)
{
  BobbinJob *job = bobbin_queue_keeper_find (bobbin_application_get_keeper (ui->app), id);

  g_assert_nonnull (job);

  return job;
}

static GVariant *
list (UiFixture *ui, guint first, guint max, guint *total)
{
  g_autoptr (GVariant) answer = call (ui, "ListJobs", g_variant_new ("(uu)", first, max));
  GVariant *jobs;

  g_variant_get (answer, "(@a(sa{sv})u)", &jobs, total);

  return jobs;
}

/* Whether the newest that was told of the job is that it is in this state. */
static gboolean
is_told (const char *id, const char *state)
{
  for (guint i = changes->len; i > 0; i--)
    {
      g_autoptr (GVariant) job = NULL;
      const char *changed, *now;

      g_variant_get (g_ptr_array_index (changes, i - 1), "(&s@a{sv})", &changed, &job);
      if (g_str_equal (changed, id))
        return g_variant_lookup (job, "state", "&s", &now) && g_str_equal (now, state);
    }

  return FALSE;
}

static guint
count_changes (const char *id)
{
  guint n = 0;

  for (guint i = 0; i < changes->len; i++)
    {
      const char *changed;

      g_variant_get (g_ptr_array_index (changes, i), "(&s@a{sv})", &changed, NULL);
      n += g_str_equal (changed, id);
    }

  return n;
}

/* ---- what can be called */

/* Added, stopped while it comes, started, and finished. */
static void
test_life (UiFixture *ui)
{
  g_autofree char *id = NULL;
  g_autofree char *uri = g_strdup_printf ("file://%s/a.bin", ui->folder);
  g_autoptr (GVariant) told = NULL;
  const char *file;
  BobbinJob *job;

  set_stalling (ui, "/a.bin");
  id = add (ui, "/a.bin");
  job = find (ui, id);
  g_assert_cmpint (bobbin_queue_keeper_get_number (bobbin_application_get_keeper (ui->app), job), >,
                   0);
  ui_wait (bobbin_job_get_bytes (job) == 50);
  ui_wait (is_told (id, "running"));

  g_variant_unref (call (ui, "Stop", g_variant_new ("(s)", id)));
  g_assert_true (ui_has_state (job, BOBBIN_JOB_IDLE));
  ui_wait (is_told (id, "idle"));

  g_variant_unref (call (ui, "Start", g_variant_new ("(s)", id)));
  ui_wait (is_told (id, "done"));
  g_variant_get (g_ptr_array_index (changes, changes->len - 1), "(&s@a{sv})", NULL, &told);
  g_assert_true (g_variant_lookup (told, "file", "&s", &file));
  g_assert_cmpstr (file, ==, uri);

  /* Neither has anything to do. */
  g_variant_unref (call (ui, "Start", g_variant_new ("(s)", id)));
  g_variant_unref (call (ui, "Stop", g_variant_new ("(s)", id)));
  g_assert_true (ui_has_state (job, BOBBIN_JOB_DONE));
}

static void
test_folder (UiFixture *ui)
{
  g_autofree char *address = bobbin_test_server_get_uri (ui->server, "/a.bin");
  g_autofree char *folder = ui_get_path (ui, ".");
  g_autoptr (GVariant) answer = NULL;
  const char *id;

  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .length = 100 });
  answer = call (ui, "AddDownload", download (address, "folder", g_variant_new_string (folder)));
  g_variant_get (answer, "(&s)", &id);
  g_assert_cmpstr (bobbin_download_get_folder (BOBBIN_DOWNLOAD (find (ui, id))), ==, folder);
  ui_wait (ui_has_state (find (ui, id), BOBBIN_JOB_DONE));
}

static void
assert_listed (GVariant *jobs, guint i, const char *id, const char *title)
{
  g_autoptr (GVariant) job = NULL;
  const char *listed, *has_title, *kind;

  g_variant_get_child (jobs, i, "(&s@a{sv})", &listed, &job);
  g_assert_cmpstr (listed, ==, id);
  g_assert_true (g_variant_lookup (job, "title", "&s", &has_title));
  g_assert_cmpstr (has_title, ==, title);
  g_assert_true (g_variant_lookup (job, "kind", "&s", &kind));
  g_assert_cmpstr (kind, ==, "download");
}

static void
test_list (UiFixture *ui)
{
  static const char *const names[] = { "a.bin", "b.bin", "c.bin" };
  char *ids[G_N_ELEMENTS (names)];
  g_autoptr (GVariant) all = NULL;
  g_autoptr (GVariant) one = NULL;
  g_autoptr (GVariant) none = NULL;
  guint total = 0;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_strconcat ("/", names[i], NULL);

      bobbin_test_server_set (ui->server, path, &(BobbinTestFile){ .length = 100 });
      ids[i] = add (ui, path);
    }

  all = list (ui, 0, 0, &total);
  g_assert_cmpuint (total, ==, 3);
  g_assert_cmpuint (g_variant_n_children (all), ==, 3);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    assert_listed (all, i, ids[i], names[i]);

  one = list (ui, 1, 1, &total);
  g_assert_cmpuint (total, ==, 3);
  g_assert_cmpuint (g_variant_n_children (one), ==, 1);
  assert_listed (one, 0, ids[1], names[1]);

  none = list (ui, G_MAXUINT, G_MAXUINT, &total);
  g_assert_cmpuint (g_variant_n_children (none), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_free (ids[i]);
}

/* More than are given, or told of, at once; the first has the only slot. */
#define N_MANY 501

static GPtrArray *
make_many (UiFixture *ui)
{
  GPtrArray *jobs = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < N_MANY; i++)
    {
      g_autofree char *address = bobbin_test_server_get_uri (ui->server, "/a.bin");

      g_ptr_array_add (jobs, bobbin_download_new (address, ui->folder));
    }

  return jobs;
}

static void
test_many (UiFixture *ui)
{
  BobbinJobQueue *queue = bobbin_application_get_queue (ui->app);
  BobbinQueueKeeper *keeper = bobbin_application_get_keeper (ui->app);
  g_autoptr (GPtrArray) jobs = make_many (ui);
  g_autoptr (GVariant) first = NULL;
  g_autoptr (GVariant) last = NULL;
  g_autofree char *id = NULL;
  guint total = 0;

  g_settings_set_uint (bobbin_application_get_settings (ui->app), "max-transfers", 1);
  set_stalling (ui, "/a.bin");
  bobbin_queue_keeper_add_async (keeper, jobs, FALSE, NULL, NULL);
  ui_wait (ui_get_n_jobs (ui) == N_MANY);
  first = list (ui, 0, 0, &total);
  g_assert_cmpuint (total, ==, N_MANY);
  g_assert_cmpuint (g_variant_n_children (first), ==, 500);
  last = list (ui, 500, N_MANY, &total);
  g_assert_cmpuint (g_variant_n_children (last), ==, N_MANY - 500);

  g_ptr_array_set_size (changes, 0);
  id = bobbin_queue_keeper_dup_id (keeper, g_ptr_array_index (jobs, N_MANY - 1));
  bobbin_job_queue_start_all (queue, BOBBIN_TYPE_DOWNLOAD);
  ui_wait (is_told (id, "queued"));
  g_assert_cmpuint (changes->len, >=, N_MANY);
}

static void
test_monitor (UiFixture *ui)
{
  g_autoptr (GVariant) jobs = NULL;
  g_autoptr (GVariant) job = NULL;
  const char *id, *kind, *unit;

  g_action_group_activate_action (G_ACTION_GROUP (ui->app), "add-monitor",
                                  g_variant_new_string ("memory"));
  ui_wait (ui_has_state (ui_get_job (ui, 0), BOBBIN_JOB_RUNNING));
  jobs = list (ui, 0, 0, NULL);
  g_variant_get_child (jobs, 0, "(&s@a{sv})", &id, &job);
  g_assert_true (g_variant_lookup (job, "kind", "&s", &kind));
  g_assert_cmpstr (kind, ==, "monitor");
  if (g_variant_lookup (job, "unit", "&s", &unit))
    g_assert_cmpstr (unit, ==, "%");
  ui_wait (is_told (id, "running"));

  g_variant_unref (call (ui, "Stop", g_variant_new ("(s)", id)));
  g_assert_true (ui_has_state (ui_get_job (ui, 0), BOBBIN_JOB_IDLE));
  ui_wait (is_told (id, "idle"));
}

static void
test_refused (UiFixture *ui)
{
  const char *bad_address = BOBBIN_BUS_INTERFACE ".Error.BadAddress";
  const char *bad_setting = BOBBIN_BUS_INTERFACE ".Error.BadSetting";
  const char *no_job = BOBBIN_BUS_INTERFACE ".Error.NoSuchJob";
  const char *address = "http://127.0.0.1:1/a.bin";
  g_autofree char *name = g_strnfill (64 * 1024, 'a');
  g_autofree char *long_address = g_strconcat ("http://127.0.0.1:1/", name, NULL);
  g_autofree char *longer = g_strconcat (long_address, name, NULL);

  assert_refused (ui, "AddDownload", download ("ftp://127.0.0.1/a.bin", NULL, NULL), bad_address,
                  "Addresses that begin with “ftp:” are not supported, only https and http.");
  assert_refused (ui, "AddDownload", download ("/etc/passwd", NULL, NULL), bad_address,
                  "“/etc/passwd” is not a web address. It should begin with https:// or http://.");
  assert_refused (ui, "AddDownload", download (long_address, NULL, NULL), bad_address,
                  "The address is too long.");
  assert_refused (ui, "AddDownload", download (longer, NULL, NULL),
                  BOBBIN_BUS_INTERFACE ".Error.LimitsExceeded", "Too much is asked for at once.");
  assert_refused (ui, "AddDownload",
                  download (address, "folder", g_variant_new_string ("somewhere")), bad_setting,
                  "“somewhere” is not the absolute path of a folder.");
  assert_refused (ui, "AddDownload", download (address, "folder", g_variant_new_uint32 (1)),
                  bad_setting, "“” is not the absolute path of a folder.");
  assert_refused (ui, "AddDownload", download (address, "colour", g_variant_new_string ("blue")),
                  bad_setting, "There is no option “colour”.");
  assert_refused (ui, "Start", g_variant_new ("(s)", "no id"), no_job, "There is no such job.");
  assert_refused (ui, "Stop", g_variant_new ("(s)", "11111111-2222-4333-8444-555555555555"), no_job,
                  "There is no such job.");
  g_assert_cmpuint (ui_get_n_jobs (ui), ==, 0);
}

/* Names and passwords are nobody else's business. */
static void
test_secrets (UiFixture *ui)
{
  g_autofree char *address = g_strdup_printf ("http://sesame:xyzzy@127.0.0.1:%u/a.bin",
                                              bobbin_test_server_get_port (ui->server));
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GVariant) jobs = NULL;
  g_autofree char *listed = NULL;
  const char *id;

  set_stalling (ui, "/a.bin");
  answer = call (ui, "AddDownload", download (address, NULL, NULL));
  g_variant_get (answer, "(&s)", &id);
  ui_wait (is_told (id, "running"));
  jobs = list (ui, 0, 0, NULL);
  listed = g_variant_print (jobs, FALSE);
  g_assert_nonnull (strstr (listed, "127.0.0.1"));
  g_assert_null (strstr (listed, "sesame"));
  g_assert_null (strstr (listed, "xyzzy"));
  for (guint i = 0; i < changes->len; i++)
    {
      g_autofree char *told = g_variant_print (g_ptr_array_index (changes, i), FALSE);

      g_assert_null (strstr (told, "sesame"));
      g_assert_null (strstr (told, "xyzzy"));
    }
}

/* However often a job changes in a moment, it is told once. */
static void
test_coalesced (UiFixture *ui)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  BobbinJob *job;
  guint n;

  g_settings_set_uint (bobbin_application_get_settings (ui->app), "max-transfers", 1);
  set_stalling (ui, "/a.bin");
  first = add (ui, "/a.bin");
  second = add (ui, "/b.bin");
  job = find (ui, second);
  ui_wait (is_told (second, "queued"));
  n = count_changes (second);
  for (guint i = 0; i < 100; i++)
    {
      bobbin_job_stop_async (job, NULL, NULL);
      bobbin_job_start (job);
    }
  bobbin_job_stop_async (job, NULL, NULL);
  ui_wait (is_told (second, "idle"));
  g_assert_cmpuint (count_changes (second), ==, n + 1);
}

/* ---- at the beginning and at the end */

static char *kept_id;

static void
play_quitting (UiFixture *ui)
{
  g_autofree char *id = NULL;
  g_auto (Answer) added = { FALSE };
  g_auto (Answer) stopped = { FALSE };
  g_auto (Answer) refused = { FALSE };
  g_autoptr (BobbinJob) job = NULL;

  set_stalling (ui, "/a.bin");
  id = add (ui, "/a.bin");
  job = g_object_ref (find (ui, id));
  bobbin_test_server_wait_stalled (ui->server, 1);

  begin (ui->app, "AddDownload", download ("http://127.0.0.1:1/b.bin", NULL, NULL), &added);
  begin (ui->app, "Stop", g_variant_new ("(s)", id), &stopped);
  ui_wait (!ui_has_state (job, BOBBIN_JOB_RUNNING));
  bobbin_application_drain (ui->app);
  begin (ui->app, "Start", g_variant_new ("(s)", id), &refused);

  ui_wait (added.is_there && stopped.is_there && refused.is_there);
  g_assert_no_error (added.error);
  g_assert_no_error (stopped.error);
  g_assert_nonnull (refused.error);
  g_variant_get (added.value, "(s)", &kept_id);
}

static void
play_after_quit (UiFixture *ui)
{
  ui_wait (ui_get_n_jobs (ui) == 2);
  find (ui, kept_id);
}

/* What was called is answered, and what was promised is kept. */
static void
test_quitting (void)
{
  ui_keep_list (TRUE);
  ui_run (play_quitting, NULL);
  ui_keep_list (FALSE);
  ui_run (play_after_quit, NULL);
  g_clear_pointer (&kept_id, g_free);
}

static void
play_one (UiFixture *ui)
{
  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .length = 100 });
  g_free (add (ui, "/a.bin"));
  ui_wait (ui_has_state (ui_get_job (ui, 0), BOBBIN_JOB_DONE));
}

static void
on_startup (GApplication *app, Answer *answer)
{
  begin (BOBBIN_APPLICATION (app), "ListJobs", g_variant_new ("(uu)", 0, 0), answer);
}

static gboolean
quit_when_answered (gpointer user_data)
{
  BobbinApplication *app = user_data;
  Answer *answer = g_object_get_data (user_data, "answer");

  if (!answer->is_there)
    return G_SOURCE_CONTINUE;

  bobbin_application_drain (app);

  return G_SOURCE_REMOVE;
}

static void
play_none (UiFixture *ui)
{
  ui_get_job (ui, 0);
}

/* Whoever calls while the app starts sees the jobs of before. */
static void
test_starting (void)
{
  const char *const arguments[] = { "bobbin", "--gapplication-service", NULL };
  g_autoptr (BobbinApplication) app = NULL;
  g_auto (Answer) answer = { FALSE };
  guint total;

  ui_keep_list (TRUE);
  ui_run (play_one, NULL);
  app = bobbin_application_new ();
  g_application_set_flags (G_APPLICATION (app), g_application_get_flags (G_APPLICATION (app)) |
                                                  G_APPLICATION_NON_UNIQUE);
  g_object_set_data (G_OBJECT (app), "answer", &answer);
  g_signal_connect_after (app, "startup", G_CALLBACK (on_startup), &answer);
  g_timeout_add (10, quit_when_answered, app);
  g_assert_cmpint (g_application_run (G_APPLICATION (app), 2, (char **) arguments), ==, 0);
  g_assert_no_error (answer.error);
  g_variant_get (answer.value, "(@a(sa{sv})u)", NULL, &total);
  g_assert_cmpuint (total, ==, 1);
  ui_keep_list (FALSE);
  ui_run (play_none, NULL);
}

/* ---- the icon */

static gboolean
shows (gint64 count, double progress)
{
  gint64 shown_count;
  double shown_progress;
  gboolean counts, progresses;

  if (entry == NULL)
    return FALSE;

  g_assert_true (g_variant_lookup (entry, "count", "x", &shown_count));
  g_assert_true (g_variant_lookup (entry, "count-visible", "b", &counts));
  g_assert_true (g_variant_lookup (entry, "progress", "d", &shown_progress));
  g_assert_true (g_variant_lookup (entry, "progress-visible", "b", &progresses));
  g_assert_true (counts == (shown_count > 0));

  return shown_count == count && progresses == (progress >= 0) &&
         (progress < 0 || fabs (shown_progress - progress) < 0.01);
}

static void
test_icon (UiFixture *ui)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  g_clear_pointer (&entry, g_variant_unref);
  set_stalling (ui, "/a.bin");
  first = add (ui, "/a.bin");
  ui_wait (shows (1, 0.5));

  bobbin_test_server_set (ui->server, "/b.bin",
                          &(BobbinTestFile){ .length = 300,
                                             .fault = BOBBIN_TEST_FAULT_STALL,
                                             .fault_at = 100 });
  second = add (ui, "/b.bin");
  ui_wait (shows (2, 150. / 400));
  bobbin_test_server_release (ui->server, "/b.bin");
  ui_wait (shows (1, 0.5));
  g_variant_unref (call (ui, "Stop", g_variant_new ("(s)", first)));
  ui_wait (shows (0, -1));
}

static void
play_icon_at_end (UiFixture *ui)
{
  bobbin_test_server_set (ui->server, "/a.bin",
                          &(BobbinTestFile){ .length = 100,
                                             .framing = BOBBIN_TEST_FRAMING_CHUNKED,
                                             .fault = BOBBIN_TEST_FAULT_STALL,
                                             .fault_at = 50 });
  g_free (add (ui, "/a.bin"));
  ui_wait (shows (1, -1));
}

/* Nothing of the app is left on it. */
static void
test_icon_at_end (void)
{
  ui_run (play_icon_at_end, NULL);
  ui_wait (shows (0, -1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  connect_other ();

  ui_test_add ("/ui/bus/life", test_life);
  ui_test_add ("/ui/bus/folder", test_folder);
  ui_test_add ("/ui/bus/list", test_list);
  ui_test_add ("/ui/bus/many", test_many);
  ui_test_add ("/ui/bus/monitor", test_monitor);
  ui_test_add ("/ui/bus/refused", test_refused);
  ui_test_add ("/ui/bus/secrets", test_secrets);
  ui_test_add ("/ui/bus/coalesced", test_coalesced);
  g_test_add_func ("/ui/bus/quitting", test_quitting);
  g_test_add_func ("/ui/bus/starting", test_starting);
  ui_test_add ("/ui/bus/icon", test_icon);
  g_test_add_func ("/ui/bus/icon-at-end", test_icon_at_end);

  return g_test_run ();
}
