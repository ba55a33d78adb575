/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_PHASE_CHART (bobbin_phase_chart_get_type ())
G_DECLARE_FINAL_TYPE (BobbinPhaseChart, bobbin_phase_chart, BOBBIN, PHASE_CHART, GtkWidget)

gboolean bobbin_phase_chart_set_details (BobbinPhaseChart *self, GVariant *details);
char *bobbin_phase_chart_to_text (GVariant *details);

G_END_DECLS
