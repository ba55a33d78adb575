/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * `bobbin-cli get`: makes a download of each address, from the arguments and then from the list of
 * --input-file, and tells how each goes on and ends. Only so many downloads exist at once as are
 * needed to keep the queue busy; the list is read on as they end. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-cli-get-private.h"

#include "bobbin-cli-json.h"
#include "bobbin-cli-text.h"
#include "bobbin-display.h"
#include "bobbin-error.h"
#include "bobbin-host-gate.h"
#include "bobbin-network.h"
#include "bobbin-rate-limiter.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* For each download that may run so many wait for their turn. */
#define MAX_QUEUED 4

/* So many wait for another try, at most, while the list is read on. */
#define MAX_PUT_OFF 10000

typedef struct
{
  const BobbinCliGetOptions *options;
  BobbinCliSession *session;   /* (owned) */
  BobbinCliProgress *progress; /* (owned) (nullable): only on a terminal */
  BobbinCliInput *input;       /* (owned) (nullable): until its end */
  char **next_url;             /* of those in the arguments */
  GHashTable *items;           /* (element-type Item) (owned): those that have not been reaped */
  GQueue ended;                /* (element-type Item): to be reaped, in the order of their ends */
  guint reap;                  /* idle source, or 0 */
} Get;

/* One address and its download. */
typedef struct
{
  Get *get;
  char *url;                /* (owned): as it was given, but for a password */
  BobbinDownload *download; /* (owned) */
  gboolean begun;
  gboolean ended;
} Item;

static void feed (Get *get);

static void
item_free (Item *item)
{
  BobbinJob *job = BOBBIN_JOB (item->download);

  g_signal_handlers_disconnect_by_data (job, item);
  g_signal_handlers_disconnect_by_data (bobbin_job_get_event_log (job), item);
  g_object_unref (item->download);
  g_free (item->url);
  g_free (item);
}

static void
say (Get *get, const char *line)
{
  if (get->progress != NULL)
    bobbin_cli_progress_print (get->progress, line);
  else
    bobbin_cli_output_print (bobbin_cli_session_get_output (get->session), line);
}

/* Where standard error is the terminal of the progress lines, both go through the same output, or
 * one would write into the other. Where it is not, the lines are drawn anew all the same: that of
 * the download that is complained of has to go. */
static void
on_complaint (const char *line, gpointer user_data)
{
  Get *get = user_data;
  gboolean together = get->progress != NULL && isatty (STDERR_FILENO);

  if (!together)
    bobbin_cli_output_print (bobbin_cli_session_get_errors (get->session), line);
  if (get->progress != NULL)
    bobbin_cli_progress_print (get->progress, together ? line : NULL);
}

static void
complain (Get *get, const char *about, const char *message)
{
  g_autofree char *what = bobbin_display_text (about);
  g_autofree char *why = bobbin_display_text (message);
  g_autofree char *line = g_strdup_printf ("bobbin-cli: %s: %s\n", what, why);

  bobbin_cli_session_set_failed (get->session);
  on_complaint (line, get);
}

/* The path of the file: that of the whole one, or what it is going to be called. */
static char *
get_path (Item *item)
{
  const char *file = bobbin_download_get_file (item->download);
  g_autofree char *name = NULL;

  if (file != NULL)
    return g_strdup (file);
  g_object_get (item->download, "part-name", &name, NULL);
  if (name != NULL)
    return g_build_filename (bobbin_download_get_folder (item->download), name, NULL);
  return NULL;
}

static void
tell_json (Item *item, const char *event, BobbinEvent *problem)
{
  g_autofree char *file = get_path (item);
  g_autofree char *line =
    bobbin_cli_json_download (event, item->url, item->download, file, problem);

  bobbin_cli_output_write (bobbin_cli_session_get_output (item->get->session), line);
}

static void
tell_begin (Item *item)
{
  if (item->get->options->json)
    tell_json (item, "started", NULL);
  if (item->get->progress != NULL)
    bobbin_cli_progress_add (item->get->progress, item->download);
}

