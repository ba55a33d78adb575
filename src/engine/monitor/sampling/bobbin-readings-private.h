/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void        bobbin_readings_begin (void);
void        bobbin_readings_end   (void);
const char *bobbin_readings_find  (const char *path);
void        bobbin_readings_keep  (const char *path,
                                   const char *text);

G_END_DECLS
