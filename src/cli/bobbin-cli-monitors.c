/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * `bobbin-cli monitors`: the monitors of the app to a document of JSON, and from one. Exported they
 * are whether the app runs or not, as its database can be read beside it. Imported only while it
 * does not: the database is its own then, which is asked with its lock. Main thread only; waits for
 * the disk.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-cli-options.h"
#include "bobbin-error.h"
#include "bobbin-monitor-list.h"
#include "bobbin-store-job.h"
#include "bobbin-store-reader.h"
#include "bobbin-store.h"

#include <errno.h>
#include <gio/gio.h>
#include <gio/gunixinputstream.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  char *export_file;
  char *import_file;
  char *database;
  gboolean with_commands;
} Monitors;

static void
monitors_clear (Monitors *monitors)
{
  g_free (monitors->export_file);
  g_free (monitors->import_file);
  g_free (monitors->database);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Monitors, monitors_clear)

/* ---- out */

static char *
read_document (Monitors *monitors, GError **error)
{
  g_autoptr (BobbinStoreReader) reader = bobbin_store_reader_open (monitors->database, error);
  g_autoptr (GPtrArray) jobs =
    reader != NULL ? bobbin_store_reader_read_monitors (reader, error) : NULL;
  g_autoptr (GPtrArray) settings = g_ptr_array_new ();

  if (jobs == NULL)
    return NULL;

  for (guint i = 0; i < jobs->len; i++)
    {
      const BobbinStoreJob *job = g_ptr_array_index (jobs, i);

      g_ptr_array_add (settings, job->settings);
    }
  g_ptr_array_add (settings, NULL);

  return bobbin_monitor_list_write ((const char *const *) settings->pdata, error);
}

static gboolean
write_document (const char *path, const char *text, GError **error)
{
  g_autoptr (GFile) file = NULL;

  if (!g_str_equal (path, "-"))
    {
      file = g_file_new_for_commandline_arg (path);
      return g_file_replace_contents (file, text, strlen (text), NULL, FALSE, G_FILE_CREATE_PRIVATE,
                                      NULL, NULL, error);
    }
  if (fputs (text, stdout) != EOF && fflush (stdout) != EOF)
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));

  return FALSE;
}

/* ---- in */

static GBytes *
read_all (const char *path, GError **error)
{
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GInputStream) input = NULL;
  g_autoptr (GFile) file = NULL;

  if (g_str_equal (path, "-"))
    {
      input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
    }
  else
    {
      file = g_file_new_for_commandline_arg (path);
      input = G_INPUT_STREAM (g_file_read (file, NULL, error));
    }
  if (input == NULL ||
      g_output_stream_splice (memory, input, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, error) < 0)
    return NULL;

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

static void
on_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

static GAsyncResult *
wait_result (GAsyncResult **place)
{
  while (*place == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *place;
}

/* As those that were there when the app quit, and are to run when it starts. */
static gboolean
put_jobs (BobbinStore *store, GPtrArray *jobs, GError **error)
{
  BobbinStoreBatch *batch = bobbin_store_batch_new (TRUE);
  const gint64 number = bobbin_store_get_last_number (store);
  const gint64 place = bobbin_store_get_last_place (store);
  g_autoptr (GAsyncResult) result = NULL;

  for (guint i = 0; i < jobs->len; i++)
    {
      guint8 id[BOBBIN_JOB_ID_SIZE];

      bobbin_job_id_new (id);
      bobbin_store_batch_put_job (batch,
                                  bobbin_store_job_new (g_ptr_array_index (jobs, i), id,
                                                        number + i + 1,
                                                        place + (gint64) BOBBIN_STORE_GAP * (i + 1),
                                                        BOBBIN_STORE_ACTIVE));
    }
  bobbin_store_write_async (store, batch, on_result, &result);

  return bobbin_store_write_finish (store, wait_result (&result), error);
}

static gboolean
open_store (BobbinStore *store, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) own = NULL;

  bobbin_store_open_async (store, on_result, &result);
  if (bobbin_store_open_finish (store, wait_result (&result), &own))
    return TRUE;

  if (g_error_matches (own, BOBBIN_ERROR, BOBBIN_ERROR_IN_USE))
    g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_IN_USE,
                         _ ("Bobbin is running: import the monitors from its menu, or quit it "
                            "first."));
  else
    g_propagate_error (error, g_steal_pointer (&own));

  return FALSE;
}

