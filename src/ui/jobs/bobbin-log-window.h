/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bobbin-job.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_LOG_WINDOW (bobbin_log_window_get_type ())
G_DECLARE_FINAL_TYPE (BobbinLogWindow, bobbin_log_window, BOBBIN, LOG_WINDOW, AdwWindow)

GtkWindow *bobbin_log_window_new     (BobbinJob *job);
BobbinJob *bobbin_log_window_get_job (BobbinLogWindow *self);
char      *bobbin_log_window_to_text (BobbinLogWindow *self);

G_END_DECLS
