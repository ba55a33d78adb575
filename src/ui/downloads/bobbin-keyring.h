/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-queue-keeper.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_KEYRING (bobbin_keyring_get_type ())
G_DECLARE_FINAL_TYPE (BobbinKeyring, bobbin_keyring, BOBBIN, KEYRING, GObject)

/*
 * Signals:
 *   trouble (BobbinKeyring *, const char *sentence)   a password is not remembered: for the user
 */
BobbinKeyring *bobbin_keyring_new          (BobbinJobQueue    *queue,
                                            BobbinQueueKeeper *keeper);
void           bobbin_keyring_remember     (BobbinKeyring *self,
                                            BobbinJob     *job);
void           bobbin_keyring_forget       (BobbinKeyring *self,
                                            BobbinJob     *job);
void           bobbin_keyring_renew        (BobbinKeyring *self,
                                            BobbinJob     *job);
void           bobbin_keyring_flush_async  (BobbinKeyring      *self,
                                            GAsyncReadyCallback callback,
                                            gpointer            user_data);
gboolean       bobbin_keyring_flush_finish (BobbinKeyring *self,
                                            GAsyncResult  *result,
                                            GError       **error);

G_END_DECLS
