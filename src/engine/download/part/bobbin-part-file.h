/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-download.h"
#include "bobbin-part-map.h"

G_BEGIN_DECLS

typedef struct _BobbinPartFile BobbinPartFile;

BobbinPartFile *bobbin_part_file_open              (const char *folder,
                                                    const char *name,
                                                    const char *address);
BobbinPartFile *bobbin_part_file_find              (const char *folder,
                                                    const char *name,
                                                    const char *address,
                                                    BobbinExists exists);
BobbinPartFile *bobbin_part_file_claim             (const char  *folder,
                                                    const char  *name,
                                                    const char  *address,
                                                    BobbinExists exists,
                                                    GError     **error);
void            bobbin_part_file_free              (BobbinPartFile *self);

const char     *bobbin_part_file_get_name          (BobbinPartFile *self);
gint64          bobbin_part_file_get_n_bytes       (BobbinPartFile *self);
gint64          bobbin_part_file_get_first_gap     (BobbinPartFile *self);
gint64          bobbin_part_file_get_length        (BobbinPartFile *self);
const char     *bobbin_part_file_get_etag          (BobbinPartFile *self);
const char     *bobbin_part_file_get_date          (BobbinPartFile *self);
const char     *bobbin_part_file_get_source        (BobbinPartFile *self);
gboolean        bobbin_part_file_is_page           (BobbinPartFile *self);
gboolean        bobbin_part_file_is_doubtful       (BobbinPartFile *self);
void            bobbin_part_file_set_doubtful      (BobbinPartFile *self,
                                                    gboolean        is_doubtful);
BobbinSegmentMap *
                bobbin_part_file_get_written       (BobbinPartFile *self);
int             bobbin_part_file_get_fd            (BobbinPartFile *self);

gboolean        bobbin_part_file_begin             (BobbinPartFile          *self,
                                                    const BobbinPartVersion *version,
                                                    GError                 **error);
gboolean        bobbin_part_file_set_length        (BobbinPartFile *self,
                                                    gint64          length);
void            bobbin_part_file_set_checksum      (BobbinPartFile *self,
                                                    const char     *checksum);
const char     *bobbin_part_file_get_checksum      (BobbinPartFile *self);
gboolean        bobbin_part_file_reserve           (BobbinPartFile *self,
                                                    GCancellable   *cancellable,
                                                    GError        **error);
gint64          bobbin_part_file_get_missing_space (BobbinPartFile *self);
gboolean        bobbin_part_file_may_begin         (const char *folder,
                                                    gint64      length);
void            bobbin_part_file_get_refused       (BobbinPartFile *self,
                                                    gint64         *first,
                                                    gint64         *end);
void            bobbin_part_file_set_refused       (BobbinPartFile *self,
                                                    gint64          first,
                                                    gint64          end);
void            bobbin_part_file_checkpoint_when_full (BobbinPartFile *self);
gboolean        bobbin_part_file_compare           (BobbinPartFile *self,
                                                    gint64          offset,
                                                    const void     *bytes,
                                                    gsize           n_bytes);
gboolean        bobbin_part_file_agrees            (BobbinPartFile *self,
                                                    gint64          offset,
                                                    const void     *bytes,
                                                    gsize           n_bytes);
gboolean        bobbin_part_file_write             (BobbinPartFile *self,
                                                    gint64          offset,
                                                    const void     *bytes,
                                                    gsize           n_bytes,
                                                    GError        **error);
void            bobbin_part_file_set_read_again    (BobbinPartFile *self,
                                                    gboolean        is_read_again);
gboolean        bobbin_part_file_set_address       (BobbinPartFile *self,
                                                    const char     *address,
                                                    GError        **error);
void            bobbin_part_file_checkpoint        (BobbinPartFile *self);
void            bobbin_part_file_begin_sync        (BobbinPartFile *self);
gboolean        bobbin_part_file_is_syncing        (BobbinPartFile *self);
void            bobbin_part_file_cancel_sync       (BobbinPartFile *self);
gboolean        bobbin_part_file_end_sync          (BobbinPartFile *self,
                                                    gint64         *duration,
                                                    GError        **error);
gboolean        bobbin_part_file_sync              (BobbinPartFile *self,
                                                    GError        **error);
char           *bobbin_part_file_publish           (BobbinPartFile *self,
                                                    BobbinExists    exists,
                                                    gboolean        sync,
                                                    GError        **error);
char           *bobbin_part_file_dup_identity      (BobbinPartFile *self);
char           *bobbin_part_file_find_published    (const char *folder,
                                                    const char *name,
                                                    const char *identity,
                                                    gint64     *length);
gboolean        bobbin_part_file_may_be_known      (const char *folder,
                                                    const char *name,
                                                    gint64      since,
                                                    gint64      length);
char           *bobbin_part_file_find_same         (BobbinPartFile *self,
                                                    const char     *name,
                                                    gint64          since,
                                                    gboolean        sync,
                                                    GCancellable   *cancellable);
char           *bobbin_part_file_set_aside         (BobbinPartFile *self,
                                                    GError        **error);
void            bobbin_part_file_discard           (BobbinPartFile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinPartFile, bobbin_part_file_free)

G_END_DECLS
