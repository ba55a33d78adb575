/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * One file over one and over eight connections, from servers that do not do what they are asked:
 * each download ends with the right bytes, of one version, never fails for what a further
 * connection met, and asks for no more than it needs.
 *
 * The servers give so little to each connection that more are worth it.
 */

#include "config.h"

#include "download-fixture.h"

#include "bobbin-host-gate.h"
#include "bobbin-rate-limiter.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#define LENGTH (6 * MIB + 12345)
#define RATE   (1536 * KIB)
#define ETAG_2 "\"two\""
#define DATE_2 "Tue, 06 Jan 2026 10:00:00 GMT"
#define NOW    "Wed, 07 Jan 2026 10:00:00 GMT"

/* A file that is worth more connections than one. */
#define SLOW_FILE(...) FILE_OF (LENGTH, .etag = ETAG, .rate = RATE, __VA_ARGS__)

static void
show (Fixture *f, const char *path, BobbinJob *job)
{
  GListModel *log = G_LIST_MODEL (bobbin_job_get_event_log (job));
  g_autofree char *asked = bobbin_test_server_describe (f->server, path);

  g_test_message ("%s", path);
  for (guint i = 0; i < g_list_model_get_n_items (log); i++)
    {
      g_autoptr (BobbinEvent) event = g_list_model_get_item (log, i);

      g_test_message ("  %s", bobbin_event_get_text (event));
    }
  g_test_message ("  asked for: %s", asked);
  g_test_message ("  sent: %" G_GINT64_FORMAT " of %d; %u answers at once",
                  bobbin_test_server_get_n_sent (f->server, path), LENGTH,
                  bobbin_test_server_get_max_active (f->server, path));
}

static BobbinJob *
start (Fixture *f, const char *path, guint connections, guint retries)
{
  BobbinJob *job = fixture_add (f, path);

  /* Whatever stalls does so for longer than a test may take. */
  g_object_set (job, "connections", connections, "retries", retries, "timeout", 3600, NULL);
  job_start (job);
  return job;
}

static BobbinJob *
run (Fixture *f, guint connections, guint retries)
{
  BobbinJob *job = start (f, "/f.bin", connections, retries);

  job_wait (job);
  show (f, "/f.bin", job);
  return job;
}

/* Many run side by side: what takes time is that their servers give so little. */
#define MAX_AT_ONCE 24

typedef struct
{
  char *path;
  BobbinJob *job;
  const void *about; /* what it is a case of */
} Trial;

typedef struct
{
  Fixture *fixture;
  GArray *trials; /* (owned) of Trial */
} Crowd;

static void
crowd_begin (Crowd *self, Fixture *f)
{
  self->fixture = f;
  self->trials = g_array_new (FALSE, FALSE, sizeof (Trial));
  bobbin_job_queue_set_max_transfers (f->queue, MAX_AT_ONCE);
}

static char *
make_path (const char *about, guint number)
{
  return g_strdup_printf ("/%s-%u.bin", about, number);
}

/* Takes @path, where something is served. */
static void
crowd_start (Crowd *self, char *path, const void *about, guint connections, guint retries)
{
  Trial trial = { path, start (self->fixture, path, connections, retries), about };

  g_array_append_val (self->trials, trial);
}

/* Runs @check on each of them, when it has ended. */
static void
crowd_end (Crowd *self, void (*check) (Fixture *f, const Trial *trial))
{
  for (guint i = 0; i < self->trials->len; i++)
    {
      Trial *trial = &g_array_index (self->trials, Trial, i);

      g_test_message ("Waiting for %s", trial->path);
      job_wait (trial->job);
      show (self->fixture, trial->path, trial->job);
      check (self->fixture, trial);
      g_free (trial->path);
    }
  g_array_unref (self->trials);
}

static void
check_whole (Fixture *f, const Trial *trial)
{
  fixture_assert_whole (f, trial->job, trial->path + 1, SEED, LENGTH);
}

/* What the first request gets, and what all others get. */
typedef struct
{
  const char *about;
  BobbinTestFile first;
  BobbinTestFile others;
  guint retries;
} Case;

