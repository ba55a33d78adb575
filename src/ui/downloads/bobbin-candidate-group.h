/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bobbin-application.h"
#include "bobbin-http-context.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_CANDIDATE_GROUP (bobbin_candidate_group_get_type ())
G_DECLARE_FINAL_TYPE (BobbinCandidateGroup,
                      bobbin_candidate_group,
                      BOBBIN,
                      CANDIDATE_GROUP,
                      AdwPreferencesGroup)

/*
 * Signals:
 *   changed (BobbinCandidateGroup *)   other ones are there already, or their names are known
 */
void bobbin_candidate_group_set_application (BobbinCandidateGroup *self,
                                             BobbinApplication *application);
void bobbin_candidate_group_set_addresses (BobbinCandidateGroup *self, GPtrArray *addresses);
void bobbin_candidate_group_set_folder (BobbinCandidateGroup *self, const char *folder);
const char *bobbin_candidate_group_get_folder (BobbinCandidateGroup *self);
void bobbin_candidate_group_set_name (BobbinCandidateGroup *self, const char *name);
void bobbin_candidate_group_set_context (BobbinCandidateGroup *self, BobbinHttpContext *context);
guint bobbin_candidate_group_get_n_listed (BobbinCandidateGroup *self);
guint bobbin_candidate_group_get_n_there (BobbinCandidateGroup *self, gboolean with_listed);
GStrv bobbin_candidate_group_dup_addresses (BobbinCandidateGroup *self, gboolean with_listed);
GHashTable *bobbin_candidate_group_dup_names (BobbinCandidateGroup *self);

G_END_DECLS
