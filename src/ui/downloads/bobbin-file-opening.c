/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opens a downloaded file in the app for its kind, or shows it in the file manager. Both go out
 * over D-Bus or to a launcher and never wait; what fails is said in the window. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-file-opening.h"

#include "bobbin-application-private.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixfdlist.h>

/* What an answer that comes later needs; the window may have gone by then, or never been there. */
typedef struct
{
  GWeakRef window;
  char *path;   /* (owned) */
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
  opening->path = g_strdup (path);
  opening->uri = g_file_get_uri (file);
  opening->folder = g_file_get_uri (folder != NULL ? folder : file);

  return opening;
}

static void
opening_free (Opening *opening)
{
  g_weak_ref_clear (&opening->window);
  g_free (opening->path);
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

/* The folder, without the file selected. */
static void
launch_folder (Opening *opening)
{
  g_autoptr (BobbinWindow) window = g_weak_ref_get (&opening->window);

  launch (window, opening->folder, opening);
}

static void
on_portal_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Opening) opening = user_data;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (source), NULL, result,
                                                     NULL);

  if (reply == NULL)
    launch_folder (g_steal_pointer (&opening));
}

/* Takes the descriptor, by which a sandbox shows what it means. */
static void
ask_portal (Opening *opening, int fd)
{
  GDBusConnection *bus = g_application_get_dbus_connection (g_application_get_default ());
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new_from_array (&fd, 1);

  g_dbus_connection_call_with_unix_fd_list (bus, "org.freedesktop.portal.Desktop",
                                            "/org/freedesktop/portal/desktop",
                                            "org.freedesktop.portal.OpenURI", "OpenDirectory",
                                            g_variant_new ("(sha{sv})", "", 0, NULL), NULL,
                                            G_DBUS_CALL_FLAGS_NONE, -1, fds, NULL, on_portal_answer,
                                            opening);
}

/* It may block, where the file is on another computer. */
static void
open_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const int fd = open (task_data, O_PATH | O_CLOEXEC);

  if (fd >= 0)
    g_task_return_int (task, fd);
  else
    g_task_return_new_error (task, G_IO_ERROR, g_io_error_from_errno (errno), "%s",
                             g_strerror (errno));
}

static void
on_file_open (GObject *source, GAsyncResult *result, gpointer user_data)
{
  const int fd = g_task_propagate_int (G_TASK (result), NULL);

  if (fd >= 0)
    ask_portal (user_data, fd);
  else
    launch_folder (user_data);
}

/* Where no file manager offers the interface, or a sandbox keeps from it, there may be a portal. */
static void
on_shown (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Opening) opening = user_data;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  g_autoptr (GTask) task = NULL;

  if (reply != NULL)
    return;

  task = g_task_new (NULL, NULL, on_file_open, opening);
  g_task_set_source_tag (task, on_shown);
  g_task_set_name (task, "[bobbin] open for the portal");
  g_task_set_task_data (task, g_strdup (opening->path), g_free);
  g_task_run_in_thread (task, open_in_thread);
  opening = NULL;
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
 * ([org.freedesktop.FileManager1](https://www.freedesktop.org/wiki/Specifications/file-manager-interface/)),
 * in a sandbox by the desktop portal. Where there is neither, its folder is opened.
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