#define LIKE(...)                                                           \
  {                                                                         \
    .seed = SEED, .length = LENGTH, .etag = ETAG, .rate = RATE, __VA_ARGS__ \
  }
#define DATED .seed = SEED, .length = LENGTH, .rate = RATE, .date = NOW

/* Servers as they are. */
static const Case cases[] = {
  { "right", LIKE (), LIKE (), 0 },
  { "etag-and-date", LIKE (.last_modified = DATE), LIKE (.last_modified = DATE), 0 },
  { "date", { DATED, .last_modified = DATE }, { DATED, .last_modified = DATE }, 0 },
  { "date-too-new", { DATED, .last_modified = NOW }, { DATED, .last_modified = NOW }, 0 },
  { "weak-etag", { DATED, .etag = "W/\"one\"" }, { DATED, .etag = "W/\"one\"" }, 0 },
  { "no-validator", { DATED }, { DATED }, 0 },
  { "no-ranges", LIKE (.headers = "Accept-Ranges: none\r\n"), LIKE (), 0 },
  { "chunked", LIKE (.framing = BOBBIN_TEST_FRAMING_CHUNKED), LIKE (), 0 },
  { "until-close", LIKE (.framing = BOBBIN_TEST_FRAMING_UNTIL_CLOSE), LIKE (), 0 },
  { "closing", LIKE (.close = TRUE), LIKE (.close = TRUE), 0 },
  /* What a range may get instead of it. */
  { "ignored", LIKE (), LIKE (.ranges = BOBBIN_TEST_RANGES_IGNORED), 0 },
  { "shifted", LIKE (), LIKE (.ranges = BOBBIN_TEST_RANGES_SHIFTED), 0 },
  { "wrong-total", LIKE (), LIKE (.ranges = BOBBIN_TEST_RANGES_WRONG_TOTAL), 0 },
  { "no-header", LIKE (), LIKE (.ranges = BOBBIN_TEST_RANGES_NO_HEADER), 0 },
  { "short", LIKE (), LIKE (.ranges = BOBBIN_TEST_RANGES_SHORT), 0 },
  { "unsatisfied", LIKE (), LIKE (.ranges = BOBBIN_TEST_RANGES_UNSATISFIED), 0 },
  { "no-if-range", LIKE (), LIKE (.ranges = BOBBIN_TEST_RANGES_NO_IF_RANGE), 0 },
  { "blind", LIKE (), LIKE (.ranges = BOBBIN_TEST_RANGES_BLIND), 0 },
  { "chunked-ranges", LIKE (), LIKE (.framing = BOBBIN_TEST_FRAMING_CHUNKED), 0 },
  { "chunked-ranges-no-end", LIKE (),
    LIKE (.framing = BOBBIN_TEST_FRAMING_CHUNKED,
          .fault = BOBBIN_TEST_FAULT_CLOSE,
          .fault_at = MIB),
    5 },
  { "no-validator-later", LIKE (), { DATED }, 0 },
  /* What comes is cut off again and again. */
  { "truncated", LIKE (.fault = BOBBIN_TEST_FAULT_CLOSE, .fault_at = 2 * MIB + 1),
    LIKE (.fault = BOBBIN_TEST_FAULT_CLOSE, .fault_at = 2 * MIB + 1), 2 },
  { "reset", LIKE (.fault = BOBBIN_TEST_FAULT_RESET, .fault_at = 2 * MIB + 1),
    LIKE (.fault = BOBBIN_TEST_FAULT_RESET, .fault_at = 2 * MIB + 1), 2 },
};

/* Over one connection as fast as it goes: there is nothing to gain by another. */
static void
run_cases (Fixture *f, guint connections)
{
  Crowd crowd;

  crowd_begin (&crowd, f);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      char *path = make_path (cases[i].about, connections);
      BobbinTestFile first = cases[i].first;
      BobbinTestFile others = cases[i].others;

      first.rate = others.rate = connections > 1 ? RATE : 0;
      bobbin_test_server_set (f->server, path, &others);
      bobbin_test_server_set_for (f->server, path, 0, 1, &first);
      crowd_start (&crowd, path, &cases[i], connections, cases[i].retries);
    }
  crowd_end (&crowd, check_whole);
}

