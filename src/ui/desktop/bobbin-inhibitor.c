/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keeps the computer from being suspended, and the user from logging out unasked, while downloads
 * run: asks the session manager, or where there is none of GNOME's kind the desktop portal.
 * gtk_application_inhibit() would ask the same, but waits for the answer in the main loop, and
 * without an end. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-inhibitor.h"

#include <glib/gi18n-lib.h>

#include "bobbin-download.h"

/* A queue that goes from one download to the next is not between downloads, in milliseconds. */
#define DELAY 2000

/* Both services count them alike: org.gnome.SessionManager and org.freedesktop.portal.Inhibit. */
#define INHIBIT_LOGOUT  1u
#define INHIBIT_SUSPEND 4u

#define SESSION_NAME   "org.gnome.SessionManager"
#define SESSION_PATH   "/org/gnome/SessionManager"
#define PORTAL_NAME    "org.freedesktop.portal.Desktop"
#define PORTAL_PATH    "/org/freedesktop/portal/desktop"
#define PORTAL_INHIBIT "org.freedesktop.portal.Inhibit"
#define PORTAL_REQUEST "org.freedesktop.portal.Request"

struct _BobbinInhibitor
{
  GObject parent_instance;

  GDBusConnection *bus;      /* (owned) (nullable) without one nothing is asked */
  BobbinJobQueue *queue;     /* (owned) */
  GCancellable *cancellable; /* (owned): of what is asked */
  guint n_said;              /* downloads that the latest reason speaks of; 0: nothing is held */
  guint n_asked;             /* of the question that was not answered yet; 0: there is none */
  guint32 cookie;            /* of the session manager, or 0 */
  char *request;             /* (owned) (nullable): object path, of the portal */
  guint delay;               /* ms */
  guint source;              /* updates, or 0 */
};

G_DEFINE_FINAL_TYPE (BobbinInhibitor, bobbin_inhibitor, G_TYPE_OBJECT)

static guint
count_downloads (BobbinInhibitor *self)
{
  if (self->bus == NULL || bobbin_job_queue_is_closing (self->queue))
    return 0;

  return bobbin_job_queue_get_n_jobs (self->queue, BOBBIN_TYPE_DOWNLOAD, BOBBIN_JOB_RUNNING);
}

/* Nobody waits for the answer. */
static void
release (BobbinInhibitor *self)
{
  if (self->cookie != 0)
    g_dbus_connection_call (self->bus, SESSION_NAME, SESSION_PATH, SESSION_NAME, "Uninhibit",
                            g_variant_new ("(u)", self->cookie), NULL, G_DBUS_CALL_FLAGS_NONE, -1,
                            NULL, NULL, NULL);
  if (self->request != NULL)
    g_dbus_connection_call (self->bus, PORTAL_NAME, self->request, PORTAL_REQUEST, "Close", NULL,
                            NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
  self->cookie = 0;
  g_clear_pointer (&self->request, g_free);
}

static char *
make_reason (guint n)
{
  return g_strdup_printf (ngettext ("%u download is running", "%u downloads are running", n), n);
}

static void
on_delay_over (gpointer user_data)
{
  BobbinInhibitor *self = user_data;

  self->source = 0;
  bobbin_inhibitor_update (self);
}

static void
update_later (BobbinInhibitor *self)
{
  if (self->source != 0 || count_downloads (self) == self->n_said)
    return;

  self->source = g_timeout_add_once (self->delay, on_delay_over, self);
  g_source_set_name_by_id (self->source, "[bobbin] inhibitor");
}

/* The new one is there: the one before it, which gave another reason, may go. */
static void
take_answer (BobbinInhibitor *self, guint32 cookie, const char *request)
{
  release (self);
  self->cookie = cookie;
  self->request = g_strdup (request);
  self->n_said = self->n_asked;
  self->n_asked = 0;
  update_later (self);
}

/* Where nobody can be asked that is the same to the app. */
static void
on_portal_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  const char *request = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (reply != NULL)
    g_variant_get (reply, "(&o)", &request);
  take_answer (BOBBIN_INHIBITOR (user_data), 0, request);
}

