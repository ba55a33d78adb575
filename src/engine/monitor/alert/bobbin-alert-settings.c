/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is set for the alerts of a monitor, looked at: from options, a{sv}, to what can be used. Any
 * thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-alert-settings.h"

#include "bobbin-error.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>

#define MAX_SECONDS 31536000.0

static gboolean
refuse (GError **error, const char *name)
{
  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
               /* Translators: %s is the name of an option */
               _ ("The value of “%s” makes no sense."), name);

  return FALSE;
}

static gboolean
take_repeat (BobbinAlertSettings *self, GVariant *value, GError **error)
{
  double seconds = -1;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    seconds = g_variant_get_double (value);
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    seconds = g_variant_get_int64 (value);

  if (!(seconds >= 0 && seconds <= MAX_SECONDS))
    return refuse (error, "repeat");

  self->rules.repeat = seconds * G_USEC_PER_SEC;

  return TRUE;
}

static gboolean
take_windows (BobbinAlertSettings *self, GVariant *value, GError **error)
{
  g_autofree const char **texts = NULL;
  BobbinAlertWindow *windows;
  gsize n;

  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    return refuse (error, "windows");

  texts = g_variant_get_strv (value, &n);
  self->rules.windows = windows = g_new0 (BobbinAlertWindow, n);
  for (gsize i = 0; i < n; i++)
    if (!bobbin_alert_window_parse (texts[i], self->rules.zone, &windows[i], error))
      return FALSE;
  self->rules.n_windows = n;

  return TRUE;
}

static gboolean
take_command (BobbinAlertSettings *self, GVariant *value, GError **error)
{
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    return refuse (error, "command");
  if (g_variant_n_children (value) == 0)
    return TRUE;

  self->command = g_variant_dup_strv (value, NULL);

  return self->command[0][0] != '\0' || refuse (error, "command");
}

static gboolean
take_webhook (BobbinAlertSettings *self, GVariant *value, GError **error)
{
  g_autoptr (GUri) uri = NULL;

  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return refuse (error, "webhook");
  if (g_variant_get_string (value, NULL)[0] == '\0')
    return TRUE;

  self->webhook = g_variant_dup_string (value, NULL);
  uri = g_uri_parse (self->webhook, SOUP_HTTP_URI_FLAGS, NULL);
  if (uri != NULL && g_uri_get_host (uri) != NULL && g_uri_get_host (uri)[0] != '\0' &&
      (g_str_equal (g_uri_get_scheme (uri), "http") ||
       g_str_equal (g_uri_get_scheme (uri), "https")))
    return TRUE;

  return refuse (error, "webhook");
}

static const struct
{
  const char *name;
  gboolean (*take) (BobbinAlertSettings *self, GVariant *value, GError **error);
} options[] = {
  { "repeat", take_repeat },
  { "windows", take_windows },
  { "command", take_command },
  { "webhook", take_webhook },
};

static gboolean
take (BobbinAlertSettings *self, const char *name, GVariant *value, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    if (g_str_equal (name, options[i].name))
      return options[i].take (self, value, error);

  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
               /* Translators: %s is what somebody took for the name of an option */
               _ ("Nothing of an alert is called “%s”."), name);

  return FALSE;
}

/**
 * bobbin_alert_settings_new:
 * @alerting: (nullable): a monitor's “alerting”, a{sv}
 * @error: %BOBBIN_ERROR_BAD_SETTING, which names what is wrong
 *
 * Looks at what is set. Waits for nothing.
 *
 * Returns: (transfer full) (nullable): settings that can be used
 */
BobbinAlertSettings *
bobbin_alert_settings_new (GVariant *alerting, GError **error)
{
  g_autoptr (BobbinAlertSettings) self = g_new0 (BobbinAlertSettings, 1);
  GVariantIter iter;
  const char *name;
  GVariant *member;

  self->rules.zone = g_time_zone_new_local ();
  if (alerting == NULL)
    return g_steal_pointer (&self);

  g_variant_iter_init (&iter, alerting);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &member))
    {
      g_autoptr (GVariant) value = member;

      if (!take (self, name, value, error))
        return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * bobbin_alert_settings_free:
 * @self: (transfer full): settings
 */
void
bobbin_alert_settings_free (BobbinAlertSettings *self)
{
  g_free ((gpointer) self->rules.windows);
  g_time_zone_unref (self->rules.zone);
  g_strfreev (self->command);
  g_free (self->webhook);
  g_free (self);
}
