/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinAddDownload asks for addresses, however they are written, and for what is wanted of them.
 * While it is open the servers are asked what the files are called and how long they are; and it is
 * said which of them are there already. What is on the clipboard is taken when it has addresses.
 * What is wrong with what was typed is said at once. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-add-download.h"

#include <glib/gi18n-lib.h>

#include "bobbin-address-finder.h"
#include "bobbin-address-search.h"
#include "bobbin-candidate-group.h"
#include "bobbin-clipboard-text.h"
#include "bobbin-download-options.h"
#include "bobbin-error.h"
#include "bobbin-folder-row.h"
#include "bobbin-wrong-mark.h"

struct _BobbinAddDownload
{
  AdwWindow parent_instance;

  GtkWidget *ok;
  GtkWidget *addresses_row;
  GtkWidget *addresses;
  GtkTextBuffer *text;
  BobbinCandidateGroup *candidates;
  AdwActionRow *again_row;
  GtkSwitch *again;
  AdwComboRow *exists;
  GtkEditable *name;
  BobbinFolderRow *folder;
  GtkSwitch *start;
  BobbinDownloadOptions *options;
  GtkLabel *problem;

  BobbinApplication *application; /* (owned) */
  GPtrArray *found;               /* (owned): addresses, ready to be downloaded */
  char *offered;                  /* (owned) (nullable): folder that nobody has chosen */
  GError *wrong_text;             /* (owned) (nullable): why there is none */
  GCancellable *reading;          /* (owned) (nullable) while a long text is looked through */
  GCancellable *cancellable;      /* (owned): of the look at the clipboard */
};

G_DEFINE_FINAL_TYPE (BobbinAddDownload, bobbin_add_download, ADW_TYPE_WINDOW)

static char *
get_text (BobbinAddDownload *self)
{
  char *text;

  g_object_get (self->text, "text", &text, NULL);

  return text;
}

/* ---- what is wrong */

static void
show_problem (BobbinAddDownload *self, const GError *error)
{
  gtk_label_set_label (self->problem, error != NULL ? error->message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), error != NULL);
}

/* The name of the file, where there is one file only, and the user has one for it. */
static char *
dup_name (BobbinAddDownload *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name)));

  return self->found->len == 1 && *name != '\0' ? g_steal_pointer (&name) : NULL;
}

static gboolean
check_name (BobbinAddDownload *self, GError **error)
{
  g_autofree char *name = dup_name (self);
  const gboolean right = name == NULL || !(strchr (name, '/') != NULL || g_str_equal (name, ".") ||
                                           g_str_equal (name, ".."));

  bobbin_mark_wrong (self->name, self->name, !right);
  if (!right)
    g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
                         _ ("This is no name of a file. Choose the folder below."));

  return right;
}

/* A checksum is of one file. */
static gboolean
check_options (BobbinAddDownload *self, GError **error)
{
  if (!bobbin_download_options_check (self->options, error))
    return FALSE;
  if (self->found->len <= 1 || !bobbin_download_options_has_checksum (self->options))
    return TRUE;

  g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
                       _ ("A checksum can be of one file only, and there are several addresses."));

  return FALSE;
}

/* ---- what is shown of it */

static void
show_listed (BobbinAddDownload *self)
{
  const guint n = bobbin_candidate_group_get_n_listed (self->candidates);
  g_autofree char *text = g_strdup_printf (ngettext ("%u address is already in the list",
                                                     "%u addresses are already in the list", n),
                                           n);

  adw_action_row_set_subtitle (self->again_row, text);
  gtk_widget_set_visible (GTK_WIDGET (self->again_row), n > 0);
}

static void
show_there (BobbinAddDownload *self)
{
  const guint n =
    bobbin_candidate_group_get_n_there (self->candidates, gtk_switch_get_active (self->again));
  g_autofree char *text =
    g_strdup_printf (ngettext ("%u name is taken already", "%u names are taken already", n), n);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->exists), text);
  gtk_widget_set_visible (GTK_WIDGET (self->exists), n > 0);
}

/* How many would be added. */
static guint
count (BobbinAddDownload *self)
{
  const guint n_listed = bobbin_candidate_group_get_n_listed (self->candidates);

  return self->found->len - (gtk_switch_get_active (self->again) ? 0 : n_listed);
}

/* A password that is being typed is sent to nobody. */
static void
tell_context (BobbinAddDownload *self)
{
  g_autoptr (BobbinHttpContext) context = NULL;

  if (bobbin_download_options_is_at_login (self->options))
    return;

  context = bobbin_download_options_dup_context (self->options);
  bobbin_candidate_group_set_context (self->candidates, context);
}

