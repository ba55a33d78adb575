/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench-table.h"

G_BEGIN_DECLS

typedef struct
{
  const char *name;
  BenchNginxKind kind;
  gboolean link;       /* over the bad line */
  gboolean durable;    /* to the disk, and not done before it is there; else to memory */
  gint64 size;         /* of a file */
  guint n_files;       /* more than one: by a list */
  guint n_connections; /* for one file, or for all */
  guint programs;      /* 1 << BenchProgram */
  BenchBounds bounds;
} BenchCase;

extern const BenchCase bench_cases[];
extern const gsize bench_n_cases;

G_END_DECLS
