/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-hasher.h"
#include "bobbin-host-gate.h"
#include "bobbin-http-body.h"
#include "bobbin-http-policy.h"
#include "bobbin-http-run.h"
#include "bobbin-pace.h"
#include "bobbin-part-file.h"
#include "bobbin-rate-meter.h"
#include "bobbin-rate-pass.h"
#include "bobbin-transfer.h"

G_BEGIN_DECLS

/* A server that wants to be left alone for longer, in µs, is not waited for: it is said when to
 * come back, as a job that does nothing for hours looks dead. */
#define BOBBIN_TRANSFER_LONGEST_WAIT G_TIME_SPAN_HOUR

/*
 * One run of a download, as its files see it. bobbin-transfer.c drives it: tries, waits, publishes.
 * A try is a round (bobbin-transfer-round.c); how many connections there are is decided in
 * bobbin-transfer-ticks.c, what each of them fetches in bobbin-transfer-lanes.c. What one of them
 * does is a fetch: bobbin-fetch.c asks, bobbin-fetch-head.c reads what an answer says of itself,
 * bobbin-fetch-answer.c decides what it is good for, bobbin-fetch-body.c writes what comes. All in
 * their worker's thread, on its context; a fetch ends by a callback, and a run returns when the
 * last of them has.
 */

/* How a fetch asks. */
typedef enum
{
  BOBBIN_ASK_REST,    /* what is missing of this version, or all of another one */
  BOBBIN_ASK_OVERLAP, /* what is missing and some bytes before, to be compared */
  BOBBIN_ASK_WHOLE,
  BOBBIN_ASK_PIECE, /* a range, beside others */
} BobbinAsk;

typedef struct
{
  BobbinTransferSpec *spec;
  BobbinMailboxSlot *slot;   /* (nullable) */
  GCancellable *cancellable; /* of the run */

  BobbinHttpSession *session;
  BobbinHttpRun *run;   /* (owned) (nullable) what its requests say */
  GArray *connections;  /* (element-type guint64) (owned) by lane, the one that the log knows of */
  char *found;          /* (owned) (nullable) the name that it should have, and that was taken */
  gboolean is_copy;     /* the part is only to be compared with what is there under that name */
  char *named_url;      /* (owned) (nullable) an address, */
  char *named;          /* (owned) (nullable) and the name that it makes */
  char *host;           /* (owned) (nullable) the last one that was asked */
  BobbinPartFile *part; /* (owned) (nullable) */
  BobbinRateShare *share;      /* (owned) of the limits */
  gint64 told_rate;            /* of the limits, as the log says it; 0: it does not */
  BobbinHasher *hasher;        /* (owned) (nullable) of what has come in order */
  BobbinChecksum expected;     /* what it must come to */
  BobbinReport report;
  BobbinRateMeter rate;
  gint64 received;   /* bytes that came in this run, some of them twice perhaps */
  BobbinAsk ask;     /* of the next round */
  GSource *tick;     /* (owned) (nullable) while bytes come */
  gint64 next_post;
  gint64 next_sample;
  gint64 next_checkpoint;
  gint64 next_sync;

  /* this round: from one first request to the end of all that followed it */
  GPtrArray *fetches; /* (element-type BobbinFetch) (owned) */
  BobbinPace pace;
  gint64 latency;      /* µs from a request to its answer */
  gint64 piece_bytes;  /* that connections brought, those that have ended */
  gint64 piece_time;   /* µs that they took for it, each */
  char *url;           /* (owned) (nullable) where the first one was answered */
  gboolean is_parted;  /* the server answers ranges of a version that can be told */
  gboolean is_ending;  /* all of them are to end */
  gboolean in_doubt;   /* one was refused for good: the next round asks at the address */
  gboolean is_stale;   /* the part could not be begun, and is to be claimed anew */
  guint n_doubts;      /* rounds that ended so, in a row */
  guint status;        /* of what failed last */
  gboolean is_crowded; /* that was refused while its server served others */
  gint64 retry_after;  /* µs, or -1 */
  GError *error;       /* (owned) (nullable) why it ended */
  GError *disk_error;  /* (owned) (nullable) */
  gint64 reopen_after; /* no further connection before, in µs */
  gint64 lowered;      /* when the server was last found not to bear more, in µs */
} BobbinTransfer;

