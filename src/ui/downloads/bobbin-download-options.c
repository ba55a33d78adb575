/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinDownloadOptions is what few downloads need, folded away in one row: a checksum, a login,
 * what the requests say, and bounds of its own. What is typed is checked at once, as the engine
 * will; the row that is wrong shows it. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-download-options.h"

#include "bobbin-application.h"
#include "bobbin-checksum.h"
#include "bobbin-download.h"

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
  GtkTextBuffer *headers;
  GtkWidget *headers_row;
  GtkAdjustment *connections;
  GtkAdjustment *rate;
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

static void
mark (gpointer row, gboolean wrong)
{
  if (wrong)
    gtk_widget_add_css_class (row, "error");
  else
    gtk_widget_remove_css_class (row, "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_INVALID,
                               wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}

static gboolean
check_checksum (BobbinDownloadOptions *self, GError **error)
{
  g_autofree char *text = get_text (self->checksum);
  BobbinChecksum checksum;
  gboolean right = *text == '\0' || bobbin_checksum_parse (text, &checksum, error);

  mark (self->checksum, !right);

  return right;
}

/* One header a line; empty lines are none. */
static GStrv
get_headers (BobbinDownloadOptions *self)
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

static gboolean
check_headers (BobbinDownloadOptions *self, GError **error)
{
  g_auto (GStrv) headers = get_headers (self);
  gboolean right = TRUE;

  for (char **line = headers; *line != NULL && right; line++)
    right = bobbin_http_check_header (*line, error);
  mark (self->headers_row, !right);

  return right;
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

  mark (row, context == NULL);

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

static void
bobbin_download_options_class_init (BobbinDownloadOptionsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_RESOURCE_PATH
                                               "/downloads/bobbin-download-options.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadOptions, checksum);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadOptions, user);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadOptions, password);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadOptions, remember);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadOptions, remember_row);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadOptions, referrer);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadOptions, user_agent);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadOptions, headers);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadOptions, headers_row);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadOptions, connections);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadOptions, rate);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
}

static void
bobbin_download_options_init (BobbinDownloadOptions *self)
{
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
 * bobbin_download_options_apply:
 * @job: a new download
 *
 * Gives @job what was typed, which bobbin_download_options_check() has found right.
 */
void
bobbin_download_options_apply (BobbinDownloadOptions *self, BobbinJob *job)
{
  g_autoptr (BobbinHttpContext) context = NULL;
  g_autofree char *checksum = NULL;

  g_return_if_fail (BOBBIN_IS_DOWNLOAD_OPTIONS (self));
  g_return_if_fail (BOBBIN_IS_DOWNLOAD (job));

  checksum = get_text (self->checksum);
  g_object_set (job, "connections", (guint) gtk_adjustment_get_value (self->connections),
                "limit-rate", (gint64) (gtk_adjustment_get_value (self->rate) * KILOBYTE),
                "checksum", *checksum != '\0' ? checksum : NULL, NULL);

  context = make_context (self, NULL);
  if (context != NULL && !bobbin_http_context_is_empty (context))
    bobbin_download_set_context (BOBBIN_DOWNLOAD (job), context);
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

/**
 * bobbin_download_options_remembers:
 *
 * Returns: whether the password is to be remembered
 */
gboolean
bobbin_download_options_remembers (BobbinDownloadOptions *self)
{
  return gtk_switch_get_active (self->remember);
}
