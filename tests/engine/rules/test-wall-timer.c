/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-wall-timer: it goes off when its moment has come, once, and not before.
 */

#include "config.h"

#include "bobbin-wall-timer-private.h"

static gboolean
count (gpointer user_data)
{
  ++*(guint *) user_data;

  return G_SOURCE_CONTINUE;
}

static GSource *
add (gint64 time, guint *n)
{
  GSource *source = bobbin_wall_timer_new (time);

  g_source_set_callback (source, count, n, NULL);
  g_source_attach (source, NULL);

  return source;
}

static void
test_due (void)
{
  const gint64 time = g_get_real_time () + 20 * G_TIME_SPAN_MILLISECOND;
  guint n = 0, n_past = 0, n_far = 0;
  g_autoptr (GSource) source = add (time, &n);
  g_autoptr (GSource) past = add (time - G_TIME_SPAN_HOUR, &n_past);
  g_autoptr (GSource) far = add (time + G_TIME_SPAN_HOUR, &n_far);

  while (n == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (g_get_real_time (), >=, time);
  g_assert_cmpuint (n_past, ==, 1);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (n_past, ==, 1);
  g_assert_cmpuint (n_far, ==, 0);
  g_assert_true (g_source_is_destroyed (source));
  g_source_destroy (far);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wall-timer/due", test_due);

  return g_test_run ();
}
