/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Preloaded into gtk4-builder-tool by test-ui.sh, it teaches the tool the classes that our .ui
 * files name and that GTK does not have: libadwaita's and our own. One that is missing here shows,
 * as its file is not valid then.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include <adwaita.h>

#include "bobbin-add-download.h"
#include "bobbin-candidate-group.h"
#include "bobbin-candidate-row.h"
#include "bobbin-details-pane.h"
#include "bobbin-download-details.h"
#include "bobbin-download-options.h"
#include "bobbin-download-row.h"
#include "bobbin-downloads-page.h"
#include "bobbin-figure-row.h"
#include "bobbin-file-row.h"
#include "bobbin-finished-page.h"
#include "bobbin-finished-row.h"
#include "bobbin-folder-row.h"
#include "bobbin-heartbeat-bar.h"
#include "bobbin-history-chart.h"
#include "bobbin-job-list.h"
#include "bobbin-job-row.h"
#include "bobbin-log-line.h"
#include "bobbin-log-view.h"
#include "bobbin-log-window.h"
#include "bobbin-login.h"
#include "bobbin-monitor-details.h"
#include "bobbin-monitor-editor.h"
#include "bobbin-monitor-row.h"
#include "bobbin-monitors-page.h"
#include "bobbin-option-rows.h"
#include "bobbin-phase-chart.h"
#include "bobbin-preferences.h"
#include "bobbin-segment-view.h"
#include "bobbin-sparkline.h"
#include "bobbin-speed-chart.h"
#include "bobbin-status-bar.h"
#include "bobbin-status-line.h"
#include "bobbin-uptime-box.h"
#include "bobbin-uptime-label.h"
#include "bobbin-verification.h"
#include "bobbin-window.h"
#include "bobbin-wrap-box.h"

__attribute__ ((constructor)) static void
register_types (void)
{
  g_type_ensure (ADW_TYPE_ACTION_ROW);
  g_type_ensure (ADW_TYPE_APPLICATION_WINDOW);
  g_type_ensure (ADW_TYPE_BIN);
  g_type_ensure (ADW_TYPE_BUTTON_CONTENT);
  g_type_ensure (ADW_TYPE_CLAMP);
  g_type_ensure (ADW_TYPE_CLAMP_SCROLLABLE);
  g_type_ensure (ADW_TYPE_COMBO_ROW);
  g_type_ensure (ADW_TYPE_ENTRY_ROW);
  g_type_ensure (ADW_TYPE_EXPANDER_ROW);
  g_type_ensure (ADW_TYPE_HEADER_BAR);
  g_type_ensure (ADW_TYPE_LEAFLET);
  g_type_ensure (ADW_TYPE_LEAFLET_PAGE);
  g_type_ensure (ADW_TYPE_PASSWORD_ENTRY_ROW);
  g_type_ensure (ADW_TYPE_PREFERENCES_GROUP);
  g_type_ensure (ADW_TYPE_PREFERENCES_PAGE);
  g_type_ensure (ADW_TYPE_PREFERENCES_WINDOW);
  g_type_ensure (ADW_TYPE_SPLIT_BUTTON);
  g_type_ensure (ADW_TYPE_STATUS_PAGE);
  g_type_ensure (ADW_TYPE_TOAST_OVERLAY);
  g_type_ensure (ADW_TYPE_VIEW_STACK);
  g_type_ensure (ADW_TYPE_VIEW_STACK_PAGE);
  g_type_ensure (ADW_TYPE_VIEW_SWITCHER_BAR);
  g_type_ensure (ADW_TYPE_VIEW_SWITCHER_TITLE);
  g_type_ensure (ADW_TYPE_WINDOW);
  g_type_ensure (ADW_TYPE_WINDOW_TITLE);

  g_type_ensure (BOBBIN_TYPE_ADD_DOWNLOAD);
  g_type_ensure (BOBBIN_TYPE_CANDIDATE_GROUP);
  g_type_ensure (BOBBIN_TYPE_CANDIDATE_ROW);
  g_type_ensure (BOBBIN_TYPE_DETAILS_PANE);
  g_type_ensure (BOBBIN_TYPE_MONITOR_DETAILS);
  g_type_ensure (BOBBIN_TYPE_MONITOR_EDITOR);
  g_type_ensure (BOBBIN_TYPE_OPTION_ROWS);
  g_type_ensure (BOBBIN_TYPE_DOWNLOAD_DETAILS);
  g_type_ensure (BOBBIN_TYPE_DOWNLOAD_OPTIONS);
  g_type_ensure (BOBBIN_TYPE_DOWNLOAD_ROW);
  g_type_ensure (BOBBIN_TYPE_DOWNLOADS_PAGE);
  g_type_ensure (BOBBIN_TYPE_FIGURE_ROW);
  g_type_ensure (BOBBIN_TYPE_FILE_ROW);
  g_type_ensure (BOBBIN_TYPE_FINISHED_PAGE);
  g_type_ensure (BOBBIN_TYPE_FINISHED_ROW);
  g_type_ensure (BOBBIN_TYPE_FOLDER_ROW);
  g_type_ensure (BOBBIN_TYPE_HEARTBEAT_BAR);
  g_type_ensure (BOBBIN_TYPE_HISTORY_CHART);
  g_type_ensure (BOBBIN_TYPE_JOB_LIST);
  g_type_ensure (BOBBIN_TYPE_JOB_ROW);
  g_type_ensure (BOBBIN_TYPE_LOGIN);
  g_type_ensure (BOBBIN_TYPE_LOG_LINE);
  g_type_ensure (BOBBIN_TYPE_LOG_VIEW);
  g_type_ensure (BOBBIN_TYPE_LOG_WINDOW);
  g_type_ensure (BOBBIN_TYPE_MONITOR_ROW);
  g_type_ensure (BOBBIN_TYPE_MONITORS_PAGE);
  g_type_ensure (BOBBIN_TYPE_PHASE_CHART);
  g_type_ensure (BOBBIN_TYPE_PREFERENCES);
  g_type_ensure (BOBBIN_TYPE_SEGMENT_VIEW);
  g_type_ensure (BOBBIN_TYPE_SPARKLINE);
  g_type_ensure (BOBBIN_TYPE_SPEED_CHART);
  g_type_ensure (BOBBIN_TYPE_STATUS_BAR);
  g_type_ensure (BOBBIN_TYPE_STATUS_LINE);
  g_type_ensure (BOBBIN_TYPE_UPTIME_BOX);
  g_type_ensure (BOBBIN_TYPE_UPTIME_LABEL);
  g_type_ensure (BOBBIN_TYPE_VERIFICATION);
  g_type_ensure (BOBBIN_TYPE_WINDOW);
  g_type_ensure (BOBBIN_TYPE_WRAP_BOX);
}
