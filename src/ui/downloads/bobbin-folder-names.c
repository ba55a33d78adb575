/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinFolderNames knows which names are taken in folders. Each folder is read when it is first
 * asked for, by GIO's threads, a page at a time; nothing waits for the disk. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-folder-names.h"

/* So many names come at once. */
#define PAGE 1000

/* And no more are looked at. */
#define MAX_NAMES 100000

struct _BobbinFolderNames
{
  GObject parent_instance;

  GHashTable *folders;       /* (owned): the names in it, a set, by the path of a folder */
  GCancellable *cancellable; /* (owned): of all that is read */
};

G_DEFINE_FINAL_TYPE (BobbinFolderNames, bobbin_folder_names, G_TYPE_OBJECT)

enum
{
  READ,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

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
    g_task_return_boolean (task, TRUE);
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

/* In a folder that cannot be read no names are known: what is wrong with it the download will
 * say. */
static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree GWeakRef *ref = user_data;
  g_autoptr (BobbinFolderNames) self = g_weak_ref_get (ref);

  g_weak_ref_clear (ref);
  if (self != NULL && g_task_propagate_boolean (G_TASK (result), NULL))
    g_signal_emit (self, signals[READ], 0);
}

/* The task is without a reference to @self, or it would be read to the end for nobody. */
static void
read_folder (BobbinFolderNames *self, const char *folder, GHashTable *names)
{
  g_autoptr (GFile) file = g_file_new_for_path (folder);
  GWeakRef *ref = g_new (GWeakRef, 1);
  GTask *task;

  g_weak_ref_init (ref, self);
  task = g_task_new (NULL, self->cancellable, on_read, ref);
  g_task_set_source_tag (task, read_folder);
  g_task_set_name (task, "[bobbin] names in a folder");
  g_task_set_task_data (task, g_hash_table_ref (names), (GDestroyNotify) g_hash_table_unref);
  g_file_enumerate_children_async (file, G_FILE_ATTRIBUTE_STANDARD_NAME,
                                   G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, G_PRIORITY_DEFAULT,
                                   self->cancellable, on_enumerated, task);
}

static void
bobbin_folder_names_dispose (GObject *object)
{
  g_cancellable_cancel (BOBBIN_FOLDER_NAMES (object)->cancellable);

  G_OBJECT_CLASS (bobbin_folder_names_parent_class)->dispose (object);
}

static void
bobbin_folder_names_finalize (GObject *object)
{
  BobbinFolderNames *self = BOBBIN_FOLDER_NAMES (object);

  g_hash_table_unref (self->folders);
  g_object_unref (self->cancellable);

  G_OBJECT_CLASS (bobbin_folder_names_parent_class)->finalize (object);
}

static void
bobbin_folder_names_class_init (BobbinFolderNamesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bobbin_folder_names_dispose;
  object_class->finalize = bobbin_folder_names_finalize;

  signals[READ] = g_signal_new ("read", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void
bobbin_folder_names_init (BobbinFolderNames *self)
{
  self->folders =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_hash_table_unref);
  self->cancellable = g_cancellable_new ();
}

/**
 * bobbin_folder_names_new:
 *
 * Returns: (transfer full): one that has read no folder yet
 */
BobbinFolderNames *
bobbin_folder_names_new (void)
{
  return g_object_new (BOBBIN_TYPE_FOLDER_NAMES, NULL);
}

/**
 * bobbin_folder_names_have:
 * @folder: (type filename): absolute path of a folder
 * @name: (type filename): a name
 *
 * Whether a file is there, as far as is known: who asks for a folder for the first time hears of
 * its names by the signal `read`. Of a hundred thousand names no more are looked at.
 *
 * Returns: whether @name is taken in @folder
 */
gboolean
bobbin_folder_names_have (BobbinFolderNames *self, const char *folder, const char *name)
{
  GHashTable *names;

  g_return_val_if_fail (BOBBIN_IS_FOLDER_NAMES (self), FALSE);
  g_return_val_if_fail (folder != NULL, FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  names = g_hash_table_lookup (self->folders, folder);
  if (names != NULL)
    return g_hash_table_contains (names, name);

  names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_insert (self->folders, g_strdup (folder), names);
  read_folder (self, folder, names);

  return FALSE;
}
