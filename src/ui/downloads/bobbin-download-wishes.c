/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What somebody wants of new downloads, from when it was said until all of them have been made.
 * Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-download-wishes.h"

/**
 * bobbin_download_wishes_new:
 *
 * Returns: (transfer full): the wish that they start, and no other
 */
BobbinDownloadWishes *
bobbin_download_wishes_new (void)
{
  BobbinDownloadWishes *self = g_new0 (BobbinDownloadWishes, 1);

  self->start = TRUE;
  self->exists = BOBBIN_EXISTS_RENAME;

  return self;
}

/**
 * bobbin_download_wishes_free:
 * @self: (transfer full): wishes
 */
void
bobbin_download_wishes_free (BobbinDownloadWishes *self)
{
  g_free (self->folder);
  g_free (self->name);
  g_clear_pointer (&self->names, g_hash_table_unref);
  g_free (self->checksum);
  g_clear_pointer (&self->context, bobbin_http_context_unref);
  g_free (self);
}

/**
 * bobbin_download_wishes_apply:
 * @self: wishes
 * @download: a new download, made with their folder
 *
 * Sets what is wished for; the rest stays as the settings want it.
 */
void
bobbin_download_wishes_apply (const BobbinDownloadWishes *self, BobbinJob *download)
{
  g_return_if_fail (BOBBIN_IS_DOWNLOAD (download));

  g_object_set (download, "exists", self->exists, "limit-rate", self->limit_rate, NULL);
  if (self->connections > 0)
    g_object_set (download, "connections", self->connections, NULL);
  if (self->name != NULL)
    g_object_set (download, "file-name", self->name, NULL);
  if (self->checksum != NULL)
    g_object_set (download, "checksum", self->checksum, NULL);
  if (self->context != NULL)
    bobbin_download_set_context (BOBBIN_DOWNLOAD (download), self->context);
}