/* Whether nobody has chosen another one than was offered. */
static gboolean
is_folder_offered (BobbinAddDownload *self)
{
  return g_strcmp0 (bobbin_folder_row_get_folder (self->folder), self->offered) == 0;
}

static void
offer_folder (BobbinAddDownload *self, char *folder)
{
  g_free (self->offered);
  self->offered = folder;
  bobbin_folder_row_set_folder (self->folder, folder);
}

/* That of the category that the first is in, by what is known of it now. */
static void
find_folder (BobbinAddDownload *self)
{
  const char *folder = bobbin_candidate_group_get_folder (self->candidates);

  if (folder != NULL && is_folder_offered (self))
    offer_folder (self, g_strdup (folder));
}

/* Where nobody chooses, each has a category of its own. */
static const char *
get_chosen_folder (BobbinAddDownload *self)
{
  return is_folder_offered (self) ? NULL : bobbin_folder_row_get_folder (self->folder);
}

static void
on_folder_changed (BobbinAddDownload *self)
{
  bobbin_candidate_group_set_folder (self->candidates, get_chosen_folder (self));
}

static void
on_changed (BobbinAddDownload *self)
{
  g_autofree char *name = NULL;
  g_autoptr (GError) wrong_name = NULL;
  g_autoptr (GError) wrong_option = NULL;
  const gboolean named = check_name (self, &wrong_name);
  const gboolean chosen = check_options (self, &wrong_option);

  gtk_widget_set_visible (GTK_WIDGET (self->name), self->found->len <= 1);
  name = named ? dup_name (self) : NULL;
  bobbin_candidate_group_set_name (self->candidates, name);
  find_folder (self);
  if (chosen)
    tell_context (self);
  show_listed (self);
  show_there (self);

  bobbin_mark_wrong (self->addresses_row, self->addresses, self->wrong_text != NULL);
  show_problem (self, self->wrong_text != NULL ? self->wrong_text
                      : wrong_name != NULL     ? wrong_name
                                               : wrong_option);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "add.download",
                                 self->reading == NULL && named && chosen && count (self) > 0);
}

/* ---- addresses */

/* Without a reference: nothing may hold a window once it has been destroyed. */
static GWeakRef *
watch (BobbinAddDownload *self)
{
  GWeakRef *ref = g_new (GWeakRef, 1);

  g_weak_ref_init (ref, self);

  return ref;
}

/* Takes both. */
static void
take (BobbinAddDownload *self, GPtrArray *found, GError *error)
{
  g_ptr_array_unref (self->found);
  self->found = found != NULL ? found : g_ptr_array_new_with_free_func (g_free);
  g_clear_error (&self->wrong_text);
  self->wrong_text = error;
  bobbin_candidate_group_set_addresses (self->candidates, self->found);
  on_changed (self);
}

static void
read_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  GPtrArray *found = bobbin_address_read (data, &error);

  if (found != NULL)
    g_task_return_pointer (task, found, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree GWeakRef *ref = user_data;
  g_autoptr (BobbinAddDownload) self = g_weak_ref_get (ref);
  GError *error = NULL;
  GPtrArray *found = g_task_propagate_pointer (G_TASK (result), &error);

  g_weak_ref_clear (ref);
  if (self == NULL || g_task_get_cancellable (G_TASK (result)) != self->reading)
    {
      g_clear_pointer (&found, g_ptr_array_unref);
      g_clear_error (&error);
      return;
    }

  g_clear_object (&self->reading);
  take (self, found, error);
}

static void
stop_reading (BobbinAddDownload *self)
{
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
}

/* Nothing in it can wait; a list of ten thousand only takes longer than a frame. */
static void
read_later (BobbinAddDownload *self, char *text)
{
  g_autoptr (GTask) task = NULL;

  self->reading = g_cancellable_new ();
  task = g_task_new (NULL, self->reading, on_found, watch (self));
  g_task_set_source_tag (task, read_later);
  g_task_set_name (task, "[bobbin] addresses in a text");
  g_task_set_task_data (task, text, g_free);
  g_task_run_in_thread (task, read_in_thread);
}

/* Where an address is wrapped no hyphen is to be seen that is not in it. */
static void
keep_whole (BobbinAddDownload *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->text, &start, &end);
  gtk_text_buffer_apply_tag_by_name (self->text, "whole", &start, &end);
}

