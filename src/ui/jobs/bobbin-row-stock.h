/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct _BobbinRowSlot BobbinRowSlot;

/**
 * BobbinRowKind:
 * @make: makes a row, floating
 * @show: has @row show @item, or let go of what it shows if that is %NULL
 * @dup_name: what a screen reader calls @item
 *
 * What the rows of a list are.
 */
typedef struct
{
  GtkWidget *(*make) (gpointer owner);
  void (*show) (GtkWidget *row, gpointer item);
  char *(*dup_name) (gpointer item);
} BobbinRowKind;

#define BOBBIN_TYPE_ROW_STOCK (bobbin_row_stock_get_type ())
G_DECLARE_FINAL_TYPE (BobbinRowStock, bobbin_row_stock, BOBBIN, ROW_STOCK, GObject)

BobbinRowStock *bobbin_row_stock_new (GtkGridView *view,
                                      const BobbinRowKind *kind,
                                      gpointer owner);
void bobbin_row_stock_focus (BobbinRowStock *self, guint position);

/* for BobbinRowSlot */
void bobbin_row_stock_fill (BobbinRowStock *self, BobbinRowSlot *slot);
void bobbin_row_stock_take_back (BobbinRowStock *self, BobbinRowSlot *slot);
void bobbin_row_stock_estimate (BobbinRowStock *self,
                                GtkOrientation orientation,
                                int *minimum,
                                int *natural);

G_END_DECLS
