/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <math.h>
#include <sys/statvfs.h>

G_BEGIN_DECLS

typedef struct _BobbinProbe BobbinProbe;

/*
 * BobbinSample:
 * @value: in the unit of the probe's kind; NAN where it takes a second sample to tell
 * @text: (owned) (nullable): what was found in words, for the event log and for a person
 * @details: (owned) (nullable): what else was measured, a{sv}; names as in the probe's kind's doc
 *
 * What a sample found. All zero but for a value of NAN before it is taken.
 */
typedef struct
{
  double value;
  char *text;
  GVariant *details;
} BobbinSample;

#define BOBBIN_SAMPLE_INIT { .value = NAN }

void bobbin_sample_clear (BobbinSample *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BobbinSample, bobbin_sample_clear)

/*
 * BobbinProbeScope:
 * @BOBBIN_PROBE_LOCAL: this computer: /proc, a file system; no network is needed for it
 * @BOBBIN_PROBE_NETWORK: a server, which this computer must have a network for
 *
 * Where a probe looks.
 */
typedef enum
{
  BOBBIN_PROBE_LOCAL,
  BOBBIN_PROBE_NETWORK,
} BobbinProbeScope;

/*
 * BobbinProbeAskedFunc:
 * @error: (transfer full) (nullable): why there is no answer
 * @user_data: what was given to bobbin_probe_ask()
 *
 * A sample has been taken.
 */
typedef void (*BobbinProbeAskedFunc) (GError  *error,
                                      gpointer user_data);

/*
 * BobbinProbeClass:
 * @unit: of the values
 * @scope: where it looks
 * @scale: the greatest value there can be; 0 where there is none
 * @round_up: whether a value is shown rounded up
 * @less_is_worse: whether limits are lower ones, where nothing else is set: free space, days left
 * @warn: the warning limit of a new monitor; 0 for none
 * @critical: its critical limit; 0 for none
 * @step: a value between them; where it is less an alert is told of once more; 0 for none
 * @begin: (nullable): forgets earlier readings
 * @sample: takes one sample; see bobbin_probe_sample()
 * @is_light: (nullable): whether the next sample only waits, and may be asked for; in the main
 *   thread. See bobbin_probe_ask()
 * @ask: (nullable): begins such a sample
 * @clear: (nullable): frees what the kind of probe added
 *
 * What a kind of probe is.
 */
typedef struct
{
  const char *unit;
  BobbinProbeScope scope;
  double scale;
  gboolean round_up;
  gboolean less_is_worse;
  double warn;
  double critical;
  double step;

  void     (*begin)    (BobbinProbe *self);
  gboolean (*sample)   (BobbinProbe  *self,
                        GCancellable *cancellable,
                        BobbinSample *sample,
                        GError      **error);
  gboolean (*is_light) (BobbinProbe *self);
  void     (*ask)      (BobbinProbe         *self,
                        GCancellable        *cancellable,
                        BobbinSample        *sample,
                        BobbinProbeAskedFunc func,
                        gpointer             user_data);
  void     (*clear)    (BobbinProbe *self);
} BobbinProbeClass;

struct _BobbinProbe
{
  const BobbinProbeClass *klass;
  gatomicrefcount ref_count;
  char *title;            /* (owned): never changes */
  gboolean lacks_secrets; /* it is told nothing then; never changes while it is used */
};

BobbinProbe *bobbin_probe_new      (const char *target,
                                    GVariant   *options,
                                    GError    **error);
gpointer     bobbin_probe_alloc    (const BobbinProbeClass *klass,
                                    gsize                   size,
                                    char                   *title);
BobbinProbe *bobbin_probe_ref      (BobbinProbe *self);
void         bobbin_probe_unref    (BobbinProbe *self);
void         bobbin_probe_begin    (BobbinProbe *self);
gboolean     bobbin_probe_sample   (BobbinProbe  *self,
                                    GCancellable *cancellable,
                                    BobbinSample *sample,
                                    GError      **error);
