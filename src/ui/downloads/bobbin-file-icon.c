/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds the icon for a kind of file by the file's name. The answer comes from the MIME database,
 * files that GLib reads and watches with blocking calls; so it is asked in a thread. One short
 * look-up each: GTask's shared pool is right for it. To be called in the main thread.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-file-icon.h"

/* Symbolic ones only: beside the others a coloured icon, found where a theme has no symbolic one,
 * would look like a mistake. */
static GIcon *
keep_symbolic (GIcon *icon, const char *type)
{
  const char *const *names = g_themed_icon_get_names (G_THEMED_ICON (icon));
  gboolean is_bundle = g_content_type_is_a (type, "application/*");
  GIcon *symbolic = NULL;

  for (guint i = 0; names[i] != NULL; i++)
    {
      if (!g_str_has_suffix (names[i], "-symbolic"))
        continue;
      if (symbolic == NULL)
        symbolic = g_themed_icon_new (names[i]);
      else
        g_themed_icon_append_name (G_THEMED_ICON (symbolic), names[i]);
    }

  if (symbolic == NULL)
    symbolic = g_themed_icon_new ("text-x-generic-symbolic");
  g_themed_icon_append_name (G_THEMED_ICON (symbolic),
                             is_bundle ? "package-x-generic-symbolic" : "text-x-generic-symbolic");

  return symbolic;
}

static void
find_icon (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const char *name = task_data;
  g_autofree char *type = g_content_type_guess (name, NULL, 0, NULL);
  g_autoptr (GIcon) icon = g_content_type_get_symbolic_icon (type);

  g_task_return_pointer (task, keep_symbolic (icon, type), g_object_unref);
}

/**
 * bobbin_file_icon_load_async:
 * @name: a file name, in UTF-8; the file need not exist
 * @cancellable: (nullable): ends the wish for the answer
 *
 * Looks up the symbolic icon for files of that name.
 */
void
bobbin_file_icon_load_async (const char *name,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (name != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, bobbin_file_icon_load_async);
  g_task_set_name (task, "[bobbin] file icon");
  g_task_set_task_data (task, g_strdup (name), g_free);
  g_task_run_in_thread (task, find_icon);
}

/**
 * bobbin_file_icon_load_finish:
 *
 * Returns: (transfer full) (nullable): the icon, or %NULL and %G_IO_ERROR_CANCELLED
 */
GIcon *
bobbin_file_icon_load_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
