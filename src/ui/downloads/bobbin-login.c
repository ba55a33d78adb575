/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinLogin asks for the user name and the password that a server wants for a download, and has
 * the download try them. They go to the server and, where the user says so, to where the desktop
 * keeps passwords; nowhere else. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-login.h"

#include "bobbin-application.h"
#include "bobbin-wrong-mark.h"

struct _BobbinLogin
{
  AdwWindow parent_instance;

  GtkWidget *ok;
  GtkLabel *reason;
  GtkEditable *user;
  GtkEditable *password;
  GtkSwitch *remember;
  GtkLabel *problem;

  BobbinDownload *download; /* (owned) */
  BobbinKeyring *keyring;   /* (owned) */
};

G_DEFINE_FINAL_TYPE (BobbinLogin, bobbin_login, ADW_TYPE_WINDOW)

/* All that was set stays, but for the login. */
static BobbinHttpContext *
make_context (BobbinLogin *self, GError **error)
{
  BobbinHttpContext *old = bobbin_download_get_context (self->download);
  BobbinHttpSettings settings = { 0 };

  if (old != NULL)
    settings = *bobbin_http_context_get_settings (old);
  settings.user = gtk_editable_get_text (self->user);
  settings.password = gtk_editable_get_text (self->password);

  return bobbin_http_context_new (&settings, error);
}

static void
on_changed (BobbinLogin *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BobbinHttpContext) context = NULL;
  gboolean has_user = *gtk_editable_get_text (self->user) != '\0';

  if (has_user)
    context = make_context (self, &error);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "login.log-in", context != NULL);
  bobbin_tell_wrong (self->problem, error != NULL ? error->message : NULL);
}

static void
log_in (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinLogin *self = BOBBIN_LOGIN (widget);
  g_autoptr (BobbinHttpContext) context = make_context (self, NULL);

  if (context != NULL)
    {
      bobbin_download_set_context (self->download, context);
      if (gtk_switch_get_active (self->remember))
        bobbin_keyring_remember (self->keyring, BOBBIN_JOB (self->download));
      else /* nor what was remembered before */
        bobbin_keyring_forget (self->keyring, BOBBIN_JOB (self->download));
      bobbin_job_start (BOBBIN_JOB (self->download));
    }
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
bobbin_login_dispose (GObject *object)
{
  BobbinLogin *self = BOBBIN_LOGIN (object);

  g_clear_object (&self->download);
  g_clear_object (&self->keyring);

  G_OBJECT_CLASS (bobbin_login_parent_class)->dispose (object);
}

static void
bobbin_login_class_init (BobbinLoginClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_login_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               BOBBIN_RESOURCE_PATH "/downloads/bobbin-login.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinLogin, ok);
  gtk_widget_class_bind_template_child (widget_class, BobbinLogin, reason);
  gtk_widget_class_bind_template_child (widget_class, BobbinLogin, user);
  gtk_widget_class_bind_template_child (widget_class, BobbinLogin, password);
  gtk_widget_class_bind_template_child (widget_class, BobbinLogin, remember);
  gtk_widget_class_bind_template_child (widget_class, BobbinLogin, problem);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_install_action (widget_class, "login.log-in", NULL, log_in);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
bobbin_login_init (BobbinLogin *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * bobbin_login_new:
 * @download: a download whose server wants a login
 * @keyring: what may remember it
 *
 * Returns: (transfer none): the window, which GTK owns
 */
GtkWindow *
bobbin_login_new (BobbinDownload *download, BobbinKeyring *keyring)
{
  BobbinLogin *self = g_object_new (BOBBIN_TYPE_LOGIN, NULL);
  BobbinHttpContext *context = bobbin_download_get_context (download);
  const char *user = context != NULL ? bobbin_http_context_get_settings (context)->user : NULL;
  const GError *error = bobbin_job_get_error (BOBBIN_JOB (download));

  self->download = g_object_ref (download);
  self->keyring = g_object_ref (keyring);
  gtk_label_set_label (self->reason, error != NULL ? error->message : "");
  gtk_editable_set_text (self->user, user != NULL ? user : "");
  on_changed (self);
  gtk_widget_grab_focus (GTK_WIDGET (user != NULL ? self->password : self->user));

  return GTK_WINDOW (self);
}
