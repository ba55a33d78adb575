/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "bobbin-finished-item.h"
#include "bobbin-store.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_FINISHED_LIST (bobbin_finished_list_get_type ())
G_DECLARE_FINAL_TYPE (BobbinFinishedList, bobbin_finished_list, BOBBIN, FINISHED_LIST, GObject)

/*
 * Properties:
 *   loaded   boolean  read-only: whether it is known what is there; notified whenever that is known
 *                     anew, though it be nothing, as before
 *
 * Signals:
 *   trouble (BobbinFinishedList *, const char *sentence)   the store could not be read, or written
 */
BobbinFinishedList *bobbin_finished_list_new (BobbinStore *store);

void bobbin_finished_list_set_active (BobbinFinishedList *self, gboolean active);
void bobbin_finished_list_set_search (BobbinFinishedList *self, const char *search);
gboolean bobbin_finished_list_is_searched (BobbinFinishedList *self);
gboolean bobbin_finished_list_is_loaded (BobbinFinishedList *self);

void bobbin_finished_list_remove (BobbinFinishedList *self, BobbinFinishedItem *item);
void bobbin_finished_list_restore (BobbinFinishedList *self, BobbinFinishedItem *item);
void bobbin_finished_list_clear (BobbinFinishedList *self);

G_END_DECLS