static void
on_text_changed (BobbinAddDownload *self)
{
  g_autofree char *text = get_text (self);
  GError *error = NULL;
  GPtrArray *found;

  keep_whole (self);
  stop_reading (self);
  if (!bobbin_address_search_is_short (text))
    {
      read_later (self, g_steal_pointer (&text));
      on_changed (self);
      return;
    }

  found = bobbin_address_read (text, &error);
  take (self, found, error);
}

/* Enter is the dialog's, as in an entry; with Shift it begins a line. */
static gboolean
on_key_pressed (GtkEventControllerKey *controller,
                guint key,
                guint code,
                GdkModifierType state,
                gpointer user_data)
{
  GtkWidget *view = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller));
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (controller));

  if ((key != GDK_KEY_Return && key != GDK_KEY_KP_Enter && key != GDK_KEY_ISO_Enter) ||
      (state & GDK_SHIFT_MASK) != 0)
    return GDK_EVENT_PROPAGATE;
  if (event != NULL && gtk_text_view_im_context_filter_keypress (GTK_TEXT_VIEW (view), event))
    return GDK_EVENT_STOP;

  gtk_widget_activate_default (view);

  return GDK_EVENT_STOP;
}

/* ---- to add */

static BobbinDownloadWishes *
make_wishes (BobbinAddDownload *self)
{
  BobbinDownloadWishes *wishes = bobbin_download_wishes_new ();

  bobbin_download_options_fill (self->options, wishes);
  wishes->folder = g_strdup (get_chosen_folder (self));
  wishes->name = dup_name (self);
  wishes->names = bobbin_candidate_group_dup_names (self->candidates);
  wishes->start = gtk_switch_get_active (self->start);
  wishes->exists = gtk_widget_get_visible (GTK_WIDGET (self->exists)) &&
                       adw_combo_row_get_selected (self->exists) == 1
                     ? BOBBIN_EXISTS_SKIP
                     : BOBBIN_EXISTS_RENAME;

  return wishes;
}

static void
download (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinAddDownload *self = BOBBIN_ADD_DOWNLOAD (widget);
  g_auto (GStrv) addresses =
    bobbin_candidate_group_dup_addresses (self->candidates, gtk_switch_get_active (self->again));

  bobbin_folder_row_remember (self->folder);
  bobbin_application_add_downloads (self->application, (const char *const *) addresses,
                                    make_wishes (self));
  gtk_window_destroy (GTK_WINDOW (self));
}

/* ---- the clipboard */

/* The user may have been faster. */
static void
take_copied (BobbinAddDownload *self, GPtrArray *addresses)
{
  GtkTextIter start, end;

  if (addresses->len == 0 || gtk_text_buffer_get_char_count (self->text) > 0)
    return;

  bobbin_add_download_add_addresses (self, addresses);
  gtk_text_buffer_get_bounds (self->text, &start, &end);
  gtk_text_buffer_select_range (self->text, &end, &start);
}

static void
on_searched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree GWeakRef *ref = user_data;
  g_autoptr (BobbinAddDownload) self = g_weak_ref_get (ref);
  g_autoptr (GPtrArray) addresses = bobbin_address_search_finish (result, NULL);

  g_weak_ref_clear (ref);
  if (self != NULL && addresses != NULL)
    take_copied (self, addresses);
}

/* The window may have gone, and there may be no text on it. */
static void
on_clipboard (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree GWeakRef *ref = user_data;
  g_autoptr (BobbinAddDownload) self = g_weak_ref_get (ref);
  g_autofree char *text = bobbin_clipboard_text_finish (GDK_CLIPBOARD (source), result, NULL);

  g_weak_ref_clear (ref);
  if (self == NULL || text == NULL)
    return;

  if (bobbin_address_search_is_short (text))
    {
      g_autoptr (GPtrArray) addresses = bobbin_address_find (text);

      take_copied (self, addresses);
    }
  else
    bobbin_address_search_async (text, self->cancellable, on_searched, watch (self));
}

static void
read_clipboard (BobbinAddDownload *self)
{
  bobbin_clipboard_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->cancellable,
                               on_clipboard, watch (self));
}

static void
bobbin_add_download_map (GtkWidget *widget)
{
  BobbinAddDownload *self = BOBBIN_ADD_DOWNLOAD (widget);

  GTK_WIDGET_CLASS (bobbin_add_download_parent_class)->map (widget);

  gtk_widget_grab_focus (self->addresses);
  read_clipboard (self);
}

