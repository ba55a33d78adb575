/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-job.h"

G_BEGIN_DECLS

/**
 * BobbinFinished:
 * @number: names it within the database, above 0, and higher than those that finished before it; 0
 *   as long as it is not there
 * @time: when it finished, in µs since 1970
 * @took: how long its last run took, in µs
 * @size: of the file, in bytes
 * @address: where it came from, without a login
 * @path: (type filename): where the file was put
 * @checksum: (nullable): “ALGO:HEX” that the file had to have, and had
 *
 * A download that finished. The file may have gone since.
 */
typedef struct
{
  gint64 number;
  gint64 time;
  gint64 took;
  gint64 size;
  char  *address;
  char  *path;
  char  *checksum;
} BobbinFinished;

/**
 * BobbinFinishedQuery:
 * @search: (nullable): words that all have to be in the name of the file or in the address, in any
 *   case; %NULL or nothing is met by all
 * @before: only those of lower numbers; %G_MAXINT64 to begin with the newest
 * @after: only those of higher numbers; 0 to go on to the oldest
 * @n_rows: so many, at most
 *
 * A page of what finished, the newest first. The next page is that before the last number of this
 * one, whatever was added or removed meanwhile.
 */
typedef struct
{
  const char *search;
  gint64      before;
  gint64      after;
  guint       n_rows;
} BobbinFinishedQuery;

BobbinFinished *bobbin_finished_new_for_job (BobbinJob *job);
BobbinFinished *bobbin_finished_copy        (const BobbinFinished *self);
void            bobbin_finished_free        (BobbinFinished *self);

char           *bobbin_finished_dup_words   (const char *path,
                                             const char *address);
char           *bobbin_finished_dup_search  (const char *search);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinFinished, bobbin_finished_free)

G_END_DECLS
