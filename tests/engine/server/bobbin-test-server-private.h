/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-test-server.h"

G_BEGIN_DECLS

/* What is served to some requests instead. */
typedef struct
{
  guint first;
  guint end;
  BobbinTestFile file; /* as in Resource */
} Exception;

/* What is served at one path, and what has been asked for. */
typedef struct
{
  BobbinTestFile file; /* its strings and body are owned */
  GPtrArray *exceptions; /* (element-type Exception) (owned) the last that fits counts */
  GPtrArray *requests;   /* (element-type utf8) whole headers */
  gint64 n_sent;         /* bytes of bodies, over all requests */
  guint n_faults;        /* how often it went wrong */
  guint n_active;        /* requests that are being answered */
  guint max_active;
} Resource;

typedef struct _Connection Connection;

struct _BobbinTestServer
{
  BobbinTestKind kind;
  GThread *thread;              /* (owned) */
  GMainContext *context;        /* (owned) */
  GTlsCertificate *certificate; /* (owned) (nullable) */
  GSocket *listener;            /* (owned) */
  guint16 port;
  GPtrArray *connections; /* (owned) (element-type Connection), server thread only */
  gboolean stopping;      /* server thread only */

  GMutex mutex;
  GHashTable *resources; /* path → Resource; protected by mutex */
  guint n_open;          /* protected by mutex */
  guint max_open;        /* protected by mutex */
  guint n_opened;        /* protected by mutex */
  guint limit;           /* of connections at once, or 0; protected by mutex */
  guint n_stalled;       /* protected by mutex */
};

/* bobbin-test-server.c */
void bobbin_test_server_changed (BobbinTestServer *self);
void bobbin_test_server_left (BobbinTestServer *self, Connection *connection);
Resource *bobbin_test_server_lookup (BobbinTestServer *self, const char *path);

/* bobbin-test-connection.c: server thread only */
Connection *bobbin_test_connection_open (BobbinTestServer *server, GSocket *socket);
void bobbin_test_connection_serve (Connection *self);
void bobbin_test_connection_refuse (Connection *self);
int bobbin_test_connection_get_fd (Connection *self);
void bobbin_test_connection_close (Connection *self, gboolean reset);
void bobbin_test_connection_release (Connection *self, const char *path);

/* bobbin-test-answer.c */
typedef struct
{
  char *path;          /* (owned) */
  BobbinTestFile file; /* as it was when the request came; owned as in Resource */
  GString *header;     /* (owned) what is sent first */
  gint64 first;        /* the next byte of the file to send */
  gint64 end;          /* the byte after the last */
  gint64 n_sent;       /* bytes of this body so far */
  gboolean chunked;    /* and the last chunk has not been sent */
  gint64 chunk_left;   /* bytes of a chunk that was begun */
  gboolean keep_alive;
  gboolean is_counted; /* among the active ones of its path */
} Answer;

void bobbin_test_file_copy (BobbinTestFile *copy, const BobbinTestFile *file);
void bobbin_test_file_clear (BobbinTestFile *file);
char *bobbin_test_find_header (const char *request, const char *name);
Answer *bobbin_test_answer_new (const BobbinTestFile *file, const char *path, const char *request);
void bobbin_test_answer_free (Answer *self);
GBytes *bobbin_test_answer_next (Answer *self, gsize max);

G_END_DECLS
