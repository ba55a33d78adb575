/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinDownloadOptions is what few downloads need, folded away in one row: a checksum, a login,
 * what the requests say, and bounds of its own. What is typed is checked at once, as the engine
 * will; the row that is wrong shows it. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-download-options.h"

#include <glib/gi18n-lib.h>

#include "bobbin-application.h"
#include "bobbin-checksum.h"
#include "bobbin-download.h"
#include "bobbin-file-row.h"
#include "bobbin-job-row.h"
#include "bobbin-wrong-mark.h"

#define KILOBYTE 1000

struct _BobbinDownloadOptions
{
  AdwExpanderRow parent_instance;

  GtkEditable *checksum;
  GtkEditable *user;
  GtkEditable *password;
  GtkSwitch *remember;
  GtkWidget *remember_row;
  GtkEditable *referrer;
  GtkEditable *user_agent;
  BobbinFileRow *cookies;
  GtkWidget *add_header;
  GtkAdjustment *connections;
  GtkAdjustment *rate;
  GPtrArray *headers; /* (owned): of AdwEntryRow (unowned), in order */
};

G_DEFINE_FINAL_TYPE (BobbinDownloadOptions, bobbin_download_options, ADW_TYPE_EXPANDER_ROW)

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static char *
get_text (GtkEditable *row)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (row)));
}

/* ---- what is wrong */

static gboolean
check_checksum (BobbinDownloadOptions *self, GError **error)
{
  g_autofree char *text = get_text (self->checksum);
  BobbinChecksum checksum;
  gboolean right = *text == '\0' || bobbin_checksum_parse (text, &checksum, error);

  bobbin_mark_wrong (self->checksum, self->checksum, !right);

  return right;
}

/* Empty rows are none. */
static GStrv
get_headers (BobbinDownloadOptions *self)
{
  g_autoptr (GStrvBuilder) headers = g_strv_builder_new ();

  for (guint i = 0; i < self->headers->len; i++)
    {
      g_autofree char *text = get_text (g_ptr_array_index (self->headers, i));

      if (*text != '\0')
        g_strv_builder_add (headers, text);
    }

  return g_strv_builder_end (headers);
}

/* Marks all that are wrong; says what is with the first. */
static gboolean
check_headers (BobbinDownloadOptions *self, GError **error)
{
  gboolean all_right = TRUE;

  for (guint i = 0; i < self->headers->len; i++)
    {
      GtkEditable *row = g_ptr_array_index (self->headers, i);
      g_autofree char *text = get_text (row);
      const gboolean right =
        *text == '\0' || bobbin_http_check_header (text, all_right ? error : NULL);

      bobbin_mark_wrong (row, row, !right);
      all_right = all_right && right;
    }

  return all_right;
}

/* All but the checksum; the rows by themselves say no more than that something is there. */
static BobbinHttpContext *
make_context (BobbinDownloadOptions *self, GError **error)
{
  g_auto (GStrv) headers = get_headers (self);
  g_autofree char *referrer = get_text (self->referrer);
  g_autofree char *user_agent = get_text (self->user_agent);
  g_autofree char *user = get_text (self->user);
  const char *password = gtk_editable_get_text (self->password);
  const BobbinHttpSettings settings = {
    .headers = (const char *const *) headers,
    .referrer = referrer,
    .user_agent = user_agent,
    .cookie_file = bobbin_file_row_get_file (self->cookies),
    .user = user,
    .password = *user == '\0' && *password == '\0' ? NULL : password,
  };

  return bobbin_http_context_new (&settings, error);
}

/* Which row a fault is of is found by leaving the others out. */
static gboolean
check_alone (BobbinHttpSettings settings, gpointer row)
{
  g_autoptr (BobbinHttpContext) context = bobbin_http_context_new (&settings, NULL);

  bobbin_mark_wrong (row, row, context == NULL);

  return context != NULL;
}

static void
mark_rows (BobbinDownloadOptions *self)
{
  g_autofree char *referrer = get_text (self->referrer);
  g_autofree char *user_agent = get_text (self->user_agent);
  g_autofree char *user = get_text (self->user);
  const char *password = gtk_editable_get_text (self->password);

  check_alone ((BobbinHttpSettings){ .referrer = referrer }, self->referrer);
  check_alone ((BobbinHttpSettings){ .user_agent = user_agent }, self->user_agent);
  check_alone ((BobbinHttpSettings){ .user = user, .password = password }, self->user);
}

/**
 * bobbin_download_options_check:
 * @error: return location for what is wrong, a sentence
 *
 * Checks all that was typed, and marks the rows in which something is wrong.
 *
 * Returns: whether it can be used
 */
gboolean
bobbin_download_options_check (BobbinDownloadOptions *self, GError **error)
{
  g_autoptr (BobbinHttpContext) context = NULL;

  g_return_val_if_fail (BOBBIN_IS_DOWNLOAD_OPTIONS (self), FALSE);

  mark_rows (self);
  if (!check_checksum (self, error) || !check_headers (self, error))
    return FALSE;
  context = make_context (self, error);

  return context != NULL;
}

static void
on_changed (BobbinDownloadOptions *self)
{
  gtk_widget_set_sensitive (self->remember_row, *gtk_editable_get_text (self->password) != '\0');
  g_signal_emit (self, signals[CHANGED], 0);
}

