/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-network: that workers hear of a network that comes back, once, and of none that they no
 * longer wait for; and that it says what a monitor says, here one of the test's own.
 */

#include "config.h"

#include "bobbin-network.h"

/* A monitor that says what the test wants. */

#define TEST_TYPE_MONITOR (test_monitor_get_type ())
G_DECLARE_FINAL_TYPE (TestMonitor, test_monitor, TEST, MONITOR, GObject)

struct _TestMonitor
{
  GObject parent_instance;
  gboolean is_available;
};

enum
{
  PROP_AVAILABLE = 1,
  PROP_METERED,
  PROP_CONNECTIVITY,
};

static void
test_monitor_initable_init (GInitableIface *iface)
{
}

static void
test_monitor_iface_init (GNetworkMonitorInterface *iface)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestMonitor,
                               test_monitor,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_INITABLE, test_monitor_initable_init)
                                 G_IMPLEMENT_INTERFACE (G_TYPE_NETWORK_MONITOR,
                                                        test_monitor_iface_init))

static void
test_monitor_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  TestMonitor *self = TEST_MONITOR (object);

  if (id == PROP_AVAILABLE)
    g_value_set_boolean (value, self->is_available);
  else if (id == PROP_METERED)
    g_value_set_boolean (value, FALSE);
  else
    g_value_set_enum (value, G_NETWORK_CONNECTIVITY_FULL);
}

static void
test_monitor_class_init (TestMonitorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = test_monitor_get_property;
  g_object_class_override_property (object_class, PROP_AVAILABLE, "network-available");
  g_object_class_override_property (object_class, PROP_METERED, "network-metered");
  g_object_class_override_property (object_class, PROP_CONNECTIVITY, "connectivity");
}

static void
test_monitor_init (TestMonitor *self)
{
}

static void
monitor_say (TestMonitor *self, gboolean is_available)
{
  self->is_available = is_available;
  g_object_notify (G_OBJECT (self), "network-available");
}

typedef struct
{
  BobbinNetwork *network; /* (owned) */
  GMainContext *context;  /* (owned) */
  guint n_calls;
} Fixture;

static void
set_up (Fixture *self, gconstpointer user_data)
{
  self->network = bobbin_network_new ();
  self->context = g_main_context_new ();
}

static void
tear_down (Fixture *self, gconstpointer user_data)
{
  bobbin_network_unref (self->network);
  g_main_context_unref (self->context);
}

static void
drain (Fixture *self)
{
  while (g_main_context_iteration (self->context, FALSE))
    continue;
}

static gboolean
on_available (gpointer user_data)
{
  Fixture *self = user_data;

  self->n_calls++;

  return G_SOURCE_CONTINUE;
}

