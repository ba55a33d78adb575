/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "bobbin-test-job.h"

typedef struct
{
  guint n_reports;
  gint64 bytes;
  guint n_events;
  char *last; /* (owned) */
} Seen;

static void
on_report (const BobbinReport *report, gpointer user_data)
{
  Seen *seen = user_data;

  g_assert_true (g_main_context_is_owner (g_main_context_default ()) || seen->n_reports > 0 ||
                 report->bytes > 0);
  seen->n_reports++;
  g_assert_cmpint (report->bytes, >=, seen->bytes);
  seen->bytes = report->bytes;
}

static void
on_event (BobbinEventKind kind, gint64 time, const char *code, const char *text, gpointer user_data)
{
  Seen *seen = user_data;

  seen->n_events++;
  g_free (seen->last);
  seen->last = g_strdup (text);
}

static void
post (BobbinMailboxSlot *slot, gint64 bytes)
{
  BobbinReport report = BOBBIN_REPORT_INIT;

  report.bytes = bytes;
  bobbin_mailbox_slot_post (slot, &report);
}

static void
test_latest (void)
{
  g_autoptr (BobbinMailbox) mailbox = bobbin_mailbox_new ();
  Seen seen = { 0 };
  g_autoptr (BobbinMailboxSlot) slot = bobbin_mailbox_open (mailbox, on_report, on_event, &seen);

  for (gint64 i = 1; i <= 1000; i++)
    post (slot, i);
  test_wait (seen.n_reports > 0);
  g_assert_cmpuint (seen.n_reports, ==, 1);
  g_assert_cmpint (seen.bytes, ==, 1000);
  g_assert_cmpuint (bobbin_mailbox_get_n_drains (mailbox), ==, 1);
  g_assert_false (g_main_context_pending (NULL));

  bobbin_mailbox_slot_close (slot);
}

/* Between two looks lies at least the interval, however busy the workers are. */
static void
test_interval (void)
{
  g_autoptr (BobbinMailbox) mailbox = bobbin_mailbox_new ();
  Seen seen = { 0 };
  g_autoptr (BobbinMailboxSlot) slot = bobbin_mailbox_open (mailbox, on_report, on_event, &seen);
  gint64 first;

  post (slot, 1);
  test_wait (seen.n_reports == 1);
  first = g_get_monotonic_time ();
  for (gint64 i = 2; seen.n_reports < 4; i++)
    {
      post (slot, i);
      g_main_context_iteration (NULL, FALSE);
    }
  /* three more drains: less than three intervals is impossible, more is the machine's business */
  g_assert_cmpint (g_get_monotonic_time () - first, >=, 3 * BOBBIN_MAILBOX_INTERVAL - 5000);

  bobbin_mailbox_slot_close (slot);
}

/* While nobody looks, more bytes may wait; anything else that is told brings them along. */
static void
test_patience (void)
{
  g_autoptr (BobbinMailbox) mailbox = bobbin_mailbox_new ();
  Seen seen = { 0 };
  g_autoptr (BobbinMailboxSlot) slot = bobbin_mailbox_open (mailbox, on_report, on_event, &seen);
  BobbinReport report = BOBBIN_REPORT_INIT;

  bobbin_mailbox_set_patience (mailbox, G_TIME_SPAN_HOUR);
  post (slot, 1);
  test_wait (seen.bytes == 1);
  post (slot, 2);
  post (slot, 3);
  g_assert_false (g_main_context_pending (NULL));
  bobbin_mailbox_slot_log (slot, BOBBIN_EVENT_NOTE, "news");
  test_wait (seen.n_events == 1);
  g_assert_cmpint (seen.bytes, ==, 3);

  post (slot, 4);
  report.bytes = 5;
  report.phase = 1;
  bobbin_mailbox_slot_post (slot, &report);
  test_wait (seen.bytes == 5);

  report.bytes = 6;
  bobbin_mailbox_slot_post (slot, &report);
  bobbin_mailbox_set_patience (mailbox, BOBBIN_MAILBOX_INTERVAL);
  test_wait (seen.bytes == 6);

  bobbin_mailbox_slot_close (slot);
  g_free (seen.last);
}

/* All dirty slots are served by one pending source. */
static void
test_many_slots (void)
{
  g_autoptr (BobbinMailbox) mailbox = bobbin_mailbox_new ();
  Seen seen[100] = { 0 };
  BobbinMailboxSlot *slots[100];

  for (guint i = 0; i < G_N_ELEMENTS (slots); i++)
    {
      slots[i] = bobbin_mailbox_open (mailbox, on_report, on_event, &seen[i]);
      post (slots[i], i + 1);
    }
  test_wait (seen[99].n_reports == 1);
  g_assert_cmpuint (bobbin_mailbox_get_n_drains (mailbox), ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (slots); i++)
    {
      g_assert_cmpint (seen[i].bytes, ==, i + 1);
      bobbin_mailbox_slot_close (slots[i]);
      bobbin_mailbox_slot_unref (slots[i]);
    }
}

