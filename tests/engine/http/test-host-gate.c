/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-host-gate: that there are never more than so many, that the first in line is the first to
 * get in, and that no place is lost however somebody leaves.
 */

#include "config.h"

#include "bobbin-host-gate.h"

#define HOST  "http://example.org:80"
#define OTHER "https://example.org:443"

typedef struct
{
  BobbinHostGate *gate;  /* (owned) */
  GMainContext *context; /* (owned) */
  GString *order;        /* (owned) who got in */
} Fixture;

static void
set_up (Fixture *self, gconstpointer user_data)
{
  self->gate = bobbin_host_gate_new (2);
  self->context = g_main_context_new ();
  self->order = g_string_new (NULL);
}

/* Its last reference asserts that nobody is in it. */
static void
tear_down (Fixture *self, gconstpointer user_data)
{
  g_assert_cmpuint (bobbin_host_gate_get_n_in (self->gate, HOST), ==, 0);
  g_assert_cmpuint (bobbin_host_gate_get_n_in (self->gate, OTHER), ==, 0);
  bobbin_host_gate_unref (self->gate);
  g_main_context_unref (self->context);
  g_string_free (self->order, TRUE);
}

static void
drain (Fixture *self)
{
  while (g_main_context_iteration (self->context, FALSE))
    continue;
}

static void
leave (Fixture *self, const char *host, guint n)
{
  for (guint i = 0; i < n; i++)
    bobbin_host_gate_leave (self->gate, host);
}

typedef struct
{
  Fixture *fixture;
  char name;
} Visitor;

static gboolean
on_entered (gpointer user_data)
{
  Visitor *visitor = user_data;

  g_string_append_c (visitor->fixture->order, visitor->name);

  return G_SOURCE_CONTINUE;
}

static GSource *
wait_as (Fixture *self, char name)
{
  GSource *source = bobbin_host_gate_wait_new (self->gate, HOST, self->context);
  Visitor *visitor = g_new0 (Visitor, 1);

  visitor->fixture = self;
  visitor->name = name;
  g_source_set_callback (source, on_entered, visitor, g_free);
  g_source_attach (source, self->context);

  return source;
}

