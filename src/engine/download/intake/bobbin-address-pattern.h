/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BOBBIN_ADDRESS_MAX:
 *
 * So many addresses are added at once. More are a slip of the keyboard.
 */
#define BOBBIN_ADDRESS_MAX 10000

/**
 * BobbinAddressPattern:
 *
 * An address that may stand for several. Never changes.
 */
typedef struct _BobbinAddressPattern BobbinAddressPattern;

BobbinAddressPattern *bobbin_address_pattern_new         (const char *text,
                                                          GError    **error);
void                  bobbin_address_pattern_free        (BobbinAddressPattern *self);
guint                 bobbin_address_pattern_get_count   (const BobbinAddressPattern *self);
char                 *bobbin_address_pattern_dup_address (const BobbinAddressPattern *self,
                                                          guint                       index);
GPtrArray            *bobbin_address_pattern_expand      (GPtrArray *texts,
                                                          GError   **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinAddressPattern, bobbin_address_pattern_free)

G_END_DECLS
