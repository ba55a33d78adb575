/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-history-clock.h"
#include "bobbin-history-rows.h"
#include "bobbin-store-batch-private.h"
#include "bobbin-store-file.h"
#include "bobbin-store-rows.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the store's object and its thread share: requests, each of which has one owner at a time. */

typedef enum
{
  BOBBIN_STORE_OPEN,
  BOBBIN_STORE_WRITE,
  BOBBIN_STORE_READ_JOBS,
  BOBBIN_STORE_READ_EVENTS,
  BOBBIN_STORE_READ_HISTORY,
  BOBBIN_STORE_READ_FINISHED,
  BOBBIN_STORE_SET_KEEP,
  BOBBIN_STORE_CLOSE,
} BobbinStoreRequestKind;

typedef struct
{
  BobbinStoreRequestKind kind;
  GTask                 *task;  /* (owned) main thread only */
  BobbinStoreBatch      *batch; /* (owned) (nullable) */
  BobbinHistoryQuery     query;
  BobbinHistoryKeep      keep;
  BobbinFinishedQuery    finished;
  char                  *search;      /* (owned) (nullable) that of finished */
  GCancellable          *cancellable; /* (owned) (nullable) READ_FINISHED */
  gint64                 number;
  gint64                 place;
  guint                  n_jobs;

  /* the answer */
  GError            *error;     /* (owned) (nullable) */
  GPtrArray         *rows;      /* (owned) (nullable) */
  BobbinHistorySpan *span;      /* (owned) (nullable) */
  char              *set_aside; /* (owned) (nullable) */
} BobbinStoreRequest;

/* What the thread has. */
typedef struct
{
  char            *path;       /* (owned) */
  GMainContext    *context;    /* (owned) where answers go */
  GSourceFunc      answer;     /* called there with a GPtrArray (owned) of requests (owned) */
  GAsyncQueue     *requests;   /* (owned) of BobbinStoreRequest (owned) */
  BobbinStoreFile *file;       /* (owned) (nullable) thread only */
  BobbinStoreRows *rows;       /* (owned) (nullable) thread only */
  GError          *open_error; /* (owned) (nullable) thread only: why there is no database */
  BobbinHistoryClock clock;    /* thread only */
} BobbinStoreSide;

BobbinStoreSide *bobbin_store_side_new     (const char  *path,
                                            GSourceFunc  answer);
void             bobbin_store_side_free    (BobbinStoreSide *self);
gpointer         bobbin_store_side_run     (gpointer data);
void             bobbin_store_request_free (BobbinStoreRequest *request);

G_END_DECLS
