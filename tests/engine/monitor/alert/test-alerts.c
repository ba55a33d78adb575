/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-alerts: signals, commands and webhooks of monitors that come to think what the test says.
 * The command is this program itself: “--tell FIFO” writes what it was told into a FIFO, “--block
 * FIFO” says that it is there and never ends of itself, “--later FIFO” does so and wants to be run
 * again.
 */

#include "config.h"

#include "bobbin-alert-courier.h"
#include "bobbin-alerts.h"
#include "bobbin-error.h"
#include "bobbin-job-queue.h"
#include "bobbin-monitor-private.h"
#include "bobbin-test-probe.h"
#include "bobbin-test-server.h"
#include "bobbin-test-wait.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#define START (G_GINT64_CONSTANT (1800000000) * G_USEC_PER_SEC)

static const char *program;

typedef struct
{
  BobbinAlerts *alerts;
  BobbinMonitor *monitor;
  GString *said;
  BobbinAlert *latest; /* (owned) (nullable) */
  char *folder;        /* (owned) */
  char *fifo;          /* (owned) */
  int fd;              /* of the FIFO */
  BobbinVerdict verdict;
} Fixture;

static void
on_told (BobbinAlerts *alerts, BobbinAlert *alert, gpointer user_data)
{
  Fixture *self = user_data;

  g_string_append_printf (self->said, "%s ",
                          bobbin_alert_event_to_string (bobbin_alert_get_event (alert)));
  g_set_object (&self->latest, alert);
}

static void
listen_to (Fixture *self)
{
  static const char *const names[] = { "started", "worsened", "repeated", "ended" };

  self->alerts = bobbin_alerts_new ();
  bobbin_alerts_set_grace (self->alerts, 0);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_signal_connect (self->alerts, names[i], G_CALLBACK (on_told), self);
}

static void
set_up (Fixture *self, gconstpointer user_data)
{
  listen_to (self);
  self->said = g_string_new (NULL);
  self->monitor = BOBBIN_MONITOR (bobbin_monitor_new ("https://me:s3cret@example.org/", NULL));
  self->verdict = (BobbinVerdict){ .time = START };
  self->folder = g_dir_make_tmp ("bobbin-alerts-XXXXXX", NULL);
  self->fifo = g_build_filename (self->folder, "fifo", NULL);
  g_assert_cmpint (mkfifo (self->fifo, 0600), ==, 0);
  /* For writing, too: it is open for the reader whoever comes and goes. */
  self->fd = open (self->fifo, O_RDWR | O_CLOEXEC | O_NONBLOCK);
  g_assert_cmpint (self->fd, >=, 0);
}

static void
on_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (bobbin_alerts_close_finish (BOBBIN_ALERTS (source), result, NULL));
  *(gboolean *) user_data = TRUE;
}

static void
close_alerts (Fixture *self)
{
  gboolean closed = FALSE;

  bobbin_alerts_close_async (self->alerts, on_closed, &closed);
  BOBBIN_TEST_WAIT_UNTIL (closed);
  g_assert_cmpuint (bobbin_alerts_get_n_pending (self->alerts), ==, 0);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_finalize_object (self->alerts);
}

static void
tear_down (Fixture *self, gconstpointer user_data)
{
  close_alerts (self);
  g_clear_object (&self->latest);
  g_assert_finalize_object (self->monitor);
  g_string_free (self->said, TRUE);
  close (self->fd);
  g_unlink (self->fifo);
  g_rmdir (self->folder);
  g_free (self->fifo);
  g_free (self->folder);
}

static void
judge_by (Fixture *self, BobbinMonitor *monitor, BobbinHealth health, gint64 seconds)
{
  const GError error = { BOBBIN_ERROR, BOBBIN_ERROR_REFUSED, (char *) "The test says no." };

  self->verdict.time += seconds * G_USEC_PER_SEC;
  self->verdict.health = self->verdict.believed = health;
  self->verdict.error = health == BOBBIN_HEALTH_DOWN ? &error : NULL;
  g_signal_emit_by_name (monitor, "judged", &self->verdict);
  self->verdict.error = NULL;
}

static void
judge (Fixture *self, BobbinHealth health, gint64 seconds)
{
  judge_by (self, self->monitor, health, seconds);
}

static void
set_alerting (BobbinMonitor *monitor, const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *alerting = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, &error);

  g_assert_no_error (error);
  g_object_set (monitor, "alerting", alerting, NULL);
  g_variant_unref (alerting);
}

static void
set_command (Fixture *self, BobbinMonitor *monitor, const char *what)
{
  g_autofree char *text =
    g_strdup_printf ("{'command': <['%s', '%s', '%s']>}", program, what, self->fifo);

  set_alerting (monitor, text);
}

