/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-job-queue.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_HOST_LOGINS (bobbin_host_logins_get_type ())
G_DECLARE_FINAL_TYPE (BobbinHostLogins, bobbin_host_logins, BOBBIN, HOST_LOGINS, GObject)

/*
 * Signals:
 *   trouble (BobbinHostLogins *, const char *sentence)   a password is not remembered: for the user
 */
BobbinHostLogins *bobbin_host_logins_new (GSettings *settings, BobbinJobQueue *queue);
void bobbin_host_logins_remember (BobbinHostLogins *self,
                                  const char *host,
                                  const char *user,
                                  const char *password);
void bobbin_host_logins_settle_async (BobbinHostLogins *self,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);

G_END_DECLS
