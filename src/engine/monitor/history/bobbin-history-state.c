/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The states that a history tells apart: those of the health, why nothing was known, and for what
 * is neither good nor bad yet, what it comes from. Pure; any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-history-state.h"

#include <glib/gi18n-lib.h>

static BobbinHistoryState
from_reason (BobbinUnknownReason reason)
{
  switch (reason)
    {
    case BOBBIN_UNKNOWN_OFFLINE:
      return BOBBIN_HISTORY_OFFLINE;
    case BOBBIN_UNKNOWN_ASLEEP:
      return BOBBIN_HISTORY_ASLEEP;
    case BOBBIN_UNKNOWN_PAUSED:
      return BOBBIN_HISTORY_PAUSED;
    case BOBBIN_UNKNOWN_MAINTENANCE:
      return BOBBIN_HISTORY_MAINTENANCE;
    case BOBBIN_UNKNOWN_NONE:
    case BOBBIN_UNKNOWN_NO_DATA:
    default:
      return BOBBIN_HISTORY_UNKNOWN;
    }
}

/**
 * bobbin_history_state_new:
 * @health: a verdict’s health
 * @believed: what had been settled by then
 * @reason: why nothing is known, where @health is unknown
 *
 * Returns: what is put down of the time that the verdict stands for
 */
BobbinHistoryState
bobbin_history_state_new (BobbinHealth health, BobbinHealth believed, BobbinUnknownReason reason)
{
  switch (health)
    {
    case BOBBIN_HEALTH_UP:
      return BOBBIN_HISTORY_UP;
    case BOBBIN_HEALTH_PENDING:
      return BOBBIN_HISTORY_PENDING;
    case BOBBIN_HEALTH_WARNING:
      return BOBBIN_HISTORY_WARNING;
    case BOBBIN_HEALTH_CRITICAL:
      return BOBBIN_HISTORY_CRITICAL;
    case BOBBIN_HEALTH_DOWN:
      return BOBBIN_HISTORY_DOWN;
    case BOBBIN_HEALTH_RECOVERING:
      return believed == BOBBIN_HEALTH_DOWN ? BOBBIN_HISTORY_RECOVERING_DOWN
                                            : BOBBIN_HISTORY_RECOVERING;
    case BOBBIN_HEALTH_UNKNOWN:
      return from_reason (reason);
    default:
      g_return_val_if_reached (BOBBIN_HISTORY_UNKNOWN);
    }
}

/**
 * bobbin_history_state_to_string:
 * @state: a state
 *
 * Returns: (transfer none): its name as programs know it: lower case, never translated
 */
const char *
bobbin_history_state_to_string (BobbinHistoryState state)
{
  static const char *const names[BOBBIN_HISTORY_N_STATES] = {
    [BOBBIN_HISTORY_UNKNOWN] = "unknown",
    [BOBBIN_HISTORY_UP] = "up",
    [BOBBIN_HISTORY_PENDING] = "pending",
    [BOBBIN_HISTORY_PENDING_DOWN] = "pending-down",
    [BOBBIN_HISTORY_WARNING] = "warning",
    [BOBBIN_HISTORY_CRITICAL] = "critical",
    [BOBBIN_HISTORY_DOWN] = "down",
    [BOBBIN_HISTORY_RECOVERING] = "recovering",
    [BOBBIN_HISTORY_RECOVERING_DOWN] = "recovering-down",
    [BOBBIN_HISTORY_OFFLINE] = "offline",
    [BOBBIN_HISTORY_ASLEEP] = "asleep",
    [BOBBIN_HISTORY_PAUSED] = "paused",
    [BOBBIN_HISTORY_MAINTENANCE] = "maintenance",
  };

  g_return_val_if_fail (state < BOBBIN_HISTORY_N_STATES, NULL);

  return names[state];
}

/**
 * bobbin_history_state_get_word:
 * @state: a state
 *
 * Returns: (transfer none): what a person calls it; what only tells more of the past is called as
 *   what it is a part of
 */
const char *
bobbin_history_state_get_word (BobbinHistoryState state)
{
  static const char *const words[BOBBIN_HISTORY_N_STATES] = {
    [BOBBIN_HISTORY_UNKNOWN] = NC_ ("state of a monitor", "Unknown"),
    [BOBBIN_HISTORY_UP] = NC_ ("state of a monitor", "Up"),
    [BOBBIN_HISTORY_PENDING] = NC_ ("state of a monitor", "Pending"),
    [BOBBIN_HISTORY_PENDING_DOWN] = NC_ ("state of a monitor", "Down"),
    [BOBBIN_HISTORY_WARNING] = NC_ ("state of a monitor", "Warning"),
    [BOBBIN_HISTORY_CRITICAL] = NC_ ("state of a monitor", "Critical"),
    [BOBBIN_HISTORY_DOWN] = NC_ ("state of a monitor", "Down"),
    [BOBBIN_HISTORY_RECOVERING] = NC_ ("state of a monitor", "Recovering"),
    [BOBBIN_HISTORY_RECOVERING_DOWN] = NC_ ("state of a monitor", "Recovering"),
    [BOBBIN_HISTORY_OFFLINE] = NC_ ("state of a monitor", "Offline"),
    [BOBBIN_HISTORY_ASLEEP] = NC_ ("state of a monitor", "Asleep"),
    [BOBBIN_HISTORY_PAUSED] = NC_ ("state of a monitor", "Paused"),
    [BOBBIN_HISTORY_MAINTENANCE] = NC_ ("state of a monitor", "Maintenance"),
  };

  g_return_val_if_fail (state < BOBBIN_HISTORY_N_STATES, NULL);

  return g_dpgettext2 (GETTEXT_PACKAGE, "state of a monitor", words[state]);
}
