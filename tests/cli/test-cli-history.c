/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * `bobbin-cli history`: what it shows of a database that the test has made, and that nobody is
 * harmed by its looking.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "cli-fixture.h"

#include "bobbin-history-codec.h"
#include "bobbin-history-rows.h"
#include "bobbin-store-batch-private.h"
#include "bobbin-store-file.h"
#include "bobbin-store-rows.h"
#include "bobbin-store.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* 2026-03-29T00:30Z */
#define BEGIN     (1774744200 * (gint64) G_USEC_PER_SEC)
#define N_SAMPLES 3600 /* a second each */

#define CPU_ID   "11111111-1111-4111-8111-111111111111"
#define FIRST_ID "22222222-2222-4222-8222-222222222222"
#define OTHER_ID "33333333-3333-4333-8333-333333333333"

/* The time of the samples, as options. */
#define SINCE "--since=2026-03-29T00:30:00Z"
#define UNTIL "--until=2026-03-29T01:30:00Z"

/* ---- a database */

typedef struct
{
  BobbinStoreFile *file;
  BobbinStoreRows *rows;
} Database;

static void
apply (Database *database, BobbinStoreBatch *batch)
{
  g_autoptr (GError) error = NULL;

  bobbin_store_rows_begin (database->rows, TRUE, &error);
  g_assert_no_error (error);
  bobbin_store_rows_apply (database->rows, batch, &error);
  g_assert_no_error (error);
  bobbin_store_rows_commit (database->rows, &error);
  g_assert_no_error (error);
  bobbin_store_batch_free (batch);
}

static void
put_monitor (BobbinStoreBatch *batch, gint64 number, const char *id, const char *target)
{
  BobbinStoreJob *job = g_new0 (BobbinStoreJob, 1);

  job->number = number;
  g_strlcpy (job->id, id, sizeof job->id);
  job->kind = g_strdup ("monitor");
  job->place = number;
  job->settings = g_strdup_printf ("{\"target\":\"%s\"}", target);
  job->total = -1;
  bobbin_store_batch_put_job (batch, job);
}

/* The value is the number of the sample; every tenth minute it was down. */
static GBytes *
make_samples (void)
{
  BobbinHistoryWriter writer;

  bobbin_history_writer_init (&writer);
  for (int i = 1; i <= N_SAMPLES; i++)
    {
      const gboolean down = (i - 1) / 60 % 10 == 9;
      const BobbinHistorySample sample = { .time = BEGIN + i * (gint64) G_USEC_PER_SEC,
                                           .duration = G_USEC_PER_SEC,
                                           .value = down ? NAN : i % 100,
                                           .state =
                                             down ? BOBBIN_HISTORY_DOWN : BOBBIN_HISTORY_UP };

      bobbin_history_writer_add (&writer, 1, &sample);
    }

  return bobbin_history_writer_end (&writer);
}

static void
database_open (Database *database, const char *path)
{
  g_autoptr (GError) error = NULL;

  database->file = bobbin_store_file_open (path, &error);
  g_assert_no_error (error);
  database->rows = bobbin_store_rows_new (bobbin_store_file_get_db (database->file), &error);
  g_assert_no_error (error);
}

static void
database_close (Database *database)
{
  bobbin_store_rows_free (database->rows);
  bobbin_store_file_close (database->file);
}

static void
database_fill (Database *database)
{
  BobbinStoreBatch *batch = bobbin_store_batch_new (TRUE);

  put_monitor (batch, 1, CPU_ID, "cpu");
  put_monitor (batch, 2, FIRST_ID, "disk:/");
  put_monitor (batch, 3, OTHER_ID, "disk:/");
  bobbin_store_batch_add_samples (batch, make_samples ());
  apply (database, batch);
}

static char *
make_database (CliFixture *fixture)
{
  char *path = cli_fixture_get_path (fixture, "bobbin.db");
  Database database;

  database_open (&database, path);
  database_fill (&database);
  database_close (&database);

  return path;
}

static CliResult *
run (CliFixture *fixture, const char *const *options)
{
  const char *args[6] = { NULL };

  for (guint i = 0; options[i] != NULL; i++)
    {
      g_assert_cmpuint (i, <, G_N_ELEMENTS (args));
      args[i] = options[i];
    }

  return cli_run (fixture, NULL, "history", "--database=bobbin.db", args[0], args[1], args[2],
                  args[3], args[4], args[5], NULL);
}

#define RUN(fixture, ...) run (fixture, (const char *const[]){ __VA_ARGS__, NULL })

/* ---- */

