/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BobbinHealth:
 * @BOBBIN_HEALTH_UNKNOWN: no sample yet, or none that tells
 * @BOBBIN_HEALTH_UP: all is well
 * @BOBBIN_HEALTH_PENDING: bad samples, but not enough of them in a row yet
 * @BOBBIN_HEALTH_WARNING: beyond the warning limit
 * @BOBBIN_HEALTH_CRITICAL: beyond the critical limit
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

/**
 * BobbinUnknownReason:
 * @BOBBIN_UNKNOWN_NONE: something is known, or no sample has come yet
 * @BOBBIN_UNKNOWN_NO_DATA: there is nothing to be had: no sensor, no permission, a sandbox
 * @BOBBIN_UNKNOWN_OFFLINE: this computer has no way to what is monitored
 * @BOBBIN_UNKNOWN_ASLEEP: this computer was asleep
 * @BOBBIN_UNKNOWN_PAUSED: nobody wants to know now
 * @BOBBIN_UNKNOWN_MAINTENANCE: something is being done to it, and what it does says nothing
 *
 * Why nothing is known.
 */
typedef enum
{
  BOBBIN_UNKNOWN_NONE,
  BOBBIN_UNKNOWN_NO_DATA,
  BOBBIN_UNKNOWN_OFFLINE,
  BOBBIN_UNKNOWN_ASLEEP,
  BOBBIN_UNKNOWN_PAUSED,
  BOBBIN_UNKNOWN_MAINTENANCE,
} BobbinUnknownReason;

/**
 * BobbinLimitSide:
 * @BOBBIN_LIMIT_SIDE_AUTO: as the kind of probe has it: below for free space and days left, else
 *   above
 * @BOBBIN_LIMIT_SIDE_ABOVE: values above the limits are bad
 * @BOBBIN_LIMIT_SIDE_BELOW: values below them are
 *
 * Which side of its limits is the bad one.
 */
typedef enum
{
  BOBBIN_LIMIT_SIDE_AUTO,
  BOBBIN_LIMIT_SIDE_ABOVE,
  BOBBIN_LIMIT_SIDE_BELOW,
} BobbinLimitSide;

const char *bobbin_health_to_string         (BobbinHealth health);
const char *bobbin_unknown_reason_to_string (BobbinUnknownReason reason);

G_END_DECLS
