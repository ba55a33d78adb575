/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A history as comma-separated values (RFC 4180): a header, and a line for each bucket or sample.
 * Times are those of ISO 8601 in UTC, durations are seconds, and a value that is not there is an
 * empty field. Pure; any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-history-csv.h"

#include <math.h>

/* RFC 4180 §2.1 */
#define LINE_END "\r\n"

/**
 * bobbin_history_format_time:
 * @time: µs since 1970
 *
 * Returns: (transfer full): “2026-03-29T00:30:00Z”, with as many digits of a second as it takes
 */
char *
bobbin_history_format_time (gint64 time)
{
  const gint64 second = bobbin_rollup_get_start (time + 1, G_USEC_PER_SEC);
  g_autoptr (GDateTime) date_time = g_date_time_new_from_unix_utc (second / G_USEC_PER_SEC);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *whole = NULL;

  g_return_val_if_fail (date_time != NULL, NULL);

  whole = g_date_time_format (date_time, "%Y-%m-%dT%H:%M:%S");
  g_string_append (text, whole);
  if (time != second)
    {
      g_string_append_printf (text, ".%06d", (int) (time - second));
      while (text->str[text->len - 1] == '0')
        g_string_truncate (text, text->len - 1);
    }
  g_string_append_c (text, 'Z');

  return g_strdup (text->str);
}

/* As few digits as it takes to read the same number again. */
static void
append_number (GString *csv, double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (isnan (number))
    return;

  for (int precision = 15; precision <= 17; precision++)
    {
      char format[8];

      g_snprintf (format, sizeof format, "%%.%dg", precision);
      g_ascii_formatd (text, sizeof text, format, number);
      if (g_ascii_strtod (text, NULL) == number)
        break;
    }
  g_string_append (csv, text);
}

/* In seconds, exactly. */
static void
append_duration (GString *csv, gint64 duration)
{
  g_string_append_printf (csv, "%" G_GINT64_FORMAT, duration / G_USEC_PER_SEC);
  if (duration % G_USEC_PER_SEC == 0)
    return;

  g_string_append_printf (csv, ".%06d", (int) (duration % G_USEC_PER_SEC));
  while (csv->str[csv->len - 1] == '0')
    g_string_truncate (csv, csv->len - 1);
}

static void
append_bucket (GString *csv, const BobbinHistoryBucket *bucket)
{
  g_autofree char *from = bobbin_history_format_time (bucket->start);
  g_autofree char *to = bobbin_history_format_time (bucket->start + bucket->length);

  g_string_append_printf (csv, "%s,%s,%" G_GUINT64_FORMAT ",", from, to, bucket->count);
  append_number (csv, bucket->min);
  g_string_append_c (csv, ',');
  append_number (csv, bucket->mean);
  g_string_append_c (csv, ',');
  append_number (csv, bucket->max);
  for (guint i = 0; i < BOBBIN_HISTORY_N_STATES; i++)
    {
      g_string_append_c (csv, ',');
      append_duration (csv, bucket->in_state[i]);
    }
  g_string_append (csv, LINE_END);
}

/**
 * bobbin_history_csv_append_header:
 * @csv: where to add it
 *
 * Adds the names of the columns: `from`, `to`, `count`, `min`, `mean`, `max`, and the names of all
 * states.
 */
void
bobbin_history_csv_append_header (GString *csv)
{
  g_string_append (csv, "from,to,count,min,mean,max");
  for (guint i = 0; i < BOBBIN_HISTORY_N_STATES; i++)
    g_string_append_printf (csv, ",%s", bobbin_history_state_to_string (i));
  g_string_append (csv, LINE_END);
}

/**
 * bobbin_history_csv_append_span:
 * @csv: where to add it
 * @span: what was found
 *
 * Adds a line for each bucket of @span.
 */
void
bobbin_history_csv_append_span (GString *csv, const BobbinHistorySpan *span)
{
  for (guint i = 0; i < span->buckets->len; i++)
    append_bucket (csv, &g_array_index (span->buckets, BobbinHistoryBucket, i));
}
