/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-job-queue.h"

G_BEGIN_DECLS

/*
 * A queue as its own files see it: bobbin-job-queue.c holds the jobs and gives out the slots,
 * bobbin-job-queue-move.c changes their order. bobbin-job-queue-all.c needs none of it. Main
 * thread only.
 */

typedef struct
{
  BobbinJob     *job;     /* (owned) */
  GSequenceIter *iter;    /* where it stands in the list */
  GSequenceIter *waiting; /* (nullable) where it stands among those who wait for a slot */
  BobbinJobState state;   /* as last seen */
  gulong         handler;
} BobbinJobQueueEntry;

struct _BobbinJobQueue
{
  GObject parent_instance;

  GSequence        *entries;   /* (owned) of BobbinJobQueueEntry (owned), in order */
  GSequence        *waiting;   /* (owned) of BobbinJobQueueEntry (unowned), in that order */
  GHashTable       *by_job;    /* (owned) BobbinJob (unowned) → its entry (unowned) */
  BobbinMailbox    *mailbox;   /* (owned) */
  BobbinWorkerPool *transfers; /* (owned) */
  BobbinWorkerPool *probes;    /* (owned) */

  guint    max_transfers;
  guint    n_slots;      /* transfers that are running or being stopped */
  guint    n_running;    /* jobs of either lane that are running or being stopped */
  guint    told_running; /* n_running and n_waiting as last notified */
  guint    told_waiting;
  gboolean scheduling;
  gboolean closing;
  GThread *owner;        /* the main thread: who made it */
  GList   *closers;      /* (owned) of GTask: who waits for the end of it all */
};

void bobbin_job_queue_set_waiting (BobbinJobQueue      *self,
                                   BobbinJobQueueEntry *entry,
                                   gboolean             waiting);

G_END_DECLS