/* What to do about a failure that is another option away; the app has a button for it. */
static const char *
get_remedy (const GError *error)
{
  if (g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_WEB_PAGE))
    /* Translators: follows a sentence; keep --accept-html */
    return _ (" With --accept-html it is saved all the same.");
  if (g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_LOGIN_REQUIRED))
    /* Translators: follows a sentence; keep --user=NAME */
    return _ (" A login is given with --user=NAME.");
  return "";
}

static void
complain_of_failure (Item *item, const GError *error)
{
  const char *sentence = error != NULL ? error->message : _ ("The download failed.");
  g_autofree char *message = g_strconcat (sentence, get_remedy (error), NULL);

  complain (item->get, item->url, message);
}

/* What is told of a download that ended: of one that was stopped before its turn, nothing. */
static void
tell_end (Item *item)
{
  Get *get = item->get;
  BobbinJob *job = BOBBIN_JOB (item->download);
  BobbinJobState state = bobbin_job_get_state (job);

  if (get->progress != NULL)
    bobbin_cli_progress_remove (get->progress, item->download);
  if (get->options->json && state == BOBBIN_JOB_DONE)
    tell_json (item, "done", NULL);
  else if (get->options->json && state == BOBBIN_JOB_FAILED)
    tell_json (item, "failed", NULL);
  else if (get->options->json && item->begun)
    tell_json (item, "stopped", NULL);

  if (state == BOBBIN_JOB_FAILED)
    complain_of_failure (item, bobbin_job_get_error (job));
  else if (!get->options->json && !get->options->quiet && (item->begun || state == BOBBIN_JOB_DONE))
    {
      g_autofree char *line = bobbin_cli_text_ended (item->download);

      say (get, line);
    }
}

static void
reap (Get *get)
{
  BobbinJobQueue *queue = bobbin_cli_session_get_queue (get->session);
  Item *item;

  while ((item = g_queue_pop_head (&get->ended)) != NULL)
    {
      tell_end (item);
      if (!bobbin_cli_session_is_closing (get->session))
        bobbin_job_queue_remove_async (queue, BOBBIN_JOB (item->download), NULL, NULL);
      g_hash_table_remove (get->items, item);
    }
}

static gboolean
on_reap (gpointer user_data)
{
  Get *get = user_data;

  get->reap = 0;
  reap (get);
  if (!bobbin_cli_session_is_closing (get->session))
    feed (get);
  return G_SOURCE_REMOVE;
}

/* Told of and dropped later: jobs and their queue are still in the middle of it. */
static void
reap_later (Get *get)
{
  if (get->reap == 0)
    get->reap = g_idle_add_full (G_PRIORITY_DEFAULT, on_reap, get, NULL);
}

static void
item_end (Item *item)
{
  if (item->ended)
    return;
  item->ended = TRUE;
  g_queue_push_tail (&item->get->ended, item);
  reap_later (item->get);
}

static void
on_state (BobbinJob *job, GParamSpec *pspec, gpointer user_data)
{
  Item *item = user_data;

  switch (bobbin_job_get_state (job))
    {
    case BOBBIN_JOB_RUNNING:
      /* Once: it may be put off, and run again. */
      if (!item->begun)
        tell_begin (item);
      item->begun = TRUE;
      break;
    case BOBBIN_JOB_IDLE:
    case BOBBIN_JOB_DONE:
    case BOBBIN_JOB_FAILED:
      item_end (item);
      break;
    case BOBBIN_JOB_QUEUED:
    case BOBBIN_JOB_STOPPING:
    default:
      break;
    }
}

static void
on_figures (BobbinJob *job, GParamSpec *pspec, gpointer user_data)
{
  Item *item = user_data;
  Get *get = item->get;

  if (bobbin_job_get_state (job) != BOBBIN_JOB_RUNNING && !bobbin_job_is_put_off (job))
    return;
  if (get->progress != NULL)
    bobbin_cli_progress_update (get->progress);
  else if (get->options->json &&
           !bobbin_cli_output_is_behind (bobbin_cli_session_get_output (get->session)))
    tell_json (item, "progress", NULL);
}

static void
on_events (GListModel *log, guint position, guint n_removed, guint n_added, gpointer user_data)
{
  for (guint i = position; i < position + n_added; i++)
    {
      g_autoptr (BobbinEvent) event = g_list_model_get_item (log, i);

      if (bobbin_event_get_kind (event) == BOBBIN_EVENT_RETRY)
        tell_json (user_data, "retry", event);
    }
}