static void
test_events (void)
{
  g_autoptr (BobbinMailbox) mailbox = bobbin_mailbox_new ();
  Seen seen = { 0 };
  g_autoptr (BobbinMailboxSlot) slot = bobbin_mailbox_open (mailbox, on_report, on_event, &seen);

  for (guint i = 0; i < BOBBIN_EVENT_LOG_MAX + 10; i++)
    bobbin_mailbox_slot_log (slot, BOBBIN_EVENT_NOTE, "line %u", i);
  test_wait (seen.n_events > 0);
  /* none is delivered twice, the newest are kept, in their order */
  g_assert_cmpuint (seen.n_events, ==, BOBBIN_EVENT_LOG_MAX);
  g_assert_cmpstr (seen.last, ==, "line 509");

  bobbin_mailbox_slot_close (slot);
  g_free (seen.last);
}

static void
test_close (void)
{
  g_autoptr (BobbinMailbox) mailbox = bobbin_mailbox_new ();
  Seen seen = { 0 };
  g_autoptr (BobbinMailboxSlot) slot = bobbin_mailbox_open (mailbox, on_report, on_event, &seen);

  post (slot, 7);
  bobbin_mailbox_slot_close (slot);
  /* the last sample comes before the end */
  g_assert_cmpint (seen.bytes, ==, 7);
  g_assert_cmpuint (seen.n_reports, ==, 1);

  /* and nothing after it */
  post (slot, 8);
  bobbin_mailbox_slot_log (slot, BOBBIN_EVENT_NOTE, "late");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (seen.n_reports, ==, 1);
  g_assert_cmpuint (seen.n_events, ==, 0);
}

static gpointer
flood_thread (gpointer data)
{
  for (gint64 i = 1; i <= 250000; i++)
    post (data, i);

  return NULL;
}

/* A million posts from four threads, while the main loop counts how often it was asked. */
static void
test_flood (void)
{
  g_autoptr (BobbinMailbox) mailbox = bobbin_mailbox_new ();
  Seen seen[4] = { 0 };
  BobbinMailboxSlot *slots[4];
  GThread *threads[4];
  const gint64 begun = g_get_monotonic_time ();
  guint64 most;

  for (guint i = 0; i < 4; i++)
    {
      slots[i] = bobbin_mailbox_open (mailbox, on_report, on_event, &seen[i]);
      threads[i] = g_thread_new ("flood", flood_thread, slots[i]);
    }
  test_wait (seen[0].bytes == 250000 && seen[1].bytes == 250000 && seen[2].bytes == 250000 &&
             seen[3].bytes == 250000);

  /* the count follows from the time it took, not from the number of posts */
  most = 2 + (g_get_monotonic_time () - begun) / BOBBIN_MAILBOX_INTERVAL;
  g_assert_cmpuint (bobbin_mailbox_get_n_drains (mailbox), <=, most);
  for (guint i = 0; i < 4; i++)
    {
      g_thread_join (threads[i]);
      g_assert_cmpuint (seen[i].n_reports, <=, most);
      bobbin_mailbox_slot_close (slots[i]);
      bobbin_mailbox_slot_unref (slots[i]);
    }
}

/* A context that ends before it was drained keeps nothing. */
static void
test_context_ends (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Seen seen = { 0 };
  BobbinMailbox *mailbox;
  BobbinMailboxSlot *slot;

  g_main_context_push_thread_default (context);
  mailbox = bobbin_mailbox_new ();
  slot = bobbin_mailbox_open (mailbox, on_report, on_event, &seen);
  post (slot, 1);
  bobbin_mailbox_slot_unref (slot);
  bobbin_mailbox_unref (mailbox);
  g_main_context_pop_thread_default (context);
  /* the leak check of the sanitizers is the assertion */
  g_assert_cmpuint (seen.n_reports, ==, 0);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_assert_cmpuint (seen.n_reports, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_guard ();

  g_test_add_func ("/mailbox/latest-value", test_latest);
  g_test_add_func ("/mailbox/interval", test_interval);
  g_test_add_func ("/mailbox/patience", test_patience);
  g_test_add_func ("/mailbox/one-source-for-many-slots", test_many_slots);
  g_test_add_func ("/mailbox/events", test_events);
  g_test_add_func ("/mailbox/close-flushes-and-ignores-late-ticks", test_close);
  g_test_add_func ("/mailbox/flood", test_flood);
  g_test_add_func ("/mailbox/context-ends", test_context_ends);

  return g_test_run ();
}
