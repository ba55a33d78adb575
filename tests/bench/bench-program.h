/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench-nginx.h"

G_BEGIN_DECLS

typedef enum
{
  BENCH_PROGRAM_BOBBIN,
  BENCH_PROGRAM_SINK,
  BENCH_PROGRAM_CURL,
  BENCH_PROGRAM_ARIA2,
  BENCH_PROGRAM_WGET2,
  BENCH_PROGRAM_WGET,
  BENCH_PROGRAM_AXEL,
  BENCH_PROGRAM_SOUP,
  BENCH_N_PROGRAMS,
} BenchProgram;

/* What is to be downloaded, and how. */
typedef struct
{
  BenchNginx *server;
  BenchNginxKind kind;
  const char *client;   /* (nullable): network namespace */
  const char *file;     /* (nullable): the name of one file, or */
  const char *list;     /* (nullable): a file with addresses, a line each */
  guint n_connections;  /* for one file, or for the list; 0 if what the program thinks is best */
  const char *folder;   /* to where */
  gboolean durable;     /* not done before the disk has it */
} BenchErrand;

const char *bench_program_get_name (BenchProgram program);
gboolean bench_program_is_there (BenchProgram program);
char **bench_program_get_command (BenchProgram program, const BenchErrand *errand);

G_END_DECLS
