/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Many downloads of any size, side by side, over one to eight connections, from servers, with and
 * without TLS, that do wrong whatever comes to the mind of a random number: that break off, drip,
 * refuse, bear few connections, talk nonsense or without end, send a page to log in at, lead round
 * by other addresses, or in circles. A download may fail, for a reason that its
 * server has given it, and is started again; it is done when the file is there, right to the last
 * byte, and of one version. Never anything else.
 *
 * With `-m slow` a thousand of them.
 */

#include "config.h"

#include "download-fixture.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

#define N_AT_ONCE   32
#define N_DOWNLOADS (g_test_slow () ? 1000 : 150)

/* So many requests may go wrong, then all go well. */
#define N_WRONG 10

/* None is started more often than its server does wrong, and a little more for what it noticed. */
#define MAX_STARTS 25

#define PAGE "<!DOCTYPE html><title>Log in</title><form>…</form>"

/* More than a head may have, in bytes. */
#define LONG_HEADER MIB

typedef struct
{
  guint number;
  char *path; /* (owned) */
  BobbinTestServer *server;
  BobbinJob *job;
  BobbinTestFile one;
  BobbinTestFile two; /* another version, which some requests meet */
  guint reasons;      /* a bit for each BobbinError that its server has caused */
  guint n_starts;
  gboolean has_two;
  gboolean is_tls;
  gboolean is_circle; /* its address leads back to itself */
} Download;

typedef struct
{
  Fixture *f;
  BobbinTestServer *tls; /* (owned): another one */
  Download downloads[N_AT_ONCE];
  guint n_started;
  guint n_done;
  guint n_failures;
  guint n_second;  /* that are of the second version */
  guint n_circles; /* that were given up, as they must */
} Mix;

static gboolean
chance (guint percent)
{
  return g_test_rand_int_range (0, 100) < (gint) percent;
}

static gint64
random_length (void)
{
  switch (g_test_rand_int_range (0, 4))
    {
    case 0:
      return g_test_rand_int_range (0, 3);
    case 1:
      return g_test_rand_int_range (0, 1 << g_test_rand_int_range (1, 22));
    default:
      return g_test_rand_int_range (0, 8 * MIB + 1);
    }
}

/* What is said of a version, of both in the same manner. */
static void
set_validators (BobbinTestFile *one, BobbinTestFile *two)
{
  const int kind = g_test_rand_int_range (0, 5);

  one->date = two->date = "Wed, 07 Jan 2026 10:00:00 GMT";
  if (kind == 0)
    return;
  if (kind <= 3)
    {
      one->etag = kind == 3 ? "W/\"one\"" : "\"one\"";
      two->etag = kind == 3 ? "W/\"two\"" : "\"two\"";
    }
  if (kind >= 2)
    {
      one->last_modified = DATE;
      two->last_modified = chance (50) ? DATE : "Tue, 06 Jan 2026 10:00:00 GMT";
    }
  /* A weak one, or only a date, that is the same for both tells nobody anything. */
  if (kind >= 3)
    two->last_modified = "Tue, 06 Jan 2026 10:00:00 GMT";
}

/* What a server may do, and as what it may be seen. */

static void
expect (Download *self, BobbinError code)
{
  self->reasons |= 1u << code;
}

static gint64
random_place (gint64 length)
{
  return length > 0 && chance (80) ? g_test_rand_int_range (0, length) : BOBBIN_TEST_BEFORE_HEADER;
}

static void
break_off (Download *self, BobbinTestFile *file)
{
  static const BobbinTestFault faults[] = { BOBBIN_TEST_FAULT_CLOSE, BOBBIN_TEST_FAULT_RESET,
                                            BOBBIN_TEST_FAULT_STALL };

  file->fault = faults[g_test_rand_int_range (0, chance (20) ? 3 : 2)];
  file->fault_at = random_place (file->length);
  if (chance (30))
    file->framing = BOBBIN_TEST_FRAMING_CHUNKED;
  if (file->fault == BOBBIN_TEST_FAULT_STALL)
    expect (self, BOBBIN_ERROR_TIMED_OUT);
  else
    expect (self, BOBBIN_ERROR_DISCONNECTED);
  expect (self, BOBBIN_ERROR_TRUNCATED);
}

