/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The passwords of single servers: kept by the desktop for as long as the server is in the
 * settings.
 */
#include "config.h"

#include <glib/gstdio.h>
#include <libsecret/secret.h>

#include "bobbin-application-private.h"
#include "bobbin-host-logins.h"
#include "bobbin-host-rule.h"
#include "ui-fixture.h"

#define HOST "127.0.0.1"

static const char *secrets_path;

static void
set_hosts (UiFixture *ui, const char *text)
{
  g_settings_set_value (bobbin_application_get_settings (ui->app), "hosts",
                        g_variant_new_parsed (text));
}

static void
remember (UiFixture *ui, const char *user)
{
  bobbin_host_logins_remember (bobbin_application_get_companion (ui->app, BOBBIN_TYPE_HOST_LOGINS),
                               HOST, user, "s3cret");
}

/* As the app does, with its schema. */
static gboolean
desktop_remembers (const char *user)
{
  const SecretSchema schema = { APP_ID ".Server",
                                SECRET_SCHEMA_NONE,
                                { { "host", SECRET_SCHEMA_ATTRIBUTE_STRING },
                                  { "user", SECRET_SCHEMA_ATTRIBUTE_STRING },
                                  { NULL, 0 } } };
  g_autoptr (GError) error = NULL;
  char *password =
    secret_password_lookup_sync (&schema, NULL, &error, "host", HOST, "user", user, NULL);
  const gboolean found = password != NULL;

  g_assert_no_error (error);
  secret_password_free (password);

  return found;
}

/* Nor is it used when the server comes back. */
static void
test_removed (UiFixture *ui)
{
  set_hosts (ui, "[{'host': <'127.0.0.1'>, 'user': <'anna'>}]");
  remember (ui, "anna");
  ui_wait (desktop_remembers ("anna"));
  set_hosts (ui, "@aa{sv} []");
  ui_wait (!desktop_remembers ("anna"));
  set_hosts (ui, "[{'host': <'127.0.0.1'>, 'user': <'anna'>}]");
  g_assert_null (bobbin_host_rules_find ("http://127.0.0.1/")->password);
}

/* The name of the other one has an at sign. */
static void
test_another_user (UiFixture *ui)
{
  set_hosts (ui, "[{'host': <'127.0.0.1'>, 'user': <'anna@example.org'>}]");
  remember (ui, "anna@example.org");
  ui_wait (desktop_remembers ("anna@example.org"));
  set_hosts (ui, "[{'host': <'127.0.0.1'>, 'user': <'bert'>}]");
  remember (ui, "bert");
  ui_wait (desktop_remembers ("bert") && !desktop_remembers ("anna@example.org"));
}

static gboolean
toast_says (UiFixture *ui, const char *text)
{
  GtkWidget *toast = ui_find_type (GTK_WIDGET (ui->window), g_type_from_name ("AdwToastWidget"));

  return toast != NULL && ui_has_label (toast, text);
}

static void
test_not_remembered (UiFixture *ui)
{
  g_unlink (secrets_path);
  g_assert_cmpint (g_mkdir (secrets_path, 0700), ==, 0);
  set_hosts (ui, "[{'host': <'127.0.0.1'>, 'user': <'anna'>}]");
  remember (ui, "anna");
  ui_wait (toast_says (ui, "The password could not be remembered and will be asked for again."));
  g_assert_cmpint (g_rmdir (secrets_path), ==, 0);
}

int
main (int argc, char **argv)
{
  int status;

  secrets_path = ui_secrets_open ();
  g_test_init (&argc, &argv, NULL);

  ui_test_add ("/ui/host-logins/removed", test_removed);
  ui_test_add ("/ui/host-logins/another-user", test_another_user);
  ui_test_add ("/ui/host-logins/not-remembered", test_not_remembered);
  status = g_test_run ();
  ui_secrets_close ();

  return status;
}
