/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a desktop and its system offer besides, on the test's own bus: the portal for the
 * background and for folders, a session manager, the service that suspends the computer, and a file
 * manager. It notes down what it is asked for. Main thread only.
 */
#include "config.h"

#include "ui-desktop.h"

#include <gio/gunixfdlist.h>

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
  "<interface name='org.freedesktop.portal.OpenURI'>"
  "<method name='OpenDirectory'><arg type='s' direction='in'/><arg type='h' direction='in'/>"
  "<arg type='a{sv}' direction='in'/><arg type='o' direction='out'/></method>"
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
  { "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop" },
};

static GDBusConnection *bus; /* (owned) (nullable) */
static GPtrArray *methods;   /* (element-type utf8) that were called */
static GPtrArray *arguments; /* (element-type utf8) of the same, as text */
static gboolean autostart_is_granted;
static gboolean suspend_is_possible;
static gboolean files_are_shown = TRUE;
static char *latest_file; /* (owned) (nullable): path of a descriptor that came with a call */
static GQueue *held;      /* (element-type GDBusMethodInvocation) (nullable) while it is silent */

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
  if (g_str_equal (method, "ShowItems") && !files_are_shown)
    {
      g_dbus_method_invocation_return_dbus_error (invocation,
                                                  "org.freedesktop.DBus.Error.AccessDenied",
                                                  "Not from a sandbox");
      return;
    }
  if (g_str_equal (method, "OpenDirectory"))
    value = g_variant_new ("(o)", "/org/freedesktop/portal/desktop/request/1/1");
  if (g_str_equal (method, "Inhibit"))
    value = g_variant_new ("(u)", methods->len);
  else if (g_str_equal (method, "CanSuspend"))
    value = g_variant_new ("(s)", suspend_is_possible ? "yes" : "no");
  else if (g_str_equal (method, "CanPowerOff"))
    value = g_variant_new ("(s)", "yes");
  g_dbus_method_invocation_return_value (invocation, value);
}

/* proc_pid_fd(5) */
static void
note_file (GDBusMethodInvocation *invocation)
{
  GDBusMessage *message = g_dbus_method_invocation_get_message (invocation);
  GUnixFDList *fds = g_dbus_message_get_unix_fd_list (message);
  g_autofree char *link = NULL;

  if (fds == NULL)
    return;

  link = g_strdup_printf ("/proc/self/fd/%d", g_unix_fd_list_peek_fds (fds, NULL)[0]);
  g_free (latest_file);
  latest_file = g_file_read_link (link, NULL);
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
  note_file (invocation);
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

/* Whether the file manager shows files. From a sandbox it does not. */
void
ui_desktop_set_shown (gboolean shown)
{
  files_are_shown = shown;
}

/* What the latest descriptor that came with a call stands for. */
char *
ui_desktop_get_latest_file (void)
{
  return g_strdup (latest_file);
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
