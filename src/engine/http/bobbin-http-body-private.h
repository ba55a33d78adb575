/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-chunked.h"
#include "bobbin-http-body.h"
#include "bobbin-http-session-private.h"

G_BEGIN_DECLS

/*
 * A body as its own files see it: bobbin-http-send.c asks for it, bobbin-http-body.c reads it,
 * bobbin-http-skip.c closes it.
 */

/* So much of an answer that is of no interest is read to keep its connection; more costs more than
 * a new one. */
#define BOBBIN_HTTP_MAX_SKIP (64 * 1024)

/* So many of a message's signals are listened to. */
#define BOBBIN_HTTP_N_HANDLERS 5

/* While it is sent. */
typedef struct
{
  SoupMessage *message;      /* (owned) */
  GCancellable *cancellable; /* (owned) the caller's */
  GCancellable *soup;        /* (owned) libsoup's */
  gulong cancelled;
  gulong handlers[BOBBIN_HTTP_N_HANDLERS]; /* of the message */
  guint n_informational;
  gboolean is_asked;  /* the request is on its way */
  gboolean is_broken; /* its connection is, by us */
  BobbinHttpSentFunc func;
  gpointer user_data;
} BobbinHttpSending;

typedef struct
{
  void *buffer;
  gsize size;
  GCancellable *cancellable;
  BobbinHttpReadFunc func;
  gpointer user_data;
} BobbinHttpReading;

/* While the rest of it is read. */
typedef struct
{
  char *buffer;              /* (owned) */
  GCancellable *cancellable; /* (owned) the caller's */
  gulong cancelled;
  GCancellable *late; /* (owned) */
  GSource *timer;     /* (owned) */
  gsize n_read;
  BobbinHttpClosedFunc func;
  gpointer user_data;
} BobbinHttpSkipping;

struct _BobbinHttpBody
{
  BobbinHttpSession *session; /* of this thread */
  BobbinHttpLane *lane;
  GInputStream *stream; /* (owned) (nullable) */
  GSocket *socket;      /* (owned) (nullable) of its connection, while it is sent */

  gboolean is_done;       /* was read to its end */
  gboolean is_kept;       /* its connection is, after that */
  gboolean is_chunked;    /* by us to be decoded */
  gboolean is_open_ended; /* ends where the connection does */
  gboolean is_pollable;   /* the stream is */
  gboolean is_in_records; /* a read brings one of TLS, 16 KiB at most */
  gboolean has_ended;     /* the stream has, though nobody was told yet */
  GError *failed;         /* (owned) (nullable) so has it */
  BobbinChunked chunked;

  BobbinHttpSending sending;
  BobbinHttpReading reading;
  BobbinHttpSkipping skipping;
};

G_END_DECLS
