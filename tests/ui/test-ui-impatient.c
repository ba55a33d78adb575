/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Somebody who waits for nothing: opens all there is, closes it before it has come, and quits in
 * the middle. Nothing may be left of it, as after any other test.
 */
#include "config.h"

#include "bobbin-window-private.h"
#include "ui-fixture.h"

#define N_MANY 2000

static const char *const actions[] = {
  "win.add-download", "win.add-monitor",     "app.preferences",     "app.about",
  "win.import-list",  "win.import-monitors", "win.export-monitors",
};

static void
activate (UiFixture *ui, const char *action)
{
  gtk_widget_activate_action (GTK_WIDGET (ui->window), action, NULL);
}

static void
stall (UiFixture *ui, const char *path)
{
  bobbin_test_server_set (ui->server, path,
                          &(BobbinTestFile){ .fault = BOBBIN_TEST_FAULT_STALL,
                                             .fault_at = BOBBIN_TEST_BEFORE_HEADER });
}

/* Each twice; and the app quits with all of them open. */
static void
test_quit_with_all (UiFixture *ui)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    for (guint n = 0; n < 2; n++)
      activate (ui, actions[i]);
}

static guint
count_dialogs (UiFixture *ui)
{
  g_autoptr (GListModel) toplevels = g_object_ref (gtk_window_get_toplevels ());
  guint count = 0;

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (toplevels, i);

      if (gtk_window_get_transient_for (window) == GTK_WINDOW (ui->window))
        count += gtk_widget_get_visible (GTK_WIDGET (window));
    }

  return count;
}

/* Before it was ever drawn. */
static void
test_close_at_once (UiFixture *ui)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    for (guint n = 0; n < 2; n++)
      {
        activate (ui, actions[i]);
        bobbin_window_close_dialogs (ui->window);
        g_assert_cmpuint (count_dialogs (ui), ==, 0);
      }
}

/* The server has been asked, and has not answered. */
static void
test_quit_while_asking (UiFixture *ui)
{
  g_autofree char *address = bobbin_test_server_get_uri (ui->server, "/stalled");
  g_auto (GValue) value = G_VALUE_INIT;

  stall (ui, "/stalled");
  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, address);
  g_assert_true (bobbin_window_drop (ui->window, &value));
  ui_wait (bobbin_test_server_get_n_requests (ui->server, "/stalled") == 1);
}

static GStrv
make_addresses (UiFixture *ui)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < N_MANY; i++)
    {
      g_autofree char *path = g_strdup_printf ("/part-%u.bin", i);
      g_autofree char *address = bobbin_test_server_get_uri (ui->server, path);

      g_strv_builder_add (builder, address);
    }

  return g_strv_builder_end (builder);
}

/* The list is searched, sorted and left while it still grows. */
static void
test_search_while_adding (UiFixture *ui)
{
  g_auto (GStrv) addresses = make_addresses (ui);
  BobbinDownloadWishes *wishes = bobbin_download_wishes_new ();
  GtkWidget *entry = ui_find_type (GTK_WIDGET (ui->window), GTK_TYPE_SEARCH_ENTRY);

  wishes->start = FALSE;
  activate (ui, "win.search");
  bobbin_application_add_downloads (ui->app, (const char *const *) addresses, wishes);
  gtk_editable_set_text (GTK_EDITABLE (entry), "part-19");
  ui_wait (ui_get_n_jobs (ui) > 0);
  gtk_editable_set_text (GTK_EDITABLE (entry), "part-1");
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.show-page", "s", "history");
  gtk_widget_activate_action (GTK_WIDGET (ui->window), "win.show-page", "s", "downloads");
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
}

/* A download that does not answer is removed and had back, again and again. */
static void
test_remove_and_undo (UiFixture *ui)
{
  BobbinJob *job;

  stall (ui, "/stalled");
  job = ui_add (ui, "/stalled");
  ui_wait (bobbin_test_server_get_n_requests (ui->server, "/stalled") > 0);
  for (guint i = 0; i < 5; i++)
    {
      ui_act (job, ui, "job.remove");
      activate (ui, "win.undo-remove");
      ui_wait (ui_get_n_jobs (ui) == 1);
    }
  ui_act (job, ui, "job.remove");
}

/* What was dropped by mistake. */
static void
test_drop_oddities (UiFixture *ui)
{
  static const char *const texts[] = { "",         "\n\n\n", "://",       "http://", "http://[",
                                       "http://%", "<<<<<",  "http://x{", "https",   "\x01\x02" };
  g_auto (GValue) number = G_VALUE_INIT;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      g_value_init (&value, G_TYPE_STRING);
      g_value_set_static_string (&value, texts[i]);
      if (bobbin_window_drop (ui->window, &value))
        bobbin_window_close_dialogs (ui->window);
    }
  g_value_init (&number, G_TYPE_INT);
  g_assert_false (bobbin_window_drop (ui->window, &number));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/impatient/quit-with-all", test_quit_with_all);
  ui_test_add ("/ui/impatient/close-at-once", test_close_at_once);
  ui_test_add ("/ui/impatient/quit-while-asking", test_quit_while_asking);
  ui_test_add ("/ui/impatient/search-while-adding", test_search_while_adding);
  ui_test_add ("/ui/impatient/remove-and-undo", test_remove_and_undo);
  ui_test_add ("/ui/impatient/drop-oddities", test_drop_oddities);

  return g_test_run ();
}
