/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-segment-map.h"

G_BEGIN_DECLS

/**
 * BobbinPartVersion:
 * @length: bytes of the whole file, or -1
 * @etag: (nullable): its ETag
 * @last_modified: (nullable): its Last-Modified
 * @is_dated: whether @last_modified is exact enough to tell versions apart
 * @is_page: whether it is a web page, as its Content-Type says
 * @source: the resource that it came from in the end, for validators are of one resource only
 *
 * What an answer says of the file in it.
 */
typedef struct
{
  gint64      length;
  const char *etag;
  const char *last_modified;
  gboolean    is_dated;
  gboolean    is_page;
  const char *source;
} BobbinPartVersion;

/**
 * BobbinPartMap:
 * @address: what is being downloaded
 * @length: bytes of the whole file, or -1
 * @etag: (nullable): the ETag of the version that is there
 * @last_modified: (nullable): its Last-Modified
 * @is_dated: whether @last_modified is exact enough to tell versions apart
 * @is_page: whether it is a web page, as its Content-Type says
 * @source: (nullable): the resource that they came from
 * @checksum: (nullable): what a server said that the whole file comes to
 * @is_doubtful: whether what is there may be of two versions
 * @written: the bytes that the kernel was given
 * @synced: the bytes that are on the disk for certain, as the synced map there says
 *
 * What is known of a part: which bytes of which version of which file are there.
 */
typedef struct
{
  char             *address;
  gint64            length;
  char             *etag;
  char             *last_modified;
  gboolean          is_dated;
  gboolean          is_page;
  char             *source;
  char             *checksum;
  gboolean          is_doubtful;
  BobbinSegmentMap *written;
  BobbinSegmentMap *synced;
} BobbinPartMap;

BobbinPartMap *bobbin_part_map_new   (const char *address);
void           bobbin_part_map_free  (BobbinPartMap *self);
gboolean       bobbin_part_map_is_of (BobbinPartMap *self,
                                      const char    *address);
BobbinPartMap *bobbin_part_map_load  (int         folder_fd,
                                      const char *name);
int            bobbin_part_map_store (BobbinPartMap *self,
                                      int            folder_fd,
                                      const char    *name);
char          *bobbin_part_map_format_synced (BobbinPartMap    *self,
                                              BobbinSegmentMap *segments,
                                              int               folder_fd);
int            bobbin_part_map_store_synced (const char *text,
                                             int         folder_fd,
                                             const char *name);
void           bobbin_part_map_remove_synced (int         folder_fd,
                                              const char *name);
void           bobbin_part_map_begin (BobbinPartMap           *self,
                                      const BobbinPartVersion *version);
void           bobbin_part_map_remove_fresh (int         folder_fd,
                                             const char *name);
void           bobbin_part_map_clip  (BobbinPartMap *self,
                                      gint64         size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinPartMap, bobbin_part_map_free)

G_END_DECLS
