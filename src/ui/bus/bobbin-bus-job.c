/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A job as other programs see it on the bus: a dictionary, whose keys
 * data/dbus/io.github.bobbinapp.Bobbin1.xml tells. What is secret is not in it. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-bus-job.h"

#include <gio/gio.h>
#include <math.h>

#include "bobbin-display.h"
#include "bobbin-download.h"
#include "bobbin-enums.h"
#include "bobbin-error.h"
#include "bobbin-health.h"
#include "bobbin-monitor.h"

/* The bus takes valid UTF-8 only, and whoever hears of it may have a terminal. */
static void
add_text (GVariantDict *dict, const char *key, const char *text)
{
  if (text != NULL)
    g_variant_dict_insert_value (dict, key, g_variant_new_take_string (bobbin_display_text (text)));
}

static void
add_address (GVariantDict *dict, const char *address)
{
  g_autofree char *shown = bobbin_display_address (address);

  add_text (dict, "address", shown);
}

static void
add_known (GVariantDict *dict, const char *key, gint64 figure)
{
  if (figure >= 0)
    g_variant_dict_insert (dict, key, "x", figure);
}

static void
add_download (GVariantDict *dict, BobbinDownload *download)
{
  BobbinJob *job = BOBBIN_JOB (download);
  const char *file = bobbin_download_get_file (download);

  add_text (dict, "kind", "download");
  add_address (dict, bobbin_download_get_address (download));
  add_known (dict, "bytes", bobbin_job_get_bytes (job));
  add_known (dict, "total", bobbin_job_get_total (job));
  add_known (dict, "rate", bobbin_job_get_rate (job));
  add_known (dict, "time-left", bobbin_job_get_time_left (job));
  if (file != NULL && bobbin_job_get_state (job) == BOBBIN_JOB_DONE)
    {
      g_autofree char *uri = g_filename_to_uri (file, NULL, NULL);

      add_text (dict, "file", uri);
    }
}

static void
add_monitor (GVariantDict *dict, BobbinMonitor *monitor)
{
  const double value = bobbin_monitor_get_value (monitor);

  add_text (dict, "kind", "monitor");
  add_address (dict, bobbin_monitor_get_target (monitor));
  add_text (dict, "health", bobbin_health_to_string (bobbin_monitor_get_health (monitor)));
  if (!isnan (value))
    {
      g_variant_dict_insert (dict, "value", "d", value);
      add_text (dict, "unit", bobbin_monitor_get_unit (monitor));
    }
}

static void
add_error (GVariantDict *dict, const GError *error)
{
  if (error == NULL)
    return;

  add_text (dict, "error", error->message);
  add_text (dict, "error-code", bobbin_error_code_name (error));
}

static const char *
get_state (BobbinJob *job)
{
  g_autoptr (GEnumClass) states = g_type_class_ref (BOBBIN_TYPE_JOB_STATE);

  return g_enum_get_value (states, bobbin_job_get_state (job))->value_nick;
}

/**
 * bobbin_bus_job_describe:
 * @job: a download or a monitor
 *
 * Returns: (transfer floating): what @job is now, of type `a{sv}`
 */
GVariant *
bobbin_bus_job_describe (BobbinJob *job)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  g_return_val_if_fail (BOBBIN_IS_JOB (job), NULL);

  add_text (&dict, "title", bobbin_job_get_title (job));
  add_text (&dict, "state", get_state (job));
  add_text (&dict, "status", bobbin_job_get_status_line (job));
  if (BOBBIN_IS_DOWNLOAD (job))
    add_download (&dict, BOBBIN_DOWNLOAD (job));
  else if (BOBBIN_IS_MONITOR (job))
    add_monitor (&dict, BOBBIN_MONITOR (job));
  if (bobbin_job_get_state (job) == BOBBIN_JOB_FAILED)
    add_error (&dict, bobbin_job_get_error (job));

  return g_variant_dict_end (&dict);
}
