/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BobbinAddressLine:
 * @BOBBIN_ADDRESS_LINE_ADDRESS: an address, or what should be one
 * @BOBBIN_ADDRESS_LINE_NONE: blank, or a comment
 * @BOBBIN_ADDRESS_LINE_BAD: not text
 *
 * What a line of a list of addresses is.
 */
typedef enum
{
  BOBBIN_ADDRESS_LINE_ADDRESS,
  BOBBIN_ADDRESS_LINE_NONE,
  BOBBIN_ADDRESS_LINE_BAD,
} BobbinAddressLine;

BobbinAddressLine bobbin_address_list_read_line (const char *text,
                                                 gsize       length,
                                                 gboolean    is_first,
                                                 char      **line);
char             *bobbin_address_list_dup_text  (const char *list,
                                                 gsize       length);

G_END_DECLS
