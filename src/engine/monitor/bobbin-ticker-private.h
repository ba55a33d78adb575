/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * BobbinTickerFunc:
 * @slot: which slot has come: the newest one; the first is 1
 * @missed: how many slots before it were never told of
 * @user_data: what was given to g_source_set_callback()
 *
 * A slot of a ticker has come.
 *
 * Returns: %G_SOURCE_CONTINUE, or %G_SOURCE_REMOVE for no more of them
 */
typedef gboolean (*BobbinTickerFunc) (guint64  slot,
                                      guint64  missed,
                                      gpointer user_data);

GSource *bobbin_ticker_source_new        (gint64   interval,
                                          GError **error);
GSource *bobbin_ticker_source_new_for_fd (int      fd,
                                          GError **error);

G_END_DECLS