/* Reads the FIFO while the main loop goes on, until it has had `length` bytes or an end of text. */
static gboolean
on_readable (int fd, GIOCondition condition, gpointer user_data)
{
  GString *text = user_data;
  char buffer[4096];
  const gssize n = read (fd, buffer, sizeof buffer);

  if (n > 0)
    g_string_append_len (text, buffer, n);

  return G_SOURCE_CONTINUE;
}

static void
test_signals (Fixture *self, gconstpointer user_data)
{
  g_autofree char *title = NULL, *body = NULL;

  bobbin_alerts_watch (self->alerts, self->monitor);
  set_alerting (self->monitor, "{'repeat': <60.0>}");
  judge (self, BOBBIN_HEALTH_UP, 1);
  judge (self, BOBBIN_HEALTH_WARNING, 10);
  g_assert_true (bobbin_alerts_is_open (self->alerts, self->monitor));
  judge (self, BOBBIN_HEALTH_DOWN, 10);
  g_assert_cmpstr (bobbin_alert_get_cause (self->latest), ==, "The test says no.");
  judge (self, BOBBIN_HEALTH_DOWN, 60);
  g_assert_true (bobbin_alerts_acknowledge (self->alerts, self->monitor));
  g_assert_false (bobbin_alerts_acknowledge (self->alerts, self->monitor));
  judge (self, BOBBIN_HEALTH_DOWN, 60);
  judge (self, BOBBIN_HEALTH_UP, 170);
  g_assert_cmpstr (self->said->str, ==, "started worsened repeated ended ");
  g_assert_false (bobbin_alerts_is_open (self->alerts, self->monitor));

  title = bobbin_alert_dup_title (self->latest);
  body = bobbin_alert_dup_body (self->latest);
  g_assert_cmpstr (title, ==, "example.org is well again");
  g_assert_cmpstr (body, ==, "After 5 minutes. It was: The test says no.");
}

/* Days that a certificate is still good for, one after the other, by its own limits. */
static void
count_down (Fixture *self, BobbinMonitor *monitor, double from, double to)
{
  for (double days = from; days >= to; days--)
    {
      BobbinSample sample = { .value = days };

      self->verdict.sample = &sample;
      judge_by (self, monitor,
                days < bobbin_monitor_get_critical (monitor) ? BOBBIN_HEALTH_CRITICAL
                : days < bobbin_monitor_get_warn (monitor)   ? BOBBIN_HEALTH_WARNING
                                                             : BOBBIN_HEALTH_UP,
                24 * 60 * 60);
      self->verdict.sample = NULL;
    }
}

/* That a certificate ends is said three times, each time to who acknowledged it before, too; and
 * once each, whatever happens in between. */
static void
test_steps (Fixture *self, gconstpointer user_data)
{
  g_autoptr (BobbinMonitor) monitor =
    BOBBIN_MONITOR (bobbin_monitor_new ("cert://example.org", NULL));

  bobbin_alerts_watch (self->alerts, monitor);
  count_down (self, monitor, 30, 21);
  g_assert_cmpstr (self->said->str, ==, "");
  count_down (self, monitor, 20, 14);
  g_assert_cmpstr (self->said->str, ==, "started ");
  g_assert_cmpint (bobbin_alert_get_level (self->latest), ==, BOBBIN_HEALTH_WARNING);
  g_assert_true (bobbin_alerts_acknowledge (self->alerts, monitor));

  count_down (self, monitor, 13, 13);
  g_assert_cmpstr (self->said->str, ==, "started worsened ");
  g_assert_cmpint (bobbin_alert_get_level (self->latest), ==, BOBBIN_HEALTH_WARNING);
  g_assert_cmpstr (bobbin_alert_get_cause (self->latest), ==, "It is at 13 days.");
  g_assert_true (bobbin_alerts_acknowledge (self->alerts, monitor));
  close_alerts (self);
  listen_to (self);
  bobbin_alerts_watch (self->alerts, monitor);
  count_down (self, monitor, 16, 7);
  g_assert_cmpstr (self->said->str, ==, "started worsened ");

  count_down (self, monitor, 6, -2);
  g_assert_cmpstr (self->said->str, ==, "started worsened worsened ");
  g_assert_cmpint (bobbin_alert_get_level (self->latest), ==, BOBBIN_HEALTH_CRITICAL);
  count_down (self, monitor, 90, 90);
  g_assert_cmpstr (self->said->str, ==, "started worsened worsened ended ");

  /* Below it from the beginning: there is nothing to add. */
  count_down (self, monitor, 10, 8);
  g_assert_cmpstr (self->said->str, ==, "started worsened worsened ended started ");
  bobbin_alerts_forget (self->alerts, monitor);
  g_clear_object (&self->latest);
}

