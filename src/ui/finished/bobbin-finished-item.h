/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "bobbin-finished.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_FINISHED_ITEM (bobbin_finished_item_get_type ())
G_DECLARE_FINAL_TYPE (BobbinFinishedItem, bobbin_finished_item, BOBBIN, FINISHED_ITEM, GObject)

BobbinFinishedItem *bobbin_finished_item_new (BobbinFinished *finished);

const BobbinFinished *bobbin_finished_item_get (BobbinFinishedItem *self);
char *bobbin_finished_item_dup_name (BobbinFinishedItem *self);
char *bobbin_finished_item_describe (BobbinFinishedItem *self);
gboolean bobbin_finished_item_is_gone (BobbinFinishedItem *self);
void bobbin_finished_item_look (BobbinFinishedItem *self);
void bobbin_finished_item_look_away (BobbinFinishedItem *self);

G_END_DECLS
