/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The text on a clipboard. What the app itself has put there is taken from there: GTK 4.8 sends it
 * to itself through a pipe, whose ends wait for each other in the main thread for ever if there is
 * much of it. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-clipboard-text.h"

static void
on_text (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, text, g_free);
}

/* NULL where it is no text. */
static char *
dup_own_text (GdkClipboard *clipboard, GError **error)
{
  GdkContentProvider *content = gdk_clipboard_get_content (clipboard);
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  if (content == NULL || !gdk_content_provider_get_value (content, &value, error))
    return NULL;

  return g_value_dup_string (&value);
}

/**
 * bobbin_clipboard_text_async:
 * @clipboard: a clipboard
 * @cancellable: (nullable): ends it
 * @callback: called when it is known
 * @user_data: for @callback
 *
 * Reads the text on @clipboard, of whichever app.
 */
void
bobbin_clipboard_text_async (GdkClipboard *clipboard,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  char *text;

  g_return_if_fail (GDK_IS_CLIPBOARD (clipboard));

  task = g_task_new (clipboard, cancellable, callback, user_data);
  g_task_set_source_tag (task, bobbin_clipboard_text_async);
  g_task_set_name (task, "[bobbin] read clipboard");
  if (!gdk_clipboard_is_local (clipboard))
    {
      gdk_clipboard_read_text_async (clipboard, cancellable, on_text, g_steal_pointer (&task));
      return;
    }

  text = dup_own_text (clipboard, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, text, g_free);
}

/**
 * bobbin_clipboard_text_finish:
 * @clipboard: the clipboard
 * @result: what the callback got
 * @error: what GTK says; unset where there is nothing
 *
 * Returns: (transfer full) (nullable): the text
 */
char *
bobbin_clipboard_text_finish (GdkClipboard *clipboard, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, clipboard), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