typedef struct
{
  BobbinTransfer *transfer;
  guint lane;
  BobbinAsk ask;
  gint64 first; /* of the bytes it is to bring, from here */
  gint64 end;   /* to here, or -1: to the end */
  gint64 asked_end; /* the same, as it was asked for: another one may have got a part since then */

  /* asking */
  char *url;  /* (owned) after redirects */
  char *host; /* (owned) */
  guint n_redirects;
  SoupMessage *message;  /* (owned) (nullable) */
  BobbinHttpBody *body;  /* (owned) (nullable) */
  GCancellable *attempt; /* (owned) ends whatever it waits for */
  GSource *silence;      /* (owned) */
  gint64 heard;          /* µs, when something came last */
  gint64 asked;          /* µs */
  guint status;
  gint64 retry_after; /* µs, or -1 */
  gboolean timed_out;
  gboolean is_dropped; /* its bytes are there, or not wanted any more */

  /* waiting */
  char *gate_host; /* (owned) (nullable) where it has, or waits for, a place */
  GSource *gate;   /* (owned) (nullable) while it waits for a place */
  GSource *wake;   /* (owned) the end of a wait */
  gboolean is_waiting;
  gboolean is_kept; /* its connection serves another request, if it can */

  /* receiving */
  gboolean is_receiving;
  gboolean is_over;     /* all that it was to hold has come */
  gboolean is_closing;  /* all that is wanted of it has come */
  BobbinRatePass *pass; /* (owned) (nullable) */
  char *buffer;      /* (owned) (nullable) */
  gint64 offset;     /* of the buffer's first byte */
  gsize capacity;    /* so many bytes fill it */
  gsize filled;      /* bytes in the buffer */
  gsize flushed;     /* bytes of it that are written */
  gint64 limit;      /* behind the last byte that the answer may hold, or -1 */
  gint64 compare_to; /* bytes before this are there already, and must be the same */
  gboolean is_head;  /* they are the first ones of a whole file */
  gint64 same_to;    /* of a whole file: what is there before this is compared, or 0 */
  char surplus;      /* where a byte too many would go */
  gint64 received;   /* bytes in all */
  gint64 began;      /* µs */
  BobbinRateMeter rate;
  gint64 looked; /* µs, when it was found whether it is held */
  gint64 waited; /* µs, for its turn, until then */
  gboolean is_held; /* mostly by a limit */
} BobbinFetch;

/* How often, in µs, it is made sure of what a power cut would take. */
extern gint64 bobbin_transfer_sync_time;

/* How soon, in µs, it is looked for room on a disk that was full. */
extern gint64 bobbin_transfer_space_time;

/* By how much every back-off is shorter than it is. */
extern guint bobbin_transfer_haste;

/* bobbin-transfer.c */
void            bobbin_transfer_post          (BobbinTransfer     *self,
                                               BobbinDownloadPhase phase);
GSource        *bobbin_transfer_attach        (BobbinTransfer *self,
                                               GSource        *source,
                                               GSourceFunc     func,
                                               gpointer        data,
                                               const char     *name);
GSource        *bobbin_transfer_add_timer     (BobbinTransfer *self,
                                               gint64          time,
                                               GSourceFunc     func,
                                               gpointer        data,
                                               const char     *name);
void            bobbin_transfer_detach        (GSource **source);
void            bobbin_transfer_set_part      (BobbinTransfer *self,
                                               BobbinPartFile *part);
char           *bobbin_transfer_find_name     (BobbinTransfer *self,
                                               const char     *url,
                                               SoupMessage    *message);
gboolean        bobbin_transfer_is_whole      (BobbinTransfer *self);

void            bobbin_transfer_set_expected  (BobbinTransfer       *self,
                                               const BobbinChecksum *checksum);
void            bobbin_transfer_forget_expected (BobbinTransfer *self);

/* bobbin-transfer-wait.c */
gint64          bobbin_transfer_get_backoff   (guint n_tries);
gboolean        bobbin_transfer_wait_to_retry (BobbinTransfer *self,
                                               const GError   *failure,
                                               gint64          time,
                                               GError        **error);
gboolean        bobbin_transfer_lacks_network (BobbinTransfer *self,
                                               const GError   *error);
gboolean        bobbin_transfer_wait_network  (BobbinTransfer *self,
                                               const GError   *failure,
                                               GError        **error);
gboolean        bobbin_transfer_wait_space    (BobbinTransfer *self,
                                               const GError   *failure,
                                               GError        **error);
gboolean        bobbin_transfer_end_wait      (BobbinTransfer *self,
                                               GError        **error);

/* bobbin-transfer-round.c */
void            bobbin_transfer_begin_round   (BobbinTransfer *self);
void            bobbin_transfer_end_round     (BobbinTransfer *self);
void            bobbin_transfer_end_others    (BobbinTransfer *self,
                                               BobbinFetch    *fetch);