static void
test_cases_one (Fixture *f, gconstpointer data)
{
  run_cases (f, 1);
}

static void
test_cases_eight (Fixture *f, gconstpointer data)
{
  run_cases (f, 8);
}

/* What is asked for, of a server that does all as it should. */

static int
compare_firsts (gconstpointer a, gconstpointer b)
{
  const gint64 *x = a, *y = b;

  return (x[0] > y[0]) - (x[0] < y[0]);
}

/* The ranges of all requests but the first, [first, end). */
static GArray *
get_ranges (Fixture *f)
{
  GArray *ranges = g_array_new (FALSE, FALSE, 2 * sizeof (gint64));
  const guint n = bobbin_test_server_get_n_requests (f->server, "/f.bin");

  for (guint i = 1; i < n; i++)
    {
      g_autofree char *text = bobbin_test_server_get_header (f->server, "/f.bin", i, "Range");
      gint64 range[2];
      int end = 0;

      g_assert_nonnull (text);
      g_assert_cmpint (sscanf (text, "bytes=%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "%n", &range[0],
                               &range[1], &end),
                       ==, 2);
      g_assert_cmpint (text[end], ==, '\0');
      range[1]++;
      g_array_append_val (ranges, range);
    }
  g_array_sort (ranges, compare_firsts);

  return ranges;
}

static void
test_ranges (Fixture *f, gconstpointer data)
{
  g_autoptr (GArray) ranges = NULL;
  g_autofree char *first = NULL;
  gint64 at = 0;
  BobbinJob *job;

  bobbin_test_server_set (f->server, "/f.bin", SLOW_FILE ());
  job = run (f, 8, 0);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);

  first = bobbin_test_server_get_header (f->server, "/f.bin", 0, "Range");
  g_assert_null (first);
  ranges = get_ranges (f);
  g_assert_cmpuint (ranges->len, >=, 2);
  /* Each is a sound one, and the last goes to the end: nobody asks for what is behind it. */
  for (guint i = 0; i < ranges->len; i++)
    {
      const gint64 *range = &g_array_index (ranges, gint64, 2 * i);

      g_assert_cmpint (range[0], >, 0);
      g_assert_cmpint (range[0], <, range[1]);
      g_assert_cmpint (range[1], <=, LENGTH);
      at = MAX (at, range[1]);
    }
  g_assert_cmpint (at, ==, LENGTH);
}

/* Eight at once and not one more; they are used again for what is left, not opened anew. */
static void
test_connections (Fixture *f, gconstpointer data)
{
  BobbinJob *job;

  bobbin_test_server_set (f->server, "/f.bin", SLOW_FILE ());
  job = run (f, 8, 0);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  g_assert_cmpuint (bobbin_test_server_get_max_active (f->server, "/f.bin"), >, 1);
  g_assert_cmpuint (bobbin_test_server_get_max_open (f->server), <=, 8);
  /* A connection whose answer is cut short, where another one goes on, is not kept. */
  g_assert_cmpuint (bobbin_test_server_get_n_opened (f->server), <=,
                    bobbin_test_server_get_n_requests (f->server, "/f.bin"));
}

/* What one connection brings in a moment is worth no other. */
static void
test_small (Fixture *f, gconstpointer data)
{
  const gint64 lengths[] = { 0, 1, 64 * KIB, MIB, 4 * MIB };

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      BobbinJob *job;
      g_autofree char *name =
        i == 0 ? g_strdup ("f.bin") : g_strdup_printf ("f (%u).bin", (guint) i);

      bobbin_test_server_set (f->server, "/f.bin", FILE_OF (lengths[i], .etag = ETAG));
      job = run (f, 8, 0);
      fixture_assert_whole (f, job, name, SEED, lengths[i]);
      g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f.bin"), ==, i + 1);
    }
}

/* One connection is never more than one, whatever happens. */
static void
test_one (Fixture *f, gconstpointer data)
{
  BobbinJob *job;

  bobbin_test_server_set (f->server, "/f.bin", SLOW_FILE ());
  job = run (f, 1, 0);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  g_assert_cmpuint (bobbin_test_server_get_n_opened (f->server), ==, 1);
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, "/f.bin"), ==, 1);
}

