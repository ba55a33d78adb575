/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * What a terminal shows after it was sent some bytes: as much of one as bobbin-cli needs. Any
 * control sequence that it should not need is a failure of the test.
 */
typedef struct _CliScreen CliScreen;

CliScreen *cli_screen_new (guint columns, guint rows);
void cli_screen_free (CliScreen *self);
void cli_screen_feed (CliScreen *self, const char *bytes, gsize size);
char *cli_screen_get_text (CliScreen *self);
guint cli_screen_get_draws (CliScreen *self);
guint cli_screen_get_column (CliScreen *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliScreen, cli_screen_free)

G_END_DECLS
