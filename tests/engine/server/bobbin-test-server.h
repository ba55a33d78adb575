/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BobbinTestRanges:
 * @BOBBIN_TEST_RANGES_RIGHT: Range and If-Range as RFC 9110 says
 * @BOBBIN_TEST_RANGES_IGNORED: the whole file, 200, whatever is asked for
 * @BOBBIN_TEST_RANGES_SHIFTED: 206 with the bytes after the first one asked for, and saying so
 * @BOBBIN_TEST_RANGES_WRONG_TOTAL: 206 with a total that is not the file's
 * @BOBBIN_TEST_RANGES_NO_HEADER: 206 without Content-Range
 * @BOBBIN_TEST_RANGES_SHORT: 206 with at most a MiB of what is asked for, and saying so
 * @BOBBIN_TEST_RANGES_UNSATISFIED: 416
 * @BOBBIN_TEST_RANGES_NO_IF_RANGE: 200 whenever there is an If-Range, whatever it names
 * @BOBBIN_TEST_RANGES_BLIND: 206 even though If-Range names another version
 *
 * What becomes of a Range.
 */
typedef enum
{
  BOBBIN_TEST_RANGES_RIGHT,
  BOBBIN_TEST_RANGES_IGNORED,
  BOBBIN_TEST_RANGES_SHIFTED,
  BOBBIN_TEST_RANGES_WRONG_TOTAL,
  BOBBIN_TEST_RANGES_NO_HEADER,
  BOBBIN_TEST_RANGES_SHORT,
  BOBBIN_TEST_RANGES_UNSATISFIED,
  BOBBIN_TEST_RANGES_NO_IF_RANGE,
  BOBBIN_TEST_RANGES_BLIND,
} BobbinTestRanges;

/**
 * BobbinTestFraming:
 * @BOBBIN_TEST_FRAMING_LENGTH: Content-Length
 * @BOBBIN_TEST_FRAMING_CHUNKED: Transfer-Encoding: chunked
 * @BOBBIN_TEST_FRAMING_UNTIL_CLOSE: HTTP/1.0, no length, the end of the connection is the file's
 *
 * How an answer says where it ends.
 */
typedef enum
{
  BOBBIN_TEST_FRAMING_LENGTH,
  BOBBIN_TEST_FRAMING_CHUNKED,
  BOBBIN_TEST_FRAMING_UNTIL_CLOSE,
} BobbinTestFraming;

/**
 * BobbinTestFault:
 * @BOBBIN_TEST_FAULT_NONE: all goes well
 * @BOBBIN_TEST_FAULT_CLOSE: the connection is closed at `fault_at`
 * @BOBBIN_TEST_FAULT_RESET: the connection is reset at `fault_at`
 * @BOBBIN_TEST_FAULT_STALL: nothing more comes from `fault_at` on, until released
 * @BOBBIN_TEST_FAULT_STATUS: the answer is `fault_status`
 * @BOBBIN_TEST_FAULT_GARBAGE: the answer is not HTTP
 * @BOBBIN_TEST_FAULT_DRIP: the header comes byte by byte, 20 a second
 * @BOBBIN_TEST_FAULT_DAMAGE: over TLS, what comes at `fault_at` is no record of it
 *
 * What goes wrong with an answer.
 */
typedef enum
{
  BOBBIN_TEST_FAULT_NONE,
  BOBBIN_TEST_FAULT_CLOSE,
  BOBBIN_TEST_FAULT_RESET,
  BOBBIN_TEST_FAULT_STALL,
  BOBBIN_TEST_FAULT_STATUS,
  BOBBIN_TEST_FAULT_GARBAGE,
  BOBBIN_TEST_FAULT_DRIP,
  BOBBIN_TEST_FAULT_DAMAGE,
} BobbinTestFault;

/**
 * BOBBIN_TEST_BEFORE_HEADER:
 *
 * As `fault_at`: before anything is answered at all.
 */
#define BOBBIN_TEST_BEFORE_HEADER (-1)

/**
 * BobbinTestFile:
 * @seed: which content (see bobbin_test_content_fill())
 * @length: how many bytes of it
 * @body: (nullable): other content than that of the seed
 * @etag: (nullable): ETag
 * @last_modified: (nullable): Last-Modified
 * @date: (nullable): Date, instead of the present time
 * @disposition: (nullable): Content-Disposition
 * @headers: (nullable): more header lines, each ended with CR LF
 * @status: instead of 200 and 206, or 0
 * @ranges: what becomes of a Range
 * @framing: how the answer says where it ends
 * @close: the connection is closed after the answer, which says so
 * @fault: what goes wrong
 * @fault_at: after so many bytes of an answer's body, or %BOBBIN_TEST_BEFORE_HEADER
 * @fault_times: it goes wrong for so many requests, then no more; 0 for always
 * @fault_status: for %BOBBIN_TEST_FAULT_STATUS
 * @raw: (nullable): for %BOBBIN_TEST_FAULT_GARBAGE: all that is sent
 * @rate: bytes a second, in small steps, or 0 for as fast as it goes
 * @limit: so many requests are answered at once, and no more of them; 0 for any number
 * @limit_status: what those are answered that are too many; 0: nothing, they are disconnected
 * @limit_headers: (nullable): more header lines of that answer
 *
 * What is answered to requests for one path. All zero is an empty file without validators.
 */
