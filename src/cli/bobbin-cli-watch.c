/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * `bobbin-cli watch`: a monitor for each target, a line for each sample, until each has taken as
 * many as were asked for, or Ctrl+C. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-cli-json.h"
#include "bobbin-cli-session.h"
#include "bobbin-cli-text.h"
#include "bobbin-cli-watch-private.h"
#include "bobbin-display.h"
#include "bobbin-verdict.h"
#include "bobbin-watch-fetch.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  const BobbinCliWatchOptions *options;
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
  char *text;          /* (owned) (nullable): of that sample, until it has been told */
  GVariant *details;   /* (owned) (nullable): so too */
  gboolean begun;
  gboolean ended;
} Target;

static void
watch_clear (Watch *watch)
{
  g_clear_pointer (&watch->targets, g_ptr_array_unref);
  g_clear_pointer (&watch->session, bobbin_cli_session_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Watch, watch_clear)

static void
target_free (Target *target)
{
  g_signal_handlers_disconnect_by_data (target->monitor, target);
  bobbin_watch_fetch_disconnect (target->monitor);
  g_object_unref (target->monitor);
  g_free (target->name);
  g_free (target->text);
  g_clear_pointer (&target->details, g_variant_unref);
  g_free (target);
}

static BobbinCliOutput *
get_output (Watch *watch)
{
  return bobbin_cli_session_get_output (watch->session);
}

/* What there is to say but for the value: why there is none, or what it is of. */
static char *
describe_rest (Target *target)
{
  const GError *error = bobbin_monitor_get_sample_error (target->monitor);
  const BobbinUnknownReason reason = bobbin_monitor_get_reason (target->monitor);

  if (error != NULL)
    return bobbin_display_text (error->message);
  if (reason != BOBBIN_UNKNOWN_NONE)
    return g_strdup (bobbin_unknown_reason_to_string (reason));

  return target->text != NULL ? bobbin_display_text (target->text) : NULL;
}

/* Time, target, value with unit, state; and what else there is to say. */
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
  g_autofree char *name = bobbin_cli_text_fit (target->name, target->watch->width);
  g_autofree char *fit = bobbin_cli_text_fit (value, MAX (bobbin_cli_text_width (value), 8));
  g_autofree char *rest = describe_rest (target);

  if (rest != NULL)
    return g_strdup_printf ("%s  %s  %s  %s  %s\n", when, name, fit, state, rest);
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
  if (target->watch->options->json)
    {
      line = bobbin_cli_json_sample (target->monitor, target->text, target->details);
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

  if (!target->watch->options->json)
    return;
  line = bobbin_cli_json_state (target->monitor, target->health, health);
  bobbin_cli_output_write (get_output (target->watch), line);
}

/* What was found in words and details is there no longer than this. */
static void
on_judged (BobbinMonitor *monitor, const BobbinVerdict *verdict, gpointer user_data)
{
  Target *target = user_data;
  const BobbinSample *sample = verdict->sample;

  g_clear_pointer (&target->text, g_free);
  g_clear_pointer (&target->details, g_variant_unref);
  if (sample == NULL)
    return;

  target->text = g_strdup (sample->text);
  target->details = sample->details != NULL ? g_variant_ref (sample->details) : NULL;
}

static void
on_sampled (BobbinMonitor *monitor, gpointer user_data)
{
  Target *target = user_data;
  Watch *watch = target->watch;
  BobbinHealth health = bobbin_monitor_get_health (monitor);

  if (watch->options->count > 0 && target->n_samples >= watch->options->count)
    return;

  tell_sample (target);
  if (health != target->health)
    tell_state (target, health);
  target->health = health;
  if (++target->n_samples == watch->options->count)
    bobbin_job_stop_async (BOBBIN_JOB (monitor), NULL, NULL);
}

static void
tell_failure (Watch *watch, const char *about, BobbinJob *job, const char *otherwise)
{
  const GError *error = bobbin_job_get_error (job);
  g_autofree char *what = bobbin_display_text (about);
  g_autofree char *why = bobbin_display_text (error != NULL ? error->message : otherwise);
  g_autofree char *line = g_strdup_printf ("bobbin-cli: %s: %s\n", what, why);

  bobbin_cli_session_set_failed (watch->session);
  bobbin_cli_output_print (bobbin_cli_session_get_errors (watch->session), line);
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
    tell_failure (watch, target->name, job, _ ("The monitor failed."));
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

/* ---- what has changed is fetched */

static void
tell_download (Watch *watch, BobbinDownload *download)
{
  const gboolean failed = bobbin_job_get_state (BOBBIN_JOB (download)) == BOBBIN_JOB_FAILED;
  g_autofree char *url = bobbin_display_address (bobbin_download_get_address (download));
  g_autofree char *line = NULL;

  if (watch->options->json)
    {
      line = bobbin_cli_json_download (failed ? "failed" : "done", url, download,
                                       bobbin_download_get_file (download), NULL);
      bobbin_cli_output_write (get_output (watch), line);
    }
  if (failed)
    {
      tell_failure (watch, url, BOBBIN_JOB (download), _ ("The download failed."));
    }
  else if (!watch->options->json)
    {
      line = bobbin_cli_text_ended (download);
      bobbin_cli_output_print (get_output (watch), line);
    }
}

/* One that has ended goes, and its log with it: a watch may last for months. */
static void
on_download_state (BobbinJob *job, GParamSpec *pspec, gpointer user_data)
{
  Watch *watch = user_data;
  BobbinJobQueue *queue = bobbin_cli_session_get_queue (watch->session);

  if (bobbin_job_is_active (job))
    return;

  g_signal_handlers_disconnect_by_func (job, on_download_state, watch);
  if (!bobbin_cli_session_is_closing (watch->session))
    {
      tell_download (watch, BOBBIN_DOWNLOAD (job));
      bobbin_job_queue_remove_async (queue, job, NULL, NULL);
    }
  if (--watch->n_active == 0)
    bobbin_cli_session_close (watch->session);
}

static gboolean
on_change (BobbinMonitor *monitor, const char *address, const char *file_name, gpointer user_data)
{
  Watch *watch = user_data;
  g_autoptr (BobbinJob) job = NULL;

  if (bobbin_cli_session_is_closing (watch->session))
    return FALSE;

  job = bobbin_download_new (address, watch->options->fetch);
  bobbin_watch_fetch_prepare (monitor, BOBBIN_DOWNLOAD (job), file_name);
  watch->n_active++;
  bobbin_job_queue_add (bobbin_cli_session_get_queue (watch->session), job);
  bobbin_job_start (job);
  g_signal_connect (job, "notify::state", G_CALLBACK (on_download_state), watch);

  return TRUE;
}

static char *
make_name (BobbinMonitor *monitor)
{
  g_autofree char *target = bobbin_display_address (bobbin_monitor_get_target (monitor));

  return bobbin_display_text (target);
}

static void
add_target (Watch *watch, BobbinMonitor *monitor)
{
  Target *target = g_new0 (Target, 1);

  target->watch = watch;
  target->monitor = g_object_ref (monitor);
  target->name = make_name (monitor);
  g_signal_connect (monitor, "judged", G_CALLBACK (on_judged), target);
  g_signal_connect (monitor, "sampled", G_CALLBACK (on_sampled), target);
  g_signal_connect (monitor, "notify::state", G_CALLBACK (on_state), target);
  if (watch->options->fetch != NULL)
    bobbin_watch_fetch_connect (monitor, on_change, watch, NULL);
  g_ptr_array_add (watch->targets, target);
  watch->width = MAX (watch->width, bobbin_cli_text_width (target->name));
}

/**
 * bobbin_cli_watch_run:
 * @options: what to do
 *
 * Monitors until all samples are taken, or a signal comes.
 *
 * Returns: what to end with
 */
BobbinCliStatus
bobbin_cli_watch_run (const BobbinCliWatchOptions *options)
{
  g_auto (Watch) watch = { .options = options };
  BobbinJobQueue *queue;

  watch.targets = g_ptr_array_new_with_free_func ((GDestroyNotify) target_free);
  for (guint i = 0; i < options->monitors->len; i++)
    add_target (&watch, g_ptr_array_index (options->monitors, i));

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
