/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-probe-local.h"

/* As it would stand in bobbin-probe-local.h. */
BobbinProbe *bobbin_probe_uptime_new (const char *path);
