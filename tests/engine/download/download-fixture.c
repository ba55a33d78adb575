/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What every test of downloads needs: a server, a queue and an empty folder of its own, and
 * afterwards the proof that nothing is left: all threads joined, all jobs freed, no source pending.
 * Main thread only.
 */

#include "config.h"

#include "download-fixture.h"

#include "bobbin-enums.h"
#include "bobbin-host-gate.h"
#include "bobbin-http-session.h"

#include <glib/gstdio.h>
#include <string.h>

/* A stop, and a quit, that takes longer has waited for something it should not have. */
#define STOP_MAX (2 * G_TIME_SPAN_SECOND)

static void
explain_job (BobbinJob *job)
{
  GListModel *log = G_LIST_MODEL (bobbin_job_get_event_log (job));
  g_autofree char *state = g_enum_to_string (BOBBIN_TYPE_JOB_STATE, bobbin_job_get_state (job));

  g_printerr ("job “%s”: %s, “%s”, phase %u, %" G_GINT64_FORMAT " bytes of %" G_GINT64_FORMAT "\n",
              bobbin_job_get_title (job), state, bobbin_job_get_status_line (job),
              bobbin_job_get_phase (job), bobbin_job_get_bytes (job), bobbin_job_get_total (job));
  for (guint i = 0; i < g_list_model_get_n_items (log); i++)
    {
      g_autoptr (BobbinEvent) event = g_list_model_get_item (log, i);
      g_autoptr (GDateTime) time =
        g_date_time_new_from_unix_local (bobbin_event_get_time (event) / G_USEC_PER_SEC);
      g_autofree char *shown = g_date_time_format (time, "%T");

      g_printerr ("  %s %s\n", shown, bobbin_event_get_text (event));
    }
}

/* For the watchdog: those that have not ended. */
static void
fixture_explain (gpointer user_data)
{
  Fixture *self = user_data;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->queue)); i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (G_LIST_MODEL (self->queue), i);

      if (bobbin_job_is_active (job))
        explain_job (job);
    }
  bobbin_test_server_explain (self->server);
}

/* As the programs do, while there is no other thread: two workers that make types at once may lock
 * up in GLib 2.74. */
static void
prepare_once (void)
{
  static gboolean is_prepared;

  if (!is_prepared)
    bobbin_http_session_prepare ();
  is_prepared = TRUE;
}

void
fixture_set_up (Fixture *self, gconstpointer kind)
{
  g_autoptr (GError) error = NULL;

  prepare_once ();
  self->folder = g_dir_make_tmp ("bobbin-test-XXXXXX", &error);
  g_assert_no_error (error);
  self->server = bobbin_test_server_new (GPOINTER_TO_UINT (kind));
  self->queue = bobbin_job_queue_new ();
  self->jobs = g_ptr_array_new ();
  /* All of them ask the same host. */
  bobbin_host_gate_set_limit (bobbin_host_gate_get_default (), 0);
  bobbin_test_watchdog_explain (fixture_explain, self);
}

static void
on_shut_down (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (bobbin_job_queue_shutdown_finish (BOBBIN_JOB_QUEUE (source), result, &error));
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

/* Quits, as the app does: everything stops, every thread is joined. */
void
fixture_shut_down (Fixture *self)
{
  gint64 start = g_get_monotonic_time ();
  gboolean done = FALSE;

  bobbin_job_queue_shutdown_async (self->queue, on_shut_down, &done);
  BOBBIN_TEST_WAIT_UNTIL (done);
  g_assert_cmpint (g_get_monotonic_time () - start, <, STOP_MAX);
  g_assert_cmpuint (bobbin_job_queue_get_n_active (self->queue), ==, 0);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->queue)); i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (G_LIST_MODEL (self->queue), i);

      g_assert_false (bobbin_job_is_active (job));
    }
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

void
fixture_tear_down (Fixture *self, gconstpointer kind)
{
  gpointer queue = self->queue;

  fixture_shut_down (self);
  /* Connections are closed with the sessions, and those with their threads. */
  bobbin_test_server_wait_open (self->server, 0);
  bobbin_test_watchdog_explain (NULL, NULL);

  g_object_add_weak_pointer (G_OBJECT (self->queue), &queue);
  g_object_unref (self->queue);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (queue);
  for (guint i = 0; i < self->jobs->len; i++)
    g_assert_null (*(gpointer *) g_ptr_array_index (self->jobs, i));

  g_ptr_array_set_free_func (self->jobs, g_free);
  g_ptr_array_unref (self->jobs);
  bobbin_test_server_free (self->server);
  remove_folder (self->folder);
  g_free (self->folder);
}

