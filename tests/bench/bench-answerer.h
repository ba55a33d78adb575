/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sys/types.h>

G_BEGIN_DECLS

/* A process of its own that answers every HTTP request on a port of this computer: two bytes. */
typedef struct
{
  pid_t pid;
  guint16 port;
} BenchAnswerer;

void bench_answerer_start (BenchAnswerer *self);
void bench_answerer_stop  (BenchAnswerer *self);

G_END_DECLS
