/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Has a download begun whenever a monitored web page or file has changed: one for each change, and
 * none for anything else. Which job that is, and where it writes, is up to whoever connects. Main
 * thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-watch-fetch.h"

#include "bobbin-file-name.h"
#include "bobbin-probe-options.h"
#include "bobbin-verdict.h"

#include <string.h>

/* Of a monitor: its connection. */
static const char fetch_key[] = "bobbin-watch-fetch";

#define PREFIX "page:"

typedef struct
{
  gulong judged_id;
  BobbinWatchFetchFunc func;
  gpointer user_data; /* (owned) where there is @destroy */
  GDestroyNotify destroy;
} WatchFetch;

static void
watch_fetch_free (gpointer data)
{
  WatchFetch *self = data;

  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_free (self);
}

/**
 * bobbin_watch_fetch_make_name:
 * @address: a web address
 * @time: when it changed
 *
 * Any thread.
 *
 * Returns: (transfer full): a safe file name: the address's, and before its extension the time
 */
char *
bobbin_watch_fetch_make_name (const char *address, GDateTime *time)
{
  g_autofree char *name = bobbin_file_name_from_uri (address);
  g_autofree char *stamp = g_date_time_format (time, "%Y-%m-%d %H.%M.%S");
  const char *dot = strrchr (name, '.');
  const gsize stem = dot != NULL && dot != name ? (gsize) (dot - name) : strlen (name);
  g_autofree char *dated = g_strdup_printf ("%.*s %s%s", (int) stem, name, stamp, name + stem);

  return bobbin_file_name_make_safe (dated);
}

/* The versions that the next program will know; NULL for none yet. */
static GVariant *
get_noted (BobbinMonitor *monitor)
{
  g_autoptr (GVariant) seen = NULL;
  g_autoptr (GVariant) known = NULL;

  g_object_get (monitor, "seen", &seen, NULL);
  if (seen != NULL)
    known = g_variant_lookup_value (seen, "known", G_VARIANT_TYPE_STRING_ARRAY);

  return known != NULL && g_variant_n_children (known) > 0 ? g_steal_pointer (&known) : NULL;
}

static gboolean
has_version (GVariant *versions, const char *hash)
{
  g_autofree const char **digests = g_variant_get_strv (versions, NULL);

  return g_strv_contains (digests, hash);
}

static void
note (BobbinMonitor *monitor, GVariant *details)
{
  g_autoptr (GVariant) known =
    g_variant_lookup_value (details, "known", G_VARIANT_TYPE_STRING_ARRAY);
  g_auto (GVariantDict) seen = G_VARIANT_DICT_INIT (NULL);

  if (known == NULL)
    return;

  g_variant_dict_insert_value (&seen, "known", known);
  g_object_set (monitor, "seen", g_variant_dict_end (&seen), NULL);
}

/* Says whether somebody has the version now. */
static gboolean
tell (WatchFetch *self, BobbinMonitor *monitor, const BobbinVerdict *verdict)
{
  const char *address = bobbin_monitor_get_target (monitor) + strlen (PREFIX);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (verdict->time / G_USEC_PER_SEC);
  g_autofree char *name = bobbin_watch_fetch_make_name (address, time);

  return self->func (monitor, address, name, self->user_data);
}

/* First the download, then the note that there is no need of one: what is lost in between comes
 * again. What is not noted decides, and not what the sample says of itself: the one that found the
 * change may have come during a pause, or nobody could take the download. A page that goes to and
 * fro is noted once. */
static void
on_judged (BobbinMonitor *monitor, const BobbinVerdict *verdict, WatchFetch *self)
{
  g_autoptr (GVariant) noted = NULL;
  const char *hash = NULL;
  gboolean changed = FALSE;

  if (verdict->error != NULL || verdict->sample == NULL || verdict->sample->details == NULL)
    return;
  g_variant_lookup (verdict->sample->details, "changed", "b", &changed);
  g_variant_lookup (verdict->sample->details, "hash", "&s", &hash);
  noted = get_noted (monitor);
  if (hash == NULL || (noted != NULL && has_version (noted, hash)))
    return;

  /* The first of all is no change, but if the one before it was not heard of. */
  if ((noted == NULL && !changed) || tell (self, monitor, verdict))
    note (monitor, verdict->sample->details);
}

