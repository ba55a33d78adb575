/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-download.h"
#include "bobbin-error.h"
#include "bobbin-job-queue.h"
#include "bobbin-test-content.h"
#include "bobbin-test-server.h"
#include "bobbin-test-wait.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define SEED  42
#define OTHER 43
#define KIB   1024
#define MIB   (1024 * KIB)
#define ETAG  "\"one\""
#define DATE  "Mon, 05 Jan 2026 10:00:00 GMT"

/* A file of so many bytes, with what else is said of it. */
#define FILE_OF(n, ...) (&(BobbinTestFile){ .seed = SEED, .length = n, __VA_ARGS__ })

typedef struct
{
  BobbinTestServer *server;
  BobbinJobQueue   *queue;
  char             *folder; /* fresh and empty */
  GPtrArray        *jobs;   /* (element-type gpointer) weak pointers to all that were added */
} Fixture;

void       fixture_set_up         (Fixture       *self,
                                   gconstpointer  kind);
void       fixture_tear_down      (Fixture       *self,
                                   gconstpointer  kind);
void       fixture_shut_down      (Fixture *self);
BobbinJob *fixture_add            (Fixture    *self,
                                   const char *path);
BobbinJob *fixture_add_address    (Fixture    *self,
                                   const char *address);
BobbinJob *fixture_run            (Fixture    *self,
                                   const char *path);
void       fixture_remove         (Fixture   *self,
                                   BobbinJob *job);
void       fixture_wait_closed    (Fixture *self);
void       fixture_assert_no_open_file (Fixture *self);
guint      fixture_count_connecting (guint16 port);
char      *fixture_path           (Fixture    *self,
                                   const char *name);
void       fixture_write          (Fixture    *self,
                                   const char *name,
                                   const char *text);
void       fixture_assert_text    (Fixture    *self,
                                   const char *name,
                                   const char *text);
void       fixture_assert_listing (Fixture *self,
                                   ...) G_GNUC_NULL_TERMINATED;
void       fixture_assert_whole   (Fixture    *self,
                                   BobbinJob  *job,
                                   const char *name,
                                   guint64     seed,
                                   gint64      length);

void       job_start              (BobbinJob *job);
void       job_wait               (BobbinJob *job);
void       job_wait_bytes         (BobbinJob *job,
                                   gint64     bytes);
void       job_wait_phase         (BobbinJob          *job,
                                   BobbinDownloadPhase phase);
void       job_stop               (BobbinJob *job);
void       job_assert_failed      (BobbinJob  *job,
                                   BobbinError code);
void       job_assert_stopped     (BobbinJob *job);
gboolean   job_has_event          (BobbinJob      *job,
                                   BobbinEventKind kind);
guint      job_count_lines        (BobbinJob  *job,
                                   const char *text);
gboolean   job_has_line           (BobbinJob  *job,
                                   const char *text);

#define fixture_test(path, kind, func)                                                             \
  g_test_add (path, Fixture, GUINT_TO_POINTER (kind), fixture_set_up, func, fixture_tear_down)

G_END_DECLS
