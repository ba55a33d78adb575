/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-job-queue.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_LAUNCHER_ENTRY (bobbin_launcher_entry_get_type ())
G_DECLARE_FINAL_TYPE (BobbinLauncherEntry, bobbin_launcher_entry, BOBBIN, LAUNCHER_ENTRY, GObject)

BobbinLauncherEntry *bobbin_launcher_entry_new (GDBusConnection *bus,
                                                const char *path,
                                                BobbinJobQueue *queue);

G_END_DECLS
