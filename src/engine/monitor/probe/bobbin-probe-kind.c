/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The table of all kinds of probes: what their targets look like, what can be set for them, and
 * who makes them. Pure; any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-probe-options.h"

#include "bobbin-display.h"
#include "bobbin-error.h"
#include "bobbin-probe-local.h"
#include "bobbin-probe-net.h"
#include "bobbin-probe-private.h"

#include <glib/gi18n-lib.h>

static BobbinProbe *
new_cpu (const char *target, GVariant *options, GError **error)
{
  return bobbin_probe_has_no_options (target, options, error)
           ? bobbin_probe_cpu_new ("/proc/stat", -1)
           : NULL;
}

static BobbinProbe *
new_cpu_of (const char *target, GVariant *options, GError **error)
{
  guint64 processor;

  if (!bobbin_probe_has_no_options (target, options, error))
    return NULL;
  if (g_ascii_string_to_unsigned (target + strlen ("cpu:"), 10, 0, 65535, &processor, NULL))
    return bobbin_probe_cpu_new ("/proc/stat", (int) processor);

  g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
                       _ ("Name a processor by its number, as in cpu:0."));

  return NULL;
}

static BobbinProbe *
new_swap (const char *target, GVariant *options, GError **error)
{
  if (!bobbin_probe_has_no_options (target, options, error))
    return NULL;

  return bobbin_probe_swap_new ("/");
}

static BobbinProbe *
new_load (const char *target, GVariant *options, GError **error)
{
  if (!bobbin_probe_has_no_options (target, options, error))
    return NULL;

  return bobbin_probe_load_new ("/");
}

static BobbinProbe *
new_pressure (const char *target, GVariant *options, GError **error)
{
  if (!bobbin_probe_has_no_options (target, options, error))
    return NULL;

  return bobbin_probe_pressure_new ("/", target + strlen ("pressure:"), error);
}

static BobbinProbe *
new_hottest (const char *target, GVariant *options, GError **error)
{
  if (!bobbin_probe_has_no_options (target, options, error))
    return NULL;

  return bobbin_probe_temperature_new ("/", "");
}

static BobbinProbe *
new_temperature (const char *target, GVariant *options, GError **error)
{
  if (!bobbin_probe_has_no_options (target, options, error))
    return NULL;

  return bobbin_probe_temperature_new ("/", target + strlen ("temperature:"));
}

static BobbinProbe *
new_process (const char *target, GVariant *options, GError **error)
{
  if (!bobbin_probe_has_no_options (target, options, error))
    return NULL;

  return bobbin_probe_process_new ("/", target + strlen ("process:"), error);
}

static BobbinProbe *
new_folder (const char *target, GVariant *options, GError **error)
{
  if (!bobbin_probe_has_no_options (target, options, error))
    return NULL;

  return bobbin_probe_folder_new ("/", target + strlen ("folder:"), error);
}

static BobbinProbe *
new_traffic (const char *target, GVariant *options, GError **error)
{
  return bobbin_probe_traffic_new ("/", target + strlen ("net:"), options, error);
}

static BobbinProbe *
new_memory (const char *target, GVariant *options, GError **error)
{
  return bobbin_probe_has_no_options (target, options, error)
           ? bobbin_probe_memory_new ("/proc/meminfo")
           : NULL;
}

static BobbinProbe *
new_disk (const char *target, GVariant *options, GError **error)
{
  if (!bobbin_probe_has_no_options (target, options, error))
    return NULL;

  return bobbin_probe_disk_new ("/", target + strlen ("disk:"), error);
}

static BobbinProbe *
new_disk_free (const char *target, GVariant *options, GError **error)
{
  if (!bobbin_probe_has_no_options (target, options, error))
    return NULL;

  return bobbin_probe_disk_free_new ("/", target + strlen ("disk-free:"), error);
}

static BobbinProbe *
new_inodes (const char *target, GVariant *options, GError **error)
{
  if (!bobbin_probe_has_no_options (target, options, error))
    return NULL;

  return bobbin_probe_inodes_new ("/", target + strlen ("inodes:"), error);
}

typedef enum
{
  KIND_WORD,   /* nothing follows */
  KIND_PREFIX, /* something does */
  KIND_SCHEME, /* so too, and it is without regard to case (RFC 3986 §3.1) */
} KindForm;

static const BobbinProbeOption no_options[] = { { NULL } };

static const char *const directions[] = { "in", "out", "both", NULL };

static const BobbinProbeOption traffic_options[] = {
  { "direction", "s", "'both'", directions, N_ ("Which traffic counts"), FALSE },
  { NULL },
};

typedef struct
{
  BobbinProbeKind kind;
  const char *name;
  KindForm form;
  BobbinProbeNewFunc make;
} KindRow;

