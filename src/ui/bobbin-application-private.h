/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-application.h"
#include "bobbin-queue-keeper.h"
#include "bobbin-window.h"

G_BEGIN_DECLS

void bobbin_application_install_actions (BobbinApplication *self);
BobbinWindow *bobbin_application_ensure_window (BobbinApplication *self);
BobbinQueueKeeper *bobbin_application_get_keeper (BobbinApplication *self);
gboolean bobbin_application_is_looked_at (BobbinApplication *self);
void bobbin_application_close_window (BobbinApplication *self, BobbinWindow *window);
void bobbin_application_warn (BobbinApplication *self, const char *sentence);
gboolean bobbin_application_is_closing (BobbinApplication *self, GError **error);
void bobbin_application_begin_intake (BobbinApplication *self);
void bobbin_application_end_intake (BobbinApplication *self);
void bobbin_application_add_addresses_async (BobbinApplication *self,
                                             const char *const *addresses,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data);
GStrv bobbin_application_add_addresses_finish (BobbinApplication *self,
                                               GAsyncResult *result,
                                               GError **error);
int bobbin_application_command_line (GApplication *app, GApplicationCommandLine *command_line);
void bobbin_application_open (GApplication *app, GFile **files, int n_files, const char *hint);
void bobbin_application_start_companions (BobbinApplication *self, GPtrArray *companions);
void bobbin_application_drain_companions_async (BobbinApplication *self,
                                                GPtrArray *companions,
                                                GAsyncReadyCallback callback,
                                                gpointer user_data);
void bobbin_application_release_companions (GPtrArray *companions);
gpointer bobbin_application_get_companion (BobbinApplication *self, GType type);
void bobbin_application_set_patience (BobbinApplication *self, guint patience);

G_END_DECLS
