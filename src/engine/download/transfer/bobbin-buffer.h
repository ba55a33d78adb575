/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BOBBIN_BUFFER_SIZE:
 *
 * A connection's bytes are collected in so many.
 */
#define BOBBIN_BUFFER_SIZE (1024 * 1024)

char *bobbin_buffer_take (void);
void  bobbin_buffer_give (char *buffer);

G_END_DECLS