static void
test_json (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *path = make_database (fixture);
  g_autoptr (CliResult) result = RUN (fixture, "cpu", SINCE, UNTIL, "--json", "--resolution=raw");
  g_autoptr (GPtrArray) events = cli_parse_events (result->output);
  JsonObject *first, *states, *uptime;

  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpstr (result->errors, ==, "");
  g_assert_cmpuint (events->len, ==, N_SAMPLES + 1);
  first = g_ptr_array_index (events, 0);
  g_assert_cmpstr (json_object_get_string_member (first, "event"), ==, "history");
  g_assert_cmpstr (json_object_get_string_member (first, "target"), ==, "cpu");
  g_assert_cmpstr (json_object_get_string_member (first, "from"), ==, "2026-03-29T00:30:00Z");
  g_assert_cmpstr (json_object_get_string_member (first, "to"), ==, "2026-03-29T00:30:01Z");
  g_assert_cmpint (json_object_get_int_member (first, "count"), ==, 1);
  g_assert_cmpfloat (json_object_get_double_member (first, "min"), ==, 1);
  g_assert_cmpfloat (json_object_get_double_member (first, "mean"), ==, 1);
  g_assert_cmpfloat (json_object_get_double_member (first, "max"), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (first, "unit"), ==, "%");
  states = json_object_get_object_member (first, "states");
  g_assert_cmpfloat (json_object_get_double_member (states, "up"), ==, 1);
  g_assert_cmpuint (json_object_get_size (states), ==, 1);

  uptime = cli_find_event (events, "uptime");
  g_assert_cmpfloat (json_object_get_double_member (uptime, "up"), ==, 3240);
  g_assert_cmpfloat (json_object_get_double_member (uptime, "down"), ==, 360);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (uptime, "fraction"), 0.9, 1e-9);
  g_assert_cmpfloat (json_object_get_double_member (uptime, "coverage"), ==, 1);
}

/* A down minute has no value, and that is said. */
static void
test_minutes (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *path = make_database (fixture);
  g_autoptr (CliResult) result =
    RUN (fixture, "cpu", SINCE, UNTIL, "--json", "--resolution=minute");
  g_autoptr (GPtrArray) events = cli_parse_events (result->output);
  JsonObject *down;

  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpuint (events->len, ==, N_SAMPLES / 60 + 1);
  down = g_ptr_array_index (events, 9);
  g_assert_cmpint (json_object_get_int_member (down, "count"), ==, 0);
  g_assert_true (json_object_get_null_member (down, "mean"));
  g_assert_cmpfloat (json_object_get_double_member (json_object_get_object_member (down, "states"),
                                                    "down"),
                     ==, 60);
}

/* Without being told how closely: as many lines as are of use, and all that happened in them. */
static void
test_points (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *path = make_database (fixture);
  g_autoptr (CliResult) result = RUN (fixture, "cpu", SINCE, UNTIL, "--json");
  g_autoptr (GPtrArray) events = cli_parse_events (result->output);
  gint64 count = 0;

  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpuint (events->len, >, 400);
  g_assert_cmpuint (events->len, <=, 1002);
  for (guint i = 0; i + 1 < events->len; i++)
    count += json_object_get_int_member (g_ptr_array_index (events, i), "count");
  g_assert_cmpint (count, ==, N_SAMPLES / 10 * 9);
}

static void
test_csv (CliFixture *fixture, gconstpointer user_data)
{
  static const char header[] =
    "from,to,count,min,mean,max,unknown,up,pending,pending-down,warning,critical,down,recovering,"
    "recovering-down,offline,asleep,paused,maintenance";
  g_autofree char *path = make_database (fixture);
  g_autoptr (CliResult) result = RUN (fixture, "cpu", SINCE, UNTIL, "--csv", "--resolution=minute");
  g_auto (GStrv) lines = g_strsplit (result->output, "\r\n", -1);

  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpuint (g_strv_length (lines), ==, N_SAMPLES / 60 + 2);
  g_assert_cmpstr (lines[0], ==, header);
  g_assert_cmpstr (lines[1], ==,
                   "2026-03-29T00:30:00Z,2026-03-29T00:31:00Z,60,1,30.5,60,"
                   "0,60,0,0,0,0,0,0,0,0,0,0,0");
  g_assert_cmpstr (lines[10], ==,
                   "2026-03-29T00:39:00Z,2026-03-29T00:40:00Z,0,,,,"
                   "0,0,0,0,0,0,60,0,0,0,0,0,0");
  g_assert_cmpstr (lines[N_SAMPLES / 60 + 1], ==, "");
}

