/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Options, a{sv}, as a JSON object and back, without loss. Words, lists of words, truth values and
 * whole numbers of 64 bits are what they are in JSON, and so is a number with a fraction. A value
 * of any other type is an object with that type as the name of its one member, and the value as
 * GVariant writes it: {"u":"7"}. Pure; any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-variant-json.h"

#include "bobbin-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static JsonNode *
list_to_json (GVariant *words)
{
  JsonNode *node = json_node_alloc ();
  JsonArray *array = json_array_new ();
  GVariantIter iter;
  const char *word;

  g_variant_iter_init (&iter, words);
  while (g_variant_iter_next (&iter, "&s", &word))
    json_array_add_string_element (array, word);
  json_node_init_array (node, array);
  json_array_unref (array);

  return node;
}

/* So that it comes back as what it is, and not as a number of another kind. */
static JsonNode *
typed_to_json (GVariant *value)
{
  g_autofree char *text = g_variant_print (value, FALSE);
  JsonNode *node = json_node_alloc ();
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, g_variant_get_type_string (value), text);
  json_node_init_object (node, object);
  json_object_unref (object);

  return node;
}

/* JSON has one kind of number, and no infinity: a double that could be taken for a whole number
 * goes with its type. */
static JsonNode *
double_to_json (GVariant *value)
{
  const double number = g_variant_get_double (value);
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_dtostr (text, sizeof text, number);

  return strpbrk (text, ".eEni") != NULL && strpbrk (text, "ni") == NULL
           ? json_node_init_double (json_node_alloc (), number)
           : typed_to_json (value);
}

static JsonNode *
value_to_json (GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return json_node_init_string (json_node_alloc (), g_variant_get_string (value, NULL));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    return json_node_init_boolean (json_node_alloc (), g_variant_get_boolean (value));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    return json_node_init_int (json_node_alloc (), g_variant_get_int64 (value));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    return double_to_json (value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    return list_to_json (value);

  return typed_to_json (value);
}

/**
 * bobbin_variant_to_json:
 * @options: a{sv}
 *
 * Returns: (transfer full): @options, for bobbin_variant_from_json(): an object
 */
JsonNode *
bobbin_variant_to_json (GVariant *options)
{
  JsonNode *node = json_node_alloc ();
  JsonObject *object = json_object_new ();
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_return_val_if_fail (g_variant_is_of_type (options, G_VARIANT_TYPE_VARDICT), NULL);

  g_variant_iter_init (&iter, options);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    json_object_set_member (object, name, value_to_json (value));
  json_node_init_object (node, object);
  json_object_unref (object);

  return node;
}

static GVariant *
list_from_json (JsonArray *array)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_STRING_ARRAY);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (json_node_get_value_type (node) != G_TYPE_STRING)
        return NULL;
      g_variant_builder_add (&builder, "s", json_node_get_string (node));
    }

  return g_variant_builder_end (&builder);
}

static GVariant *
typed_from_json (JsonObject *object)
{
  g_autoptr (GList) types = json_object_get_members (object);
  JsonNode *text;

  if (types == NULL || types->next != NULL || !g_variant_type_string_is_valid (types->data))
    return NULL;
  text = json_object_get_member (object, types->data);
  if (json_node_get_value_type (text) != G_TYPE_STRING || !g_variant_type_is_definite (types->data))
    return NULL;

  return g_variant_parse (types->data, json_node_get_string (text), NULL, NULL, NULL);
}

static GVariant *
plain_from_json (JsonNode *node)
{
  switch (json_node_get_value_type (node))
    {
    case G_TYPE_STRING:
      return g_variant_new_string (json_node_get_string (node));
    case G_TYPE_BOOLEAN:
      return g_variant_new_boolean (json_node_get_boolean (node));
    case G_TYPE_INT64:
      return g_variant_new_int64 (json_node_get_int (node));
    case G_TYPE_DOUBLE:
      return g_variant_new_double (json_node_get_double (node));
    default:
      return NULL;
    }
}

static GVariant *
value_from_json (JsonNode *node)
{
  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_ARRAY:
      return list_from_json (json_node_get_array (node));
    case JSON_NODE_OBJECT:
      return typed_from_json (json_node_get_object (node));
    case JSON_NODE_VALUE:
      return plain_from_json (node);
    case JSON_NODE_NULL:
    default:
      return NULL;
    }
}

/**
 * bobbin_variant_from_json:
 * @node: what bobbin_variant_to_json() gave, or anything
 * @error: %BOBBIN_ERROR_BAD_SETTING, which names what is wrong
 *
 * Returns: (transfer full) (nullable): a{sv}, not floating
 */
GVariant *
bobbin_variant_from_json (JsonNode *node, GError **error)
{
  g_auto (GVariantBuilder) options = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
                           _ ("Options are an object with their names and values."));
      return NULL;
    }

  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &member))
    {
      GVariant *made = value_from_json (member);
      g_autoptr (GVariant) value = NULL;

      if (made == NULL)
        {
          g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
                       /* Translators: %s is the name of an option */
                       _ ("The value of “%s” makes no sense."), name);
          return NULL;
        }
      /* What was parsed is not floating, what was made is. */
      value = g_variant_take_ref (made);
      g_variant_builder_add (&options, "{sv}", name, value);
    }

  return g_variant_ref_sink (g_variant_builder_end (&options));
}
