/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Times as they are typed: a date, a date and a time of day, or how long ago. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-cli-when.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* “90s”, “15m”, “2h”, “7d”, “4w”, “1y” */
static gboolean
take_ago (const char *text, gint64 now, gint64 *time)
{
  static const struct
  {
    char letter;
    gint64 seconds;
  } units[] = {
    { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 604800 }, { 'y', 31536000 },
  };
  const gsize n_digits = strspn (text, "0123456789");
  g_autofree char *digits = g_strndup (text, n_digits);
  guint64 number;

  if (strlen (text) != n_digits + 1 ||
      !g_ascii_string_to_unsigned (digits, 10, 0, 1000000, &number, NULL))
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (text[n_digits] == units[i].letter)
      {
        *time = now - (gint64) number * units[i].seconds * G_USEC_PER_SEC;
        return TRUE;
      }

  return FALSE;
}

/* ISO 8601, but that a blank may stand for the T, the seconds or the whole time of day may be left
 * out, and without a zone it is the local one. */
static gboolean
take_date (const char *text, gint64 *time)
{
  g_autoptr (GString) whole = g_string_new (text);
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GDateTime) date_time = NULL;

  if (whole->len == strlen ("2026-03-29"))
    g_string_append (whole, "T00:00");
  if (whole->len > strlen ("2026-03-29") && whole->str[strlen ("2026-03-29")] == ' ')
    whole->str[strlen ("2026-03-29")] = 'T';
  if (whole->len == strlen ("2026-03-29T12:34"))
    g_string_append (whole, ":00");

  date_time = g_date_time_new_from_iso8601 (whole->str, zone);
  if (date_time == NULL)
    return FALSE;

  *time =
    g_date_time_to_unix (date_time) * G_USEC_PER_SEC + g_date_time_get_microsecond (date_time);

  return TRUE;
}

/**
 * bobbin_cli_when_take:
 * @option: the option's name, for the message
 * @text: (nullable): what was given; %NULL leaves @time as it is
 * @now: µs since 1970
 * @time: (inout): µs since 1970
 * @error: where to say why not: %G_OPTION_ERROR_BAD_VALUE
 *
 * Reads a time.
 *
 * Returns: whether @text was good
 */
gboolean
bobbin_cli_when_take (const char *option,
                      const char *text,
                      gint64 now,
                      gint64 *time,
                      GError **error)
{
  if (text == NULL || take_ago (text, now, time) || take_date (text, time))
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               /* Translators: %1$s is an option, like “--since”; leave the examples as they are */
               _ ("%s takes a time such as 2026-03-29T12:30 or 7d, which is seven days ago, not "
                  "“%s”"),
               option, text);

  return FALSE;
}
