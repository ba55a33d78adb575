/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The settings of a job as a JSON object, and a job made of them: all its writable properties that
 * are marked %BOBBIN_PARAM_KEPT and are not what they are by default. What a class calls a setting
 * is kept by that alone. Main thread only.
 *
 * Text that is not UTF-8, as a path may be, is an object with its bytes in Base64. The name and the
 * password that an address may hold are left out: they never go to a database.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-job-settings.h"

#include "bobbin-display.h"
#include "bobbin-download.h"
#include "bobbin-error.h"
#include "bobbin-monitor-secrets.h"
#include "bobbin-monitor.h"
#include "bobbin-variant-json.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#define DOWNLOAD "download"
#define MONITOR  "monitor"
#define BYTES    "base64"

static gboolean
is_setting (const GParamSpec *pspec)
{
  return (pspec->flags & BOBBIN_PARAM_KEPT) != 0 && (pspec->flags & G_PARAM_WRITABLE) != 0;
}

static GPtrArray *
list_settings (GObjectClass *klass)
{
  GPtrArray *settings = g_ptr_array_new ();
  guint n_pspecs;
  g_autofree GParamSpec **pspecs = g_object_class_list_properties (klass, &n_pspecs);

  for (guint i = 0; i < n_pspecs; i++)
    if (is_setting (pspecs[i]))
      g_ptr_array_add (settings, pspecs[i]);

  return settings;
}

/* GObject looks through all properties of all classes for those of one: that is done once for each,
 * and not each time one of a hundred jobs that run is saved. */
static GPtrArray *
get_settings (BobbinJob *job)
{
  static GQuark quark;
  const GType type = G_OBJECT_TYPE (job);
  GPtrArray *settings;

  if (quark == 0)
    quark = g_quark_from_static_string ("bobbin-job-settings");

  settings = g_type_get_qdata (type, quark);
  if (settings == NULL)
    {
      settings = list_settings (G_OBJECT_GET_CLASS (job));
      g_type_set_qdata (type, quark, settings);
    }

  return settings;
}

/* ---- out */

static void
append_quoted (GString *json, const char *text)
{
  g_string_append_c (json, '"');
  for (const char *at = text; *at != '\0'; at++)
    if (*at == '"' || *at == '\\')
      g_string_append_printf (json, "\\%c", *at);
    else if ((guchar) *at < 0x20)
      g_string_append_printf (json, "\\u%04x", *at);
    else
      g_string_append_c (json, *at);
  g_string_append_c (json, '"');
}

/* Only where there is an authority (RFC 3986 §3.2): “Re: you@example.org” is the name of a file. */
static gboolean
may_hold_password (const char *text)
{
  return strchr (text, '@') != NULL && strstr (text, "://") != NULL &&
         g_uri_peek_scheme (text) != NULL;
}

static void
append_text (GString *json, const char *text)
{
  g_autofree char *bare = NULL;

  if (may_hold_password (text))
    text = bare = bobbin_display_address (text);

  if (g_utf8_validate (text, -1, NULL))
    {
      append_quoted (json, text);
    }
  else
    {
      g_autofree char *encoded = g_base64_encode ((const guchar *) text, strlen (text));

      g_string_append_printf (json, "{\"" BYTES "\":\"%s\"}", encoded);
    }
}

/* JSON has no NAN: a limit that is none is null. */
static void
append_double (GString *json, double number)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (number))
    g_string_append (json, "null");
  else
    g_string_append (json, g_ascii_dtostr (buffer, sizeof buffer, number));
}

static void
append_enum (GString *json, const GValue *value)
{
  GEnumClass *klass = g_type_class_peek (G_VALUE_TYPE (value));
  const GEnumValue *found = g_enum_get_value (klass, g_value_get_enum (value));

  append_quoted (json, found->value_nick);
}

/* An address without a login. */
static GVariant *
bare_option (GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) &&
      may_hold_password (g_variant_get_string (value, NULL)))
    return g_variant_new_take_string (bobbin_display_address (g_variant_get_string (value, NULL)));

  return value;
}