/* The next program says nothing again, and knows who knew. */
static void
test_restart (Fixture *self, gconstpointer user_data)
{
  bobbin_alerts_watch (self->alerts, self->monitor);
  set_alerting (self->monitor, "{'repeat': <60.0>}");
  judge (self, BOBBIN_HEALTH_DOWN, 1);
  g_assert_true (bobbin_alerts_acknowledge (self->alerts, self->monitor));
  close_alerts (self);

  listen_to (self);
  bobbin_alerts_watch (self->alerts, self->monitor);
  g_assert_true (bobbin_alerts_is_open (self->alerts, self->monitor));
  judge (self, BOBBIN_HEALTH_DOWN, 100);
  judge (self, BOBBIN_HEALTH_UP, 100);
  g_assert_cmpstr (self->said->str, ==, "started ended ");
  g_assert_cmpint (bobbin_alert_get_since (self->latest), ==, START + G_USEC_PER_SEC);
  g_assert_true (bobbin_alert_is_acknowledged (self->latest));
}

static void
test_follow (Fixture *self, gconstpointer user_data)
{
  g_autoptr (GListStore) jobs = g_list_store_new (BOBBIN_TYPE_JOB);
  g_autoptr (BobbinJob) other = bobbin_monitor_new ("cpu", NULL);

  g_list_store_append (jobs, other);
  bobbin_alerts_follow (self->alerts, G_LIST_MODEL (jobs));
  g_list_store_insert (jobs, 0, self->monitor);
  judge (self, BOBBIN_HEALTH_DOWN, 1);
  g_list_store_remove (jobs, 0);
  judge (self, BOBBIN_HEALTH_UP, 1);
  judge_by (self, BOBBIN_MONITOR (other), BOBBIN_HEALTH_CRITICAL, 1);
  g_assert_cmpstr (self->said->str, ==, "started started ");
}

static void
assert_line (const char *text, const char *line)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  if (!g_strv_contains ((const char *const *) lines, line))
    g_error ("No “%s” in:\n%s", line, text);
}

static void
test_command (Fixture *self, gconstpointer user_data)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const guint source = g_unix_fd_add (self->fd, G_IO_IN, on_readable, text);

  g_setenv ("BOBBIN_PASSWORD", "s3cret", TRUE);
  set_command (self, self->monitor, "--tell");
  bobbin_alerts_watch (self->alerts, self->monitor);
  judge (self, BOBBIN_HEALTH_DOWN, 1);
  BOBBIN_TEST_WAIT_UNTIL (g_str_has_suffix (text->str, "END\n"));
  g_unsetenv ("BOBBIN_PASSWORD");
  g_source_remove (source);

  assert_line (text->str, "BOBBIN_EVENT=started");
  assert_line (text->str, "BOBBIN_LEVEL=down");
  assert_line (text->str, "BOBBIN_MONITOR=example.org");
  assert_line (text->str, "BOBBIN_TARGET=https://example.org/");
  assert_line (text->str, "BOBBIN_CAUSE=The test says no.");
  assert_line (text->str, "BOBBIN_SINCE=2027-01-15T08:00:01Z");
  assert_line (text->str, "BOBBIN_DURATION=0");
  g_assert_null (strstr (text->str, "s3cret"));
}

static gboolean
has_logged (BobbinMonitor *monitor, const char *part)
{
  GListModel *log = G_LIST_MODEL (bobbin_job_get_event_log (BOBBIN_JOB (monitor)));

  for (guint i = 0; i < g_list_model_get_n_items (log); i++)
    {
      g_autoptr (BobbinEvent) event = g_list_model_get_item (log, i);

      if (strstr (bobbin_event_get_text (event), part) != NULL)
        return TRUE;
    }

  return FALSE;
}

static void
test_command_fails (Fixture *self, gconstpointer user_data)
{
  set_alerting (self->monitor, "{'command': <['/nonexistent/program']>}");
  bobbin_alerts_watch (self->alerts, self->monitor);
  judge (self, BOBBIN_HEALTH_DOWN, 1);
  BOBBIN_TEST_WAIT_UNTIL (has_logged (self->monitor, "/nonexistent/program"));
  set_alerting (self->monitor, "{'command': <['/bin/false', '; exit 0']>}");
  judge (self, BOBBIN_HEALTH_UP, 1);
  BOBBIN_TEST_WAIT_UNTIL (has_logged (self->monitor, "status 1"));
}

static void
test_deadline (Fixture *self, gconstpointer user_data)
{
  bobbin_alerts_set_deadline (self->alerts, G_USEC_PER_SEC / 20);
  set_command (self, self->monitor, "--block");
  bobbin_alerts_watch (self->alerts, self->monitor);
  judge (self, BOBBIN_HEALTH_DOWN, 1);
  BOBBIN_TEST_WAIT_UNTIL (has_logged (self->monitor, "too long"));
}

