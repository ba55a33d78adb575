/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * BobbinPlace:
 * @BOBBIN_PLACE_MACHINE: this computer
 * @BOBBIN_PLACE_LAN: a network that this computer may be part of, without a way to the world
 * @BOBBIN_PLACE_WORLD: anywhere else
 *
 * Where a server is.
 */
typedef enum
{
  BOBBIN_PLACE_MACHINE,
  BOBBIN_PLACE_LAN,
  BOBBIN_PLACE_WORLD,
} BobbinPlace;

char         *bobbin_place_host_of_target (const char *target);
GInetAddress *bobbin_place_parse_address  (const char *host);
BobbinPlace   bobbin_place_of_address     (GInetAddress *address);
BobbinPlace   bobbin_place_of_host        (const char *host);

G_END_DECLS
