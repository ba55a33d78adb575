/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bobbin-job-queue.h"
#include "bobbin-toasts.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_REMOVAL (bobbin_removal_get_type ())
G_DECLARE_FINAL_TYPE (BobbinRemoval, bobbin_removal, BOBBIN, REMOVAL, GObject)

BobbinRemoval *bobbin_removal_new (BobbinJobQueue *queue, BobbinToasts *toasts);
void bobbin_removal_remove (BobbinRemoval *self, BobbinJob *job);
void bobbin_removal_trash (BobbinRemoval *self, BobbinJob *job);
gboolean bobbin_removal_is_leaving (BobbinRemoval *self, BobbinJob *job);
gboolean bobbin_removal_can_undo (BobbinRemoval *self);
void bobbin_removal_undo (BobbinRemoval *self);
void
bobbin_removal_flush_async (BobbinRemoval *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean bobbin_removal_flush_finish (BobbinRemoval *self, GAsyncResult *result, GError **error);

G_END_DECLS
