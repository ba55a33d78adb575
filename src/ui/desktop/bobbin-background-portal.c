/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks the desktop of a sandboxed app whether it may run in the background, and be started at
 * log-in: RequestBackground of the interface org.freedesktop.portal.Background. The answer is a
 * signal of an object whose path is known before, so that none is missed. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-background-portal.h"

#include <glib/gi18n-lib.h>

#define PORTAL_NAME "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"

struct _BobbinBackgroundPortal
{
  GObject parent_instance;

  GDBusConnection *bus;      /* (owned) */
  GCancellable *cancellable; /* (owned) (nullable): of the latest request */
  guint subscription;        /* to its answer, or 0 */
  guint n_requests;
};

G_DEFINE_FINAL_TYPE (BobbinBackgroundPortal, bobbin_background_portal, G_TYPE_OBJECT)

enum
{
  ANSWERED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
forget_request (BobbinBackgroundPortal *self)
{
  if (self->subscription != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->subscription);
  self->subscription = 0;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
on_response (GDBusConnection *bus,
             const char *sender,
             const char *path,
             const char *interface,
             const char *signal,
             GVariant *parameters,
             gpointer user_data)
{
  BobbinBackgroundPortal *self = user_data;
  g_autoptr (GVariant) results = NULL;
  gboolean autostart = FALSE;
  guint response;

  g_variant_get (parameters, "(u@a{sv})", &response, &results);
  if (response == 0)
    g_variant_lookup (results, "autostart", "b", &autostart);
  forget_request (self);
  g_signal_emit (self, signals[ANSWERED], 0, autostart);
}

/* That it was taken; or that there is no such portal, which is an answer as well. */
static void
on_taken (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply != NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  forget_request (BOBBIN_BACKGROUND_PORTAL (user_data));
  g_signal_emit (user_data, signals[ANSWERED], 0, FALSE);
}

static void
bobbin_background_portal_dispose (GObject *object)
{
  BobbinBackgroundPortal *self = BOBBIN_BACKGROUND_PORTAL (object);

  forget_request (self);
  g_clear_object (&self->bus);

  G_OBJECT_CLASS (bobbin_background_portal_parent_class)->dispose (object);
}

static void
bobbin_background_portal_class_init (BobbinBackgroundPortalClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_background_portal_dispose;

  signals[ANSWERED] = g_signal_new ("answered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
bobbin_background_portal_init (BobbinBackgroundPortal *self)
{
}

/**
 * bobbin_background_portal_new:
 * @bus: the session bus
 *
 * Returns: (transfer full): what asks the desktop
 */
BobbinBackgroundPortal *
bobbin_background_portal_new (GDBusConnection *bus)
{
  BobbinBackgroundPortal *self = g_object_new (BOBBIN_TYPE_BACKGROUND_PORTAL, NULL);

  self->bus = g_object_ref (bus);

  return self;
}

/* The object's path is made of the caller's name and the token. */
static char *
make_request_path (BobbinBackgroundPortal *self, const char *token)
{
  g_autofree char *sender = g_strdup (g_dbus_connection_get_unique_name (self->bus) + 1);

  return g_strdup_printf (PORTAL_PATH "/request/%s/%s", g_strdelimit (sender, ".", '_'), token);
}

static GVariant *
make_parameters (gboolean autostart, const char *token)
{
  static const char *const command[] = { "bobbin", "--gapplication-service", NULL };
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "handle_token", g_variant_new_string (token));
  g_variant_builder_add (&options, "{sv}", "reason",
                         g_variant_new_string (
                           _ ("Downloads and monitors go on when the window is closed.")));
  g_variant_builder_add (&options, "{sv}", "autostart", g_variant_new_boolean (autostart));
  g_variant_builder_add (&options, "{sv}", "commandline", g_variant_new_strv (command, -1));

  return g_variant_new ("(sa{sv})", "", &options);
}

/**
 * bobbin_background_portal_request:
 * @autostart: whether the app is to be started at log-in
 *
 * Asks that the app may run without a window. `answered` tells what came of it; of an earlier
 * request nothing more is heard.
 */
void
bobbin_background_portal_request (BobbinBackgroundPortal *self, gboolean autostart)
{
  g_autofree char *token = g_strdup_printf ("bobbin%u", ++self->n_requests);
  g_autofree char *path = make_request_path (self, token);

  forget_request (self);
  self->cancellable = g_cancellable_new ();
  self->subscription =
    g_dbus_connection_signal_subscribe (self->bus, PORTAL_NAME, "org.freedesktop.portal.Request",
                                        "Response", path, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                        on_response, self, NULL);
  g_dbus_connection_call (self->bus, PORTAL_NAME, PORTAL_PATH, "org.freedesktop.portal.Background",
                          "RequestBackground", make_parameters (autostart, token),
                          G_VARIANT_TYPE ("(o)"), G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable,
                          on_taken, self);
}