static void
append_options (GString *json, GVariant *options)
{
  g_auto (GVariantBuilder) bare = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autoptr (GVariant) kept = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_iter_init (&iter, options);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    g_variant_builder_add (&bare, "{sv}", name, bare_option (value));
  kept = g_variant_ref_sink (g_variant_builder_end (&bare));
  node = bobbin_variant_to_json (kept);
  text = json_to_string (node, FALSE);
  g_string_append (json, text);
}

static void
append_texts (GString *json, const char *const *texts)
{
  g_string_append_c (json, '[');
  for (guint i = 0; texts[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      append_text (json, texts[i]);
    }
  g_string_append_c (json, ']');
}

static void
append_value (GString *json, const GValue *value)
{
  if (G_VALUE_HOLDS (value, G_TYPE_STRV))
    {
      append_texts (json, g_value_get_boxed (value));
      return;
    }

  switch (G_TYPE_FUNDAMENTAL (G_VALUE_TYPE (value)))
    {
    case G_TYPE_STRING:
      append_text (json, g_value_get_string (value));
      break;
    case G_TYPE_BOOLEAN:
      g_string_append (json, g_value_get_boolean (value) ? "true" : "false");
      break;
    case G_TYPE_INT:
      g_string_append_printf (json, "%d", g_value_get_int (value));
      break;
    case G_TYPE_UINT:
      g_string_append_printf (json, "%u", g_value_get_uint (value));
      break;
    case G_TYPE_INT64:
      g_string_append_printf (json, "%" G_GINT64_FORMAT, g_value_get_int64 (value));
      break;
    case G_TYPE_DOUBLE:
      append_double (json, g_value_get_double (value));
      break;
    case G_TYPE_ENUM:
      append_enum (json, value);
      break;
    case G_TYPE_VARIANT:
      append_options (json, g_value_get_variant (value));
      break;
    default:
      g_assert_not_reached ();
    }
}

/* What is secret of a monitor's options only the monitor knows. */
static void
get_setting (BobbinJob *job, const GParamSpec *pspec, GValue *value)
{
  g_value_init (value, pspec->value_type);
  if (BOBBIN_IS_MONITOR (job) && g_str_equal (pspec->name, "options"))
    g_value_take_variant (value, bobbin_monitor_dup_plain_options (BOBBIN_MONITOR (job)));
  else
    g_object_get_property (G_OBJECT (job), pspec->name, value);
}

/* A double's default is often NAN, which a pspec cannot have, or that of a kind of probe: all are
 * kept, or a limit that somebody has done away with would come back. */
static gboolean
is_default (GParamSpec *pspec, const GValue *value)
{
  if (G_VALUE_HOLDS_DOUBLE (value))
    return FALSE;
  if (G_VALUE_HOLDS_STRING (value))
    return g_value_get_string (value) == NULL;
  if (G_VALUE_HOLDS (value, G_TYPE_STRV))
    return g_value_get_boxed (value) == NULL;
  if (G_VALUE_HOLDS_VARIANT (value))
    return g_value_get_variant (value) == NULL ||
           g_variant_n_children (g_value_get_variant (value)) == 0;

  return g_param_value_defaults (pspec, value);
}

static void
append_setting (GString *json, GParamSpec *pspec, BobbinJob *job)
{
  g_auto (GValue) value = G_VALUE_INIT;

  get_setting (job, pspec, &value);
  if (is_default (pspec, &value))
    return;

  if (json->len > 1)
    g_string_append_c (json, ',');
  append_quoted (json, pspec->name);
  g_string_append_c (json, ':');
  append_value (json, &value);
}

/**
 * bobbin_job_settings_get_kind:
 * @job: a job
 *
 * Returns: (transfer none) (nullable): what it is called in the store; %NULL if it is of no kind
 *   that is kept
 */
const char *
bobbin_job_settings_get_kind (BobbinJob *job)
{
  if (BOBBIN_IS_DOWNLOAD (job))
    return DOWNLOAD;
  if (BOBBIN_IS_MONITOR (job))
    return MONITOR;

  return NULL;
}

/**
 * bobbin_job_settings_save:
 * @job: a job
 *
 * Returns: (transfer full): its settings, for bobbin_job_settings_load()
 */
char *
bobbin_job_settings_save (BobbinJob *job)
{
  GPtrArray *settings = get_settings (job);
  GString *json = g_string_new ("{");

  for (guint i = 0; i < settings->len; i++)
    append_setting (json, g_ptr_array_index (settings, i), job);
  g_string_append_c (json, '}');

  return g_string_free (json, FALSE);
}

/* ---- in */

static char *
dup_bytes (JsonNode *node)
{
  const char *encoded =
    json_object_get_string_member_with_default (json_node_get_object (node), BYTES, NULL);
  g_autofree guchar *bytes = NULL;
  gsize length;

  if (encoded == NULL)
    return NULL;

  bytes = g_base64_decode (encoded, &length);

  return g_strndup ((const char *) bytes, length);
}

static char *
dup_text (JsonNode *node)
{
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    return dup_bytes (node);
  if (node != NULL && json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_dup_string (node);

  return NULL;
}

static gboolean
read_enum (GValue *value, JsonNode *node)
{
  GEnumClass *klass = g_type_class_peek (G_VALUE_TYPE (value));
  g_autofree char *nick = dup_text (node);
  const GEnumValue *found = nick != NULL ? g_enum_get_value_by_nick (klass, nick) : NULL;

  if (found != NULL)
    g_value_set_enum (value, found->value);

  return found != NULL;
}

static gboolean
read_number (GValue *value, JsonNode *node)
{
  g_auto (GValue) number = G_VALUE_INIT;

  if (!JSON_NODE_HOLDS_VALUE (node))
    return FALSE;

  json_node_get_value (node, &number);

  return g_value_transform (&number, value);
}

/* Those that are texts. */
static gboolean
read_texts (GValue *value, JsonNode *node)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;

  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *text = dup_text (json_array_get_element (array, i));

      if (text != NULL)
        g_strv_builder_add (builder, text);
    }
  g_value_take_boxed (value, g_strv_builder_end (builder));

  return TRUE;
}

