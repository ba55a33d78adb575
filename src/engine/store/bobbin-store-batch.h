/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-event-log.h"
#include "bobbin-finished.h"

G_BEGIN_DECLS

/**
 * BobbinStoreState:
 * @BOBBIN_STORE_IDLE: stopped, or never started
 * @BOBBIN_STORE_ACTIVE: runs or waits for its turn: to be started again after a crash or a quit
 * @BOBBIN_STORE_DONE: done
 * @BOBBIN_STORE_FAILED: failed
 *
 * What is wanted of a job at the next start. The numbers are in databases: they never change.
 */
typedef enum
{
  BOBBIN_STORE_IDLE = 0,
  BOBBIN_STORE_ACTIVE = 1,
  BOBBIN_STORE_DONE = 2,
  BOBBIN_STORE_FAILED = 3,
} BobbinStoreState;

/**
 * BobbinStoreJob:
 * @number: names the job within the database, above 0
 * @id: names the job everywhere and for ever: a random UUID (RFC 9562 §5.4)
 * @kind: “download” or “monitor”
 * @place: where the job stands: jobs are in ascending order of it
 * @state: what is wanted of it
 * @settings: what bobbin_job_settings_save() gave
 * @error: (nullable): of a failed job, from bobbin_error_code_name()
 * @message: (nullable): the sentence that goes with it
 * @bytes: bytes done
 * @total: bytes in all, or -1
 * @created: when it was made, in µs since 1970
 * @started: when its newest run began, or 0
 * @ended: when its newest run ended, or 0
 * @finished: (nullable): what is to be remembered of it even when it is no longer in the list; only
 *   goes into the store
 *
 * All that is kept of a job but its log.
 */
typedef struct
{
  gint64           number;
  char             id[37];
  char            *kind;
  gint64           place;
  BobbinStoreState state;
  char            *settings;
  char            *error;
  char            *message;
  gint64           bytes;
  gint64           total;
  gint64           created;
  gint64           started;
  gint64           ended;
  BobbinFinished  *finished;
} BobbinStoreJob;

void bobbin_store_job_free (BobbinStoreJob *job);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinStoreJob, bobbin_store_job_free)

/**
 * BobbinStoreEvent:
 * @kind: what kind of thing happened
 * @time: when, in µs since 1970
 * @code: (nullable): what failed, from bobbin_error_code_name()
 * @text: a line for a person
 *
 * One line of a job's log.
 */
typedef struct
{
  BobbinEventKind kind;
  gint64          time;
  char           *code;
  char           *text;
} BobbinStoreEvent;

BobbinStoreEvent *bobbin_store_event_new  (BobbinEventKind kind,
                                           gint64          time,
                                           const char     *code,
                                           const char     *text);
void              bobbin_store_event_free (BobbinStoreEvent *event);

typedef struct _BobbinStoreBatch BobbinStoreBatch;

BobbinStoreBatch *bobbin_store_batch_new        (gboolean          durable);
void              bobbin_store_batch_free       (BobbinStoreBatch *self);
gboolean          bobbin_store_batch_is_empty   (BobbinStoreBatch *self);
void              bobbin_store_batch_put_job    (BobbinStoreBatch *self,
                                                 BobbinStoreJob   *job);
void              bobbin_store_batch_set_place  (BobbinStoreBatch *self,
                                                 gint64            number,
                                                 gint64            place);
void              bobbin_store_batch_remove_job (BobbinStoreBatch *self,
                                                 gint64            number);
void              bobbin_store_batch_add_events (BobbinStoreBatch *self,
                                                 gint64            number,
                                                 GPtrArray        *events);
void              bobbin_store_batch_add_samples (BobbinStoreBatch *self,
                                                  GBytes           *samples);
void              bobbin_store_batch_add_finished (BobbinStoreBatch     *self,
                                                   const BobbinFinished *finished);
void              bobbin_store_batch_remove_finished (BobbinStoreBatch *self,
                                                      gint64            number);
void              bobbin_store_batch_clear_finished  (BobbinStoreBatch *self);
void              bobbin_store_batch_expire_finished (BobbinStoreBatch *self,
                                                      gint64            time);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinStoreBatch, bobbin_store_batch_free)

G_END_DECLS
