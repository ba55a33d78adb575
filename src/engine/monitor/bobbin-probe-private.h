/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <sys/statvfs.h>

G_BEGIN_DECLS

typedef struct _BobbinProbe BobbinProbe;

/*
 * BobbinProbeClass:
 * @unit: of the values
 * @scale: the greatest value there can be; 0 where there is none
 * @round_up: whether a value is shown rounded up
 * @begin: (nullable): forgets earlier readings
 * @sample: takes one sample; see bobbin_probe_sample()
 * @clear: (nullable): frees what the kind of probe added
 *
 * What a kind of probe is.
 */
typedef struct
{
  const char *unit;
  double scale;
  gboolean round_up;

  void     (*begin)  (BobbinProbe *self);
  gboolean (*sample) (BobbinProbe  *self,
                      GCancellable *cancellable,
                      double       *value,
                      GError      **error);
  void     (*clear)  (BobbinProbe *self);
} BobbinProbeClass;

struct _BobbinProbe
{
  const BobbinProbeClass *klass;
  gatomicrefcount ref_count;
  char *title; /* (owned): never changes */
};

BobbinProbe *bobbin_probe_new    (const char *target,
                                  GError    **error);
gpointer     bobbin_probe_alloc  (const BobbinProbeClass *klass,
                                  gsize                   size,
                                  char                   *title);
BobbinProbe *bobbin_probe_ref    (BobbinProbe *self);
void         bobbin_probe_unref  (BobbinProbe *self);
void         bobbin_probe_begin  (BobbinProbe *self);
gboolean     bobbin_probe_sample (BobbinProbe  *self,
                                  GCancellable *cancellable,
                                  double       *value,
                                  GError      **error);

/* What several kinds of probe need. */
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

/* The kinds. */
BobbinProbe *bobbin_probe_cpu_new    (const char *path);
BobbinProbe *bobbin_probe_memory_new (const char *path);
BobbinProbe *bobbin_probe_disk_new   (const char *path,
                                      GError    **error);
BobbinProbe *bobbin_probe_http_new   (const char *address,
                                      GError    **error);
BobbinProbe *bobbin_probe_tcp_new    (const char *address,
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

gboolean bobbin_cpu_times_parse (const char     *text,
                                 BobbinCpuTimes *times,
                                 GError        **error);
double   bobbin_cpu_times_busy  (const BobbinCpuTimes *before,
                                 const BobbinCpuTimes *after);
gboolean bobbin_memory_parse    (const char *text,
                                 double     *percent,
                                 GError    **error);
double   bobbin_disk_percent    (const struct statvfs *file_system);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinProbe, bobbin_probe_unref)

G_END_DECLS
