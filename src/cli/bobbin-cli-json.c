/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Events as JSON, one object a line, for programs that read bobbin-cli. Every event of a kind has
 * the same members: what is not known, or is not there, is null, never left out and never guessed;
 * only bytes and speed begin at 0. JSON is UTF-8 (RFC 8259 §8.1), so a name or an address that is
 * not is given as it is displayed. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-cli-json.h"

#include "bobbin-display.h"
#include "bobbin-error.h"
#include "bobbin-history-csv.h"

#include <json-glib/json-glib.h>
#include <math.h>

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  g_autofree char *valid = value != NULL ? g_utf8_make_valid (value, -1) : NULL;

  json_builder_set_member_name (builder, name);
  if (valid != NULL)
    json_builder_add_string_value (builder, valid);
  else
    json_builder_add_null_value (builder);
}

/* A count below zero is one that is not known. */
static void
add_count (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  if (value >= 0)
    json_builder_add_int_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

/* One that is not finite is none. */
static void
add_number (JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name (builder, name);
  if (isfinite (value))
    json_builder_add_double_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_target (JsonBuilder *builder, BobbinMonitor *monitor)
{
  g_autofree char *target = bobbin_display_address (bobbin_monitor_get_target (monitor));

  add_string (builder, "target", target);
}

static void
add_file (JsonBuilder *builder, const char *file)
{
  g_autofree char *name = file != NULL ? g_filename_display_name (file) : NULL;

  add_string (builder, "file", name);
}

static void
add_problem (JsonBuilder *builder, const char *code, const char *message)
{
  json_builder_set_member_name (builder, "error");
  json_builder_begin_object (builder);
  add_string (builder, "code", code);
  add_string (builder, "message", message);
  json_builder_end_object (builder);
}

static void
add_error (JsonBuilder *builder, const GError *error)
{
  if (error != NULL)
    add_problem (builder, bobbin_error_code_name (error), error->message);
  else
    add_string (builder, "error", NULL);
}

static JsonBuilder *
begin_event (const char *event)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_string (builder, "event", event);
  return builder;
}

/* RFC 8259 §7: any character may be written as “\uXXXX”, beyond the basic plane as two of them. */
static void
append_escaped (GString *line, gunichar c)
{
  gunichar2 units[2];
  const gsize n_units = c > 0xffff ? 2 : 1;

  units[0] = (gunichar2) (c > 0xffff ? 0xd800 + ((c - 0x10000) >> 10) : c);
  units[1] = (gunichar2) (0xdc00 + (c & 0x3ff));
  for (gsize i = 0; i < n_units; i++)
    g_string_append_printf (line, "\\u%04x", units[i]);
}

/* JSON-GLib escapes what must be, and lets through what a terminal may obey as well. It can stand
 * only in strings. */
static char *
end_event (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  GString *line = g_string_new (NULL);

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      const gunichar c = g_utf8_get_char (p);

      if (bobbin_display_is_harmless (c))
        g_string_append_unichar (line, c);
      else
        append_escaped (line, c);
    }
  g_string_append_c (line, '\n');

  return g_string_free (line, FALSE);
}

/**
 * bobbin_cli_json_download:
 * @event: what happened
 * @url: the address as it was given, but for a password
 * @download: to whom
 * @file: (nullable): the path of the file, once known
 * @problem: (nullable): what made a try fail, in a “retry” event
 *
 * Makes the line for a download's event. Of a download that failed it says why.
 *
 * Returns: (transfer full): the line, with its line feed
 */
char *
bobbin_cli_json_download (const char *event,
                          const char *url,
                          BobbinDownload *download,
                          const char *file,
                          BobbinEvent *problem)
{
  g_autoptr (JsonBuilder) builder = begin_event (event);
  BobbinJob *job = BOBBIN_JOB (download);
  const GError *error = bobbin_job_get_error (job);

  add_string (builder, "url", url);
  add_file (builder, file);
  add_count (builder, "received", MAX (bobbin_job_get_bytes (job), 0));
  add_count (builder, "total", bobbin_job_get_total (job));
  add_count (builder, "rate", MAX (bobbin_job_get_rate (job), 0));
  if (problem != NULL)
    add_problem (builder, bobbin_event_get_code (problem), bobbin_event_get_text (problem));
  else
    add_error (builder, error);
  return end_event (builder);
}

/**
 * bobbin_cli_json_refused:
 * @url: what was given as an address, but for a password
 * @error: why it is none
 *
 * Makes the line for an address of which no download could be made.
 *
 * Returns: (transfer full): the line, with its line feed
 */
char *
bobbin_cli_json_refused (const char *url, const GError *error)
{
  g_autoptr (JsonBuilder) builder = begin_event ("failed");

  add_string (builder, "url", url);
  add_file (builder, NULL);
  add_count (builder, "received", 0);
  add_count (builder, "total", -1);
  add_count (builder, "rate", 0);
  add_error (builder, error);
  return end_event (builder);
}

/* µs since 1970, 0 for never. */
static void
add_time (JsonBuilder *builder, const char *name, gint64 time)
{
  g_autofree char *text = time > 0 ? bobbin_history_format_time (time) : NULL;

  add_string (builder, name, text);
}

/* When it was to be taken, and when it came. */
static void
add_slot (JsonBuilder *builder, BobbinMonitor *monitor)
{
  gint64 due, came;

  g_object_get (monitor, "due", &due, "came", &came, NULL);
  add_time (builder, "due", due);
  add_time (builder, "came", came);
}