static BobbinHttpContext *
make_context (BobbinMonitor *monitor)
{
  GVariant *options = bobbin_monitor_get_options (monitor);
  const BobbinProbeKind *kind = bobbin_probe_kind_find (bobbin_monitor_get_target (monitor));
  const BobbinProbeOption *table = kind->options;
  g_autofree char *user = bobbin_probe_options_dup_string (table, options, "user");
  g_autofree char *password = bobbin_probe_options_dup_string (table, options, "password");
  g_autofree char *ca_file = bobbin_probe_options_dup_string (table, options, "ca-file");
  g_autoptr (GVariant) list = bobbin_probe_options_get (table, options, "headers");
  g_autofree const char **headers = g_variant_get_strv (list, NULL);
  const BobbinHttpSettings settings = { .headers = headers,
                                        .user = user,
                                        .password = password,
                                        .ca_file = ca_file };

  return bobbin_http_context_new (&settings, NULL);
}

/**
 * bobbin_watch_fetch_prepare:
 * @monitor: a monitor of a web page or file
 * @download: a new download of what it monitors
 * @file_name: what #BobbinWatchFetchFunc was given
 *
 * Has @download fetch what @monitor saw: with its login, a web page too, under a name of its own.
 */
void
bobbin_watch_fetch_prepare (BobbinMonitor *monitor, BobbinDownload *download, const char *file_name)
{
  g_autoptr (BobbinHttpContext) context = NULL;

  g_return_if_fail (BOBBIN_IS_MONITOR (monitor));
  g_return_if_fail (BOBBIN_IS_DOWNLOAD (download));

  context = make_context (monitor);
  g_object_set (download, "file-name", file_name, "exists", BOBBIN_EXISTS_RENAME, "accept-html",
                TRUE, NULL);
  if (context != NULL && !bobbin_http_context_is_empty (context))
    bobbin_download_set_context (download, context);
}

/**
 * bobbin_watch_fetch_connect:
 * @monitor: a monitor
 * @func: called for each change
 * @user_data: for @func
 * @destroy: (nullable): for @user_data
 *
 * From now on @func is called, in the main thread, once for each change that @monitor finds, and
 * for one that came while the program did not run. What is known is noted with @monitor. A
 * monitor has one such connection: an earlier one ends. It lasts as long as @monitor does.
 *
 * Returns: whether @monitor is one that finds changes, `page:…`; else nothing is connected
 */
gboolean
bobbin_watch_fetch_connect (BobbinMonitor *monitor,
                            BobbinWatchFetchFunc func,
                            gpointer user_data,
                            GDestroyNotify destroy)
{
  WatchFetch *self;

  g_return_val_if_fail (BOBBIN_IS_MONITOR (monitor), FALSE);
  g_return_val_if_fail (func != NULL, FALSE);

  if (!g_str_has_prefix (bobbin_monitor_get_target (monitor), PREFIX))
    return FALSE;

  bobbin_watch_fetch_disconnect (monitor);
  self = g_new0 (WatchFetch, 1);
  self->func = func;
  self->user_data = user_data;
  self->destroy = destroy;
  self->judged_id = g_signal_connect (monitor, "judged", G_CALLBACK (on_judged), self);
  g_object_set_data_full (G_OBJECT (monitor), fetch_key, self, watch_fetch_free);

  return TRUE;
}

/**
 * bobbin_watch_fetch_disconnect:
 * @monitor: a monitor
 *
 * Ends what bobbin_watch_fetch_connect() began, if it did.
 */
void
bobbin_watch_fetch_disconnect (BobbinMonitor *monitor)
{
  WatchFetch *self = g_object_get_data (G_OBJECT (monitor), fetch_key);

  if (self == NULL)
    return;

  g_signal_handler_disconnect (monitor, self->judged_id);
  g_object_set_data (G_OBJECT (monitor), fetch_key, NULL);
}
