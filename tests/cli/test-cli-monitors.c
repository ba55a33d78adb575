/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * `bobbin-cli monitors`: into a database and out of it, and not while somebody else has it.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "cli-fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define LIST                                                               \
  "{\"bobbin-monitors\":1,\"monitors\":["                                  \
  "{\"target\":\"cpu\",\"interval\":0.5,\"warn\":80,\"warn-clear\":70},"   \
  "{\"target\":\"cert://localhost:443\",\"warn\":null,\"critical\":null}," \
  "{\"target\":\"http://localhost/\",\"options\":{\"keyword\":\"Welcome\"}}]}"

static char *
make_database_option (CliFixture *fixture)
{
  return g_strdup_printf ("--database=%s/jobs.db", fixture->folder);
}

static CliResult *
export_all (CliFixture *fixture)
{
  g_autofree char *database = make_database_option (fixture);

  return cli_run (fixture, NULL, "monitors", "--export=-", database, NULL);
}

static CliResult *
import_text (CliFixture *fixture, const char *text)
{
  g_autofree char *database = make_database_option (fixture);

  return cli_run (fixture, text, "monitors", "--import=-", database, NULL);
}

static JsonArray *
parse_monitors (const char *text, JsonNode **root)
{
  *root = json_from_string (text, NULL);
  g_assert_nonnull (*root);

  return json_object_get_array_member (json_node_get_object (*root), "monitors");
}

/* All of it comes back, behind what was there. */
static void
test_round_trip (CliFixture *fixture, gconstpointer user_data)
{
  g_autoptr (CliResult) in = import_text (fixture, LIST);
  g_autoptr (CliResult) out = export_all (fixture);
  g_autoptr (CliResult) more = NULL;
  g_autoptr (CliResult) all = NULL;
  g_autoptr (JsonNode) root = NULL, all_root = NULL;
  JsonArray *monitors, *all_monitors;
  JsonObject *monitor;

  g_assert_cmpstr (in->errors, ==, "");
  g_assert_cmpint (in->status, ==, 0);
  g_assert_cmpint (out->status, ==, 0);
  monitors = parse_monitors (out->output, &root);
  g_assert_cmpuint (json_array_get_length (monitors), ==, 3);
  monitor = json_array_get_object_element (monitors, 0);
  g_assert_cmpstr (json_object_get_string_member (monitor, "target"), ==, "cpu");
  g_assert_cmpfloat (json_object_get_double_member (monitor, "warn-clear"), ==, 70);
  monitor = json_array_get_object_element (monitors, 1);
  g_assert_true (json_object_get_null_member (monitor, "critical"));

  more = import_text (fixture, out->output);
  g_assert_cmpint (more->status, ==, 0);
  all = export_all (fixture);
  all_monitors = parse_monitors (all->output, &all_root);
  g_assert_cmpuint (json_array_get_length (all_monitors), ==, 6);
  for (guint i = 0; i < 6; i++)
    g_assert_true (json_node_equal (json_array_get_element (all_monitors, i),
                                    json_array_get_element (monitors, i % 3)));
}

static void
test_file (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *database = make_database_option (fixture);
  g_autofree char *from = g_strdup_printf ("--import=%s/list.json", fixture->folder);
  g_autofree char *to = g_strdup_printf ("--export=%s/copy.json", fixture->folder);
  g_autofree char *path = cli_fixture_get_path (fixture, "copy.json");
  g_autofree char *copy = NULL;
  g_autoptr (CliResult) in = NULL, out = NULL, all = NULL;

  cli_fixture_write (fixture, "list.json", LIST);
  in = cli_run (fixture, NULL, "monitors", from, database, NULL);
  g_assert_cmpint (in->status, ==, 0);
  out = cli_run (fixture, NULL, "monitors", to, database, NULL);
  g_assert_cmpint (out->status, ==, 0);
  all = export_all (fixture);
  g_assert_true (g_file_get_contents (path, &copy, NULL, NULL));
  g_assert_cmpstr (copy, ==, all->output);
}

/* One that is wrong: it is named, and none is taken. */
static void
test_wrong (CliFixture *fixture, gconstpointer user_data)
{
  g_autoptr (CliResult) first = import_text (fixture, LIST);
  g_autoptr (CliResult) wrong =
    import_text (fixture, "{\"bobbin-monitors\":1,\"monitors\":[{\"target\":\"memory\"},"
                          "{\"target\":\"swap\",\"warn\":\"much\"}]}");
  g_autoptr (CliResult) out = export_all (fixture);

  g_assert_cmpint (first->status, ==, 0);
  g_assert_cmpint (wrong->status, ==, 1);
  g_assert_nonnull (strstr (wrong->errors, "Monitor 2"));
  g_assert_nonnull (strstr (wrong->errors, "“warn”"));
  g_assert_null (strstr (out->output, "memory"));
}

/* What somebody wrote into a document does nothing to a terminal. */
static void
test_lie (CliFixture *fixture, gconstpointer user_data)
{
  g_autoptr (CliResult) target = import_text (fixture, "{\"bobbin-monitors\":1,\"monitors\":"
                                                       "[{\"target\":\"\\u001b[31mred\\u0007\"}]}");
  g_autoptr (CliResult) setting =
    import_text (fixture, "{\"bobbin-monitors\":1,\"monitors\":"
                          "[{\"target\":\"cpu\",\"\\u001b[31mred\\u0007\":1}]}");

  g_assert_cmpint (target->status, ==, 1);
  g_assert_nonnull (strstr (target->errors, "red"));
  cli_assert_harmless (target->errors);
  g_assert_cmpint (setting->status, ==, 1);
  g_assert_nonnull (strstr (setting->errors, "red"));
  cli_assert_harmless (setting->errors);
}

/* The app works on the database: it can be read, and nothing is written to it. */
static void
test_in_use (CliFixture *fixture, gconstpointer user_data)
{
  g_autoptr (CliResult) first = import_text (fixture, LIST);
  g_autofree char *lock = cli_fixture_get_path (fixture, "jobs.db.lock");
  const int fd = g_open (lock, O_RDWR | O_CLOEXEC, 0600);
  g_autoptr (CliResult) second = NULL;
  g_autoptr (CliResult) out = NULL;

  g_assert_cmpint (first->status, ==, 0);
  g_assert_cmpint (flock (fd, LOCK_EX | LOCK_NB), ==, 0);
  second = import_text (fixture, LIST);
  g_assert_cmpint (second->status, ==, 1);
  g_assert_nonnull (strstr (second->errors, "Bobbin is running"));
  out = export_all (fixture);
  g_assert_cmpint (out->status, ==, 0);
  g_assert_nonnull (strstr (out->output, "cert://localhost:443"));
  close (fd);
}

#define COMMANDS                                                                \
  "{\"bobbin-monitors\":1,\"monitors\":[{\"target\":\"memory\",\"warn\":0,"     \
  "\"alerting\":{\"repeat\":60,\"command\":[\"/bin/evil\",\"a b\\u001b[31m\"]," \
  "\"webhook\":\"http://evil.example/hook\"}}]}"

/* Somebody else's document runs nothing, unless that is said; the rest of it is taken. */
static void
test_commands (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *database = make_database_option (fixture);
  g_autoptr (CliResult) without = import_text (fixture, COMMANDS);
  g_autoptr (CliResult) out = export_all (fixture);
  g_autoptr (CliResult) with = NULL, both = NULL;

  g_assert_cmpint (without->status, ==, 0);
  g_assert_nonnull (strstr (without->errors, "--with-commands"));
  g_assert_nonnull (strstr (without->errors, "/bin/evil"));
  g_assert_nonnull (strstr (without->errors, "http://evil.example/hook"));
  cli_assert_harmless (without->errors);
  g_assert_null (strstr (out->output, "evil"));
  g_assert_nonnull (strstr (out->output, "repeat"));

  with = cli_run (fixture, COMMANDS, "monitors", "--import=-", "--with-commands", database, NULL);
  both = export_all (fixture);
  g_assert_cmpint (with->status, ==, 0);
  g_assert_cmpstr (with->errors, ==, "");
  g_assert_nonnull (strstr (both->output, "/bin/evil"));
  g_assert_nonnull (strstr (both->output, "http://evil.example/hook"));
}

static void
test_missing (CliFixture *fixture, gconstpointer user_data)
{
  g_autoptr (CliResult) out = export_all (fixture);
  g_autofree char *database = make_database_option (fixture);
  g_autoptr (CliResult) in =
    cli_run (fixture, NULL, "monitors", "--import=missing.json", database, NULL);

  g_assert_cmpint (out->status, ==, 1);
  g_assert_cmpstr (out->output, ==, "");
  g_assert_cmpint (in->status, ==, 1);
  g_assert_nonnull (strstr (in->errors, "missing.json"));
}

int
main (int argc, char **argv)
{
  cli_test_init (&argc, &argv);

  CLI_TEST ("/cli/monitors/round-trip", test_round_trip);
  CLI_TEST ("/cli/monitors/file", test_file);
  CLI_TEST ("/cli/monitors/wrong", test_wrong);
  CLI_TEST ("/cli/monitors/lie", test_lie);
  CLI_TEST ("/cli/monitors/in-use", test_in_use);
  CLI_TEST ("/cli/monitors/commands", test_commands);
  CLI_TEST ("/cli/monitors/missing", test_missing);

  return g_test_run ();
}