/* ---- headers, a row each */

static void
remove_header (BobbinDownloadOptions *self, GtkWidget *button)
{
  GtkWidget *row = gtk_widget_get_ancestor (button, ADW_TYPE_ENTRY_ROW);

  g_ptr_array_remove (self->headers, row);
  gtk_widget_grab_focus (self->add_header);
  adw_expander_row_remove (ADW_EXPANDER_ROW (self), row);
  on_changed (self);
}

static GtkWidget *
make_remove_button (BobbinDownloadOptions *self)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("list-remove-symbolic");

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  bobbin_job_row_name_control (button, _ ("Remove Header"));
  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_header), self, G_CONNECT_SWAPPED);

  return button;
}

static void
add_header (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinDownloadOptions *self = BOBBIN_DOWNLOAD_OPTIONS (widget);
  GtkWidget *row =
    g_object_new (ADW_TYPE_ENTRY_ROW, "title", _ ("Header"), "activates-default", TRUE, NULL);

  adw_entry_row_add_suffix (ADW_ENTRY_ROW (row), make_remove_button (self));
  g_signal_connect_object (row, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->headers, row);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
  gtk_widget_grab_focus (row);
}

/* The user has left a field of the login. */
static void
on_flags_changed (BobbinDownloadOptions *self, GtkStateFlags before, GtkWidget *row)
{
  if (!gtk_widget_in_destruction (GTK_WIDGET (self)) &&
      (before & ~gtk_widget_get_state_flags (row) & GTK_STATE_FLAG_FOCUS_WITHIN) != 0)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
bobbin_download_options_finalize (GObject *object)
{
  g_ptr_array_unref (BOBBIN_DOWNLOAD_OPTIONS (object)->headers);

  G_OBJECT_CLASS (bobbin_download_options_parent_class)->finalize (object);
}

static void
bobbin_download_options_class_init (BobbinDownloadOptionsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bobbin_download_options_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (BOBBIN_TYPE_FILE_ROW);

  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_RESOURCE_PATH
                                               "/downloads/bobbin-download-options.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadOptions, checksum);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadOptions, user);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadOptions, password);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadOptions, remember);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadOptions, remember_row);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadOptions, referrer);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadOptions, user_agent);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadOptions, cookies);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadOptions, add_header);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadOptions, connections);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadOptions, rate);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_flags_changed);
  gtk_widget_class_install_action (widget_class, "options.add-header", NULL, add_header);
}

static void
bobbin_download_options_init (BobbinDownloadOptions *self)
{
  self->headers = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * bobbin_download_options_load:
 * @settings: the app's settings
 *
 * Shows what a new download is given by default.
 */
void
bobbin_download_options_load (BobbinDownloadOptions *self, GSettings *settings)
{
  g_return_if_fail (BOBBIN_IS_DOWNLOAD_OPTIONS (self));

  gtk_adjustment_set_value (self->connections, g_settings_get_uint (settings, "connections"));
}

/**
 * bobbin_download_options_fill:
 * @wishes: what to fill in
 *
 * Puts into @wishes what was typed, which bobbin_download_options_check() has found right.
 */
void
bobbin_download_options_fill (BobbinDownloadOptions *self, BobbinDownloadWishes *wishes)
{
  g_return_if_fail (BOBBIN_IS_DOWNLOAD_OPTIONS (self));

  g_free (wishes->checksum);
  wishes->checksum = bobbin_download_options_has_checksum (self) ? get_text (self->checksum) : NULL;
  wishes->connections = (guint) gtk_adjustment_get_value (self->connections);
  wishes->limit_rate = (gint64) (gtk_adjustment_get_value (self->rate) * KILOBYTE);
  g_clear_pointer (&wishes->context, bobbin_http_context_unref);
  wishes->context = bobbin_download_options_dup_context (self);
  wishes->remembers = gtk_switch_get_active (self->remember);
}

/**
 * bobbin_download_options_dup_context:
 *
 * Returns: (transfer full) (nullable): what requests are to say beside the address; %NULL where
 *   that is nothing, or wrong
 */
BobbinHttpContext *
bobbin_download_options_dup_context (BobbinDownloadOptions *self)
{
  g_autoptr (BobbinHttpContext) context = NULL;

  g_return_val_if_fail (BOBBIN_IS_DOWNLOAD_OPTIONS (self), NULL);

  context = make_context (self, NULL);

  return context != NULL && !bobbin_http_context_is_empty (context) ? g_steal_pointer (&context)
                                                                    : NULL;
}

/**
 * bobbin_download_options_is_at_login:
 *
 * Returns: whether the user is in a field of the login: what is typed there is to be sent to nobody
 *   before it is whole
 */
gboolean
bobbin_download_options_is_at_login (BobbinDownloadOptions *self)
{
  const GtkStateFlags flags = gtk_widget_get_state_flags (GTK_WIDGET (self->user)) |
                              gtk_widget_get_state_flags (GTK_WIDGET (self->password));

  return (flags & GTK_STATE_FLAG_FOCUS_WITHIN) != 0;
}

/**
 * bobbin_download_options_has_checksum:
 *
 * Returns: whether there is a checksum, which can be of one file only
 */
gboolean
bobbin_download_options_has_checksum (BobbinDownloadOptions *self)
{
  g_autofree char *text = get_text (self->checksum);

  return *text != '\0';
}
