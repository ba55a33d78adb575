/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-download.h"
#include "bobbin-rate-limiter.h"
#include "bobbin-segment-board.h"

G_BEGIN_DECLS

/**
 * BobbinTransferAwaits:
 * @BOBBIN_TRANSFER_AWAITS_TIME: nothing but the time
 * @BOBBIN_TRANSFER_AWAITS_NETWORK: a network, or it being said that there is one
 * @BOBBIN_TRANSFER_AWAITS_RETURN: it being said anew that there is a network
 *
 * What may end a wait before its time.
 */
typedef enum
{
  BOBBIN_TRANSFER_AWAITS_TIME,
  BOBBIN_TRANSFER_AWAITS_NETWORK,
  BOBBIN_TRANSFER_AWAITS_RETURN,
} BobbinTransferAwaits;

/**
 * BobbinTransferTries:
 * @n_tries: tries in a row that brought no new byte
 * @n_crowded: how often in a row it was refused because its server served others
 * @n_versions: versions that have begun in place of another one
 * @reached: the most bytes that were there
 * @waited_for: a [enum@BobbinDownloadPhase]: the last wait that was said in the log
 * @waited_until: the end of that, in g_get_monotonic_time() µs
 * @told: the same, of which the end was not said yet; or 0
 * @n_full: how often in a row there was no room on the disk
 * @refused_first: the first byte, and
 * @refused_end: the one behind the last, that it had no room for, or 0
 *
 * What a run that was put off had come to, for the next one to go on with.
 */
typedef struct
{
  guint  n_tries;
  guint  n_crowded;
  guint  n_versions;
  guint  waited_for;
  guint  told;
  guint  n_full;
  gint64 waited_until;
  gint64 reached;
  gint64 refused_first;
  gint64 refused_end;
} BobbinTransferTries;

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
 * @host_limiter: (nullable): the limit of all that come from the same server
 * @limiter: its own limit
 * @board: (nullable): where the picture of the file goes
 * @checksum: (nullable): that the file must have, as a person wrote it
 * @accept_html: whether a web page may be what is wanted
 * @wait_for_space: wait for room on a full disk, rather than fail
 * @exists: what to do if there is a file of that name
 * @connections: at most so many at once
 * @retries: tries in a row that bring no new byte
 * @timeout: µs
 * @sync: wait for the disk at the end
 * @tries: in, out: what all runs since the start have come to
 * @claimed: (nullable): out: the name of the part, or of the file
 * @file: (nullable): out: path of the whole file
 * @skipped: out: there was a file of that name, and @exists was to skip then
 * @put_off: out: it did not fail for good, another run is to go on
 * @wait: out: what it waits for if it was put off, a [enum@BobbinDownloadPhase]
 * @until: out: and for how long, in g_get_monotonic_time() µs
 * @awaits: out: what ends that wait before
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
  BobbinRateLimiter *host_limiter;
  BobbinRateLimiter *limiter;
  BobbinSegmentBoard *board;
  char        *checksum;
  gboolean     accept_html;
  gboolean     wait_for_space;
  BobbinExists exists;
  guint        connections;
  guint        retries;
  gint64       timeout;
  gboolean     sync;

  BobbinTransferTries tries;

  char        *claimed;
  char        *file;
  gboolean     skipped;
  gboolean     put_off;
  guint        wait;
  gint64       until;
  BobbinTransferAwaits awaits;
} BobbinTransferSpec;

void     bobbin_transfer_spec_free (BobbinTransferSpec *self);
gboolean bobbin_transfer_run       (gpointer            spec,
                                    BobbinMailboxSlot  *slot,
                                    GCancellable       *cancellable,
                                    GError            **error);
GSource *bobbin_transfer_await     (guint               awaits,
                                    GMainContext       *context);

G_END_DECLS
