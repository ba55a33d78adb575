/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is to be done when the last download has ended by itself: nothing, to quit, to suspend the
 * computer or to shut it down. It is chosen by the action app.after-all, for this time only, or
 * else by the settings, and begins with a countdown in which it can be cancelled. The computer is
 * in the hands of logind, which is asked over the system bus. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-after-all.h"

#include <glib/gi18n-lib.h>

#include "bobbin-application-private.h"
#include "bobbin-download.h"
#include "bobbin-inhibitor.h"

#define COUNTDOWN 60 /* s */

#define LOGIND_NAME      "org.freedesktop.login1"
#define LOGIND_PATH      "/org/freedesktop/login1"
#define LOGIND_INTERFACE "org.freedesktop.login1.Manager"

struct _BobbinAfterAll
{
  GObject parent_instance;

  BobbinApplication *application; /* (unowned) owns this */
  GSimpleAction *action;          /* (owned) */
  GMenu *menu;                    /* (owned) */
  GDBusConnection *system;        /* (owned) (nullable) */
  GCancellable *cancellable;      /* (owned): of all that is asked */
  AdwMessageDialog *dialog;       /* (weak) (nullable) */
  guint possible;                 /* by flags of choices that logind has said it can do */
  gboolean is_known;              /* it has answered, or there is none */
  guint countdown;                /* s */
  guint n_left;                   /* s */
  guint source;                   /* counts down, or 0 */
};

G_DEFINE_FINAL_TYPE (BobbinAfterAll, bobbin_after_all, G_TYPE_OBJECT)

/* ---- the choices */

static char *
say_quit (guint n)
{
  return g_strdup_printf (ngettext ("Bobbin quits in %u second.", "Bobbin quits in %u seconds.", n),
                          n);
}

static char *
say_suspend (guint n)
{
  return g_strdup_printf (ngettext ("The computer is suspended in %u second.",
                                    "The computer is suspended in %u seconds.", n),
                          n);
}

static char *
say_shut_down (guint n)
{
  return g_strdup_printf (ngettext ("The computer is shut down in %u second.",
                                    "The computer is shut down in %u seconds.", n),
                          n);
}

static const struct
{
  const char *name; /* the state of the action */
  const char *label;
  const char *can;    /* (nullable) method of logind that says whether it is possible */
  const char *method; /* (nullable) of logind */
  char *(*say) (guint n_seconds);
} choices[] = {
  { "nothing", N_ ("Do _Nothing"), NULL, NULL, NULL },
  { "quit", N_ ("_Quit"), NULL, NULL, say_quit },
  { "suspend", N_ ("_Suspend"), "CanSuspend", "Suspend", say_suspend },
  { "shut-down", N_ ("Shut _Down"), "CanPowerOff", "PowerOff", say_shut_down },
};

static gsize
find_choice (GVariant *state)
{
  const char *name = g_variant_get_string (state, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (choices); i++)
    if (g_str_equal (name, choices[i].name))
      return i;

  return 0;
}

static gsize
get_choice (BobbinAfterAll *self)
{
  g_autoptr (GVariant) state = g_action_get_state (G_ACTION (self->action));

  return find_choice (state);
}

static gboolean
is_possible (BobbinAfterAll *self, gsize choice)
{
  return choices[choice].can == NULL || (self->possible & (1u << choice)) != 0;
}

static void start_countdown (BobbinAfterAll *self);

/* A countdown is to what was chosen before it began: to something else there is another. What
 * cannot be done is nothing; nobody is surprised by something else. */
static void
choose (BobbinAfterAll *self, gsize choice)
{
  gboolean is_other;

  if (self->is_known && !is_possible (self, choice))
    choice = 0;
  is_other = self->dialog != NULL && choice != get_choice (self);
  g_simple_action_set_state (self->action, g_variant_new_string (choices[choice].name));
  if (!is_other)
    return;

  gtk_window_destroy (GTK_WINDOW (self->dialog));
  if (choice > 0 && is_possible (self, choice))
    start_countdown (self);
}

/* What was chosen was for one time: what the settings say holds again. */
static void
choose_default (BobbinAfterAll *self)
{
  GSettings *settings = bobbin_application_get_settings (self->application);
  g_autoptr (GVariant) value = g_settings_get_value (settings, "after-all");

  choose (self, find_choice (value));
}

static void
on_change_state (GSimpleAction *action, GVariant *state, BobbinAfterAll *self)
{
  choose (self, find_choice (state));
}

/* All is known that will be. */
static void
settle (BobbinAfterAll *self)
{
  self->is_known = TRUE;
  choose (self, get_choice (self));
}

