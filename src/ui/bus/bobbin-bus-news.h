/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-queue-keeper.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_BUS_NEWS (bobbin_bus_news_get_type ())
G_DECLARE_FINAL_TYPE (BobbinBusNews, bobbin_bus_news, BOBBIN, BUS_NEWS, GObject)

BobbinBusNews *bobbin_bus_news_new (GDBusConnection *bus,
                                    const char *path,
                                    BobbinJobQueue *queue,
                                    BobbinQueueKeeper *keeper);

G_END_DECLS