typedef struct
{
  guint64 seed;
  gint64 length;
  GBytes *body;
  const char *etag;
  const char *last_modified;
  const char *date;
  const char *disposition;
  const char *headers;
  guint status;
  BobbinTestRanges ranges;
  BobbinTestFraming framing;
  gboolean close;
  BobbinTestFault fault;
  gint64 fault_at;
  guint fault_times;
  guint fault_status;
  const char *raw;
  gint64 rate;
  guint limit;
  guint limit_status;
  const char *limit_headers;
} BobbinTestFile;

/**
 * BobbinTestKind:
 * @BOBBIN_TEST_PLAIN: http
 * @BOBBIN_TEST_TLS: https with a certificate for localhost and 127.0.0.1
 * @BOBBIN_TEST_TLS_EXPIRED: https with a certificate that has expired
 * @BOBBIN_TEST_TLS_WRONG_HOST: https with another host's certificate
 * @BOBBIN_TEST_SILENT: takes connections and says nothing, ever; stalled as soon as it heard a byte
 *
 * What a server speaks.
 */
typedef enum
{
  BOBBIN_TEST_PLAIN,
  BOBBIN_TEST_TLS,
  BOBBIN_TEST_TLS_EXPIRED,
  BOBBIN_TEST_TLS_WRONG_HOST,
  BOBBIN_TEST_SILENT,
} BobbinTestKind;

typedef struct _BobbinTestServer BobbinTestServer;

BobbinTestServer *bobbin_test_server_new (BobbinTestKind kind);
void bobbin_test_server_free (BobbinTestServer *self);

void bobbin_test_server_set (BobbinTestServer *self, const char *path, const BobbinTestFile *file);
void bobbin_test_server_set_for (BobbinTestServer *self,
                                 const char *path,
                                 guint first_request,
                                 guint n_requests,
                                 const BobbinTestFile *file);
void bobbin_test_server_set_max_open (BobbinTestServer *self, guint n_connections);
void
bobbin_test_server_set_redirect (BobbinTestServer *self, const char *path, const char *location);
void bobbin_test_server_release (BobbinTestServer *self, const char *path);
char *bobbin_test_server_get_uri (BobbinTestServer *self, const char *path);
guint16 bobbin_test_server_get_port (BobbinTestServer *self);

guint bobbin_test_server_get_n_requests (BobbinTestServer *self, const char *path);
gint64 bobbin_test_server_get_n_sent (BobbinTestServer *self, const char *path);
guint bobbin_test_server_get_n_open (BobbinTestServer *self);
guint bobbin_test_server_get_max_open (BobbinTestServer *self);
guint bobbin_test_server_get_n_opened (BobbinTestServer *self);
guint bobbin_test_server_get_max_active (BobbinTestServer *self, const char *path);
char *bobbin_test_server_get_header (BobbinTestServer *self,
                                     const char *path,
                                     guint request,
                                     const char *name);
gint64 bobbin_test_server_get_first_byte (BobbinTestServer *self, const char *path, guint request);

char *bobbin_test_server_describe (BobbinTestServer *self, const char *path);
void bobbin_test_server_explain (BobbinTestServer *self);

void bobbin_test_server_wait_requests (BobbinTestServer *self, const char *path, guint n_requests);
void bobbin_test_server_wait_sent (BobbinTestServer *self, const char *path, gint64 n_bytes);
void bobbin_test_server_wait_stalled (BobbinTestServer *self, guint n_connections);
void bobbin_test_server_wait_open (BobbinTestServer *self, guint n_connections);

const char *bobbin_test_server_ca_file (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinTestServer, bobbin_test_server_free)

typedef struct _BobbinTestBacklog BobbinTestBacklog;

BobbinTestBacklog *bobbin_test_backlog_new (void);
void bobbin_test_backlog_free (BobbinTestBacklog *self);
guint16 bobbin_test_backlog_get_port (BobbinTestBacklog *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinTestBacklog, bobbin_test_backlog_free)

G_END_DECLS
