/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bobbin-http-context.h"
#include "bobbin-job-queue.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_CANDIDATE_GROUP (bobbin_candidate_group_get_type ())
G_DECLARE_FINAL_TYPE (BobbinCandidateGroup,
                      bobbin_candidate_group,
                      BOBBIN,
                      CANDIDATE_GROUP,
                      AdwPreferencesGroup)

/*
 * Signals:
 *   changed (BobbinCandidateGroup *)   other ones are there already
 */
void bobbin_candidate_group_set_queue (BobbinCandidateGroup *self, BobbinJobQueue *queue);
void bobbin_candidate_group_set_addresses (BobbinCandidateGroup *self, GPtrArray *addresses);
void bobbin_candidate_group_set_folder (BobbinCandidateGroup *self, const char *folder);
void bobbin_candidate_group_set_name (BobbinCandidateGroup *self, const char *name);
void bobbin_candidate_group_set_context (BobbinCandidateGroup *self, BobbinHttpContext *context);
guint bobbin_candidate_group_get_n_listed (BobbinCandidateGroup *self);
guint bobbin_candidate_group_get_n_there (BobbinCandidateGroup *self, gboolean with_listed);
GStrv bobbin_candidate_group_dup_addresses (BobbinCandidateGroup *self, gboolean with_listed);

G_END_DECLS