static void
test_table (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *path = make_database (fixture);
  g_autoptr (CliResult) result = NULL;
  g_autoptr (GRegex) table =
    g_regex_new ("^From +Least +Mean +Greatest +State\n"
                 "(\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d  0%\\s+4\\d%\\s+99%\\s+"
                 "Up( 80\\.0%, Down 20\\.0%)?\n){12}"
                 "Up 90\\.00% of the time, of which 100% is known\n$",
                 0, 0, NULL);

  g_setenv ("TZ", "Europe/Berlin", TRUE);
  result = RUN (fixture, "cpu", SINCE, UNTIL);
  g_setenv ("TZ", "UTC", TRUE);
  g_test_message ("%s", result->output);
  g_assert_cmpint (result->status, ==, 0);
  g_assert_true (g_regex_match (table, result->output, 0, NULL));
  /* the hour that there was not in Berlin that night */
  g_assert_nonnull (strstr (result->output, "2026-03-29 01:55:00"));
  g_assert_nonnull (strstr (result->output, "2026-03-29 03:00:00"));
  g_assert_null (strstr (result->output, "2026-03-29 02:"));
}

/* The table of a time of which nothing is known says just that. */
static void
test_nothing (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *path = make_database (fixture);
  g_autoptr (CliResult) result = RUN (fixture, "cpu", "--since=2020-01-01", "--until=2020-01-02");

  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpuint (cli_count_lines (result->output), ==, 2);
  g_assert_nonnull (strstr (result->output, "Up – of the time, of which 0.00% is known"));
}

static guint
count_lines (CliFixture *fixture, const char *since, const char *until)
{
  g_autoptr (CliResult) result = RUN (fixture, "cpu", since, until, "--csv", "--resolution=raw");

  g_assert_cmpint (result->status, ==, 0);

  return cli_count_lines (result->output) - 1;
}

static void
test_times (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *path = make_database (fixture);

  g_assert_cmpuint (count_lines (fixture, SINCE, "--until=2026-03-29T00:30:10Z"), ==, 10);
  g_assert_cmpuint (count_lines (fixture, "--since=2026-03-29T00:30:10Z",
                                 "--until=2026-03-29T00:30:11Z"),
                    ==, 1);
  g_assert_cmpuint (count_lines (fixture, "--since=2026-03-29T02:30:00+02:00",
                                 "--until=2026-03-29T00:31:00Z"),
                    ==, 60);
  g_assert_cmpuint (count_lines (fixture, "--since=2026-03-28", "--until=2026-03-30"), ==,
                    N_SAMPLES);
  g_assert_cmpuint (count_lines (fixture, "--since=2026-03-29 01:00", "--until=2026-03-29T01:10"),
                    ==, 600);
  g_assert_cmpuint (count_lines (fixture, "--since=100y", "--until=0s"), ==, N_SAMPLES);
  g_assert_cmpuint (count_lines (fixture, "--since=1m", "--until=1s"), ==, 0);
}

static void
test_id (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *path = make_database (fixture);
  g_autoptr (CliResult) by_id = RUN (fixture, CPU_ID, SINCE, UNTIL, "--csv");
  g_autoptr (CliResult) several = RUN (fixture, "disk:/");
  g_autoptr (CliResult) one = RUN (fixture, OTHER_ID);
  g_autoptr (CliResult) none = RUN (fixture, "http://" CLI_SECRET "@127.0.0.1/");

  g_assert_cmpint (by_id->status, ==, 0);
  g_assert_cmpuint (cli_count_lines (by_id->output), >, 100);

  g_assert_cmpint (several->status, ==, 1);
  g_assert_cmpstr (several->output, ==, "");
  g_assert_nonnull (strstr (several->errors, FIRST_ID));
  g_assert_nonnull (strstr (several->errors, OTHER_ID));
  g_assert_cmpint (one->status, ==, 0);

  g_assert_cmpint (none->status, ==, 1);
  g_assert_nonnull (strstr (none->errors, "http://127.0.0.1/"));
  g_assert_nonnull (strstr (none->errors, "  cpu\n"));
  cli_assert_no_secret (none);
}

/* While the app has it open, and writes. */
static void
test_while_open (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *path = cli_fixture_get_path (fixture, "bobbin.db");
  Database database;

  database_open (&database, path);
  database_fill (&database);
  g_assert_cmpuint (count_lines (fixture, SINCE, UNTIL), ==, N_SAMPLES);
  /* in the middle of a transaction, of which nothing is seen */
  g_assert_true (bobbin_store_rows_begin (database.rows, TRUE, NULL));
  g_assert_cmpuint (count_lines (fixture, SINCE, UNTIL), ==, N_SAMPLES);
  bobbin_store_rows_roll_back (database.rows);
  database_close (&database);
}

static void
test_unchanged (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *path = make_database (fixture);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize length, length_after;

  g_assert_true (g_file_get_contents (path, &before, &length, NULL));
  g_assert_cmpuint (count_lines (fixture, SINCE, UNTIL), ==, N_SAMPLES);
  g_assert_true (g_file_get_contents (path, &after, &length_after, NULL));
  g_assert_cmpmem (before, length, after, length_after);
}