static void
ask_portal (BobbinInhibitor *self)
{
  g_autofree char *reason = make_reason (self->n_asked);
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "reason", g_variant_new_string (reason));
  g_dbus_connection_call (self->bus, PORTAL_NAME, PORTAL_PATH, PORTAL_INHIBIT, "Inhibit",
                          g_variant_new ("(sua{sv})", "", INHIBIT_LOGOUT | INHIBIT_SUSPEND,
                                         &options),
                          G_VARIANT_TYPE ("(o)"), G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable,
                          on_portal_answer, self);
}

static void
on_session_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  guint32 cookie;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (reply == NULL)
    {
      ask_portal (BOBBIN_INHIBITOR (user_data));
      return;
    }
  g_variant_get (reply, "(u)", &cookie);
  take_answer (BOBBIN_INHIBITOR (user_data), cookie, NULL);
}

static void
ask (BobbinInhibitor *self, guint n)
{
  g_autofree char *reason = make_reason (n);

  self->n_asked = n;
  g_dbus_connection_call (self->bus, SESSION_NAME, SESSION_PATH, SESSION_NAME, "Inhibit",
                          g_variant_new ("(susu)", APP_ID, 0, reason,
                                         INHIBIT_LOGOUT | INHIBIT_SUSPEND),
                          G_VARIANT_TYPE ("(u)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, -1,
                          self->cancellable, on_session_answer, self);
}

/* The first download is not left unguarded; all else can wait. */
static void
on_job_state (BobbinInhibitor *self, BobbinJob *job)
{
  if (!BOBBIN_IS_DOWNLOAD (job))
    return;

  if (self->n_said == 0)
    bobbin_inhibitor_update (self);
  else
    update_later (self);
}

static void
bobbin_inhibitor_dispose (GObject *object)
{
  BobbinInhibitor *self = BOBBIN_INHIBITOR (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  if (self->bus != NULL)
    release (self);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->queue);
  g_clear_object (&self->bus);

  G_OBJECT_CLASS (bobbin_inhibitor_parent_class)->dispose (object);
}

static void
bobbin_inhibitor_class_init (BobbinInhibitorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_inhibitor_dispose;
}

static void
bobbin_inhibitor_init (BobbinInhibitor *self)
{
  self->delay = DELAY;
  self->cancellable = g_cancellable_new ();
}

/**
 * bobbin_inhibitor_new:
 * @bus: (nullable): the session bus
 * @queue: where the downloads are
 *
 * Returns: (transfer full): what keeps the computer awake while downloads of @queue run, for as
 *   long as it lives
 */
BobbinInhibitor *
bobbin_inhibitor_new (GDBusConnection *bus, BobbinJobQueue *queue)
{
  BobbinInhibitor *self = g_object_new (BOBBIN_TYPE_INHIBITOR, NULL);

  g_set_object (&self->bus, bus);
  self->queue = g_object_ref (queue);
  g_signal_connect_object (queue, "job-state", G_CALLBACK (on_job_state), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * bobbin_inhibitor_update:
 *
 * Sees at once to it that what is held is right for the downloads that run; waits for no answer.
 */
void
bobbin_inhibitor_update (BobbinInhibitor *self)
{
  guint n;

  g_return_if_fail (BOBBIN_IS_INHIBITOR (self));

  n = count_downloads (self);
  if (self->n_asked > 0 || n == self->n_said)
    return;

  if (n > 0)
    {
      ask (self, n);
      return;
    }
  release (self);
  self->n_said = 0;
}

/* How long it waits until it follows a change, in milliseconds. Internal: for tests. */
void
bobbin_inhibitor_set_delay (BobbinInhibitor *self, guint delay)
{
  self->delay = delay;
}
