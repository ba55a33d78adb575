/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which monitors the page shows: filtered by how they do and by their tags, and searched.
 */
#include "config.h"

#include "bobbin-job-list.h"
#include "bobbin-monitor.h"
#include "bobbin-monitors-page.h"
#include "ui-fixture.h"

static BobbinMonitor *
add_monitor (UiFixture *ui, const char *target, const char *tag)
{
  const char *const tags[] = { tag, NULL };
  g_autoptr (GError) error = NULL;
  const guint n = ui_get_n_jobs (ui);
  BobbinJob *job;

  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.show-page", "s", "monitors");
  bobbin_application_add_monitor (ui->app, target, 0.1, 100, &error);
  g_assert_no_error (error);
  job = ui_get_job (ui, n);
  ui_watch (ui, job);
  bobbin_monitor_set_tags (BOBBIN_MONITOR (job), tags);

  return BOBBIN_MONITOR (job);
}

static GtkWidget *
find_page (UiFixture *ui)
{
  return ui_find_type (GTK_WIDGET (ui->window), BOBBIN_TYPE_MONITORS_PAGE);
}

static void
show (UiFixture *ui, const char *what)
{
  gtk_widget_activate_action (find_page (ui), "monitors.show", "s", what);
}

static gboolean
shows (UiFixture *ui, const char *what)
{
  g_autofree char *shown = NULL;

  g_object_get (find_page (ui), "show", &shown, NULL);

  return g_str_equal (shown, what);
}

/* Nothing but this one. */
static gboolean
shows_only (UiFixture *ui, BobbinMonitor *monitor)
{
  GtkWidget *list = ui_find_type (find_page (ui), BOBBIN_TYPE_JOB_LIST);
  GListModel *model = bobbin_job_list_get_model (BOBBIN_JOB_LIST (list));
  g_autoptr (BobbinJob) first = g_list_model_get_item (model, 0);

  return g_list_model_get_n_items (model) == 1 && first == BOBBIN_JOB (monitor);
}

static BobbinJob *
get_selected (UiFixture *ui)
{
  GtkWidget *list = ui_find_type (find_page (ui), BOBBIN_TYPE_JOB_LIST);
  g_autoptr (GPtrArray) jobs = bobbin_job_list_dup_selected (BOBBIN_JOB_LIST (list));

  return jobs->len == 1 ? g_ptr_array_index (jobs, 0) : NULL; /* the queue holds it */
}

static void
test_states (UiFixture *ui)
{
  BobbinMonitor *well = add_monitor (ui, "memory", NULL);
  BobbinMonitor *unwell = add_monitor (ui, "tcp://127.0.0.1:1", NULL);

  show (ui, "problems");
  ui_wait (shows_only (ui, unwell));
  show (ui, "idle");
  ui_wait (!shows_only (ui, unwell));
  bobbin_monitor_pause (well, 0);
  ui_wait (shows_only (ui, well));
  bobbin_monitor_resume (well);
  bobbin_job_stop_async (BOBBIN_JOB (unwell), NULL, NULL);
  ui_wait (shows_only (ui, unwell));
  show (ui, "nothing of the kind");
  g_assert_true (shows (ui, "all"));
}

/* Nobody has a tag any more: all are shown again. */
static void
test_tags (UiFixture *ui)
{
  BobbinMonitor *home = add_monitor (ui, "memory", "home_lan");
  BobbinMonitor *office = add_monitor (ui, "cpu", "office");

  show (ui, "tag:home_lan");
  ui_wait (shows_only (ui, home));
  show (ui, "tag:office");
  ui_wait (shows_only (ui, office));
  bobbin_monitor_set_tags (office, NULL);
  ui_wait (shows (ui, "all"));

  show (ui, "tag:nobody");
  bobbin_monitor_set_tags (office, (const char *const[]){ "home_lan", NULL });
  ui_wait (shows (ui, "all"));
}

static void
search_for (UiFixture *ui, const char *text)
{
  GtkWidget *entry = ui_find_type (find_page (ui), GTK_TYPE_SEARCH_ENTRY);

  gtk_editable_set_text (GTK_EDITABLE (entry), text);
}

static void
test_search (UiFixture *ui)
{
  BobbinMonitor *memory = add_monitor (ui, "memory", "Home");
  BobbinMonitor *disk = add_monitor (ui, "disk:/", "Office");
  gboolean searching;

  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.search", NULL);
  g_object_get (find_page (ui), "searching", &searching, NULL);
  g_assert_true (searching);
  search_for (ui, "MEMO");
  ui_wait (shows_only (ui, memory));
  search_for (ui, "disk: office");
  ui_wait (shows_only (ui, disk));
  search_for (ui, "memory office");
  ui_wait (!shows_only (ui, disk) && !shows_only (ui, memory));
  g_object_set (find_page (ui), "searching", FALSE, NULL);
  search_for (ui, "home");
  ui_wait (shows_only (ui, memory));
}

/* What is edited is found, or is not any more. */
static void
test_search_edited (UiFixture *ui)
{
  BobbinMonitor *memory = add_monitor (ui, "memory", "Home");
  BobbinMonitor *disk = add_monitor (ui, "disk:/", "Office");

  search_for (ui, "home");
  ui_wait (shows_only (ui, memory));
  bobbin_monitor_set_tags (memory, NULL);
  ui_wait (!shows_only (ui, memory));
  bobbin_monitor_set_tags (disk, (const char *const[]){ "home", NULL });
  ui_wait (shows_only (ui, disk));
}

/* Whoever is shown one of them sees it, whatever was chosen and searched for before. */
static void
test_show_hidden (UiFixture *ui)
{
  BobbinMonitor *memory = add_monitor (ui, "memory", "Home");
  BobbinMonitor *disk = add_monitor (ui, "disk:/", "Office");

  show (ui, "tag:Office");
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.search", NULL);
  search_for (ui, "disk");
  ui_wait (shows_only (ui, disk));
  bobbin_window_show_job (ui->window, BOBBIN_JOB (memory));
  g_assert_true (shows (ui, "all"));
  ui_wait (get_selected (ui) == BOBBIN_JOB (memory));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/monitor-list/states", test_states);
  ui_test_add ("/ui/monitor-list/tags", test_tags);
  ui_test_add ("/ui/monitor-list/search", test_search);
  ui_test_add ("/ui/monitor-list/search-edited", test_search_edited);
  ui_test_add ("/ui/monitor-list/show-hidden", test_show_hidden);

  return g_test_run ();
}
