/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads files with addresses in them, one a line: text/uri-list (RFC 2483 §5). Main thread only,
 * but for what reads.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-list-file.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "bobbin-address-list.h"

/* In bytes: far more than anybody would look through in a window. */
#define MAX_SIZE (8 * 1024 * 1024)

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

/* NULL if any of it is not text. */
static GStrv
split (const char *text, gsize length)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const char *const end = text + length;

  for (const char *from = text, *to; from < end; from = to + 1)
    {
      g_autofree char *line = NULL;
      BobbinAddressLine kind;

      to = memchr (from, '\n', (gsize) (end - from));
      if (to == NULL)
        to = end;
      kind = bobbin_address_list_read_line (from, (gsize) (to - from), from == text, &line);
      if (kind == BOBBIN_ADDRESS_LINE_BAD)
        return NULL;
      if (kind == BOBBIN_ADDRESS_LINE_ADDRESS)
        g_strv_builder_add (builder, line);
    }

  return g_strv_builder_end (builder);
}

/* In a thread of GIO's, as that of g_file_load_contents_async(). */
static void
read_list (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GFile *file = task_data;
  g_auto (GStrv) addresses = NULL;
  g_autofree char *text = NULL;
  GError *error = NULL;
  gsize length;

  if (can_be_list (file, &error) && g_file_load_contents (file, NULL, &text, &length, NULL, &error))
    {
      addresses = split (text, length);
      if (addresses == NULL)
        refuse (file, &error);
    }

  if (addresses != NULL)
    g_task_return_pointer (task, g_steal_pointer (&addresses), (GDestroyNotify) g_strfreev);
  else
    g_task_return_error (task, error);
}

/**
 * bobbin_list_file_read_async:
 * @file: a file
 * @callback: called when it has been read
 * @user_data: for @callback
 *
 * Reads the addresses in @file; whether they are some is not looked at.
 */
void
bobbin_list_file_read_async (GFile *file, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (G_IS_FILE (file));

  task = g_task_new (NULL, NULL, callback, user_data);
  g_task_set_source_tag (task, bobbin_list_file_read_async);
  g_task_set_name (task, "[bobbin] read list of addresses");
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, read_list);
}

/**
 * bobbin_list_file_read_finish:
 * @result: what the callback got
 * @error: what GIO says; %G_IO_ERROR_INVALID_DATA for what is no list, with a sentence for a person
 *
 * Returns: (transfer full) (nullable): the addresses, as they stand in the file
 */
GStrv
bobbin_list_file_read_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
