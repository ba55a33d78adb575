/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What connections receive into. A thread that is done with one keeps it for its next connection,
 * and gives it back to the system when it leaves: the pages of a buffer are taken from the kernel
 * and cleared one by one, and giving them back was a quarter of the time that a stop of a hundred
 * downloads over eight connections took. Any thread; nothing is shared between them.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-buffer.h"

#include "bobbin-worker-pool.h"

/* So many are kept, at most: those of a download over the usual number of connections. */
#define MAX_SPARE 8

/* Pages and what file systems take at once begin at multiples of this. */
#define ALIGNMENT 4096

typedef struct
{
  char *buffers[MAX_SPARE]; /* (owned) */
  guint n;
} Spare;

static void
spare_free (gpointer data)
{
  Spare *spare = data;

  while (spare->n > 0)
    g_aligned_free (spare->buffers[--spare->n]);
  g_free (spare);
}

static GPrivate current = G_PRIVATE_INIT (spare_free);

static void
spare_leave (void)
{
  g_private_replace (&current, NULL);
}

/**
 * bobbin_buffer_take:
 *
 * Returns: (transfer full): %BOBBIN_BUFFER_SIZE bytes, whatever they are
 */
char *
bobbin_buffer_take (void)
{
  Spare *spare = g_private_get (&current);

  if (spare != NULL && spare->n > 0)
    return spare->buffers[--spare->n];

  return g_aligned_alloc (1, BOBBIN_BUFFER_SIZE, ALIGNMENT);
}

/**
 * bobbin_buffer_give:
 * @buffer: (transfer full) (nullable): one that was taken in this thread
 *
 * Says that nothing is in it any more.
 */
void
bobbin_buffer_give (char *buffer)
{
  Spare *spare = g_private_get (&current);

  if (buffer == NULL)
    return;

  if (spare == NULL)
    {
      spare = g_new0 (Spare, 1);
      g_private_set (&current, spare);
      bobbin_worker_pool_at_leave (spare_leave);
    }

  if (spare->n < MAX_SPARE)
    spare->buffers[spare->n++] = buffer;
  else
    g_aligned_free (buffer);
}