/* A server that cannot do what was promised costs little more than what one connection does. */
static void
test_cost (Fixture *f, gconstpointer data)
{
  BobbinJob *job;

  bobbin_test_server_set (f->server, "/f.bin", SLOW_FILE (.ranges = BOBBIN_TEST_RANGES_IGNORED));
  job = run (f, 8, 0);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  g_assert_cmpint (bobbin_test_server_get_n_sent (f->server, "/f.bin"), <, LENGTH * 5 / 4);
}

/* Under a limit all time is spent in waiting for a turn, also where it is only a share of it that a
 * job gets. Other connections would bring no more, and what is fetched twice is at the expense of
 * somebody. */
static void
test_under_limit (Fixture *f, gconstpointer data)
{
  static const gint64 lengths[] = { MIB, MIB + 1, 3 * MIB, 3 * MIB };
  BobbinRateLimiter *all = bobbin_rate_limiter_get_global ();
  BobbinJob *jobs[G_N_ELEMENTS (lengths)];

  bobbin_rate_limiter_set_rate (all, 3 * MIB);
  for (gsize i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      g_autofree char *path = g_strdup_printf ("/%u.bin", (guint) i);

      bobbin_test_server_set (f->server, path, FILE_OF (lengths[i], .etag = ETAG));
      jobs[i] = start (f, path, 8, 0);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      g_autofree char *path = g_strdup_printf ("/%u.bin", (guint) i);

      job_wait (jobs[i]);
      show (f, path, jobs[i]);
      fixture_assert_whole (f, jobs[i], path + 1, SEED, lengths[i]);
      g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, path), ==, 1);
    }
  bobbin_rate_limiter_set_rate (all, 0);
}

/* One of the connections is bad. */

typedef struct
{
  const char *about;
  guint request;
  BobbinTestFile file;
} Bad;

#define BAD(...)                                              \
  {                                                           \
    .seed = SEED, .length = LENGTH, .etag = ETAG, __VA_ARGS__ \
  }

static const Bad bad_ones[] = {
  { "stalls", 2, BAD (.rate = RATE, .fault = BOBBIN_TEST_FAULT_STALL, .fault_at = 100 * KIB) },
  { "stalls-at-once", 2, BAD (.fault = BOBBIN_TEST_FAULT_STALL) },
  { "is-silent", 2, BAD (.fault = BOBBIN_TEST_FAULT_STALL, .fault_at = BOBBIN_TEST_BEFORE_HEADER) },
  { "is-slow", 2, BAD (.rate = 1000) },
  { "is-quite-slow", 2, BAD (.rate = 50 * 1000) },
  { "was-first-and-stalls", 0,
    BAD (.rate = RATE, .fault = BOBBIN_TEST_FAULT_STALL, .fault_at = MIB) },
  { "was-first-and-is-slow", 0, BAD (.rate = 20 * KIB) },
  { "is-reset", 2, BAD (.rate = RATE, .fault = BOBBIN_TEST_FAULT_RESET, .fault_at = 100 * KIB) },
  { "closes", 2, BAD (.fault = BOBBIN_TEST_FAULT_CLOSE, .fault_at = BOBBIN_TEST_BEFORE_HEADER) },
  { "talks-nonsense", 2, BAD (.fault = BOBBIN_TEST_FAULT_GARBAGE) },
  { "fails", 2, BAD (.fault = BOBBIN_TEST_FAULT_STATUS, .fault_status = 500) },
  { "forbids", 2, BAD (.fault = BOBBIN_TEST_FAULT_STATUS, .fault_status = 403) },
  { "knows-nothing", 2, BAD (.fault = BOBBIN_TEST_FAULT_STATUS, .fault_status = 404) },
  { "wants-a-login", 2, BAD (.fault = BOBBIN_TEST_FAULT_STATUS, .fault_status = 401) },
  { "sends-nothing", 2, BAD (.fault = BOBBIN_TEST_FAULT_STATUS, .fault_status = 204) },
  { "encodes", 2, BAD (.rate = RATE, .headers = "Content-Encoding: gzip\r\n") },
  { "has-another-tag", 2, { .seed = SEED, .length = LENGTH, .rate = RATE, .etag = ETAG_2 } },
  { "sends-multiparts", 2,
    BAD (.status = 206, .headers = "Content-Type: multipart/byteranges; boundary=x\r\n") },
  { "redirects-to-a-file", 2, BAD (.status = 302, .headers = "Location: file:///etc/passwd\r\n") },
  { "redirects-to-a-loop", 2, BAD (.status = 302, .headers = "Location: /loop\r\n") },
  { "redirects-nowhere", 2, BAD (.status = 302) },
};

