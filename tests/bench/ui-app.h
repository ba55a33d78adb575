/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is run in a process of its own; see ui-app.c for what it prints. */
int ui_app_run (const char *todo, guint n_jobs, int seconds);
int ui_app_run_empty (void);

G_END_DECLS
