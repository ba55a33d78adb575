/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-health.h"
#include "bobbin-job.h"

G_BEGIN_DECLS

/**
 * BOBBIN_MONITOR_N_SAMPLES:
 *
 * So many samples a monitor remembers.
 */
#define BOBBIN_MONITOR_N_SAMPLES 60

/**
 * BOBBIN_MONITOR_MIN_INTERVAL:
 *
 * The least seconds between two samples.
 */
#define BOBBIN_MONITOR_MIN_INTERVAL 0.1

/**
 * BOBBIN_MONITOR_MIN_REMOTE_INTERVAL:
 *
 * The least that is fair to a server.
 */
#define BOBBIN_MONITOR_MIN_REMOTE_INTERVAL 1.0

#define BOBBIN_TYPE_MONITOR (bobbin_monitor_get_type ())
G_DECLARE_FINAL_TYPE (BobbinMonitor, bobbin_monitor, BOBBIN, MONITOR, BobbinJob)

/*
 * Properties, of which the settings are kept:
 *   target     string   construct-only: what a kind of probe makes of it, such as cpu, disk:PATH,
 *                       https://…; see bobbin-probe-options.h
 *   options    a{sv}    what is set for its kind of probe, or NULL
 *   alerting   a{sv}    how its alerts are told, or NULL; see bobbin-alert-settings.h
 *   alert      a{sv}    what of an open alert outlives the program, or NULL; that of BobbinAlerts
 *   tags       GStrv    labels, as somebody gave them, or NULL
 *   seen       a{sv}    what of the samples outlives the program, or NULL: “known”, as, of web
 *                       pages; that of bobbin-watch-fetch.h
 *   fetch      string   the folder that a web page or file goes to when it has changed, or NULL;
 *                       see bobbin-watch-fetch.h
 *   secrets    boolean  whether it has secrets, which are kept elsewhere; may be set while it does
 *                       not run: see bobbin-monitor-secrets.h
 *   interval   double   seconds between samples, at least 0.1 (default 5)
 *   warn       double   warning limit in the probe's unit, NAN for none
 *   warn-clear double   where a warning ends; NAN: at its limit
 *   critical   double   critical limit, NAN for none
 *   critical-clear double  where that ends; NAN: at its limit
 *   side       BobbinLimitSide  which side of the limits is bad (default: as the probe has it)
 *   for        uint     so many samples beyond a limit, or with no answer, before it is said
 *                       (default 1)
 *   for-seconds double  so long, too (default 0)
 *   recover    uint     so many good ones before that is said (default 0: as many as “for”)
 *   timeout    double   seconds one sample may take (default 10)
 *   paused     boolean  no samples are taken
 *   paused-until int64  when that ends by itself, µs since 1970; 0 for never. Goes with the pause
 *   believed   BobbinHealth  notifies: what has been settled: unknown, up, warning, critical, down;
 *                       may be set while it does not run
 * What is not kept:
 *   maintenance boolean  samples are taken, and not judged
 *   value      double   read-only, notifies: the latest sample, NAN when there is none
 *   health     BobbinHealth  read-only, notifies
 *   reason     BobbinUnknownReason  read-only, notifies: why the health is unknown
 *   due, came  int64    read-only, notify: when the latest sample was due, and came; µs since 1970
 *   overdue    boolean  read-only, notifies: a slot has passed and the one before it is missing, or
 *                       nothing is heard of it at all
 * Signals:
 *   sampled (BobbinMonitor *)   a sample was taken, or failed, and is in the history
 *   judged (BobbinMonitor *, const BobbinVerdict *)   what is thought of it, or of a gap;
 *     bobbin-verdict.h
 *
 * bobbin_monitor_new() gives NULL and BOBBIN_ERROR_BAD_ADDRESS for a target it does not know.
 */
BobbinJob    *bobbin_monitor_new              (const char *target,
                                               GError    **error);
BobbinJob    *bobbin_monitor_new_with_options (const char *target,
                                               GVariant   *options,
                                               GError    **error);
gboolean      bobbin_monitor_check_target     (const char *target,
                                               GError    **error);

void          bobbin_monitor_pause            (BobbinMonitor *self,
                                               gint64         until);
void          bobbin_monitor_resume           (BobbinMonitor *self);
gboolean      bobbin_monitor_is_paused        (BobbinMonitor *self);
gint64        bobbin_monitor_get_paused_until (BobbinMonitor *self);

const char   *bobbin_monitor_get_target       (BobbinMonitor *self);
GVariant     *bobbin_monitor_get_options      (BobbinMonitor *self);
gboolean      bobbin_monitor_set_options      (BobbinMonitor *self,
                                               GVariant      *options,
                                               GError       **error);
const char *const *bobbin_monitor_get_tags    (BobbinMonitor *self);
void          bobbin_monitor_set_tags         (BobbinMonitor     *self,
                                               const char *const *tags);
double        bobbin_monitor_get_interval     (BobbinMonitor *self);
double        bobbin_monitor_get_min_interval (BobbinMonitor *self);
double        bobbin_monitor_get_warn         (BobbinMonitor *self);
double        bobbin_monitor_get_critical     (BobbinMonitor *self);
BobbinLimitSide bobbin_monitor_get_side       (BobbinMonitor *self);
double        bobbin_monitor_get_step         (BobbinMonitor *self);
double        bobbin_monitor_get_value        (BobbinMonitor *self);
BobbinHealth  bobbin_monitor_get_health       (BobbinMonitor *self);
BobbinUnknownReason bobbin_monitor_get_reason (BobbinMonitor *self);
BobbinHealth  bobbin_monitor_get_believed     (BobbinMonitor *self);
guint64       bobbin_monitor_get_n_taken      (BobbinMonitor *self);
GDateTime    *bobbin_monitor_get_sample_time  (BobbinMonitor *self);
const GError *bobbin_monitor_get_sample_error (BobbinMonitor *self);
const char   *bobbin_monitor_get_text         (BobbinMonitor *self);
GVariant     *bobbin_monitor_get_details      (BobbinMonitor *self);
gint64        bobbin_monitor_get_due          (BobbinMonitor *self);
gint64        bobbin_monitor_get_came         (BobbinMonitor *self);
gint64        bobbin_monitor_get_since        (BobbinMonitor *self);
gboolean      bobbin_monitor_is_overdue       (BobbinMonitor *self);
gboolean      bobbin_monitor_can_sample       (BobbinMonitor *self);
gboolean      bobbin_monitor_sample_now       (BobbinMonitor *self);

/* Of the values: "%", "ms", "°C" and so on, as the kind of probe has it. Static. */
const char   *bobbin_monitor_get_unit         (BobbinMonitor *self);
/* The value for a person: "42 %", "3 ms", "–". Disk percentages are rounded up, as df does. */
char         *bobbin_monitor_dup_command      (BobbinMonitor *self);
char         *bobbin_monitor_format_value     (BobbinMonitor *self,
                                               double         value);
/* Top of a chart: 100 for percentages, 0 where the samples decide. */
double        bobbin_monitor_get_scale        (BobbinMonitor *self);
/* Oldest first; NAN where a sample failed. At most BOBBIN_MONITOR_N_SAMPLES. Owned by the monitor,
 * good until it samples again. */
const double *bobbin_monitor_get_samples      (BobbinMonitor *self,
                                               gsize         *n_samples);
/* What was thought of each of those. */
const BobbinHealth *bobbin_monitor_get_states (BobbinMonitor *self,
                                               gsize         *n_states);

G_END_DECLS
