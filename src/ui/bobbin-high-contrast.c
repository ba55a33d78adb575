/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Adds high-contrast.css to style.css where the user asked for high contrast. libadwaita has done
 * so by itself with a file of a name of its own, but from 1.10 on warns of it in favour of media
 * queries, which the GTK of Debian 12 does not know. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-high-contrast.h"

static void
update (AdwStyleManager *manager, GParamSpec *pspec, gpointer provider)
{
  GdkDisplay *display = gdk_display_get_default ();

  if (adw_style_manager_get_high_contrast (manager))
    gtk_style_context_add_provider_for_display (display, provider,
                                                GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  else
    gtk_style_context_remove_provider_for_display (display, provider);
}

/**
 * bobbin_high_contrast_follow:
 *
 * Follows what the user asks for, now and as long as the program runs. To be called once GTK and
 * libadwaita have been initialized; a second call does nothing.
 */
void
bobbin_high_contrast_follow (void)
{
  static GtkCssProvider *provider;
  AdwStyleManager *manager = adw_style_manager_get_default ();

  if (provider != NULL)
    return;

  provider = gtk_css_provider_new ();
  gtk_css_provider_load_from_resource (provider, "/io/github/bobbinapp/Bobbin/high-contrast.css");
  g_signal_connect (manager, "notify::high-contrast", G_CALLBACK (update), provider);
  update (manager, NULL, provider);
}