/* The others finish without it: nobody waits for an hour of silence, and nothing fails, though
 * nothing is tried again. */
static void
test_bad (Fixture *f, gconstpointer data)
{
  Crowd crowd;

  crowd_begin (&crowd, f);
  bobbin_test_server_set_redirect (f->server, "/loop", "/loop");
  for (gsize i = 0; i < G_N_ELEMENTS (bad_ones); i++)
    {
      char *path = make_path (bad_ones[i].about, 8);

      bobbin_test_server_set (f->server, path, SLOW_FILE ());
      bobbin_test_server_set_for (f->server, path, bad_ones[i].request, 1, &bad_ones[i].file);
      crowd_start (&crowd, path, &bad_ones[i], 8, 0);
    }
  crowd_end (&crowd, check_whole);
}

/* What is left is asked for by a connection that is silent, and those that could take it over have
 * long ended: another one is opened for it. */
static void
test_last_is_silent (Fixture *f, gconstpointer data)
{
  BobbinJob *job;

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (LENGTH, .etag = ETAG));
  bobbin_test_server_set_for (f->server, "/f.bin", 0, 1,
                              FILE_OF (LENGTH, .etag = ETAG, .rate = MIB));
  bobbin_test_server_set_for (f->server, "/f.bin", 2, 1,
                              FILE_OF (LENGTH, .etag = ETAG, .fault = BOBBIN_TEST_FAULT_STALL,
                                       .fault_at = BOBBIN_TEST_BEFORE_HEADER));
  job = run (f, 8, 0);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
}

/* Headers that drip. */
static void
test_drip (Fixture *f, gconstpointer data)
{
  BobbinJob *job;

  bobbin_test_server_set (f->server, "/f.bin", SLOW_FILE ());
  bobbin_test_server_set_for (f->server, "/f.bin", 1, 1,
                              SLOW_FILE (.fault = BOBBIN_TEST_FAULT_DRIP));
  job = fixture_add (f, "/f.bin");
  g_object_set (job, "connections", 8, "timeout", 1, NULL);
  job_start (job);
  job_wait (job);
  show (f, "/f.bin", job);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
}

/* A head that is larger than any is refused, and that ends a connection, not the download. libsoup
 * closes such a connection without a word, and so that is all that can be said. */
static void
test_huge_headers (Fixture *f, gconstpointer data)
{
  g_autofree char *value = g_strnfill (2 * MIB, 'x');
  g_autofree char *huge = g_strdup_printf ("X-Huge: %s\r\n", value);
  BobbinJob *job;

  bobbin_test_server_set (f->server, "/f.bin", SLOW_FILE ());
  bobbin_test_server_set_for (f->server, "/f.bin", 2, 1, SLOW_FILE (.headers = huge));
  job = run (f, 8, 0);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);

  bobbin_test_server_set (f->server, "/g.bin", FILE_OF (LENGTH, .headers = huge));
  job = fixture_add (f, "/g.bin");
  g_object_set (job, "connections", 8, NULL);
  job_start (job);
  job_wait (job);
  job_assert_failed (job, BOBBIN_ERROR_DISCONNECTED);
  fixture_assert_listing (f, "f.bin", NULL);
}

/* Few connections are borne. */

typedef struct
{
  const char *about;
  guint limit;
  guint status;
  const char *headers;
} Limit;

static const Limit limits[] = {
  { "one-503", 1, 503, NULL },
  { "one-429", 1, 429, "Retry-After: 1\r\n" },
  { "one-403", 1, 403, NULL },
  { "one-closes", 1, 0, NULL },
  { "two-503", 2, 503, "Retry-After: 2\r\n" },
  { "two-429", 2, 429, NULL },
  { "two-closes", 2, 0, NULL },
  { "one-long", 1, 503, "Retry-After: 100000\r\n" },
};

