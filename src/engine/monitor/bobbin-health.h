/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BobbinHealth:
 * @BOBBIN_HEALTH_UNKNOWN: no sample yet, or none that tells
 * @BOBBIN_HEALTH_UP: all is well
 * @BOBBIN_HEALTH_PENDING: bad samples, but not enough of them in a row yet
 * @BOBBIN_HEALTH_WARNING: over the warning limit
 * @BOBBIN_HEALTH_CRITICAL: over the critical limit
 * @BOBBIN_HEALTH_DOWN: it does not answer
 * @BOBBIN_HEALTH_RECOVERING: good samples, but not enough of them in a row yet
 *
 * How what is monitored does.
 */
typedef enum
{
  BOBBIN_HEALTH_UNKNOWN,
  BOBBIN_HEALTH_UP,
  BOBBIN_HEALTH_PENDING,
  BOBBIN_HEALTH_WARNING,
  BOBBIN_HEALTH_CRITICAL,
  BOBBIN_HEALTH_DOWN,
  BOBBIN_HEALTH_RECOVERING,
} BobbinHealth;

const char *bobbin_health_to_string (BobbinHealth health);

G_END_DECLS
