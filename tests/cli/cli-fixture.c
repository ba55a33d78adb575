/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Runs the built bobbin-cli, whose path is in the environment variable BOBBIN_CLI, against a server
 * of the test's own and in a folder of the test's own. Test's main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "cli-fixture.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

const char *
cli_get_program (void)
{
  const char *program = g_getenv ("BOBBIN_CLI");

  g_assert_nonnull (program);
  return program;
}

void
cli_test_init (int *argc, char ***argv)
{
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_unsetenv ("BOBBIN_PASSWORD");
  /* A machine without a network would wait for one; to this monitor there always is one. */
  g_setenv ("GIO_USE_NETWORK_MONITOR", "base", TRUE);
  setlocale (LC_ALL, "");
  g_test_init (argc, argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
}

void
cli_fixture_set_up (CliFixture *self, gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  self->server = cli_server_new ();
  self->folder = g_dir_make_tmp ("bobbin-cli-XXXXXX", &error);
  g_assert_no_error (error);
}

static void
remove_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
}

void
cli_fixture_tear_down (CliFixture *self, gconstpointer user_data)
{
  cli_server_free (self->server);
  remove_files (self->folder);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
}

char *
cli_fixture_get_path (CliFixture *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

void
cli_fixture_write (CliFixture *self, const char *name, const char *text)
{
  g_autofree char *path = cli_fixture_get_path (self, name);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

/* The file of that name is what the server sends for /bytes/SIZE or /held/SIZE. */
void
cli_assert_content (CliFixture *self, const char *name, gsize size)
{
  g_autofree char *path = cli_fixture_get_path (self, name);
  g_autoptr (GBytes) wanted = cli_server_make_content (size);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;

  g_file_get_contents (path, &bytes, &length, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (bytes, length, g_bytes_get_data (wanted, NULL), size);
}

/* Lines of text, and nothing that a terminal would take for more than that. */
void
cli_assert_harmless (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    g_assert_true (*p == '\n' || g_unichar_isprint (g_utf8_get_char (p)));
}

/* An address of the server's that holds a name and a password. */
char *
cli_make_secret_uri (CliFixture *self, const char *path)
{
  g_autofree char *uri = cli_server_make_uri (self->server, path);

  return g_strconcat ("http://" CLI_SECRET "@", uri + strlen ("http://"), NULL);
}

/* Neither the name nor the password has been told to anybody. */
void
cli_assert_no_secret (CliResult *result)
{
  g_auto (GStrv) secrets = g_strsplit (CLI_SECRET, ":", 2);

  for (guint i = 0; secrets[i] != NULL; i++)
    {
      g_assert_null (strstr (result->output, secrets[i]));
      g_assert_null (strstr (result->errors, secrets[i]));
    }
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The folder holds these files, to be given in alphabetical order, and no other. */
void
cli_assert_files (CliFixture *self, const char *first, ...)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *found = NULL;
  g_autoptr (GString) wanted = g_string_new (NULL);
  const char *name;
  va_list args;

  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  found = g_strjoinv ("\n", (char **) names->pdata);

  va_start (args, first);
  for (name = first; name != NULL; name = va_arg (args, const char *))
    g_string_append_printf (wanted, "%s%s", wanted->len > 0 ? "\n" : "", name);
  va_end (args);
  g_assert_cmpstr (found, ==, wanted->str);
}

static char **
collect_args (va_list args)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const char *arg;

  g_strv_builder_add (builder, cli_get_program ());
  while ((arg = va_arg (args, const char *)) != NULL)
    g_strv_builder_add (builder, arg);
  return g_strv_builder_end (builder);
}

static void
leave_terminal (gpointer user_data)
{
  setsid ();
}

static GSubprocess *
launch (CliFixture *self, char **args, GSubprocessFlags flags)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_subprocess_launcher_set_cwd (launcher, self->folder);
  if (self->password != NULL)
    g_subprocess_launcher_setenv (launcher, "BOBBIN_PASSWORD", self->password, TRUE);
  if (self->alone)
    g_subprocess_launcher_set_child_setup (launcher, leave_terminal, NULL, NULL);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) args, &error);
  g_assert_no_error (error);
  return process;
}

