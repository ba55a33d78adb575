/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-checksum.h"

G_BEGIN_DECLS

/**
 * BobbinChecksumKind:
 * @type: GLib's name
 * @option: that of `--checksum`
 * @name: that of the standard, for people
 * @key: that of RFC 9530 §5 and, in any case, of RFC 3230 §4.1.1
 *
 * An algorithm and what it is called where.
 */
typedef struct
{
  GChecksumType type;
  const char   *option;
  const char   *name;
  const char   *key;
} BobbinChecksumKind;

#define BOBBIN_CHECKSUM_N_KINDS 4

/* The strongest first. */
extern const BobbinChecksumKind bobbin_checksum_kinds[BOBBIN_CHECKSUM_N_KINDS];

G_END_DECLS
