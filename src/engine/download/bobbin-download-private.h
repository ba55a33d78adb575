/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-download.h"
#include "bobbin-rate-limiter.h"
#include "bobbin-transfer.h"

G_BEGIN_DECLS

/*
 * A download as its own files see it: bobbin-download.c is the object and what is set for it,
 * bobbin-download-run.c hands that to a worker and takes what comes of it,
 * bobbin-download-segments.c shows which bytes are there, bobbin-download-move.c has it come from
 * elsewhere, bobbin-download-discard.c deletes what it left, and bobbin-download-words.c says what
 * it is at.
 */

/* A run that waits until it can begin. */
typedef struct
{
  GTask *task;             /* (owned) */
  BobbinWorkerPool *pool;  /* (unowned) there as long as the run */
  BobbinMailboxSlot *slot; /* (owned) */
} BobbinDownloadLaunch;

/* What most of a long list do not have. */
typedef struct
{
  char *file_name;            /* (owned) (nullable) the wanted one, made safe */
  BobbinHttpContext *context; /* (owned) (nullable) */
  char *checksum;             /* (owned) (nullable) */
  BobbinRateLimiter *limiter; /* (owned) (nullable) its own limit, live; while it runs or has one */
  BobbinSegmentBoard *board;  /* (owned) (nullable) while it runs or somebody looks */
  BobbinSpeedTrail *trail;    /* (owned) (nullable) while it runs */
  char *claimed;              /* (owned) (nullable) the name the part had in the last run */
  char *identity;             /* (owned) (nullable) which file that part was */
  char *file;                 /* (owned) (nullable) */
  BobbinTransferTries tries;  /* of the last run, should that have been put off */
  BobbinDownloadLaunch held;  /* while it moves to another address: what has been asked for since */
  GList *discards;            /* (owned) of GTask (owned): the same */
} BobbinDownloadExtras;

struct _BobbinDownload
{
  BobbinJob parent_instance;

  char *address;  /* (owned) */
  char *folder;   /* (owned) a GRefString: many go to the same */
  BobbinDownloadExtras *extras; /* (owned) (nullable) see bobbin_download_get_extras() */
  gint64 since;   /* see bobbin_download_expect_file(); or 0 */
  guint retries;
  guint timeout : 17; /* seconds */
  guint connections : 6;
  BobbinExists exists : 4;
  gboolean sync : 1;
  gboolean accept_html : 1;
  gboolean wait_for_space : 1;
  gboolean skipped : 1;
  gboolean is_moving : 1;         /* see bobbin_download_move_async() */
  gboolean has_address_login : 1; /* what the context logs in with is from the address */
};

typedef enum
{
  BOBBIN_DOWNLOAD_PROP_ADDRESS = 1,
  BOBBIN_DOWNLOAD_PROP_FOLDER,
  BOBBIN_DOWNLOAD_PROP_FILE_NAME,
  BOBBIN_DOWNLOAD_PROP_EXISTS,
  BOBBIN_DOWNLOAD_PROP_CONNECTIONS,
  BOBBIN_DOWNLOAD_PROP_RETRIES,
  BOBBIN_DOWNLOAD_PROP_TIMEOUT,
  BOBBIN_DOWNLOAD_PROP_SYNC,
  BOBBIN_DOWNLOAD_PROP_REQUEST,
  BOBBIN_DOWNLOAD_PROP_CA_FILE,
  BOBBIN_DOWNLOAD_PROP_CHECKSUM,
  BOBBIN_DOWNLOAD_PROP_ACCEPT_HTML,
  BOBBIN_DOWNLOAD_PROP_WAIT_FOR_SPACE,
  BOBBIN_DOWNLOAD_PROP_LIMIT_RATE,
  BOBBIN_DOWNLOAD_PROP_PART_NAME,
  BOBBIN_DOWNLOAD_PROP_PART_IDENTITY,
  BOBBIN_DOWNLOAD_PROP_FILE,
  BOBBIN_DOWNLOAD_PROP_SKIPPED,
} BobbinDownloadProperty;

#define BOBBIN_DOWNLOAD_N_PROPS (BOBBIN_DOWNLOAD_PROP_SKIPPED + 1)

/* bobbin-download.c */
const BobbinDownloadExtras *bobbin_download_get_extras (BobbinDownload *self);
BobbinDownloadExtras *bobbin_download_ensure_extras (BobbinDownload *self);
BobbinRateLimiter  *bobbin_download_ensure_limiter (BobbinDownload *self);
gint64              bobbin_download_get_limit    (BobbinDownload *self);
void                bobbin_download_set_identity (BobbinDownload *self,
                                                  const char     *identity);
void                bobbin_download_set_address  (BobbinDownload *self,
                                                  const char     *address);
void                bobbin_download_notify       (BobbinDownload        *self,
                                                  BobbinDownloadProperty prop);
void                bobbin_download_emit_segments_changed (BobbinDownload *self);

/* bobbin-download-run.c */
void                bobbin_download_launch       (BobbinJob         *job,
                                                  GTask             *task,
                                                  BobbinWorkerPool  *pool,
                                                  BobbinMailboxSlot *slot);
void                bobbin_download_begin        (BobbinDownload             *self,
                                                  const BobbinDownloadLaunch *launch);
void                bobbin_download_returned     (BobbinJob    *job,
                                                  GTask        *task,
                                                  const GError *error);
void                bobbin_download_report       (BobbinJob          *job,
                                                  const BobbinReport *report);
const char         *bobbin_download_get_part_name (BobbinDownload *self);

/* bobbin-download-discard.c */
void                bobbin_download_begin_discard (BobbinDownload *self,
                                                   GTask          *task);

/* bobbin-download-segments.c */
BobbinSegmentBoard *bobbin_download_ensure_board (BobbinDownload *self);
gboolean            bobbin_download_is_observed  (BobbinDownload *self);

G_END_DECLS
