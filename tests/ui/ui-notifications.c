/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A desktop's notification server (org.freedesktop.Notifications), on the test's own bus: it counts
 * what it is to show. Main thread only.
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
  "<method name='CloseNotification'><arg type='u' direction='in'/></method>"
  "</interface></node>";

static GPtrArray *titles; /* (element-type utf8) of all that were to be shown */

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
  const char *title;
  GVariant *answer = NULL;

  if (g_str_equal (method, "Notify"))
    {
      g_variant_get_child (parameters, 3, "&s", &title);
      g_ptr_array_add (titles, g_strdup (title));
      answer = g_variant_new ("(u)", titles->len);
    }
  else if (g_str_equal (method, "GetCapabilities"))
    {
      answer = g_variant_new_parsed ("(['actions', 'body'],)");
    }
  g_dbus_method_invocation_return_value (invocation, answer);
}

/* Begins to; it does so until the program ends. */
void
ui_notifications_serve (void)
{
  static const GDBusInterfaceVTable vtable = { .method_call = on_call };
  g_autoptr (GDBusConnection) bus = NULL;
  g_autoptr (GDBusNodeInfo) node = NULL;

  if (titles != NULL || (bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL)) == NULL)
    return;

  titles = g_ptr_array_new_with_free_func (g_free);
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
