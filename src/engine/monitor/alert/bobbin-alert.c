/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is said of a monitor at one moment: that something began, got worse, goes on or ended, why
 * and for how long; in words for a person, for a program that is run, and as JSON. It never
 * changes, and holds no secret: an address is without the login it may have. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-alert.h"

#include "bobbin-display.h"
#include "bobbin-monitor-private.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

struct _BobbinAlert
{
  GObject parent_instance;

  BobbinMonitor *monitor; /* (owned) */
  BobbinAlertEvent event;
  BobbinAlertState state;
  gint64 time; /* µs since 1970 */
  char *cause; /* (owned) */
};

G_DEFINE_FINAL_TYPE (BobbinAlert, bobbin_alert, G_TYPE_OBJECT)

static void
bobbin_alert_finalize (GObject *object)
{
  BobbinAlert *self = BOBBIN_ALERT (object);

  g_object_unref (self->monitor);
  g_free (self->cause);

  G_OBJECT_CLASS (bobbin_alert_parent_class)->finalize (object);
}

static void
bobbin_alert_class_init (BobbinAlertClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bobbin_alert_finalize;
}

static void
bobbin_alert_init (BobbinAlert *self)
{
}

/**
 * bobbin_alert_new:
 * @monitor: which monitor
 * @event: what is to be said
 * @state: as of then
 * @time: when, µs since 1970
 * @cause: why, in words for a person
 *
 * Returns: (transfer full): an alert
 */
BobbinAlert *
bobbin_alert_new (BobbinMonitor *monitor,
                  BobbinAlertEvent event,
                  const BobbinAlertState *state,
                  gint64 time,
                  const char *cause)
{
  BobbinAlert *self = g_object_new (BOBBIN_TYPE_ALERT, NULL);

  self->monitor = g_object_ref (monitor);
  self->event = event;
  self->state = *state;
  self->time = time;
  self->cause = g_strdup (cause);

  return self;
}

/**
 * bobbin_alert_get_monitor:
 * @self: an alert
 *
 * Returns: (transfer none): which monitor it is about
 */
BobbinMonitor *
bobbin_alert_get_monitor (BobbinAlert *self)
{
  return self->monitor;
}

/**
 * bobbin_alert_get_event:
 * @self: an alert
 *
 * Returns: what is to be said
 */
BobbinAlertEvent
bobbin_alert_get_event (BobbinAlert *self)
{
  return self->event;
}

/**
 * bobbin_alert_get_level:
 * @self: an alert
 *
 * Returns: warning, critical or down; of one that has ended: as it was last
 */
BobbinHealth
bobbin_alert_get_level (BobbinAlert *self)
{
  return self->state.level;
}

/**
 * bobbin_alert_get_since:
 * @self: an alert
 *
 * Returns: when the first bad sample came, µs since 1970
 */
gint64
bobbin_alert_get_since (BobbinAlert *self)
{
  return self->state.since;
}

/**
 * bobbin_alert_get_time:
 * @self: an alert
 *
 * Returns: when what it says happened, µs since 1970
 */
gint64
bobbin_alert_get_time (BobbinAlert *self)
{
  return self->time;
}

/**
 * bobbin_alert_is_acknowledged:
 * @self: an alert
 *
 * Returns: whether somebody knew already
 */
gboolean
bobbin_alert_is_acknowledged (BobbinAlert *self)
{
  return self->state.acknowledged;
}

/**
 * bobbin_alert_get_cause:
 * @self: an alert
 *
 * Returns: (transfer none): why, in words for a person
 */
const char *
bobbin_alert_get_cause (BobbinAlert *self)
{
  return self->cause;
}

static gint64
get_seconds (BobbinAlert *self)
{
  return MAX (self->time - self->state.since, 0) / G_USEC_PER_SEC;
}

/**
 * bobbin_alert_dup_title:
 * @self: an alert
 *
 * Returns: (transfer full): what happened to what, for a person: a few words
 */
char *
bobbin_alert_dup_title (BobbinAlert *self)
{
  const char *name = bobbin_job_get_title (BOBBIN_JOB (self->monitor));

  /* Translators: titles of notifications; %s is what is monitored */
  if (self->event == BOBBIN_ALERT_ENDED)
    /* Translators: %s is the name of a monitor */
    return g_strdup_printf (_ ("%s is well again"), name);
  if (self->state.level == BOBBIN_HEALTH_DOWN)
    /* Translators: %s is the name of a monitor */
    return g_strdup_printf (_ ("%s does not answer"), name);
  if (self->state.level == BOBBIN_HEALTH_CRITICAL)
    /* Translators: %s is the name of a monitor */
    return g_strdup_printf (_ ("%s is critical"), name);

  /* Translators: %s is the name of a monitor */
  return g_strdup_printf (_ ("%s needs attention"), name);
}

