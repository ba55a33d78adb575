/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinHostEditor edits how one server is asked. What is typed is checked at once, as the engine
 * will. The password is not shown again: an empty one leaves that which is remembered. Main thread
 * only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-host-editor.h"

#include <glib/gi18n-lib.h>

#include "bobbin-application-private.h"
#include "bobbin-host-logins.h"
#include "bobbin-host-rule.h"
#include "bobbin-host-suffix.h"
#include "bobbin-number-row.h"
#include "bobbin-wrong-mark.h"

#define KILOBYTE 1000

struct _BobbinHostEditor
{
  AdwWindow parent_instance;

  GtkEditable *host;
  GtkAdjustment *connections;
  GtkAdjustment *rate;
  GtkEditable *user;
  GtkEditable *password;
  GtkEditable *user_agent;
  GtkTextBuffer *headers;
  GtkLabel *problem;

  BobbinApplication *application; /* (weak) (nullable) */
};

G_DEFINE_FINAL_TYPE (BobbinHostEditor, bobbin_host_editor, ADW_TYPE_WINDOW)

enum
{
  SAVED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static char *
get_text (GtkEditable *row)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (row)));
}

/* One header a line; empty lines are none. */
static GStrv
get_headers (BobbinHostEditor *self)
{
  g_autoptr (GStrvBuilder) headers = g_strv_builder_new ();
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_object_get (self->headers, "text", &text, NULL);
  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    if (*g_strstrip (*line) != '\0')
      g_strv_builder_add (headers, *line);

  return g_strv_builder_end (headers);
}

/* NULL without an error where there is no server yet. */
static BobbinHostRule *
make_rule (BobbinHostEditor *self, GError **error)
{
  g_autofree char *text = get_text (self->host);
  g_autofree char *host = *text != '\0' ? bobbin_host_suffix_parse (text, error) : NULL;
  BobbinHostRule *rule;

  if (host == NULL)
    return NULL;

  rule = bobbin_host_rule_new ();
  g_free (rule->host);
  g_free (rule->user_agent);
  g_free (rule->user);
  g_strfreev (rule->headers);
  rule->host = g_steal_pointer (&host);
  rule->connections = gtk_adjustment_get_value (self->connections);
  rule->limit_rate = gtk_adjustment_get_value (self->rate) * KILOBYTE;
  rule->user = get_text (self->user);
  rule->user_agent = get_text (self->user_agent);
  rule->headers = get_headers (self);

  return rule;
}

static void
on_changed (BobbinHostEditor *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BobbinHostRule) rule = make_rule (self, &error);
  const gboolean has_user = *gtk_editable_get_text (self->user) != '\0';
  const gboolean is_no_host = error != NULL;
  const gboolean right = rule != NULL && bobbin_host_rule_check (rule, &error);

  gtk_widget_set_sensitive (GTK_WIDGET (self->password), has_user);
  bobbin_mark_wrong (self->host, self->host, is_no_host);
  bobbin_tell_wrong (self->problem, error != NULL ? error->message : NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "editor.save", right);
}

/* The settings come first: a password is of a server that is in them. */
static void
save (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinHostEditor *self = BOBBIN_HOST_EDITOR (widget);
  g_autoptr (BobbinHostRule) rule = make_rule (self, NULL);
  g_autoptr (GVariant) variant = g_variant_ref_sink (bobbin_host_rule_to_variant (rule));
  const char *password = gtk_editable_get_text (self->password);

  g_signal_emit (self, signals[SAVED], 0, variant);
  if (self->application != NULL && *rule->user != '\0' && *password != '\0')
    bobbin_host_logins_remember (bobbin_application_get_companion (self->application,
                                                                   BOBBIN_TYPE_HOST_LOGINS),
                                 rule->host, rule->user, password);
  gtk_window_destroy (GTK_WINDOW (self));
}

/* ---- its life */

static void
bobbin_host_editor_dispose (GObject *object)
{
  g_clear_weak_pointer (&BOBBIN_HOST_EDITOR (object)->application);

  G_OBJECT_CLASS (bobbin_host_editor_parent_class)->dispose (object);
}

