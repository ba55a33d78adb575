/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-cli-output.h"
#include "bobbin-download.h"

G_BEGIN_DECLS

/**
 * BobbinCliProgress:
 *
 * The lines at the bottom of a terminal that show what is being downloaded.
 */
typedef struct _BobbinCliProgress BobbinCliProgress;

BobbinCliProgress *bobbin_cli_progress_new (BobbinCliOutput *terminal, int fd);
void bobbin_cli_progress_free (BobbinCliProgress *self);
void bobbin_cli_progress_add (BobbinCliProgress *self, BobbinDownload *download);
void bobbin_cli_progress_remove (BobbinCliProgress *self, BobbinDownload *download);
void bobbin_cli_progress_update (BobbinCliProgress *self);
void bobbin_cli_progress_print (BobbinCliProgress *self, const char *line);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinCliProgress, bobbin_cli_progress_free)

G_END_DECLS