gboolean     bobbin_probe_is_light (BobbinProbe *self);
void         bobbin_probe_ask      (BobbinProbe         *self,
                                    GCancellable        *cancellable,
                                    BobbinSample        *sample,
                                    BobbinProbeAskedFunc func,
                                    gpointer             user_data);

/* What several kinds of probe need. */
gboolean bobbin_probe_has_no_options (const char *target,
                                      GVariant   *options,
                                      GError    **error);
gboolean bobbin_probe_read_proc (const char *path,
                                 char       *buffer,
                                 gsize       size,
                                 GError    **error);

/* Where a worker's asynchronous calls end, and what ends them. */
typedef struct
{
  GMainContext *context;     /* (owned) */
  GCancellable *cancellable; /* (owned): for the calls */
  GSource *watch;            /* (owned) (nullable) */
} BobbinProbeLoop;

void bobbin_probe_loop_enter (BobbinProbeLoop *self,
                              GMainContext    *context,
                              GCancellable    *outer);
void bobbin_probe_loop_leave (BobbinProbeLoop *self);

/*
 * BobbinProbeNewFunc:
 * @target: as it was typed, from its kind's prefix on
 * @options: (nullable): what is set for this probe, a{sv}; what a kind does not know is an error
 * @error: where to say what is wrong with either: %BOBBIN_ERROR_BAD_ADDRESS
 *
 * Makes a probe of some kind. Looks at text only, and waits for nothing.
 *
 * Returns: (transfer full) (nullable): a new probe
 */
typedef BobbinProbe *(*BobbinProbeNewFunc) (const char *target,
                                            GVariant   *options,
                                            GError    **error);

/* The kinds; bobbin-probe-kind.c has the table of them. */
BobbinProbe *bobbin_probe_cpu_new       (const char *path,
                                         int         processor);
BobbinProbe *bobbin_probe_memory_new    (const char *path);
BobbinProbe *bobbin_probe_disk_new      (const char *root,
                                         const char *path,
                                         GError    **error);
BobbinProbe *bobbin_probe_disk_free_new (const char *root,
                                         const char *path,
                                         GError    **error);
BobbinProbe *bobbin_probe_inodes_new    (const char *root,
                                         const char *path,
                                         GError    **error);
BobbinProbe *bobbin_probe_http_new      (const char *address,
                                         GVariant   *options,
                                         GError    **error);
BobbinProbe *bobbin_probe_tcp_new       (const char *address,
                                         GVariant   *options,
                                         GError    **error);

/* Processor times since boot, in clock ticks (proc_stat(5)); user and nice include guest times. */
typedef enum
{
  BOBBIN_CPU_USER,
  BOBBIN_CPU_NICE,
  BOBBIN_CPU_SYSTEM,
  BOBBIN_CPU_IDLE,
  BOBBIN_CPU_IOWAIT,
  BOBBIN_CPU_IRQ,
  BOBBIN_CPU_SOFTIRQ,
  BOBBIN_CPU_STEAL,
} BobbinCpuField;

#define BOBBIN_CPU_N_FIELDS (BOBBIN_CPU_STEAL + 1)

typedef struct
{
  guint64 fields[BOBBIN_CPU_N_FIELDS];
} BobbinCpuTimes;

gboolean bobbin_cpu_times_parse     (const char     *text,
                                     const char     *name,
                                     BobbinCpuTimes *times,
                                     GError        **error);
double   bobbin_cpu_times_busy      (const BobbinCpuTimes *before,
                                     const BobbinCpuTimes *after);
gboolean bobbin_memory_parse        (const char *text,
                                     double     *percent,
                                     GError    **error);
double   bobbin_disk_percent        (const struct statvfs *file_system);
double   bobbin_disk_free           (const struct statvfs *file_system);
double   bobbin_disk_inodes_percent (const struct statvfs *file_system);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinProbe, bobbin_probe_unref)

G_END_DECLS
