/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * `bobbin-cli watch`: a monitor for each target, a line for each sample, until each has taken as
 * many as were asked for, or Ctrl+C. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-cli-json.h"
#include "bobbin-cli-options.h"
#include "bobbin-cli-session.h"
#include "bobbin-cli-text.h"
#include "bobbin-display.h"
#include "bobbin-monitor.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MIN_INTERVAL 0.1
#define MIN_TIMEOUT  0.01
#define MAX_SECONDS  (7 * 24 * 60 * 60)

typedef struct
{
  /* The options as they were typed */
  char *interval_text;
  char *count_text;
  char *warn_text;
  char *critical_text;
  char *for_text;
  char *timeout_text;
  gboolean json;

  /* and checked */
  double interval;
  guint count; /* 0: no end */
  double warn;
  double critical;
  guint for_samples;
  double timeout;

  BobbinCliSession *session; /* (owned) */
  GPtrArray *targets;        /* (element-type Target) (owned) */
  guint n_active;
  guint width; /* columns of the widest target */
} Watch;

typedef struct
{
  Watch *watch;
  BobbinMonitor *monitor; /* (owned) */
  char *name;             /* (owned): the target, fit for a terminal */
  guint n_samples;
  BobbinHealth health; /* as of the latest sample */
  gboolean begun;
  gboolean ended;
} Target;

