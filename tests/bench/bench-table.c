/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the programs cost in one case: medians, how far the runs lie apart, ratios to Bobbin, and
 * whether what is asked of Bobbin is reached. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bench-table.h"

#include <stdio.h>

struct _BenchTable
{
  GArray *costs[BENCH_N_PROGRAMS]; /* (owned) of BenchCost */
};

typedef struct
{
  BenchCost cost;
  double spread; /* of the wall time, in per cent of the median */
} Median;

/**
 * bench_table_new:
 *
 * Returns: (transfer full): a table without figures
 */
BenchTable *
bench_table_new (void)
{
  BenchTable *self = g_new0 (BenchTable, 1);

  for (guint i = 0; i < BENCH_N_PROGRAMS; i++)
    self->costs[i] = g_array_new (FALSE, FALSE, sizeof (BenchCost));

  return self;
}

/**
 * bench_table_free:
 * @self: (transfer full): a table
 */
void
bench_table_free (BenchTable *self)
{
  for (guint i = 0; i < BENCH_N_PROGRAMS; i++)
    g_array_unref (self->costs[i]);
  g_free (self);
}

/**
 * bench_table_add:
 * @self: a table
 * @program: who
 * @cost: what one run of it cost
 */
void
bench_table_add (BenchTable *self, BenchProgram program, const BenchCost *cost)
{
  g_array_append_val (self->costs[program], *cost);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  const double x = *(const double *) a;
  const double y = *(const double *) b;

  return (x > y) - (x < y);
}

/* One of the three figures of each run, in order. */
static GArray *
sort_figures (GArray *costs, gsize offset)
{
  GArray *figures = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < costs->len; i++)
    {
      const BenchCost *cost = &g_array_index (costs, BenchCost, i);

      g_array_append_val (figures, G_STRUCT_MEMBER (double, cost, offset));
    }
  g_array_sort (figures, compare_doubles);

  return figures;
}

static double
get_quantile (GArray *figures, guint quarters)
{
  const guint last = figures->len - 1;
  const guint low = last * quarters / 4;
  const guint high = (last * quarters + 3) / 4;

  return (g_array_index (figures, double, low) + g_array_index (figures, double, high)) / 2;
}

static gboolean
table_get_median (BenchTable *self, BenchProgram program, Median *median)
{
  GArray *costs = self->costs[program];
  g_autoptr (GArray) wall = sort_figures (costs, G_STRUCT_OFFSET (BenchCost, wall));
  g_autoptr (GArray) cpu = sort_figures (costs, G_STRUCT_OFFSET (BenchCost, cpu));
  g_autoptr (GArray) memory = sort_figures (costs, G_STRUCT_OFFSET (BenchCost, memory));

  if (costs->len == 0)
    return FALSE;

  median->cost.wall = get_quantile (wall, 2);
  median->cost.cpu = get_quantile (cpu, 2);
  median->cost.memory = get_quantile (memory, 2);
  median->spread =
    50 * (get_quantile (wall, 3) - get_quantile (wall, 1)) / MAX (median->cost.wall, 1e-9);

  return TRUE;
}

/* Who is the best of some in one figure, if any of them is there. */
static gboolean
table_get_best (BenchTable *self, guint programs, gsize offset, BenchProgram *best, double *figure)
{
  gboolean found = FALSE;

  for (BenchProgram i = 0; i < BENCH_N_PROGRAMS; i++)
    {
      Median median;
      double value;

      if (!(programs & 1u << i) || !table_get_median (self, i, &median))
        continue;
      value = G_STRUCT_MEMBER (double, &median.cost, offset);
      if (found && value >= *figure)
        continue;
      *figure = value;
      *best = i;
      found = TRUE;
    }

  return found;
}

static gboolean
say (const char *what, double figure, double factor, const char *of, double bound)
{
  const gboolean reached = figure <= factor * bound;

  printf ("    %s %s: %.2f × %s, must be ≤ %.2f\n", reached ? "✓" : "✗", what, figure / bound, of,
          factor);

  return reached;
}

static gboolean
table_check (BenchTable *self, const BenchBounds *bounds, const BenchCost *own)
{
  const guint peers =
    (1u << BENCH_N_PROGRAMS) - 1 -
    (1u << BENCH_PROGRAM_BOBBIN | 1u << BENCH_PROGRAM_SINK | 1u << BENCH_PROGRAM_SOUP);
  gboolean reached = TRUE;
  BenchProgram best = BENCH_N_PROGRAMS;
  double figure = 0;

  for (guint i = 0; i < G_N_ELEMENTS (bounds->musts); i++)
    if (table_get_best (self, bounds->musts[i].programs, G_STRUCT_OFFSET (BenchCost, wall), &best,
                        &figure))
      reached &=
        say ("time", own->wall, bounds->musts[i].factor, bench_program_get_name (best), figure);
  if (bounds->ideal > 0)
    reached &= say ("time", own->wall, bounds->ideal_factor, "the ideal", bounds->ideal);
  if (table_get_best (self, peers, G_STRUCT_OFFSET (BenchCost, cpu), &best, &figure))
    reached &= say ("CPU", own->cpu, 1, bench_program_get_name (best), figure);
  if (bounds->memory > 0)
    reached &= say ("memory", own->memory, 1, "what it may have", bounds->memory);

  return reached;
}

/**
 * bench_table_print:
 * @self: a table with figures of Bobbin
 * @bounds: what is asked of it
 *
 * Prints all of it.
 *
 * Returns: whether Bobbin reaches what is asked
 */
gboolean
bench_table_print (BenchTable *self, const BenchBounds *bounds)
{
  Median own;

  if (!table_get_median (self, BENCH_PROGRAM_BOBBIN, &own))
    return FALSE;

  for (BenchProgram i = 0; i < BENCH_N_PROGRAMS; i++)
    {
      Median median;

      if (!table_get_median (self, i, &median))
        continue;
      printf ("  %-11s %8.3f %4.0f %8.3f %8.1f", bench_program_get_name (i), median.cost.wall,
              median.spread, median.cost.cpu, median.cost.memory);
      if (i != BENCH_PROGRAM_BOBBIN)
        printf (" %8.2f %8.2f %8.2f", own.cost.wall / median.cost.wall,
                own.cost.cpu / MAX (median.cost.cpu, 1e-9), own.cost.memory / median.cost.memory);
      printf ("\n");
    }
  if (bounds->ideal > 0)
    printf ("  %-11s %8.3f %31.2f\n", "ideal", bounds->ideal, own.cost.wall / bounds->ideal);

  return table_check (self, bounds, &own.cost);
}
