/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Some of AT-SPI's roles. */
typedef enum
{
  DEMO_ROLE_ANY = 0,
  DEMO_ROLE_FRAME = 23,
  DEMO_ROLE_LABEL = 29,
  DEMO_ROLE_LIST_ITEM = 32,
  DEMO_ROLE_PROGRESS_BAR = 42,
  DEMO_ROLE_BUTTON = 43,
  DEMO_ROLE_TEXT = 61,
} DemoRole;

/* Some of AT-SPI's states. */
typedef enum
{
  DEMO_STATE_ACTIVE = 1,
  DEMO_STATE_FOCUSED = 12,
  DEMO_STATE_SENSITIVE = 24,
} DemoState;

typedef struct _DemoAccessible DemoAccessible;

DemoAccessible *demo_accessible_new          (GDBusConnection      *bus,
                                              const char           *owner,
                                              const char           *path);
void            demo_accessible_free         (DemoAccessible       *self);
GPtrArray      *demo_accessible_dup_children (const DemoAccessible *self);
DemoAccessible *demo_accessible_find         (const DemoAccessible *self,
                                              DemoRole              role,
                                              const char           *name);
DemoAccessible *demo_accessible_find_state   (const DemoAccessible *self,
                                              DemoState             state);
gboolean        demo_accessible_is_same      (const DemoAccessible *self,
                                              const DemoAccessible *other);

char           *demo_accessible_dup_name     (const DemoAccessible *self);
char           *demo_accessible_dup_words    (const DemoAccessible *self);
char           *demo_accessible_dup_text     (const DemoAccessible *self);
DemoRole        demo_accessible_get_role     (const DemoAccessible *self);
gboolean        demo_accessible_has_state    (const DemoAccessible *self,
                                              DemoState             state);
double          demo_accessible_get_value    (const DemoAccessible *self);
gboolean        demo_accessible_get_middle   (const DemoAccessible *self,
                                              int                  *x,
                                              int                  *y);

gboolean        demo_accessible_press        (const DemoAccessible *self);
gboolean        demo_accessible_set_text     (const DemoAccessible *self,
                                              const char           *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoAccessible, demo_accessible_free)

G_END_DECLS