static void
on_shut_down (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (bobbin_job_queue_shutdown_finish (BOBBIN_JOB_QUEUE (source), result, NULL));
  *(gboolean *) user_data = TRUE;
}

/* Takes one sample of a monitor that runs. */
static void
take_sample (BobbinMonitor *monitor, BobbinTestProbe *probe, gint64 due)
{
  const guint64 n_taken = bobbin_monitor_get_n_taken (monitor);

  if (n_taken > 0)
    bobbin_monitor_tick (monitor, due);
  bobbin_test_probe_answer (probe, 10);
  BOBBIN_TEST_WAIT_UNTIL (bobbin_monitor_get_n_taken (monitor) > n_taken);
}

static BobbinMonitor *
run_other (BobbinJobQueue *queue, BobbinTestProbe *probe)
{
  BobbinJob *job =
    bobbin_monitor_new_for_probe ("other", bobbin_test_probe_get_probe (probe), TRUE);

  g_assert_true (bobbin_job_queue_add (queue, job));
  g_assert_true (bobbin_job_start (job));

  return BOBBIN_MONITOR (job);
}

/* More commands that never end than are run at once: monitors are sampled, others are told of by
 * signals, and those that wait are not begun. All end when it is closed. */
static void
test_blocked (Fixture *self, gconstpointer user_data)
{
  g_autoptr (BobbinJobQueue) queue = bobbin_job_queue_new ();
  BobbinTestProbe *probe = bobbin_test_probe_new (FALSE);
  g_autoptr (BobbinMonitor) other = run_other (queue, probe);
  g_autoptr (GString) text = g_string_new (NULL);
  const guint source = g_unix_fd_add (self->fd, G_IO_IN, on_readable, text);
  gboolean shut_down = FALSE;

  bobbin_alerts_watch (self->alerts, other);
  for (guint i = 0; i < 6; i++)
    {
      g_autoptr (BobbinMonitor) blocked = BOBBIN_MONITOR (bobbin_monitor_new ("cpu", NULL));

      set_command (self, blocked, "--block");
      bobbin_alerts_watch (self->alerts, blocked);
      judge_by (self, blocked, BOBBIN_HEALTH_DOWN, 1);
    }
  BOBBIN_TEST_WAIT_UNTIL (strlen (text->str) == 4);
  g_assert_cmpuint (bobbin_alerts_get_n_pending (self->alerts), ==, 6);

  for (guint i = 0; i < 5; i++)
    take_sample (other, probe, START + i);
  g_string_truncate (self->said, 0);
  judge_by (self, other, BOBBIN_HEALTH_DOWN, 1);
  g_assert_cmpstr (self->said->str, ==, "started ");
  g_assert_cmpuint (strlen (text->str), ==, 4);

  bobbin_job_queue_shutdown_async (queue, on_shut_down, &shut_down);
  BOBBIN_TEST_WAIT_UNTIL (shut_down);
  g_source_remove (source);
  bobbin_alerts_forget (self->alerts, other);
}

static void
on_taken_back (BobbinAlerts *alerts, BobbinMonitor *monitor, gpointer user_data)
{
  ++*(guint *) user_data;
}

static void
on_stopped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(gboolean *) user_data = bobbin_job_stop_finish (BOBBIN_JOB (source), result, NULL);
}

/* Between two runs nobody has stopped looking; after a stop nobody looks. */
static void
test_run_again (Fixture *self, gconstpointer user_data)
{
  g_autoptr (BobbinJobQueue) queue = bobbin_job_queue_new ();
  BobbinTestProbe *probe = bobbin_test_probe_new (FALSE);
  g_autoptr (BobbinMonitor) other = run_other (queue, probe);
  gboolean stopped = FALSE, shut_down = FALSE;
  guint n_withdrawn = 0;

  g_signal_connect (self->alerts, "withdrawn", G_CALLBACK (on_taken_back), &n_withdrawn);
  bobbin_alerts_watch (self->alerts, other);
  take_sample (other, probe, START);
  judge_by (self, other, BOBBIN_HEALTH_DOWN, 1);
  g_assert_true (bobbin_job_restart (BOBBIN_JOB (other)));
  BOBBIN_TEST_WAIT_UNTIL (bobbin_test_probe_get_n_runs (probe) == 2);
  g_assert_cmpuint (n_withdrawn, ==, 0);

  bobbin_job_stop_async (BOBBIN_JOB (other), on_stopped, &stopped);
  BOBBIN_TEST_WAIT_UNTIL (stopped);
  g_assert_cmpuint (n_withdrawn, ==, 1);
  bobbin_job_queue_shutdown_async (queue, on_shut_down, &shut_down);
  BOBBIN_TEST_WAIT_UNTIL (shut_down);
  bobbin_alerts_forget (self->alerts, other);
}

