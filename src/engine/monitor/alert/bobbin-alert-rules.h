/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-alert-window.h"
#include "bobbin-verdict.h"

G_BEGIN_DECLS

/**
 * BobbinAlertRules:
 * @repeat: µs from one reminder of what goes on to the next, or 0 for none
 * @windows: (array length=n_windows) (nullable): when nobody is told of anything
 * @n_windows: how many
 * @step: a value below which what goes on is worse than was said, even within one level, or 0 for
 *   none: days that a certificate is still good for
 * @zone: (nullable): where the clock hangs that @windows go by
 *
 * When somebody is told.
 */
typedef struct
{
  gint64                   repeat;
  const BobbinAlertWindow *windows;
  gsize                    n_windows;
  double                   step;
  GTimeZone               *zone;
} BobbinAlertRules;

/**
 * BobbinAlertState:
 * @is_open: whether there is something that somebody was told of, and not yet that it ended
 * @level: warning, critical or down: how bad it is
 * @worst: how bad it has been said to be
 * @since: when it began, µs since 1970: with the first bad sample
 * @told: when that was said last
 * @pending: the first bad sample of those that are not enough yet, or 0
 * @acknowledged: somebody knows, and wants no reminder
 * @stepped: that it is below the step was said, or was so from the beginning
 * @withdrawn: what was said has been taken back since: it is said again if it turns out to go on
 *
 * What has been said so far. All zero in the beginning.
 */
typedef struct
{
  gboolean     is_open;
  BobbinHealth level;
  BobbinHealth worst;
  gint64       since;
  gint64       told;
  gint64       pending;
  gboolean     acknowledged;
  gboolean     stepped;
  gboolean     withdrawn;
} BobbinAlertState;

/**
 * BobbinAlertEvent:
 * @BOBBIN_ALERT_NOTHING: nothing to be said
 * @BOBBIN_ALERT_STARTED: something is wrong
 * @BOBBIN_ALERT_WORSENED: it is worse than it was said to be
 * @BOBBIN_ALERT_REPEATED: it goes on
 * @BOBBIN_ALERT_ENDED: all is well again
 *
 * What is to be said.
 */
typedef enum
{
  BOBBIN_ALERT_NOTHING,
  BOBBIN_ALERT_STARTED,
  BOBBIN_ALERT_WORSENED,
  BOBBIN_ALERT_REPEATED,
  BOBBIN_ALERT_ENDED,
} BobbinAlertEvent;

const char      *bobbin_alert_event_to_string     (BobbinAlertEvent event);
gboolean         bobbin_alert_rules_in_window     (const BobbinAlertRules *self,
                                                   gint64                  time);
gint64           bobbin_alert_rules_next_window   (const BobbinAlertRules *self,
                                                   gint64                  time);
BobbinAlertEvent bobbin_alert_state_feed          (BobbinAlertState       *self,
                                                   const BobbinAlertRules *rules,
                                                   const BobbinVerdict    *verdict);
gboolean         bobbin_alert_state_acknowledge   (BobbinAlertState *self);

G_END_DECLS
