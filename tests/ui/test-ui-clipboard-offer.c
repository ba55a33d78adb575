/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is offered of the addresses that are copied elsewhere.
 */
#include "config.h"

#include "bobbin-application-private.h"
#include "bobbin-clipboard-offer.h"
#include "ui-fixture.h"

static void
copy (UiFixture *ui, const char *path)
{
  g_autofree char *uri = bobbin_test_server_get_uri (ui->server, path);

  bobbin_clipboard_offer_consider (bobbin_application_get_companion (ui->app,
                                                                     BOBBIN_TYPE_CLIPBOARD_OFFER),
                                   uri);
}

static GtkWidget *
find_toast (UiFixture *ui)
{
  return ui_find_type (GTK_WIDGET (ui->window), g_type_from_name ("AdwToastWidget"));
}

static gboolean
is_offered (UiFixture *ui)
{
  GtkWidget *toast = find_toast (ui);

  return toast != NULL && ui_has_label (toast, "Download copied address?");
}

static void
add (UiFixture *ui, const char *path, guint status, BobbinJobState state)
{
  BobbinJob *job;

  bobbin_test_server_set (ui->server, path, &(BobbinTestFile){ .status = status, .length = 100 });
  job = ui_add (ui, path);
  ui_wait (ui_has_state (job, state));
}

/* It is downloaded when that is wanted. */
static void
test_new (UiFixture *ui)
{
  bobbin_test_server_set (ui->server, "/a.bin", &(BobbinTestFile){ .length = 100 });
  copy (ui, "/a.bin");
  ui_wait (is_offered (ui));
  g_signal_emit_by_name (ui_find_button (find_toast (ui), "_Download"), "clicked");
  ui_wait (ui_has_state (ui_get_job (ui, 0), BOBBIN_JOB_DONE));
  ui_wait (find_toast (ui) == NULL);
}

/* What is in the list is not, unless it failed. */
static void
test_in_list (UiFixture *ui)
{
  add (ui, "/a.bin", 0, BOBBIN_JOB_DONE);
  add (ui, "/b.bin", 404, BOBBIN_JOB_FAILED);
  copy (ui, "/a.bin");
  g_assert_null (find_toast (ui));
  copy (ui, "/b.bin");
  ui_wait (is_offered (ui));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/clipboard-offer/new", test_new);
  ui_test_add ("/ui/clipboard-offer/in-list", test_in_list);

  return g_test_run ();
}