/* Returns: (transfer none): a job in the queue; one connection and no retries, unless the test sets
 * them */
BobbinJob *
fixture_add_address (Fixture *self, const char *address)
{
  g_autoptr (BobbinJob) job = bobbin_download_new (address, self->folder);
  gpointer *weak = g_new (gpointer, 1);

  g_object_set (job, "connections", 1, "retries", 0, "sync", FALSE, NULL);
  g_assert_true (bobbin_job_queue_add (self->queue, job));

  *weak = job;
  g_object_add_weak_pointer (G_OBJECT (job), weak);
  g_ptr_array_add (self->jobs, weak);
  return job;
}

BobbinJob *
fixture_add (Fixture *self, const char *path)
{
  g_autofree char *address = bobbin_test_server_get_uri (self->server, path);

  return fixture_add_address (self, address);
}

/* Adds a job and runs it to its end. */
BobbinJob *
fixture_run (Fixture *self, const char *path)
{
  BobbinJob *job = fixture_add (self, path);

  job_start (job);
  job_wait (job);
  return job;
}

static void
on_removed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_cmpint (bobbin_job_queue_remove_finish (BOBBIN_JOB_QUEUE (source), result, NULL), >=, 0);
  *(gboolean *) user_data = TRUE;
}

/* Takes the job from the queue, which must have been the last to hold it. */
void
fixture_remove (Fixture *self, BobbinJob *job)
{
  gpointer weak = job;
  gboolean done = FALSE;

  g_object_add_weak_pointer (G_OBJECT (job), &weak);
  bobbin_job_queue_remove_async (self->queue, job, on_removed, &done);
  BOBBIN_TEST_WAIT_UNTIL (done && weak == NULL);
}

/* The servers' side of a stop: nothing is left open that nobody reads from any more. */
void
fixture_wait_closed (Fixture *self)
{
  const gint64 start = g_get_monotonic_time ();

  bobbin_test_server_wait_open (self->server, 0);
  g_assert_cmpint (g_get_monotonic_time () - start, <, STOP_MAX);
}

/* This program has no file of the folder open. */
void
fixture_assert_no_open_file (Fixture *self)
{
  g_autofree char *prefix = g_strconcat (self->folder, "/", NULL);
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *link = g_build_filename ("/proc/self/fd", name, NULL);
      g_autofree char *path = g_file_read_link (link, NULL);

      g_assert_false (path != NULL && g_str_has_prefix (path, prefix));
    }
}

/* Connections to a port of this computer that have asked and got no answer: state 02 in
 * proc_net_tcp(5). The kernel has no event for it. */
guint
fixture_count_connecting (guint16 port)
{
  g_autofree char *table = NULL;
  g_autofree char *wanted = g_strdup_printf (" 0100007F:%04X 02 ", port);
  guint n = 0;

  g_assert_true (g_file_get_contents ("/proc/net/tcp", &table, NULL, NULL));
  for (const char *p = table; (p = strstr (p, wanted)) != NULL; p++)
    n++;

  return n;
}

