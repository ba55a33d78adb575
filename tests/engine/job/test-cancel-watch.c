/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-cancel-watch: that a worker hears a cancel in its own context, whenever it comes, and
 * gives back what it took.
 */

#include "config.h"

#include "bobbin-cancel-watch.h"

#include <poll.h>

typedef struct
{
  GMainContext *context;     /* (owned) */
  GCancellable *cancellable; /* (owned) */
  GSource *watch;            /* (owned) */
  guint n_calls;
} Fixture;

static gboolean
on_cancelled (gpointer user_data)
{
  Fixture *self = user_data;

  self->n_calls++;

  return G_SOURCE_CONTINUE;
}

static void
drain (Fixture *self)
{
  while (g_main_context_iteration (self->context, FALSE))
    continue;
}

static void
watch (Fixture *self)
{
  self->watch = bobbin_cancel_watch_new (self->cancellable);
  g_source_set_callback (self->watch, on_cancelled, self, NULL);
  g_source_attach (self->watch, self->context);
}

static void
set_up (Fixture *self, gconstpointer user_data)
{
  self->context = g_main_context_new ();
  self->cancellable = g_cancellable_new ();
}

/* Nothing holds the cancellable, and its descriptor is closed. */
static void
tear_down (Fixture *self, gconstpointer user_data)
{
  struct pollfd poll_fd = { .fd = g_cancellable_get_fd (self->cancellable), .events = POLLOUT };

  g_source_destroy (self->watch);
  g_source_unref (self->watch);
  g_main_context_unref (self->context);
  g_cancellable_release_fd (self->cancellable);

  g_assert_cmpint (poll (&poll_fd, 1, 0), ==, 1);
  g_assert_cmpint (poll_fd.revents, ==, POLLNVAL);
  g_assert_cmpint (G_OBJECT (self->cancellable)->ref_count, ==, 1);
  g_object_unref (self->cancellable);
}

static void
test_never (Fixture *self, gconstpointer user_data)
{
  watch (self);
  drain (self);
  g_assert_cmpuint (self->n_calls, ==, 0);
  g_assert_false (g_source_is_destroyed (self->watch));
}

static void
test_before (Fixture *self, gconstpointer user_data)
{
  g_cancellable_cancel (self->cancellable);
  watch (self);
  g_assert_cmpuint (self->n_calls, ==, 0);
  drain (self);
  g_assert_cmpuint (self->n_calls, ==, 1);
}

/* Once, even though the descriptor stays readable and the callback wants more. */
static void
test_meanwhile (Fixture *self, gconstpointer user_data)
{
  watch (self);
  drain (self);
  g_cancellable_cancel (self->cancellable);
  drain (self);
  g_assert_cmpuint (self->n_calls, ==, 1);
  g_assert_true (g_source_is_destroyed (self->watch));
}

static void
test_no_callback (Fixture *self, gconstpointer user_data)
{
  self->watch = bobbin_cancel_watch_new (self->cancellable);
  g_source_attach (self->watch, self->context);
  g_cancellable_cancel (self->cancellable);
  drain (self);
  g_assert_true (g_source_is_destroyed (self->watch));
}

static void
test_not_attached (Fixture *self, gconstpointer user_data)
{
  self->watch = bobbin_cancel_watch_new (self->cancellable);
}

static gboolean
on_other (gpointer user_data)
{
  Fixture *self = user_data;

  g_assert_cmpuint (self->n_calls, ==, 1);

  return G_SOURCE_REMOVE;
}

/* A busy context hears it first. */
static void
test_first (Fixture *self, gconstpointer user_data)
{
  g_autoptr (GSource) other = g_timeout_source_new (0);

  g_source_set_callback (other, on_other, self, NULL);
  g_source_attach (other, self->context);
  watch (self);
  g_cancellable_cancel (self->cancellable);
  drain (self);
  g_assert_cmpuint (self->n_calls, ==, 1);
  g_assert_true (g_source_is_destroyed (other));
}

static gpointer
worker (gpointer user_data)
{
  Fixture self = { .context = g_main_context_new (), .cancellable = user_data };

  watch (&self);
  while (self.n_calls == 0)
    g_main_context_iteration (self.context, TRUE);
  g_source_destroy (self.watch);
  g_source_unref (self.watch);
  g_main_context_unref (self.context);

  return NULL;
}

/* The cancel meets the worker wherever it is; that it ends, once heard, and nothing else is broken
 * is for the sanitizers to say. */
static void
test_race (void)
{
  for (guint i = 0; i < 500; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      GThread *thread = g_thread_new ("worker", worker, cancellable);

      for (guint j = 0; j < i % 50; j++)
        g_thread_yield ();
      g_cancellable_cancel (cancellable);
      g_thread_join (thread);
      g_assert_cmpint (G_OBJECT (cancellable)->ref_count, ==, 1);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add ("/cancel-watch/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("never", test_never);
  ADD ("before", test_before);
  ADD ("meanwhile", test_meanwhile);
  ADD ("no-callback", test_no_callback);
  ADD ("not-attached", test_not_attached);
  ADD ("first", test_first);
#undef ADD
  g_test_add_func ("/cancel-watch/race", test_race);

  return g_test_run ();
}
