/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Monitors as a document of JSON, to be taken elsewhere and kept: all that was set for them, and
 * nothing of what they found. Passwords and secret headers are in no such document; that there were
 * some is. Whoever wrote a document by hand hears what is wrong with it, and then nothing of it is
 * taken. Main thread only; waits for nothing.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-monitor-list.h"

#include "bobbin-alert-settings.h"
#include "bobbin-display.h"
#include "bobbin-error.h"
#include "bobbin-job-settings.h"
#include "bobbin-json-path.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

#define VERSION  1
#define MARK     "bobbin-monitors"
#define MONITORS "monitors"

/* What a monitor found, or others noted down with it. */
static const char *const findings[] = { "believed", "alert", "seen" };

/* ---- out */

static JsonNode *
strip (const char *settings, GError **error)
{
  JsonNode *node = json_from_string (settings, error);

  if (node == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_OBJECT (node))
    for (gsize i = 0; i < G_N_ELEMENTS (findings); i++)
      json_object_remove_member (json_node_get_object (node), findings[i]);

  return node;
}

/**
 * bobbin_monitor_list_write:
 * @settings: (array zero-terminated=1): what bobbin_job_settings_save() gave of monitors
 * @error: what is wrong with them
 *
 * Returns: (transfer full) (nullable): the document, which ends with a line feed
 */
char *
bobbin_monitor_list_write (const char *const *settings, GError **error)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  JsonArray *monitors = json_array_new ();
  g_autofree char *text = NULL;

  json_node_take_object (root, object);
  json_object_set_int_member (object, MARK, VERSION);
  json_object_set_array_member (object, MONITORS, monitors);
  for (; *settings != NULL; settings++)
    {
      JsonNode *monitor = strip (*settings, error);

      if (monitor == NULL)
        return NULL;
      json_array_add_element (monitors, monitor);
    }
  text = json_to_string (root, TRUE);

  return g_strconcat (text, "\n", NULL);
}

/**
 * bobbin_monitor_list_save:
 * @jobs: (element-type BobbinJob): a list with monitors in it
 *
 * Returns: (transfer full): the document, which ends with a line feed
 */
char *
bobbin_monitor_list_save (GListModel *jobs)
{
  const guint n_jobs = g_list_model_get_n_items (jobs);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) settings = NULL;
  char *text;

  for (guint i = 0; i < n_jobs; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (jobs, i);
      g_autofree char *saved = BOBBIN_IS_MONITOR (job) ? bobbin_job_settings_save (job) : NULL;

      if (saved != NULL)
        g_strv_builder_add (builder, saved);
    }
  settings = g_strv_builder_end (builder);
  text = bobbin_monitor_list_write ((const char *const *) settings, NULL);
  g_assert (text != NULL);

  return text;
}

/* ---- in */

static gboolean
wrong (GError **error, const char *message)
{
  g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING, message);

  return FALSE;
}

static gboolean
check_version (JsonObject *object, GError **error)
{
  JsonNode *mark = json_object_get_member (object, MARK);

  if (mark == NULL || json_node_get_value_type (mark) != G_TYPE_INT64)
    return wrong (error, _ ("This is no list of monitors that Bobbin has exported."));
  if (json_node_get_int (mark) == VERSION)
    return TRUE;

  return wrong (error, _ ("This list of monitors was exported by a newer version of Bobbin."));
}

static JsonArray *
find_monitors (JsonNode *root, GError **error)
{
  JsonNode *monitors;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      wrong (error, _ ("This is no list of monitors that Bobbin has exported."));
      return NULL;
    }
  if (!check_version (json_node_get_object (root), error))
    return NULL;

  monitors = json_object_get_member (json_node_get_object (root), MONITORS);
  if (monitors != NULL && JSON_NODE_HOLDS_ARRAY (monitors))
    return json_node_get_array (monitors);

  wrong (error, _ ("There are no monitors in this list."));

  return NULL;
}

static gboolean
has_findings (JsonNode *node, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (findings); i++)
    if (json_object_has_member (json_node_get_object (node), findings[i]))
      {
        g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
                     /* Translators: %s is the name of something that a list has of a monitor */
                     _ ("“%s” cannot be set."), findings[i]);
        return TRUE;
      }

  return FALSE;
}

static gboolean
check_alerting (BobbinJob *job, GError **error)
{
  g_autoptr (GVariant) alerting = NULL;
  g_autoptr (BobbinAlertSettings) settings = NULL;

  g_object_get (job, "alerting", &alerting, NULL);
  settings = bobbin_alert_settings_new (alerting, error);

  return settings != NULL;
}

static BobbinJob *
load_monitor (JsonNode *node, GError **error)
{
  g_autofree char *settings = NULL;
  g_autoptr (BobbinJob) job = NULL;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      wrong (error, _ ("It is no monitor."));
      return NULL;
    }
  if (has_findings (node, error))
    return NULL;

  settings = json_to_string (node, FALSE);
  job = bobbin_job_settings_load_strictly ("monitor", settings, error);

  return job != NULL && check_alerting (job, error) ? g_steal_pointer (&job) : NULL;
}