static GSource *
wait_for (Fixture *self)
{
  GSource *source = bobbin_network_wait_new (self->network, self->context);

  g_source_set_callback (source, on_available, self, NULL);
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
test_at_once (Fixture *self, gconstpointer user_data)
{
  GSource *wait = wait_for (self);

  g_assert_true (bobbin_network_is_available (self->network));
  drain (self);
  g_assert_cmpuint (self->n_calls, ==, 1);
  g_assert_true (g_source_is_destroyed (wait));
  g_source_unref (wait);
}

static void
test_later (Fixture *self, gconstpointer user_data)
{
  GSource *waits[3];

  bobbin_network_set_available (self->network, FALSE);
  g_assert_false (bobbin_network_is_available (self->network));
  for (guint i = 0; i < 3; i++)
    waits[i] = wait_for (self);
  drain (self);
  g_assert_cmpuint (self->n_calls, ==, 0);
  stop_waiting (waits[1]);
  bobbin_network_set_available (self->network, TRUE);
  bobbin_network_set_available (self->network, FALSE);
  bobbin_network_set_available (self->network, TRUE);
  drain (self);
  g_assert_cmpuint (self->n_calls, ==, 2);
  stop_waiting (waits[0]);
  stop_waiting (waits[2]);
}

static void
test_not_attached (Fixture *self, gconstpointer user_data)
{
  bobbin_network_set_available (self->network, FALSE);
  g_source_unref (bobbin_network_wait_new (self->network, self->context));
  bobbin_network_set_available (self->network, TRUE);
}

static void
test_follow (Fixture *self, gconstpointer user_data)
{
  g_autoptr (TestMonitor) monitor = g_object_new (TEST_TYPE_MONITOR, NULL);
  GSource *wait;

  bobbin_network_follow (self->network, G_NETWORK_MONITOR (monitor));
  g_assert_false (bobbin_network_is_available (self->network));
  wait = wait_for (self);
  monitor_say (monitor, FALSE);
  drain (self);
  g_assert_cmpuint (self->n_calls, ==, 0);
  monitor_say (monitor, TRUE);
  drain (self);
  g_assert_cmpuint (self->n_calls, ==, 1);
  stop_waiting (wait);
  monitor_say (monitor, FALSE);
  g_assert_false (bobbin_network_is_available (self->network));

  bobbin_network_follow (self->network, NULL);
  g_assert_true (bobbin_network_is_available (self->network));
  monitor_say (monitor, FALSE);
  g_assert_true (bobbin_network_is_available (self->network));
  g_assert_cmpint (G_OBJECT (monitor)->ref_count, ==, 1);
}

/* One monitor after the other: the first has no more to say. */
static void
test_follow_another (Fixture *self, gconstpointer user_data)
{
  g_autoptr (TestMonitor) first = g_object_new (TEST_TYPE_MONITOR, NULL);
  g_autoptr (TestMonitor) second = g_object_new (TEST_TYPE_MONITOR, NULL);

  bobbin_network_follow (self->network, G_NETWORK_MONITOR (first));
  bobbin_network_follow (self->network, G_NETWORK_MONITOR (second));
  monitor_say (first, TRUE);
  g_assert_false (bobbin_network_is_available (self->network));
  monitor_say (second, TRUE);
  g_assert_true (bobbin_network_is_available (self->network));
  bobbin_network_follow (self->network, NULL);
}

static gpointer
wait_in_thread (gpointer user_data)
{
  Fixture self = { .network = user_data, .context = g_main_context_new () };
  guint n_waits = 0;

  for (guint i = 0; i < 500; i++)
    {
      GSource *wait = wait_for (&self);

      if (i % 3 == 0)
        g_main_context_iteration (self.context, FALSE);
      else
        while (self.n_calls == n_waits)
          g_main_context_iteration (self.context, TRUE);
      n_waits = self.n_calls;
      stop_waiting (wait);
    }
  g_main_context_unref (self.context);

  return GUINT_TO_POINTER (self.n_calls);
}

static gpointer
blink (gpointer user_data)
{
  gint *is_over = user_data;
  BobbinNetwork *network = bobbin_network_get_default ();

  while (!g_atomic_int_get (is_over))
    {
      bobbin_network_set_available (network, FALSE);
      g_thread_yield ();
      bobbin_network_set_available (network, TRUE);
    }

  return NULL;
}

/* It comes and goes while many wait and leave: whoever waits to the end hears of it. */
static void
test_threads (void)
{
  gint is_over = FALSE;
  GThread *threads[8];
  GThread *blinker = g_thread_new ("blinker", blink, &is_over);

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("waiter", wait_in_thread, bobbin_network_get_default ());
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_cmpuint (GPOINTER_TO_UINT (g_thread_join (threads[i])), >=, 333);
  g_atomic_int_set (&is_over, TRUE);
  g_thread_join (blinker);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add ("/network/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("at-once", test_at_once);
  ADD ("later", test_later);
  ADD ("not-attached", test_not_attached);
  ADD ("follow", test_follow);
  ADD ("follow-another", test_follow_another);
#undef ADD
  g_test_add_func ("/network/threads", test_threads);

  return g_test_run ();
}
