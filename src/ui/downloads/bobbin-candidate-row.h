/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bobbin-http-context.h"
#include "bobbin-worker-pool.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_CANDIDATE_ROW (bobbin_candidate_row_get_type ())
G_DECLARE_FINAL_TYPE (BobbinCandidateRow, bobbin_candidate_row, BOBBIN, CANDIDATE_ROW, AdwActionRow)

/*
 * Signals:
 *   named (BobbinCandidateRow *)   the server has said what the file is called
 */
BobbinCandidateRow *bobbin_candidate_row_new (const char *address);
const char *bobbin_candidate_row_get_address (BobbinCandidateRow *self);
const char *bobbin_candidate_row_get_name (BobbinCandidateRow *self);
void bobbin_candidate_row_inspect (BobbinCandidateRow *self,
                                   BobbinWorkerPool *pool,
                                   BobbinHttpContext *context);
void bobbin_candidate_row_mark (BobbinCandidateRow *self, gboolean is_listed, gboolean is_there);

G_END_DECLS
