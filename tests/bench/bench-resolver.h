/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define BENCH_TYPE_RESOLVER (bench_resolver_get_type ())
G_DECLARE_FINAL_TYPE (BenchResolver, bench_resolver, BENCH, RESOLVER, GResolver)

BenchResolver *bench_resolver_new (void);
guint bench_resolver_get_n_ready (BenchResolver *self);

G_END_DECLS
