/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-finished-list.h"
#include "bobbin-toasts.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_FINISHED_REMOVAL (bobbin_finished_removal_get_type ())
G_DECLARE_FINAL_TYPE (BobbinFinishedRemoval,
                      bobbin_finished_removal,
                      BOBBIN,
                      FINISHED_REMOVAL,
                      GObject)

/*
 * Properties:
 *   can-undo   boolean  read-only: whether there is something that would come back
 */
BobbinFinishedRemoval *bobbin_finished_removal_new (BobbinFinishedList *list, BobbinToasts *toasts);

void bobbin_finished_removal_remove (BobbinFinishedRemoval *self, BobbinFinishedItem *item);
gboolean bobbin_finished_removal_can_undo (BobbinFinishedRemoval *self);
void bobbin_finished_removal_undo (BobbinFinishedRemoval *self);
void bobbin_finished_removal_conclude (BobbinFinishedRemoval *self);

G_END_DECLS
