/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The file that has a desktop start the app at log-in, without a window
 * ([Desktop Application Autostart
 * Specification](https://specifications.freedesktop.org/autostart-spec/latest/)). For the main
 * thread, which does not touch the disk; a thread of GTask's does.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-autostart-file.h"

#include <errno.h>
#include <glib/gstdio.h>

static const char content[] = "[Desktop Entry]\n"
                              "Type=Application\n"
                              "Name=Bobbin\n"
                              "Icon=" APP_ID "\n"
                              "Exec=bobbin --gapplication-service\n";

/**
 * bobbin_autostart_file_dup_path:
 *
 * Returns: (transfer full): the file's absolute path
 */
char *
bobbin_autostart_file_dup_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "autostart", APP_ID ".desktop", NULL);
}

static gboolean
fail (GError **error, const char *path)
{
  const int code = errno;

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code), "%s: %s", path,
               g_strerror (code));

  return FALSE;
}

static gboolean
write_file (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_mkdir_with_parents (folder, 0755) < 0)
    return fail (error, folder);

  return g_file_set_contents (path, content, -1, error);
}

static gboolean
delete_file (const char *path, GError **error)
{
  return g_unlink (path) == 0 || errno == ENOENT || fail (error, path);
}

static void
set_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const gboolean autostart = GPOINTER_TO_INT (task_data);
  g_autofree char *path = bobbin_autostart_file_dup_path ();
  GError *error = NULL;

  if (autostart ? write_file (path, &error) : delete_file (path, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * bobbin_autostart_file_set_async:
 * @autostart: whether the file is to be there
 * @callback: called when it is, or is not
 * @user_data: for @callback
 *
 * Writes the file, or deletes it.
 */
void
bobbin_autostart_file_set_async (gboolean autostart,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, bobbin_autostart_file_set_async);
  g_task_set_name (task, "[bobbin] set autostart");
  g_task_set_task_data (task, GINT_TO_POINTER (autostart), NULL);
  g_task_run_in_thread (task, set_in_thread);
}

/**
 * bobbin_autostart_file_set_finish:
 * @error: of %G_FILE_ERROR
 *
 * Returns: whether it is as it was to be
 */
gboolean
bobbin_autostart_file_set_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
