/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-download.h"

G_BEGIN_DECLS

/**
 * BobbinDownloadWishes:
 * @folder: (owned) (nullable): where to; %NULL is the folder of the settings
 * @name: (owned) (nullable): what to call the file, of one download only
 * @names: (owned) (nullable) (element-type utf8 utf8): by address, what files are called as far as
 *   is known: for the folders that the settings have for them
 * @start: whether to start
 * @exists: what to do where a file of that name is there
 * @connections: at most so many for a file; 0 is what the settings say
 * @limit_rate: bytes a second; 0: no limit of its own
 * @checksum: (owned) (nullable): that the file must have, of one download only
 * @context: (owned) (nullable): what the requests say beside the address
 * @remembers: whether the password is to be remembered
 *
 * What somebody wants of the downloads that are added together.
 */
typedef struct
{
  char *folder;
  char *name;
  GHashTable *names;
  gboolean start;
  BobbinExists exists;
  guint connections;
  gint64 limit_rate;
  char *checksum;
  BobbinHttpContext *context;
  gboolean remembers;
} BobbinDownloadWishes;

BobbinDownloadWishes *bobbin_download_wishes_new (void);
void bobbin_download_wishes_free (BobbinDownloadWishes *self);
void bobbin_download_wishes_apply (const BobbinDownloadWishes *self, BobbinJob *download);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinDownloadWishes, bobbin_download_wishes_free)

G_END_DECLS
