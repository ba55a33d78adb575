/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-health-private.h"
#include "bobbin-monitor.h"
#include "bobbin-probe-private.h"
#include "bobbin-reachability-private.h"
#include "bobbin-sampler-private.h"
#include "bobbin-ticker-private.h"
#include "bobbin-verdict.h"

G_BEGIN_DECLS

/*
 * A monitor as its own files see it: bobbin-monitor.c is the object and what is set for it,
 * bobbin-monitor-run.c takes the samples and judges them, bobbin-monitor-words.c says so,
 * bobbin-monitor-figures.c tells of them, and bobbin-monitor-pause.c has it wait.
 */
struct _BobbinMonitor
{
  BobbinJob parent_instance;

  char *target;       /* (owned) */
  GVariant *options;  /* (owned) (nullable) */
  GVariant *alerting; /* (owned) (nullable) */
  GVariant *alert;    /* (owned) (nullable) */
  GStrv tags;         /* (owned) (nullable) */
  GVariant *seen;     /* (owned) (nullable) */
  char *fetch;        /* (owned) (nullable) */
  BobbinProbe *probe; /* (owned) */
  char *host;         /* (owned): where the probe looks, if that is a server */
  gboolean is_here;   /* that is this computer, which always reaches itself */
  gboolean by_hand;   /* a test ticks, and not the clock */
  double interval;    /* s */
  double timeout;     /* s */
  BobbinHealthLimits limits;
  BobbinLimitSide side;
  gboolean paused;
  gint64 paused_until;     /* µs since 1970; 0 for good */
  BobbinTicker *pause_nap; /* (owned) (nullable): wakes up to end the pause */
  gboolean maintenance;
  gboolean lacks_secrets; /* they are kept elsewhere, and not here yet */

  BobbinHealthTracker tracker;
  gint64 since;  /* boottime µs: how long it has been so */
  gint64 lasted; /* µs that what it was before lasted; 0 if nothing was known of it */
  double value;
  GError *sample_error;   /* (owned) (nullable) */
  gint64 sampled;         /* µs since 1970: when the latest sample came; 0 for never */
  GDateTime *sample_time; /* (owned) (nullable) that moment, if it was asked for */
  guint64 n_taken;
  char *text;                                    /* (owned) (nullable) of the latest sample */
  GVariant *details;                             /* (owned) (nullable) of it */
  double samples[BOBBIN_MONITOR_N_SAMPLES];      /* oldest first */
  BobbinHealth states[BOBBIN_MONITOR_N_SAMPLES]; /* what was thought of each */
  gsize n_samples;

  /* Of the run. */
  GTask *run;             /* (owned) (nullable) */
  BobbinSampler *sampler; /* (owned) (nullable) */
  GSource *cancelled;     /* (owned) (nullable) */
  gint64 judged_until;    /* boottime µs that the newest verdict reaches to */
  gint64 first_by;        /* boottime µs: until then the first slot of this interval comes */
  gint64 asleep;          /* µs: the clock's, as of the newest verdict */
  gint64 due;             /* boottime µs: of the newest sample; 0 for none */
  gint64 came;            /* boottime µs: of the newest sample; 0 for none */
  BobbinReach reach;      /* when the newest sample began */
  gboolean is_settling;   /* slots have passed in wait for the network */
  gboolean overdue;       /* a slot came, and the sample before it has not, or none comes */
  GList watch;            /* in the watchdog's queue */
};

typedef enum
{
  BOBBIN_MONITOR_PROP_TARGET = 1,
  BOBBIN_MONITOR_PROP_OPTIONS,
  BOBBIN_MONITOR_PROP_ALERTING,
  BOBBIN_MONITOR_PROP_ALERT,
  BOBBIN_MONITOR_PROP_TAGS,
  BOBBIN_MONITOR_PROP_SEEN,
  BOBBIN_MONITOR_PROP_FETCH,
  BOBBIN_MONITOR_PROP_SECRETS,
  BOBBIN_MONITOR_PROP_INTERVAL,
  BOBBIN_MONITOR_PROP_WARN,
  BOBBIN_MONITOR_PROP_WARN_CLEAR,
  BOBBIN_MONITOR_PROP_CRITICAL,
  BOBBIN_MONITOR_PROP_CRITICAL_CLEAR,
  BOBBIN_MONITOR_PROP_SIDE,
  BOBBIN_MONITOR_PROP_FOR,
  BOBBIN_MONITOR_PROP_FOR_SECONDS,
  BOBBIN_MONITOR_PROP_RECOVER,
  BOBBIN_MONITOR_PROP_TIMEOUT,
  BOBBIN_MONITOR_PROP_PAUSED,
  BOBBIN_MONITOR_PROP_PAUSED_UNTIL,
  BOBBIN_MONITOR_PROP_MAINTENANCE,
  BOBBIN_MONITOR_PROP_BELIEVED,
  BOBBIN_MONITOR_PROP_VALUE,
  BOBBIN_MONITOR_PROP_HEALTH,
  BOBBIN_MONITOR_PROP_REASON,
  BOBBIN_MONITOR_PROP_DUE,
  BOBBIN_MONITOR_PROP_CAME,
  BOBBIN_MONITOR_PROP_OVERDUE,
} BobbinMonitorProperty;

