/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows and the lists they stand in: their menu, keys, and what a screen reader is told.
 */
#include "config.h"

#include "bobbin-download.h"
#include "bobbin-job-list.h"
#include "ui-fixture.h"

#define LENGTH 1000

static BobbinJob *
add_whole (UiFixture *ui, const char *path)
{
  BobbinJob *job;

  bobbin_test_server_set (ui->server, path, &(BobbinTestFile){ .seed = 1, .length = LENGTH });
  job = ui_add (ui, path);
  ui_wait (ui_has_state (job, BOBBIN_JOB_DONE));

  return job;
}

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
  BobbinJob *job = add_whole (ui, "/a.bin");
  GtkMenuButton *button = find_menu_button (ui, job);

  g_assert_null (gtk_menu_button_get_popover (button));
  g_assert_true (offers (ui, job, "Open"));
  g_assert_true (offers (ui, job, "Show in Folder"));
  g_assert_true (offers (ui, job, "Copy Address"));
  g_assert_true (offers (ui, job, "Remove"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/rows/menu", test_menu);

  return g_test_run ();
}
