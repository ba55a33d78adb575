/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-application.h"

G_BEGIN_DECLS

/* The interface that other programs know; the same for every profile. */
#define BOBBIN_BUS_INTERFACE "io.github.bobbinapp.Bobbin1"

#define BOBBIN_TYPE_BUS_SERVICE (bobbin_bus_service_get_type ())
G_DECLARE_FINAL_TYPE (BobbinBusService, bobbin_bus_service, BOBBIN, BUS_SERVICE, GObject)

BobbinBusService *bobbin_bus_service_new (BobbinApplication *application);
gboolean bobbin_bus_service_export (BobbinBusService *self,
                                    GDBusConnection *bus,
                                    const char *path,
                                    GError **error);
void bobbin_bus_service_unexport (BobbinBusService *self);
void bobbin_bus_service_open (BobbinBusService *self);

G_END_DECLS
