/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-part-file.h"
#include "bobbin-part-folder.h"

#include <sys/stat.h>

G_BEGIN_DECLS

/*
 * A part as its own files see it: bobbin-part-file-claim.c finds or makes it, bobbin-part-file.c
 * begins it and keeps its map, bobbin-part-file-space.c makes room for its bytes,
 * bobbin-part-file-write.c writes them and bobbin-part-file-sync.c gets them to the disk,
 * bobbin-part-file-publish.c gives it its final name, by which bobbin-part-file-published.c knows
 * it again. One thread at a time.
 */

/* More names than this are not tried. */
#define BOBBIN_PART_MAX_NUMBERED 9999

/* So short a file comes at once: no room is reserved for it, and no map written before the first
 * checkpoint. */
#define BOBBIN_PART_SMALL (1024 * 1024)

/* Names that a part takes: of its bytes, and of its map. */
#define BOBBIN_PART_N_NAMES 2

/* As many as connections may write at once. */
#define BOBBIN_PART_N_RUNS 32

/* So many runs stay in memory after their write-back was begun: 64 MiB of a large file. */
#define BOBBIN_PART_N_CACHED 32

/* Bytes that were written one after the other and whose write-back was not begun, or was begun at
 * once for all of them. */
typedef struct
{
  gint64 first;
  gint64 end;
} BobbinPartRun;

typedef struct _BobbinPartSync BobbinPartSync;

struct _BobbinPartFile
{
  BobbinPartFolder *folder;    /* (owned) */
  int               folder_fd; /* of it */
  char             *name;      /* (owned) the final one, as far as is known */
  int               fd;        /* (owned) or -1 */
  BobbinPartMap    *map;       /* (owned) */
  gboolean          fresh;     /* made by us, and nothing has been begun in it */
  gboolean          changed;   /* since the map was stored */
  gboolean          has_map;   /* on the disk */
  gboolean          marked;    /* on the disk, as one that is ours although it has no map yet */

  BobbinPartSync   *sync;      /* (owned) (nullable) that was begun and whose end nobody took */

  BobbinPartRun runs[BOBBIN_PART_N_RUNS]; /* the one that was written last first */
  BobbinPartRun cached[BOBBIN_PART_N_CACHED]; /* a ring of those whose write-back was begun */
  guint         next_cached;                  /* the oldest of these */
  gboolean      is_read_again;                /* all of it, so its pages stay in memory */

  /* what the disk had no room for when it was last asked; refused_end is 0 if there is none */
  gint64 refused_first;
  gint64 refused_end;
};

char           *bobbin_part_file_to_part_name (const char *name);
char           *bobbin_part_file_to_map_name  (const char *name);

BobbinPartFile *bobbin_part_file_new          (BobbinPartFolder *folder,
                                               const char       *name);
gboolean        bobbin_part_file_is_there     (BobbinPartFile *self,
                                               const char     *name,
                                               struct stat    *status);
gboolean        bobbin_part_file_check_size   (BobbinPartFile    *self,
                                               const struct stat *status,
                                               GError           **error);
int             bobbin_part_file_store_map    (BobbinPartFile *self);
void            bobbin_part_file_clip         (BobbinPartFile *self,
                                               gint64          size);
void            bobbin_part_file_distrust     (BobbinPartFile *self);
int             bobbin_part_file_settle       (BobbinPartFile *self);
void            bobbin_part_file_revoke       (BobbinPartFile *self);
void            bobbin_part_file_mark         (BobbinPartFile *self);
gboolean        bobbin_part_file_is_marked    (BobbinPartFile *self);
void            bobbin_part_file_unmark       (BobbinPartFile *self);
void            bobbin_part_file_set_error    (BobbinPartFile *self,
                                               int             errsv,
                                               const char     *name,
                                               GError        **error);

G_END_DECLS