static guint
count (const char *text, const char *part)
{
  g_auto (GStrv) parts = g_strsplit (text, part, -1);

  return g_strv_length (parts) - 1;
}

/* Of one monitor nobody is told that something ended before he was told that it began. */
static void
test_order (Fixture *self, gconstpointer user_data)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) events = g_string_new (NULL);
  const guint source = g_unix_fd_add (self->fd, G_IO_IN, on_readable, text);
  g_auto (GStrv) lines = NULL;

  set_command (self, self->monitor, "--tell");
  bobbin_alerts_watch (self->alerts, self->monitor);
  for (guint i = 0; i < 4; i++)
    {
      judge (self, BOBBIN_HEALTH_DOWN, 1);
      judge (self, BOBBIN_HEALTH_UP, 1);
    }
  g_assert_cmpuint (bobbin_alerts_get_n_pending (self->alerts), ==, 8);
  BOBBIN_TEST_WAIT_UNTIL (count (text->str, "END\n") == 8);
  g_source_remove (source);

  lines = g_strsplit (text->str, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], "BOBBIN_EVENT="))
      g_string_append (events, lines[i] + strlen ("BOBBIN_EVENT="));
  g_assert_cmpstr (events->str, ==, "startedendedstartedendedstartedendedstartedended");
}

/* Of reminders the newest waits, and none once there is news. */
static void
test_reminders (Fixture *self, gconstpointer user_data)
{
  g_autofree char *text =
    g_strdup_printf ("{'repeat': <10.0>, 'command': <['%s', '--block', '%s']>}", program,
                     self->fifo);

  set_alerting (self->monitor, text);
  bobbin_alerts_watch (self->alerts, self->monitor);
  judge (self, BOBBIN_HEALTH_WARNING, 1);
  for (guint i = 0; i < 100; i++)
    judge (self, BOBBIN_HEALTH_WARNING, 10);
  g_assert_cmpuint (count (self->said->str, "repeated"), ==, 100);
  g_assert_cmpuint (bobbin_alerts_get_n_pending (self->alerts), ==, 2);
  judge (self, BOBBIN_HEALTH_DOWN, 10);
  g_assert_cmpuint (bobbin_alerts_get_n_pending (self->alerts), ==, 2);
  judge (self, BOBBIN_HEALTH_DOWN, 10);
  judge (self, BOBBIN_HEALTH_UP, 10);
  g_assert_cmpuint (bobbin_alerts_get_n_pending (self->alerts), ==, 3);
}

/* What comes and goes while nobody hears does not pile up. */
static void
test_too_much (Fixture *self, gconstpointer user_data)
{
  set_command (self, self->monitor, "--block");
  bobbin_alerts_watch (self->alerts, self->monitor);
  for (guint i = 0; i < 100; i++)
    judge (self, i % 2 == 0 ? BOBBIN_HEALTH_DOWN : BOBBIN_HEALTH_UP, 10);
  g_assert_cmpuint (bobbin_alerts_get_n_pending (self->alerts), ==, 33);
  g_assert_true (has_logged (self->monitor, "Too much"));
}

/* A server that has trouble is told when it has none any more. */
static void
test_webhook_again (Fixture *self, gconstpointer user_data)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autofree char *uri = bobbin_test_server_get_uri (server, "/hook");
  g_autofree char *text = g_strdup_printf ("{'webhook': <'%s'>}", uri);

  bobbin_alerts_set_delay (self->alerts, 1000);
  bobbin_test_server_set (server, "/hook", &(BobbinTestFile){ .close = TRUE });
  bobbin_test_server_set_for (server, "/hook", 0, 2, &(BobbinTestFile){ .status = 503 });
  set_alerting (self->monitor, text);
  bobbin_alerts_watch (self->alerts, self->monitor);
  judge (self, BOBBIN_HEALTH_DOWN, 1);
  BOBBIN_TEST_WAIT_UNTIL (has_logged (self->monitor, "after all"));
  g_assert_cmpuint (bobbin_alerts_get_n_pending (self->alerts), ==, 0);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (server, "/hook"), ==, 3);
  g_assert_true (has_logged (self->monitor, "told of this yet"));
  g_assert_false (has_logged (self->monitor, "told of this:"));
}

