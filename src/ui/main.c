/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The desktop app, `bobbin`.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <locale.h>

#include "bobbin-application.h"
#include "bobbin-http-session.h"
#include "bobbin-process.h"

int
main (int argc, char **argv)
{
  g_autoptr (BobbinApplication) application = NULL;

  bobbin_process_prepare ();
  bobbin_http_session_prepare ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  /* Translators: the name of the app. */
  g_set_application_name (_ ("Bobbin"));
  application = bobbin_application_new ();

  return g_application_run (G_APPLICATION (application), argc, argv);
}
