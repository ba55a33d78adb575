/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What can be set for a probe: an a{sv}, looked at against the table of its kind before anything
 * is made of it. The same tables tell the command line and the dialogs what there is. What is
 * secret among it can be taken apart from the rest, to be kept elsewhere. Pure; any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-probe-options.h"

#include "bobbin-display.h"
#include "bobbin-error.h"
#include "bobbin-http-context.h"

#include <glib/gi18n-lib.h>

/**
 * bobbin_probe_options_find: (skip)
 * @table: a kind's options
 * @name: a name
 *
 * Returns: (transfer none) (nullable): the option of this name
 */
const BobbinProbeOption *
bobbin_probe_options_find (const BobbinProbeOption *table, const char *name)
{
  for (; table->name != NULL; table++)
    if (g_str_equal (table->name, name))
      return table;

  return NULL;
}

static char *
list_names (const BobbinProbeOption *table)
{
  GString *names = g_string_new (NULL);

  for (; table->name != NULL; table++)
    g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", table->name);

  return g_string_free (names, FALSE);
}

static gboolean
is_unknown (const BobbinProbeOption *table, const char *name, GError **error)
{
  g_autofree char *shown = bobbin_display_text (name);
  g_autofree char *names = list_names (table);

  if (table->name == NULL)
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
                 /* Translators: %s is the name of an option, such as “keyword” */
                 _ ("“%s” cannot be set here, nor can anything else."), shown);
  else
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
                 /* Translators: first the name of an option, then those that there are */
                 _ ("“%s” cannot be set here. What can is: %s."), shown, names);

  return FALSE;
}

/* What a value has to be, for a person. */
static const char *
describe_type (const char *type)
{
  switch (*type)
    {
    case 'b':
      /* Translators: what an option has to be, in “… has to be %s.”; leave true and false */
      return _ ("true or false");
    case 'u':
    case 't':
      /* Translators: what an option has to be, in “… has to be %s.” */
      return _ ("a whole number that is not negative");
    case 'd':
      /* Translators: what an option has to be, in “… has to be %s.” */
      return _ ("a number");
    case 'a':
      /* Translators: what an option has to be, in “… has to be %s.” */
      return _ ("a list of texts");
    default:
      /* Translators: what an option has to be, in “… has to be %s.” */
      return _ ("text in UTF-8");
    }
}

static gboolean
is_wrong (const BobbinProbeOption *option, const char *wanted, GError **error)
{
  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
               /* Translators: the name of an option, then “a number”, “true or false” and so on */
               _ ("“%s” has to be %s."), option->name, wanted);

  return FALSE;
}

static gboolean
check_value (const BobbinProbeOption *option, GVariant *value, GError **error)
{
  g_autofree char *choices = NULL;

  if (!g_variant_is_of_type (value, G_VARIANT_TYPE (option->type)))
    return is_wrong (option, describe_type (option->type), error);
  if (option->choices == NULL ||
      g_strv_contains (option->choices, g_variant_get_string (value, NULL)))
    return TRUE;

  choices = g_strjoinv (", ", (char **) option->choices);
  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
               /* Translators: the name of an option, then the words it can be */
               _ ("“%s” has to be one of: %s."), option->name, choices);

  return FALSE;
}

/**
 * bobbin_probe_options_check: (skip)
 * @table: a kind's options
 * @options: (nullable): what is set, a{sv}
 * @error: where to say what is wrong with it: %BOBBIN_ERROR_BAD_SETTING. No value is repeated there
 *
 * Looks whether all that is set is known, once, and of the right type.
 *
 * Returns: whether so
 */
gboolean
bobbin_probe_options_check (const BobbinProbeOption *table, GVariant *options, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GVariantIter iter;
  const char *name;
  GVariant *value;

  if (options == NULL)
    return TRUE;

  g_variant_iter_init (&iter, options);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    {
      const BobbinProbeOption *option = bobbin_probe_options_find (table, name);
      gboolean ok =
        option != NULL ? check_value (option, value, error) : is_unknown (table, name, error);

      if (ok && !g_hash_table_add (seen, g_strdup (name)))
        {
          g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
                       /* Translators: %s is the name of an option, such as “keyword” */
                       _ ("“%s” is set twice."), name);
          ok = FALSE;
        }
      if (!ok)
        {
          g_variant_unref (value);
          return FALSE;
        }
    }

  return TRUE;
}