static int
get_status (GSubprocess *process)
{
  return g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process)
                                              : -g_subprocess_get_term_sig (process);
}

/* Runs bobbin-cli in the fixture's folder until it ends. Without @input its standard input is
 * empty. */
CliResult *
cli_run (CliFixture *self, const char *input, ...)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) arguments = NULL;
  CliResult *result = g_new0 (CliResult, 1);
  va_list args;

  va_start (args, input);
  arguments = collect_args (args);
  va_end (args);
  process = launch (self, arguments,
                    G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                      G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_subprocess_communicate_utf8 (process, input != NULL ? input : "", NULL, &result->output,
                                 &result->errors, &error);
  g_assert_no_error (error);
  result->status = get_status (process);
  return result;
}

void
cli_result_free (CliResult *self)
{
  g_free (self->output);
  g_free (self->errors);
  g_free (self);
}

guint
cli_count_lines (const char *text)
{
  guint n = 0;

  for (; *text != '\0'; text++)
    n += *text == '\n';
  return n;
}

static JsonObject *
parse_event (const char *line)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonNode *root;

  json_parser_load_from_data (parser, line, -1, &error);
  g_assert_no_error (error);
  root = json_parser_get_root (parser);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (root));
  g_assert_true (json_object_has_member (json_node_get_object (root), "event"));
  return json_object_ref (json_node_get_object (root));
}

/* Each line is one object. */
GPtrArray *
cli_parse_events (const char *text)
{
  GPtrArray *events = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  g_assert_true (*text == '\0' || g_str_has_suffix (text, "\n"));
  for (char **line = lines; *line != NULL && **line != '\0'; line++)
    g_ptr_array_add (events, parse_event (*line));
  return events;
}

/* The last event of that name. */
JsonObject *
cli_find_event (GPtrArray *events, const char *event)
{
  for (guint i = events->len; i > 0; i--)
    {
      JsonObject *object = g_ptr_array_index (events, i - 1);

      if (g_str_equal (json_object_get_string_member (object, "event"), event))
        return object;
    }
  return NULL;
}

CliRun *
cli_run_begin (CliFixture *self, ...)
{
  CliRun *run = g_new0 (CliRun, 1);
  g_auto (GStrv) arguments = NULL;
  va_list args;

  va_start (args, self);
  arguments = collect_args (args);
  va_end (args);
  run->process = launch (self, arguments,
                         G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                           G_SUBPROCESS_FLAGS_STDERR_PIPE);
  run->lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (run->process));
  run->errors = g_data_input_stream_new (g_subprocess_get_stderr_pipe (run->process));
  return run;
}

/* Reads on to the next event of that name. */
JsonObject *
cli_run_wait_event (CliRun *self, const char *event)
{
  while (TRUE)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *line = g_data_input_stream_read_line (self->lines, NULL, NULL, &error);
      g_autoptr (JsonObject) object = NULL;

      g_assert_no_error (error);
      if (line == NULL)
        g_error ("bobbin-cli ended before the event “%s”", event);
      object = parse_event (line);
      if (g_str_equal (json_object_get_string_member (object, "event"), event))
        return g_steal_pointer (&object);
    }
}

/* The next line of standard error; %NULL at its end. */
char *
cli_run_read_error (CliRun *self)
{
  g_autoptr (GError) error = NULL;
  char *line = g_data_input_stream_read_line (self->errors, NULL, NULL, &error);

  g_assert_no_error (error);
  return line;
}

void
cli_run_type (CliRun *self, const char *text)
{
  GOutputStream *input = g_subprocess_get_stdin_pipe (self->process);
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (input, text, strlen (text), NULL, NULL, &error);
  g_assert_no_error (error);
}

/* Waits until it has ended, without reading what it still writes, and says how it did. */
int
cli_run_end (CliRun *self)
{
  g_autoptr (GError) error = NULL;
  int status;

  g_subprocess_wait (self->process, NULL, &error);
  g_assert_no_error (error);
  status = get_status (self->process);
  g_object_unref (self->lines);
  g_object_unref (self->errors);
  g_object_unref (self->process);
  g_free (self);
  return status;
}
