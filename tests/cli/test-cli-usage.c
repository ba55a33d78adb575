/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The command line itself: what is asked for and answered at once, and every way to get it wrong.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "cli-fixture.h"

#include <string.h>

static void
test_version (CliFixture *fixture, gconstpointer user_data)
{
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "--version", NULL);

  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpstr (result->output, ==, "bobbin-cli " PACKAGE_VERSION "\n");
  g_assert_cmpstr (result->errors, ==, "");
}

static void
test_help (CliFixture *fixture, gconstpointer user_data)
{
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "--help", NULL);

  g_assert_cmpint (result->status, ==, 0);
  g_assert_nonnull (strstr (result->output, "bobbin-cli get [OPTION…] URL…"));
  g_assert_nonnull (strstr (result->output, "bobbin-cli watch [OPTION…] TARGET…"));
  g_assert_nonnull (strstr (result->output, "bobbin-cli history [OPTION…] TARGET"));
  g_assert_cmpstr (result->errors, ==, "");
}

/* All fit a terminal of the usual width. */
static void
assert_narrow (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    g_assert_cmpint (g_utf8_strlen (*line, -1), <=, 80);
}

static void
test_help_get (CliFixture *fixture, gconstpointer user_data)
{
  static const char *const options[] = { "-d, --directory=DIR",
                                         "-o, --output=NAME",
                                         "-i, --input-file=FILE",
                                         "--exists=WHAT",
                                         "--checksum=ALGO:HEX",
                                         "--accept-html",
                                         "--no-sync",
                                         "-j, --jobs=N",
                                         "-x, --connections=N",
                                         "--limit-rate=RATE",
                                         "--retries=N",
                                         "--timeout=SECONDS",
                                         "-H, --header='Name: value'",
                                         "--user-agent=TEXT",
                                         "--referer=URL",
                                         "--cookie-file=FILE",
                                         "--user=NAME",
                                         "--ca-file=PEM",
                                         "-q, --quiet",
                                         "--json",
                                         "-h, --help" };
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "get", "--help", NULL);

  g_assert_cmpint (result->status, ==, 0);
  g_assert_nonnull (strstr (result->output, "bobbin-cli get [OPTION…] URL…"));
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    if (strstr (result->output, options[i]) == NULL)
      g_error ("“%s” is not in the help", options[i]);
  assert_narrow (result->output);
}

static void
test_help_history (CliFixture *fixture, gconstpointer user_data)
{
  static const char *const options[] = { "--since=TIME", "--until=TIME", "--resolution=WHAT",
                                         "--json",       "--csv",        "--database=FILE",
                                         "-h, --help" };
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "history", "--help", NULL);

  g_assert_cmpint (result->status, ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    g_assert_nonnull (strstr (result->output, options[i]));
  assert_narrow (result->output);
}

static void
test_help_monitors (CliFixture *fixture, gconstpointer user_data)
{
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "monitors", "--help", NULL);

  g_assert_cmpint (result->status, ==, 0);
  g_assert_nonnull (strstr (result->output, "--export=FILE"));
  g_assert_nonnull (strstr (result->output, "--import=FILE"));
  assert_narrow (result->output);
}

static const char *const targets[] = {
  "cpu",
  "cpu:NUMBER",
  "memory",
  "swap",
  "load",
  "pressure:RESOURCE",
  "temperature",
  "temperature:SENSOR",
  "net:INTERFACE",
  "process:NAME",
  "folder:PATH",
  "disk:PATH",
  "disk-free:PATH",
  "inodes:PATH",
  "http://HOST/PATH",
  "https://HOST/PATH",
  "tcp://HOST:PORT",
  "cert://HOST:PORT",
  "ping:HOST",
  "dns:NAME",
  "page:URL",
};

