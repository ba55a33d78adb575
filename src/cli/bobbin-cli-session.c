/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A session runs jobs until a command says that all is done, or SIGINT or SIGTERM comes, or whoever
 * reads its output goes away. Each of these ends it the same way: the queue is shut down, which
 * returns when every worker is joined, and what is still to be written is written. A worker that
 * the kernel holds is waited for, but not in silence: its job is named. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-cli-session.h"

#include "bobbin-display.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <unistd.h>

/* A reader that does not read holds up an interrupted program no longer than so many ms. */
#define LAST_WORDS 50

/* After so many s it is said which jobs still hold, */
#define PATIENCE 5
/* so many of them by name. */
#define N_NAMED 3

struct _BobbinCliSession
{
  const BobbinCliSessionFuncs *funcs;
  gpointer user_data;
  GMainLoop *loop;         /* (owned) */
  BobbinJobQueue *queue;   /* (owned) */
  BobbinCliOutput *output; /* (owned) */
  BobbinCliOutput *errors; /* (owned) */
  guint deadline;          /* ends the wait for slow readers, or 0 */
  guint patience;          /* names the jobs that hold, or 0 */
  gboolean closing;
  gboolean closed;
  gboolean failed;
  gboolean interrupted;
};

static gboolean
on_deadline (gpointer user_data)
{
  BobbinCliSession *self = user_data;

  self->deadline = 0;
  g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

/* Ends the loop when the last word is out; after an interrupt it is not waited for long. */
static void
quit_when_written (BobbinCliSession *self)
{
  if (bobbin_cli_output_is_empty (self->output) && bobbin_cli_output_is_empty (self->errors))
    {
      g_main_loop_quit (self->loop);
      return;
    }
  if (self->interrupted && self->deadline == 0)
    self->deadline = g_timeout_add (LAST_WORDS, on_deadline, self);
}

static void
append_name (GString *names, BobbinJob *job)
{
  const char *title = bobbin_job_get_title (job);
  g_autofree char *name = bobbin_display_text (title != NULL ? title : "");

  if (names->len > 0)
    /* Translators: separates the names of jobs in a list. */
    g_string_append (names, C_ ("list of jobs", ", "));
  g_string_append (names, name);
}

/* “a.iso, b.iso, c.iso and 2 more”; %NULL if no job holds. */
static char *
name_holders (BobbinCliSession *self)
{
  GListModel *jobs = G_LIST_MODEL (self->queue);
  guint n_jobs = g_list_model_get_n_items (jobs);
  g_autoptr (GString) names = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; i < n_jobs; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (jobs, i);

      if (bobbin_job_is_active (job) && n++ < N_NAMED)
        append_name (names, job);
    }
  if (n > N_NAMED)
    /* Translators: the end of a list of names. */
    g_string_append_printf (names, ngettext (" and %u more", " and %u more", n - N_NAMED),
                            n - N_NAMED);
  return n > 0 ? g_string_free (g_steal_pointer (&names), FALSE) : NULL;
}

static void
on_patience_over (gpointer user_data)
{
  BobbinCliSession *self = user_data;
  g_autofree char *names = name_holders (self);
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;

  self->patience = 0;
  if (names == NULL)
    return;

  /* Translators: %s is a list of names of jobs that take long to stop. */
  text = g_strdup_printf (_ ("Still stopping: %s"), names);
  line = g_strdup_printf ("bobbin-cli: %s\n", text);
  if (self->funcs->complain != NULL)
    self->funcs->complain (line, self->user_data);
  else
    bobbin_cli_output_print (self->errors, line);
}

static void
on_shutdown (GObject *source, GAsyncResult *result, gpointer user_data)
{
  BobbinCliSession *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!bobbin_job_queue_shutdown_finish (self->queue, result, &error))
    g_warning ("Could not end all jobs: %s", error->message);
  self->closed = TRUE;
  g_clear_handle_id (&self->patience, g_source_remove);
  self->funcs->closed (self->user_data);
  quit_when_written (self);
}

/* A second signal changes nothing, unless all is joined and only a reader is waited for. */
static gboolean
on_interrupt (gpointer user_data)
{
  BobbinCliSession *self = user_data;

  if (!self->closing)
    self->interrupted = TRUE;
  bobbin_cli_session_close (self);
  if (self->closed)
    g_main_loop_quit (self->loop);
  return G_SOURCE_CONTINUE;
}

/* Without standard output there is nobody to work for; without standard error there still is. */
static void
lose_reader (BobbinCliSession *self, int errsv)
{
  self->failed = TRUE;
  if (errsv != EPIPE)
    {
      g_autofree char *line = g_strdup_printf ("bobbin-cli: %s\n", g_strerror (errsv));

      bobbin_cli_output_write (self->errors, line);
    }
  bobbin_cli_session_close (self);
}

