/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the app is started with, or handed while it runs: addresses, and files that are lists of
 * addresses, from a command line or over D-Bus. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-application-private.h"

#include "bobbin-display.h"
#include "bobbin-download.h"
#include "bobbin-list-file.h"

/* ---- who waits */

/* The status of the first instance is that of the whole session with it. */
static void
complain (GApplicationCommandLine *command_line, const char *sentence)
{
  g_application_command_line_printerr (command_line, "bobbin: %s\n", sentence);
  if (g_application_command_line_get_is_remote (command_line))
    g_application_command_line_set_exit_status (command_line, 1);
}

/* The caller waits until its command line is let go of. */
static void
on_added (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GApplicationCommandLine) command_line = user_data;
  g_auto (GStrv) refused =
    bobbin_application_add_addresses_finish (BOBBIN_APPLICATION (source), result, NULL);

  if (command_line == NULL)
    return;

  for (guint i = 0; refused[i] != NULL; i++)
    complain (command_line, refused[i]);
}

/* Takes @command_line, which may be NULL. */
static void
add_addresses (BobbinApplication *self, GStrv addresses, GApplicationCommandLine *command_line)
{
  bobbin_application_add_addresses_async (self, (const char *const *) addresses, on_added,
                                          command_line);
}

/* ---- lists */

typedef struct
{
  BobbinApplication *application;        /* (owned) */
  char *argument;                        /* (owned) (nullable): as it was typed */
  GApplicationCommandLine *command_line; /* (owned) (nullable) */
} Reading;

static void
reading_free (Reading *reading)
{
  g_clear_object (&reading->command_line);
  g_object_unref (reading->application);
  g_free (reading->argument);
  g_free (reading);
}

static gboolean
looks_like_file (const char *argument)
{
  return *argument == '.' || (argument[0] == '/' && argument[1] != '/') ||
         g_uri_peek_scheme (argument) != NULL;
}

/* Who typed “example.com” or “//example.com” meant no file, though there might have been one. */
static char *
explain (const Reading *reading, const GError *error)
{
  g_autofree char *address = NULL;
  g_autoptr (GError) bad_address = NULL;

  if (reading->argument != NULL && !looks_like_file (reading->argument) &&
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    address = bobbin_download_check_address (reading->argument, &bad_address);

  return bobbin_display_text (bad_address != NULL ? bad_address->message : error->message);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Reading *reading = user_data;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) addresses = bobbin_list_file_read_finish (result, &error);

  if (addresses != NULL)
    {
      add_addresses (reading->application, addresses, g_steal_pointer (&reading->command_line));
    }
  else
    {
      g_autofree char *sentence = explain (reading, error);

      bobbin_application_warn (reading->application, sentence);
      if (reading->command_line != NULL)
        complain (reading->command_line, sentence);
    }
  bobbin_application_end_intake (reading->application);
  reading_free (reading);
}

static void
add_list (BobbinApplication *self,
          GFile *file,
          const char *argument,
          GApplicationCommandLine *command_line)
{
  Reading *reading = g_new0 (Reading, 1);

  reading->application = g_object_ref (self);
  reading->argument = g_strdup (argument);
  g_set_object (&reading->command_line, command_line);
  bobbin_application_begin_intake (self);
  bobbin_list_file_read_async (file, on_read, reading);
}

/* ---- what comes */

static gboolean
can_be_file (const char *argument)
{
  const char *scheme = g_uri_peek_scheme (argument);

  return scheme == NULL || g_str_equal (scheme, "file");
}

/* GApplication's. Internal to the application's files. */
int
bobbin_application_command_line (GApplication *app, GApplicationCommandLine *command_line)
{
  BobbinApplication *self = BOBBIN_APPLICATION (app);
  g_auto (GStrv) arguments = g_application_command_line_get_arguments (command_line, NULL);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) addresses = NULL;

  g_application_activate (app);
  for (guint i = 1; arguments[0] != NULL && arguments[i] != NULL; i++)
    {
      g_autoptr (GFile) file = NULL;

      if (!can_be_file (arguments[i]))
        {
          g_strv_builder_add (builder, arguments[i]);
          continue;
        }
      file = g_application_command_line_create_file_for_arg (command_line, arguments[i]);
      add_list (self, file, arguments[i], command_line);
    }
  addresses = g_strv_builder_end (builder);
  add_addresses (self, addresses, g_object_ref (command_line));

  return 0;
}

/* GApplication's: what another program opens with Bobbin over D-Bus. Internal to the application's
 * files. */
void
bobbin_application_open (GApplication *app, GFile **files, int n_files, const char *hint)
{
  BobbinApplication *self = BOBBIN_APPLICATION (app);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) addresses = NULL;

  g_application_activate (app);
  for (int i = 0; i < n_files; i++)
    {
      g_autofree char *address = g_file_get_uri (files[i]);

      if (g_file_has_uri_scheme (files[i], "file"))
        add_list (self, files[i], NULL, NULL);
      else
        g_strv_builder_add (builder, address);
    }
  addresses = g_strv_builder_end (builder);
  add_addresses (self, addresses, NULL);
}