static void
execute (const char *path, const char *sql)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

/* No database, one of another version, and none at all: a sentence each, and no file is made. */
static void
test_no_database (CliFixture *fixture, gconstpointer user_data)
{
  g_autoptr (CliResult) missing = RUN (fixture, "cpu");
  g_autoptr (CliResult) newer = NULL;
  g_autoptr (CliResult) older = NULL;
  g_autoptr (CliResult) garbage = NULL;
  g_autofree char *path = NULL;

  g_assert_cmpint (missing->status, ==, 1);
  g_assert_nonnull (strstr (missing->errors, "Nothing has been kept"));
  path = cli_fixture_get_path (fixture, "bobbin.db");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));

  g_free (path);
  path = make_database (fixture);
  execute (path, "PRAGMA user_version = 1000");
  newer = RUN (fixture, "cpu");
  g_assert_cmpint (newer->status, ==, 1);
  g_assert_nonnull (strstr (newer->errors, "newer"));
  execute (path, "PRAGMA user_version = 1");
  older = RUN (fixture, "cpu");
  g_assert_cmpint (older->status, ==, 1);
  g_assert_nonnull (strstr (older->errors, "older"));

  cli_fixture_write (fixture, "bobbin.db", "This is no database, whatever its name may be.");
  garbage = RUN (fixture, "cpu");
  g_assert_cmpint (garbage->status, ==, 1);
  g_assert_cmpuint (cli_count_lines (garbage->errors), ==, 1);
}

/* Where the app keeps it. */
static void
test_default (CliFixture *fixture, gconstpointer user_data)
{
  g_autofree char *app_path = bobbin_store_dup_default_path ();
  g_autofree char *app_folder = g_path_get_dirname (app_path);
  g_autofree char *name = g_path_get_basename (app_folder);
  g_autofree char *folder = cli_fixture_get_path (fixture, name);
  g_autofree char *path = g_build_filename (folder, "bobbin.db", NULL);
  const char *const names[] = { "bobbin.db", "bobbin.db-shm", "bobbin.db-wal", "bobbin.db.lock" };
  g_autofree char *before = g_strdup (g_getenv ("XDG_DATA_HOME"));
  g_autoptr (CliResult) result = NULL;
  Database database;

  database_open (&database, path);
  database_fill (&database);
  database_close (&database);
  g_setenv ("XDG_DATA_HOME", fixture->folder, TRUE);
  result = cli_run (fixture, NULL, "history", "cpu", SINCE, UNTIL, "--csv", NULL);
  if (before != NULL)
    g_setenv ("XDG_DATA_HOME", before, TRUE);
  else
    g_unsetenv ("XDG_DATA_HOME");

  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpuint (cli_count_lines (result->output), >, 100);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *file = g_build_filename (folder, names[i], NULL);

      g_remove (file);
    }
}

static void
test_usage (CliFixture *fixture, gconstpointer user_data)
{
  static const char *const wrong[][4] = {
    { NULL },
    { "cpu", "memory" },
    { "cpu", "--since=yesterday" },
    { "cpu", "--since=7" },
    { "cpu", "--since=-7d" },
    { "cpu", "--since=2026-02-30" },
    { "cpu", "--until=d" },
    { "cpu", "--since=1h", "--until=1h" },
    { "cpu", "--since=1h", "--until=2h" },
    { "cpu", "--resolution=week" },
    { "cpu", "--json", "--csv" },
    { "cpu", "--count=3" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (CliResult) result = run (fixture, wrong[i]);

      g_assert_cmpint (result->status, ==, 2);
      g_assert_cmpstr (result->output, ==, "");
      g_assert_nonnull (strstr (result->errors, "bobbin-cli history --help"));
    }
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  cli_test_init (&argc, &argv);
  CLI_TEST ("/cli/history/json", test_json);
  CLI_TEST ("/cli/history/minutes", test_minutes);
  CLI_TEST ("/cli/history/points", test_points);
  CLI_TEST ("/cli/history/csv", test_csv);
  CLI_TEST ("/cli/history/table", test_table);
  CLI_TEST ("/cli/history/nothing", test_nothing);
  CLI_TEST ("/cli/history/times", test_times);
  CLI_TEST ("/cli/history/id", test_id);
  CLI_TEST ("/cli/history/while-open", test_while_open);
  CLI_TEST ("/cli/history/unchanged", test_unchanged);
  CLI_TEST ("/cli/history/no-database", test_no_database);
  CLI_TEST ("/cli/history/default", test_default);
  CLI_TEST ("/cli/history/usage", test_usage);

  return g_test_run ();
}
