/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows and the lists they stand in: their menu, keys, and what a screen reader is told.
 */
#include "config.h"

#include "bobbin-details-pane.h"
#include "bobbin-download.h"
#include "bobbin-job-list.h"
#include "ui-fixture.h"

#define LENGTH 1000

static GtkMenuButton *
find_menu_button (UiFixture *ui, BobbinJob *job)
{
  return GTK_MENU_BUTTON (ui_find_type (GTK_WIDGET (ui_find_row (ui, job)), GTK_TYPE_MENU_BUTTON));
}

/* Opens the menu of @job's row. */
static GtkWidget *
open_menu (UiFixture *ui, BobbinJob *job)
{
  GtkMenuButton *button = find_menu_button (ui, job);
  GtkWidget *popover;

  gtk_menu_button_popup (button);
  popover = GTK_WIDGET (gtk_menu_button_get_popover (button));
  ui_wait (gtk_widget_get_mapped (popover));

  return popover;
}

static GtkWidget *
find_item (GtkWidget *widget, const char *text)
{
  g_autofree char *label = NULL;

  if (g_strcmp0 (G_OBJECT_TYPE_NAME (widget), "GtkModelButton") == 0)
    {
      g_object_get (widget, "text", &label, NULL);
      if (g_strcmp0 (label, text) == 0)
        return widget;
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_item (child, text);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/* Whether the menu of @job's row offers @text; closes it again. */
static gboolean
offers (UiFixture *ui, BobbinJob *job, const char *text)
{
  GtkWidget *popover = open_menu (ui, job);
  GtkWidget *item = find_item (popover, text);
  gboolean offered = item != NULL && gtk_widget_is_sensitive (item);

  gtk_popover_popdown (GTK_POPOVER (popover));
  ui_wait (!gtk_widget_get_mapped (popover));

  return offered;
}

/* A menu is made for those who open it. */
static void
test_menu (UiFixture *ui)
{
  BobbinJob *job = ui_add_whole (ui, "/a.bin", LENGTH);
  GtkMenuButton *button = find_menu_button (ui, job);

  g_assert_null (gtk_menu_button_get_popover (button));
  g_assert_true (offers (ui, job, "Open"));
  g_assert_true (offers (ui, job, "Show in Folder"));
  g_assert_true (offers (ui, job, "Copy Address"));
  g_assert_true (offers (ui, job, "Remove"));
}

/* Moves are offered to those who can make them. */
static void
test_moves (UiFixture *ui)
{
  BobbinJob *a = ui_add_whole (ui, "/a.bin", LENGTH);
  BobbinJob *b;
  BobbinJob *c;

  g_assert_false (offers (ui, a, "Move Up"));
  g_assert_false (offers (ui, a, "Move Down"));

  b = ui_add_whole (ui, "/b.bin", LENGTH);
  c = ui_add_whole (ui, "/c.bin", LENGTH);
  g_assert_false (offers (ui, a, "Move Up"));
  g_assert_false (offers (ui, a, "Move to Top"));
  g_assert_true (offers (ui, a, "Move Down"));
  g_assert_true (offers (ui, b, "Move Up"));
  g_assert_true (offers (ui, b, "Move Down"));
  g_assert_true (offers (ui, c, "Move to Top"));
  g_assert_false (offers (ui, c, "Move Down"));

  ui_act (c, ui, "job.move-to-top");
  g_assert_true (ui_get_job (ui, 0) == c);
  g_assert_false (offers (ui, c, "Move Up"));
  g_assert_true (offers (ui, a, "Move Up"));
}

/* What is activated is what was asked for, wherever the focus is. */
static void
test_activate (UiFixture *ui)
{
  BobbinJob *jobs[2];
  GtkWidget *list;
  GtkWidget *pane;

  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      g_autofree char *path = g_strdup_printf ("/%u.bin", i);

      bobbin_test_server_set (ui->server, path,
                              &(BobbinTestFile){ .length = LENGTH,
                                                 .fault = BOBBIN_TEST_FAULT_STALL,
                                                 .fault_at = LENGTH / 2 });
      jobs[i] = ui_add (ui, path);
    }
  bobbin_test_server_wait_stalled (ui->server, 2);

  list = ui_find_type (GTK_WIDGET (ui->window), GTK_TYPE_LIST_BASE);
  gtk_widget_child_focus (GTK_WIDGET (ui_find_row (ui, jobs[0])), GTK_DIR_TAB_FORWARD);
  gtk_widget_activate_action (list, "list.activate-item", "u", 1);
  pane = ui_find_type (GTK_WIDGET (ui->window), BOBBIN_TYPE_DETAILS_PANE);
  ui_wait (gtk_widget_get_mapped (pane));
  g_assert_true (bobbin_details_pane_get_job (BOBBIN_DETAILS_PANE (pane)) == jobs[1]);
}

static gboolean
is_told (GtkWidget *widget, GtkAccessibleProperty property, const char *text)
{
  g_autofree char *difference = NULL;

  if (!gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), property))
    return FALSE;

  difference = gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget), property, text);

  return difference == NULL;
}

