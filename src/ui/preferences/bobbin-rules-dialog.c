/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinRulesDialog shows rules of one kind in their order, which matters: the first that fits
 * counts. They are added, edited, moved and removed, and what is done holds at once; what was
 * removed comes back by the toast that says so. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-rules-dialog.h"

#include <glib/gi18n-lib.h>

#include "bobbin-job-row.h"
#include "bobbin-toasts.h"

struct _BobbinRulesDialog
{
  AdwWindow parent_instance;

  AdwToastOverlay *overlay;
  GtkStack *stack;
  AdwStatusPage *none;
  GtkListBox *list;
  GtkWidget *add;

  const BobbinRuleKind *kind;
  BobbinApplication *application; /* (weak) (nullable) */
  GSettings *settings;            /* (owned) */
  BobbinToasts *toasts;           /* (owned) */
};

G_DEFINE_FINAL_TYPE (BobbinRulesDialog, bobbin_rules_dialog, ADW_TYPE_WINDOW)

/* ---- the rules */

static GPtrArray *
dup_rules (BobbinRulesDialog *self)
{
  g_autoptr (GVariant) variant = g_settings_get_value (self->settings, self->kind->key);
  GPtrArray *rules = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);

  for (gsize i = 0; i < g_variant_n_children (variant); i++)
    g_ptr_array_add (rules, g_variant_get_child_value (variant, i));

  return rules;
}

static void
set_rules (BobbinRulesDialog *self, GPtrArray *rules)
{
  g_settings_set_value (self->settings, self->kind->key,
                        g_variant_new_array (G_VARIANT_TYPE_VARDICT,
                                             (GVariant *const *) rules->pdata, rules->len));
}

/* Where the list is rebuilt the focus stays with what was moved. */
static void
focus_row (BobbinRulesDialog *self, int i)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, i);

  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
  else
    gtk_widget_grab_focus (self->add);
}

static void
move_rule (BobbinRulesDialog *self, guint from, guint to)
{
  g_autoptr (GPtrArray) rules = dup_rules (self);

  if (from >= rules->len || to >= rules->len)
    return;

  g_ptr_array_insert (rules, to, g_ptr_array_steal_index (rules, from));
  set_rules (self, rules);
  focus_row (self, to);
}

/* What a toast can bring back. */
typedef struct
{
  BobbinRulesDialog *self; /* (unowned) whose toast it is */
  GVariant *rule;          /* (owned) */
  guint at;
} Removed;

static void
removed_free (gpointer data, GClosure *closure)
{
  Removed *removed = data;

  g_variant_unref (removed->rule);
  g_free (removed);
}

static void
on_undo (Removed *removed)
{
  g_autoptr (GPtrArray) rules = dup_rules (removed->self);
  const guint at = MIN (removed->at, rules->len);

  g_ptr_array_insert (rules, at, g_variant_ref (removed->rule));
  set_rules (removed->self, rules);
  focus_row (removed->self, at);
}

static void
offer_undo (BobbinRulesDialog *self, GVariant *rule, guint at)
{
  g_autofree char *name = self->kind->dup_title (rule);
  g_autofree char *escaped = g_markup_escape_text (name, -1);
  /* Translators: %s is what a rule is called */
  g_autofree char *title = g_strdup_printf (_ ("“%s” removed"), escaped);
  AdwToast *toast = adw_toast_new (title);
  Removed *removed = g_new0 (Removed, 1);

  removed->self = self;
  removed->rule = g_variant_ref (rule);
  removed->at = at;
  adw_toast_set_button_label (toast, _ ("_Undo"));
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (on_undo), removed, removed_free,
                         G_CONNECT_SWAPPED);
  bobbin_toasts_show (self->toasts, toast);
}

/* ---- actions */

static void
on_saved (BobbinRulesDialog *self, GVariant *rule, GtkWindow *editor)
{
  g_autoptr (GPtrArray) rules = dup_rules (self);
  const int at = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (editor), "bobbin-index"));

  if (at >= 0 && (guint) at < rules->len)
    {
      g_variant_unref (g_ptr_array_index (rules, at));
      g_ptr_array_index (rules, at) = g_variant_ref (rule);
    }
  else
    {
      g_ptr_array_add (rules, g_variant_ref (rule));
    }
  set_rules (self, rules);
  focus_row (self, at >= 0 ? at : (int) rules->len - 1);
}

static void
edit (BobbinRulesDialog *self, GVariant *rule, int at)
{
  GtkWindow *editor;

  if (self->application == NULL)
    return;

  editor = self->kind->make_editor (self->application, rule);
  g_object_set_data (G_OBJECT (editor), "bobbin-index", GINT_TO_POINTER (at));
  g_signal_connect_object (editor, "saved", G_CALLBACK (on_saved), self, G_CONNECT_SWAPPED);
  gtk_window_set_transient_for (editor, GTK_WINDOW (self));
  gtk_window_present (editor);
}

static void
add_rule (GtkWidget *widget, const char *name, GVariant *parameter)
{
  edit (BOBBIN_RULES_DIALOG (widget), NULL, -1);
}

