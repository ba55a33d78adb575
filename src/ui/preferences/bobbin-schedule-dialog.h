/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-application.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_SCHEDULE_DIALOG (bobbin_schedule_dialog_get_type ())
G_DECLARE_FINAL_TYPE (BobbinScheduleDialog,
                      bobbin_schedule_dialog,
                      BOBBIN,
                      SCHEDULE_DIALOG,
                      AdwWindow)

GtkWindow *bobbin_schedule_dialog_new (BobbinApplication *application);

G_END_DECLS
