/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A program that is run, or a server that is told, when there is an alert: plain C, complete, made
 * in the main thread and run in a worker. It ends when it was done, when it took too long or when
 * it is cancelled; a program is killed then, with all that it started and that did not leave its
 * process group, and is waited for.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-alert-action.h"

#include "bobbin-error.h"
#include "bobbin-http-body.h"
#include "bobbin-probe-private.h"

#include <glib/gi18n-lib.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

struct _BobbinAlertAction
{
  GStrv command;     /* (owned) (nullable) */
  GStrv environment; /* (owned) (nullable) for the command */
  char *address;     /* (owned) (nullable) */
  GBytes *body;      /* (owned) (nullable) for the address */
  gint64 deadline;   /* µs that it may take */
  gboolean is_reminder;
  gboolean is_passing; /* the worker's, while there is one: what it failed for may pass */
};

/* One run of it. Worker only. */
typedef struct
{
  BobbinProbeLoop loop;
  GSource *timer; /* (owned) */
  gboolean timed_out;
} Run;

static gboolean
on_deadline (gpointer user_data)
{
  Run *run = user_data;

  run->timed_out = TRUE;
  g_cancellable_cancel (run->loop.cancellable);

  return G_SOURCE_REMOVE;
}

static void
run_enter (Run *run, BobbinAlertAction *self, GMainContext *context, GCancellable *cancellable)
{
  bobbin_probe_loop_enter (&run->loop, context, cancellable);
  run->timer = g_timeout_source_new (self->deadline / 1000);
  g_source_set_callback (run->timer, on_deadline, run, NULL);
  g_source_set_static_name (run->timer, "[bobbin] deadline of an alert");
  g_source_attach (run->timer, context);
}

static void
run_leave (Run *run)
{
  g_source_destroy (run->timer);
  g_source_unref (run->timer);
  bobbin_probe_loop_leave (&run->loop);
}

static gboolean
set_timed_out (GError **error)
{
  g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_TIMED_OUT, _ ("It took too long."));

  return FALSE;
}

/* ---- a program */

/* Worker only. */
typedef struct
{
  GPid pid; /* its own until it has ended; its group's, too */
  int status;
  gboolean ended;
} Program;

/* In the child, before it becomes the program. */
static void
lead_group (gpointer user_data)
{
  setpgid (0, 0);
}

static gboolean
spawn (BobbinAlertAction *self, Program *program, GError **error)
{
  const GSpawnFlags flags = G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD |
                            G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL;
  g_autoptr (GError) reason = NULL;

  if (g_spawn_async (NULL, self->command, self->environment, flags, lead_group, NULL, &program->pid,
                     &reason))
    return TRUE;

  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FAILED,
               /* Translators: a program's name, then the system's own words */
               _ ("“%s” could not be started: %s"), self->command[0], reason->message);

  return FALSE;
}

static void
kill_group (const Program *program)
{
  kill (-program->pid, SIGKILL);
  kill (program->pid, SIGKILL);
}

static void
on_ended (GPid pid, int status, gpointer user_data)
{
  Program *program = user_data;

  program->ended = TRUE;
  program->status = status;
  g_spawn_close_pid (pid);
}

/* Until it has ended, whatever it takes to end it. It is this thread that hears so, and no other
 * process has its number before that. */
static void
wait_for (Program *program, Run *run)
{
  g_autoptr (GSource) watch = g_child_watch_source_new (program->pid);
  gboolean killed = FALSE;

  g_source_set_callback (watch, (GSourceFunc) (void (*) (void)) on_ended, program, NULL);
  g_source_set_static_name (watch, "[bobbin] end of an alert");
  g_source_attach (watch, run->loop.context);
  while (!program->ended)
    {
      if (!killed && g_cancellable_is_cancelled (run->loop.cancellable))
        {
          kill_group (program);
          killed = TRUE;
        }
      g_main_context_iteration (run->loop.context, TRUE);
    }
}

/* A program that wants to be run again says so; of any other nobody knows what it has done. */
static gboolean
check_exit (BobbinAlertAction *self, int status, GError **error)
{
  if (WIFEXITED (status) && WEXITSTATUS (status) == 0)
    return TRUE;

  self->is_passing = WIFEXITED (status) && WEXITSTATUS (status) == EX_TEMPFAIL;
  if (WIFEXITED (status))
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FAILED,
                 /* Translators: a program's name, then a number */
                 _ ("“%s” ended with status %d."), self->command[0], WEXITSTATUS (status));
  else
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FAILED,
                 /* Translators: a program's name, then a number */
                 _ ("“%s” was ended by signal %d."), self->command[0], WTERMSIG (status));

  return FALSE;
}

static gboolean
run_command (BobbinAlertAction *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Program program = { 0 };
  Run run = { 0 };
  gboolean begun;

  run_enter (&run, self, context, cancellable);
  begun = spawn (self, &program, error);
  if (begun)
    wait_for (&program, &run);
  run_leave (&run);

  if (!begun)
    return FALSE;
  if (run.timed_out)
    return set_timed_out (error);

  return !g_cancellable_set_error_if_cancelled (cancellable, error) &&
         check_exit (self, program.status, error);
}

/* ---- a server */

/* RFC 9110 §15: the server may answer another time. */
static gboolean
is_passing_status (guint status)
{
  return status >= 500 || status == SOUP_STATUS_REQUEST_TIMEOUT || status == 429;
}

static gboolean
is_passing_reason (const GError *reason)
{
  static const BobbinError codes[] = { BOBBIN_ERROR_NAME_NOT_FOUND, BOBBIN_ERROR_REFUSED,
                                       BOBBIN_ERROR_UNREACHABLE, BOBBIN_ERROR_TIMED_OUT,
                                       BOBBIN_ERROR_DISCONNECTED };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (reason, BOBBIN_ERROR, codes[i]))
      return TRUE;

  return FALSE;
}