static void
stop_waiting (GSource *source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

static void
test_try (Fixture *self, gconstpointer user_data)
{
  g_assert_true (bobbin_host_gate_try_enter (self->gate, HOST));
  g_assert_true (bobbin_host_gate_try_enter (self->gate, HOST));
  g_assert_false (bobbin_host_gate_try_enter (self->gate, HOST));
  g_assert_true (bobbin_host_gate_try_enter (self->gate, OTHER));
  g_assert_cmpuint (bobbin_host_gate_get_n_in (self->gate, HOST), ==, 2);
  leave (self, HOST, 1);
  g_assert_true (bobbin_host_gate_try_enter (self->gate, HOST));
  leave (self, HOST, 2);
  leave (self, OTHER, 1);
}

/* Where there is room, a source is ready at once; once is all. */
static void
test_room (Fixture *self, gconstpointer user_data)
{
  GSource *wait = wait_as (self, 'a');

  g_assert_false (bobbin_host_gate_is_wanted (self->gate, HOST));
  drain (self);
  g_assert_cmpstr (self->order->str, ==, "a");
  g_assert_true (g_source_is_destroyed (wait));
  stop_waiting (wait);
  g_assert_cmpuint (bobbin_host_gate_get_n_in (self->gate, HOST), ==, 1);
  leave (self, HOST, 1);
}

static void
test_order (Fixture *self, gconstpointer user_data)
{
  GSource *waits[6];

  for (guint i = 0; i < 6; i++)
    waits[i] = wait_as (self, 'a' + i);
  drain (self);
  g_assert_cmpstr (self->order->str, ==, "ab");
  leave (self, HOST, 1);
  drain (self);
  g_assert_cmpstr (self->order->str, ==, "abc");
  stop_waiting (waits[3]);
  leave (self, HOST, 1);
  drain (self);
  g_assert_cmpstr (self->order->str, ==, "abce");
  leave (self, HOST, 1);
  drain (self);
  g_assert_cmpstr (self->order->str, ==, "abcef");
  leave (self, HOST, 2);
  for (guint i = 0; i < 6; i++)
    if (i != 3)
      stop_waiting (waits[i]);
}

/* Nobody gets past those in line, not even between the giving of a place and its taking. */
static void
test_try_behind (Fixture *self, gconstpointer user_data)
{
  GSource *wait;

  g_assert_true (bobbin_host_gate_try_enter (self->gate, HOST));
  g_assert_true (bobbin_host_gate_try_enter (self->gate, HOST));
  wait = wait_as (self, 'a');
  g_assert_true (bobbin_host_gate_is_wanted (self->gate, HOST));
  g_assert_false (bobbin_host_gate_is_wanted (self->gate, OTHER));
  leave (self, HOST, 1);
  g_assert_false (bobbin_host_gate_is_wanted (self->gate, HOST));
  g_assert_false (bobbin_host_gate_try_enter (self->gate, HOST));
  drain (self);
  g_assert_cmpstr (self->order->str, ==, "a");
  stop_waiting (wait);
  leave (self, HOST, 2);
}

/* Nobody else is asked to come in while those there are too many already. */
static void
test_limit (Fixture *self, gconstpointer user_data)
{
  GSource *waits[4];

  for (guint i = 0; i < 4; i++)
    waits[i] = wait_as (self, 'a' + i);
  bobbin_host_gate_set_limit (self->gate, 3);
  drain (self);
  g_assert_cmpstr (self->order->str, ==, "abc");
  bobbin_host_gate_set_limit (self->gate, 1);
  g_assert_cmpuint (bobbin_host_gate_get_limit (self->gate), ==, 1);
  leave (self, HOST, 2);
  drain (self);
  g_assert_cmpstr (self->order->str, ==, "abc");
  leave (self, HOST, 1);
  drain (self);
  g_assert_cmpstr (self->order->str, ==, "abcd");
  leave (self, HOST, 1);
  for (guint i = 0; i < 4; i++)
    stop_waiting (waits[i]);
}

static void
test_no_limit (Fixture *self, gconstpointer user_data)
{
  GSource *waits[3];

  for (guint i = 0; i < 3; i++)
    waits[i] = wait_as (self, 'a' + i);
  bobbin_host_gate_set_limit (self->gate, 0);
  drain (self);
  g_assert_cmpstr (self->order->str, ==, "abc");
  for (guint i = 0; i < 100; i++)
    g_assert_true (bobbin_host_gate_try_enter (self->gate, HOST));
  leave (self, HOST, 103);
  for (guint i = 0; i < 3; i++)
    stop_waiting (waits[i]);
}

/* A place that was given and not taken goes to the next in line. */
static void
test_given_and_stopped (Fixture *self, gconstpointer user_data)
{
  GSource *first, *second;

  bobbin_host_gate_set_limit (self->gate, 1);
  first = wait_as (self, 'a');
  second = wait_as (self, 'b');
  stop_waiting (first);
  drain (self);
  g_assert_cmpstr (self->order->str, ==, "b");
  stop_waiting (second);
  leave (self, HOST, 1);
}

static void
test_not_attached (Fixture *self, gconstpointer user_data)
{
  g_source_unref (bobbin_host_gate_wait_new (self->gate, HOST, self->context));
}

static void
test_no_callback (Fixture *self, gconstpointer user_data)
{
  GSource *wait = bobbin_host_gate_wait_new (self->gate, HOST, self->context);

  g_source_attach (wait, self->context);
  drain (self);
  g_assert_true (g_source_is_destroyed (wait));
  g_source_unref (wait);
}

/* What a server bears. */

static void
test_refuse_alone (Fixture *self, gconstpointer user_data)
{
  g_assert_true (bobbin_host_gate_try_enter (self->gate, HOST));
  g_assert_true (bobbin_host_gate_try_enter (self->gate, HOST));
  g_assert_false (bobbin_host_gate_refuse (self->gate, HOST));
  leave (self, HOST, 1);
  g_assert_true (bobbin_host_gate_try_enter (self->gate, HOST));
  leave (self, HOST, 2);
}

/* One is served, one more refused. */
static void
begin_refused (Fixture *self)
{
  g_assert_true (bobbin_host_gate_try_enter (self->gate, HOST));
  bobbin_host_gate_begin (self->gate, HOST);
  g_assert_true (bobbin_host_gate_try_enter (self->gate, HOST));
  g_assert_true (bobbin_host_gate_refuse (self->gate, HOST));
  leave (self, HOST, 1);
}

static void
end_refused (Fixture *self)
{
  bobbin_host_gate_end (self->gate, HOST);
  leave (self, HOST, 1);
}

/* No more than one is let in, and no other host is meant. */
static void
test_refuse (Fixture *self, gconstpointer user_data)
{
  GSource *wait;

  begin_refused (self);
  g_assert_false (bobbin_host_gate_try_enter (self->gate, HOST));
  g_assert_true (bobbin_host_gate_try_enter (self->gate, OTHER));
  g_assert_true (bobbin_host_gate_try_enter (self->gate, OTHER));
  leave (self, OTHER, 2);
  wait = wait_as (self, 'a');
  drain (self);
  g_assert_cmpstr (self->order->str, ==, "");
  g_assert_true (bobbin_host_gate_is_wanted (self->gate, HOST));

  /* nor when there is nobody in */
  end_refused (self);
  drain (self);
  g_assert_cmpstr (self->order->str, ==, "a");
  g_assert_false (bobbin_host_gate_try_enter (self->gate, HOST));
  leave (self, HOST, 1);
  stop_waiting (wait);
  g_assert_true (bobbin_host_gate_try_enter (self->gate, HOST));
  g_assert_false (bobbin_host_gate_try_enter (self->gate, HOST));
  leave (self, HOST, 1);
}

/* It served two at once just now: that is not why one is refused beside one. */
static void
test_refuse_other (Fixture *self, gconstpointer user_data)
{
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (bobbin_host_gate_try_enter (self->gate, HOST));
      bobbin_host_gate_begin (self->gate, HOST);
    }
  bobbin_host_gate_end (self->gate, HOST);
  g_assert_false (bobbin_host_gate_refuse (self->gate, HOST));
  bobbin_host_gate_begin (self->gate, HOST);
  g_assert_true (bobbin_host_gate_refuse (self->gate, HOST));
  bobbin_host_gate_end (self->gate, HOST);
  bobbin_host_gate_end (self->gate, HOST);
  leave (self, HOST, 2);
}

