/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-application.h"
#include "bobbin-notifications.h"
#include "bobbin-queue-keeper.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_DOWNLOAD_NOTIFIER (bobbin_download_notifier_get_type ())
G_DECLARE_FINAL_TYPE (BobbinDownloadNotifier,
                      bobbin_download_notifier,
                      BOBBIN,
                      DOWNLOAD_NOTIFIER,
                      GObject)

BobbinDownloadNotifier *bobbin_download_notifier_new (BobbinApplication *application,
                                                      BobbinNotifications *notifications,
                                                      BobbinQueueKeeper *keeper);
void bobbin_download_notifier_set_moment (BobbinDownloadNotifier *self, guint moment);
void bobbin_download_notifier_tell (BobbinDownloadNotifier *self);

G_END_DECLS