void            bobbin_transfer_fail_disk     (BobbinTransfer *self,
                                               GError         *error);
void            bobbin_transfer_ended         (BobbinTransfer *self,
                                               BobbinFetch    *fetch,
                                               GError         *error);
void            bobbin_transfer_excuse        (BobbinTransfer *self,
                                               gint64          since);

/* bobbin-transfer-lanes.c */
BobbinFetch    *bobbin_transfer_get_fetch     (BobbinTransfer *self,
                                               guint           i);
guint           bobbin_transfer_count_receiving (BobbinTransfer *self);
void            bobbin_transfer_hand_over     (BobbinTransfer *self,
                                               BobbinFetch    *piece);
void            bobbin_transfer_fill          (BobbinTransfer *self);
void            bobbin_transfer_make_room     (BobbinTransfer *self);
void            bobbin_transfer_drop_late     (BobbinTransfer *self);
gboolean        bobbin_transfer_is_held       (BobbinTransfer *self);
void            bobbin_transfer_note_rate     (BobbinTransfer *self,
                                               BobbinFetch    *fetch);

/* bobbin-transfer-ticks.c */
void            bobbin_transfer_begin_ticks   (BobbinTransfer *self);
void            bobbin_transfer_measure       (BobbinTransfer *self,
                                               gint64          now);

/* bobbin-transfer-segments.c */
void            bobbin_transfer_show_segments (BobbinTransfer *self);

/* bobbin-fetch.c */
void            bobbin_fetch_start            (BobbinTransfer *transfer,
                                               BobbinAsk       ask,
                                               gint64          first,
                                               gint64          end,
                                               char           *place);
guint           bobbin_fetch_find_lane        (BobbinTransfer *transfer);
void            bobbin_fetch_drop             (BobbinFetch *self);
void            bobbin_fetch_heard            (BobbinFetch *self);
void            bobbin_fetch_expect_end       (BobbinFetch *self);
GError         *bobbin_fetch_explain          (BobbinFetch  *self,
                                               const GError *error);
void            bobbin_fetch_end              (BobbinFetch *self,
                                               GError      *error);
void            bobbin_fetch_free             (BobbinFetch *self);

void            bobbin_fetch_sleep            (BobbinFetch *self,
                                               gint64       time);

/* bobbin-fetch-head.c */
const char     *bobbin_fetch_get_header       (BobbinFetch *self,
                                               const char  *name);
gint64          bobbin_fetch_get_body_length  (BobbinFetch *self);
BobbinHttpVersion bobbin_fetch_get_version    (BobbinFetch *self);
gboolean        bobbin_fetch_may_be_version   (BobbinFetch *self);
gboolean        bobbin_fetch_is_dated         (BobbinFetch *self);
gboolean        bobbin_fetch_get_range        (BobbinFetch        *self,
                                               BobbinContentRange *range);
gboolean        bobbin_fetch_is_range         (BobbinFetch        *self,
                                               BobbinContentRange *range);
gboolean        bobbin_fetch_is_partial       (BobbinFetch *self);
char           *bobbin_fetch_dup_source       (BobbinFetch *self);
gboolean        bobbin_fetch_is_same_source   (BobbinFetch *self);
gboolean        bobbin_fetch_is_encoded       (BobbinFetch *self);
gboolean        bobbin_fetch_is_parted        (BobbinFetch *self);
gboolean        bobbin_fetch_is_page          (BobbinFetch *self);
gboolean        bobbin_fetch_is_web_page      (BobbinFetch *self,
                                               GError     **error);
gboolean        bobbin_fetch_is_page_in_place (BobbinFetch *self,
                                               GError     **error);
void            bobbin_fetch_set_status_error (BobbinFetch *self,
                                               GError     **error);

/* bobbin-fetch-answer.c */
gboolean        bobbin_fetch_accept           (BobbinFetch *self,
                                               GError     **error);
gboolean        bobbin_fetch_accept_compared  (BobbinFetch *self,
                                               gboolean     is_same,
                                               GError     **error);

/* bobbin-fetch-body.c */
void            bobbin_fetch_receive          (BobbinFetch *self);
void            bobbin_fetch_read             (BobbinFetch *self);
gboolean        bobbin_fetch_flush            (BobbinFetch *self,
                                               GError     **error);
gint64          bobbin_fetch_get_position     (BobbinFetch *self);
gint64          bobbin_fetch_count_buffered   (BobbinFetch *self);

G_END_DECLS
