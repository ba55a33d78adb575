/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bobbin-application.h"
#include "bobbin-job-queue.h"
#include "bobbin-keyring.h"
#include "bobbin-removal.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_WINDOW (bobbin_window_get_type ())
G_DECLARE_FINAL_TYPE (BobbinWindow, bobbin_window, BOBBIN, WINDOW, AdwApplicationWindow)

/* Makes a dialog; GTK owns it. */
typedef GtkWindow *(*BobbinDialogFunc) (BobbinApplication *application);

BobbinWindow *bobbin_window_new (BobbinApplication *application);

BobbinJobQueue *bobbin_window_get_queue (BobbinWindow *self);
BobbinRemoval *bobbin_window_get_removal (BobbinWindow *self);
BobbinKeyring *bobbin_window_get_keyring (BobbinWindow *self);

void bobbin_window_warn (BobbinWindow *self, const char *sentence);
void bobbin_window_show_toast (BobbinWindow *self, AdwToast *toast);
void bobbin_window_show_dialog (BobbinWindow *self, GType type, BobbinDialogFunc make);
void bobbin_window_present_dialog (BobbinWindow *self, GtkWindow *dialog);
void bobbin_window_show_log (BobbinWindow *self, BobbinJob *job);
gboolean bobbin_window_can_show_details (BobbinWindow *self, BobbinJob *job);
void bobbin_window_show_details (BobbinWindow *self, BobbinJob *job);
void bobbin_window_follow_details (BobbinWindow *self, BobbinJob *job);
void bobbin_window_close_details (BobbinWindow *self);
void bobbin_window_edit_monitor (BobbinWindow *self, BobbinJob *job);
void bobbin_window_show_job (BobbinWindow *self, BobbinJob *job);
void bobbin_window_hide (BobbinWindow *self);
void bobbin_window_show_draining (BobbinWindow *self);
void bobbin_window_name_holders (BobbinWindow *self);

G_END_DECLS