static void
edit_rule (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinRulesDialog *self = BOBBIN_RULES_DIALOG (widget);
  g_autoptr (GPtrArray) rules = dup_rules (self);
  const guint at = g_variant_get_uint32 (parameter);

  if (at < rules->len)
    edit (self, g_ptr_array_index (rules, at), at);
}

static void
remove_rule (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinRulesDialog *self = BOBBIN_RULES_DIALOG (widget);
  g_autoptr (GPtrArray) rules = dup_rules (self);
  const guint at = g_variant_get_uint32 (parameter);
  g_autoptr (GVariant) rule = NULL;

  if (at >= rules->len)
    return;

  rule = g_ptr_array_steal_index (rules, at);
  set_rules (self, rules);
  focus_row (self, MIN (at, rules->len - 1));
  offer_undo (self, rule, at);
}

static void
move_up (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const guint at = g_variant_get_uint32 (parameter);

  move_rule (BOBBIN_RULES_DIALOG (widget), at, at - 1);
}

static void
move_down (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const guint at = g_variant_get_uint32 (parameter);

  move_rule (BOBBIN_RULES_DIALOG (widget), at, at + 1);
}

/* ---- rows */

static void
add_button (GtkWidget *row, const char *icon, const char *name, const char *action, guint at)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "u", at);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  bobbin_job_row_name_control (button, name);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

static GtkWidget *
make_row (BobbinRulesDialog *self, GVariant *rule, guint at, guint n)
{
  g_autofree char *title = self->kind->dup_title (rule);
  g_autofree char *subtitle = self->kind->dup_subtitle (rule);
  GtkWidget *row = adw_action_row_new ();

  /* First, and for itself: what is set together is told of the other way round. */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  g_object_set (row, "title", title, "subtitle", subtitle, "subtitle-lines", 2, "activatable", TRUE,
                NULL);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "u", at);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "rules.edit");
  if (at > 0)
    add_button (row, "go-up-symbolic", _ ("Move Up"), "rules.up", at);
  if (at + 1 < n)
    add_button (row, "go-down-symbolic", _ ("Move Down"), "rules.down", at);
  add_button (row, "user-trash-symbolic", _ ("Remove"), "rules.remove", at);

  return row;
}

static void
show_rules (BobbinRulesDialog *self)
{
  g_autoptr (GPtrArray) rules = dup_rules (self);
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  for (guint i = 0; i < rules->len; i++)
    gtk_list_box_append (self->list, make_row (self, g_ptr_array_index (rules, i), i, rules->len));
  gtk_stack_set_visible_child_name (self->stack, rules->len > 0 ? "list" : "none");
}

/* ---- its life */

static void
bobbin_rules_dialog_dispose (GObject *object)
{
  BobbinRulesDialog *self = BOBBIN_RULES_DIALOG (object);

  g_clear_weak_pointer (&self->application);
  g_clear_object (&self->toasts);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (bobbin_rules_dialog_parent_class)->dispose (object);
}

static void
bobbin_rules_dialog_class_init (BobbinRulesDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_rules_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_RESOURCE_PATH
                                               "/preferences/bobbin-rules-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinRulesDialog, overlay);
  gtk_widget_class_bind_template_child (widget_class, BobbinRulesDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, BobbinRulesDialog, none);
  gtk_widget_class_bind_template_child (widget_class, BobbinRulesDialog, list);
  gtk_widget_class_bind_template_child (widget_class, BobbinRulesDialog, add);
  gtk_widget_class_install_action (widget_class, "rules.add", NULL, add_rule);
  gtk_widget_class_install_action (widget_class, "rules.edit", "u", edit_rule);
  gtk_widget_class_install_action (widget_class, "rules.remove", "u", remove_rule);
  gtk_widget_class_install_action (widget_class, "rules.up", "u", move_up);
  gtk_widget_class_install_action (widget_class, "rules.down", "u", move_down);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
bobbin_rules_dialog_init (BobbinRulesDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->toasts = bobbin_toasts_new (self->overlay);
  bobbin_job_row_name_control (self->add, _ ("Add"));
}

/**
 * bobbin_rules_dialog_new:
 * @application: whose settings have the rules
 * @kind: static: what kind of rules
 *
 * Returns: (transfer none): the window, which GTK owns
 */
GtkWindow *
bobbin_rules_dialog_new (BobbinApplication *application, const BobbinRuleKind *kind)
{
  BobbinRulesDialog *self = g_object_new (BOBBIN_TYPE_RULES_DIALOG, NULL);
  g_autofree char *changed = g_strconcat ("changed::", kind->key, NULL);

  self->kind = kind;
  g_set_weak_pointer (&self->application, application);
  self->settings = g_object_ref (bobbin_application_get_settings (application));
  gtk_window_set_title (GTK_WINDOW (self), _ (kind->title));
  adw_status_page_set_title (self->none, _ (kind->none));
  adw_status_page_set_description (self->none, _ (kind->none_description));
  g_signal_connect_object (self->settings, changed, G_CALLBACK (show_rules), self,
                           G_CONNECT_SWAPPED);
  show_rules (self);

  return GTK_WINDOW (self);
}
