/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DemoServer is a web server on the loopback interface for the demonstration: it gives made-up
 * files at a bounded rate, honours ranges, and remembers what was asked of it, so that the
 * demonstration can compare what the app says with what really went over the wire. It serves in a
 * thread of its own, so that its answers are prompt whatever the demonstration is at; its functions
 * may be called from any thread.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "demo-server.h"

#include <libsoup/soup.h>

/* Pieces go out so many times a second. */
#define TICKS_PER_SECOND 20

typedef struct
{
  char *name; /* (owned) */
  guint64 seed;
  gsize size;
  gsize rate;        /* bytes a second, of all its answers together */
  DemoRecord record; /* protected by mutex */
} DemoFile;

/* One answer on its way. */
typedef struct
{
  DemoServer *server;
  DemoFile *file;
  SoupServerMessage *message; /* (owned) */
  gsize offset;
  gsize end;
  GSource *source; /* (owned) (nullable) */
} DemoTransfer;

struct _DemoServer
{
  GThread *thread;       /* (owned) */
  GMainContext *context; /* (owned) */
  GMainLoop *loop;       /* (owned) */
  SoupServer *server;    /* (owned); server's thread only */
  GHashTable *transfers; /* (owned): SoupServerMessage to DemoTransfer; server's thread only */
  guint port;

  GMutex mutex;
  GHashTable *files; /* (owned): name to DemoFile, which stay; protected by mutex */
};

static void
demo_file_free (DemoFile *file)
{
  g_free (file->name);
  g_free (file);
}

static void
demo_transfer_free (DemoTransfer *transfer)
{
  if (transfer->source != NULL)
    g_source_destroy (transfer->source);
  g_clear_pointer (&transfer->source, g_source_unref);
  g_object_unref (transfer->message);
  g_free (transfer);
}

/* The byte at @offset of a file, from a mixing function: no two places look alike. */
static guint8
byte_at (guint64 seed, guint64 offset)
{
  guint64 word = (seed + offset) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  word = (word ^ (word >> 31)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);

  return word >> 56;
}

static GBytes *
make_bytes (const DemoFile *file, gsize offset, gsize length)
{
  guint8 *bytes = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    bytes[i] = byte_at (file->seed, offset + i);

  return g_bytes_new_take (bytes, length);
}

static gboolean
send_piece (gpointer user_data)
{
  DemoTransfer *transfer = user_data;
  SoupMessageBody *body = soup_server_message_get_response_body (transfer->message);
  g_autoptr (GBytes) piece = NULL;
  gsize length;

  g_mutex_lock (&transfer->server->mutex);
  length = transfer->file->rate / TICKS_PER_SECOND / transfer->file->record.n_open;
  length = MIN (length, transfer->end - transfer->offset);
  transfer->file->record.n_sent += length;
  g_mutex_unlock (&transfer->server->mutex);

  piece = make_bytes (transfer->file, transfer->offset, length);
  soup_message_body_append_bytes (body, piece);
  transfer->offset += length;
  if (transfer->offset == transfer->end)
    soup_message_body_complete (body);
  soup_server_message_unpause (transfer->message);

  return transfer->offset < transfer->end ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* Answers with what of the file was asked for; a range of an older version is none (RFC 9110
 * §13.1.5). */
static void
answer_range (DemoTransfer *transfer, const char *etag)
{
  SoupMessageHeaders *asked = soup_server_message_get_request_headers (transfer->message);
  SoupMessageHeaders *answer = soup_server_message_get_response_headers (transfer->message);
  const char *if_range = soup_message_headers_get_one (asked, "If-Range");
  SoupRange *ranges;
  int n_ranges;

  transfer->end = transfer->file->size;
  soup_server_message_set_status (transfer->message, SOUP_STATUS_OK, NULL);
  if (if_range != NULL && !g_str_equal (if_range, etag))
    return;
  if (!soup_message_headers_get_ranges (asked, transfer->file->size, &ranges, &n_ranges))
    return;

  if (n_ranges == 1)
    {
      transfer->offset = ranges[0].start;
      transfer->end = ranges[0].end + 1;
      soup_server_message_set_status (transfer->message, SOUP_STATUS_PARTIAL_CONTENT, NULL);
      soup_message_headers_set_content_range (answer, ranges[0].start, ranges[0].end,
                                              transfer->file->size);
    }
  soup_message_headers_free_ranges (asked, ranges);
}

static void
begin_transfer (DemoServer *self, SoupServerMessage *message, DemoFile *file)
{
  SoupMessageHeaders *answer = soup_server_message_get_response_headers (message);
  g_autofree char *etag = g_strdup_printf ("\"%" G_GINT64_MODIFIER "x\"", file->seed);
  DemoTransfer *transfer = g_new0 (DemoTransfer, 1);

  transfer->server = self;
  transfer->file = file;
  transfer->message = g_object_ref (message);
  g_hash_table_replace (self->transfers, message, transfer);
  g_mutex_lock (&self->mutex);
  file->record.n_open++;
  file->record.n_asked++;
  g_mutex_unlock (&self->mutex);

  soup_message_headers_replace (answer, "Accept-Ranges", "bytes");
  soup_message_headers_replace (answer, "ETag", etag);
  soup_message_headers_replace (answer, "Content-Type", "application/octet-stream");
  answer_range (transfer, etag);
  soup_message_headers_set_content_length (answer, transfer->end - transfer->offset);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);

  transfer->source = g_timeout_source_new (1000 / TICKS_PER_SECOND);
  g_source_set_static_name (transfer->source, "[bobbin] demo transfer");
  g_source_set_callback (transfer->source, send_piece, transfer, NULL);
  g_source_attach (transfer->source, self->context);
}

