/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is measured, and what Bobbin is to reach there. “Memory” in a name is a folder in it,
 * without sync.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bench-cases.h"

#define KIB ((gint64) 1024)
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)

#define BOBBIN (1u << BENCH_PROGRAM_BOBBIN)
#define SINK   (1u << BENCH_PROGRAM_SINK)
#define CURL   (1u << BENCH_PROGRAM_CURL)
#define ARIA2  (1u << BENCH_PROGRAM_ARIA2)
#define WGET2  (1u << BENCH_PROGRAM_WGET2)
#define WGET   (1u << BENCH_PROGRAM_WGET)
#define AXEL   (1u << BENCH_PROGRAM_AXEL)
#define SOUP   (1u << BENCH_PROGRAM_SOUP)
#define PEERS  (CURL | ARIA2 | WGET2 | WGET | AXEL)

/* Who knows what a case needs. */
#define SINGLE (BOBBIN | SINK | PEERS)
#define SECURE (BOBBIN | CURL | ARIA2 | WGET2 | WGET)
#define SPLIT  (BOBBIN | ARIA2 | AXEL)

/* clang-format off */
#define BIG_ON_DISK   { .musts = { { CURL | ARIA2, 0.4 }, { WGET2, 0.7 }, { SINK, 1.05 } }, \
                        .memory = 30 }
#define BIG_IN_MEMORY { .musts = { { CURL | ARIA2, 0.6 }, { WGET2, 0.7 }, { SINK, 1.05 } }, \
                        .memory = 30 }
#define SPLIT_ON_DISK { .musts = { { ARIA2, 0.4 }, { SINK, 1.05 } }, .memory = 45 }
#define MANY          { .musts = { { ARIA2, 0.6 }, { CURL, 1 } } }
/* clang-format on */