/* NAN is no number that a range could be asked about. */
static gboolean
is_none (const GValue *value)
{
  return G_VALUE_HOLDS_DOUBLE (value) && isnan (g_value_get_double (value));
}

/* What is null is no limit, for a setting that can be none. */
static gboolean
read_double (GValue *value, JsonNode *node, const GParamSpec *pspec)
{
  if (!JSON_NODE_HOLDS_NULL (node))
    return read_number (value, node);

  g_value_set_double (value, NAN);

  return (pspec->flags & G_PARAM_LAX_VALIDATION) != 0;
}

static gboolean
read_options (GValue *value, JsonNode *node)
{
  g_value_take_variant (value, bobbin_variant_from_json (node, NULL));

  return g_value_get_variant (value) != NULL;
}

static gboolean
read_value (GValue *value, JsonNode *node, const GParamSpec *pspec)
{
  if (G_VALUE_HOLDS_VARIANT (value))
    return read_options (value, node);
  if (G_VALUE_HOLDS (value, G_TYPE_STRV))
    return read_texts (value, node);
  if (G_VALUE_HOLDS_ENUM (value))
    return read_enum (value, node);
  if (G_VALUE_HOLDS_DOUBLE (value))
    return read_double (value, node, pspec);
  if (!G_VALUE_HOLDS_STRING (value))
    return read_number (value, node);

  g_value_take_string (value, dup_text (node));

  return g_value_get_string (value) != NULL;
}

/* What cannot be read stays what it is by default; says whether all of it could be. */
static gboolean
load_setting (BobbinJob *job, GParamSpec *pspec, JsonNode *node)
{
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean valid = TRUE;

  g_value_init (&value, pspec->value_type);
  if (!read_value (&value, node, pspec))
    return FALSE;

  if (!is_none (&value))
    valid = !g_param_value_validate (pspec, &value);
  g_object_set_property (G_OBJECT (job), pspec->name, &value);

  return valid;
}

static gboolean
refuse (GError **error, gboolean is_known, const char *name)
{
  g_autofree char *shown = bobbin_display_text (name);

  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
               /* Translators: %s is the name of a setting */
               is_known ? _ ("The value of “%s” makes no sense.")
                        /* Translators: %s is what somebody took for the name of a setting */
                        : _ ("No setting is called “%s”."),
               shown);

  return FALSE;
}

