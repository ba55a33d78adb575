/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void bobbin_test_content_fill (guint64 seed, gint64 offset, guint8 *buffer, gsize length);
GBytes *bobbin_test_content_bytes (guint64 seed, gint64 length);
void bobbin_test_content_assert (const char *file, guint64 seed, gint64 length);

G_END_DECLS