static void
refuse (Download *self, BobbinTestFile *file)
{
  static const guint statuses[] = { 400, 403, 404, 408, 416, 429, 500, 502, 503 };

  file->fault = BOBBIN_TEST_FAULT_STATUS;
  file->fault_status = statuses[g_test_rand_int_range (0, G_N_ELEMENTS (statuses))];
  expect (self, BOBBIN_ERROR_HTTP_STATUS);
}

static void
talk_nonsense (Download *self, BobbinTestFile *file)
{
  static const char *const words[] = { NULL,
                                       "",
                                       "HTTP/1.1 200 OK\r\n",
                                       "HTTP/1.1 999 \r\n\r\n",
                                       "HTTP/1.1 206 OK\r\nContent-Length: 0\r\n\r\n",
                                       "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nabc",
                                       "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n" };

  file->fault = BOBBIN_TEST_FAULT_GARBAGE;
  file->raw = words[g_test_rand_int_range (0, G_N_ELEMENTS (words))];
  expect (self, BOBBIN_ERROR_BAD_ANSWER);
  expect (self, BOBBIN_ERROR_DISCONNECTED);
  expect (self, BOBBIN_ERROR_TRUNCATED);
  expect (self, BOBBIN_ERROR_HTTP_STATUS);
  expect (self, BOBBIN_ERROR_REDIRECT);
}

/* Byte by byte, longer than it is waited for. */
static void
drip (Download *self, BobbinTestFile *file)
{
  file->fault = BOBBIN_TEST_FAULT_DRIP;
  expect (self, BOBBIN_ERROR_TIMED_OUT);
}

/* As from a network that wants to be paid first. */
static void
send_login_page (Download *self, BobbinTestFile *file)
{
  static GBytes *page;

  if (page == NULL)
    page = g_bytes_new_static (PAGE, strlen (PAGE));
  *file = (BobbinTestFile){ .body = page,
                            .length = strlen (PAGE),
                            .headers = "Content-Type: text/html; charset=utf-8\r\n",
                            .ranges = BOBBIN_TEST_RANGES_IGNORED };
  expect (self, BOBBIN_ERROR_WEB_PAGE);
}

/* libsoup then hangs up, and says no more than that. */
static void
talk_on_and_on (Download *self, BobbinTestFile *file)
{
  static char *headers;

  if (headers == NULL)
    {
      g_autofree char *fill = g_strnfill (LONG_HEADER, 'x');

      headers = g_strdup_printf ("X-Fill: %s\r\n", fill);
    }
  file->headers = headers;
  expect (self, BOBBIN_ERROR_DISCONNECTED);
}

/* No record of TLS. */
static void
damage (Download *self, BobbinTestFile *file)
{
  file->fault = BOBBIN_TEST_FAULT_DAMAGE;
  file->fault_at = random_place (file->length);
  expect (self, BOBBIN_ERROR_TLS);
  expect (self, BOBBIN_ERROR_DISCONNECTED);
  expect (self, BOBBIN_ERROR_TRUNCATED);
}

static void
misunderstand (Download *self, BobbinTestFile *file)
{
  file->ranges = g_test_rand_int_range (0, BOBBIN_TEST_RANGES_BLIND + 1);
  if (chance (20))
    file->headers = "Content-Encoding: gzip\r\n";
  else if (chance (20))
    file->framing = BOBBIN_TEST_FRAMING_CHUNKED;
  else if (chance (20))
    file->close = TRUE;
  /* Six rounds in a row that got nothing of what they asked for. */
  expect (self, BOBBIN_ERROR_BAD_ANSWER);
}

static void
do_wrong (Download *self, BobbinTestFile *file)
{
  switch (g_test_rand_int_range (0, 10))
    {
    case 0:
      refuse (self, file);
      break;
    case 1:
      talk_nonsense (self, file);
      break;
    case 2:
    case 3:
      misunderstand (self, file);
      break;
    case 4:
      send_login_page (self, file);
      break;
    case 5:
      if (chance (30))
        drip (self, file);
      else
        talk_on_and_on (self, file);
      break;
    case 6:
      if (self->is_tls)
        {
          damage (self, file);
          break;
        }
      break_off (self, file);
      break;
    default:
      break_off (self, file);
    }
}

