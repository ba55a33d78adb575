/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-event-log.h"

G_BEGIN_DECLS

/**
 * BobbinReport:
 * @bytes: bytes done so far
 * @total: bytes in all, or -1 while not known
 * @rate: bytes a second, or -1 while not known
 * @time_left: seconds, or -1 while not known
 * @phase: what the worker is at; the numbers belong to the job's class
 * @is_aside: whether all it does is wait for something outside of the program: until then its
 *   slot is another job's
 * @until: when the present phase ends by itself, in g_get_monotonic_time() µs, or 0
 * @name: what the run found its job to be called, or "" while that is not known (NAME_MAX bytes)
 * @identity: which file it makes, whatever that is called, or ""
 *
 * The newest figures of a run. Plain data of fixed size, so that posting it allocates nothing.
 */
typedef struct
{
  gint64   bytes;
  gint64   total;
  gint64   rate;
  gint64   time_left;
  guint    phase;
  gboolean is_aside;
  gint64   until;
  char     name[256];
  char     identity[64];
} BobbinReport;

/**
 * BOBBIN_REPORT_INIT:
 *
 * A report in which nothing is known yet.
 */
#define BOBBIN_REPORT_INIT { .total = -1, .rate = -1, .time_left = -1 }

/**
 * BOBBIN_MAILBOX_INTERVAL:
 *
 * The main loop looks into a mailbox at most once in so many µs.
 */
#define BOBBIN_MAILBOX_INTERVAL (100 * G_TIME_SPAN_MILLISECOND)

typedef struct _BobbinMailbox     BobbinMailbox;
typedef struct _BobbinMailboxSlot BobbinMailboxSlot;

/**
 * BobbinMailboxReportFunc:
 * @report: the newest report
 * @user_data: what was given to bobbin_mailbox_open()
 *
 * Takes a run's newest figures, in the mailbox's main context.
 */
typedef void (*BobbinMailboxReportFunc) (const BobbinReport *report,
                                         gpointer            user_data);

/**
 * BobbinMailboxEventFunc:
 * @kind: what happened
 * @time: when, in g_get_real_time() µs
 * @code: (nullable): what failed, from bobbin_error_code_name()
 * @text: a line for a person
 * @user_data: what was given to bobbin_mailbox_open()
 *
 * Takes one line of a run's log, in the mailbox's main context; lines come in their order.
 */
typedef void (*BobbinMailboxEventFunc) (BobbinEventKind kind,
                                        gint64          time,
                                        const char     *code,
                                        const char     *text,
                                        gpointer        user_data);

BobbinMailbox     *bobbin_mailbox_new         (void);
BobbinMailbox     *bobbin_mailbox_ref         (BobbinMailbox *self);
void               bobbin_mailbox_unref       (BobbinMailbox *self);
BobbinMailboxSlot *bobbin_mailbox_open        (BobbinMailbox          *self,
                                               BobbinMailboxReportFunc on_report,
                                               BobbinMailboxEventFunc  on_event,
                                               gpointer                user_data);
void               bobbin_mailbox_set_patience (BobbinMailbox *self,
                                                gint64         patience);
guint64            bobbin_mailbox_get_n_drains (BobbinMailbox *self);

BobbinMailboxSlot *bobbin_mailbox_slot_ref    (BobbinMailboxSlot *self);
void               bobbin_mailbox_slot_unref  (BobbinMailboxSlot *self);
void               bobbin_mailbox_slot_post   (BobbinMailboxSlot  *self,
                                               const BobbinReport *report);
void               bobbin_mailbox_slot_log    (BobbinMailboxSlot *self,
                                               BobbinEventKind    kind,
                                               const char        *format,
                                               ...) G_GNUC_PRINTF (3, 4);
void               bobbin_mailbox_slot_log_error (BobbinMailboxSlot *self,
                                                  BobbinEventKind    kind,
                                                  const GError      *error,
                                                  const char        *format,
                                                  ...) G_GNUC_PRINTF (4, 5);
void               bobbin_mailbox_slot_close  (BobbinMailboxSlot *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinMailbox, bobbin_mailbox_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinMailboxSlot, bobbin_mailbox_slot_unref)

G_END_DECLS