/* Whether the log tells of the connections that went. */
static gboolean
says_so (BobbinJob *job)
{
  GListModel *log = G_LIST_MODEL (bobbin_job_get_event_log (job));

  for (guint i = 0; i < g_list_model_get_n_items (log); i++)
    {
      g_autoptr (BobbinEvent) event = g_list_model_get_item (log, i);

      if (strstr (bobbin_event_get_text (event), "Going on with") != NULL)
        return TRUE;
    }

  return FALSE;
}

static void
check_limited (Fixture *f, const Trial *trial)
{
  check_whole (f, trial);
  g_assert_true (says_so (trial->job));
  g_assert_false (job_has_event (trial->job, BOBBIN_EVENT_RETRY));
  g_assert_cmpuint (bobbin_test_server_get_n_requests (f->server, trial->path), <, 40);
}

static void
test_limits (Fixture *f, gconstpointer data)
{
  /* One after the other, each by itself: what a server bears one learns of another. */
  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      char *path = make_path (limits[i].about, limits[i].limit);
      Crowd crowd;

      bobbin_host_gate_set_limit (bobbin_host_gate_get_default (), 0);
      crowd_begin (&crowd, f);
      bobbin_test_server_set (f->server, path,
                              SLOW_FILE (.limit = limits[i].limit, .limit_status = limits[i].status,
                                         .limit_headers = limits[i].headers));
      crowd_start (&crowd, path, &limits[i], 8, 0);
      crowd_end (&crowd, check_limited);
    }
}

/* More connections than so many are reset before a word is said. */
static void
test_refused (Fixture *f, gconstpointer data)
{
  for (guint limit = 1; limit <= 2; limit++)
    {
      BobbinJob *job;

      bobbin_host_gate_set_limit (bobbin_host_gate_get_default (), 0);
      bobbin_test_server_set (f->server, "/f.bin", SLOW_FILE ());
      bobbin_test_server_set_max_open (f->server, limit);
      job = run (f, 8, 0);
      g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_DONE);
      bobbin_test_content_assert (bobbin_download_get_file (BOBBIN_DOWNLOAD (job)), SEED, LENGTH);
      g_assert_true (says_so (job));
      g_assert_cmpuint (bobbin_test_server_get_max_open (f->server), <=, limit);
      g_assert_cmpuint (bobbin_test_server_get_n_opened (f->server), <, 40);
    }
}

/* The file changes on the server. */

typedef struct
{
  const char *about;
  BobbinTestFile one;
  BobbinTestFile two;
} Change;

#define ONE(...)                                                           \
  {                                                                        \
    .seed = SEED, .length = LENGTH, .rate = RATE, .date = NOW, __VA_ARGS__ \
  }
#define TWO(...)                                                            \
  {                                                                         \
    .seed = OTHER, .length = LENGTH, .rate = RATE, .date = NOW, __VA_ARGS__ \
  }
#define LONGER(...)                                                               \
  {                                                                               \
    .seed = OTHER, .length = LENGTH + MIB, .rate = RATE, .date = NOW, __VA_ARGS__ \
  }
#define BLIND .ranges = BOBBIN_TEST_RANGES_BLIND

static const Change changes[] = {
  { "tag", ONE (.etag = ETAG), TWO (.etag = ETAG_2) },
  { "tag-blind", ONE (.etag = ETAG, BLIND), TWO (.etag = ETAG_2, BLIND) },
  { "tag-same-date", ONE (.etag = ETAG, .last_modified = DATE),
    TWO (.etag = ETAG_2, .last_modified = DATE) },
  { "tag-same-date-blind", ONE (.etag = ETAG, .last_modified = DATE, BLIND),
    TWO (.etag = ETAG_2, .last_modified = DATE, BLIND) },
  { "date", ONE (.last_modified = DATE), TWO (.last_modified = DATE_2) },
  { "date-blind", ONE (.last_modified = DATE, BLIND), TWO (.last_modified = DATE_2, BLIND) },
  { "length", ONE (.etag = ETAG), LONGER (.etag = ETAG_2) },
  { "length-blind", ONE (.etag = ETAG, BLIND), LONGER (.etag = ETAG_2, BLIND) },
  { "length-only", ONE (), LONGER () },
  { "ranges-ignored", ONE (.etag = ETAG),
    TWO (.etag = ETAG_2, .ranges = BOBBIN_TEST_RANGES_IGNORED) },
  { "validator-gone", ONE (.etag = ETAG), TWO () },
};

