/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _DemoServer DemoServer;

/* What was asked of one file, over all requests. */
typedef struct
{
  gsize n_sent;  /* bytes given away */
  guint n_asked; /* requests */
  guint n_open;  /* answers that are on their way */
  guint n_whole; /* answers sent to their end */
} DemoRecord;

DemoServer *demo_server_new          (GError    **error);
void        demo_server_free         (DemoServer *self);
void        demo_server_add_file     (DemoServer *self,
                                      const char *name,
                                      gsize       size,
                                      gsize       rate);
char       *demo_server_get_address  (DemoServer *self,
                                      const char *name);
char       *demo_server_get_checksum (DemoServer *self,
                                      const char *name);
DemoRecord  demo_server_get_record   (DemoServer *self,
                                      const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoServer, demo_server_free)

G_END_DECLS