const BenchCase bench_cases[] = {
  {
    .name = "one tiny file",
    .kind = BENCH_NGINX_HTTP,
    .size = KIB,
    .n_files = 1,
    .n_connections = 1,
    .programs = SINGLE,
  },
  {
    .name = "1 GiB, disk",
    .kind = BENCH_NGINX_HTTP,
    .durable = TRUE,
    .size = GIB,
    .n_files = 1,
    .n_connections = 1,
    .programs = SINGLE,
    .bounds = BIG_ON_DISK,
  },
  {
    .name = "1 GiB, memory",
    .kind = BENCH_NGINX_HTTP,
    .size = GIB,
    .n_files = 1,
    .n_connections = 1,
    .programs = SINGLE,
    .bounds = BIG_IN_MEMORY,
  },
  {
    .name = "4 GiB, disk",
    .kind = BENCH_NGINX_HTTP,
    .durable = TRUE,
    .size = 4 * GIB,
    .n_files = 1,
    .n_connections = 1,
    .programs = SINGLE & ~WGET & ~AXEL,
    .bounds = BIG_ON_DISK,
  },
  {
    .name = "4 GiB, memory",
    .kind = BENCH_NGINX_HTTP,
    .size = 4 * GIB,
    .n_files = 1,
    .n_connections = 1,
    .programs = SINGLE & ~WGET & ~AXEL,
    .bounds = BIG_IN_MEMORY,
  },
  {
    .name = "1 GiB, TLS, disk",
    .kind = BENCH_NGINX_HTTPS,
    .durable = TRUE,
    .size = GIB,
    .n_files = 1,
    .n_connections = 1,
    .programs = SECURE,
    .bounds = { .musts = { { PEERS, 0.7 } }, .memory = 30 },
  },
  {
    .name = "1 GiB, TLS, memory",
    .kind = BENCH_NGINX_HTTPS,
    .size = GIB,
    .n_files = 1,
    .n_connections = 1,
    .programs = SECURE,
    .bounds = { .musts = { { PEERS, 1 } }, .memory = 30 },
  },
  {
    .name = "1 GiB, HTTP/2, memory",
    .kind = BENCH_NGINX_HTTP2,
    .size = GIB,
    .n_files = 1,
    .n_connections = 1,
    .programs = SECURE & ~WGET & ~ARIA2,
    .bounds = { .musts = { { PEERS, 1 } }, .memory = 30 },
  },
  {
    .name = "1 GiB, 4 connections, disk",
    .kind = BENCH_NGINX_HTTP,
    .durable = TRUE,
    .size = GIB,
    .n_files = 1,
    .n_connections = 4,
    .programs = SPLIT | SINK,
    .bounds = SPLIT_ON_DISK,
  },
  {
    .name = "1 GiB, 16 connections, disk",
    .kind = BENCH_NGINX_HTTP,
    .durable = TRUE,
    .size = GIB,
    .n_files = 1,
    .n_connections = 16,
    .programs = SPLIT | SINK,
    .bounds = SPLIT_ON_DISK,
  },
  {
    .name = "1 GiB, 16 connections of 20 MB/s, disk",
    .kind = BENCH_NGINX_LIMITED,
    .durable = TRUE,
    .size = GIB,
    .n_files = 1,
    .n_connections = 16,
    .programs = SPLIT,
    .bounds = { .ideal = GIB / (16.0 * BENCH_NGINX_LIMIT), .ideal_factor = 1.05, .memory = 45 },
  },
  {
    .name = "256 MiB, 7 connections of 20 MB/s and one of 50 KB/s, memory",
    .kind = BENCH_NGINX_ONE_SLOW,
    .size = 256 * MIB,
    .n_files = 1,
    .n_connections = 8,
    .programs = SPLIT,
    .bounds = { .ideal = 256 * MIB / (7.0 * BENCH_NGINX_LIMIT + BENCH_NGINX_SLOW),
                .ideal_factor = 1.2 },
  },
  {
    .name = "2,000 files of 16 KiB, memory",
    .kind = BENCH_NGINX_HTTP,
    .size = 16 * KIB,
    .n_files = 2000,
    .n_connections = 16,
    .programs = SECURE | SOUP,
    .bounds = MANY,
  },
  {
    .name = "2,000 files of 16 KiB, disk",
    .kind = BENCH_NGINX_HTTP,
    .durable = TRUE,
    .size = 16 * KIB,
    .n_files = 2000,
    .n_connections = 16,
    .programs = SECURE | SOUP,
    .bounds = MANY,
  },
  {
    .name = "2,000 files of 16 KiB, TLS, memory",
    .kind = BENCH_NGINX_HTTPS,
    .size = 16 * KIB,
    .n_files = 2000,
    .n_connections = 16,
    .programs = SECURE | SOUP,
    .bounds = MANY,
  },
  {
    .name = "2,000 files of 16 KiB, TLS, disk",
    .kind = BENCH_NGINX_HTTPS,
    .durable = TRUE,
    .size = 16 * KIB,
    .n_files = 2000,
    .n_connections = 16,
    .programs = SECURE | SOUP,
    .bounds = MANY,
  },
  {
    .name = "2,000 files of 16 KiB, HTTP/2, memory",
    .kind = BENCH_NGINX_HTTP2,
    .size = 16 * KIB,
    .n_files = 2000,
    .n_connections = 16,
    .programs = SECURE | SOUP,
    .bounds = MANY,
  },
  {
    .name = "2,000 files of 16 KiB, HTTP/2, disk",
    .kind = BENCH_NGINX_HTTP2,
    .durable = TRUE,
    .size = 16 * KIB,
    .n_files = 2000,
    .n_connections = 16,
    .programs = SECURE | SOUP,
    .bounds = MANY,
  },
  {
    .name = "4 MiB, 40 ms and 0.5 % loss, 1 connection",
    .kind = BENCH_NGINX_HTTP,
    .link = TRUE,
    .size = 4 * MIB,
    .n_files = 1,
    .n_connections = 1,
    .programs = SINGLE & ~SINK & ~WGET & ~AXEL,
    .bounds = { .musts = { { PEERS, 1 } } },
  },
  {
    .name = "64 MiB, 40 ms and 0.5 % loss, 16 connections",
    .kind = BENCH_NGINX_HTTP,
    .link = TRUE,
    .size = 64 * MIB,
    .n_files = 1,
    .n_connections = 16,
    .programs = SPLIT,
    .bounds = { .musts = { { PEERS, 1 } } },
  },
};

const gsize bench_n_cases = G_N_ELEMENTS (bench_cases);
