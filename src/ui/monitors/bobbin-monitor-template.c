/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can be monitored, as a person looks for it: a disk and not a path, a website and not a
 * scheme; and the targets that are made of what is typed. Pure; any thread.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-monitor-template.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A longer prefix stands before one that it begins with. */
static const BobbinMonitorTemplate templates[] = {
  /* Translators: monitors of all that one wants to know of the computer that Bobbin runs on */
  { N_ ("This Computer"), "cpu", BOBBIN_TARGET_COMPUTER, NULL, N_ ("Percent of processor time"), 1,
    100, 90, 95 },
  { N_ ("Processor"), "cpu", BOBBIN_TARGET_FIXED, NULL, N_ ("Percent of processor time"), 1, 100,
    90, 95 },
  { N_ ("Memory"), "memory", BOBBIN_TARGET_FIXED, NULL, N_ ("Percent of memory in use"), 1, 100, 90,
    95 },
  { N_ ("Disk"), "disk:", BOBBIN_TARGET_FOLDER, NULL, N_ ("Percent of space in use"), 1, 100, 90,
    95 },
  { N_ ("Website"), "http", BOBBIN_TARGET_ADDRESS, NULL, N_ ("Milliseconds to an answer"), 1,
    600000, 1000, 5000 },
  { N_ ("Server Port"), "tcp://", BOBBIN_TARGET_SERVER_PORT, NULL,
    N_ ("Milliseconds to a connection"), 1, 600000, 1000, 5000 },
  { N_ ("Page That Changes"), "page:", BOBBIN_TARGET_ADDRESS, NULL,
    N_ ("Milliseconds to an answer"), 1, 600000, 1000, 5000 },
  { N_ ("Certificate"), "cert://", BOBBIN_TARGET_SERVER_PORT, NULL, N_ ("Days until it expires"), 1,
    3650, 21, 7 },
  /* Translators: a monitor of whether a server answers an echo request */
  { N_ ("Ping"), "ping:", BOBBIN_TARGET_NAME, N_ ("Server"), N_ ("Milliseconds to an echo"), 1,
    600000, 200, 1000 },
  { N_ ("Name Lookup"), "dns:", BOBBIN_TARGET_NAME, N_ ("Host Name"),
    N_ ("Milliseconds to an answer"), 1, 600000, 500, 2000 },
  { N_ ("Free Space"), "disk-free:", BOBBIN_TARGET_FOLDER, NULL, N_ ("Megabytes that are free"),
    1e6, 1e9, 10000, 1000 },
  { N_ ("Inodes"), "inodes:", BOBBIN_TARGET_FOLDER, NULL, N_ ("Percent of inodes in use"), 1, 100,
    90, 95 },
  { N_ ("Folder Size"), "folder:", BOBBIN_TARGET_FOLDER, NULL, N_ ("Megabytes in it"), 1e6, 1e9,
    10000, 100000 },
  { N_ ("Program"), "process:", BOBBIN_TARGET_NAME, N_ ("Program Name"), N_ ("Processes of it"), 1,
    100000, 100, 1000 },
  { N_ ("Temperature"), "temperature", BOBBIN_TARGET_NAME_OR_NONE, N_ ("Sensor (Hottest if Empty)"),
    N_ ("Degrees Celsius"), 1, 200, 80, 95 },
  { N_ ("Network Traffic"), "net:", BOBBIN_TARGET_NAME, N_ ("Interface"), N_ ("Megabytes a second"),
    1e6, 100000, 100, 1000 },
  /* Translators: memory that is on a disk */
  { N_ ("Swap"), "swap", BOBBIN_TARGET_FIXED, NULL, N_ ("Percent of swap in use"), 1, 100, 50, 90 },
  /* Translators: how many programs want a processor */
  { N_ ("Load"), "load", BOBBIN_TARGET_FIXED, NULL, N_ ("Programs that want to run"), 1, 10000, 8,
    16 },
  /* Translators: how long programs wait for a resource of the computer */
  { N_ ("Pressure"), "pressure:", BOBBIN_TARGET_NAME, N_ ("Resource: cpu, memory or io"),
    N_ ("Percent of time that something waits"), 1, 100, 50, 90 },
  { N_ ("Processor Core"), "cpu:", BOBBIN_TARGET_NAME, N_ ("Number"),
    N_ ("Percent of processor time"), 1, 100, 90, 95 },
};