static void
bobbin_add_download_dispose (GObject *object)
{
  BobbinAddDownload *self = BOBBIN_ADD_DOWNLOAD (object);

  g_cancellable_cancel (self->cancellable);
  stop_reading (self);
  g_clear_object (&self->application);

  G_OBJECT_CLASS (bobbin_add_download_parent_class)->dispose (object);
}

static void
bobbin_add_download_finalize (GObject *object)
{
  BobbinAddDownload *self = BOBBIN_ADD_DOWNLOAD (object);

  g_object_unref (self->cancellable);
  g_ptr_array_unref (self->found);
  g_free (self->offered);
  g_clear_error (&self->wrong_text);

  G_OBJECT_CLASS (bobbin_add_download_parent_class)->finalize (object);
}

static void
bobbin_add_download_class_init (BobbinAddDownloadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bobbin_add_download_dispose;
  object_class->finalize = bobbin_add_download_finalize;
  widget_class->map = bobbin_add_download_map;

  g_type_ensure (BOBBIN_TYPE_CANDIDATE_GROUP);
  g_type_ensure (BOBBIN_TYPE_FOLDER_ROW);
  g_type_ensure (BOBBIN_TYPE_DOWNLOAD_OPTIONS);

  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_RESOURCE_PATH
                                               "/downloads/bobbin-add-download.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinAddDownload, ok);
  gtk_widget_class_bind_template_child (widget_class, BobbinAddDownload, addresses_row);
  gtk_widget_class_bind_template_child (widget_class, BobbinAddDownload, addresses);
  gtk_widget_class_bind_template_child (widget_class, BobbinAddDownload, text);
  gtk_widget_class_bind_template_child (widget_class, BobbinAddDownload, candidates);
  gtk_widget_class_bind_template_child (widget_class, BobbinAddDownload, again_row);
  gtk_widget_class_bind_template_child (widget_class, BobbinAddDownload, again);
  gtk_widget_class_bind_template_child (widget_class, BobbinAddDownload, exists);
  gtk_widget_class_bind_template_child (widget_class, BobbinAddDownload, name);
  gtk_widget_class_bind_template_child (widget_class, BobbinAddDownload, folder);
  gtk_widget_class_bind_template_child (widget_class, BobbinAddDownload, start);
  gtk_widget_class_bind_template_child (widget_class, BobbinAddDownload, options);
  gtk_widget_class_bind_template_child (widget_class, BobbinAddDownload, problem);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_folder_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_text_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_key_pressed);
  gtk_widget_class_install_action (widget_class, "add.download", NULL, download);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
bobbin_add_download_init (BobbinAddDownload *self)
{
  self->cancellable = g_cancellable_new ();
  self->found = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_text_buffer_create_tag (self->text, "whole", "insert-hyphens", FALSE, NULL);
  on_changed (self);
}

/**
 * bobbin_add_download_new:
 * @application: what the download is added to
 *
 * Returns: (transfer none): the window, which GTK owns
 */
GtkWindow *
bobbin_add_download_new (BobbinApplication *application)
{
  BobbinAddDownload *self = g_object_new (BOBBIN_TYPE_ADD_DOWNLOAD, NULL);

  self->application = g_object_ref (application);
  bobbin_candidate_group_set_application (self->candidates, application);
  bobbin_download_options_load (self->options, bobbin_application_get_settings (application));
  bobbin_folder_row_offer_recent (self->folder, bobbin_application_get_settings (application));
  offer_folder (self, bobbin_application_dup_folder (application));

  return GTK_WINDOW (self);
}

/**
 * bobbin_add_download_add_addresses:
 * @addresses: (element-type utf8): addresses, with patterns in them or not
 *
 * Adds addresses to those that are there, a line each.
 */
void
bobbin_add_download_add_addresses (BobbinAddDownload *self, GPtrArray *addresses)
{
  g_autoptr (GString) text = NULL;

  g_return_if_fail (BOBBIN_IS_ADD_DOWNLOAD (self));

  text = g_string_new (NULL);
  if (gtk_text_buffer_get_char_count (self->text) > 0)
    {
      g_autofree char *before = get_text (self);

      g_string_append (text, g_strchomp (before));
    }
  for (guint i = 0; i < addresses->len; i++)
    {
      if (text->len > 0)
        g_string_append_c (text, '\n');
      g_string_append (text, g_ptr_array_index (addresses, i));
    }
  gtk_text_buffer_set_text (self->text, text->str, -1);
}