static BobbinJob *
make_download (const BobbinCliGetOptions *options, const char *address)
{
  BobbinJob *job = bobbin_download_new (address, options->folder);

  g_object_set (job, "exists", options->exists, "connections", options->connections, "retries",
                options->retries, "timeout", options->timeout, "accept-html", options->accept_html,
                "sync", options->sync, "checksum", options->checksum, NULL);
  if (options->name != NULL)
    g_object_set (job, "file-name", options->name, NULL);
  if (!bobbin_http_context_is_empty (options->context))
    bobbin_download_set_context (BOBBIN_DOWNLOAD (job), options->context);
  return job;
}

static void
refuse (Get *get, const char *about, const GError *error)
{
  if (get->options->json)
    {
      g_autofree char *line = bobbin_cli_json_refused (about, error);

      bobbin_cli_output_write (bobbin_cli_session_get_output (get->session), line);
    }
  complain (get, about, error->message);
}

static void
add (Get *get, const char *url)
{
  BobbinJobQueue *queue = bobbin_cli_session_get_queue (get->session);
  g_autoptr (GError) error = NULL;
  g_autofree char *address = bobbin_download_check_address (url, &error);
  g_autofree char *shown = bobbin_display_address (url);
  Item *item;

  if (address == NULL)
    {
      refuse (get, shown, error);
      return;
    }

  item = g_new0 (Item, 1);
  item->get = get;
  item->url = g_steal_pointer (&shown);
  item->download = BOBBIN_DOWNLOAD (make_download (get->options, address));
  g_signal_connect (item->download, "notify::state", G_CALLBACK (on_state), item);
  g_signal_connect (item->download, "notify::bytes", G_CALLBACK (on_figures), item);
  if (get->progress != NULL)
    g_signal_connect (item->download, "notify::status-line", G_CALLBACK (on_figures), item);
  if (get->options->json)
    g_signal_connect (bobbin_job_get_event_log (BOBBIN_JOB (item->download)), "items-changed",
                      G_CALLBACK (on_events), item);
  g_hash_table_add (get->items, item);
  bobbin_job_queue_add (queue, BOBBIN_JOB (item->download));
  bobbin_job_start (BOBBIN_JOB (item->download));
}

static void
refuse_line (Get *get)
{
  g_autofree char *where = g_strdup_printf ("%s:%" G_GUINT64_FORMAT, get->options->input_file,
                                            bobbin_cli_input_get_line (get->input));
  g_autoptr (GError) error =
    g_error_new_literal (BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS, _ ("This line is no address."));

  refuse (get, where, error);
}

/* Takes one address from the list; says whether there may be another one. */
static gboolean
feed_line (Get *get)
{
  g_autofree char *line = NULL;

  switch (bobbin_cli_input_next (get->input, &line))
    {
    case BOBBIN_CLI_INPUT_LINE:
      add (get, line);
      return TRUE;
    case BOBBIN_CLI_INPUT_BAD_LINE:
      refuse_line (get);
      return TRUE;
    case BOBBIN_CLI_INPUT_END:
      g_clear_pointer (&get->input, bobbin_cli_input_close);
      return FALSE;
    case BOBBIN_CLI_INPUT_WAIT:
    default:
      return FALSE;
    }
}

/* Somebody who does not read what is said, of those that ended or of those that failed, gets no
 * more of it to be kept for them. */
static gboolean
is_read (Get *get)
{
  return !bobbin_cli_output_is_behind (bobbin_cli_session_get_output (get->session)) &&
         !bobbin_cli_output_is_behind (bobbin_cli_session_get_errors (get->session));
}

/* Whether there is room for one more. Those that wait for another try or for a network have left
 * their turn to others, and are counted for themselves. */
static gboolean
has_room (Get *get)
{
  BobbinJobQueue *queue = bobbin_cli_session_get_queue (get->session);

  return bobbin_job_queue_get_n_waiting (queue) < get->options->jobs * MAX_QUEUED &&
         bobbin_job_queue_get_n_put_off (queue) < MAX_PUT_OFF;
}

