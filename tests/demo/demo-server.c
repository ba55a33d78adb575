/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DemoServer is a web server on the loopback interface for the demonstration: it gives made-up
 * files at a bounded rate, honours ranges, and remembers what was asked of it, so that the
 * demonstration can compare what the app says with what really went over the wire. Lives in one
 * main context; all of it is called from there.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "demo-server.h"

#include <libsoup/soup.h>

/* Pieces go out so many times a second. */
#define TICKS_PER_SECOND 20

typedef struct
{
  char *path; /* (owned) */
  guint64 seed;
  gsize size;
  gsize rate; /* bytes a second */
  gsize n_sent;
  guint n_whole;
  guint n_aborted;
  gsize resumed; /* where the last request with a range began */
} DemoFile;

/* One answer on its way. */
typedef struct
{
  DemoFile *file;
  SoupServerMessage *message; /* (owned) */
  gsize offset;
  gsize end;
  guint source;
} DemoTransfer;

struct _DemoServer
{
  SoupServer *server;    /* (owned) */
  GHashTable *files;     /* (owned): path to DemoFile */
  GHashTable *transfers; /* (owned): SoupServerMessage to DemoTransfer */
};

static void
demo_file_free (DemoFile *file)
{
  g_free (file->path);
  g_free (file);
}

static void
demo_transfer_free (DemoTransfer *transfer)
{
  g_clear_handle_id (&transfer->source, g_source_remove);
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
  gsize length = MIN (transfer->file->rate / TICKS_PER_SECOND, transfer->end - transfer->offset);
  g_autoptr (GBytes) piece = make_bytes (transfer->file, transfer->offset, length);

  soup_message_body_append_bytes (body, piece);
  transfer->offset += length;
  transfer->file->n_sent += length;
  if (transfer->offset == transfer->end)
    {
      soup_message_body_complete (body);
      transfer->source = 0;
    }
  soup_server_message_unpause (transfer->message);

  return transfer->source != 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
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
      transfer->offset = transfer->file->resumed = ranges[0].start;
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

  transfer->file = file;
  transfer->message = g_object_ref (message);
  g_hash_table_replace (self->transfers, message, transfer);

  soup_message_headers_replace (answer, "Accept-Ranges", "bytes");
  soup_message_headers_replace (answer, "ETag", etag);
  soup_message_headers_replace (answer, "Content-Type", "application/octet-stream");
  answer_range (transfer, etag);
  soup_message_headers_set_content_length (answer, transfer->end - transfer->offset);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);

  transfer->source = g_timeout_add (1000 / TICKS_PER_SECOND, send_piece, transfer);
  g_source_set_name_by_id (transfer->source, "[bobbin] demo transfer");
}

static void
on_request (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  DemoServer *self = user_data;
  DemoFile *file = g_hash_table_lookup (self->files, path);

  if (file == NULL)
    soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
  else if (g_str_equal (soup_server_message_get_method (message), SOUP_METHOD_GET))
    begin_transfer (self, message, file);
  else
    soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
}

static void
on_request_finished (SoupServer *server, SoupServerMessage *message, gpointer user_data)
{
  DemoServer *self = user_data;
  DemoTransfer *transfer = g_hash_table_lookup (self->transfers, message);

  if (transfer == NULL)
    return;

  transfer->file->n_whole++;
  g_hash_table_remove (self->transfers, message);
}

static void
on_request_aborted (SoupServer *server, SoupServerMessage *message, gpointer user_data)
{
  DemoServer *self = user_data;
  DemoTransfer *transfer = g_hash_table_lookup (self->transfers, message);

  if (transfer == NULL)
    return;

  transfer->file->n_aborted++;
  g_hash_table_remove (self->transfers, message);
}

/* Listens on a port of the loopback interface that the system chooses. */
DemoServer *
demo_server_new (GError **error)
{
  g_autoptr (DemoServer) self = g_new0 (DemoServer, 1);

  self->files =
    g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) demo_file_free);
  self->transfers = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) demo_transfer_free);
  self->server = soup_server_new ("server-header", "bobbin-demo", NULL);
  soup_server_add_handler (self->server, NULL, on_request, self, NULL);
  g_signal_connect (self->server, "request-finished", G_CALLBACK (on_request_finished), self);
  g_signal_connect (self->server, "request-aborted", G_CALLBACK (on_request_aborted), self);

  if (!soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
demo_server_free (DemoServer *self)
{
  g_signal_handlers_disconnect_by_data (self->server, self);
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  g_hash_table_unref (self->transfers);
  g_hash_table_unref (self->files);
  g_free (self);
}

/* Serves @size bytes as @path, at most @rate of them a second. */
void
demo_server_add_file (DemoServer *self, const char *path, gsize size, gsize rate)
{
  DemoFile *file = g_new0 (DemoFile, 1);

  file->path = g_strdup (path);
  file->seed = g_str_hash (path);
  file->size = size;
  file->rate = rate;
  g_hash_table_replace (self->files, file->path, file);
}

static DemoFile *
get_file (DemoServer *self, const char *path)
{
  DemoFile *file = g_hash_table_lookup (self->files, path);

  g_assert (file != NULL);

  return file;
}

char *
demo_server_get_address (DemoServer *self, const char *path)
{
  GSList *uris = soup_server_get_uris (self->server);
  char *address = g_strdup_printf ("http://127.0.0.1:%d%s", g_uri_get_port (uris->data), path);

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  return address;
}

/* SHA-256 of the whole file, in hexadecimal. */
char *
demo_server_get_checksum (DemoServer *self, const char *path)
{
  DemoFile *file = get_file (self, path);
  g_autoptr (GBytes) bytes = make_bytes (file, 0, file->size);

  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
}

/* Bytes given away, over all requests. */
gsize
demo_server_get_n_sent (DemoServer *self, const char *path)
{
  return get_file (self, path)->n_sent;
}

/* Answers that were sent to their end. */
guint
demo_server_get_n_whole (DemoServer *self, const char *path)
{
  return get_file (self, path)->n_whole;
}

/* Answers that the other side did not want to the end. */
guint
demo_server_get_n_aborted (DemoServer *self, const char *path)
{
  return get_file (self, path)->n_aborted;
}

/* Where the last request for a part of the file began; 0 if there was none. */
gsize
demo_server_get_resumed (DemoServer *self, const char *path)
{
  return get_file (self, path)->resumed;
}
