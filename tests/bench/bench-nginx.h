/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What one connection gets of the servers that are limited, in bytes a second. */
#define BENCH_NGINX_LIMIT 20000000
#define BENCH_NGINX_SLOW  50000

typedef enum
{
  BENCH_NGINX_HTTP,
  BENCH_NGINX_HTTPS,
  BENCH_NGINX_HTTP2,
  BENCH_NGINX_LIMITED,  /* http, each connection is */
  BENCH_NGINX_ONE_SLOW, /* so, and the third one since it started is slow */
  BENCH_NGINX_N_KINDS,
} BenchNginxKind;

typedef struct _BenchNginx BenchNginx;

char *bench_nginx_find (void);

BenchNginx *bench_nginx_new (const char *address, const char *name_space, GError **error);
void bench_nginx_free (BenchNginx *self);
gboolean bench_nginx_restart (BenchNginx *self, GError **error);

gboolean bench_nginx_add_file (BenchNginx *self, const char *name, gint64 size, GError **error);
char *bench_nginx_get_path (BenchNginx *self, const char *name);
char *bench_nginx_get_url (BenchNginx *self, BenchNginxKind kind, const char *name);
guint16 bench_nginx_get_port (BenchNginx *self, BenchNginxKind kind);
const char *bench_nginx_get_certificate (BenchNginx *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchNginx, bench_nginx_free)

G_END_DECLS