static void
append_choice (BobbinAfterAll *self, gsize choice)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (_ (choices[choice].label), NULL);

  g_menu_item_set_action_and_target (item, "app.after-all", "s", choices[choice].name);
  g_menu_append_item (self->menu, item);
}

/* ---- logind */

static void
on_ordered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply != NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_dbus_error_strip_remote_error (error);
  bobbin_application_warn (BOBBIN_AFTER_ALL (user_data)->application, error->message);
}

/* Nothing of ours may be in the way of it. */
static void
order (BobbinAfterAll *self, const char *method)
{
  BobbinInhibitor *inhibitor =
    bobbin_application_get_companion (self->application, BOBBIN_TYPE_INHIBITOR);

  bobbin_inhibitor_update (inhibitor);
  g_dbus_connection_call (self->system, LOGIND_NAME, LOGIND_PATH, LOGIND_INTERFACE, method,
                          g_variant_new ("(b)", TRUE), NULL, G_DBUS_CALL_FLAGS_NONE, -1,
                          self->cancellable, on_ordered, self);
}

typedef struct
{
  BobbinAfterAll *self; /* (unowned) cancels this when it goes */
  gsize choice;
} Question;

static void ask (BobbinAfterAll *self, gsize choice);

static void
on_can (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Question *question = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  const char *can = "na";

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (reply != NULL)
    g_variant_get (reply, "(&s)", &can);
  if (g_str_equal (can, "yes") || g_str_equal (can, "challenge"))
    {
      question->self->possible |= 1u << question->choice;
      append_choice (question->self, question->choice);
    }
  ask (question->self, question->choice + 1);
}

/* One after the other, for they are to be in order in the menu. */
static void
ask (BobbinAfterAll *self, gsize choice)
{
  Question *question;

  while (choice < G_N_ELEMENTS (choices) && choices[choice].can == NULL)
    choice++;
  if (choice == G_N_ELEMENTS (choices))
    {
      settle (self);
      return;
    }

  question = g_new (Question, 1);
  question->self = self;
  question->choice = choice;
  g_dbus_connection_call (self->system, LOGIND_NAME, LOGIND_PATH, LOGIND_INTERFACE,
                          choices[choice].can, NULL, G_VARIANT_TYPE ("(s)"), G_DBUS_CALL_FLAGS_NONE,
                          -1, self->cancellable, on_can, question);
}

/* Where there is no system bus, or a sandbox keeps from it, the menu is short. */
static void
on_system_bus (GObject *source, GAsyncResult *result, gpointer user_data)
{
  BobbinAfterAll *self = user_data;
  g_autoptr (GError) error = NULL;
  GDBusConnection *system = g_bus_get_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->system = system;
  if (system != NULL)
    ask (self, 0);
  else
    settle (self);
}

/* ---- the countdown */

static void
act (BobbinAfterAll *self)
{
  const gsize choice = get_choice (self);

  choose_default (self);
  if (choices[choice].method != NULL)
    order (self, choices[choice].method);
  else if (choice > 0)
    bobbin_application_drain (self->application);
}

static void
stop_countdown (BobbinAfterAll *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_weak_pointer (&self->dialog);
}

static void
on_response (BobbinAfterAll *self, const char *response)
{
  stop_countdown (self);
  if (g_str_equal (response, "now"))
    act (self);
  else
    choose_default (self);
}

static void
say_time (BobbinAfterAll *self)
{
  g_autofree char *body = choices[get_choice (self)].say (self->n_left);

  adw_message_dialog_set_body (self->dialog, body);
}

static gboolean
on_second (gpointer user_data)
{
  BobbinAfterAll *self = user_data;

  if (--self->n_left > 0)
    {
      say_time (self);
      return G_SOURCE_CONTINUE;
    }

  self->source = 0;
  adw_message_dialog_response (self->dialog, "now");

  return G_SOURCE_REMOVE;
}

static void
start_countdown (BobbinAfterAll *self)
{
  BobbinWindow *window = bobbin_application_ensure_window (self->application);
  GtkWidget *dialog = adw_message_dialog_new (NULL, _ ("All Downloads Are Done"), NULL);

  g_set_weak_pointer (&self->dialog, ADW_MESSAGE_DIALOG (dialog));
  adw_message_dialog_add_responses (self->dialog, "cancel", _ ("_Cancel"), "now",
                                    _ (choices[get_choice (self)].label), NULL);
  adw_message_dialog_set_default_response (self->dialog, "cancel");
  adw_message_dialog_set_close_response (self->dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_response), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (dialog, "destroy", G_CALLBACK (stop_countdown), self, G_CONNECT_SWAPPED);
  self->n_left = self->countdown;
  say_time (self);
  self->source = g_timeout_add_seconds (1, on_second, self);
  g_source_set_name_by_id (self->source, "[bobbin] countdown");

  gtk_window_present (GTK_WINDOW (window));
  bobbin_window_present_dialog (window, GTK_WINDOW (dialog));
}