static void
watch_clear (Watch *watch)
{
  g_free (watch->interval_text);
  g_free (watch->count_text);
  g_free (watch->warn_text);
  g_free (watch->critical_text);
  g_free (watch->for_text);
  g_free (watch->timeout_text);
  g_clear_pointer (&watch->targets, g_ptr_array_unref);
  g_clear_pointer (&watch->session, bobbin_cli_session_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Watch, watch_clear)

static void
target_free (Target *target)
{
  g_signal_handlers_disconnect_by_data (target->monitor, target);
  g_object_unref (target->monitor);
  g_free (target->name);
  g_free (target);
}

static BobbinCliOutput *
get_output (Watch *watch)
{
  return bobbin_cli_session_get_output (watch->session);
}

/* Time, target, value with unit, state; and why, if there is no value. */
static char *
describe_sample (Target *target)
{
  BobbinMonitor *monitor = target->monitor;
  GDateTime *time = bobbin_monitor_get_sample_time (monitor);
  g_autoptr (GDateTime) local = time != NULL ? g_date_time_to_local (time) : NULL;
  g_autofree char *when = local != NULL ? g_date_time_format (local, "%F %T") : g_strdup ("");
  g_autofree char *value =
    bobbin_monitor_format_value (monitor, bobbin_monitor_get_value (monitor));
  const char *state = bobbin_health_to_string (bobbin_monitor_get_health (monitor));
  const GError *error = bobbin_monitor_get_sample_error (monitor);
  g_autofree char *name = bobbin_cli_text_fit (target->name, target->watch->width);
  g_autofree char *fit = bobbin_cli_text_fit (value, MAX (bobbin_cli_text_width (value), 8));
  g_autofree char *why = error != NULL ? bobbin_display_text (error->message) : NULL;

  if (why != NULL)
    return g_strdup_printf ("%s  %s  %s  %s  %s\n", when, name, fit, state, why);
  return g_strdup_printf ("%s  %s  %s  %s\n", when, name, fit, state);
}

/* A reader that has stopped reading misses samples, so that memory stays bounded; not states. */
static void
tell_sample (Target *target)
{
  BobbinCliOutput *output = get_output (target->watch);
  g_autofree char *line = NULL;

  if (bobbin_cli_output_is_behind (output))
    return;
  if (target->watch->json)
    {
      line = bobbin_cli_json_sample (target->monitor);
      bobbin_cli_output_write (output, line);
    }
  else
    {
      line = describe_sample (target);
      bobbin_cli_output_print (output, line);
    }
}

static void
tell_state (Target *target, BobbinHealth health)
{
  g_autofree char *line = NULL;

  if (!target->watch->json)
    return;
  line = bobbin_cli_json_state (target->monitor, target->health, health);
  bobbin_cli_output_write (get_output (target->watch), line);
}

static void
on_sampled (BobbinMonitor *monitor, gpointer user_data)
{
  Target *target = user_data;
  Watch *watch = target->watch;
  BobbinHealth health = bobbin_monitor_get_health (monitor);

  if (watch->count > 0 && target->n_samples >= watch->count)
    return;

  tell_sample (target);
  if (health != target->health)
    tell_state (target, health);
  target->health = health;
  if (++target->n_samples == watch->count)
    bobbin_job_stop_async (BOBBIN_JOB (monitor), NULL, NULL);
}

static void
tell_failure (Target *target)
{
  const GError *error = bobbin_job_get_error (BOBBIN_JOB (target->monitor));
  g_autofree char *why =
    bobbin_display_text (error != NULL ? error->message : _ ("The monitor failed."));
  g_autofree char *line = g_strdup_printf ("bobbin-cli: %s: %s\n", target->name, why);

  bobbin_cli_session_set_failed (target->watch->session);
  bobbin_cli_output_print (bobbin_cli_session_get_errors (target->watch->session), line);
}

static void
on_state (BobbinJob *job, GParamSpec *pspec, gpointer user_data)
{
  Target *target = user_data;
  Watch *watch = target->watch;

  if (bobbin_job_is_active (job))
    target->begun = TRUE;
  if (!target->begun || target->ended || bobbin_job_is_active (job))
    return;

  target->ended = TRUE;
  if (bobbin_job_get_state (job) == BOBBIN_JOB_FAILED)
    tell_failure (target);
  if (--watch->n_active == 0)
    bobbin_cli_session_close (watch->session);
}

static void
on_closing (gpointer user_data)
{
}

static void
on_closed (gpointer user_data)
{
  Watch *watch = user_data;

  for (guint i = 0; i < watch->targets->len; i++)
    {
      Target *target = g_ptr_array_index (watch->targets, i);

      if (target->health == BOBBIN_HEALTH_CRITICAL || target->health == BOBBIN_HEALTH_DOWN)
        bobbin_cli_session_set_failed (watch->session);
    }
}

static const BobbinCliSessionFuncs session_funcs = { on_closing, on_closed, NULL, NULL };

static char *
make_name (BobbinMonitor *monitor)
{
  g_autofree char *target = bobbin_display_address (bobbin_monitor_get_target (monitor));

  return bobbin_display_text (target);
}

static gboolean
add_target (Watch *watch, const char *name, GError **error)
{
  BobbinJob *job = bobbin_monitor_new (name, error);
  Target *target;

  if (job == NULL)
    return FALSE;

  g_object_set (job, "interval", watch->interval, "for", watch->for_samples, "timeout",
                watch->timeout, NULL);
  if (!isnan (watch->warn))
    g_object_set (job, "warn", watch->warn, NULL);
  if (!isnan (watch->critical))
    g_object_set (job, "critical", watch->critical, NULL);
  target = g_new0 (Target, 1);
  target->watch = watch;
  target->monitor = BOBBIN_MONITOR (job);
  target->name = make_name (target->monitor);
  g_signal_connect (job, "sampled", G_CALLBACK (on_sampled), target);
  g_signal_connect (job, "notify::state", G_CALLBACK (on_state), target);
  g_ptr_array_add (watch->targets, target);
  watch->width = MAX (watch->width, bobbin_cli_text_width (target->name));
  return TRUE;
}

static gboolean
add_targets (Watch *watch, char *const names[], GError **error)
{
  if (*names == NULL)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("No target given"));
      return FALSE;
    }
  watch->targets = g_ptr_array_new_with_free_func ((GDestroyNotify) target_free);
  for (; *names != NULL; names++)
    if (!add_target (watch, *names, error))
      return FALSE;
  return TRUE;
}

