/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * BOBBIN_CHECKSUM_MAX_BYTES:
 *
 * No digest is longer: that of SHA-512.
 */
#define BOBBIN_CHECKSUM_MAX_BYTES 64

/**
 * BobbinChecksum:
 * @type: how it is computed: MD5, SHA-1, SHA-256 or SHA-512
 * @digest: its bytes, as many as @type has, then zeroes
 *
 * The checksum of a whole file. A plain value: copy it, compare it with bobbin_checksum_equal().
 */
typedef struct
{
  GChecksumType type;
  guint8        digest[BOBBIN_CHECKSUM_MAX_BYTES];
} BobbinChecksum;

gboolean    bobbin_checksum_parse            (const char     *text,
                                              BobbinChecksum *checksum,
                                              GError        **error);
char       *bobbin_checksum_to_string        (const BobbinChecksum *self);
const char *bobbin_checksum_get_name         (const BobbinChecksum *self);
gboolean    bobbin_checksum_equal            (const BobbinChecksum *a,
                                              const BobbinChecksum *b);

gboolean    bobbin_checksum_from_dictionary  (const char     *field,
                                              BobbinChecksum *checksum);
gboolean    bobbin_checksum_from_digest      (const char     *field,
                                              BobbinChecksum *checksum);
gboolean    bobbin_checksum_from_content_md5 (const char     *field,
                                              BobbinChecksum *checksum);
gboolean    bobbin_checksum_from_headers     (SoupMessageHeaders *headers,
                                              guint               status,
                                              BobbinChecksum     *checksum);

G_END_DECLS
