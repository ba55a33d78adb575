/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-health-private.h"
#include "bobbin-monitor.h"
#include "bobbin-probe-private.h"

G_BEGIN_DECLS

/* What the words of a monitor are made of. */
typedef struct
{
  const BobbinProbeClass *probe_class;
  BobbinHealthLimits limits;
  BobbinHealth health;
  double interval;     /* s */
  double value;        /* NAN for none */
  const GError *error; /* (nullable) of the latest sample */
  double overdue;      /* s that an answer has been waited for, 0 while there is time */
} BobbinMonitorFigures;

char      *bobbin_monitor_words_value   (const BobbinProbeClass *probe_class,
                                         double                  value);
char      *bobbin_monitor_words_status  (const BobbinMonitorFigures *figures);
char      *bobbin_monitor_words_event   (const BobbinMonitorFigures *figures);

BobbinJob *bobbin_monitor_new_for_probe (const char  *target,
                                         BobbinProbe *probe,
                                         int          tick_fd);

G_END_DECLS
