/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-checksum.h"

G_BEGIN_DECLS

/**
 * BOBBIN_HASHER_PIECE:
 *
 * A file is read in pieces of so many bytes. They fit a processor's cache, and a stop that comes
 * meanwhile waits for one of them.
 */
#define BOBBIN_HASHER_PIECE (128 * 1024)

/**
 * BobbinHasher:
 *
 * Computes the checksum of a file, from what comes and, where that came out of order, from what is
 * on the disk.
 */
typedef struct _BobbinHasher BobbinHasher;

BobbinHasher *bobbin_hasher_new          (GChecksumType type);
void          bobbin_hasher_free         (BobbinHasher *self);
void          bobbin_hasher_restart      (BobbinHasher *self);
void          bobbin_hasher_feed         (BobbinHasher *self,
                                          gint64        offset,
                                          gconstpointer bytes,
                                          gsize         length);
gint64        bobbin_hasher_get_position (BobbinHasher *self);
gssize        bobbin_hasher_read_some    (BobbinHasher *self,
                                          int           fd,
                                          gsize         max_bytes);
void          bobbin_hasher_get_checksum (BobbinHasher   *self,
                                          BobbinChecksum *checksum);
gboolean      bobbin_hasher_finish       (BobbinHasher         *self,
                                          const BobbinChecksum *expected,
                                          GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinHasher, bobbin_hasher_free)

G_END_DECLS