static DemoFile *
find_file (DemoServer *self, const char *name)
{
  DemoFile *file;

  g_mutex_lock (&self->mutex);
  file = g_hash_table_lookup (self->files, name);
  g_mutex_unlock (&self->mutex);

  return file;
}

static void
on_request (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  DemoServer *self = user_data;
  DemoFile *file = find_file (self, path + 1);

  if (file == NULL)
    soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
  else if (g_str_equal (soup_server_message_get_method (message), SOUP_METHOD_GET))
    begin_transfer (self, message, file);
  else
    soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
}

static void
end_transfer (DemoServer *self, SoupServerMessage *message, gboolean whole)
{
  DemoTransfer *transfer = g_hash_table_lookup (self->transfers, message);

  if (transfer == NULL)
    return;

  g_mutex_lock (&self->mutex);
  transfer->file->record.n_open--;
  transfer->file->record.n_whole += whole ? 1 : 0;
  g_mutex_unlock (&self->mutex);
  g_hash_table_remove (self->transfers, message);
}

static void
on_request_finished (SoupServer *server, SoupServerMessage *message, gpointer user_data)
{
  end_transfer (user_data, message, TRUE);
}

static void
on_request_aborted (SoupServer *server, SoupServerMessage *message, gpointer user_data)
{
  end_transfer (user_data, message, FALSE);
}

static guint
read_port (SoupServer *server)
{
  GSList *uris = soup_server_get_uris (server);
  guint port = g_uri_get_port (uris->data);

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  return port;
}

static gboolean
listen_on_loopback (DemoServer *self, GError **error)
{
  self->server = soup_server_new ("server-header", "bobbin-demo", NULL);
  soup_server_add_handler (self->server, NULL, on_request, self, NULL);
  g_signal_connect (self->server, "request-finished", G_CALLBACK (on_request_finished), self);
  g_signal_connect (self->server, "request-aborted", G_CALLBACK (on_request_aborted), self);
  if (!soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, error))
    return FALSE;
  self->port = read_port (self->server);

  return TRUE;
}

/* The SoupServer is made by the thread that created this; from here on it belongs to this one. */
static gpointer
serve (gpointer user_data)
{
  DemoServer *self = user_data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);

  g_signal_handlers_disconnect_by_data (self->server, self);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_clear_pointer (&self->transfers, g_hash_table_unref);
  g_main_context_pop_thread_default (self->context);

  return NULL;
}

/* Listens on a port of the loopback interface that the system chooses. */
DemoServer *
demo_server_new (GError **error)
{
  g_autoptr (DemoServer) self = g_new0 (DemoServer, 1);
  gboolean listening;

  g_mutex_init (&self->mutex);
  self->files =
    g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) demo_file_free);
  self->transfers = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) demo_transfer_free);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);

  g_main_context_push_thread_default (self->context);
  listening = listen_on_loopback (self, error);
  g_main_context_pop_thread_default (self->context);
  if (!listening)
    return NULL;

  self->thread = g_thread_new ("demo server", serve, self);

  return g_steal_pointer (&self);
}

static gboolean
quit_loop (gpointer user_data)
{
  g_main_loop_quit (user_data);

  return G_SOURCE_REMOVE;
}

void
demo_server_free (DemoServer *self)
{
  if (self->thread != NULL)
    {
      g_main_context_invoke (self->context, quit_loop, self->loop);
      g_thread_join (self->thread);
    }
  g_clear_object (&self->server);
  g_clear_pointer (&self->transfers, g_hash_table_unref);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_hash_table_unref (self->files);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/* Serves @size bytes as @name, at most @rate of them a second, however many ask for them. A name is
 * added once. */
void
demo_server_add_file (DemoServer *self, const char *name, gsize size, gsize rate)
{
  DemoFile *file = g_new0 (DemoFile, 1);

  file->name = g_strdup (name);
  file->seed = g_str_hash (name);
  file->size = size;
  file->rate = rate;
  g_mutex_lock (&self->mutex);
  g_hash_table_insert (self->files, file->name, file);
  g_mutex_unlock (&self->mutex);
}

char *
demo_server_get_address (DemoServer *self, const char *name)
{
  return g_strdup_printf ("http://127.0.0.1:%u/%s", self->port, name);
}

/* SHA-256 of the whole file, in hexadecimal. */
char *
demo_server_get_checksum (DemoServer *self, const char *name)
{
  DemoFile *file = find_file (self, name);
  g_autoptr (GBytes) bytes = make_bytes (file, 0, file->size);

  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
}

/* What has been asked of a file so far. */
DemoRecord
demo_server_get_record (DemoServer *self, const char *name)
{
  DemoFile *file = find_file (self, name);
  DemoRecord record;

  g_mutex_lock (&self->mutex);
  record = file->record;
  g_mutex_unlock (&self->mutex);

  return record;
}