#define BOBBIN_MONITOR_N_PROPS (BOBBIN_MONITOR_PROP_OVERDUE + 1)

BobbinJob *bobbin_monitor_new_for_probe  (const char  *target,
                                          BobbinProbe *probe,
                                          gboolean     by_hand);

/* bobbin-monitor.c, for bobbin-monitor-run.c */
void       bobbin_monitor_notify         (BobbinMonitor        *self,
                                          BobbinMonitorProperty prop);
void       bobbin_monitor_emit_sampled   (BobbinMonitor *self);
void       bobbin_monitor_emit_judged    (BobbinMonitor       *self,
                                          const BobbinVerdict *verdict);

/* bobbin-monitor-pause.c */
void       bobbin_monitor_set_paused     (BobbinMonitor *self,
                                          gboolean       paused);
void       bobbin_monitor_set_paused_until (BobbinMonitor *self,
                                            gint64         until);

/* bobbin-monitor.c, for the files of what comes back from an earlier program */
void       bobbin_monitor_exchange_probe (BobbinMonitor *self,
                                          BobbinProbe   *probe);
void       bobbin_monitor_set_note       (BobbinMonitor        *self,
                                          GVariant            **note,
                                          GVariant             *value,
                                          BobbinMonitorProperty prop);

/* bobbin-monitor-seen.c */
BobbinProbe *bobbin_monitor_make_probe   (BobbinMonitor *self,
                                          const char    *target,
                                          GVariant      *options,
                                          GError       **error);
void       bobbin_monitor_set_seen       (BobbinMonitor *self,
                                          GVariant      *seen);
void       bobbin_monitor_forget_filtered (BobbinMonitor *self,
                                           GVariant      *options);

/* bobbin-monitor-secrets.c */
void       bobbin_monitor_set_secrets    (BobbinMonitor *self,
                                          gboolean       secrets);
void       bobbin_monitor_take_secrets   (BobbinMonitor *self,
                                          GVariant      *options);

/* bobbin-monitor-watchdog.c */
void       bobbin_monitor_watchdog_add    (BobbinMonitor *self);
void       bobbin_monitor_watchdog_remove (BobbinMonitor *self);
void       bobbin_monitor_watchdog_heard  (gint64 came);
gboolean   bobbin_monitor_watchdog_is_awake (void);

/* bobbin-monitor-run.c */
void       bobbin_monitor_launch         (BobbinJob         *job,
                                          GTask             *task,
                                          BobbinWorkerPool  *pool,
                                          BobbinMailboxSlot *slot);
void       bobbin_monitor_returned       (BobbinJob    *job,
                                          GTask        *task,
                                          const GError *error);
void       bobbin_monitor_abandon        (BobbinJob *job);
char      *bobbin_monitor_describe       (BobbinJob *job);
void       bobbin_monitor_apply_interval (BobbinMonitor *self);
void       bobbin_monitor_apply_hold     (BobbinMonitor *self);
void       bobbin_monitor_look_after     (BobbinMonitor *self);
void       bobbin_monitor_tick           (BobbinMonitor *self,
                                          gint64         due);

/* What the words of a monitor are made of. */
typedef struct
{
  const BobbinProbeClass *probe_class;
  BobbinHealthLimits limits;
  BobbinHealth health;
  double interval;            /* s */
  double value;               /* NAN for none */
  const GError *error;        /* (nullable) of the latest sample */
  double overdue;             /* s that an answer has been waited for, 0 while there is time */
  BobbinUnknownReason reason; /* why the health is unknown */
  BobbinHealthLevel level;    /* of the latest sample, where limits that were passed hold */
  gint64 paused_until;        /* µs since 1970: the end of a pause; 0 for none */
  gint64 lasted;              /* s that what the health was before lasted; 0 for not known */
  double quiet;               /* s that a sample has been missing; 0 while there is time */
} BobbinMonitorFigures;

char      *bobbin_monitor_words_value    (const BobbinProbeClass *probe_class,
                                          double                  value);
char      *bobbin_monitor_words_status   (const BobbinMonitorFigures *figures);
char      *bobbin_monitor_words_event    (const BobbinMonitorFigures *figures);
char      *bobbin_monitor_words_duration (gint64 seconds);

G_END_DECLS
