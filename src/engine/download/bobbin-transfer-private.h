/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-http-session.h"
#include "bobbin-part-file.h"
#include "bobbin-rate-meter.h"
#include "bobbin-transfer.h"

G_BEGIN_DECLS

/* A server that wants to be left alone for longer, in µs, is not waited for: it is said when to
 * come back, as a job that does nothing for hours looks dead. */
#define BOBBIN_TRANSFER_LONGEST_WAIT G_TIME_SPAN_HOUR

/*
 * One run of a download, as its three files see it: bobbin-transfer.c drives it,
 * bobbin-transfer-answer.c asks and decides what an answer is good for, bobbin-transfer-body.c
 * writes what comes. Its worker's thread only.
 */
typedef struct
{
  BobbinTransferSpec *spec;
  BobbinMailboxSlot *slot;   /* (nullable) */
  GCancellable *cancellable; /* of the run */

  BobbinHttpSession *session;
  GTlsDatabase *trust;  /* (owned) (nullable) */
  char *found;          /* (owned) (nullable) the name that was taken already */
  BobbinPartFile *part; /* (owned) (nullable) */
  BobbinReport report;
  BobbinRateMeter rate;
  gint64 reached;      /* first byte that no try has brought yet */
  gboolean whole_only; /* ranges led nowhere: ask for all of it */

  /* this try */
  char *url;             /* (owned) after redirects */
  char *host;            /* (owned) */
  GCancellable *attempt; /* (owned) */
  GSource *silence;      /* (owned) (nullable) */
  gboolean timed_out;
  gboolean again; /* not a failure: the next try asks for something else */
  guint status;
  gint64 retry_after; /* µs, or -1 */
  GError *disk_error; /* (owned) (nullable) from a tick */

  char *buffer;  /* (owned) */
  gint64 offset; /* of the buffer's first byte */
  gsize filled;  /* bytes in the buffer */
  gsize flushed; /* bytes of it that are written */
  gint64 limit;  /* behind the last byte that may come, or -1 */
  gint64 next_checkpoint;
  gint64 next_sync;
} BobbinTransfer;

void          bobbin_transfer_post              (BobbinTransfer     *self,
                                                 BobbinDownloadPhase phase);
GSource      *bobbin_transfer_attach            (BobbinTransfer *self,
                                                 GSource        *source,
                                                 const char     *name);
void          bobbin_transfer_detach            (GSource **source);
void          bobbin_transfer_heard             (BobbinTransfer *self);
void          bobbin_transfer_excuse            (BobbinTransfer *self,
                                                 gint64          since);
void          bobbin_transfer_set_url           (BobbinTransfer *self,
                                                 const char     *url);
GError       *bobbin_transfer_explain           (BobbinTransfer *self,
                                                 SoupMessage    *message,
                                                 GError         *error);

gint64        bobbin_transfer_get_resume_offset (BobbinTransfer *self);
char         *bobbin_transfer_find_name         (BobbinTransfer *self,
                                                 SoupMessage    *message);
void          bobbin_transfer_set_part          (BobbinTransfer *self,
                                                 BobbinPartFile *part);
BobbinHttpBody *bobbin_transfer_ask               (BobbinTransfer *self,
                                                 gint64          offset,
                                                 SoupMessage   **answer,
                                                 GError        **error);
gboolean      bobbin_transfer_accept            (BobbinTransfer *self,
                                                 SoupMessage    *message,
                                                 gint64         *offset,
                                                 GError        **error);

gboolean      bobbin_transfer_receive           (BobbinTransfer *self,
                                                 BobbinHttpBody *body,
                                                 gint64          offset,
                                                 GError        **error);

G_END_DECLS