static void
on_output (BobbinCliOutput *output, int errsv, gpointer user_data)
{
  BobbinCliSession *self = user_data;

  if (errsv != 0 && output == self->output)
    lose_reader (self, errsv);
  if (self->closed)
    quit_when_written (self);
  else if (!self->closing && self->funcs->caught_up != NULL)
    self->funcs->caught_up (self->user_data);
}

/**
 * bobbin_cli_session_new:
 * @funcs: what to call; must outlive the session
 * @user_data: given to them
 *
 * Makes a session, and catches SIGINT and SIGTERM from here on.
 *
 * Returns: (transfer full): the session
 */
BobbinCliSession *
bobbin_cli_session_new (const BobbinCliSessionFuncs *funcs, gpointer user_data)
{
  BobbinCliSession *self = g_new0 (BobbinCliSession, 1);

  self->funcs = funcs;
  self->user_data = user_data;
  self->loop = g_main_loop_new (NULL, FALSE);
  self->queue = bobbin_job_queue_new ();
  self->output = bobbin_cli_output_new (STDOUT_FILENO);
  self->errors = bobbin_cli_output_new (STDERR_FILENO);
  bobbin_cli_output_set_func (self->output, on_output, self);
  bobbin_cli_output_set_func (self->errors, on_output, self);

  /* Whoever reads goes away: write() says so, and the jobs are ended as they should be. */
  signal (SIGPIPE, SIG_IGN);
  g_unix_signal_add (SIGINT, on_interrupt, self);
  g_unix_signal_add (SIGTERM, on_interrupt, self);
  return self;
}

/**
 * bobbin_cli_session_free:
 * @self: a session that has run, or never will
 *
 * Frees the session. The signals stay caught, though nothing hears of them any more: to give them
 * their default action back would let a second Ctrl+C kill a program that ends in good order.
 */
void
bobbin_cli_session_free (BobbinCliSession *self)
{
  g_clear_handle_id (&self->deadline, g_source_remove);
  g_clear_handle_id (&self->patience, g_source_remove);
  g_clear_object (&self->queue);
  g_clear_pointer (&self->output, bobbin_cli_output_free);
  g_clear_pointer (&self->errors, bobbin_cli_output_free);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_free (self);
}

/**
 * bobbin_cli_session_run:
 * @self: a session
 *
 * Runs until bobbin_cli_session_close() or a signal has ended all jobs.
 *
 * Returns: what to end with
 */
BobbinCliStatus
bobbin_cli_session_run (BobbinCliSession *self)
{
  g_main_loop_run (self->loop);
  if (self->interrupted)
    return BOBBIN_CLI_INTERRUPTED;
  return self->failed ? BOBBIN_CLI_FAILED : BOBBIN_CLI_DONE;
}

/**
 * bobbin_cli_session_close:
 * @self: a session
 *
 * Stops and joins all jobs, then ends bobbin_cli_session_run(); those that are not joined after 5 s
 * are named on standard error, and waited for. Does nothing the second time.
 */
void
bobbin_cli_session_close (BobbinCliSession *self)
{
  if (self->closing)
    return;
  self->closing = TRUE;
  self->patience = g_timeout_add_once (PATIENCE * 1000, on_patience_over, self);
  g_source_set_name_by_id (self->patience, "[bobbin] patience");
  self->funcs->closing (self->user_data);
  bobbin_job_queue_shutdown_async (self->queue, on_shutdown, self);
}

/**
 * bobbin_cli_session_set_failed:
 * @self: a session
 *
 * Notes that something failed: the status will be %BOBBIN_CLI_FAILED, if no signal comes.
 */
void
bobbin_cli_session_set_failed (BobbinCliSession *self)
{
  self->failed = TRUE;
}

/**
 * bobbin_cli_session_is_closing:
 * @self: a session
 *
 * Returns: whether nothing new may begin
 */
gboolean
bobbin_cli_session_is_closing (BobbinCliSession *self)
{
  return self->closing;
}

/**
 * bobbin_cli_session_get_queue:
 * @self: a session
 *
 * Returns: (transfer none): where its jobs run
 */
BobbinJobQueue *
bobbin_cli_session_get_queue (BobbinCliSession *self)
{
  return self->queue;
}

/**
 * bobbin_cli_session_get_output:
 * @self: a session
 *
 * Returns: (transfer none): standard output
 */
BobbinCliOutput *
bobbin_cli_session_get_output (BobbinCliSession *self)
{
  return self->output;
}

/**
 * bobbin_cli_session_get_errors:
 * @self: a session
 *
 * Returns: (transfer none): standard error
 */
BobbinCliOutput *
bobbin_cli_session_get_errors (BobbinCliSession *self)
{
  return self->errors;
}
