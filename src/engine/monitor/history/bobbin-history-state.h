/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-health.h"

G_BEGIN_DECLS

/**
 * BobbinHistoryState:
 * @BOBBIN_HISTORY_UNKNOWN: no sample yet, or none that tells
 * @BOBBIN_HISTORY_UP: all was well
 * @BOBBIN_HISTORY_PENDING: bad samples, but not enough of them in a row to be believed
 * @BOBBIN_HISTORY_PENDING_DOWN: as before, and enough followed: it did not answer since then
 * @BOBBIN_HISTORY_WARNING: over the warning limit
 * @BOBBIN_HISTORY_CRITICAL: over the critical limit
 * @BOBBIN_HISTORY_DOWN: it did not answer
 * @BOBBIN_HISTORY_RECOVERING: good samples after a warning, but not enough of them yet
 * @BOBBIN_HISTORY_RECOVERING_DOWN: good samples after an outage, but not enough of them yet
 * @BOBBIN_HISTORY_OFFLINE: this computer had no way to what is monitored
 * @BOBBIN_HISTORY_ASLEEP: this computer was asleep
 * @BOBBIN_HISTORY_PAUSED: nobody wanted to know
 * @BOBBIN_HISTORY_MAINTENANCE: something was being done to it
 *
 * What is put down about a stretch of time. The numbers are in databases: they never change, and
 * are below 16.
 */
typedef enum
{
  BOBBIN_HISTORY_UNKNOWN = 0,
  BOBBIN_HISTORY_UP = 1,
  BOBBIN_HISTORY_PENDING = 2,
  BOBBIN_HISTORY_PENDING_DOWN = 3,
  BOBBIN_HISTORY_WARNING = 4,
  BOBBIN_HISTORY_CRITICAL = 5,
  BOBBIN_HISTORY_DOWN = 6,
  BOBBIN_HISTORY_RECOVERING = 7,
  BOBBIN_HISTORY_RECOVERING_DOWN = 8,
  BOBBIN_HISTORY_OFFLINE = 9,
  BOBBIN_HISTORY_ASLEEP = 10,
  BOBBIN_HISTORY_PAUSED = 11,
  BOBBIN_HISTORY_MAINTENANCE = 12,
} BobbinHistoryState;

#define BOBBIN_HISTORY_N_STATES (BOBBIN_HISTORY_MAINTENANCE + 1)

BobbinHistoryState bobbin_history_state_new       (BobbinHealth        health,
                                                   BobbinHealth        believed,
                                                   BobbinUnknownReason reason);
const char        *bobbin_history_state_to_string (BobbinHistoryState state);
const char        *bobbin_history_state_get_word  (BobbinHistoryState state);

G_END_DECLS
