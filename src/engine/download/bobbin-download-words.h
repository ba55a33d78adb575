/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-job.h"

G_BEGIN_DECLS

char *bobbin_download_words_status (BobbinJob *job);

G_END_DECLS