/* Four times in vain, and then no more; and what is no use is not tried again. */
static void
test_webhook_in_vain (Fixture *self, gconstpointer user_data)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autofree char *uri = bobbin_test_server_get_uri (server, "/hook");
  g_autofree char *text = g_strdup_printf ("{'webhook': <'%s'>}", uri);

  bobbin_alerts_set_delay (self->alerts, 1000);
  bobbin_test_server_set (server, "/hook", &(BobbinTestFile){ .status = 503 });
  set_alerting (self->monitor, text);
  bobbin_alerts_watch (self->alerts, self->monitor);
  judge (self, BOBBIN_HEALTH_DOWN, 1);
  BOBBIN_TEST_WAIT_UNTIL (bobbin_alerts_get_n_pending (self->alerts) == 0);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (server, "/hook"), ==, 4);
  g_assert_true (has_logged (self->monitor, "told of this:"));

  bobbin_test_server_set (server, "/hook", &(BobbinTestFile){ .status = 404 });
  judge (self, BOBBIN_HEALTH_UP, 1);
  BOBBIN_TEST_WAIT_UNTIL (bobbin_alerts_get_n_pending (self->alerts) == 0);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (server, "/hook"), ==, 5);
}

/* What waits for another try when the program ends has its last one then. */
static void
test_again_at_end (Fixture *self, gconstpointer user_data)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const guint source = g_unix_fd_add (self->fd, G_IO_IN, on_readable, text);

  bobbin_alerts_set_delay (self->alerts, G_MAXINT);
  bobbin_alerts_set_grace (self->alerts, 60 * (gint64) G_USEC_PER_SEC);
  set_command (self, self->monitor, "--later");
  bobbin_alerts_watch (self->alerts, self->monitor);
  judge (self, BOBBIN_HEALTH_DOWN, 1);
  BOBBIN_TEST_WAIT_UNTIL (has_logged (self->monitor, "told of this yet"));
  g_assert_cmpuint (bobbin_alerts_get_n_pending (self->alerts), ==, 1);
  close_alerts (self);
  BOBBIN_TEST_WAIT_UNTIL (strlen (text->str) == 2);
  g_source_remove (source);
  listen_to (self);
}

/* More webhooks that nobody answers than are told at once: commands are run all the same. */
static void
test_hung_webhooks (Fixture *self, gconstpointer user_data)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_SILENT);
  g_autofree char *uri = bobbin_test_server_get_uri (server, "/hook");
  g_autofree char *hook = g_strdup_printf ("{'webhook': <'%s'>}", uri);
  g_autoptr (GString) text = g_string_new (NULL);
  const guint source = g_unix_fd_add (self->fd, G_IO_IN, on_readable, text);

  for (guint i = 0; i < 6; i++)
    {
      g_autoptr (BobbinMonitor) hung = BOBBIN_MONITOR (bobbin_monitor_new ("cpu", NULL));

      set_alerting (hung, hook);
      bobbin_alerts_watch (self->alerts, hung);
      judge_by (self, hung, BOBBIN_HEALTH_DOWN, 1);
    }
  bobbin_test_server_wait_stalled (server, 2);
  set_command (self, self->monitor, "--tell");
  bobbin_alerts_watch (self->alerts, self->monitor);
  judge (self, BOBBIN_HEALTH_DOWN, 1);
  BOBBIN_TEST_WAIT_UNTIL (g_str_has_suffix (text->str, "END\n"));
  g_source_remove (source);
  close_alerts (self);
  listen_to (self);
}

static void
on_courier_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(gboolean *) user_data =
    bobbin_alert_courier_close_finish (BOBBIN_ALERT_COURIER (source), result, NULL);
}

/* Nobody is left to keep it. */
static void
test_courier_goes (Fixture *self, gconstpointer user_data)
{
  BobbinAlertCourier *courier = bobbin_alert_courier_new ();
  gboolean closed = FALSE;

  bobbin_alert_courier_close_async (courier, on_courier_closed, &closed);
  BOBBIN_TEST_WAIT_UNTIL (closed);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_finalize_object (courier);
}

/* What has just been begun when the program ends may come to its end. */
static void
test_grace (Fixture *self, gconstpointer user_data)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const guint source = g_unix_fd_add (self->fd, G_IO_IN, on_readable, text);

  bobbin_alerts_set_grace (self->alerts, 60 * (gint64) G_USEC_PER_SEC);
  set_command (self, self->monitor, "--tell");
  bobbin_alerts_watch (self->alerts, self->monitor);
  judge (self, BOBBIN_HEALTH_DOWN, 1);
  judge (self, BOBBIN_HEALTH_UP, 1);
  close_alerts (self);
  BOBBIN_TEST_WAIT_UNTIL (count (text->str, "END\n") == 2);
  g_source_remove (source);
  listen_to (self);
}

static void
on_withdrawn (BobbinAlerts *alerts, BobbinMonitor *monitor, gpointer user_data)
{
  Fixture *self = user_data;

  g_assert_true (monitor == self->monitor);
  g_string_append (self->said, "withdrawn ");
}

