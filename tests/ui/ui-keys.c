/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys, and what is copied with them. No event can be made up from inside: the shortcuts are
 * looked for where GTK does, from what has the focus up to the window.
 */
#include "config.h"

#include "ui-keys.h"

static gboolean
try_shortcuts (GtkWidget *widget, GListModel *shortcuts, GtkShortcutTrigger *wanted)
{
  for (guint i = 0; i < g_list_model_get_n_items (shortcuts); i++)
    {
      g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (shortcuts, i);

      if (gtk_shortcut_trigger_equal (gtk_shortcut_get_trigger (shortcut), wanted) &&
          gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0, widget,
                                        gtk_shortcut_get_arguments (shortcut)))
        return TRUE;
    }

  return FALSE;
}

static gboolean
try_widget (GtkWidget *widget, GtkShortcutTrigger *wanted)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_SHORTCUT_CONTROLLER (controller) &&
          try_shortcuts (widget, G_LIST_MODEL (controller), wanted))
        return TRUE;
    }

  return FALSE;
}

/* Does what the key does; says whether that is anything. */
gboolean
ui_press_key (GtkWindow *window, guint key, GdkModifierType modifiers)
{
  g_autoptr (GtkShortcutTrigger) wanted = gtk_keyval_trigger_new (key, modifiers);
  GtkWidget *widget = gtk_window_get_focus (window);

  if (widget == NULL)
    widget = GTK_WIDGET (window);
  for (; widget != NULL; widget = gtk_widget_get_parent (widget))
    if (try_widget (widget, wanted))
      return TRUE;

  return FALSE;
}

/* The text that this program has put on the clipboard. */
char *
ui_dup_copied (GtkWindow *window)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (window));
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  g_assert_nonnull (gdk_clipboard_get_content (clipboard));
  g_assert_true (
    gdk_content_provider_get_value (gdk_clipboard_get_content (clipboard), &value, NULL));

  return g_value_dup_string (&value);
}