static void
add_reason (JsonBuilder *builder, BobbinMonitor *monitor)
{
  const BobbinUnknownReason reason = bobbin_monitor_get_reason (monitor);

  add_string (builder, "reason",
              reason != BOBBIN_UNKNOWN_NONE ? bobbin_unknown_reason_to_string (reason) : NULL);
}

/* What a web page was like before is for the program only. */
static void
add_details (JsonBuilder *builder, GVariant *details)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (details);
  g_autoptr (GVariant) shown = NULL;

  json_builder_set_member_name (builder, "details");
  if (details == NULL)
    {
      json_builder_add_null_value (builder);
      return;
    }
  g_variant_dict_remove (&dict, "known");
  shown = g_variant_ref_sink (g_variant_dict_end (&dict));
  json_builder_add_value (builder, json_gvariant_serialize (shown));
}

/**
 * bobbin_cli_json_sample:
 * @monitor: a monitor that has just sampled
 * @text: (nullable): what was found in words
 * @details: (nullable): what else was measured, a{sv}
 *
 * Makes the line for its latest sample.
 *
 * Returns: (transfer full): the line, with its line feed
 */
char *
bobbin_cli_json_sample (BobbinMonitor *monitor, const char *text, GVariant *details)
{
  g_autoptr (JsonBuilder) builder = begin_event ("sample");
  GDateTime *time = bobbin_monitor_get_sample_time (monitor);
  g_autofree char *when = time != NULL ? g_date_time_format_iso8601 (time) : NULL;
  const GError *error = bobbin_monitor_get_sample_error (monitor);
  const double value = bobbin_monitor_get_value (monitor);

  add_target (builder, monitor);
  add_string (builder, "time", when);
  add_number (builder, "value", error == NULL ? value : NAN);
  add_string (builder, "unit", bobbin_monitor_get_unit (monitor));
  add_string (builder, "state", bobbin_health_to_string (bobbin_monitor_get_health (monitor)));
  add_error (builder, error);
  add_reason (builder, monitor);
  add_slot (builder, monitor);
  add_string (builder, "text", text);
  add_details (builder, details);
  return end_event (builder);
}

/**
 * bobbin_cli_json_state:
 * @monitor: a monitor
 * @from: how it did
 * @to: how it does
 *
 * Makes the line for a change of a monitor's state.
 *
 * Returns: (transfer full): the line, with its line feed
 */
char *
bobbin_cli_json_state (BobbinMonitor *monitor, BobbinHealth from, BobbinHealth to)
{
  g_autoptr (JsonBuilder) builder = begin_event ("state");

  add_target (builder, monitor);
  add_string (builder, "from", bobbin_health_to_string (from));
  add_string (builder, "to", bobbin_health_to_string (to));
  return end_event (builder);
}

static void
add_times (JsonBuilder *builder, const BobbinHistoryBucket *bucket)
{
  g_autofree char *from = bobbin_history_format_time (bucket->start);
  g_autofree char *to = bobbin_history_format_time (bucket->start + bucket->length);

  add_string (builder, "from", from);
  add_string (builder, "to", to);
}

static double
to_seconds (gint64 duration)
{
  return (double) duration / G_USEC_PER_SEC;
}

static void
add_states (JsonBuilder *builder, const BobbinHistoryBucket *bucket)
{
  json_builder_set_member_name (builder, "states");
  json_builder_begin_object (builder);
  for (guint i = 0; i < BOBBIN_HISTORY_N_STATES; i++)
    if (bucket->in_state[i] > 0)
      add_number (builder, bobbin_history_state_to_string (i), to_seconds (bucket->in_state[i]));
  json_builder_end_object (builder);
}

/**
 * bobbin_cli_json_history:
 * @monitor: a monitor
 * @bucket: what happened in some time
 *
 * Makes the line for a part of its history.
 *
 * Returns: (transfer full): the line, with its line feed
 */
char *
bobbin_cli_json_history (BobbinMonitor *monitor, const BobbinHistoryBucket *bucket)
{
  g_autoptr (JsonBuilder) builder = begin_event ("history");

  add_target (builder, monitor);
  add_times (builder, bucket);
  add_count (builder, "count", (gint64) bucket->count);
  add_number (builder, "min", bucket->min);
  add_number (builder, "mean", bucket->mean);
  add_number (builder, "max", bucket->max);
  add_string (builder, "unit", bobbin_monitor_get_unit (monitor));
  add_states (builder, bucket);
  return end_event (builder);
}

/**
 * bobbin_cli_json_uptime:
 * @monitor: a monitor
 * @bucket: what happened in some time
 * @uptime: how much of that it was up
 *
 * Makes the line for that.
 *
 * Returns: (transfer full): the line, with its line feed
 */
char *
bobbin_cli_json_uptime (BobbinMonitor *monitor,
                        const BobbinHistoryBucket *bucket,
                        const BobbinUptime *uptime)
{
  g_autoptr (JsonBuilder) builder = begin_event ("uptime");

  add_target (builder, monitor);
  add_times (builder, bucket);
  add_number (builder, "up", to_seconds (uptime->up));
  add_number (builder, "down", to_seconds (uptime->down));
  add_number (builder, "fraction", uptime->fraction);
  add_number (builder, "coverage", uptime->coverage);
  add_states (builder, bucket);
  return end_event (builder);
}
