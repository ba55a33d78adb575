/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which names are taken in a folder. The disk is read by GIO's threads, a page at a time; nothing
 * waits for it. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-folder-names.h"

/* So many names come at once. */
#define PAGE 1000

/* And no more are looked at. */
#define MAX_NAMES 100000

static void on_page (GObject *source, GAsyncResult *result, gpointer user_data);

/* Takes @task. */
static void
read_page (GFileEnumerator *enumerator, GTask *task)
{
  g_file_enumerator_next_files_async (enumerator, PAGE, G_PRIORITY_DEFAULT,
                                      g_task_get_cancellable (task), on_page, task);
}

/* The names are the task's data. */
static void
on_page (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GFileEnumerator *enumerator = G_FILE_ENUMERATOR (source);
  g_autoptr (GTask) task = user_data;
  GHashTable *names = g_task_get_task_data (task);
  GError *error = NULL;
  GList *page = g_file_enumerator_next_files_finish (enumerator, result, &error);
  const gboolean is_last = page == NULL;

  for (GList *l = page; l != NULL; l = l->next)
    g_hash_table_add (names, g_strdup (g_file_info_get_name (l->data)));
  g_list_free_full (page, g_object_unref);

  if (error != NULL)
    g_task_return_error (task, error);
  else if (is_last || g_hash_table_size (names) >= MAX_NAMES)
    g_task_return_pointer (task, g_hash_table_ref (names), (GDestroyNotify) g_hash_table_unref);
  else
    read_page (enumerator, g_steal_pointer (&task));
}

static void
on_enumerated (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GFileEnumerator) enumerator =
    g_file_enumerate_children_finish (G_FILE (source), result, &error);

  if (enumerator == NULL)
    g_task_return_error (task, error);
  else
    read_page (enumerator, g_steal_pointer (&task));
}

/**
 * bobbin_folder_names_read_async:
 * @folder: (type filename): absolute path of a folder
 * @cancellable: (nullable): ends it
 * @callback: called when all names are known
 * @user_data: for @callback
 *
 * Reads the names of all that is in @folder; of a hundred thousand at the most.
 */
void
bobbin_folder_names_read_async (const char *folder,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GFile) file = g_file_new_for_path (folder);
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, bobbin_folder_names_read_async);
  g_task_set_name (task, "[bobbin] names in a folder");
  g_task_set_task_data (task, g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                        (GDestroyNotify) g_hash_table_unref);
  g_file_enumerate_children_async (file, G_FILE_ATTRIBUTE_STANDARD_NAME,
                                   G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, G_PRIORITY_DEFAULT,
                                   cancellable, on_enumerated, task);
}

/**
 * bobbin_folder_names_read_finish:
 * @result: what the callback got
 * @error: why the folder cannot be read: %G_IO_ERROR
 *
 * Returns: (transfer full) (nullable) (element-type filename): the names, a set
 */
GHashTable *
bobbin_folder_names_read_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