/* Every byte is of one of the two. */
static void
assert_one_version (BobbinJob *job, const Change *change)
{
  const char *file = bobbin_download_get_file (BOBBIN_DOWNLOAD (job));
  guint8 byte, expected;
  g_autofree char *contents = NULL;

  g_assert_no_error (bobbin_job_get_error (job));
  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_DONE);
  g_assert_true (g_file_get_contents (file, &contents, NULL, NULL));
  byte = contents[0];
  bobbin_test_content_fill (SEED, 0, &expected, 1);
  if (byte == expected)
    bobbin_test_content_assert (file, SEED, change->one.length);
  else
    bobbin_test_content_assert (file, OTHER, change->two.length);
}

static void
check_version (Fixture *f, const Trial *trial)
{
  assert_one_version (trial->job, trial->about);
}

/* From the second request on, or a later one. */
static void
test_changes (Fixture *f, gconstpointer data)
{
  Crowd crowd;

  crowd_begin (&crowd, f);
  for (guint from = 1; from <= 5; from += 2)
    for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
      {
        char *path = make_path (changes[i].about, from);

        bobbin_test_server_set (f->server, path, &changes[i].one);
        bobbin_test_server_set_for (f->server, path, from, 0, &changes[i].two);
        crowd_start (&crowd, path, &changes[i], 8, 0);
      }
  crowd_end (&crowd, check_version);
}

/* Two servers behind one name, which do not agree: each request meets one or the other. */
static void
test_two_minds (Fixture *f, gconstpointer data)
{
  Crowd crowd;

  crowd_begin (&crowd, f);
  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      char *path = make_path (changes[i].about, 0);

      bobbin_test_server_set (f->server, path, &changes[i].one);
      for (guint request = 0; request < 100; request++)
        if (g_test_rand_bit ())
          bobbin_test_server_set_for (f->server, path, request, 1, &changes[i].two);
      crowd_start (&crowd, path, &changes[i], 8, 0);
    }
  crowd_end (&crowd, check_version);
}

/* A change while connections are cut off: it goes on with the new one, from the beginning. */
static void
test_change_and_cut (Fixture *f, gconstpointer data)
{
  Crowd crowd;

  crowd_begin (&crowd, f);
  for (guint connections = 1; connections <= 8; connections += 7)
    for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
      {
        char *path = make_path (changes[i].about, connections);
        BobbinTestFile one = changes[i].one;

        one.fault = BOBBIN_TEST_FAULT_CLOSE;
        one.fault_at = MIB + 100;
        bobbin_test_server_set (f->server, path, &one);
        bobbin_test_server_set_for (f->server, path, connections == 1 ? 1 : 3, 0, &changes[i].two);
        crowd_start (&crowd, path, &changes[i], connections, 5);
      }
  crowd_end (&crowd, check_version);
}

/* A server of the same date and another tag sends all of the file, and slowly. Until it is known
 * whether its bytes are those that are there, no other one goes on with them. */
static void
test_compare_slowly (Fixture *f, gconstpointer data)
{
  static const Change change = { NULL,
                                 { .seed = SEED,
                                   .length = 3 * MIB,
                                   .rate = 512 * KIB,
                                   .date = NOW,
                                   .etag = ETAG,
                                   .last_modified = DATE },
                                 { .seed = OTHER,
                                   .length = 3 * MIB,
                                   .rate = 512 * KIB,
                                   .date = NOW,
                                   .etag = ETAG_2,
                                   .last_modified = DATE,
                                   .ranges = BOBBIN_TEST_RANGES_IGNORED } };
  BobbinJob *job;

  bobbin_test_server_set (f->server, "/f.bin", &change.one);
  job = start (f, "/f.bin", 8, 3);
  job_wait_bytes (job, 150 * KIB);
  job_stop (job);

  bobbin_test_server_set_for (f->server, "/f.bin",
                              bobbin_test_server_get_n_requests (f->server, "/f.bin"), 1,
                              &change.two);
  job_start (job);
  job_wait (job);
  show (f, "/f.bin", job);
  assert_one_version (job, &change);
}

