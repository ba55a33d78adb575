/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bobbin-finished-item.h"
#include "bobbin-store.h"
#include "bobbin-toasts.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_FINISHED_PAGE (bobbin_finished_page_get_type ())
G_DECLARE_FINAL_TYPE (BobbinFinishedPage, bobbin_finished_page, BOBBIN, FINISHED_PAGE, GtkWidget)

/*
 * Properties:
 *   item       BobbinFinishedItem  read-only, nullable: what keys act on
 *   narrow     boolean             whether there is little room
 *   can-undo   boolean             read-only: whether a removal can be undone
 *   can-clear  boolean             read-only: whether there is anything to remove
 */
void bobbin_finished_page_set_store (BobbinFinishedPage *self,
                                     BobbinStore *store,
                                     BobbinToasts *toasts);

void bobbin_finished_page_remove (BobbinFinishedPage *self, BobbinFinishedItem *item);
gboolean bobbin_finished_page_can_undo (BobbinFinishedPage *self);
void bobbin_finished_page_undo (BobbinFinishedPage *self);
void bobbin_finished_page_conclude (BobbinFinishedPage *self);
gboolean bobbin_finished_page_can_clear (BobbinFinishedPage *self);
void bobbin_finished_page_ask_to_clear (BobbinFinishedPage *self);

G_END_DECLS
