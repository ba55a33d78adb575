/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looks for addresses in a text of any length: what somebody copied or drops may be a whole book,
 * and no frame waits for that. Main thread only, but for what looks.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-address-search.h"

#include <string.h>

#include "bobbin-address-finder.h"

/* In bytes: so much is looked through in far less time than a frame has. */
#define MAX_AT_ONCE (16 * 1024)

/**
 * bobbin_address_search_is_short:
 * @text: any text
 *
 * Returns: whether bobbin_address_find() and bobbin_address_read() may look through @text at once,
 *   on the main thread
 */
gboolean
bobbin_address_search_is_short (const char *text)
{
  return strnlen (text, MAX_AT_ONCE + 1) <= MAX_AT_ONCE;
}

/* Nothing in it can wait, so it is not worth to be stopped. */
static void
search (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_task_return_pointer (task, bobbin_address_find (task_data), (GDestroyNotify) g_ptr_array_unref);
}

/**
 * bobbin_address_search_async:
 * @text: any text, valid UTF-8
 * @cancellable: (nullable): after which nobody wants to know
 * @callback: called when @text has been looked through
 * @user_data: for @callback
 *
 * Finds the addresses in @text as bobbin_address_find() does, in another thread.
 */
void
bobbin_address_search_async (const char *text,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (text != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, bobbin_address_search_async);
  g_task_set_name (task, "[bobbin] addresses in a text");
  g_task_set_task_data (task, g_strdup (text), g_free);
  g_task_run_in_thread (task, search);
}

/**
 * bobbin_address_search_finish:
 * @result: what the callback got
 * @error: %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (element-type utf8) (nullable): the addresses in their order, each once
 */
GPtrArray *
bobbin_address_search_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
