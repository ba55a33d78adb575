/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BobbinChunked:
 *
 * Where in a chunked body a reader is. Plain data; zeroes are its beginning.
 */
typedef struct
{
  guint   state;
  guint   n_digits;
  guint   n_trailer;
  guint64 left;
} BobbinChunked;

gssize   bobbin_chunked_decode  (BobbinChunked *self,
                                 char          *bytes,
                                 gsize          n_bytes,
                                 GError       **error);
gboolean bobbin_chunked_is_done (const BobbinChunked *self);
gboolean bobbin_chunked_may_end (const BobbinChunked *self);

G_END_DECLS