/* clang-format off */
static const KindRow rows[] = {
  { { "cpu", "cpu", N_ ("How busy the processors are"), no_options },
    "cpu", KIND_WORD, new_cpu },
  { { "cpu:NUMBER", "cpu:0", N_ ("How busy one processor is"), no_options },
    "cpu:", KIND_PREFIX, new_cpu_of },
  { { "memory", "memory", N_ ("How full the memory is"), no_options },
    "memory", KIND_WORD, new_memory },
  { { "swap", "swap", N_ ("How full the swap space is"), no_options },
    "swap", KIND_WORD, new_swap },
  { { "load", "load", N_ ("How many programs want to run"), no_options },
    "load", KIND_WORD, new_load },
  { { "pressure:RESOURCE", "pressure:cpu", N_ ("How long programs wait for cpu, memory or io"),
      no_options },
    "pressure:", KIND_PREFIX, new_pressure },
  { { "temperature", "temperature", N_ ("How hot the hottest sensor is"), no_options },
    "temperature", KIND_WORD, new_hottest },
  { { "temperature:SENSOR", "temperature:cpu", N_ ("How hot a sensor is"), no_options },
    "temperature:", KIND_PREFIX, new_temperature },
  { { "net:INTERFACE", "net:lo", N_ ("How much goes through a network interface"),
      traffic_options },
    "net:", KIND_PREFIX, new_traffic },
  { { "process:NAME", "process:init", N_ ("Whether a program runs"), no_options },
    "process:", KIND_PREFIX, new_process },
  { { "folder:PATH", "folder:/tmp", N_ ("How much a folder holds"), no_options },
    "folder:", KIND_PREFIX, new_folder },
  { { "disk:PATH", "disk:/", N_ ("How full a disk is"), no_options },
    "disk:", KIND_PREFIX, new_disk },
  { { "disk-free:PATH", "disk-free:/", N_ ("How much is free on a disk"), no_options },
    "disk-free:", KIND_PREFIX, new_disk_free },
  { { "inodes:PATH", "inodes:/", N_ ("How many of its inodes a disk uses"), no_options },
    "inodes:", KIND_PREFIX, new_inodes },
  { { "http://HOST/PATH", "http://localhost/", N_ ("How long a web server takes to answer"),
      bobbin_probe_http_options },
    "http:", KIND_SCHEME, bobbin_probe_http_new },
  { { "https://HOST/PATH", "https://localhost/", N_ ("How long a web server takes to answer"),
      bobbin_probe_http_options },
    "https:", KIND_SCHEME, bobbin_probe_http_new },
  { { "tcp://HOST:PORT", "tcp://localhost:22", N_ ("How long it takes to connect to a port"),
      no_options },
    "tcp:", KIND_SCHEME, bobbin_probe_tcp_new },
  { { "cert://HOST:PORT", "cert://localhost:443",
      N_ ("How many days are left until a server’s certificate expires"),
      bobbin_probe_certificate_options },
    "cert:", KIND_SCHEME, bobbin_probe_certificate_new },
  { { "ping:HOST", "ping:localhost", N_ ("How long an echo takes to come back"),
      bobbin_probe_ping_options },
    "ping:", KIND_PREFIX, bobbin_probe_ping_new },
  { { "dns:NAME", "dns:localhost", N_ ("How long it takes to look a name up"),
      bobbin_probe_dns_options },
    "dns:", KIND_PREFIX, bobbin_probe_dns_new },
  { { "page:URL", "page:https://localhost/", N_ ("Whether a web page has changed"),
      bobbin_probe_page_options },
    "page:", KIND_PREFIX, bobbin_probe_page_new },
};
/* clang-format on */

static gboolean
is_of_kind (const char *target, const char *name, KindForm form)
{
  switch (form)
    {
    case KIND_WORD:
      return g_str_equal (target, name);
    case KIND_PREFIX:
      return g_str_has_prefix (target, name);
    case KIND_SCHEME:
      return g_ascii_strncasecmp (target, name, strlen (name)) == 0;
    default:
      g_return_val_if_reached (FALSE);
    }
}

static const KindRow *
find_row (const char *target)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (is_of_kind (target, rows[i].name, rows[i].form))
      return &rows[i];

  return NULL;
}

/**
 * bobbin_probe_kind_list: (skip)
 * @n_kinds: (out): how many there are
 *
 * All kinds of probes, in the order in which they are best shown. Any thread.
 *
 * Returns: (transfer none) (array length=n_kinds): the kinds
 */
const BobbinProbeKind *const *
bobbin_probe_kind_list (gsize *n_kinds)
{
  static const BobbinProbeKind *list[G_N_ELEMENTS (rows)];
  static gsize made;

  if (g_once_init_enter (&made))
    {
      for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        list[i] = &rows[i].kind;
      g_once_init_leave (&made, TRUE);
    }
  *n_kinds = G_N_ELEMENTS (rows);

  return list;
}

/**
 * bobbin_probe_kind_find: (skip)
 * @target: what is monitored, as it was typed
 *
 * Any thread.
 *
 * Returns: (transfer none) (nullable): its kind, even where the rest of @target is wrong
 */
const BobbinProbeKind *
bobbin_probe_kind_find (const char *target)
{
  const KindRow *row = find_row (target);

  return row != NULL ? &row->kind : NULL;
}

/* The targets of all kinds, for a person. */
static char *
list_targets (void)
{
  GString *targets = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_string_append_printf (targets, "%s%s", i > 0 ? ", " : "", rows[i].kind.target);

  return g_string_free (targets, FALSE);
}

/**
 * bobbin_probe_new: (skip)
 * @target: `cpu`, `disk:PATH`, `https://…` and so on, see bobbin_probe_kind_list()
 * @options: (nullable): what is set for it, a{sv}
 * @error: where to say what is wrong with them: %BOBBIN_ERROR_BAD_ADDRESS for the target,
 *   %BOBBIN_ERROR_BAD_SETTING for the options
 *
 * Makes the probe for a target. Looks at the text only, and waits for nothing.
 *
 * Returns: (transfer full) (nullable): a new probe
 */
BobbinProbe *
bobbin_probe_new (const char *target, GVariant *options, GError **error)
{
  g_autofree char *shown = NULL;
  g_autofree char *targets = NULL;
  const KindRow *row;

  g_return_val_if_fail (target != NULL, NULL);

  row = find_row (target);
  if (row != NULL)
    return row->make (target, options, error);

  shown = bobbin_display_address (target);
  targets = list_targets ();
  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
               /* Translators: first what the user typed, then what targets look like */
               _ ("“%s” is nothing that can be monitored. Known are: %s."), shown, targets);

  return NULL;
}
