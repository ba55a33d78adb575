/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * One value of a JSON text, by a path such as `checks[0].state` or `$.status`. Pure; any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-json-path.h"

#include "bobbin-display.h"
#include "bobbin-error.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

/* json-glib goes down by calling itself, and a stranger decides how deep. */
#define MAX_DEPTH 200

static const char *
skip_root (const char *path)
{
  if (*path == '$')
    path++;

  return *path == '.' ? path + 1 : path;
}

/* Takes the next step of a path: either a name or an index. */
static gboolean
next_step (const char **path, char **name, guint *element)
{
  const char *p = *path;
  gsize length;
  guint64 number;
  g_autofree char *digits = NULL;

  *name = NULL;
  if (*p == '[')
    {
      length = strspn (p + 1, "0123456789");
      digits = g_strndup (p + 1, length);
      if (p[1 + length] != ']' ||
          !g_ascii_string_to_unsigned (digits, 10, 0, G_MAXINT, &number, NULL))
        return FALSE;
      *element = (guint) number;
      p += length + strlen ("[]");
    }
  else
    {
      length = strcspn (p, ".[]");
      if (length == 0)
        return FALSE;
      *name = g_strndup (p, length);
      p += length;
    }

  if (*p == '.')
    p += p[1] != '\0' ? 1 : 0;
  else if (*p != '\0' && *p != '[')
    return FALSE;
  *path = p;

  return TRUE;
}

/**
 * bobbin_json_path_check: (skip)
 * @path: names with dots between them, and indices in brackets
 * @error: where to say that it is none: %BOBBIN_ERROR_BAD_SETTING
 *
 * Returns: whether it is a path
 */
gboolean
bobbin_json_path_check (const char *path, GError **error)
{
  const char *rest = skip_root (path);
  g_autofree char *shown = NULL;
  guint element;

  while (*rest != '\0' && *rest != '.')
    {
      g_autofree char *name = NULL;

      if (!next_step (&rest, &name, &element))
        break;
    }
  if (*rest == '\0' && *path != '\0')
    return TRUE;

  shown = bobbin_display_text (path);
  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
               /* Translators: what was given; leave the example as it is */
               _ ("“%s” is no path in JSON. Write one as in “checks[0].state”."), shown);

  return FALSE;
}

static JsonNode *
take_step (JsonNode *node, const char *name, guint element)
{
  if (name != NULL)
    return JSON_NODE_HOLDS_OBJECT (node)
             ? json_object_get_member (json_node_get_object (node), name)
             : NULL;
  if (!JSON_NODE_HOLDS_ARRAY (node) ||
      element >= json_array_get_length (json_node_get_array (node)))
    return NULL;

  return json_array_get_element (json_node_get_array (node), element);
}

/**
 * bobbin_json_is_shallow:
 * @text: what may be JSON
 *
 * Looks before json-glib does: how deep it goes down is decided by who wrote @text. Comments and
 * strings in single quotes, which json-glib takes though there are none in JSON (RFC 8259 §7),
 * could hide that.
 *
 * Returns: whether @text can be parsed without harm
 */
gboolean
bobbin_json_is_shallow (const char *text)
{
  gboolean in_string = FALSE;
  guint depth = 0;

  for (const char *p = text; *p != '\0'; p++)
    if (*p == '"')
      in_string = !in_string;
    else if (in_string)
      p += *p == '\\' && p[1] != '\0' ? 1 : 0;
    else if (strchr ("/'#", *p) != NULL)
      return FALSE;
    else if ((*p == '[' || *p == '{') && ++depth > MAX_DEPTH)
      return FALSE;
    else if ((*p == ']' || *p == '}') && depth > 0)
      depth--;

  return TRUE;
}

/**
 * bobbin_json_path_lookup: (skip)
 * @path: a path that was checked
 * @text: JSON in UTF-8
 * @error: where to say that there is no such value: %BOBBIN_ERROR_BAD_ANSWER
 *
 * Returns: (transfer full) (nullable): the value there: a string as it is, all else as JSON
 */
char *
bobbin_json_path_lookup (const char *path, const char *text, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  const char *rest = skip_root (path);
  JsonNode *node;

  if (!bobbin_json_is_shallow (text) || !json_parser_load_from_data (parser, text, -1, NULL) ||
      json_parser_get_root (parser) == NULL)
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ANSWER,
                           _ ("JSON was expected, but what came is none."));
      return NULL;
    }

  node = json_parser_get_root (parser);
  while (node != NULL && *rest != '\0')
    {
      g_autofree char *name = NULL;
      guint element = 0;

      if (!next_step (&rest, &name, &element))
        g_return_val_if_reached (NULL);
      node = take_step (node, name, element);
    }
  if (node == NULL)
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ANSWER,
                   /* Translators: %s is a path in JSON, such as checks[0].state */
                   _ ("The JSON that came has no “%s”."), path);
      return NULL;
    }

  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_dup_string (node)
           : json_to_string (node, FALSE);
}