/* What was said of a monitor that nobody looks at any more is taken back, once. */
static void
test_withdrawn (Fixture *self, gconstpointer user_data)
{
  g_signal_connect (self->alerts, "withdrawn", G_CALLBACK (on_withdrawn), self);
  bobbin_alerts_watch (self->alerts, self->monitor);
  g_object_notify (G_OBJECT (self->monitor), "state");
  g_assert_cmpstr (self->said->str, ==, "");
  judge (self, BOBBIN_HEALTH_DOWN, 1);
  g_object_notify (G_OBJECT (self->monitor), "state");
  g_object_notify (G_OBJECT (self->monitor), "state");
  bobbin_alerts_forget (self->alerts, self->monitor);
  g_assert_cmpstr (self->said->str, ==, "started withdrawn ");

  bobbin_alerts_watch (self->alerts, self->monitor);
  bobbin_alerts_forget (self->alerts, self->monitor);
  g_assert_cmpstr (self->said->str, ==, "started withdrawn ");
}

/* What was taken back and still goes on when it is looked at again is said once more, whatever
 * came between: a stop, a removal that is undone, another program. */
static void
test_withdrawn_goes_on (Fixture *self, gconstpointer user_data)
{
  g_signal_connect (self->alerts, "withdrawn", G_CALLBACK (on_withdrawn), self);
  bobbin_alerts_watch (self->alerts, self->monitor);
  judge (self, BOBBIN_HEALTH_DOWN, 1);
  g_object_notify (G_OBJECT (self->monitor), "state");
  judge (self, BOBBIN_HEALTH_DOWN, 1);
  judge (self, BOBBIN_HEALTH_DOWN, 1);
  g_assert_cmpstr (self->said->str, ==, "started withdrawn repeated ");
  bobbin_alerts_forget (self->alerts, self->monitor);
  bobbin_alerts_watch (self->alerts, self->monitor);
  judge (self, BOBBIN_HEALTH_DOWN, 1);
  judge (self, BOBBIN_HEALTH_DOWN, 1);
  g_assert_cmpstr (self->said->str, ==, "started withdrawn repeated withdrawn repeated ");

  g_object_notify (G_OBJECT (self->monitor), "state");
  close_alerts (self);
  listen_to (self);
  g_string_truncate (self->said, 0);
  bobbin_alerts_watch (self->alerts, self->monitor);
  judge (self, BOBBIN_HEALTH_DOWN, 1);
  judge (self, BOBBIN_HEALTH_DOWN, 1);
  judge (self, BOBBIN_HEALTH_UP, 1);
  g_assert_cmpstr (self->said->str, ==, "repeated ended ");
}

static void
test_webhook (Fixture *self, gconstpointer user_data)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autofree char *uri = bobbin_test_server_get_uri (server, "/hook");
  g_autofree char *text = g_strdup_printf ("{'webhook': <'%s'>}", uri);
  g_autofree char *type = NULL, *length = NULL;

  bobbin_test_server_set (server, "/hook", &(BobbinTestFile){ .close = TRUE });
  set_alerting (self->monitor, text);
  bobbin_alerts_watch (self->alerts, self->monitor);
  judge (self, BOBBIN_HEALTH_DOWN, 1);
  BOBBIN_TEST_WAIT_UNTIL (bobbin_test_server_get_n_requests (server, "/hook") == 1);
  BOBBIN_TEST_WAIT_UNTIL (bobbin_alerts_get_n_pending (self->alerts) == 0);
  type = bobbin_test_server_get_header (server, "/hook", 0, "Content-Type");
  length = bobbin_test_server_get_header (server, "/hook", 0, "Content-Length");
  g_assert_cmpstr (type, ==, "application/json");
  g_assert_nonnull (length);
  g_assert_false (has_logged (self->monitor, "told"));
}

static void
test_webhook_fails (Fixture *self, gconstpointer user_data)
{
  g_autoptr (BobbinTestServer) server = bobbin_test_server_new (BOBBIN_TEST_PLAIN);
  g_autofree char *uri = bobbin_test_server_get_uri (server, "/hook");
  g_autofree char *text = g_strdup_printf ("{'webhook': <'%s'>}", uri);

  bobbin_test_server_set_redirect (server, "/hook", "/other");
  set_alerting (self->monitor, text);
  bobbin_alerts_watch (self->alerts, self->monitor);
  judge (self, BOBBIN_HEALTH_DOWN, 1);
  BOBBIN_TEST_WAIT_UNTIL (has_logged (self->monitor, "Nobody could be told"));
  g_assert_cmpuint (bobbin_test_server_get_n_requests (server, "/other"), ==, 0);
}