/* What is compared does not end where a page does, and more came with it. */
static void
test_compare_across_page (Fixture *f, gconstpointer data)
{
  BobbinJob *job;

  bobbin_test_server_set (f->server, "/f.bin", FILE_OF (LENGTH));
  bobbin_test_server_set_for (f->server, "/f.bin", 0, 1,
                              FILE_OF (LENGTH, .fault = BOBBIN_TEST_FAULT_CLOSE,
                                       .fault_at = MIB + 100));
  job = run (f, 1, 1);
  fixture_assert_whole (f, job, "f.bin", SEED, LENGTH);
  g_assert_cmpint (bobbin_test_server_get_first_byte (f->server, "/f.bin", 1), ==,
                   MIB + 100 - 64 * KIB);
}

/* What the first version was said to come to is not asked of the second. */
static void
test_digest_of_before (Fixture *f, gconstpointer data)
{
  BobbinJob *job;

  bobbin_test_server_set (f->server, "/f.bin",
                          &(BobbinTestFile){ .seed = OTHER, .length = MIB, .etag = ETAG_2 });
  bobbin_test_server_set_for (
    f->server, "/f.bin", 0, 1,
    FILE_OF (MIB, .etag = ETAG,
             .headers = "Repr-Digest: "
                        "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:\r\n",
             .fault = BOBBIN_TEST_FAULT_CLOSE, .fault_at = 100 * KIB));
  job = run (f, 1, 3);
  fixture_assert_whole (f, job, "f.bin", OTHER, MIB);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  fixture_test ("/segments/cases/one", BOBBIN_TEST_PLAIN, test_cases_one);
  fixture_test ("/segments/cases/eight", BOBBIN_TEST_PLAIN, test_cases_eight);
  fixture_test ("/segments/one-is-bad", BOBBIN_TEST_PLAIN, test_bad);
  fixture_test ("/segments/last-is-silent", BOBBIN_TEST_PLAIN, test_last_is_silent);
  fixture_test ("/segments/ranges", BOBBIN_TEST_PLAIN, test_ranges);
  fixture_test ("/segments/connections", BOBBIN_TEST_PLAIN, test_connections);
  fixture_test ("/segments/small", BOBBIN_TEST_PLAIN, test_small);
  fixture_test ("/segments/never-more-than-one", BOBBIN_TEST_PLAIN, test_one);
  fixture_test ("/segments/cost", BOBBIN_TEST_PLAIN, test_cost);
  fixture_test ("/segments/under-limit", BOBBIN_TEST_PLAIN, test_under_limit);
  fixture_test ("/segments/drip", BOBBIN_TEST_PLAIN, test_drip);
  fixture_test ("/segments/huge-headers", BOBBIN_TEST_PLAIN, test_huge_headers);
  fixture_test ("/segments/limit/answers", BOBBIN_TEST_PLAIN, test_limits);
  fixture_test ("/segments/limit/connections", BOBBIN_TEST_PLAIN, test_refused);
  fixture_test ("/segments/change/any", BOBBIN_TEST_PLAIN, test_changes);
  fixture_test ("/segments/change/two-minds", BOBBIN_TEST_PLAIN, test_two_minds);
  fixture_test ("/segments/change/and-cut", BOBBIN_TEST_PLAIN, test_change_and_cut);
  fixture_test ("/segments/change/compare-slowly", BOBBIN_TEST_PLAIN, test_compare_slowly);
  fixture_test ("/segments/change/compare-across-page", BOBBIN_TEST_PLAIN,
                test_compare_across_page);
  fixture_test ("/segments/change/digest-of-before", BOBBIN_TEST_PLAIN, test_digest_of_before);

  return g_test_run ();
}
