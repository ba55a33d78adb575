/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DemoScreen reads what a program shows, as a screen reader would: over the accessibility bus
 * (AT-SPI 2). So the demonstration reports the words that a person sees, not what the app thinks it
 * shows. It has the person's keyboard and mouse, too. Blocking; for one thread.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "demo-screen.h"

#define REGISTRY     "org.a11y.atspi.Registry"
#define CALL_TIMEOUT 5000 /* ms */

/* Of AT-SPI's kinds of events: what becomes of a key. */
typedef enum
{
  KEY_PRESS = 0,
  KEY_RELEASE = 1,
  KEY_SYM = 3,
  KEY_STRING = 4,
} DemoKeyEvent;

struct _DemoScreen
{
  GDBusConnection *bus; /* (owned) */
};

/* Finds the accessibility bus by the session's. */
DemoScreen *
demo_screen_new (GError **error)
{
  g_autoptr (GDBusConnection) session = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, error);
  g_autoptr (GDBusConnection) bus = NULL;
  g_autoptr (GVariant) answer = NULL;
  const char *address;
  DemoScreen *self;

  if (session == NULL)
    return NULL;
  answer = g_dbus_connection_call_sync (session, "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus",
                                        "GetAddress", NULL, G_VARIANT_TYPE ("(s)"),
                                        G_DBUS_CALL_FLAGS_NONE, CALL_TIMEOUT, NULL, error);
  if (answer == NULL)
    return NULL;
  g_variant_get (answer, "(&s)", &address);
  bus = g_dbus_connection_new_for_address_sync (address,
                                                G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                  G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                NULL, NULL, error);
  if (bus == NULL)
    return NULL;

  self = g_new0 (DemoScreen, 1);
  self->bus = g_steal_pointer (&bus);

  return self;
}

void
demo_screen_free (DemoScreen *self)
{
  g_object_unref (self->bus);
  g_free (self);
}

/* What it shows of itself: its windows. NULL if there is no such program. */
DemoAccessible *
demo_screen_find_program (DemoScreen *self, const char *program)
{
  g_autoptr (DemoAccessible) root =
    demo_accessible_new (self->bus, REGISTRY, "/org/a11y/atspi/accessible/root");
  g_autoptr (GPtrArray) programs = demo_accessible_dup_children (root);

  for (guint i = 0; i < programs->len; i++)
    {
      g_autofree char *name = demo_accessible_dup_name (g_ptr_array_index (programs, i));

      if (g_str_equal (name, program))
        return g_ptr_array_steal_index (programs, i);
    }

  return NULL;
}

static void
collect_rows (const DemoAccessible *accessible, GPtrArray *rows)
{
  g_autoptr (GPtrArray) children = demo_accessible_dup_children (accessible);

  for (guint i = 0; i < children->len; i++)
    {
      const DemoAccessible *child = g_ptr_array_index (children, i);

      if (demo_accessible_get_role (child) == DEMO_ROLE_LIST_ITEM)
        g_ptr_array_add (rows, demo_accessible_dup_words (child));
      else
        collect_rows (child, rows);
    }
}

/* The words of every row of every list that @program shows, each row's as one string. */
GPtrArray *
demo_screen_read_rows (DemoScreen *self, const char *program)
{
  g_autoptr (DemoAccessible) shown = demo_screen_find_program (self, program);
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_free);

  if (shown != NULL)
    collect_rows (shown, rows);

  return rows;
}

static gboolean
press_below (const DemoAccessible *accessible, const char *wanted)
{
  g_autoptr (GPtrArray) children = demo_accessible_dup_children (accessible);

  for (guint i = 0; i < children->len; i++)
    {
      const DemoAccessible *child = g_ptr_array_index (children, i);
      g_autofree char *name = demo_accessible_dup_name (child);

      if ((g_str_equal (name, wanted) && demo_accessible_press (child)) ||
          press_below (child, wanted))
        return TRUE;
    }

  return FALSE;
}

/* Presses the first button of this name that @program shows. */
gboolean
demo_screen_press (DemoScreen *self, const char *program, const char *button)
{
  g_autoptr (DemoAccessible) shown = demo_screen_find_program (self, program);

  return shown != NULL && press_below (shown, button);
}

/* ---- keyboard and mouse */

static void
generate (DemoScreen *self, const char *method, GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_sync (self->bus, REGISTRY,
                                 "/org/a11y/atspi/registry/deviceeventcontroller",
                                 "org.a11y.atspi.DeviceEventController", method, arguments, NULL,
                                 G_DBUS_CALL_FLAGS_NONE, CALL_TIMEOUT, NULL, &error);

  if (answer == NULL)
    g_error ("%s: %s", method, error->message);
}

static void
generate_key (DemoScreen *self, guint key, const char *text, DemoKeyEvent event)
{
  generate (self, "GenerateKeyboardEvent", g_variant_new ("(isu)", (int) key, text, event));
}

/* Presses and releases a key; @key is what it means (an X11 keysym), @modifier what is held down
 * meanwhile, or 0. */
void
demo_screen_press_key (DemoScreen *self, DemoModifier modifier, guint key)
{
  if (modifier != DEMO_MODIFIER_NONE)
    generate_key (self, modifier, "", KEY_PRESS);
  generate_key (self, key, "", KEY_SYM);
  if (modifier != DEMO_MODIFIER_NONE)
    generate_key (self, modifier, "", KEY_RELEASE);
}

void
demo_screen_type (DemoScreen *self, const char *text)
{
  generate_key (self, 0, text, KEY_STRING);
}

/* Moves the pointer to a place on the screen. */
void
demo_screen_point (DemoScreen *self, int x, int y)
{
  generate (self, "GenerateMouseEvent", g_variant_new ("(iis)", x, y, "abs"));
}

void
demo_screen_click (DemoScreen *self, int x, int y)
{
  generate (self, "GenerateMouseEvent", g_variant_new ("(iis)", x, y, "b1c"));
}

/* Presses the first button of the mouse, and keeps it down. */
void
demo_screen_hold (DemoScreen *self, int x, int y)
{
  generate (self, "GenerateMouseEvent", g_variant_new ("(iis)", x, y, "b1p"));
}

void
demo_screen_let_go (DemoScreen *self, int x, int y)
{
  generate (self, "GenerateMouseEvent", g_variant_new ("(iis)", x, y, "b1r"));
}

/* Takes a picture of the whole screen. */
gboolean
demo_screen_save (const char *path, GError **error)
{
  g_autoptr (GSubprocess) process =
    g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, error, "import", "-window", "root", "-trim",
                      "+repage", path, NULL);

  return process != NULL && g_subprocess_wait_check (process, NULL, error);
}