static GVariant *
parse_number (const BobbinProbeOption *option, const char *text)
{
  const guint64 max = *option->type == 'u' ? G_MAXUINT32 : G_MAXUINT64;
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, 0, max, &number, NULL))
    return NULL;

  return *option->type == 'u' ? g_variant_new_uint32 ((guint32) number)
                              : g_variant_new_uint64 (number);
}

static GVariant *
parse_double (const char *text)
{
  char *end = NULL;
  double number = g_ascii_strtod (text, &end);

  return *text != '\0' && *end == '\0' ? g_variant_new_double (number) : NULL;
}

static GVariant *
parse_value (const BobbinProbeOption *option, const char *text)
{
  switch (*option->type)
    {
    case 'b':
      if (!g_str_equal (text, "true") && !g_str_equal (text, "false"))
        return NULL;
      return g_variant_new_boolean (g_str_equal (text, "true"));
    case 'u':
    case 't':
      return parse_number (option, text);
    case 'd':
      return parse_double (text);
    case 'a':
      return g_utf8_validate (text, -1, NULL) ? g_variant_new_strv (&text, 1) : NULL;
    default:
      return g_utf8_validate (text, -1, NULL) ? g_variant_new_string (text) : NULL;
    }
}

/**
 * bobbin_probe_options_parse: (skip)
 * @table: a kind's options
 * @name: which of them
 * @text: its value, as it was typed; of a list, one item
 * @error: where to say what is wrong with it: %BOBBIN_ERROR_BAD_SETTING
 *
 * Makes a value of what was typed on a command line.
 *
 * Returns: (transfer full) (nullable): the value, not floating
 */
GVariant *
bobbin_probe_options_parse (const BobbinProbeOption *table,
                            const char *name,
                            const char *text,
                            GError **error)
{
  const BobbinProbeOption *option = bobbin_probe_options_find (table, name);
  g_autoptr (GVariant) value = NULL;

  if (option == NULL)
    {
      is_unknown (table, name, error);
      return NULL;
    }

  value = parse_value (option, text);
  if (value == NULL)
    {
      is_wrong (option, describe_type (option->type), error);
      return NULL;
    }
  g_variant_ref_sink (value);

  return check_value (option, value, error) ? g_steal_pointer (&value) : NULL;
}

/**
 * bobbin_probe_options_get: (skip)
 * @table: a kind's options
 * @options: (nullable): what is set, and was checked
 * @name: which of them, one that is in @table
 *
 * Returns: (transfer full) (nullable): its value, or else its default
 */
GVariant *
bobbin_probe_options_get (const BobbinProbeOption *table, GVariant *options, const char *name)
{
  const BobbinProbeOption *option = bobbin_probe_options_find (table, name);
  GVariant *value = NULL;

  g_assert (option != NULL);
  if (options != NULL)
    value = g_variant_lookup_value (options, name, G_VARIANT_TYPE (option->type));
  if (value == NULL && option->fallback != NULL)
    {
      value = g_variant_parse (G_VARIANT_TYPE (option->type), option->fallback, NULL, NULL, NULL);
      g_assert (value != NULL);
    }

  return value;
}

/**
 * bobbin_probe_options_dup_string: (skip)
 * @table: a kind's options
 * @options: (nullable): what is set, and was checked
 * @name: which of them, one of type s
 *
 * Returns: (transfer full) (nullable): its value, or else its default
 */
char *
bobbin_probe_options_dup_string (const BobbinProbeOption *table,
                                 GVariant *options,
                                 const char *name)
{
  g_autoptr (GVariant) value = bobbin_probe_options_get (table, options, name);

  return value != NULL ? g_variant_dup_string (value, NULL) : NULL;
}

/**
 * bobbin_probe_options_get_boolean: (skip)
 * @table: a kind's options
 * @options: (nullable): what is set, and was checked
 * @name: which of them, one of type b that has a default
 *
 * Returns: its value, or else its default
 */
gboolean
bobbin_probe_options_get_boolean (const BobbinProbeOption *table,
                                  GVariant *options,
                                  const char *name)
{
  g_autoptr (GVariant) value = bobbin_probe_options_get (table, options, name);

  return g_variant_get_boolean (value);
}

