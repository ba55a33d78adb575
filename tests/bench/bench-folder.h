/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char *bench_folder_new (const char *parent, GError **error);
void bench_folder_free (char *folder);

void bench_folder_clear (const char *folder);
gboolean bench_folder_settle (const char *folder);

G_END_DECLS
