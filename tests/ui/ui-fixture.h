/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-application.h"
#include "bobbin-job-row.h"
#include "bobbin-test-server.h"
#include "bobbin-window.h"

G_BEGIN_DECLS

/*
 * The app, a server to download from, and a folder to download to. A scenario runs inside the app's
 * main loop, as a user would act; whatever it leaves to do, the app is quit after it, and
 * everything must have gone.
 */
typedef struct
{
  BobbinApplication *app;   /* (weak) */
  BobbinWindow *window;     /* (weak) (nullable) once the app has quit */
  BobbinTestServer *server; /* (owned) */
  char *folder;             /* (owned) */
  GPtrArray *watched;
} UiFixture;

typedef void (*UiScenario) (UiFixture *ui);

void ui_test_add (const char *path, UiScenario scenario);
void ui_run (UiScenario scenario, const char *const *arguments);
/* The next app finds the jobs of this one; usually it does not. */
void ui_keep_list (gboolean keep);

void ui_iterate (gint64 deadline, const char *what);
gint64 ui_deadline (void);

/* Runs the main loop until @condition is true; fails the test when it does not become so. */
#define ui_wait(condition)                          \
  G_STMT_START                                      \
  {                                                 \
    const gint64 ui_wait_deadline = ui_deadline (); \
    while (!(condition))                            \
      ui_iterate (ui_wait_deadline, #condition);    \
  }                                                 \
  G_STMT_END

void ui_watch (UiFixture *ui, gpointer object);

const char *ui_secrets_open (void);
void ui_secrets_close (void);

BobbinJob *ui_add (UiFixture *ui, const char *path);
BobbinJob *ui_add_whole (UiFixture *ui, const char *path, guint64 length);
BobbinJob *ui_add_failing (UiFixture *ui, const char *path);
BobbinJob *ui_get_job (UiFixture *ui, guint position);
guint ui_get_n_jobs (UiFixture *ui);
void ui_act (BobbinJob *job, UiFixture *ui, const char *action);

BobbinJobRow *ui_find_row (UiFixture *ui, BobbinJob *job);
GtkWidget *ui_find_type (GtkWidget *root, GType type);
GtkWidget *ui_find_button (GtkWidget *root, const char *name);
GtkWidget *ui_find_titled (GtkWidget *root, const char *title);
gboolean ui_has_label (GtkWidget *root, const char *text);
const char *ui_get_alert (GtkWidget *root);
gboolean ui_is_wrong (GtkWidget *row);
gboolean ui_is_enabled (UiFixture *ui, const char *action);
gboolean ui_can (GtkWidget *widget, const char *action);
gboolean ui_has_state (BobbinJob *job, BobbinJobState state);
GtkWindow *ui_find_dialog (UiFixture *ui);
char *ui_get_path (UiFixture *ui, const char *name);
guint ui_count_files (UiFixture *ui);

G_END_DECLS