static gboolean
check_answer (SoupMessage *message, const GError *reason, gboolean *is_passing, GError **error)
{
  const char *host = g_uri_get_host (soup_message_get_uri (message));
  const GTlsCertificateFlags flags = soup_message_get_tls_peer_certificate_errors (message);
  const guint status = soup_message_get_status (message);
  g_autoptr (GError) own = NULL;

  if (g_error_matches (reason, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE) && flags != 0)
    own = bobbin_error_from_tls (flags, host);
  else if (reason != NULL)
    own = bobbin_error_from_gio (reason, host);
  else if (status < 200 || status >= 300)
    own = bobbin_error_from_status (status, host);
  else
    return TRUE;

  *is_passing = reason != NULL ? is_passing_reason (own) : is_passing_status (status);
  g_propagate_error (error, g_steal_pointer (&own));

  return FALSE;
}

/* What it says is nobody else's: a redirect is not followed. */
static gboolean
run_webhook (BobbinAlertAction *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_POST, self->address);
  BobbinHttpSession *session = bobbin_http_session_new ();
  g_autoptr (GError) reason = NULL;
  BobbinHttpBody *body;
  Run run = { 0 };

  soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_set_request_body_from_bytes (message, "application/json", self->body);
  run_enter (&run, self, session->context, cancellable);
  body = bobbin_http_session_send (session, message, run.loop.cancellable, &reason);
  g_clear_pointer (&body, bobbin_http_body_free);
  run_leave (&run);
  bobbin_http_session_free (session);

  self->is_passing = run.timed_out;
  if (run.timed_out)
    return set_timed_out (error);

  return !g_cancellable_set_error_if_cancelled (cancellable, error) &&
         check_answer (message, reason, &self->is_passing, error);
}

/**
 * bobbin_alert_action_new_command: (skip)
 * @alert: what is to be told
 * @command: a program and its arguments
 * @deadline: µs that it may take
 *
 * Main thread.
 *
 * Returns: (transfer full): what runs the program
 */
BobbinAlertAction *
bobbin_alert_action_new_command (BobbinAlert *alert, const char *const *command, gint64 deadline)
{
  BobbinAlertAction *self = g_new0 (BobbinAlertAction, 1);

  self->command = g_strdupv ((GStrv) command);
  self->environment = bobbin_alert_add_to_environ (alert, g_get_environ ());
  self->deadline = deadline;
  self->is_reminder = bobbin_alert_get_event (alert) == BOBBIN_ALERT_REPEATED;

  return self;
}

/**
 * bobbin_alert_action_new_webhook: (skip)
 * @alert: what is to be told
 * @address: whom
 * @deadline: µs that it may take
 *
 * Main thread.
 *
 * Returns: (transfer full): what tells the server
 */
BobbinAlertAction *
bobbin_alert_action_new_webhook (BobbinAlert *alert, const char *address, gint64 deadline)
{
  BobbinAlertAction *self = g_new0 (BobbinAlertAction, 1);
  char *json = bobbin_alert_to_json (alert);

  self->address = g_strdup (address);
  self->body = g_bytes_new_take (json, strlen (json));
  self->deadline = deadline;
  self->is_reminder = bobbin_alert_get_event (alert) == BOBBIN_ALERT_REPEATED;

  return self;
}

/**
 * bobbin_alert_action_free: (skip)
 * @self: (transfer full): an action that is not run any more
 *
 * Any thread.
 */
void
bobbin_alert_action_free (BobbinAlertAction *self)
{
  g_strfreev (self->command);
  g_strfreev (self->environment);
  g_free (self->address);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self);
}

/**
 * bobbin_alert_action_is_reminder: (skip)
 * @self: an action
 *
 * Returns: whether it tells nothing new, so that a later one says it all
 */
gboolean
bobbin_alert_action_is_reminder (const BobbinAlertAction *self)
{
  return self->is_reminder;
}

/**
 * bobbin_alert_action_is_passing: (skip)
 * @self: an action that is not at work
 *
 * Of a server that cannot be reached or has trouble, and of a program that ends with status 75,
 * %EX_TEMPFAIL (sysexits.h(3head)).
 *
 * Returns: whether it failed, and may succeed another time
 */
gboolean
bobbin_alert_action_is_passing (const BobbinAlertAction *self)
{
  return self->is_passing;
}

/**
 * bobbin_alert_action_dup_host: (skip)
 * @self: an action
 *
 * Returns: (transfer full) (nullable): the server that is told; %NULL for a program
 */
char *
bobbin_alert_action_dup_host (const BobbinAlertAction *self)
{
  g_autoptr (GUri) uri = NULL;

  if (self->address != NULL)
    uri = g_uri_parse (self->address, G_URI_FLAGS_NONE, NULL);

  return uri != NULL ? g_strdup (g_uri_get_host (uri)) : NULL;
}

/**
 * bobbin_alert_action_run: (skip)
 * @action: an action
 * @slot: (nullable): not used
 * @cancellable: ends it
 * @error: a %BOBBIN_ERROR, or %G_IO_ERROR_CANCELLED
 *
 * A #BobbinWorkFunc.
 *
 * Returns: whether it was done
 */
gboolean
bobbin_alert_action_run (gpointer action,
                         BobbinMailboxSlot *slot,
                         GCancellable *cancellable,
                         GError **error)
{
  BobbinAlertAction *self = action;

  self->is_passing = FALSE;
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;

  return self->command != NULL ? run_command (self, cancellable, error)
                               : run_webhook (self, cancellable, error);
}