/* One download. */

/* It bears so many connections, and with more of them breaks off or says so. */
static void
limit_connections (Download *self)
{
  static const guint statuses[] = { 0, 429, 503 };

  self->one.limit = self->two.limit = g_test_rand_int_range (1, 4);
  self->one.limit_status = self->two.limit_status =
    statuses[g_test_rand_int_range (0, G_N_ELEMENTS (statuses))];
  /* One that was broken off may be there still when the next comes. */
  expect (self, BOBBIN_ERROR_HTTP_STATUS);
  expect (self, BOBBIN_ERROR_DISCONNECTED);
}

static char *
download_make_hop (Download *self, guint n)
{
  return n == 0 ? g_strdup (self->path) : g_strdup_printf ("/hop-%u-%u.bin", n, self->number);
}

/* Gives the address that it is asked for at: so many redirects lead from there to it, or round. */
static char *
download_lead (Download *self)
{
  const guint n_hops = self->is_circle ? 3 : chance (30) ? g_test_rand_int_range (1, 5) : 0;
  g_autofree char *first = download_make_hop (self, n_hops);

  for (guint n = n_hops; n > 0; n--)
    {
      g_autofree char *from = download_make_hop (self, n);
      g_autofree char *to = download_make_hop (self, self->is_circle && n == 1 ? n_hops : n - 1);

      bobbin_test_server_set_redirect (self->server, from, to);
    }

  return bobbin_test_server_get_uri (self->server, first);
}

static void
download_serve (Download *self, BobbinTestServer *server)
{
  bobbin_test_server_set (server, self->path, &self->one);
  for (guint request = 0; request < N_WRONG; request++)
    {
      BobbinTestFile file = self->has_two && chance (40) ? self->two : self->one;

      if (chance (60))
        do_wrong (self, &file);
      bobbin_test_server_set_for (server, self->path, request, 1, &file);
    }
  /* One of the two is what there is from now on. */
  if (self->has_two && chance (50))
    bobbin_test_server_set_for (server, self->path, N_WRONG, 0, &self->two);
}

static void
download_begin (Download *self, Mix *mix)
{
  g_autofree char *address = NULL;

  *self = (Download){ .number = mix->n_started++ };
  self->path = g_strdup_printf ("/mix-%u.bin", self->number);
  self->one.seed = 2 * self->number + 1000;
  self->two.seed = self->one.seed + 1;
  self->one.length = random_length ();
  self->two.length = chance (50) ? self->one.length : random_length ();
  self->has_two = chance (40);
  set_validators (&self->one, &self->two);
  /* So that more connections are worth it. */
  if (self->one.length > MIB && chance (40))
    self->one.rate = self->two.rate = self->one.length / 3;
  if (chance (15))
    limit_connections (self);
  self->is_tls = chance (20);
  /* Both sides shake hands in GTask's pool here, which may be full of those who wait. */
  if (self->is_tls)
    expect (self, BOBBIN_ERROR_TIMED_OUT);
  self->is_circle = chance (3);
  self->server = self->is_tls ? mix->tls : mix->f->server;
  download_serve (self, self->server);

  address = download_lead (self);
  self->job = fixture_add_address (mix->f, address);
  g_object_set (self->job, "connections", g_test_rand_int_range (1, 9), "timeout", 4, "ca-file",
                bobbin_test_server_ca_file (), NULL);
  self->n_starts = 1;
  job_start (self->job);
}

/* Which of the two versions it is, and is to the last byte. */
static gboolean
download_is_version (Download *self, const BobbinTestFile *file, const char *contents, gsize length)
{
  g_autoptr (GBytes) expected = NULL;

  if ((gint64) length != file->length)
    return FALSE;
  expected = bobbin_test_content_bytes (file->seed, file->length);

  return length == 0 || memcmp (g_bytes_get_data (expected, NULL), contents, length) == 0;
}