/* It serves more after all. */
static void
test_refuse_mistaken (Fixture *self, gconstpointer user_data)
{
  g_assert_true (bobbin_host_gate_try_enter (self->gate, HOST));
  g_assert_true (bobbin_host_gate_try_enter (self->gate, HOST));
  bobbin_host_gate_begin (self->gate, HOST);
  g_assert_true (bobbin_host_gate_refuse (self->gate, HOST));
  bobbin_host_gate_begin (self->gate, HOST);
  bobbin_host_gate_end (self->gate, HOST);
  leave (self, HOST, 1);
  g_assert_true (bobbin_host_gate_try_enter (self->gate, HOST));
  leave (self, HOST, 1);
  end_refused (self);
}

/* It is not believed for ever, and nobody has to leave for that. */
static void
test_refuse_believed (Fixture *self, gconstpointer user_data)
{
  const gint64 time = bobbin_host_gate_belief_time;
  GSource *wait;

  bobbin_host_gate_belief_time = 50 * G_TIME_SPAN_MILLISECOND;
  begin_refused (self);
  wait = wait_as (self, 'a');
  while (self->order->len == 0)
    g_main_context_iteration (self->context, TRUE);
  stop_waiting (wait);
  leave (self, HOST, 1);
  end_refused (self);
  bobbin_host_gate_belief_time = time;
}

/* A person who sets a limit wants to know anew. */
static void
test_refuse_forgotten (Fixture *self, gconstpointer user_data)
{
  begin_refused (self);
  bobbin_host_gate_set_limit (self->gate, 2);
  g_assert_true (bobbin_host_gate_try_enter (self->gate, HOST));
  leave (self, HOST, 1);
  end_refused (self);
}

