/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-http-context.h"
#include "bobbin-job.h"
#include "bobbin-segment-board.h"
#include "bobbin-speed-trail.h"

G_BEGIN_DECLS

/**
 * BobbinExists:
 * @BOBBIN_EXISTS_RENAME: the download becomes "name (1).ext"
 * @BOBBIN_EXISTS_FAIL: the download fails with %BOBBIN_ERROR_EXISTS
 * @BOBBIN_EXISTS_SKIP: the download is done without a byte
 *
 * What to do when a file of that name is there. It is never overwritten.
 */
typedef enum
{
  BOBBIN_EXISTS_RENAME,
  BOBBIN_EXISTS_FAIL,
  BOBBIN_EXISTS_SKIP,
} BobbinExists;

/**
 * BobbinDownloadPhase:
 * @BOBBIN_DOWNLOAD_CONNECTING: name look-up, connect, handshake, waiting for the answer
 * @BOBBIN_DOWNLOAD_RECEIVING: bytes come
 * @BOBBIN_DOWNLOAD_WAITING: a try failed, the next one begins at the report's `until`
 * @BOBBIN_DOWNLOAD_WAITING_FOR_HOST: other downloads have all connections that its host may have
 * @BOBBIN_DOWNLOAD_WAITING_FOR_NETWORK: there is none
 * @BOBBIN_DOWNLOAD_WAITING_FOR_SPACE: the disk is full
 * @BOBBIN_DOWNLOAD_VERIFYING: all bytes are there, and its `bytes` have been hashed
 * @BOBBIN_DOWNLOAD_FINISHING: all bytes are there and go to the disk, the name is given
 *
 * What a download's worker is at: the `phase` of its reports.
 */
typedef enum
{
  BOBBIN_DOWNLOAD_CONNECTING,
  BOBBIN_DOWNLOAD_RECEIVING,
  BOBBIN_DOWNLOAD_WAITING,
  BOBBIN_DOWNLOAD_WAITING_FOR_HOST,
  BOBBIN_DOWNLOAD_WAITING_FOR_NETWORK,
  BOBBIN_DOWNLOAD_WAITING_FOR_SPACE,
  BOBBIN_DOWNLOAD_VERIFYING,
  BOBBIN_DOWNLOAD_FINISHING,
} BobbinDownloadPhase;

#define BOBBIN_TYPE_DOWNLOAD (bobbin_download_get_type ())
G_DECLARE_FINAL_TYPE (BobbinDownload, bobbin_download, BOBBIN, DOWNLOAD, BobbinJob)

/*
 * Properties, all but the last three to be set when making one:
 *   address    string   http or https (see bobbin_download_check_address())
 *   folder     string   absolute path in the file system's encoding
 *   file-name  string   nullable: wanted name; without one the server's answer decides
 *   exists     BobbinExists
 *   connections uint    at most so many at once (1 to 32, default 8; see bobbin-pace.c)
 *   retries    uint     tries in a row that bring no new byte (default 10)
 *   timeout    uint     seconds: connecting, and silence (default 30)
 *   sync       boolean  wait for the disk before the final name is given (default TRUE)
 *   request    string   nullable: the context without its secrets, as text
 *   ca-file    string   nullable: PEM file of more certificates to trust; part of the context
 *   checksum   string   nullable: "ALGO:HEX" that the file must have (see bobbin_checksum_parse())
 *   accept-html boolean take a web page for the file if that is what comes (default FALSE)
 *   wait-for-space boolean wait for room on a full disk rather than fail (default FALSE)
 *   limit-rate int64    bytes a second, 0: no limit of its own; applies at once
 *   part-name  string   nullable: name of the file that the part is of, once it is known
 *   file       string   nullable: path of the whole file, once it is DONE
 *   skipped    boolean  DONE because a file of that name was there
 * The last three are what a run found out; only the store sets them, in a new job.
 */
BobbinJob  *bobbin_download_new            (const char *address,
                                            const char *folder);
char       *bobbin_download_check_address  (const char *text,
                                            GError    **error);

const char *bobbin_download_get_address    (BobbinDownload *self);
char       *bobbin_download_dup_host       (BobbinDownload *self);
const char *bobbin_download_get_folder     (BobbinDownload *self);
const char *bobbin_download_get_file       (BobbinDownload *self);
gboolean    bobbin_download_get_skipped    (BobbinDownload *self);

void        bobbin_download_set_folder      (BobbinDownload *self,
                                             const char     *folder);
void        bobbin_download_expect_file     (BobbinDownload *self,
                                             gint64          since);
void        bobbin_download_set_context     (BobbinDownload    *self,
                                             BobbinHttpContext *context);
BobbinHttpContext *
            bobbin_download_get_context     (BobbinDownload *self);
gboolean    bobbin_download_has_address_login (BobbinDownload *self);

gboolean    bobbin_download_get_speeds         (BobbinDownload   *self,
                                                BobbinSpeedTrail *trail);

/* What of its file is there, and who fetches the rest; the signal “segments-changed” says when. */
void        bobbin_download_observe_segments   (BobbinDownload *self);
void        bobbin_download_unobserve_segments (BobbinDownload *self);
gboolean    bobbin_download_get_segments       (BobbinDownload *self,
                                                BobbinSegments *segments);

/* Has an unfinished, stopped download come from another address, and keep its bytes. */
void        bobbin_download_move_async     (BobbinDownload     *self,
                                            const char         *address,
                                            GAsyncReadyCallback callback,
                                            gpointer            user_data);
gboolean    bobbin_download_move_finish    (BobbinDownload *self,
                                            GAsyncResult   *result,
                                            GError        **error);

/* Deletes what an unfinished, stopped download left on the disk; nothing once it is whole. */
void        bobbin_download_discard_async  (BobbinDownload     *self,
                                            GAsyncReadyCallback callback,
                                            gpointer            user_data);
gboolean    bobbin_download_discard_finish (BobbinDownload *self,
                                            GAsyncResult   *result,
                                            GError        **error);

G_END_DECLS
