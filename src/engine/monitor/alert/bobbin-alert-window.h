/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BobbinAlertWindow:
 * @days: for a weekly one, its days: bit 0 for Monday, bit 6 for Sunday; 0 for one that comes once
 * @from: minutes from midnight to its beginning, by the clock on the wall
 * @to: minutes from midnight to its end: of the next day if that is not after @from
 * @begin: of one that comes once, µs since 1970
 * @end: of one that comes once, µs since 1970
 *
 * A time in which something is done to what is monitored, and nobody is told of what that does.
 */
typedef struct
{
  guint  days;
  guint  from;
  guint  to;
  gint64 begin;
  gint64 end;
} BobbinAlertWindow;

gboolean bobbin_alert_window_parse    (const char        *text,
                                       GTimeZone         *zone,
                                       BobbinAlertWindow *window,
                                       GError           **error);
gboolean bobbin_alert_window_contains (const BobbinAlertWindow *self,
                                       GTimeZone               *zone,
                                       gint64                   time);
gint64   bobbin_alert_window_next     (const BobbinAlertWindow *self,
                                       GTimeZone               *zone,
                                       gint64                   time);

G_END_DECLS
