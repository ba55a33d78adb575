/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonNode *bobbin_variant_to_json   (GVariant *options);
GVariant *bobbin_variant_from_json (JsonNode *node,
                                    GError  **error);

G_END_DECLS
