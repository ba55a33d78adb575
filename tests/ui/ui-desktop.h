/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void ui_desktop_serve (void);
void ui_desktop_set_autostart (gboolean granted);
void ui_desktop_set_suspend (gboolean possible);
void ui_desktop_set_shown (gboolean shown);
char *ui_desktop_get_latest_file (void);
void ui_desktop_hold (void);
void ui_desktop_release (void);
guint ui_desktop_count (const char *method);
char *ui_desktop_get_latest (const char *method);

G_END_DECLS
