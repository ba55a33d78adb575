/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opens a downloaded file in the app for its kind, or shows it in the file manager. Both go out
 * over D-Bus or to a launcher and never wait; what fails is said in the window. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-file-opening.h"

#include "bobbin-application-private.h"

/* What an answer that comes later needs; the window may have gone by then, or never been there. */
typedef struct
{
  GWeakRef window;
  char *uri;    /* (owned) */
  char *folder; /* (owned): uri of the folder */
} Opening;

static Opening *
opening_new (BobbinWindow *window, const char *path)
{
  Opening *opening = g_new0 (Opening, 1);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFile) folder = g_file_get_parent (file);

  g_weak_ref_init (&opening->window, window);
  opening->uri = g_file_get_uri (file);
  opening->folder = g_file_get_uri (folder != NULL ? folder : file);

  return opening;
}

static void
opening_free (Opening *opening)
{
  g_weak_ref_clear (&opening->window);
  g_free (opening->uri);
  g_free (opening->folder);
  g_free (opening);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Opening, opening_free)

static void
complain (const GError *error)
{
  GApplication *application = g_application_get_default ();

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && application != NULL)
    bobbin_application_warn (BOBBIN_APPLICATION (application), error->message);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Opening) opening = user_data;
  g_autoptr (GError) error = NULL;

  if (!gtk_show_uri_full_finish (GTK_WINDOW (source), result, &error))
    complain (error);
}

static void
on_launched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Opening) opening = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_app_info_launch_default_for_uri_finish (result, &error))
    complain (error);
}

/* The toolkit's own function needs a window. */
static void
launch (BobbinWindow *window, const char *uri, Opening *opening)
{
  GdkDisplay *display = gdk_display_get_default ();
  g_autoptr (GdkAppLaunchContext) context = NULL;

  if (window != NULL)
    {
      gtk_show_uri_full (GTK_WINDOW (window), uri, GDK_CURRENT_TIME, NULL, on_opened, opening);
      return;
    }

  context = gdk_display_get_app_launch_context (display);
  g_app_info_launch_default_for_uri_async (uri, G_APP_LAUNCH_CONTEXT (context), NULL, on_launched,
                                           opening);
}

/* Where no file manager offers the interface, the folder is opened without the file selected. */
static void
on_shown (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Opening) opening = user_data;
  g_autoptr (BobbinWindow) window = g_weak_ref_get (&opening->window);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;
  const char *folder = opening->folder;

  reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  if (reply == NULL)
    launch (window, folder, g_steal_pointer (&opening));
}

/**
 * bobbin_file_open:
 * @window: (nullable): where the user is
 * @path: (nullable): absolute path of a file
 *
 * Opens the file in the app that is meant for its kind.
 */
void
bobbin_file_open (BobbinWindow *window, const char *path)
{
  Opening *opening;

  g_return_if_fail (window == NULL || BOBBIN_IS_WINDOW (window));

  if (path == NULL)
    return;

  opening = opening_new (window, path);
  launch (window, opening->uri, opening);
}

/**
 * bobbin_file_show_in_folder:
 * @window: (nullable): where the user is
 * @path: (nullable): absolute path of a file
 *
 * Shows the file in the file manager, selected
 * ([org.freedesktop.FileManager1](https://www.freedesktop.org/wiki/Specifications/file-manager-interface/)).
 */
void
bobbin_file_show_in_folder (BobbinWindow *window, const char *path)
{
  GDBusConnection *bus;
  GVariantBuilder uris;
  Opening *opening;

  g_return_if_fail (window == NULL || BOBBIN_IS_WINDOW (window));

  if (path == NULL)
    return;

  bus = g_application_get_dbus_connection (g_application_get_default ());
  opening = opening_new (window, path);
  if (bus == NULL)
    {
      launch (window, opening->folder, opening);
      return;
    }

  g_variant_builder_init (&uris, G_VARIANT_TYPE_STRING_ARRAY);
  g_variant_builder_add (&uris, "s", opening->uri);
  g_dbus_connection_call (bus, "org.freedesktop.FileManager1", "/org/freedesktop/FileManager1",
                          "org.freedesktop.FileManager1", "ShowItems",
                          g_variant_new ("(ass)", &uris, ""), NULL, G_DBUS_CALL_FLAGS_NONE, -1,
                          NULL, on_shown, opening);
}
