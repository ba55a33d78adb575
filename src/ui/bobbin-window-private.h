/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-details-pane.h"
#include "bobbin-downloads-page.h"
#include "bobbin-finished-page.h"
#include "bobbin-job-tally.h"
#include "bobbin-monitors-page.h"
#include "bobbin-status-bar.h"
#include "bobbin-window.h"

G_BEGIN_DECLS

struct _BobbinWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  BobbinToasts *toaster;
  AdwLeaflet *leaflet;
  AdwHeaderBar *header;
  AdwViewSwitcherTitle *switcher_title;
  AdwViewSwitcherBar *switcher_bar;
  AdwViewStack *pages;
  BobbinDownloadsPage *downloads;
  BobbinMonitorsPage *monitors;
  BobbinFinishedPage *finished;
  BobbinDetailsPane *details;
  AdwSplitButton *add_button;
  GtkMenuButton *menu_button;
  GMenu *page_menu;
  GMenu *after_all_section;
  BobbinStatusBar *status_bar;
  GtkRevealer *drain_bar;
  GtkSpinner *drain_spinner;
  GtkLabel *drain_label;

  BobbinApplication *application;  /* (weak) (nullable) */
  BobbinRemoval *removal;          /* (owned) */
  BobbinJobTally *downloads_tally; /* (owned) (nullable) before and after */
  BobbinJobTally *monitors_tally;  /* (owned) (nullable) before and after */
  guint switcher_source;
  gboolean draining;
  gboolean naming_holders;
};

void bobbin_window_install_actions (GtkWidgetClass *widget_class);
void bobbin_window_update_actions (BobbinWindow *self);
void bobbin_window_disable_actions (BobbinWindow *self);
gboolean bobbin_window_shows_monitors (BobbinWindow *self);
gboolean bobbin_window_shows_history (BobbinWindow *self);
void bobbin_window_prepare_details (BobbinWindow *self);
void bobbin_window_uncover_pages (BobbinWindow *self);
GtkWindow *bobbin_window_find_dialog (BobbinWindow *self, GType type);
void bobbin_window_close_dialogs (BobbinWindow *self);

/* bobbin-window-intake.c */
void bobbin_window_paste_addresses (BobbinWindow *self);
void bobbin_window_import_list (BobbinWindow *self);
void bobbin_window_read_lists (BobbinWindow *self, GPtrArray *files);
gboolean bobbin_window_drop (BobbinWindow *self, const GValue *value);
void bobbin_window_accept_drops (BobbinWindow *self);

G_END_DECLS
