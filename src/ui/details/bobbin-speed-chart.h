/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-job.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_SPEED_CHART (bobbin_speed_chart_get_type ())
G_DECLARE_FINAL_TYPE (BobbinSpeedChart, bobbin_speed_chart, BOBBIN, SPEED_CHART, GtkWidget)

void bobbin_speed_chart_set_job (BobbinSpeedChart *self, BobbinJob *job);
guint bobbin_speed_chart_get_n_samples (BobbinSpeedChart *self);
gboolean bobbin_speed_chart_is_sampling (BobbinSpeedChart *self);

G_END_DECLS
