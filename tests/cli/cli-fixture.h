/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli-server.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A server, a folder for what is downloaded, and what bobbin-cli finds in BOBBIN_PASSWORD. */
typedef struct
{
  CliServer *server;
  char *folder;
  const char *password; /* (nullable) */
  gboolean alone;       /* without a terminal, even if the tests are run on one */
} CliFixture;

/* How a run of bobbin-cli ended. */
typedef struct
{
  int status; /* exit status, or minus the signal that killed it */
  char *output;
  char *errors;
} CliResult;

/* A run of bobbin-cli that goes on; its standard input, output and errors are pipes. */
typedef struct
{
  GSubprocess *process;
  GDataInputStream *lines;  /* of standard output */
  GDataInputStream *errors; /* lines of standard error */
} CliRun;

#define CLI_TEST(name, func) \
  g_test_add (name, CliFixture, NULL, cli_fixture_set_up, func, cli_fixture_tear_down)

void cli_test_init (int *argc, char ***argv);
const char *cli_get_program (void);
void cli_fixture_set_up (CliFixture *self, gconstpointer user_data);
void cli_fixture_tear_down (CliFixture *self, gconstpointer user_data);

void cli_assert_harmless (const char *text);

#define CLI_SECRET "mallory:hunter2"

char *cli_make_secret_uri (CliFixture *self, const char *path);
void cli_assert_no_secret (CliResult *result);

char *cli_fixture_get_path (CliFixture *self, const char *name);
void cli_fixture_write (CliFixture *self, const char *name, const char *text);
void cli_assert_content (CliFixture *self, const char *name, gsize size);
void cli_assert_files (CliFixture *self, const char *first, ...) G_GNUC_NULL_TERMINATED;

CliResult *cli_run (CliFixture *self, const char *input, ...) G_GNUC_NULL_TERMINATED;
void cli_result_free (CliResult *self);
guint cli_count_lines (const char *text);
GPtrArray *cli_parse_events (const char *text);
JsonObject *cli_find_event (GPtrArray *events, const char *event);

CliRun *cli_run_begin (CliFixture *self, ...) G_GNUC_NULL_TERMINATED;
JsonObject *cli_run_wait_event (CliRun *self, const char *event);
char *cli_run_read_error (CliRun *self);
void cli_run_type (CliRun *self, const char *text);
int cli_run_end (CliRun *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliResult, cli_result_free)

G_END_DECLS
