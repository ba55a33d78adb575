/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _DemoScreen DemoScreen;

DemoScreen *demo_screen_new       (GError    **error);
void        demo_screen_free      (DemoScreen *self);
GPtrArray  *demo_screen_read_rows (DemoScreen *self,
                                   const char *program);
gboolean    demo_screen_press     (DemoScreen *self,
                                   const char *program,
                                   const char *button);
gboolean    demo_screen_save      (const char *path,
                                   GError    **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoScreen, demo_screen_free)

G_END_DECLS