/**
 * bobbin_probe_options_get_number: (skip)
 * @table: a kind's options
 * @options: (nullable): what is set, and was checked
 * @name: which of them, one of type u or t that has a default
 *
 * Returns: its value, or else its default
 */
guint64
bobbin_probe_options_get_number (const BobbinProbeOption *table,
                                 GVariant *options,
                                 const char *name)
{
  g_autoptr (GVariant) value = bobbin_probe_options_get (table, options, name);

  return g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32) ? g_variant_get_uint32 (value)
                                                             : g_variant_get_uint64 (value);
}

/* Headers are some of both. */
static void
split_headers (GVariant *headers, GVariantDict *plain, GVariantDict *secret)
{
  g_autofree const char **lines = g_variant_get_strv (headers, NULL);
  g_autoptr (GStrvBuilder) plain_lines = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) secret_lines = g_strv_builder_new ();
  g_auto (GStrv) kept = NULL;
  g_auto (GStrv) hidden = NULL;

  for (gsize i = 0; lines[i] != NULL; i++)
    g_strv_builder_add (bobbin_http_is_secret_header (lines[i]) ? secret_lines : plain_lines,
                        lines[i]);

  kept = g_strv_builder_end (plain_lines);
  hidden = g_strv_builder_end (secret_lines);
  if (*kept != NULL)
    g_variant_dict_insert (plain, "headers", "^as", kept);
  if (*hidden != NULL)
    g_variant_dict_insert (secret, "headers", "^as", hidden);
}

/**
 * bobbin_probe_options_split: (skip)
 * @table: a kind's options
 * @options: (nullable): what is set, and was checked
 * @secrets: (out) (transfer full): what of it is to be kept where passwords are, a{sv}
 *
 * Takes secrets out: options that are one, and those of the headers that may hold one. Whoever
 * writes options down in clear writes down what is left.
 *
 * Returns: (transfer full): the rest, a{sv}
 */
GVariant *
bobbin_probe_options_split (const BobbinProbeOption *table, GVariant *options, GVariant **secrets)
{
  g_auto (GVariantDict) plain = G_VARIANT_DICT_INIT (NULL);
  g_auto (GVariantDict) secret = G_VARIANT_DICT_INIT (NULL);
  GVariantIter iter;
  const char *name;
  GVariant *value;

  if (options != NULL)
    {
      g_variant_iter_init (&iter, options);
      while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
        {
          const BobbinProbeOption *option = bobbin_probe_options_find (table, name);

          if (g_str_equal (name, "headers") &&
              g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
            split_headers (value, &plain, &secret);
          else
            g_variant_dict_insert_value (option == NULL || option->is_secret ? &secret : &plain,
                                         name, value);
        }
    }

  *secrets = g_variant_ref_sink (g_variant_dict_end (&secret));

  return g_variant_ref_sink (g_variant_dict_end (&plain));
}

/**
 * bobbin_probe_options_join: (skip)
 * @options: what bobbin_probe_options_split() left
 * @secrets: (nullable): what it took out
 *
 * Puts both together again.
 *
 * Returns: (transfer full): what is set, a{sv}
 */
GVariant *
bobbin_probe_options_join (GVariant *options, GVariant *secrets)
{
  g_auto (GVariantDict) joined = G_VARIANT_DICT_INIT (options);
  GVariantIter iter;
  const char *name;
  GVariant *value;

  if (secrets == NULL)
    return g_variant_ref (options);

  g_variant_iter_init (&iter, secrets);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    {
      g_autoptr (GVariant) there =
        g_variant_dict_lookup_value (&joined, name, G_VARIANT_TYPE_STRING_ARRAY);
      g_autoptr (GStrvBuilder) lines = NULL;
      g_auto (GStrv) all = NULL;

      if (there == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
        {
          g_variant_dict_insert_value (&joined, name, value);
          continue;
        }

      lines = g_strv_builder_new ();
      all = g_variant_dup_strv (there, NULL);
      g_strv_builder_addv (lines, (const char **) all);
      g_strfreev (all);
      all = g_variant_dup_strv (value, NULL);
      g_strv_builder_addv (lines, (const char **) all);
      g_strfreev (all);
      all = g_strv_builder_end (lines);
      g_variant_dict_insert (&joined, name, "^as", all);
    }

  return g_variant_ref_sink (g_variant_dict_end (&joined));
}