static void
test_help_watch (CliFixture *fixture, gconstpointer user_data)
{
  static const char *const options[] = { "--interval=SECONDS",
                                         "--count=N",
                                         "--warn=LIMIT",
                                         "--critical=LIMIT",
                                         "--warn-clear=LIMIT",
                                         "--critical-clear=LIMIT",
                                         "--side=above|below",
                                         "--for=N",
                                         "--for-seconds=SECONDS",
                                         "--recover=N",
                                         "--timeout=",
                                         "--set=NAME=VALUE",
                                         "--help-targets",
                                         "--json" };
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "watch", "--help", NULL);

  g_assert_cmpint (result->status, ==, 0);
  g_assert_nonnull (strstr (result->output, "bobbin-cli watch [OPTION…] TARGET…"));
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    if (strstr (result->output, options[i]) == NULL)
      g_error ("“%s” is not in the help", options[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (targets); i++)
    if (strstr (result->output, targets[i]) == NULL)
      g_error ("“%s” is not in the help", targets[i]);
  assert_narrow (result->output);
}

/* Every target, and what can be set for it. */
static void
test_help_targets (CliFixture *fixture, gconstpointer user_data)
{
  static const struct
  {
    const char *target;
    const char *option;
  } options[] = {
    { "net:INTERFACE", "direction=in|out|both" },
    { "https://HOST/PATH", "expect-status=TEXT" },
    { "https://HOST/PATH", "follow-redirects=true|false" },
    { "https://HOST/PATH", "password=" },
    { "https://HOST/PATH", "max-redirects=NUMBER" },
    { "cert://HOST:PORT", "ca-file=TEXT" },
    { "ping:HOST", "ip=any|4|6" },
    { "dns:NAME", "type=A|" },
    { "page:URL", "ignore=TEXT" },
  };
  g_autoptr (CliResult) result = cli_run (fixture, NULL, "watch", "--help-targets", NULL);

  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpstr (result->errors, ==, "");
  for (gsize i = 0; i < G_N_ELEMENTS (targets); i++)
    if (strstr (result->output, targets[i]) == NULL)
      g_error ("“%s” is not in the help", targets[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    {
      const char *at = strstr (result->output, options[i].target);

      if (at == NULL || strstr (at, options[i].option) == NULL)
        g_error ("“%s” of “%s” is not in the help", options[i].option, options[i].target);
    }
  assert_narrow (result->output);
}

#define MD5 "md5:d41d8cd98f00b204e9800998ecf8427e"

/* What is wrong, and a word that the complaint must have. */
static const struct
{
  const char *args[8];
  const char *word;
} wrong[] = {
  { { NULL }, "No command" },
  { { "fetch" }, "“fetch”" },
  { { "--verbose" }, "“--verbose”" },
  { { "get" }, "No address" },
  { { "get", "--unknown", "http://127.0.0.1/a" }, "--unknown" },
  { { "get", "-x", "0", "http://127.0.0.1/a" }, "--connections" },
  { { "get", "-x33", "http://127.0.0.1/a" }, "“33”" },
  { { "get", "--limit-rate=0", "http://127.0.0.1/a" }, "--limit-rate" },
  { { "get", "--limit-rate=", "http://127.0.0.1/a" }, "--limit-rate" },
  { { "get", "--limit-rate=-1K", "http://127.0.0.1/a" }, "“-1K”" },
  { { "get", "--limit-rate=K", "http://127.0.0.1/a" }, "“K”" },
  { { "get", "--limit-rate=1KB", "http://127.0.0.1/a" }, "“1KB”" },
  { { "get", "--limit-rate=1T", "http://127.0.0.1/a" }, "“1T”" },
  { { "get", "--limit-rate=1e3", "http://127.0.0.1/a" }, "“1e3”" },
  { { "get", "--limit-rate=0x10", "http://127.0.0.1/a" }, "“0x10”" },
  { { "get", "--limit-rate=1.2.3", "http://127.0.0.1/a" }, "“1.2.3”" },
  { { "get", "--limit-rate=2000G", "http://127.0.0.1/a" }, "“2000G”" },
  { { "get", "--checksum=md5:0", "http://127.0.0.1/a" }, "“md5:0”" },
  { { "get", "--checksum=crc32:00000000", "http://127.0.0.1/a" }, "sha256" },
  { { "get", "--checksum=" MD5, "http://127.0.0.1/a", "http://127.0.0.1/b" }, "exactly one" },
  { { "get", "--checksum=" MD5, "-i", "-" }, "exactly one" },
  { { "get", "-H", "Accept", "http://127.0.0.1/a" }, "“Accept”" },
  { { "get", "-H", "Range: bytes=1-", "http://127.0.0.1/a" }, "“Range”" },
  { { "get", "-H", "Accept: a", "--header=A: b\nC: d", "http://127.0.0.1/a" }, "“A”" },
  { { "get", "-HReferer: http://a/", "--referer=http://b/", "http://127.0.0.1/a" }, "twice" },
  { { "get", "--referer=page", "http://127.0.0.1/a" }, "“page”" },
  { { "get", "--user-agent=a\nb", "http://127.0.0.1/a" }, "single line" },
  { { "get", "--cookie-file=missing.txt", "http://127.0.0.1/a" }, "missing.txt" },
  { { "get", "--cookie-file=.", "http://127.0.0.1/a" }, "cookies" },
  { { "get", "--user=", "http://127.0.0.1/a" }, "--user" },
  { { "get", "--user=joe", "-H", "Authorization: x", "http://127.0.0.1/a" }, "not both" },
  { { "get", "-d" }, "-d" },
  { { "get", "-j", "0", "http://127.0.0.1/a" }, "--jobs" },
  { { "get", "-j", "101", "http://127.0.0.1/a" }, "--jobs" },
  { { "get", "-j", "four", "http://127.0.0.1/a" }, "“four”" },
  { { "get", "-j", "", "http://127.0.0.1/a" }, "--jobs" },
  { { "get", "--retries=-1", "http://127.0.0.1/a" }, "--retries" },
  { { "get", "--retries=1.5", "http://127.0.0.1/a" }, "--retries" },
  { { "get", "--timeout=0", "http://127.0.0.1/a" }, "--timeout" },
  { { "get", "--exists=replace", "http://127.0.0.1/a" }, "“replace”" },
  { { "get", "-o", "name", "http://127.0.0.1/a", "http://127.0.0.1/b" }, "exactly one" },
  { { "get", "-o", "name", "-i", "-" }, "exactly one" },
  { { "get", "-o", "a/b", "http://127.0.0.1/a" }, "not a path" },
  { { "get", "-o", "/tmp/b", "http://127.0.0.1/a" }, "not a path" },
  { { "get", "-o", "..", "http://127.0.0.1/a" }, "not a path" },
  { { "get", "-o", "", "http://127.0.0.1/a" }, "not a path" },
  { { "get", "-i", "missing.txt" }, "missing.txt" },
  { { "get", "-i", "." }, "directory" },
  { { "get", "-i", "-", "-i", "-" }, "only once" },
  { { "get", "--ca-file=missing.pem", "http://127.0.0.1/a" }, "missing.pem" },
  { { "get", "-q", "--json", "http://127.0.0.1/a" }, "--quiet" },
  { { "monitors" }, "--export" },
  { { "monitors", "--export=-", "--import=-" }, "--export" },
  { { "monitors", "--export=-", "cpu" }, "--export" },
  { { "watch" }, "No target" },
  { { "watch", "--unknown", "cpu" }, "--unknown" },
  { { "watch", "nonsense" }, "nonsense" },
  { { "watch", "cpu", "tcp://127.0.0.1" }, "tcp://127.0.0.1" },
  { { "watch", "--interval=0.05", "cpu" }, "--interval" },
  { { "watch", "--interval=0.5", "tcp://localhost:1" }, "at least 1 for" },
  { { "watch", "--interval=0.1", "cpu", "page:http://localhost/" }, "at least 1 for" },
  { { "watch", "--interval=nan", "cpu" }, "--interval" },
  { { "watch", "--interval=1e9", "cpu" }, "--interval" },
  { { "watch", "--interval=1s", "cpu" }, "“1s”" },
  { { "watch", "--count=0", "cpu" }, "--count" },
  { { "watch", "--count=-1", "cpu" }, "--count" },
  { { "watch", "--for=0", "cpu" }, "--for" },
  { { "watch", "--timeout=0", "cpu" }, "--timeout" },
  { { "watch", "--warn=much", "cpu" }, "“much”" },
  { { "watch", "--warn=inf", "cpu" }, "--warn" },
  { { "watch", "--warn=90", "--critical=80", "cpu" }, "--critical" },
  { { "watch", "--warn=7", "--critical=21", "cert://127.0.0.1:443" }, "less is worse" },
  { { "watch", "--side=below", "--warn=80", "--critical=90", "cpu" }, "less is worse" },
  { { "watch", "--side=left", "cpu" }, "“left”" },
  { { "watch", "--warn-clear=70", "cpu" }, "--warn-clear" },
  { { "watch", "--critical-clear=70", "cpu" }, "--critical-clear" },
  { { "watch", "--warn=80", "--warn-clear=90", "cpu" }, "--warn-clear" },
  { { "watch", "--recover=0", "cpu" }, "--recover" },
  { { "watch", "--for-seconds=-1", "cpu" }, "--for-seconds" },
  { { "watch", "--fetch=.", "cpu" }, "page:" },
  { { "watch", "--fetch=missing", "page:http://127.0.0.1/" }, "--fetch" },
  { { "watch", "--set=keyword", "http://127.0.0.1/" }, "NAME=VALUE" },
  { { "watch", "--set=keyword=a", "--set=keyword=b", "http://127.0.0.1/" }, "twice" },
  { { "watch", "--set=ip=5", "http://127.0.0.1/" }, "“ip”" },
  { { "watch", "--set=max-redirects=-1", "http://127.0.0.1/" }, "“max-redirects”" },
  { { "watch", "--set=colour=red", "net:lo", "cpu" }, "direction" },
  { { "watch", "--set=direction=up", "net:lo" }, "in, out, both" },
  { { "watch", "--set=password=x", "http://127.0.0.1/" }, "BOBBIN_PASSWORD" },
};

static void
test_wrong (CliFixture *fixture, gconstpointer user_data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      const char *const *args = wrong[i].args;
      g_autoptr (CliResult) result =
        cli_run (fixture, NULL, args[0], args[1], args[2], args[3], args[4], args[5], NULL);

      g_test_message ("%s %s %s: %s", args[0], args[0] != NULL ? args[1] : "",
                      args[0] != NULL && args[1] != NULL ? args[2] : "", result->errors);
      g_assert_cmpint (result->status, ==, 2);
      g_assert_cmpstr (result->output, ==, "");
      g_assert_true (g_str_has_prefix (result->errors, "bobbin-cli: "));
      g_assert_nonnull (strstr (result->errors, wrong[i].word));
      g_assert_nonnull (strstr (result->errors, "--help"));
      g_assert_cmpuint (cli_count_lines (result->errors), ==, 2);
    }
  g_assert_cmpuint (cli_server_get_n_requests (fixture->server), ==, 0);
}

/* What was typed is told back, not obeyed. */
static void
test_harmless (CliFixture *fixture, gconstpointer user_data)
{
  g_autoptr (CliResult) command = cli_run (fixture, NULL, CLI_LIE, NULL);
  g_autoptr (CliResult) value = cli_run (fixture, NULL, "get", "--exists=" CLI_LIE, "x", NULL);

  g_assert_cmpint (command->status, ==, 2);
  cli_assert_harmless (command->errors);
  g_assert_cmpint (value->status, ==, 2);
  cli_assert_harmless (value->errors);
}

/* A password among the arguments is refused, with a word of where to put it, and not repeated. */
static void
test_user_password (CliFixture *fixture, gconstpointer user_data)
{
  g_autoptr (CliResult) result =
    cli_run (fixture, NULL, "get", "--user=" CLI_SECRET, "http://127.0.0.1/a", NULL);

  g_assert_cmpint (result->status, ==, 2);
  g_assert_nonnull (strstr (result->errors, "BOBBIN_PASSWORD"));
  cli_assert_no_secret (result);
}

int
main (int argc, char **argv)
{
  cli_test_init (&argc, &argv);

  CLI_TEST ("/cli/usage/version", test_version);
  CLI_TEST ("/cli/usage/help", test_help);
  CLI_TEST ("/cli/usage/help-get", test_help_get);
  CLI_TEST ("/cli/usage/help-watch", test_help_watch);
  CLI_TEST ("/cli/usage/help-monitors", test_help_monitors);
  CLI_TEST ("/cli/usage/help-targets", test_help_targets);
  CLI_TEST ("/cli/usage/help-history", test_help_history);
  CLI_TEST ("/cli/usage/wrong", test_wrong);
  CLI_TEST ("/cli/usage/harmless", test_harmless);
  CLI_TEST ("/cli/usage/user-password", test_user_password);

  return g_test_run ();
}