static gboolean
take_options (Watch *watch, GError **error)
{
  watch->interval = 5;
  watch->warn = watch->critical = NAN;
  watch->for_samples = 1;
  watch->timeout = 10;

  if (!bobbin_cli_options_take_number ("--interval", watch->interval_text, MIN_INTERVAL,
                                       MAX_SECONDS, &watch->interval, error) ||
      !bobbin_cli_options_take_count ("--count", watch->count_text, 1, G_MAXINT, &watch->count,
                                      error) ||
      !bobbin_cli_options_take_number ("--warn", watch->warn_text, 0, G_MAXDOUBLE, &watch->warn,
                                       error) ||
      !bobbin_cli_options_take_number ("--critical", watch->critical_text, 0, G_MAXDOUBLE,
                                       &watch->critical, error) ||
      !bobbin_cli_options_take_count ("--for", watch->for_text, 1, 1000, &watch->for_samples,
                                      error) ||
      !bobbin_cli_options_take_number ("--timeout", watch->timeout_text, MIN_TIMEOUT, MAX_SECONDS,
                                       &watch->timeout, error))
    return FALSE;

  if (watch->warn > watch->critical)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           _ ("The limit of --warn is above that of --critical"));
      return FALSE;
    }
  return TRUE;
}

static gboolean
parse (char ***args, Watch *watch, BobbinCliStatus *status)
{
  const GOptionEntry entries[] = {
    { "interval", 0, 0, G_OPTION_ARG_STRING, &watch->interval_text,
      N_ ("From one sample to the next (default 5, at least 0.1)"), N_ ("SECONDS") },
    { "count", 0, 0, G_OPTION_ARG_STRING, &watch->count_text,
      N_ ("End after N samples of each target"), N_ ("N") },
    { "warn", 0, 0, G_OPTION_ARG_STRING, &watch->warn_text,
      N_ ("A value above this is a warning, in the target’s unit"), N_ ("LIMIT") },
    { "critical", 0, 0, G_OPTION_ARG_STRING, &watch->critical_text,
      N_ ("A value above this is critical"), N_ ("LIMIT") },
    { "for", 0, 0, G_OPTION_ARG_STRING, &watch->for_text,
      N_ ("Only after N such samples in a row (default 1)"), N_ ("N") },
    { "timeout", 0, 0, G_OPTION_ARG_STRING, &watch->timeout_text,
      N_ ("So long a sample may take (default 10)"), N_ ("SECONDS") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &watch->json,
      N_ ("One JSON object a line on standard output"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  GOptionGroup *const groups[] = {
    bobbin_cli_options_make_group ("watch", N_ ("Options:"), entries),
    NULL,
  };

  return bobbin_cli_options_parse (
    groups, "watch", _ ("TARGET…"),
    _ ("Monitor targets: a line for each sample, until Ctrl+C or --count.\n"
       "\n"
       "Targets:\n"
       "  cpu                     How busy the processors are, in %\n"
       "  memory                  How much memory is used, in %\n"
       "  disk:PATH               How full the disk is that holds PATH, in %\n"
       "  disk-free:PATH          How much is free on it, in bytes\n"
       "  inodes:PATH             How many of its inodes are used, in %\n"
       "  http://…, https://…     How long the server takes to answer, in ms\n"
       "  tcp://HOST:PORT         How long it takes to connect, in ms"),
    _ ("Exit status: 0 all well; 1 at least one target ended critical or down;\n"
       "2 wrong usage; 130 stopped by SIGINT or SIGTERM."),
    args, status);
}

/**
 * bobbin_cli_watch:
 * @args: (array zero-terminated=1): the arguments, with “watch” as the first; taken apart
 *
 * Runs `bobbin-cli watch`.
 *
 * Returns: what to end with
 */
BobbinCliStatus
bobbin_cli_watch (char **args)
{
  g_auto (Watch) watch = { 0 };
  g_auto (GStrv) rest = g_strdupv (args);
  g_autoptr (GError) error = NULL;
  BobbinCliStatus status = BOBBIN_CLI_DONE;
  BobbinJobQueue *queue;

  if (!parse (&rest, &watch, &status))
    return status;
  if (!take_options (&watch, &error) || !add_targets (&watch, rest + 1, &error))
    return bobbin_cli_options_wrong_usage ("watch", error->message);

  watch.session = bobbin_cli_session_new (&session_funcs, &watch);
  watch.n_active = watch.targets->len;
  queue = bobbin_cli_session_get_queue (watch.session);
  for (guint i = 0; i < watch.targets->len; i++)
    {
      Target *target = g_ptr_array_index (watch.targets, i);

      bobbin_job_queue_add (queue, BOBBIN_JOB (target->monitor));
      bobbin_job_start (BOBBIN_JOB (target->monitor));
    }
  return bobbin_cli_session_run (watch.session);
}
