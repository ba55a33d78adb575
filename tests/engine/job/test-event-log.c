/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "bobbin-enums.h"
#include "bobbin-event-log.h"

static void
test_order (void)
{
  g_autoptr (BobbinEventLog) log = bobbin_event_log_new ();
  g_autoptr (BobbinEvent) first = NULL;
  g_autoptr (BobbinEvent) second = NULL;
  g_autofree char *text = NULL;
  BobbinEventKind kind;
  gint64 time;

  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (log)) == BOBBIN_TYPE_EVENT);
  bobbin_event_log_add (log, BOBBIN_EVENT_STARTED, 5, NULL, "one");
  bobbin_event_log_add (log, BOBBIN_EVENT_FAILED, 6, "REFUSED", "two");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (log)), ==, 2);
  first = g_list_model_get_item (G_LIST_MODEL (log), 0);
  g_object_get (first, "kind", &kind, "time", &time, "text", &text, NULL);
  g_assert_cmpint (kind, ==, BOBBIN_EVENT_STARTED);
  g_assert_cmpint (time, ==, 5);
  g_assert_cmpstr (text, ==, "one");
  g_assert_null (bobbin_event_get_code (first));
  second = g_list_model_get_item (G_LIST_MODEL (log), 1);
  g_assert_cmpstr (bobbin_event_get_code (second), ==, "REFUSED");
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (log), 2));
}

static void
on_changed (GListModel *model, guint position, guint removed, guint added, int *n_items)
{
  *n_items += (int) added - (int) removed;
  g_assert_cmpint (*n_items, ==, g_list_model_get_n_items (model));
}

static void
test_bound (void)
{
  g_autoptr (BobbinEventLog) log = bobbin_event_log_new ();
  g_autoptr (BobbinEvent) oldest = NULL;
  int n_items = 0;

  for (guint i = 0; i < BOBBIN_EVENT_LOG_MAX; i++)
    bobbin_event_log_add (log, BOBBIN_EVENT_NOTE, i, NULL, "x");
  n_items = BOBBIN_EVENT_LOG_MAX;
  bobbin_event_log_add (log, BOBBIN_EVENT_NOTE, BOBBIN_EVENT_LOG_MAX, NULL, "x");
  g_signal_connect (log, "items-changed", G_CALLBACK (on_changed), &n_items);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (log)), ==, BOBBIN_EVENT_LOG_MAX);
  oldest = g_list_model_get_item (G_LIST_MODEL (log), 0);
  g_assert_cmpint (bobbin_event_get_time (oldest), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/event-log/order", test_order);
  g_test_add_func ("/event-log/bound", test_bound);

  return g_test_run ();
}
