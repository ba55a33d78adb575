/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What can be monitored, and what can be set for it, for a person at a terminal: as the engine's
 * own tables have it. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-cli-targets.h"

#include "bobbin-cli-text.h"
#include "bobbin-monitor.h"
#include "bobbin-probe-options.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Of a terminal of the usual width. */
#define N_COLUMNS 80

/* Where a sentence stands beside its target, and below its option. */
#define BESIDE 22
#define BELOW  8

static void
end_line (GString *text, GString *line)
{
  g_string_append_printf (text, "%s\n", line->str);
  g_string_truncate (line, 0);
}

/* A label, and a sentence in lines that all begin at a column. */
static void
append_entry (GString *text, const char *label, guint column, const char *sentence)
{
  g_auto (GStrv) words = g_strsplit (sentence, " ", -1);
  g_autoptr (GString) line = g_string_new (label);

  if (bobbin_cli_text_width (label) >= column)
    end_line (text, line);
  for (char **word = words; *word != NULL; word++)
    {
      guint width = bobbin_cli_text_width (line->str);

      if (width > column && width + 1 + bobbin_cli_text_width (*word) > N_COLUMNS)
        {
          end_line (text, line);
          width = 0;
        }
      g_string_append_printf (line, "%*s%s", width < column ? (int) (column - width) : 1, "",
                              *word);
    }
  end_line (text, line);
}

/* Two that are told apart by their names only: http and https. */
static gboolean
is_same (const BobbinProbeKind *a, const BobbinProbeKind *b)
{
  return a->options == b->options && g_str_equal (a->sentence, b->sentence);
}

/* The sentence of a kind, with the unit of its values. */
static char *
describe_kind (const BobbinProbeKind *kind)
{
  g_autoptr (BobbinJob) job = bobbin_monitor_new (kind->example, NULL);
  BobbinMonitor *monitor = BOBBIN_MONITOR (job);
  const char *unit = bobbin_monitor_get_unit (monitor);

  if (bobbin_monitor_get_side (monitor) == BOBBIN_LIMIT_SIDE_BELOW)
    /* Translators: first what is measured, then in which unit; its limits are lower ones */
    return g_strdup_printf (_ ("%s, in %s; less is worse"), _ (kind->sentence), unit);
  if (*unit != '\0')
    /* Translators: first what is measured, then in which unit */
    return g_strdup_printf (_ ("%s, in %s"), _ (kind->sentence), unit);

  return g_strdup (_ (kind->sentence));
}

/* What stands for the value of an option. */
static char *
describe_values (const BobbinProbeOption *option)
{
  if (option->choices != NULL)
    return g_strjoinv ("|", (char **) option->choices);

  switch (*option->type)
    {
    case 'b':
      return g_strdup ("true|false");
    case 'u':
    case 't':
    case 'd':
      /* Translators: stands for a number in the help of a command */
      return g_strdup (_ ("NUMBER"));
    default:
      /* Translators: stands for any text in the help of a command */
      return g_strdup (_ ("TEXT"));
    }
}

/* Which value an option has where none is set, if there is one. */
static char *
describe_default (const BobbinProbeOption *option)
{
  g_autoptr (GVariant) value = NULL;
  g_autofree char *text = NULL;

  if (option->fallback == NULL || *option->type == 'a')
    return g_strdup ("");

  value = g_variant_parse (G_VARIANT_TYPE (option->type), option->fallback, NULL, NULL, NULL);
  text = *option->type == 's' ? g_variant_dup_string (value, NULL) : g_variant_print (value, FALSE);

  /* Translators: follows what an option is for; %s is its value where none is given */
  return g_strdup_printf (_ (" (default %s)"), text);
}

static void
append_option (GString *text, const BobbinProbeOption *option)
{
  g_autofree char *values = describe_values (option);
  g_autofree char *fallback = describe_default (option);
  g_autofree char *label = g_strdup_printf ("    %s=%s", option->name, values);
  g_autofree char *sentence = NULL;

  if (option->is_secret)
    /* Translators: %s is a sentence without a full stop */
    sentence = g_strdup_printf (_ ("%s; from BOBBIN_PASSWORD or the terminal, not from --set"),
                                _ (option->sentence));
  else if (*option->type == 'a')
    /* Translators: %s is a sentence without a full stop */
    sentence = g_strdup_printf (_ ("%s; repeatable"), _ (option->sentence));
  else
    sentence = g_strconcat (_ (option->sentence), fallback, NULL);

  append_entry (text, label, BELOW, sentence);
}

/**
 * bobbin_cli_targets_list:
 *
 * Returns: (transfer full): a line or two for each target that there is
 */
char *
bobbin_cli_targets_list (void)
{
  GString *text = g_string_new (NULL);
  gsize n_kinds;
  const BobbinProbeKind *const *kinds = bobbin_probe_kind_list (&n_kinds);

  for (gsize i = 0; i < n_kinds; i++)
    {
      g_autofree char *label = g_strdup_printf ("  %s", kinds[i]->target);
      g_autofree char *sentence = describe_kind (kinds[i]);

      append_entry (text, label, BESIDE, sentence);
    }

  return g_string_free (text, FALSE);
}

/**
 * bobbin_cli_targets_explain:
 *
 * Returns: (transfer full): each target that there is, and what can be set for it
 */
char *
bobbin_cli_targets_explain (void)
{
  GString *text = g_string_new (NULL);
  gsize n_kinds;
  const BobbinProbeKind *const *kinds = bobbin_probe_kind_list (&n_kinds);

  for (gsize i = 0; i < n_kinds; i++)
    {
      g_autofree char *sentence = NULL;

      g_string_append_printf (text, "%s\n", kinds[i]->target);
      if (i + 1 < n_kinds && is_same (kinds[i], kinds[i + 1]))
        continue;
      sentence = describe_kind (kinds[i]);
      append_entry (text, "", 2, sentence);
      for (const BobbinProbeOption *option = kinds[i]->options; option->name != NULL; option++)
        append_option (text, option);
    }

  return g_string_free (text, FALSE);
}
