/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DemoScreen reads what a program shows, as a screen reader would: over the accessibility bus
 * (AT-SPI 2). So the demonstration reports the words that a person sees, not what the app thinks it
 * shows. Blocking; for the demonstration's one thread.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "demo-screen.h"

/* From AT-SPI's list of roles. */
#define ROLE_LABEL     29
#define ROLE_LIST_ITEM 32

#define ACCESSIBLE   "org.a11y.atspi.Accessible"
#define CALL_TIMEOUT 5000 /* ms */

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

/* What is on the screen comes and goes while it is read; what has gone gives no answer. */
static GVariant *
call (DemoScreen *self,
      const char *owner,
      const char *path,
      const char *interface,
      const char *method,
      GVariant *arguments,
      const char *type)
{
  return g_dbus_connection_call_sync (self->bus, owner, path, interface, method, arguments,
                                      G_VARIANT_TYPE (type), G_DBUS_CALL_FLAGS_NONE, CALL_TIMEOUT,
                                      NULL, NULL);
}

static char *
read_name (DemoScreen *self, const char *owner, const char *path)
{
  g_autoptr (GVariant) answer = call (self, owner, path, "org.freedesktop.DBus.Properties", "Get",
                                      g_variant_new ("(ss)", ACCESSIBLE, "Name"), "(v)");
  g_autoptr (GVariant) name = NULL;

  if (answer == NULL)
    return g_strdup ("");
  g_variant_get (answer, "(v)", &name);

  return g_variant_dup_string (name, NULL);
}

static guint
read_role (DemoScreen *self, const char *owner, const char *path)
{
  g_autoptr (GVariant) answer = call (self, owner, path, ACCESSIBLE, "GetRole", NULL, "(u)");
  guint role = 0;

  if (answer != NULL)
    g_variant_get (answer, "(u)", &role);

  return role;
}

static GVariant *
read_children (DemoScreen *self, const char *owner, const char *path)
{
  g_autoptr (GVariant) answer =
    call (self, owner, path, ACCESSIBLE, "GetChildren", NULL, "(a(so))");

  return answer != NULL ? g_variant_get_child_value (answer, 0) : NULL;
}

static void
collect_words (DemoScreen *self, const char *owner, const char *path, GString *words)
{
  g_autoptr (GVariant) children = read_children (self, owner, path);
  GVariantIter iter;
  const char *child_owner;
  const char *child;

  if (children == NULL)
    return;

  g_variant_iter_init (&iter, children);
  while (g_variant_iter_next (&iter, "(&s&o)", &child_owner, &child))
    {
      if (read_role (self, child_owner, child) == ROLE_LABEL)
        {
          g_autofree char *name = read_name (self, child_owner, child);

          if (*name != '\0')
            g_string_append_printf (words, "%s%s", words->len > 0 ? " | " : "", name);
        }
      collect_words (self, child_owner, child, words);
    }
}

static void
collect_rows (DemoScreen *self, const char *owner, const char *path, GPtrArray *rows)
{
  g_autoptr (GVariant) children = read_children (self, owner, path);
  GVariantIter iter;
  const char *child_owner;
  const char *child;

  if (children == NULL)
    return;

  g_variant_iter_init (&iter, children);
  while (g_variant_iter_next (&iter, "(&s&o)", &child_owner, &child))
    {
      if (read_role (self, child_owner, child) == ROLE_LIST_ITEM)
        {
          GString *words = g_string_new (NULL);

          collect_words (self, child_owner, child, words);
          g_ptr_array_add (rows, g_string_free (words, FALSE));
        }
      else
        collect_rows (self, child_owner, child, rows);
    }
}

/* The words of every row of every list that @program shows, each row's as one string. */
GPtrArray *
demo_screen_read_rows (DemoScreen *self, const char *program)
{
  g_autoptr (GVariant) programs =
    read_children (self, "org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root");
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_free);
  GVariantIter iter;
  const char *owner;
  const char *path;

  if (programs == NULL)
    return rows;

  g_variant_iter_init (&iter, programs);
  while (g_variant_iter_next (&iter, "(&s&o)", &owner, &path))
    {
      g_autofree char *name = read_name (self, owner, path);

      if (g_str_equal (name, program))
        collect_rows (self, owner, path, rows);
    }

  return rows;
}

static gboolean
press_below (DemoScreen *self, const char *owner, const char *path, const char *wanted)
{
  g_autoptr (GVariant) children = read_children (self, owner, path);
  GVariantIter iter;
  const char *child_owner;
  const char *child;

  if (children == NULL)
    return FALSE;

  g_variant_iter_init (&iter, children);
  while (g_variant_iter_next (&iter, "(&s&o)", &child_owner, &child))
    {
      g_autofree char *name = read_name (self, child_owner, child);
      g_autoptr (GVariant) done = NULL;

      if (g_str_equal (name, wanted))
        done = call (self, child_owner, child, "org.a11y.atspi.Action", "DoAction",
                     g_variant_new ("(i)", 0), "(b)");
      if (done != NULL || press_below (self, child_owner, child, wanted))
        return TRUE;
    }

  return FALSE;
}

/* Presses the first button of this name that @program shows. */
gboolean
demo_screen_press (DemoScreen *self, const char *program, const char *button)
{
  g_autoptr (GVariant) programs =
    read_children (self, "org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root");
  GVariantIter iter;
  const char *owner;
  const char *path;

  if (programs == NULL)
    return FALSE;

  g_variant_iter_init (&iter, programs);
  while (g_variant_iter_next (&iter, "(&s&o)", &owner, &path))
    {
      g_autofree char *name = read_name (self, owner, path);

      if (g_str_equal (name, program) && press_below (self, owner, path, button))
        return TRUE;
    }

  return FALSE;
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
