/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_SHOWN_JOBS (bobbin_shown_jobs_get_type ())
G_DECLARE_FINAL_TYPE (BobbinShownJobs, bobbin_shown_jobs, BOBBIN, SHOWN_JOBS, GObject)

BobbinShownJobs *bobbin_shown_jobs_new (GListModel *all);
void bobbin_shown_jobs_set_filter (BobbinShownJobs *self, GtkFilter *filter);
void bobbin_shown_jobs_set_sorter (BobbinShownJobs *self, GtkSorter *sorter);
gboolean bobbin_shown_jobs_has_order_of_all (BobbinShownJobs *self);

G_END_DECLS
