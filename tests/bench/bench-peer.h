/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BenchPeerKind:
 * @BENCH_PEER_SILENT: takes what it is sent and says nothing
 * @BENCH_PEER_STALLED: answers with the first part of a file, and then no more
 * @BENCH_PEER_FLOWING: answers with a file without end, as fast as it can
 * @BENCH_PEER_PARTED: answers with a large file, or the part of it that is asked for, so slowly
 *   that more connections bring more
 * @BENCH_PEER_WHOLE: answers with a file of BENCH_PEER_WHOLE_SIZE bytes
 * @BENCH_PEER_PROMISING: answers that a file of so many bytes comes, see bench_peer_set_promise(),
 *   and then nothing
 * @BENCH_PEER_FULL: its backlog is full: nobody gets connected
 * @BENCH_PEER_CLOSED: nobody listens
 *
 * How a peer treats who connects to it.
 */
typedef enum
{
  BENCH_PEER_SILENT,
  BENCH_PEER_STALLED,
  BENCH_PEER_FLOWING,
  BENCH_PEER_PARTED,
  BENCH_PEER_WHOLE,
  BENCH_PEER_PROMISING,
  BENCH_PEER_FULL,
  BENCH_PEER_CLOSED,
} BenchPeerKind;

#define BENCH_PEER_WHOLE_SIZE (8 * 1024 * 1024)

typedef struct _BenchPeer BenchPeer;

BenchPeer *bench_peer_new (BenchPeerKind kind);
void bench_peer_free (BenchPeer *self);
guint16 bench_peer_get_port (BenchPeer *self);
void bench_peer_set_promise (BenchPeer *self, gint64 n_bytes);
guint bench_peer_get_n_open (BenchPeer *self);
void bench_peer_forget (BenchPeer *self);
guint bench_peer_get_n_ready (BenchPeer *self);

G_END_DECLS