/**
 * bobbin_monitor_templates_get:
 * @n_templates: (out): how many there are
 *
 * Returns: (transfer none) (array length=n_templates): all of them, as they are best shown
 */
const BobbinMonitorTemplate *
bobbin_monitor_templates_get (guint *n_templates)
{
  *n_templates = G_N_ELEMENTS (templates);

  return templates;
}

/* What one wants to know of a computer, each a monitor of its own. */
static const char *const computer[] = { "cpu", "memory", "disk:/", "load", NULL };

/* Nothing is monitored as a whole computer. */
static gboolean
is_of (const BobbinMonitorTemplate *self, const char *target)
{
  if (self->form == BOBBIN_TARGET_COMPUTER)
    return FALSE;

  return self->form == BOBBIN_TARGET_FIXED
           ? g_str_equal (target, self->prefix)
           : g_ascii_strncasecmp (target, self->prefix, strlen (self->prefix)) == 0;
}

/**
 * bobbin_monitor_templates_find:
 * @target: what is monitored
 *
 * Returns: (transfer none) (nullable): the template that it is made after
 */
const BobbinMonitorTemplate *
bobbin_monitor_templates_find (const char *target)
{
  for (gsize i = 0; i < G_N_ELEMENTS (templates); i++)
    if (is_of (&templates[i], target))
      return &templates[i];

  return NULL;
}

/**
 * bobbin_monitor_template_is_remote:
 * @self: a template
 *
 * Returns: whether it is a server that is asked
 */
gboolean
bobbin_monitor_template_is_remote (const BobbinMonitorTemplate *self)
{
  static const char *const names[] = { "ping:", "dns:", NULL };

  return self->form == BOBBIN_TARGET_ADDRESS || self->form == BOBBIN_TARGET_SERVER_PORT ||
         g_strv_contains (names, self->prefix);
}

/* https where the user named no scheme. */
static char *
make_web_target (const BobbinMonitorTemplate *self, const char *address)
{
  const char *prefix = g_str_equal (self->prefix, "http") ? "" : self->prefix;
  const char *scheme = strstr (address, "://") != NULL ? "" : "https://";

  return *address != '\0' ? g_strconcat (prefix, scheme, address, NULL) : NULL;
}

/* An IPv6 address stands in brackets before a port (RFC 3986 §3.2.2). */
static char *
make_port_target (const BobbinMonitorTemplate *self, const char *server, guint port)
{
  const gboolean bare_ipv6 = strchr (server, ':') != NULL && server[0] != '[';

  if (*server == '\0')
    return NULL;

  return bare_ipv6 ? g_strdup_printf ("%s[%s]:%u", self->prefix, server, port)
                   : g_strdup_printf ("%s%s:%u", self->prefix, server, port);
}

static char *
make_target (const BobbinMonitorTemplate *self, const BobbinTargetFields *fields)
{
  switch (self->form)
    {
    case BOBBIN_TARGET_FIXED:
      return g_strdup (self->prefix);
    case BOBBIN_TARGET_FOLDER:
      return fields->folder != NULL ? g_strconcat (self->prefix, fields->folder, NULL) : NULL;
    case BOBBIN_TARGET_ADDRESS:
      return make_web_target (self, fields->address);
    case BOBBIN_TARGET_SERVER_PORT:
      return make_port_target (self, fields->server, fields->port);
    case BOBBIN_TARGET_NAME:
      return *fields->name != '\0' ? g_strconcat (self->prefix, fields->name, NULL) : NULL;
    case BOBBIN_TARGET_NAME_OR_NONE:
      return *fields->name != '\0' ? g_strconcat (self->prefix, ":", fields->name, NULL)
                                   : g_strdup (self->prefix);
    case BOBBIN_TARGET_COMPUTER:
    default:
      g_return_val_if_reached (NULL);
    }
}

/**
 * bobbin_monitor_template_make_targets:
 * @self: a template
 * @fields: what was typed
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): the targets, right or wrong; %NULL
 *   while a field that is needed is empty
 */
GStrv
bobbin_monitor_template_make_targets (const BobbinMonitorTemplate *self,
                                      const BobbinTargetFields *fields)
{
  char *target;
  GStrv targets;

  if (self->form == BOBBIN_TARGET_COMPUTER)
    return g_strdupv ((char **) computer);

  target = make_target (self, fields);
  if (target == NULL)
    return NULL;

  targets = g_new0 (char *, 2);
  targets[0] = target;

  return targets;
}
