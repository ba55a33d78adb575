/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-download.h"
#include "bobbin-rate-limiter.h"

G_BEGIN_DECLS

/**
 * BobbinTransferSpec:
 * @address: http or https
 * @folder: (type filename): absolute path
 * @name: (nullable): the wanted name, a safe one
 * @hint: (nullable): the name that an earlier run had
 * @identity: (nullable): which file the part of an earlier run was
 * @length: bytes that it should come to, as far as an earlier run knew, or -1
 * @since: when the job came to be, in µs since 1970, if a run of it may have been killed when the
 *   file was whole and before anybody put that down; else 0
 * @context: (nullable): what the requests say beside the address
 * @limiter: its own limit
 * @checksum: (nullable): that the file must have, as a person wrote it
 * @accept_html: whether a web page may be what is wanted
 * @wait_for_space: wait for room on a full disk, rather than fail
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
  char        *identity;
  gint64       length;
  gint64       since;
  BobbinHttpContext *context;
  BobbinRateLimiter *limiter;
  char        *checksum;
  gboolean     accept_html;
  gboolean     wait_for_space;
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