/* What takes the focus, around the slot that the row is in. */
static GtkWidget *
find_item_around (BobbinJobRow *row)
{
  return gtk_widget_get_parent (gtk_widget_get_parent (GTK_WIDGET (row)));
}

/* A screen reader is told which list it is in, which job it is at, and how that fares. */
static void
test_told (UiFixture *ui)
{
  BobbinJob *job = ui_add_whole (ui, "/a.bin", LENGTH);
  BobbinJobRow *row = ui_find_row (ui, job);
  GtkWidget *list = gtk_widget_get_ancestor (GTK_WIDGET (row), GTK_TYPE_LIST_BASE);
  GtkWidget *item = find_item_around (row);

  g_assert_true (is_told (list, GTK_ACCESSIBLE_PROPERTY_LABEL, "Downloads"));
  g_assert_true (is_told (item, GTK_ACCESSIBLE_PROPERTY_LABEL, "a.bin"));
  g_assert_true (
    is_told (item, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, bobbin_job_get_status_line (job)));

  bobbin_test_server_set (ui->server, "/b.bin", &(BobbinTestFile){ .status = 404 });
  job = ui_add (ui, "/b.bin");
  ui_wait (ui_has_state (job, BOBBIN_JOB_FAILED));
  item = find_item_around (ui_find_row (ui, job));
  g_assert_true (is_told (item, GTK_ACCESSIBLE_PROPERTY_LABEL, "b.bin"));
  g_assert_true (
    is_told (item, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, bobbin_job_get_status_line (job)));
}

/* A narrow row leaves its room to the name. */
static void
test_narrow (UiFixture *ui)
{
  BobbinJob *job = ui_add_whole (ui, "/a.bin", LENGTH);
  BobbinJobRow *row = ui_find_row (ui, job);
  GtkWidget *list = gtk_widget_get_ancestor (GTK_WIDGET (row), BOBBIN_TYPE_JOB_LIST);
  GtkWidget *remove = ui_find_button (GTK_WIDGET (row), "Remove");

  g_assert_true (gtk_widget_get_visible (remove));
  g_object_set (list, "narrow", TRUE, NULL);
  g_assert_false (gtk_widget_get_visible (remove));
  g_assert_true (offers (ui, job, "Remove"));
  g_object_set (list, "narrow", FALSE, NULL);
  g_assert_true (gtk_widget_get_visible (remove));
}

/* So many px are needed by @row, as wide as it is. */
static int
measure_height (GtkWidget *row, int width)
{
  int height;

  gtk_widget_measure (row, GTK_ORIENTATION_VERTICAL, width, &height, NULL, NULL, NULL);

  return height;
}

/* What is too long for one line of a narrow window has room for another. */
static void
test_wrapped (UiFixture *ui)
{
  GtkWidget *row;
  GtkWidget *slot;
  BobbinJob *job;

  gtk_window_set_default_size (GTK_WINDOW (ui->window), 360, 600);
  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .status = 404 });
  job = ui_add (ui, "/a.bin");
  ui_wait (ui_has_state (job, BOBBIN_JOB_FAILED));
  row = GTK_WIDGET (ui_find_row (ui, job));
  slot = gtk_widget_get_parent (row);
  ui_wait (gtk_widget_get_width (row) > 0 && gtk_widget_get_width (row) < 360);

  g_assert_cmpint (measure_height (row, gtk_widget_get_width (row)), >, measure_height (row, -1));
  ui_wait (gtk_widget_get_height (slot) >= measure_height (row, gtk_widget_get_width (row)));
}

/* A menu that is open when its row comes to show another job does not act on that one; that the row
 * is given the same one again does not matter to it. */
static void
test_another_job (UiFixture *ui)
{
  BobbinJob *a = ui_add_whole (ui, "/a.bin", LENGTH);
  BobbinJob *b = ui_add_whole (ui, "/b.bin", LENGTH);
  BobbinJobRow *row = ui_find_row (ui, a);
  GtkWidget *popover = open_menu (ui, a);

  bobbin_job_row_set_job (row, NULL);
  bobbin_job_row_set_job (row, a);
  g_assert_true (gtk_widget_get_mapped (popover));
  bobbin_job_row_set_job (row, b);
  ui_wait (!gtk_widget_get_mapped (popover));
  bobbin_job_row_set_job (row, a);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/rows/menu", test_menu);
  ui_test_add ("/ui/rows/moves", test_moves);
  ui_test_add ("/ui/rows/activate", test_activate);
  ui_test_add ("/ui/rows/told", test_told);
  ui_test_add ("/ui/rows/narrow", test_narrow);
  ui_test_add ("/ui/rows/wrapped", test_wrapped);
  ui_test_add ("/ui/rows/another-job", test_another_job);

  return g_test_run ();
}
