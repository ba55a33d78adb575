/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-store-batch.h"

G_BEGIN_DECLS

/* A batch as the store's thread sees it. */

typedef enum
{
  BOBBIN_STORE_PUT_JOB,
  BOBBIN_STORE_SET_PLACE,
  BOBBIN_STORE_REMOVE_JOB,
  BOBBIN_STORE_ADD_EVENTS,
  BOBBIN_STORE_ADD_SAMPLES,
  BOBBIN_STORE_ADD_FINISHED,
  BOBBIN_STORE_REMOVE_FINISHED,
  BOBBIN_STORE_CLEAR_FINISHED,
  BOBBIN_STORE_EXPIRE_FINISHED,
} BobbinStoreChangeKind;

typedef struct
{
  BobbinStoreChangeKind kind;
  gint64                number;
  union
  {
    BobbinStoreJob *job;    /* (owned) PUT_JOB */
    gint64          place;  /* SET_PLACE */
    gint64          time;   /* EXPIRE_FINISHED, µs since 1970 */
    GPtrArray      *events; /* (owned) of BobbinStoreEvent (owned), ADD_EVENTS */
    GBytes         *samples; /* (owned) ADD_SAMPLES */
    BobbinFinished *finished; /* (owned) ADD_FINISHED */
  };
} BobbinStoreChange;

struct _BobbinStoreBatch
{
  gboolean durable;
  GArray  *changes; /* (owned) of BobbinStoreChange, in order */
  gboolean has_finished; /* among them, it seems, downloads that have finished */
  gint64   expiry;       /* what finished before is forgotten, µs since 1970; 0 if it is not */
};

G_END_DECLS
