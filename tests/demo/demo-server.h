/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _DemoServer DemoServer;

DemoServer *demo_server_new (GError **error);
void demo_server_free (DemoServer *self);
void demo_server_add_file (DemoServer *self, const char *path, gsize size, gsize rate);
char *demo_server_get_address (DemoServer *self, const char *path);
char *demo_server_get_checksum (DemoServer *self, const char *path);
gsize demo_server_get_n_sent (DemoServer *self, const char *path);
guint demo_server_get_n_whole (DemoServer *self, const char *path);
guint demo_server_get_n_aborted (DemoServer *self, const char *path);
gsize demo_server_get_resumed (DemoServer *self, const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoServer, demo_server_free)

G_END_DECLS