/**
 * bobbin_alert_dup_body:
 * @self: an alert
 *
 * Returns: (transfer full): why and for how long, for a person
 */
char *
bobbin_alert_dup_body (BobbinAlert *self)
{
  g_autofree char *duration = bobbin_monitor_words_duration (get_seconds (self));

  switch (self->event)
    {
    case BOBBIN_ALERT_ENDED:
      /* Translators: first how long, as in “5 minutes”, then the cause of an alarm that has ended
       */
      return g_strdup_printf (_ ("After %s. It was: %s"), duration, self->cause);
    case BOBBIN_ALERT_REPEATED:
    case BOBBIN_ALERT_WORSENED:
      /* Translators: first how long, as in “5 minutes”, then the cause of an alarm */
      return g_strdup_printf (_ ("For %s now. %s"), duration, self->cause);
    case BOBBIN_ALERT_NOTHING:
    case BOBBIN_ALERT_STARTED:
    default:
      return g_strdup (self->cause);
    }
}

static char *
format_time (gint64 time)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);

  return g_date_time_format_iso8601 (utc);
}

/**
 * bobbin_alert_add_to_environ:
 * @self: an alert
 * @inherited: (transfer full): environment variables
 *
 * Tells a program that is run: BOBBIN_EVENT, BOBBIN_LEVEL, BOBBIN_MONITOR, BOBBIN_TARGET,
 * BOBBIN_CAUSE, BOBBIN_SINCE and BOBBIN_TIME (ISO 8601), and BOBBIN_DURATION (seconds). What may
 * be our own secret is taken out.
 *
 * Returns: (transfer full): @inherited and what the alert says
 */
GStrv
bobbin_alert_add_to_environ (BobbinAlert *self, GStrv inherited)
{
  g_autofree char *target = bobbin_display_address (bobbin_monitor_get_target (self->monitor));
  g_autofree char *since = format_time (self->state.since);
  g_autofree char *time = format_time (self->time);
  g_autofree char *duration = g_strdup_printf ("%" G_GINT64_FORMAT, get_seconds (self));
  const char *const variables[][2] = {
    { "BOBBIN_EVENT", bobbin_alert_event_to_string (self->event) },
    { "BOBBIN_LEVEL", bobbin_health_to_string (self->state.level) },
    { "BOBBIN_MONITOR", bobbin_job_get_title (BOBBIN_JOB (self->monitor)) },
    { "BOBBIN_TARGET", target },
    { "BOBBIN_CAUSE", self->cause },
    { "BOBBIN_SINCE", since },
    { "BOBBIN_TIME", time },
    { "BOBBIN_DURATION", duration },
  };

  inherited = g_environ_unsetenv (inherited, "BOBBIN_PASSWORD");
  for (gsize i = 0; i < G_N_ELEMENTS (variables); i++)
    inherited = g_environ_setenv (inherited, variables[i][0], variables[i][1], TRUE);

  return inherited;
}

/**
 * bobbin_alert_to_json:
 * @self: an alert
 *
 * Returns: (transfer full): what it says, for a server: an object with `event`, `level`, `monitor`,
 *   `target`, `cause`, `since` and `time` (ISO 8601), `duration` (seconds) and `acknowledged`
 */
char *
bobbin_alert_to_json (BobbinAlert *self)
{
  g_autofree char *target = bobbin_display_address (bobbin_monitor_get_target (self->monitor));
  g_autofree char *shown = bobbin_display_text (target);
  g_autofree char *since = format_time (self->state.since);
  g_autofree char *time = format_time (self->time);
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_alloc ();

  json_object_set_string_member (object, "event", bobbin_alert_event_to_string (self->event));
  json_object_set_string_member (object, "level", bobbin_health_to_string (self->state.level));
  json_object_set_string_member (object, "monitor",
                                 bobbin_job_get_title (BOBBIN_JOB (self->monitor)));
  json_object_set_string_member (object, "target", shown);
  json_object_set_string_member (object, "cause", self->cause);
  json_object_set_string_member (object, "since", since);
  json_object_set_string_member (object, "time", time);
  json_object_set_int_member (object, "duration", get_seconds (self));
  json_object_set_boolean_member (object, "acknowledged", self->state.acknowledged);
  json_node_init_object (node, object);

  return json_to_string (node, FALSE);
}
