/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files with addresses in them, one a line: text/uri-list (RFC 2483 §5). Blank lines, and comments,
 * which begin with #, are left out. Main thread only, but for what reads.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-address-list.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* In bytes: far more than anybody would look through in a window. */
#define MAX_SIZE (8 * 1024 * 1024)

/* What some editors begin a text with; it is none of it. */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static GStrv
split (const char *text)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) lines = NULL;

  if (g_str_has_prefix (text, BYTE_ORDER_MARK))
    text += strlen (BYTE_ORDER_MARK);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_strstrip (lines[i]);
      if (*lines[i] != '\0' && *lines[i] != '#')
        g_strv_builder_add (builder, lines[i]);
    }

  return g_strv_builder_end (builder);
}

static gboolean
refuse (GFile *file, GError **error)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *shown = g_filename_display_name (name);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               /* Translators: %s is the name of a file */
               _ ("“%s” is not a list of addresses."), shown);

  return FALSE;
}

/* A pipe would have one wait, and a device might never end. */
static gboolean
can_be_list (GFile *file, GError **error)
{
  g_autoptr (GFileInfo) info =
    g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE,
                       G_FILE_QUERY_INFO_NONE, NULL, error);

  if (info == NULL)
    return FALSE;
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR ||
      g_file_info_get_size (info) > MAX_SIZE)
    return refuse (file, error);

  return TRUE;
}

/* In a thread of GIO's, as that of g_file_load_contents_async(). */
static void
read_list (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GFile *file = task_data;
  g_autofree char *text = NULL;
  GError *error = NULL;
  gsize length;

  if (can_be_list (file, &error) &&
      g_file_load_contents (file, NULL, &text, &length, NULL, &error) &&
      (strlen (text) == length || refuse (file, &error)))
    g_task_return_pointer (task, split (text), (GDestroyNotify) g_strfreev);
  else
    g_task_return_error (task, error);
}

/**
 * bobbin_address_list_read_async:
 * @file: a file
 * @callback: called when it has been read
 * @user_data: for @callback
 *
 * Reads the addresses in @file; whether they are some is not looked at.
 */
void
bobbin_address_list_read_async (GFile *file, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (G_IS_FILE (file));

  task = g_task_new (NULL, NULL, callback, user_data);
  g_task_set_source_tag (task, bobbin_address_list_read_async);
  g_task_set_name (task, "[bobbin] read list of addresses");
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, read_list);
}

/**
 * bobbin_address_list_read_finish:
 * @result: what the callback got
 * @error: what GIO says; %G_IO_ERROR_INVALID_DATA for what is no list, with a sentence for a person
 *
 * Returns: (transfer full) (nullable): the addresses, as they stand in the file
 */
GStrv
bobbin_address_list_read_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
