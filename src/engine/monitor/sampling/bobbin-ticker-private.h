/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _BobbinTicker BobbinTicker;

/*
 * BobbinTickFunc:
 * @due: boottime µs of the slot that has come: the newest one
 * @missed: how many slots before it were never told of
 * @user_data: what was given to bobbin_ticker_new()
 *
 * A slot of a ticker has come. It may free the ticker.
 */
typedef void (*BobbinTickFunc) (gint64   due,
                                guint64  missed,
                                gpointer user_data);

BobbinTicker *bobbin_ticker_new     (gint64         first,
                                     gint64         interval,
                                     BobbinTickFunc func,
                                     gpointer       user_data,
                                     GError       **error);
void          bobbin_ticker_free    (BobbinTicker *self);
void          bobbin_ticker_put_off (BobbinTicker *self,
                                     gint64        due);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinTicker, bobbin_ticker_free)

G_END_DECLS
