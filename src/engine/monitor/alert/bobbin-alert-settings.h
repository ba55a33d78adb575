/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-alert-rules.h"

G_BEGIN_DECLS

/**
 * BobbinAlertSettings:
 * @rules: when somebody is told
 * @command: (nullable): a program and its arguments, to be run without a shell
 * @webhook: (nullable): an address of the web, to be sent JSON
 *
 * What is set for the alerts of a monitor: its property “alerting”, in which `repeat` are seconds
 * (d), `windows` are texts (as; bobbin_alert_window_parse()), `command` is as and `webhook` s.
 */
typedef struct
{
  BobbinAlertRules rules;
  GStrv            command;
  char            *webhook;
} BobbinAlertSettings;

BobbinAlertSettings *bobbin_alert_settings_new  (GVariant *alerting,
                                                 GError  **error);
void                 bobbin_alert_settings_free (BobbinAlertSettings *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinAlertSettings, bobbin_alert_settings_free)

G_END_DECLS