static void
test_json (Fixture *self, gconstpointer user_data)
{
  const BobbinAlertState state = { .level = BOBBIN_HEALTH_DOWN, .since = START };
  g_autoptr (BobbinAlert) alert = bobbin_alert_new (self->monitor, BOBBIN_ALERT_ENDED, &state,
                                                    START + 90 * G_USEC_PER_SEC, "Say \"no\"\n");
  g_autofree char *json = bobbin_alert_to_json (alert);

  g_assert_cmpstr (json, ==,
                   "{\"event\":\"ended\",\"level\":\"down\",\"monitor\":\"example.org\","
                   "\"target\":\"https://example.org/\",\"cause\":\"Say \\\"no\\\"\\n\","
                   "\"since\":\"2027-01-15T08:00:00Z\",\"time\":\"2027-01-15T08:01:30Z\","
                   "\"duration\":90,\"acknowledged\":false}");
}

static void
test_bad_settings (Fixture *self, gconstpointer user_data)
{
  static const struct
  {
    const char *alerting, *named;
  } bad[] = {
    { "{'repeat': <'often'>}", "repeat" },
    { "{'repeat': <-1.0>}", "repeat" },
    { "{'repeat': <nan>}", "repeat" },
    { "{'windows': <['never']>}", "never" },
    { "{'windows': <'daily 00:00-01:00'>}", "windows" },
    { "{'command': <'rm -rf /'>}", "command" },
    { "{'command': <['']>}", "command" },
    { "{'webhook': <'ftp://example.org/'>}", "webhook" },
    { "{'webhook': <'http:///x'>}", "webhook" },
    { "{'webhook': <7>}", "webhook" },
    { "{'colour': <'red'>}", "colour" },
  };

  bobbin_alerts_watch (self->alerts, self->monitor);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_test_message ("%s", bad[i].alerting);
      set_alerting (self->monitor, bad[i].alerting);
      g_assert_true (has_logged (self->monitor, bad[i].named));
    }
  judge (self, BOBBIN_HEALTH_DOWN, 1);
  g_assert_cmpstr (self->said->str, ==, "started ");
}

/* ---- what is run */

static int
tell (const char *path)
{
  g_auto (GStrv) environment = g_get_environ ();
  g_autoptr (GString) text = g_string_new (NULL);
  const int fd = open (path, O_WRONLY | O_CLOEXEC);

  for (guint i = 0; environment[i] != NULL; i++)
    if (g_str_has_prefix (environment[i], "BOBBIN_"))
      g_string_append_printf (text, "%s\n", environment[i]);
  g_string_append (text, "END\n");

  return write (fd, text->str, text->len) == (gssize) text->len ? 0 : 1;
}

static int
block (const char *path)
{
  const int fd = open (path, O_WRONLY | O_CLOEXEC);

  signal (SIGTERM, SIG_IGN);
  if (write (fd, "x", 1) != 1)
    return 1;
  for (;;)
    pause ();
}

static int
put_off (const char *path)
{
  const int fd = open (path, O_WRONLY | O_CLOEXEC);

  return write (fd, "x", 1) == 1 ? EX_TEMPFAIL : 1;
}

#define ADD(name, function) \
  g_test_add ("/alert/alerts/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--tell"))
    return tell (argv[2]);
  if (argc == 3 && g_str_equal (argv[1], "--block"))
    return block (argv[2]);

  if (argc == 3 && g_str_equal (argv[1], "--later"))
    return put_off (argv[2]);

  program = g_canonicalize_filename (argv[0], NULL);
  g_test_init (&argc, &argv, NULL);

  ADD ("signals", test_signals);
  ADD ("steps", test_steps);
  ADD ("restart", test_restart);
  ADD ("follow", test_follow);
  ADD ("command", test_command);
  ADD ("command-fails", test_command_fails);
  ADD ("deadline", test_deadline);
  ADD ("blocked", test_blocked);
  ADD ("order", test_order);
  ADD ("reminders", test_reminders);
  ADD ("too-much", test_too_much);
  ADD ("webhook-again", test_webhook_again);
  ADD ("webhook-in-vain", test_webhook_in_vain);
  ADD ("again-at-end", test_again_at_end);
  ADD ("hung-webhooks", test_hung_webhooks);
  ADD ("courier-goes", test_courier_goes);
  ADD ("grace", test_grace);
  ADD ("withdrawn", test_withdrawn);
  ADD ("withdrawn-goes-on", test_withdrawn_goes_on);
  ADD ("run-again", test_run_again);
  ADD ("webhook", test_webhook);
  ADD ("webhook-fails", test_webhook_fails);
  ADD ("json", test_json);
  ADD ("bad-settings", test_bad_settings);

  return g_test_run ();
}
