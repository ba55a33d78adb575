/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The least that many downloads with libsoup can be: one session, one thread, so many messages at
 * once, each body read as it comes and written to a file. It believes all that the server says,
 * reports nothing, and what is there already it replaces. What it costs is what the library costs;
 * nobody who uses it is much faster.
 *
 *   soup LIST FOLDER N [CERTIFICATES]      LIST has an address a line
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include <fcntl.h>
#include <libsoup/soup.h>
#include <stdlib.h>
#include <unistd.h>

#define BUFFER (64 * 1024)

static struct
{
  SoupSession *session;
  GMainLoop *loop;
  const char *folder;
  char **addresses;
  guint n_running;
} run;

typedef struct
{
  SoupMessage *message;
  GInputStream *body;
  int fd;
  char buffer[BUFFER];
} Fetch;

static void begin_next (void);
static void read_on (Fetch *fetch);

static void
fetch_end (Fetch *fetch)
{
  close (fetch->fd);
  g_object_unref (fetch->body);
  g_object_unref (fetch->message);
  g_free (fetch);
  run.n_running--;
  begin_next ();
}

static void
on_read (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Fetch *fetch = user_data;
  g_autoptr (GError) error = NULL;
  const gssize n = g_input_stream_read_finish (fetch->body, result, &error);

  if (n < 0)
    g_error ("%s", error->message);
  if (n > 0 && write (fetch->fd, fetch->buffer, n) != n)
    g_error ("The file cannot be written");
  if (n > 0)
    read_on (fetch);
  else
    fetch_end (fetch);
}

static void
read_on (Fetch *fetch)
{
  g_input_stream_read_async (fetch->body, fetch->buffer, BUFFER, G_PRIORITY_DEFAULT, NULL, on_read,
                             fetch);
}

static void
on_sent (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Fetch *fetch = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name =
    g_path_get_basename (g_uri_get_path (soup_message_get_uri (fetch->message)));
  g_autofree char *path = g_build_filename (run.folder, name, NULL);

  fetch->body = soup_session_send_finish (run.session, result, &error);
  if (fetch->body == NULL)
    g_error ("%s", error->message);
  if (soup_message_get_status (fetch->message) != SOUP_STATUS_OK)
    g_error ("%s: %s", name, soup_message_get_reason_phrase (fetch->message));

  fetch->fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fetch->fd < 0)
    g_error ("%s cannot be written", path);
  read_on (fetch);
}

static void
begin_next (void)
{
  Fetch *fetch;

  if (*run.addresses == NULL || **run.addresses == '\0')
    {
      if (run.n_running == 0)
        g_main_loop_quit (run.loop);
      return;
    }

  fetch = g_new (Fetch, 1);
  fetch->message = soup_message_new (SOUP_METHOD_GET, *run.addresses++);
  run.n_running++;
  soup_session_send_async (run.session, fetch->message, G_PRIORITY_DEFAULT, NULL, on_sent, fetch);
}

static SoupSession *
make_session (int n, const char *certificates)
{
  g_autoptr (GTlsDatabase) database = NULL;

  if (certificates != NULL)
    database = g_tls_file_database_new (certificates, NULL);

  return soup_session_new_with_options ("max-conns", n, "max-conns-per-host", n, "tls-database",
                                        database, NULL);
}

int
main (int argc, char **argv)
{
  g_autofree char *list = NULL;
  g_auto (GStrv) addresses = NULL;

  if (argc < 4 || !g_file_get_contents (argv[1], &list, NULL, NULL))
    g_error ("soup LIST FOLDER N [CERTIFICATES]");

  addresses = g_strsplit (list, "\n", -1);
  run.addresses = addresses;
  run.folder = argv[2];
  run.session = make_session (atoi (argv[3]), argv[4]);
  run.loop = g_main_loop_new (NULL, FALSE);
  for (int i = 0; i < atoi (argv[3]); i++)
    begin_next ();
  g_main_loop_run (run.loop);
  g_main_loop_unref (run.loop);
  g_object_unref (run.session);

  return EXIT_SUCCESS;
}