static void
download_show (Download *self)
{
  GListModel *log = G_LIST_MODEL (bobbin_job_get_event_log (self->job));
  g_autofree char *asked = bobbin_test_server_describe (self->server, self->path);

  g_test_message ("%s, of %" G_GINT64_FORMAT " or %" G_GINT64_FORMAT " bytes, asked for: %s",
                  self->path, self->one.length, self->two.length, asked);
  for (guint i = 0; i < g_list_model_get_n_items (log); i++)
    {
      g_autoptr (BobbinEvent) event = g_list_model_get_item (log, i);

      g_test_message ("  %s", bobbin_event_get_text (event));
    }
}

static void
download_end (Download *self, Mix *mix)
{
  mix->n_done++;
  fixture_remove (mix->f, self->job);
  g_clear_pointer (&self->path, g_free);
}

static void
download_finish (Download *self, Mix *mix)
{
  const char *file = bobbin_download_get_file (BOBBIN_DOWNLOAD (self->job));
  g_autofree char *contents = NULL;
  gsize length = 0;
  gboolean is_one, is_two;

  g_assert_true (g_file_get_contents (file, &contents, &length, NULL));
  is_one = download_is_version (self, &self->one, contents, length);
  is_two = !is_one && self->has_two && download_is_version (self, &self->two, contents, length);
  if (!is_one && !is_two)
    {
      download_show (self);
      g_error ("%s is not what the server has, but %" G_GSIZE_FORMAT " bytes of something", file,
               length);
    }
  mix->n_second += is_two;
  g_assert_cmpint (g_unlink (file), ==, 0);
  download_end (self, mix);
}

/* For a reason there was; then once more. */
static void
download_fail (Download *self, Mix *mix)
{
  const GError *error = bobbin_job_get_error (self->job);
  const gboolean is_right =
    error != NULL && error->domain == BOBBIN_ERROR && (self->reasons & (1u << error->code)) != 0;

  if (!is_right || self->n_starts >= MAX_STARTS)
    {
      download_show (self);
      g_error ("%s has failed %u times, and now for: %s (%d)", self->path, self->n_starts,
               error->message, error->code);
    }
  mix->n_failures++;
  self->n_starts++;
  job_start (self->job);
}

/* There is no way to the file. */
static void
download_give_up (Download *self, Mix *mix)
{
  job_assert_failed (self->job, BOBBIN_ERROR_REDIRECT);
  mix->n_circles++;
  download_end (self, mix);
}

/* FALSE: it goes on. */
static gboolean
download_look (Download *self, Mix *mix)
{
  if (bobbin_job_is_active (self->job))
    return FALSE;

  if (self->is_circle)
    download_give_up (self, mix);
  else if (bobbin_job_get_state (self->job) != BOBBIN_JOB_DONE)
    download_fail (self, mix);
  else
    download_finish (self, mix);

  return TRUE;
}

/* FALSE: nothing has happened to any of them. */
static gboolean
mix_look (Mix *self)
{
  gboolean happened = FALSE;

  for (guint i = 0; i < N_AT_ONCE; i++)
    if (self->downloads[i].path != NULL)
      {
        happened |= download_look (&self->downloads[i], self);
      }
    else if (self->n_started < (guint) N_DOWNLOADS)
      {
        download_begin (&self->downloads[i], self);
        happened = TRUE;
      }

  return happened;
}

static void
test_mix (Fixture *f, gconstpointer data)
{
  Mix mix = { .f = f, .tls = bobbin_test_server_new (BOBBIN_TEST_TLS) };

  bobbin_job_queue_set_max_transfers (f->queue, N_AT_ONCE);
  while (mix.n_done < (guint) N_DOWNLOADS)
    BOBBIN_TEST_WAIT_UNTIL (mix_look (&mix));

  g_test_message (
    "%u downloads, %u of them of the second version, %u in circles, after %u failures", mix.n_done,
    mix.n_second, mix.n_circles, mix.n_failures);
  g_assert_cmpuint (mix.n_failures, >, mix.n_done / 10);
  fixture_assert_listing (f, NULL);
  fixture_shut_down (f);
  bobbin_test_server_free (mix.tls);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  fixture_test ("/mix", BOBBIN_TEST_PLAIN, test_mix);

  return g_test_run ();
}