/* Which one it is that cannot be taken: its number, and what it monitors. */
static void
name_entry (GError **error, JsonNode *node, guint number)
{
  const char *target = NULL;
  g_autofree char *bare = NULL;
  g_autofree char *shown = NULL;

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonNode *member = json_object_get_member (json_node_get_object (node), "target");

      if (member != NULL && json_node_get_value_type (member) == G_TYPE_STRING)
        target = json_node_get_string (member);
    }
  bare = target != NULL ? bobbin_display_address (target) : NULL;
  shown = bare != NULL ? bobbin_display_text (bare) : NULL;
  if (shown != NULL)
    /* Translators: the number of an entry in a list, then what it monitors; a sentence follows */
    g_prefix_error (error, _ ("Monitor %u, “%s”: "), number, shown);
  else
    /* Translators: the number of an entry in a list; a sentence follows */
    g_prefix_error (error, _ ("Monitor %u: "), number);
}

/**
 * bobbin_monitor_list_load:
 * @text: what bobbin_monitor_list_save() gave, or anything
 * @length: bytes of it, or -1 if it ends with a zero
 * @error: %BOBBIN_ERROR_BAD_SETTING, %BOBBIN_ERROR_BAD_ADDRESS or an error of the parser; it says
 *   which monitor it is about
 *
 * Somebody else may have written @text, to do harm.
 *
 * Returns: (transfer full) (nullable) (element-type BobbinMonitor): all monitors of the document,
 *   new, and none of them runs; %NULL where something is wrong with one of them
 */
GPtrArray *
bobbin_monitor_list_load (const char *text, gssize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *document = length < 0 ? g_strdup (text) : g_strndup (text, (gsize) length);
  JsonArray *monitors;

  if (!bobbin_json_is_shallow (document))
    {
      wrong (error, _ ("This is no list of monitors that Bobbin has exported."));
      return NULL;
    }
  if (!json_parser_load_from_data (parser, document, -1, error))
    return NULL;

  monitors = find_monitors (json_parser_get_root (parser), error);
  if (monitors == NULL)
    return NULL;

  for (guint i = 0; i < json_array_get_length (monitors); i++)
    {
      JsonNode *node = json_array_get_element (monitors, i);
      BobbinJob *job = load_monitor (node, error);

      if (job == NULL)
        {
          name_entry (error, node, i + 1);
          return NULL;
        }
      g_ptr_array_add (jobs, job);
    }

  return g_steal_pointer (&jobs);
}

/* ---- what somebody else's document would have done */

static void
add_text (GStrvBuilder *builder, const char *text)
{
  g_autofree char *shown = bobbin_display_text (text);

  g_strv_builder_add (builder, shown);
}

/**
 * bobbin_monitor_list_dup_commands:
 * @jobs: (element-type BobbinMonitor): what bobbin_monitor_list_load() gave
 *
 * Returns: (transfer full) (array zero-terminated=1): what their alerts would run, and the
 * addresses that they would be sent to, each fit to be shown
 */
char **
bobbin_monitor_list_dup_commands (GPtrArray *jobs)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < jobs->len; i++)
    {
      g_autofree char *command = bobbin_monitor_dup_command (g_ptr_array_index (jobs, i));
      g_autoptr (GVariant) alerting = NULL;
      g_autofree char *address = NULL;
      const char *webhook = "";

      g_object_get (g_ptr_array_index (jobs, i), "alerting", &alerting, NULL);
      if (alerting != NULL)
        g_variant_lookup (alerting, "webhook", "&s", &webhook);
      if (command != NULL)
        add_text (builder, command);
      if (*webhook != '\0')
        add_text (builder, address = bobbin_display_address (webhook));
    }

  return g_strv_builder_end (builder);
}

/**
 * bobbin_monitor_list_drop_commands:
 * @jobs: (element-type BobbinMonitor): what bobbin_monitor_list_load() gave
 *
 * Does away with what bobbin_monitor_list_dup_commands() names.
 */
void
bobbin_monitor_list_drop_commands (GPtrArray *jobs)
{
  for (guint i = 0; i < jobs->len; i++)
    {
      g_autoptr (GVariantDict) dict = NULL;
      g_autoptr (GVariant) alerting = NULL;

      g_object_get (g_ptr_array_index (jobs, i), "alerting", &alerting, NULL);
      if (alerting == NULL)
        continue;

      dict = g_variant_dict_new (alerting);
      g_variant_dict_remove (dict, "command");
      g_variant_dict_remove (dict, "webhook");
      g_object_set (g_ptr_array_index (jobs, i), "alerting", g_variant_dict_end (dict), NULL);
    }
}
