/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * BobbinLatch:
 *
 * What a source of which a latch is the base begins with.
 */
typedef struct
{
  GSource       source;
  GMainContext *context; /* outlives the source */
  gint          is_open; /* (atomic) */
} BobbinLatch;

GSource *bobbin_latch_new     (GSourceFuncs *funcs,
                               gsize         size,
                               GMainContext *context);
gboolean bobbin_latch_prepare (GSource *source,
                               gint    *timeout);
gboolean bobbin_latch_check   (GSource *source);
void     bobbin_latch_open    (BobbinLatch *self);

G_END_DECLS
