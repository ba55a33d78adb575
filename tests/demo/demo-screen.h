/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "demo-accessible.h"

G_BEGIN_DECLS

/* The keys that are held down with others, by the codes that all X11 keyboards have for them. */
typedef enum
{
  DEMO_MODIFIER_NONE = 0,
  DEMO_MODIFIER_CONTROL = 37,
  DEMO_MODIFIER_SHIFT = 50,
  DEMO_MODIFIER_ALT = 64,
} DemoModifier;

typedef struct _DemoScreen DemoScreen;

DemoScreen     *demo_screen_new          (GError      **error);
void            demo_screen_free         (DemoScreen   *self);
DemoAccessible *demo_screen_find_program (DemoScreen   *self,
                                          const char   *program);
GPtrArray      *demo_screen_read_rows    (DemoScreen   *self,
                                          const char   *program);
gboolean        demo_screen_press        (DemoScreen   *self,
                                          const char   *program,
                                          const char   *button);
void            demo_screen_press_key    (DemoScreen   *self,
                                          DemoModifier  modifier,
                                          guint         key);
void            demo_screen_type         (DemoScreen   *self,
                                          const char   *text);
void            demo_screen_point        (DemoScreen   *self,
                                          int           x,
                                          int           y);
void            demo_screen_click        (DemoScreen   *self,
                                          int           x,
                                          int           y);
void            demo_screen_hold         (DemoScreen   *self,
                                          int           x,
                                          int           y);
void            demo_screen_let_go       (DemoScreen   *self,
                                          int           x,
                                          int           y);
gboolean        demo_screen_save         (const char   *path,
                                          GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoScreen, demo_screen_free)

G_END_DECLS
