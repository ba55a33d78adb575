/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-job.h"

G_BEGIN_DECLS

GVariant *bobbin_bus_job_describe (BobbinJob *job);

G_END_DECLS
