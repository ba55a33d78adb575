/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-job.h"

G_BEGIN_DECLS

const char *bobbin_job_settings_get_kind (BobbinJob *job);
char       *bobbin_job_settings_save     (BobbinJob *job);
BobbinJob  *bobbin_job_settings_load     (const char *kind,
                                          const char *settings,
                                          GError    **error);
BobbinJob  *bobbin_job_settings_load_strictly (const char *kind,
                                               const char *settings,
                                               GError    **error);

G_END_DECLS