/* The first thing that makes no sense is an error, which does not keep the rest from being read. */
static gboolean
load_settings (BobbinJob *job, JsonObject *settings, GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;
  gboolean good = TRUE;

  json_object_iter_init_ordered (&iter, settings);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (job), name);
      const gboolean is_known = pspec != NULL && is_setting (pspec);

      if (is_known && (pspec->flags & G_PARAM_CONSTRUCT_ONLY) != 0)
        continue;
      if ((!is_known || !load_setting (job, pspec, node)) && good)
        good = refuse (error, is_known, name);
    }

  return good;
}

static char *
get_text (JsonObject *settings, const char *name)
{
  return dup_text (json_object_get_member (settings, name));
}

static BobbinJob *
make_download (JsonObject *settings, GError **error)
{
  g_autofree char *text = get_text (settings, "address");
  g_autofree char *folder = get_text (settings, "folder");
  g_autofree char *address = bobbin_download_check_address (text != NULL ? text : "", error);

  if (address == NULL)
    return NULL;
  if (folder == NULL || !g_path_is_absolute (folder))
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_NO_FOLDER, _ ("There is no folder."));
      return NULL;
    }

  return bobbin_download_new (address, folder);
}

static BobbinJob *
make_monitor (JsonObject *settings, GError **error)
{
  g_autofree char *target = get_text (settings, "target");
  JsonNode *node = json_object_get_member (settings, "options");
  g_autoptr (GVariant) options = NULL;

  if (node != NULL && (options = bobbin_variant_from_json (node, error)) == NULL)
    return NULL;

  return bobbin_monitor_new_with_options (target != NULL ? target : "", options, error);
}

static BobbinJob *
make_job (const char *kind, JsonObject *settings, GError **error)
{
  if (g_str_equal (kind, DOWNLOAD))
    return make_download (settings, error);
  if (g_str_equal (kind, MONITOR))
    return make_monitor (settings, error);

  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_UNSUPPORTED,
               /* Translators: %s is a kind of job that this version does not know */
               _ ("There are no jobs of the kind “%s”."), kind);

  return NULL;
}

static BobbinJob *
load_job (const char *kind, const char *settings, gboolean strictly, GError **error)
{
  g_autoptr (JsonNode) node = json_from_string (settings, error);
  g_autoptr (BobbinJob) job = NULL;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      if (error != NULL && *error == NULL)
        g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_FAILED,
                             _ ("There are no settings."));
      return NULL;
    }

  job = make_job (kind, json_node_get_object (node), error);
  if (job == NULL ||
      (!load_settings (job, json_node_get_object (node), strictly ? error : NULL) && strictly))
    return NULL;

  return g_steal_pointer (&job);
}

/**
 * bobbin_job_settings_load:
 * @kind: what bobbin_job_settings_get_kind() gave
 * @settings: what bobbin_job_settings_save() gave
 * @error: %BOBBIN_ERROR_UNSUPPORTED if @kind is none of this program's, or what is wrong with
 *   @settings
 *
 * Makes a job. A setting that is missing, unknown or makes no sense is what it is by default; but a
 * monitor without the options that were set for it would look at something else, and is not made.
 *
 * Returns: (transfer full) (nullable): a job
 */
BobbinJob *
bobbin_job_settings_load (const char *kind, const char *settings, GError **error)
{
  return load_job (kind, settings, FALSE, error);
}

/**
 * bobbin_job_settings_load_strictly:
 * @kind: what bobbin_job_settings_get_kind() gave
 * @settings: what bobbin_job_settings_save() gave, or what somebody wrote who meant it
 * @error: as for bobbin_job_settings_load(), and %BOBBIN_ERROR_BAD_SETTING, which names the setting
 *
 * Makes a job of settings that are all known and all make sense.
 *
 * Returns: (transfer full) (nullable): a job
 */
BobbinJob *
bobbin_job_settings_load_strictly (const char *kind, const char *settings, GError **error)
{
  return load_job (kind, settings, TRUE, error);
}
