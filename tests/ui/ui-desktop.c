/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a desktop and its system offer besides, on the test's own bus: the portal for the
 * background, a session manager, the service that suspends the computer, and a file manager. It
 * notes down what it is asked for. Main thread only.
 */
#include "config.h"

#include "ui-desktop.h"

static const char introspection[] =
  "<node>"
  "<interface name='org.freedesktop.portal.Background'>"
  "<method name='RequestBackground'><arg type='s' direction='in'/>"
  "<arg type='a{sv}' direction='in'/><arg type='o' direction='out'/></method>"
  "</interface>"
  "<interface name='org.gnome.SessionManager'>"
  "<method name='Inhibit'><arg type='s' direction='in'/><arg type='u' direction='in'/>"
  "<arg type='s' direction='in'/><arg type='u' direction='in'/>"
  "<arg type='u' direction='out'/></method>"
  "<method name='Uninhibit'><arg type='u' direction='in'/></method>"
  "</interface>"
  "<interface name='org.freedesktop.login1.Manager'>"
  "<method name='CanSuspend'><arg type='s' direction='out'/></method>"
  "<method name='CanPowerOff'><arg type='s' direction='out'/></method>"
  "<method name='Suspend'><arg type='b' direction='in'/></method>"
  "<method name='PowerOff'><arg type='b' direction='in'/></method>"
  "</interface>"
  "<interface name='org.freedesktop.FileManager1'>"
  "<method name='ShowItems'><arg type='as' direction='in'/><arg type='s' direction='in'/></method>"
  "</interface>"
  "</node>";

static const struct
{
  const char *name;
  const char *path;
} services[] = {
  { "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop" },
  { "org.gnome.SessionManager", "/org/gnome/SessionManager" },
  { "org.freedesktop.login1", "/org/freedesktop/login1" },
  { "org.freedesktop.FileManager1", "/org/freedesktop/FileManager1" },
};

static GDBusConnection *bus; /* (owned) (nullable) */
static GPtrArray *methods;   /* (element-type utf8) that were called */
static GPtrArray *arguments; /* (element-type utf8) of the same, as text */
static gboolean autostart_is_granted;
static gboolean suspend_is_possible;
static GQueue *held; /* (element-type GDBusMethodInvocation) (nullable) while it is silent */

static void
answer_portal (GDBusMethodInvocation *invocation)
{
  g_autofree char *sender = g_strdup (g_dbus_method_invocation_get_sender (invocation) + 1);
  g_autoptr (GVariant) options =
    g_variant_get_child_value (g_dbus_method_invocation_get_parameters (invocation), 1);
  g_autofree char *path = NULL;
  GVariantBuilder results;
  const char *token;

  g_assert_true (g_variant_lookup (options, "handle_token", "&s", &token));
  path = g_strdup_printf ("/org/freedesktop/portal/desktop/request/%s/%s",
                          g_strdelimit (sender, ".", '_'), token);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", path));

  g_variant_builder_init (&results, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&results, "{sv}", "background", g_variant_new_boolean (TRUE));
  g_variant_builder_add (&results, "{sv}", "autostart",
                         g_variant_new_boolean (autostart_is_granted));
  g_dbus_connection_emit_signal (bus, NULL, path, "org.freedesktop.portal.Request", "Response",
                                 g_variant_new ("(ua{sv})", 0, &results), NULL);
}

static void
answer (GDBusMethodInvocation *invocation)
{
  const char *method = g_dbus_method_invocation_get_method_name (invocation);
  GVariant *value = NULL;

  if (g_str_equal (method, "RequestBackground"))
    {
      answer_portal (invocation);
      return;
    }
  if (g_str_equal (method, "Inhibit"))
    value = g_variant_new ("(u)", methods->len);
  else if (g_str_equal (method, "CanSuspend"))
    value = g_variant_new ("(s)", suspend_is_possible ? "yes" : "no");
  else if (g_str_equal (method, "CanPowerOff"))
    value = g_variant_new ("(s)", "yes");
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
  g_ptr_array_add (methods, g_strdup (method));
  g_ptr_array_add (arguments, g_variant_print (parameters, FALSE));
  if (held != NULL)
    g_queue_push_tail (held, invocation);
  else
    answer (invocation);
}

/* Begins to, as a session and as a system; it does so until the program ends. */
void
ui_desktop_serve (void)
{
  static const GDBusInterfaceVTable vtable = { .method_call = on_call };
  const char *address = g_getenv ("DBUS_SESSION_BUS_ADDRESS");
  g_autoptr (GDBusNodeInfo) node = NULL;

  if (bus != NULL)
    return;

  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", address, TRUE);
  bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_assert_nonnull (bus);
  methods = g_ptr_array_new_with_free_func (g_free);
  arguments = g_ptr_array_new_with_free_func (g_free);
  node = g_dbus_node_info_new_for_xml (introspection, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    {
      g_dbus_connection_register_object (bus, services[i].path, node->interfaces[i], &vtable, NULL,
                                         NULL, NULL);
      g_bus_own_name_on_connection (bus, services[i].name, G_BUS_NAME_OWNER_FLAGS_NONE, NULL, NULL,
                                    NULL, NULL);
    }
}

/* What the portal says to those who want to be started at log-in. */
void
ui_desktop_set_autostart (gboolean granted)
{
  autostart_is_granted = granted;
}

/* Whether the computer can be suspended. It can always be shut down. */
void
ui_desktop_set_suspend (gboolean possible)
{
  suspend_is_possible = possible;
}

/* From now on nobody is answered. */
void
ui_desktop_hold (void)
{
  held = g_queue_new ();
}

/* All are, in the order in which they asked. */
void
ui_desktop_release (void)
{
  GQueue *queue = g_steal_pointer (&held);
  GDBusMethodInvocation *invocation;

  while ((invocation = g_queue_pop_head (queue)) != NULL)
    answer (invocation);
  g_queue_free (queue);
}

/* How often it was asked for. */
guint
ui_desktop_count (const char *method)
{
  guint n = 0;

  for (guint i = 0; i < methods->len; i++)
    n += g_str_equal (g_ptr_array_index (methods, i), method);

  return n;
}

/* With what it was called the last time, as GVariant's text. */
char *
ui_desktop_get_latest (const char *method)
{
  for (guint i = methods->len; i > 0; i--)
    if (g_str_equal (g_ptr_array_index (methods, i - 1), method))
      return g_strdup (g_ptr_array_index (arguments, i - 1));

  return NULL;
}
