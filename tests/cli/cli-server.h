/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * An HTTP server on a thread and a context of its own, on a free port of the loopback interface.
 *
 *   /bytes/N/NAME      N bytes, with ETag and ranges
 *   /held/N/NAME       the same, but while the server holds, no more than the first half of it
 *   /gate/NAME         a few bytes, not before as many requests wait as cli_server_set_gate() says
 *   /news/NAME         another text each time
 *   /missing           404
 *   /busy/NAME         503, with the wish to be asked again in half an hour
 *   /redirect/REST     redirects to /REST
 *   /elsewhere/REST    redirects to /REST of the same server by another name, “localhost”
 *   /login/REST        401 without CLI_LOGIN, else as /REST
 *   /page/NAME         a web page
 *   /lie               redirects to a host whose name holds CLI_LIE, percent-encoded
 *   /cut               promises 1000 bytes, sends 10 and closes the connection
 */
typedef struct _CliServer CliServer;

/* What would turn a terminal red and ring its bell. */
#define CLI_LIE         "\033[31mred\a"
#define CLI_LIE_ENCODED "%1b%5b31mred%07"

/* What “joe” with the password “sesame” sends: RFC 7617 §2. */
#define CLI_LOGIN "Basic am9lOnNlc2FtZQ=="

CliServer *cli_server_new (void);
void cli_server_free (CliServer *self);
char *cli_server_make_uri (CliServer *self, const char *path);

void cli_server_set_hold (CliServer *self, gboolean hold);
void cli_server_set_gate (CliServer *self, guint n_together, guint n_in_all);
guint cli_server_get_max_at_once (CliServer *self);
guint cli_server_get_n_requests (CliServer *self);
void cli_server_wait_requests (CliServer *self, guint n_requests);
char *cli_server_get_header (CliServer *self, const char *name);
gint64 cli_server_get_last_start (CliServer *self);
gint64 cli_server_get_last_length (CliServer *self);

GBytes *cli_server_make_content (gsize size);
guint16 cli_server_find_closed_port (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliServer, cli_server_free)

G_END_DECLS
