/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BOBBIN_JOB_ID_SIZE 16

void     bobbin_job_id_new    (guint8 id[BOBBIN_JOB_ID_SIZE]);
gboolean bobbin_job_id_parse  (guint8      id[BOBBIN_JOB_ID_SIZE],
                               const char *text);
char    *bobbin_job_id_format (const guint8 id[BOBBIN_JOB_ID_SIZE]);

G_END_DECLS