static gboolean
close_store (BobbinStore *store, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  bobbin_store_close_async (store, on_result, &result);

  return bobbin_store_close_finish (store, wait_result (&result), error);
}

/* A document may be somebody else's, and its alerts would run whatever it names. */
static void
leave_out_commands (GPtrArray *jobs)
{
  g_auto (GStrv) commands = bobbin_monitor_list_dup_commands (jobs);
  g_autofree char *sentence = NULL;
  const guint n = g_strv_length (commands);

  if (n == 0)
    return;

  bobbin_monitor_list_drop_commands (jobs);
  sentence = g_strdup_printf (
    ngettext ("%u command or webhook was left out; --with-commands imports it",
              "%u commands and webhooks were left out; --with-commands imports them", n),
    n);
  g_printerr ("bobbin-cli: %s:\n", sentence);
  for (guint i = 0; i < n; i++)
    g_printerr ("  %s\n", commands[i]);
}

static gboolean
import (Monitors *monitors, GError **error)
{
  g_autoptr (GBytes) bytes = read_all (monitors->import_file, error);
  g_autoptr (GPtrArray) jobs = NULL;
  g_autoptr (BobbinStore) store = NULL;
  const char *text;
  gboolean done;
  gsize length;

  if (bytes == NULL)
    return FALSE;
  text = g_bytes_get_data (bytes, &length);
  jobs = bobbin_monitor_list_load (text != NULL ? text : "", (gssize) length, error);
  if (jobs == NULL)
    return FALSE;

  if (!monitors->with_commands)
    leave_out_commands (jobs);

  store = bobbin_store_new (monitors->database);
  if (!open_store (store, error))
    {
      close_store (store, NULL);
      return FALSE;
    }
  done = put_jobs (store, jobs, error);

  return close_store (store, done ? error : NULL) && done;
}

/* ---- usage */

static gboolean
parse (char ***args, Monitors *monitors, BobbinCliStatus *status)
{
  const GOptionEntry entries[] = {
    { "export", 0, 0, G_OPTION_ARG_FILENAME, &monitors->export_file,
      N_ ("Write all monitors to FILE, or - for standard output"), N_ ("FILE") },
    { "import", 0, 0, G_OPTION_ARG_FILENAME, &monitors->import_file,
      N_ ("Add those of FILE, or - for standard input"), N_ ("FILE") },
    { "with-commands", 0, 0, G_OPTION_ARG_NONE, &monitors->with_commands,
      N_ ("Import the commands and webhooks of alerts, too"), NULL },
    { "database", 0, 0, G_OPTION_ARG_FILENAME, &monitors->database,
      N_ ("Work on this database, not that of the app"), N_ ("FILE") },
    G_OPTION_ENTRY_NULL,
  };
  GOptionGroup *const groups[] = {
    bobbin_cli_options_make_group ("monitors", N_ ("Options:"), entries),
    NULL,
  };

  return bobbin_cli_options_parse (
    groups, "monitors", NULL,
    _ ("Export the monitors of the app as JSON, or, while it does not run, import some.\n"
       "There are no passwords in what is exported; commands and webhooks are, as they\n"
       "stand."),
    _ ("Exit status: 0 done; 1 the file or the database could not be read or written,\n"
       "and then nothing was imported; 2 wrong usage."),
    args, status);
}

/**
 * bobbin_cli_monitors:
 * @args: (array zero-terminated=1): the arguments, with “monitors” as the first; taken apart
 *
 * Runs `bobbin-cli monitors`.
 *
 * Returns: what to end with
 */
BobbinCliStatus
bobbin_cli_monitors (char **args)
{
  g_auto (Monitors) monitors = { 0 };
  g_auto (GStrv) rest = g_strdupv (args);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  BobbinCliStatus status = BOBBIN_CLI_DONE;

  if (!parse (&rest, &monitors, &status))
    return status;
  if (rest[1] != NULL || (monitors.export_file == NULL) == (monitors.import_file == NULL))
    return bobbin_cli_options_wrong_usage (
      "monitors", _ ("What is to be done is said by either --export or --import"));

  if (monitors.database == NULL)
    monitors.database = bobbin_store_dup_default_path ();
  if (monitors.import_file != NULL)
    return import (&monitors, &error) ? BOBBIN_CLI_DONE : bobbin_cli_options_fail (error->message);

  text = read_document (&monitors, &error);
  if (text == NULL || !write_document (monitors.export_file, text, &error))
    return bobbin_cli_options_fail (error->message);

  return BOBBIN_CLI_DONE;
}
