/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a user can do to a download that finished: the finished.* actions. Every widget class that
 * has a readable property "item" can install them; a row acts on the item it shows, the page on the
 * one that is selected. Button, menu, key and test all come through here. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-finished-actions.h"

#include <glib/gi18n-lib.h>

#include "bobbin-file-opening.h"
#include "bobbin-finished-page.h"
#include "bobbin-window.h"

static gboolean
has_file (BobbinFinishedItem *item)
{
  return !bobbin_finished_item_is_gone (item);
}

static void
open_file (BobbinWindow *window, BobbinFinishedItem *item)
{
  bobbin_file_open (window, bobbin_finished_item_get (item)->path);
}

static void
show_in_folder (BobbinWindow *window, BobbinFinishedItem *item)
{
  bobbin_file_show_in_folder (window, bobbin_finished_item_get (item)->path);
}

static void
copy_address (BobbinWindow *window, BobbinFinishedItem *item)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (window)),
                          bobbin_finished_item_get (item)->address);
}

/* ---- once more */

static void
on_show_downloads (BobbinWindow *window)
{
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-page", "s", "downloads");
}

static void
say_again (BobbinWindow *window, BobbinFinishedItem *item)
{
  g_autofree char *name = bobbin_finished_item_dup_name (item);
  /* Translators: %s is the name of a file. */
  g_autofree char *title = g_markup_printf_escaped (_ ("Downloading “%s” again"), name);
  AdwToast *toast = adw_toast_new (title);

  /* Translators: a button that shows the page of the downloads. */
  adw_toast_set_button_label (toast, _ ("_Show"));
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (on_show_downloads), window,
                           G_CONNECT_SWAPPED);
  bobbin_window_show_toast (window, toast);
}

/* As a new download to the folder of before. A file that has gone comes back under its name; beside
 * one that is there it is up to the server, and to what is done about files that exist. */
static BobbinJob *
make_job (BobbinApplication *application, BobbinFinishedItem *item, GError **error)
{
  const BobbinFinished *finished = bobbin_finished_item_get (item);
  g_autofree char *folder = g_path_get_dirname (finished->path);
  g_autofree char *name = g_path_get_basename (finished->path);
  BobbinJob *job = bobbin_application_make_download (application, finished->address, folder, error);

  if (job == NULL)
    return NULL;

  if (finished->checksum != NULL)
    g_object_set (job, "checksum", finished->checksum, NULL);
  if (bobbin_finished_item_is_gone (item))
    g_object_set (job, "file-name", name, NULL);

  return job;
}

static void
download_again (BobbinWindow *window, BobbinFinishedItem *item)
{
  BobbinApplication *application =
    BOBBIN_APPLICATION (gtk_window_get_application (GTK_WINDOW (window)));
  g_autoptr (GError) error = NULL;
  g_autoptr (BobbinJob) job = make_job (application, item, &error);

  if (job != NULL && bobbin_application_add_job (application, job, &error))
    say_again (window, item);
  else
    bobbin_window_warn (window, error->message);
}

/* A click or Enter on the row, and its button. */
static void
activate_item (BobbinWindow *window, BobbinFinishedItem *item)
{
  if (has_file (item))
    open_file (window, item);
  else
    download_again (window, item);
}

/* ---- all of them */

typedef struct
{
  const char *name;
  gboolean (*applies_to) (BobbinFinishedItem *item); /* (nullable): to any */
  void (*act) (BobbinWindow *window, BobbinFinishedItem *item);
  void (*act_on_page) (BobbinFinishedPage *page, BobbinFinishedItem *item);
} FinishedAction;

static const FinishedAction actions[] = {
  { "finished.activate", NULL, activate_item },
  { "finished.open", has_file, open_file },
  { "finished.show-in-folder", has_file, show_in_folder },
  { "finished.copy-address", NULL, copy_address },
  { "finished.download-again", NULL, download_again },
  { "finished.remove", NULL, .act_on_page = bobbin_finished_page_remove },
};

static const FinishedAction *
find_action (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (actions[i].name, name))
      return &actions[i];

  return NULL;
}

static void
activate (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (BobbinFinishedItem) item = NULL;

  g_object_get (widget, "item", &item, NULL);
  if (item != NULL)
    bobbin_finished_actions_activate (widget, name, item);
}

/**
 * bobbin_finished_actions_install:
 * @widget_class: a class with a readable property "item": a `BobbinFinishedItem`, or %NULL
 *
 * Installs the finished.* actions; to be called in class_init.
 */
void
bobbin_finished_actions_install (GtkWidgetClass *widget_class)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, NULL, activate);
}

/**
 * bobbin_finished_actions_activate:
 * @widget: a widget in the page, or the page
 * @name: one of the finished.* actions
 * @item: what to do it to
 *
 * Does it, if it can be done to @item.
 */
void
bobbin_finished_actions_activate (GtkWidget *widget, const char *name, BobbinFinishedItem *item)
{
  const FinishedAction *action = find_action (name);
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *page = gtk_widget_get_ancestor (widget, BOBBIN_TYPE_FINISHED_PAGE);
  g_autoptr (BobbinFinishedItem) held = g_object_ref (item);

  g_return_if_fail (action != NULL);

  if (!BOBBIN_IS_WINDOW (root) || page == NULL ||
      (action->applies_to != NULL && !action->applies_to (item)))
    return;

  if (action->act_on_page != NULL)
    action->act_on_page (BOBBIN_FINISHED_PAGE (page), item);
  else
    action->act (BOBBIN_WINDOW (root), item);
}

/**
 * bobbin_finished_actions_update:
 * @widget: a widget of a class with the finished.* actions
 * @item: what they act on
 *
 * Makes sensitive what can be done to @item now.
 */
void
bobbin_finished_actions_update (GtkWidget *widget, BobbinFinishedItem *item)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    if (actions[i].applies_to != NULL)
      gtk_widget_action_set_enabled (widget, actions[i].name, actions[i].applies_to (item));
}

/**
 * bobbin_finished_actions_enable:
 * @widget: a widget of a class with the finished.* actions
 *
 * Makes all of them sensitive: whether one applies is looked at when it is activated anyway.
 */
void
bobbin_finished_actions_enable (GtkWidget *widget)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_action_set_enabled (widget, actions[i].name, TRUE);
}

/**
 * bobbin_finished_actions_get_menu:
 *
 * Returns: (transfer none): the menu of the actions, one for all who show it
 */
GMenuModel *
bobbin_finished_actions_get_menu (void)
{
  static GMenuModel *menu;

  if (menu == NULL)
    {
      g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource (
        "/io/github/bobbinapp/Bobbin/finished/bobbin-finished-menu.ui");

      menu = g_object_ref (G_MENU_MODEL (gtk_builder_get_object (builder, "menu")));
    }

  return menu;
}