static void
bobbin_host_editor_class_init (BobbinHostEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_host_editor_dispose;

  signals[SAVED] = g_signal_new ("saved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_VARIANT);

  g_type_ensure (BOBBIN_TYPE_NUMBER_ROW);

  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_RESOURCE_PATH
                                               "/preferences/bobbin-host-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinHostEditor, host);
  gtk_widget_class_bind_template_child (widget_class, BobbinHostEditor, connections);
  gtk_widget_class_bind_template_child (widget_class, BobbinHostEditor, rate);
  gtk_widget_class_bind_template_child (widget_class, BobbinHostEditor, user);
  gtk_widget_class_bind_template_child (widget_class, BobbinHostEditor, password);
  gtk_widget_class_bind_template_child (widget_class, BobbinHostEditor, user_agent);
  gtk_widget_class_bind_template_child (widget_class, BobbinHostEditor, headers);
  gtk_widget_class_bind_template_child (widget_class, BobbinHostEditor, problem);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_install_action (widget_class, "editor.save", NULL, save);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
bobbin_host_editor_init (BobbinHostEditor *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
load (BobbinHostEditor *self, const BobbinHostRule *rule)
{
  g_autofree char *headers = g_strjoinv ("\n", rule->headers);

  gtk_editable_set_text (self->host, rule->host);
  gtk_adjustment_set_value (self->connections, rule->connections);
  gtk_adjustment_set_value (self->rate, (double) rule->limit_rate / KILOBYTE);
  gtk_editable_set_text (self->user, rule->user);
  gtk_editable_set_text (self->user_agent, rule->user_agent);
  gtk_text_buffer_set_text (self->headers, headers, -1);
}

static GtkWindow *
make_editor (BobbinApplication *application, GVariant *variant)
{
  BobbinHostEditor *self = g_object_new (BOBBIN_TYPE_HOST_EDITOR, NULL);
  g_autoptr (BobbinHostRule) rule =
    variant != NULL ? bobbin_host_rule_new_from_variant (variant) : bobbin_host_rule_new ();

  g_set_weak_pointer (&self->application, application);
  if (variant != NULL)
    gtk_window_set_title (GTK_WINDOW (self), _ ("Edit Server"));
  load (self, rule);
  on_changed (self);

  return GTK_WINDOW (self);
}

static char *
dup_title (GVariant *variant)
{
  g_autoptr (BobbinHostRule) rule = bobbin_host_rule_new_from_variant (variant);
  char *shown = g_hostname_to_unicode (rule->host);

  return shown != NULL ? shown : g_steal_pointer (&rule->host);
}

/* Takes @part. */
static void
append (GString *text, char *part)
{
  if (text->len > 0)
    /* Translators: between the parts of “4 connections · 3.2 MB/s” */
    g_string_append (text, C_ ("what is set for a server", " · "));
  g_string_append (text, part);
  g_free (part);
}

static char *
dup_subtitle (GVariant *variant)
{
  g_autoptr (BobbinHostRule) rule = bobbin_host_rule_new_from_variant (variant);
  GString *text = g_string_new (NULL);

  if (rule->connections > 0)
    append (text, g_strdup_printf (ngettext ("%u connection", "%u connections", rule->connections),
                                   rule->connections));
  if (rule->limit_rate > 0)
    {
      g_autofree char *size = g_format_size (rule->limit_rate);

      /* Translators: %s is a size, like “3.2 MB”: so much a second */
      append (text, g_strdup_printf (_ ("%s/s"), size));
    }
  if (*rule->user != '\0')
    append (text, g_strdup (rule->user));
  if (*rule->user_agent != '\0')
    append (text, g_strdup (rule->user_agent));

  return g_string_free (text, FALSE);
}

/**
 * bobbin_host_editor_get_kind:
 *
 * Returns: (transfer none): servers, as a kind of rules
 */
const BobbinRuleKind *
bobbin_host_editor_get_kind (void)
{
  static const BobbinRuleKind kind = {
    .key = "hosts",
    .title = N_ ("Servers"),
    .none = N_ ("No Servers"),
    .none_description =
      N_ ("Connections, speed and login can be set for a server, and hold for all below it"),
    .dup_title = dup_title,
    .dup_subtitle = dup_subtitle,
    .make_editor = make_editor,
  };

  return &kind;
}
