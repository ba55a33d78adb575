/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-download.h"

G_BEGIN_DECLS

/**
 * BobbinTransferSpec:
 * @address: http or https
 * @folder: (type filename): absolute path
 * @name: (nullable): the wanted name, a safe one
 * @hint: (nullable): the name that an earlier run had
 * @ca_file: (nullable) (type filename): more certificates to trust
 * @exists: what to do if there is a file of that name
 * @connections: at most so many at once
 * @retries: tries in a row that bring no new byte
 * @timeout: µs
 * @sync: wait for the disk at the end
 * @claimed: (nullable): out: the name of the part, or of the file
 * @file: (nullable): out: path of the whole file
 * @skipped: out: there was a file of that name, and @exists was to skip then
 *
 * All that one run of a download needs, and what came of it.
 */
typedef struct
{
  char        *address;
  char        *folder;
  char        *name;
  char        *hint;
  char        *ca_file;
  BobbinExists exists;
  guint        connections;
  guint        retries;
  gint64       timeout;
  gboolean     sync;

  char        *claimed;
  char        *file;
  gboolean     skipped;
} BobbinTransferSpec;

void     bobbin_transfer_spec_free (BobbinTransferSpec *self);
gboolean bobbin_transfer_run       (gpointer            spec,
                                    BobbinMailboxSlot  *slot,
                                    GCancellable       *cancellable,
                                    GError            **error);

G_END_DECLS