static void
test_host (void)
{
  const struct
  {
    const char *url;
    const char *host;
  } cases[] = {
    { "http://example.org/a?b#c", "http://example.org:80" },
    { "HTTPS://user:word@Example.ORG/", "https://example.org:443" },
    { "http://example.org:8080", "http://example.org:8080" },
    { "http://[::1]:81/", "http://[::1]:81" },
    { "https://[2001:DB8::1]", "https://[2001:db8::1]:443" },
    { "file:///etc/hosts", NULL },
    { "example.org", NULL },
    { "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *host = bobbin_host_gate_dup_host (cases[i].url);

      g_assert_cmpstr (host, ==, cases[i].host);
    }
}

static void
test_default (void)
{
  BobbinHostGate *gate = bobbin_host_gate_get_default ();

  g_assert_true (bobbin_host_gate_get_default () == gate);
  g_assert_cmpuint (bobbin_host_gate_get_limit (gate), ==, BOBBIN_HOST_GATE_LIMIT);
}

#define N_THREADS 12
#define N_ROUNDS  400
#define LIMIT     3

typedef struct
{
  BobbinHostGate *gate;
  gint n_in;      /* (atomic) as those who are in count themselves */
  gint n_entered; /* (atomic) */
} Stress;

static gboolean
on_flag (gpointer user_data)
{
  gboolean *entered = user_data;

  *entered = TRUE;

  return G_SOURCE_REMOVE;
}

static void
visit (Stress *self)
{
  g_assert_cmpint (g_atomic_int_add (&self->n_in, 1), <, LIMIT);
  g_atomic_int_inc (&self->n_entered);
  g_thread_yield ();
  g_atomic_int_add (&self->n_in, -1);
  bobbin_host_gate_leave (self->gate, HOST);
}

/* Waits to the end, or looks so often and leaves, wherever the place is by then. */
static void
wait_in_thread (Stress *self, GMainContext *context, guint patience)
{
  GSource *source = bobbin_host_gate_wait_new (self->gate, HOST, context);
  gboolean entered = FALSE;

  g_source_set_callback (source, on_flag, &entered, NULL);
  g_source_attach (source, context);
  if (patience == 0)
    while (!entered)
      g_main_context_iteration (context, TRUE);
  for (guint i = 1; i < patience && !entered; i++)
    if (!g_main_context_iteration (context, FALSE))
      g_thread_yield ();
  stop_waiting (source);
  if (entered)
    visit (self);
}

static gpointer
stress_in_thread (gpointer user_data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());
  Stress *self = user_data;

  for (guint i = 0; i < N_ROUNDS; i++)
    switch (g_rand_int_range (rand, 0, 3))
      {
      case 0:
        if (bobbin_host_gate_try_enter (self->gate, HOST))
          visit (self);
        break;
      case 1:
        wait_in_thread (self, context, 0);
        break;
      default:
        wait_in_thread (self, context, g_rand_int_range (rand, 1, 20));
        break;
      }

  return NULL;
}

/* Never more than there may be; and no place is lost: those who wait to the end all get one. */
static void
test_stress (void)
{
  Stress stress = { .gate = bobbin_host_gate_new (LIMIT) };
  GThread *threads[N_THREADS];

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("visitor", stress_in_thread, &stress);
  for (guint i = 0; i < 1000; i++)
    bobbin_host_gate_set_limit (stress.gate, 1 + i % LIMIT);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);

  g_assert_cmpint (stress.n_entered, >, 0);
  g_assert_cmpuint (bobbin_host_gate_get_n_in (stress.gate, HOST), ==, 0);
  bobbin_host_gate_unref (stress.gate);
}

static gpointer
leave_in_thread (gpointer user_data)
{
  bobbin_host_gate_leave (user_data, HOST);

  return NULL;
}

/* The only place is given while the only one in line leaves: it must be free afterwards. */
static void
test_race (void)
{
  g_autoptr (BobbinHostGate) gate = bobbin_host_gate_new (1);
  g_autoptr (GMainContext) context = g_main_context_new ();

  for (guint i = 0; i < 1000; i++)
    {
      gboolean entered = FALSE;
      GSource *source;
      GThread *thread;

      g_assert_true (bobbin_host_gate_try_enter (gate, HOST));
      source = bobbin_host_gate_wait_new (gate, HOST, context);
      g_source_set_callback (source, on_flag, &entered, NULL);
      thread = g_thread_new ("leaver", leave_in_thread, gate);
      g_source_attach (source, context);
      for (guint j = 0; j < i % 20; j++)
        g_main_context_iteration (context, FALSE);
      stop_waiting (source);
      g_thread_join (thread);
      if (entered)
        bobbin_host_gate_leave (gate, HOST);
      g_assert_cmpuint (bobbin_host_gate_get_n_in (gate, HOST), ==, 0);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add ("/host-gate/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("try", test_try);
  ADD ("room", test_room);
  ADD ("order", test_order);
  ADD ("try-behind", test_try_behind);
  ADD ("limit", test_limit);
  ADD ("no-limit", test_no_limit);
  ADD ("given-and-stopped", test_given_and_stopped);
  ADD ("not-attached", test_not_attached);
  ADD ("no-callback", test_no_callback);
  ADD ("refuse/alone", test_refuse_alone);
  ADD ("refuse/others", test_refuse);
  ADD ("refuse/other", test_refuse_other);
  ADD ("refuse/mistaken", test_refuse_mistaken);
  ADD ("refuse/believed", test_refuse_believed);
  ADD ("refuse/forgotten", test_refuse_forgotten);
#undef ADD
  g_test_add_func ("/host-gate/host", test_host);
  g_test_add_func ("/host-gate/default", test_default);
  g_test_add_func ("/host-gate/stress", test_stress);
  g_test_add_func ("/host-gate/race", test_race);

  return g_test_run ();
}