static gboolean
is_busy (BobbinAfterAll *self)
{
  BobbinJobQueue *queue = bobbin_application_get_queue (self->application);

  return bobbin_job_queue_get_n_jobs (queue, BOBBIN_TYPE_DOWNLOAD, BOBBIN_JOB_QUEUED) > 0 ||
         bobbin_job_queue_get_n_jobs (queue, BOBBIN_TYPE_DOWNLOAD, BOBBIN_JOB_RUNNING) > 0 ||
         bobbin_job_queue_get_n_jobs (queue, BOBBIN_TYPE_DOWNLOAD, BOBBIN_JOB_STOPPING) > 0;
}

/* A download that somebody stopped has not ended by itself. One that begins puts the end off. */
static void
on_job_state (BobbinAfterAll *self, BobbinJob *job)
{
  const BobbinJobState state = bobbin_job_get_state (job);

  if (!BOBBIN_IS_DOWNLOAD (job) ||
      bobbin_job_queue_is_closing (bobbin_application_get_queue (self->application)))
    return;

  if (self->dialog != NULL && is_busy (self))
    gtk_window_destroy (GTK_WINDOW (self->dialog));
  else if (self->dialog == NULL && get_choice (self) > 0 && is_possible (self, get_choice (self)) &&
           (state == BOBBIN_JOB_DONE || state == BOBBIN_JOB_FAILED) && !is_busy (self))
    start_countdown (self);
}

/* ---- its life */

static void
bobbin_after_all_dispose (GObject *object)
{
  BobbinAfterAll *self = BOBBIN_AFTER_ALL (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  stop_countdown (self);
  if (self->application != NULL)
    g_action_map_remove_action (G_ACTION_MAP (self->application), "after-all");
  self->application = NULL;
  g_clear_object (&self->system);
  g_clear_object (&self->menu);
  g_clear_object (&self->action);

  G_OBJECT_CLASS (bobbin_after_all_parent_class)->dispose (object);
}

static void
bobbin_after_all_class_init (BobbinAfterAllClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_after_all_dispose;
}

static void
bobbin_after_all_init (BobbinAfterAll *self)
{
  self->countdown = COUNTDOWN;
  self->cancellable = g_cancellable_new ();
  self->menu = g_menu_new ();
  self->action = g_simple_action_new_stateful ("after-all", G_VARIANT_TYPE_STRING,
                                               g_variant_new_string (choices[0].name));
  for (gsize i = 0; i < G_N_ELEMENTS (choices); i++)
    if (choices[i].can == NULL)
      append_choice (self, i);
}

/**
 * bobbin_after_all_new:
 * @application: the app, which outlives this
 *
 * Returns: (transfer full): what does as was chosen when all downloads are done, for as long as it
 *   lives
 */
BobbinAfterAll *
bobbin_after_all_new (BobbinApplication *application)
{
  BobbinAfterAll *self = g_object_new (BOBBIN_TYPE_AFTER_ALL, NULL);

  self->application = application;
  g_action_map_add_action (G_ACTION_MAP (application), G_ACTION (self->action));
  g_signal_connect_object (self->action, "change-state", G_CALLBACK (on_change_state), self, 0);
  g_signal_connect_object (bobbin_application_get_queue (application), "job-state",
                           G_CALLBACK (on_job_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bobbin_application_get_settings (application), "changed::after-all",
                           G_CALLBACK (choose_default), self, G_CONNECT_SWAPPED);
  choose_default (self);
  g_bus_get (G_BUS_TYPE_SYSTEM, self->cancellable, on_system_bus, self);

  return self;
}

/**
 * bobbin_after_all_get_menu:
 *
 * Returns: (transfer none): what can be chosen; what the computer cannot do is not there
 */
GMenuModel *
bobbin_after_all_get_menu (BobbinAfterAll *self)
{
  g_return_val_if_fail (BOBBIN_IS_AFTER_ALL (self), NULL);

  return G_MENU_MODEL (self->menu);
}

/* How long it can be cancelled, in seconds. Internal: for tests. */
void
bobbin_after_all_set_countdown (BobbinAfterAll *self, guint seconds)
{
  self->countdown = seconds;
}
