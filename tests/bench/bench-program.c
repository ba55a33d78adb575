/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The programs that are compared, and how each is asked for the same: in silence, with no settings
 * of the user's, trusting the server's certificate, with as many connections as it is to have, and
 * with the file on the disk at the end where that counts. Bobbin waits for the disk by itself;
 * after the others sync(1) does.
 *
 * Any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bench-program.h"

#include <string.h>

static const char *const names[BENCH_N_PROGRAMS] = {
  [BENCH_PROGRAM_BOBBIN] = "bobbin-cli", [BENCH_PROGRAM_SINK] = "raw sink",
  [BENCH_PROGRAM_CURL] = "curl",         [BENCH_PROGRAM_ARIA2] = "aria2c",
  [BENCH_PROGRAM_WGET2] = "wget2",       [BENCH_PROGRAM_WGET] = "wget",
  [BENCH_PROGRAM_AXEL] = "axel",         [BENCH_PROGRAM_SOUP] = "libsoup alone",
};

/**
 * bench_program_get_name:
 * @program: a program
 *
 * Returns: what it is called
 */
const char *
bench_program_get_name (BenchProgram program)
{
  return names[program];
}

/* Our own are where they were built. */
static const char *
get_executable (BenchProgram program)
{
  switch (program)
    {
    case BENCH_PROGRAM_BOBBIN:
      return BOBBIN_CLI;
    case BENCH_PROGRAM_SINK:
      return BENCH_SINK;
    case BENCH_PROGRAM_SOUP:
      return BENCH_SOUP;
    case BENCH_PROGRAM_CURL:
    case BENCH_PROGRAM_ARIA2:
    case BENCH_PROGRAM_WGET2:
    case BENCH_PROGRAM_WGET:
    case BENCH_PROGRAM_AXEL:
    case BENCH_N_PROGRAMS:
    default:
      return names[program];
    }
}

/**
 * bench_program_is_there:
 * @program: a program
 *
 * Returns: whether this machine has it
 */
gboolean
bench_program_is_there (BenchProgram program)
{
  g_autofree char *path = g_find_program_in_path (get_executable (program));

  return path != NULL;
}

static gboolean
is_secure (const BenchErrand *errand)
{
  return errand->kind == BENCH_NGINX_HTTPS || errand->kind == BENCH_NGINX_HTTP2;
}

static void G_GNUC_PRINTF (2, 3) add (GPtrArray *command, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (command, g_strdup_vprintf (format, args));
  va_end (args);
}

/* An option that only an errand with a certificate needs. */
static void
add_trust (GPtrArray *command, const BenchErrand *errand, const char *option)
{
  if (is_secure (errand))
    add (command, "%s=%s", option, bench_nginx_get_certificate (errand->server));
}

static void
add_url (GPtrArray *command, const BenchErrand *errand)
{
  g_ptr_array_add (command, bench_nginx_get_url (errand->server, errand->kind, errand->file));
}

static void
ask_bobbin (GPtrArray *command, const BenchErrand *errand)
{
  add (command, "get");
  add (command, "--quiet");
  add (command, "--directory=%s", errand->folder);
  add_trust (command, errand, "--ca-file");
  if (!errand->durable)
    add (command, "--no-sync");
  if (errand->file == NULL)
    {
      add (command, "--jobs=%u", errand->n_connections);
      add (command, "--input-file=%s", errand->list);
      return;
    }

  if (errand->n_connections > 0)
    add (command, "--connections=%u", errand->n_connections);
  add_url (command, errand);
}

static void
ask_sink (GPtrArray *command, const BenchErrand *errand)
{
  g_autofree char *url = bench_nginx_get_url (errand->server, errand->kind, errand->file);
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);

  add (command, "%s", g_uri_get_host (uri));
  add (command, "%d", g_uri_get_port (uri));
  add (command, "%s", g_uri_get_path (uri));
  add (command, "%s/%s", errand->folder, errand->file);
  if (errand->durable)
    add (command, "--sync");
}

static void
ask_curl (GPtrArray *command, const BenchErrand *errand)
{
  add (command, "--disable");
  add (command, "--silent");
  add (command, "--show-error");
  add (command, "--fail");
  add (command, "--output-dir");
  add (command, "%s", errand->folder);
  add (command, "--remote-name-all");
  if (is_secure (errand))
    {
      add (command, "--cacert");
      add (command, "%s", bench_nginx_get_certificate (errand->server));
    }
  if (errand->file == NULL)
    {
      add (command, "--parallel");
      add (command, "--parallel-max");
      add (command, "%u", errand->n_connections);
      add (command, "--config");
      add (command, "%s.curl", errand->list);
      return;
    }

  add_url (command, errand);
}

