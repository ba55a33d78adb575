/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define BENCH_LINK_SERVER_ADDRESS "10.213.77.1"

typedef struct _BenchLink BenchLink;

BenchLink *bench_link_new (guint delay, double loss, GError **error);
void bench_link_free (BenchLink *self);

const char *bench_link_get_server (BenchLink *self);
const char *bench_link_get_client (BenchLink *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchLink, bench_link_free)

G_END_DECLS
