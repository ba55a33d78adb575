/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The states of a monitor as a person sees them: a word, an icon and a colour, for no colour says
 * it alone. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-state-words.h"

#include <glib/gi18n-lib.h>

/* %BOBBIN_HISTORY_N_STATES is that of a monitor that does not run. */
typedef struct
{
  const char *icon_name;
  const char *style_class;
} StateLook;

static const StateLook looks[] = {
  [BOBBIN_HISTORY_UNKNOWN] = { "dialog-question-symbolic", "dim-label" },
  [BOBBIN_HISTORY_UP] = { "object-select-symbolic", "success" },
  [BOBBIN_HISTORY_PENDING] = { "content-loading-symbolic", "warning" },
  [BOBBIN_HISTORY_PENDING_DOWN] = { "dialog-error-symbolic", "error" },
  [BOBBIN_HISTORY_WARNING] = { "dialog-warning-symbolic", "warning" },
  [BOBBIN_HISTORY_CRITICAL] = { "dialog-error-symbolic", "error" },
  [BOBBIN_HISTORY_DOWN] = { "dialog-error-symbolic", "error" },
  [BOBBIN_HISTORY_RECOVERING] = { "view-refresh-symbolic", "warning" },
  [BOBBIN_HISTORY_RECOVERING_DOWN] = { "view-refresh-symbolic", "warning" },
  [BOBBIN_HISTORY_OFFLINE] = { "network-offline-symbolic", "dim-label" },
  [BOBBIN_HISTORY_ASLEEP] = { "weather-clear-night-symbolic", "dim-label" },
  [BOBBIN_HISTORY_PAUSED] = { "media-playback-pause-symbolic", "dim-label" },
  [BOBBIN_HISTORY_MAINTENANCE] = { "preferences-system-symbolic", "dim-label" },
  [BOBBIN_HISTORY_N_STATES] = { "media-playback-stop-symbolic", "dim-label" },
};

/**
 * bobbin_state_get_word:
 * @state: a state; %BOBBIN_HISTORY_N_STATES for none
 *
 * Returns: (transfer none): what a person calls it
 */
const char *
bobbin_state_get_word (BobbinHistoryState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (looks), NULL);

  return state == BOBBIN_HISTORY_N_STATES ? C_ ("state of a monitor", "Stopped")
                                          : bobbin_history_state_get_word (state);
}

/**
 * bobbin_state_get_icon_name:
 * @state: a state; %BOBBIN_HISTORY_N_STATES for none
 *
 * Returns: (transfer none): an icon that shows it
 */
const char *
bobbin_state_get_icon_name (BobbinHistoryState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (looks), NULL);

  return looks[state].icon_name;
}

/**
 * bobbin_state_get_class:
 * @state: a state; %BOBBIN_HISTORY_N_STATES for none
 *
 * Returns: (transfer none): the style class with its colour
 */
const char *
bobbin_state_get_class (BobbinHistoryState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (looks), NULL);

  return looks[state].style_class;
}

/**
 * bobbin_state_of_monitor:
 * @monitor: a monitor
 *
 * Returns: what it has found now; %BOBBIN_HISTORY_N_STATES while it does not run
 */
BobbinHistoryState
bobbin_state_of_monitor (BobbinMonitor *monitor)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (monitor), BOBBIN_HISTORY_N_STATES);

  if (!bobbin_job_is_active (BOBBIN_JOB (monitor)))
    return BOBBIN_HISTORY_N_STATES;

  return bobbin_history_state_new (bobbin_monitor_get_health (monitor),
                                   bobbin_monitor_get_believed (monitor),
                                   bobbin_monitor_get_reason (monitor));
}