static void
ask_aria2 (GPtrArray *command, const BenchErrand *errand)
{
  add (command, "--no-conf");
  add (command, "--quiet");
  add (command, "--dir=%s", errand->folder);
  add_trust (command, errand, "--ca-certificate");
  if (errand->file == NULL)
    {
      add (command, "--max-concurrent-downloads=%u", errand->n_connections);
      add (command, "--input-file=%s", errand->list);
      return;
    }

  add (command, "--min-split-size=1M");
  add (command, "--split=%u", MAX (errand->n_connections, 1));
  add (command, "--max-connection-per-server=%u", MAX (errand->n_connections, 1));
  add_url (command, errand);
}

/* Both have most of their options in common. */
static void
ask_wget (GPtrArray *command, const BenchErrand *errand)
{
  add (command, "--no-config");
  add (command, "--quiet");
  add (command, "--no-hsts");
  add (command, "--directory-prefix=%s", errand->folder);
  add_trust (command, errand, "--ca-certificate");
  if (errand->file == NULL)
    add (command, "--input-file=%s", errand->list);
  else
    add_url (command, errand);
}

static void
ask_wget2 (GPtrArray *command, const BenchErrand *errand)
{
  ask_wget (command, errand);
  if (errand->file == NULL)
    add (command, "--max-threads=%u", errand->n_connections);
}

static void
ask_axel (GPtrArray *command, const BenchErrand *errand)
{
  add (command, "--no-clobber");
  add (command, "--quiet");
  add (command, "--num-connections=%u", MAX (errand->n_connections, 1));
  add (command, "--output=%s/%s", errand->folder, errand->file);
  add_url (command, errand);
}

static void
ask_soup (GPtrArray *command, const BenchErrand *errand)
{
  add (command, "%s", errand->list);
  add (command, "%s", errand->folder);
  add (command, "%u", errand->n_connections);
  if (is_secure (errand))
    add (command, "%s", bench_nginx_get_certificate (errand->server));
}

/* The same command, and sync(1) behind it: of the file, or of the disk where there are many, which
 * costs the least. */
static GPtrArray *
then_sync (GPtrArray *command, const BenchErrand *errand)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (g_free);

  add (all, "sh");
  add (all, "-c");
  if (errand->file != NULL)
    add (all, "\"$@\" && exec sync -d '%s/%s'", errand->folder, errand->file);
  else
    add (all, "\"$@\" && exec sync -f '%s'", errand->folder);
  add (all, "sh");
  g_ptr_array_extend_and_steal (all, command);

  return all;
}

/**
 * bench_program_get_command:
 * @program: a program
 * @errand: what it is to download; the sink and axel know no lists, and libsoup alone nothing else
 *
 * Returns: (transfer full) (array zero-terminated=1): a command line
 */
char **
bench_program_get_command (BenchProgram program, const BenchErrand *errand)
{
  static void (*const ask[BENCH_N_PROGRAMS]) (GPtrArray *, const BenchErrand *) = {
    [BENCH_PROGRAM_BOBBIN] = ask_bobbin, [BENCH_PROGRAM_SINK] = ask_sink,
    [BENCH_PROGRAM_CURL] = ask_curl,     [BENCH_PROGRAM_ARIA2] = ask_aria2,
    [BENCH_PROGRAM_WGET2] = ask_wget2,   [BENCH_PROGRAM_WGET] = ask_wget,
    [BENCH_PROGRAM_AXEL] = ask_axel,     [BENCH_PROGRAM_SOUP] = ask_soup,
  };
  const gboolean syncs = program == BENCH_PROGRAM_BOBBIN || program == BENCH_PROGRAM_SINK;
  GPtrArray *command = g_ptr_array_new_with_free_func (g_free);

  if (errand->client != NULL)
    {
      add (command, "ip");
      add (command, "netns");
      add (command, "exec");
      add (command, "%s", errand->client);
    }
  add (command, "%s", get_executable (program));
  ask[program](command, errand);
  if (errand->durable && !syncs)
    command = then_sync (command, errand);
  g_ptr_array_add (command, NULL);

  return (char **) g_ptr_array_free (command, FALSE);
}