char *
fixture_path (Fixture *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

void
fixture_write (Fixture *self, const char *name, const char *text)
{
  g_autofree char *path = fixture_path (self, name);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

void
fixture_assert_text (Fixture *self, const char *name, const char *text)
{
  g_autofree char *path = fixture_path (self, name);
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &contents, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (contents, ==, text);
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static char *
join_sorted (GPtrArray *names)
{
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return g_strjoinv (" | ", (char **) names->pdata);
}

/* The folder holds exactly these. */
void
fixture_assert_listing (Fixture *self, ...)
{
  g_autoptr (GPtrArray) expected = g_ptr_array_new ();
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  g_autofree char *expected_text = NULL;
  g_autofree char *found_text = NULL;
  const char *name;
  va_list args;

  va_start (args, self);
  while ((name = va_arg (args, const char *)) != NULL)
    g_ptr_array_add (expected, (gpointer) name);
  va_end (args);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (found, (gpointer) g_intern_string (name));

  expected_text = join_sorted (expected);
  found_text = join_sorted (found);
  g_assert_cmpstr (found_text, ==, expected_text);
}

/* The job is done, says so in every respect, and the file is right to the last byte. */
void
fixture_assert_whole (Fixture *self, BobbinJob *job, const char *name, guint64 seed, gint64 length)
{
  g_autofree char *path = fixture_path (self, name);

  g_assert_no_error (bobbin_job_get_error (job));
  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_DONE);
  g_assert_cmpstr (bobbin_download_get_file (BOBBIN_DOWNLOAD (job)), ==, path);
  g_assert_cmpstr (bobbin_job_get_title (job), ==, name);
  g_assert_cmpint (bobbin_job_get_bytes (job), ==, length);
  g_assert_cmpint (bobbin_job_get_total (job), ==, length);
  g_assert_cmpfloat (bobbin_job_get_progress (job), ==, 1);
  g_assert_cmpint (bobbin_job_get_ended (job), >, 0);
  g_assert_true (job_has_event (job, BOBBIN_EVENT_DONE));
  bobbin_test_content_assert (path, seed, length);
}

void
job_start (BobbinJob *job)
{
  g_assert_true (bobbin_job_start (job));
}

/* Until it has ended, in whatever way. */
void
job_wait (BobbinJob *job)
{
  BOBBIN_TEST_WAIT_UNTIL (!bobbin_job_is_active (job));
}

void
job_wait_bytes (BobbinJob *job, gint64 bytes)
{
  BOBBIN_TEST_WAIT_UNTIL (bobbin_job_get_bytes (job) >= bytes);
}

void
job_wait_phase (BobbinJob *job, BobbinDownloadPhase phase)
{
  BOBBIN_TEST_WAIT_UNTIL (
    (bobbin_job_get_state (job) == BOBBIN_JOB_RUNNING || bobbin_job_is_put_off (job)) &&
    bobbin_job_get_phase (job) == phase);
}

static void
on_stopped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (bobbin_job_stop_finish (BOBBIN_JOB (source), result, NULL));
  /* Joined, not only asked to. */
  g_assert_false (bobbin_job_is_active (BOBBIN_JOB (source)));
  *(gboolean *) user_data = TRUE;
}

/* Stops the job and waits until it has. */
void
job_stop (BobbinJob *job)
{
  gint64 start = g_get_monotonic_time ();
  gboolean stopped = FALSE;

  bobbin_job_stop_async (job, on_stopped, &stopped);
  BOBBIN_TEST_WAIT_UNTIL (stopped);
  g_assert_cmpint (g_get_monotonic_time () - start, <, STOP_MAX);
}

void
job_assert_failed (BobbinJob *job, BobbinError code)
{
  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_FAILED);
  g_assert_error (bobbin_job_get_error (job), BOBBIN_ERROR, (gint) code);
  g_assert_cmpstr (bobbin_job_get_error (job)->message, !=, "");
  g_assert_null (bobbin_download_get_file (BOBBIN_DOWNLOAD (job)));
  g_assert_true (job_has_event (job, BOBBIN_EVENT_FAILED));
}

/* Not done, not failed, and no file. */
void
job_assert_stopped (BobbinJob *job)
{
  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_IDLE);
  g_assert_no_error (bobbin_job_get_error (job));
  g_assert_null (bobbin_download_get_file (BOBBIN_DOWNLOAD (job)));
  g_assert_cmpstr (bobbin_job_get_status_line (job), !=, "");
}

gboolean
job_has_event (BobbinJob *job, BobbinEventKind kind)
{
  GListModel *log = G_LIST_MODEL (bobbin_job_get_event_log (job));

  for (guint i = 0; i < g_list_model_get_n_items (log); i++)
    {
      g_autoptr (BobbinEvent) event = g_list_model_get_item (log, i);

      if (bobbin_event_get_kind (event) == kind)
        return TRUE;
    }

  return FALSE;
}

/* How many lines of the log hold this text. */
guint
job_count_lines (BobbinJob *job, const char *text)
{
  GListModel *log = G_LIST_MODEL (bobbin_job_get_event_log (job));
  guint n_lines = 0;

  for (guint i = 0; i < g_list_model_get_n_items (log); i++)
    {
      g_autoptr (BobbinEvent) event = g_list_model_get_item (log, i);

      n_lines += strstr (bobbin_event_get_text (event), text) != NULL;
    }

  return n_lines;
}

gboolean
job_has_line (BobbinJob *job, const char *text)
{
  return job_count_lines (job, text) > 0;
}
