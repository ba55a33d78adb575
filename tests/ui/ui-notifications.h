/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void ui_notifications_serve (void);
guint ui_notifications_count (const char *title);
const char *ui_notifications_get_body (const char *title);
const char *ui_notifications_find_action (const char *label);
guint ui_notifications_count_closed (void);
void ui_notifications_hold (void);
void ui_notifications_release (void);
void ui_notifications_press (const char *action);

G_END_DECLS
