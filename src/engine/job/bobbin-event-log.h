/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BobbinEventKind:
 * @BOBBIN_EVENT_NOTE: anything worth a line
 * @BOBBIN_EVENT_STARTED: a run began
 * @BOBBIN_EVENT_CONNECTED: the server answered
 * @BOBBIN_EVENT_REDIRECTED: the server named another address
 * @BOBBIN_EVENT_RESUMED: the transfer goes on where an earlier one ended
 * @BOBBIN_EVENT_RESTARTED: what was there could not be used; the transfer begins anew
 * @BOBBIN_EVENT_RETRY: a try failed and another one is waited for
 * @BOBBIN_EVENT_DONE: the run succeeded
 * @BOBBIN_EVENT_FAILED: the run failed
 * @BOBBIN_EVENT_STOPPED: the run was stopped and has been joined
 *
 * What kind of thing happened to a job.
 */
typedef enum
{
  BOBBIN_EVENT_NOTE,
  BOBBIN_EVENT_STARTED,
  BOBBIN_EVENT_CONNECTED,
  BOBBIN_EVENT_REDIRECTED,
  BOBBIN_EVENT_RESUMED,
  BOBBIN_EVENT_RESTARTED,
  BOBBIN_EVENT_RETRY,
  BOBBIN_EVENT_DONE,
  BOBBIN_EVENT_FAILED,
  BOBBIN_EVENT_STOPPED,
} BobbinEventKind;

#define BOBBIN_TYPE_EVENT (bobbin_event_get_type ())
G_DECLARE_FINAL_TYPE (BobbinEvent, bobbin_event, BOBBIN, EVENT, GObject)

BobbinEventKind bobbin_event_get_kind (BobbinEvent *self);
gint64          bobbin_event_get_time (BobbinEvent *self);
const char     *bobbin_event_get_text (BobbinEvent *self);
const char     *bobbin_event_get_code (BobbinEvent *self);

/**
 * BOBBIN_EVENT_LOG_MAX:
 *
 * So many lines a log keeps; the oldest go first.
 */
#define BOBBIN_EVENT_LOG_MAX 500

#define BOBBIN_TYPE_EVENT_LOG (bobbin_event_log_get_type ())
G_DECLARE_FINAL_TYPE (BobbinEventLog, bobbin_event_log, BOBBIN, EVENT_LOG, GObject)

BobbinEventLog *bobbin_event_log_new  (void);
void            bobbin_event_log_add  (BobbinEventLog *self,
                                       BobbinEventKind kind,
                                       gint64          time,
                                       const char     *code,
                                       const char     *text);

/* Lines of before the program was started, newest first; and how many were added since. */
void            bobbin_event_log_add_older   (BobbinEventLog *self,
                                              BobbinEventKind kind,
                                              gint64          time,
                                              const char     *code,
                                              const char     *text);
guint64         bobbin_event_log_get_n_added (BobbinEventLog *self);

G_END_DECLS
