/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the keyboard is at first, and when what it was in goes away.
 */
#include "config.h"

#include "bobbin-downloads-page.h"
#include "bobbin-job-list.h"
#include "ui-fixture.h"

static GtkWidget *
find_page (UiFixture *ui)
{
  return ui_find_type (GTK_WIDGET (ui->window), BOBBIN_TYPE_DOWNLOADS_PAGE);
}

static GtkWidget *
find_placeholder_button (UiFixture *ui)
{
  return ui_find_button (find_page (ui), "_Add Download…");
}

static GtkWidget *
find_header_button (UiFixture *ui)
{
  return ui_find_button (GTK_WIDGET (ui->window), "Add Download…");
}

/* The focus is of no use where nobody can see it. */
static gboolean
has_focus (UiFixture *ui, GtkWidget *widget)
{
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (ui->window));

  return focus != NULL && gtk_widget_get_mapped (focus) &&
         (focus == widget || gtk_widget_is_ancestor (focus, widget));
}

/* What is around a row takes the focus with it, or something in the row does. */
static gboolean
row_has_focus (UiFixture *ui, BobbinJob *job)
{
  GtkWidget *slot = gtk_widget_get_parent (GTK_WIDGET (ui_find_row (ui, job)));

  return has_focus (ui, gtk_widget_get_parent (slot));
}

/* On what there is to do. */
static void
test_empty (UiFixture *ui)
{
  g_assert_true (has_focus (ui, find_placeholder_button (ui)));
}

/* To the row of the first download, whichever button it was added with; and back when it goes. */
static void
test_first_download (UiFixture *ui)
{
  GtkWidget *const buttons[] = { find_placeholder_button (ui), find_header_button (ui) };

  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++)
    {
      BobbinJob *job;

      g_assert_true (gtk_widget_grab_focus (buttons[i]));
      g_assert_true (has_focus (ui, buttons[i]));
      job = ui_add_failing (ui, "/a.bin");
      ui_wait (row_has_focus (ui, job));
      ui_act (job, ui, "job.remove");
      ui_wait (has_focus (ui, find_placeholder_button (ui)));
    }
}

/* It stays where it is when another one comes, and with who types. */
static void
test_undisturbed (UiFixture *ui)
{
  GtkWidget *button = find_header_button (ui);
  BobbinJob *job;

  gtk_widget_activate_action (find_page (ui), "page.search", NULL);
  g_assert_true (has_focus (ui, ui_find_type (find_page (ui), GTK_TYPE_SEARCH_ENTRY)));
  job = ui_add_failing (ui, "/a.bin");
  ui_find_row (ui, job);
  g_assert_true (has_focus (ui, ui_find_type (find_page (ui), GTK_TYPE_SEARCH_ENTRY)));

  gtk_widget_grab_focus (button);
  ui_find_row (ui, ui_add_failing (ui, "/b.bin"));
  g_assert_true (has_focus (ui, button));
}

/* It comes along to another page, and nothing of a page stays behind that is left again at once. */
static void
test_pages (UiFixture *ui)
{
  GtkWidget *page = find_page (ui);
  BobbinJob *job = ui_add_failing (ui, "/a.bin");

  ui_watch (ui, page);
  ui_wait (has_focus (ui, GTK_WIDGET (ui_find_row (ui, job))));
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.show-page", "s", "monitors");
  g_assert_false (has_focus (ui, page));
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.show-page", "s", "downloads");
  gtk_widget_grab_focus (GTK_WIDGET (ui_find_row (ui, job)));
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.show-page", "s", "history");
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.show-page", "s", "downloads");
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.show-page", "s", "history");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/focus/empty", test_empty);
  ui_test_add ("/ui/focus/first-download", test_first_download);
  ui_test_add ("/ui/focus/undisturbed", test_undisturbed);
  ui_test_add ("/ui/focus/pages", test_pages);

  return g_test_run ();
}
