/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A desktop's notification server (org.freedesktop.Notifications), on the test's own bus: it counts
 * what it is to show and what it is to take back, answers later where a test wants it to, and has
 * buttons pressed. Main thread only.
 */

#include "config.h"

#include "ui-notifications.h"

static const char introspection[] =
  "<node><interface name='org.freedesktop.Notifications'>"
  "<method name='GetCapabilities'><arg type='as' direction='out'/></method>"
  "<method name='Notify'><arg type='s' direction='in'/><arg type='u' direction='in'/>"
  "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/>"
  "<arg type='as' direction='in'/><arg type='a{sv}' direction='in'/>"
  "<arg type='i' direction='in'/><arg type='u' direction='out'/></method>"
  "<method name='GetServerInformation'><arg type='s' direction='out'/>"
  "<arg type='s' direction='out'/><arg type='s' direction='out'/>"
  "<arg type='s' direction='out'/></method>"
  "<method name='CloseNotification'><arg type='u' direction='in'/></method>"
  "</interface></node>";

static GDBusConnection *bus; /* (owned) (nullable) */
static GPtrArray *titles;    /* (element-type utf8) of all that were to be shown */
static GPtrArray *bodies;    /* (element-type utf8) of the same */
static GPtrArray *actions;   /* (element-type GStrv) of the same */
static guint n_closed;       /* that were to be taken back */
static GQueue *held; /* (element-type GDBusMethodInvocation) (nullable) while it is silent */

static void
answer (GDBusMethodInvocation *invocation)
{
  const char *method = g_dbus_method_invocation_get_method_name (invocation);
  GVariant *value = NULL;

  if (g_str_equal (method, "Notify"))
    value = g_variant_new ("(u)", titles->len);
  else if (g_str_equal (method, "GetCapabilities"))
    value = g_variant_new_parsed ("(['actions', 'body'],)");
  else if (g_str_equal (method, "GetServerInformation"))
    value = g_variant_new ("(ssss)", "test", "Bobbin", "1", "1.2");
  g_dbus_method_invocation_return_value (invocation, value);
}

static void
on_call (GDBusConnection *connection,
         const char *sender,
         const char *path,
         const char *interface,
         const char *method,
         GVariant *parameters,
         GDBusMethodInvocation *invocation,
         gpointer user_data)
{
  const char *title, *body;
  char **buttons;

  if (g_str_equal (method, "Notify"))
    {
      g_variant_get_child (parameters, 3, "&s", &title);
      g_variant_get_child (parameters, 4, "&s", &body);
      g_variant_get_child (parameters, 5, "^as", &buttons);
      g_ptr_array_add (titles, g_strdup (title));
      g_ptr_array_add (bodies, g_strdup (body));
      g_ptr_array_add (actions, buttons);
    }
  else if (g_str_equal (method, "CloseNotification"))
    {
      n_closed++;
    }
  if (held != NULL)
    g_queue_push_tail (held, invocation);
  else
    answer (invocation);
}

/* Begins to; it does so until the program ends. */
void
ui_notifications_serve (void)
{
  static const GDBusInterfaceVTable vtable = { .method_call = on_call };
  g_autoptr (GDBusNodeInfo) node = NULL;

  if (bus != NULL || (bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL)) == NULL)
    return;

  titles = g_ptr_array_new_with_free_func (g_free);
  bodies = g_ptr_array_new_with_free_func (g_free);
  actions = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  node = g_dbus_node_info_new_for_xml (introspection, NULL);
  g_dbus_connection_register_object (bus, "/org/freedesktop/Notifications", node->interfaces[0],
                                     &vtable, NULL, NULL, NULL);
  g_bus_own_name_on_connection (bus, "org.freedesktop.Notifications", G_BUS_NAME_OWNER_FLAGS_NONE,
                                NULL, NULL, NULL, NULL);
}

/* How many there were of that title. */
guint
ui_notifications_count (const char *title)
{
  guint n = 0;

  for (guint i = 0; titles != NULL && i < titles->len; i++)
    n += g_str_equal (g_ptr_array_index (titles, i), title);

  return n;
}

/* What the latest one of that title says besides. */
const char *
ui_notifications_get_body (const char *title)
{
  for (guint i = titles->len; i > 0; i--)
    if (g_str_equal (g_ptr_array_index (titles, i - 1), title))
      return g_ptr_array_index (bodies, i - 1);

  return NULL;
}

/* The action behind a button of the one that was shown last, or behind all of it for "default". */
const char *
ui_notifications_find_action (const char *label)
{
  char **pairs = g_ptr_array_index (actions, actions->len - 1);

  for (guint i = 0; pairs[i] != NULL; i += 2)
    if (g_str_equal (pairs[i], label) || g_str_equal (pairs[i + 1], label))
      return pairs[i];

  return NULL;
}

/* How many were to be taken back. */
guint
ui_notifications_count_closed (void)
{
  return n_closed;
}

/* From now on nobody is answered. */
void
ui_notifications_hold (void)
{
  held = g_queue_new ();
}

/* All are, in the order in which they asked. */
void
ui_notifications_release (void)
{
  GQueue *queue = g_steal_pointer (&held);
  GDBusMethodInvocation *invocation;

  while ((invocation = g_queue_pop_head (queue)) != NULL)
    answer (invocation);
  g_queue_free (queue);
}

/* Somebody presses a button of the one that was shown last. */
void
ui_notifications_press (const char *action)
{
  g_dbus_connection_emit_signal (bus, NULL, "/org/freedesktop/Notifications",
                                 "org.freedesktop.Notifications", "ActionInvoked",
                                 g_variant_new ("(us)", titles->len, action), NULL);
}
