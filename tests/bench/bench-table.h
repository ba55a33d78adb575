/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench-program.h"

G_BEGIN_DECLS

/* What one run cost. */
typedef struct
{
  double wall;   /* s */
  double cpu;    /* s */
  double memory; /* MiB */
} BenchCost;

/* At most so many times what the best of these programs takes. */
typedef struct
{
  guint programs; /* 1 << BenchProgram */
  double factor;
} BenchMust;

/* What is asked of a case; 0 is no bound. */
typedef struct
{
  BenchMust musts[4];
  double ideal; /* s */
  double ideal_factor;
  double memory; /* MiB */
} BenchBounds;

typedef struct _BenchTable BenchTable;

BenchTable *bench_table_new (void);
void bench_table_free (BenchTable *self);

void bench_table_add (BenchTable *self, BenchProgram program, const BenchCost *cost);
gboolean bench_table_print (BenchTable *self, const BenchBounds *bounds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchTable, bench_table_free)

G_END_DECLS