/* Adds as many downloads as may be queued. */
static void
feed (Get *get)
{
  gboolean more = TRUE;

  while (more && has_room (get) && is_read (get))
    {
      if (*get->next_url != NULL)
        add (get, *get->next_url++);
      else
        more = get->input != NULL && feed_line (get);
    }
  if (*get->next_url == NULL && get->input == NULL && g_hash_table_size (get->items) == 0)
    bobbin_cli_session_close (get->session);
}

static void
on_n_waiting (BobbinJobQueue *queue, GParamSpec *pspec, gpointer user_data)
{
  Get *get = user_data;

  if (has_room (get) && !bobbin_cli_session_is_closing (get->session))
    reap_later (get);
}

static void
on_input (const GError *error, gpointer user_data)
{
  Get *get = user_data;

  if (error != NULL)
    complain (get, get->options->input_file, error->message);
  if (!bobbin_cli_session_is_closing (get->session))
    feed (get);
}

static void
on_closing (gpointer user_data)
{
  Get *get = user_data;

  g_clear_pointer (&get->input, bobbin_cli_input_close);
}

static void
on_closed (gpointer user_data)
{
  Get *get = user_data;

  g_clear_handle_id (&get->reap, g_source_remove);
  reap (get);
}

static void
on_caught_up (gpointer user_data)
{
  feed (user_data);
}

/* The network is asked about before there is a worker: GIO makes types for it that workers need,
 * too, and GLib 2.74 locks up when both do. */
static gboolean
on_begin (gpointer user_data)
{
  Get *get = user_data;

  if (bobbin_cli_session_is_closing (get->session))
    return G_SOURCE_REMOVE;
  bobbin_network_follow (bobbin_network_get_default (), g_network_monitor_get_default ());
  feed (get);
  return G_SOURCE_REMOVE;
}

/* What all downloads share. A host gets as many connections as it always may, but not fewer than
 * were asked for: one for each of the files at once, or all of those that one file may have. */
static void
set_limits (const BobbinCliGetOptions *options)
{
  BobbinHostGate *gate = bobbin_host_gate_get_default ();
  const guint wanted = MAX (options->jobs, options->connections);

  bobbin_host_gate_set_limit (gate, MAX (bobbin_host_gate_get_limit (gate), wanted));
  bobbin_rate_limiter_set_rate (bobbin_rate_limiter_get_global (), options->rate);
}

static void
follow_queue (Get *get)
{
  BobbinJobQueue *queue = bobbin_cli_session_get_queue (get->session);

  bobbin_job_queue_set_max_transfers (queue, get->options->jobs);
  g_signal_connect (queue, "notify::n-waiting", G_CALLBACK (on_n_waiting), get);
}

static const BobbinCliSessionFuncs session_funcs = { on_closing, on_closed, on_caught_up,
                                                     on_complaint };

/**
 * bobbin_cli_get_run:
 * @options: what to do
 * @error: where to say why it cannot begin: %G_IO_ERROR if there is no such list
 * @status: (out): what to end with
 *
 * Downloads all of it.
 *
 * Returns: whether it could begin
 */
gboolean
bobbin_cli_get_run (const BobbinCliGetOptions *options, BobbinCliStatus *status, GError **error)
{
  Get get = { .options = options, .next_url = options->urls, .ended = G_QUEUE_INIT };

  if (options->input_file != NULL)
    {
      get.input = bobbin_cli_input_open (options->input_file, on_input, &get, error);
      if (get.input == NULL)
        return FALSE;
    }

  get.session = bobbin_cli_session_new (&session_funcs, &get);
  get.items = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) item_free, NULL);
  if (!options->json && !options->quiet && isatty (STDOUT_FILENO))
    get.progress =
      bobbin_cli_progress_new (bobbin_cli_session_get_output (get.session), STDOUT_FILENO);
  follow_queue (&get);

  set_limits (options);
  g_idle_add_full (G_PRIORITY_DEFAULT, on_begin, &get, NULL);
  *status = bobbin_cli_session_run (get.session);
  bobbin_network_follow (bobbin_network_get_default (), NULL);

  g_clear_pointer (&get.progress, bobbin_cli_progress_free);
  g_hash_table_unref (get.items);
  bobbin_cli_session_free (get.session);
  return TRUE;
}
