/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinToasts hands toasts to an AdwToastOverlay one at a time, and has each come at once, without
 * an animation. Only so is AdwToastOverlay safe: until 1.3 it reads freed memory when a toast has
 * gone before its coming has ended (libadwaita 1674ebc9), and until 1.8 it aborts when a toast that
 * another one displaced comes back too soon (6db9f4d6). No wait helps against the first: in a main
 * loop that was held up both animations end in one frame.
 *
 * A toast of high priority is seen at once. The one that is there makes room and comes back after
 * it, as AdwToastOverlay itself has it. To whoever made that one it has not been dismissed
 * meanwhile: for that, each is shown by a stand-in. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-toasts.h"

struct _BobbinToasts
{
  GObject parent_instance;

  AdwToastOverlay *overlay; /* (weak) (nullable) */
  GQueue waiting;           /* of AdwToast (owned); the next first */
  AdwToast *current;        /* (owned) (nullable) */
  AdwToast *stand_in;       /* (owned) (nullable): shows the current one */
  guint source;
};

G_DEFINE_FINAL_TYPE (BobbinToasts, bobbin_toasts, G_TYPE_OBJECT)

static void advance (BobbinToasts *self);

static void
on_idle (gpointer user_data)
{
  BobbinToasts *self = BOBBIN_TOASTS (user_data);

  self->source = 0;
  advance (self);
}

/* The next one comes when the overlay has done with this one. */
static void
forget_stand_in (BobbinToasts *self)
{
  g_signal_handlers_disconnect_by_data (self->stand_in, self);
  g_clear_object (&self->stand_in);
  if (self->source == 0)
    self->source = g_idle_add_once (on_idle, self);
}

static void
on_dismissed (BobbinToasts *self)
{
  g_autoptr (AdwToast) toast = g_steal_pointer (&self->current);

  forget_stand_in (self);
  g_signal_emit_by_name (toast, "dismissed");
}

static void
on_button_clicked (BobbinToasts *self)
{
  g_autoptr (AdwToast) toast = g_object_ref (self->current);

  g_signal_emit_by_name (toast, "button-clicked");
}

static AdwToast *
make_stand_in (BobbinToasts *self, AdwToast *toast)
{
  AdwToast *stand_in = adw_toast_new ("");

  g_object_bind_property (toast, "title", stand_in, "title", G_BINDING_SYNC_CREATE);
  g_object_bind_property (toast, "button-label", stand_in, "button-label", G_BINDING_SYNC_CREATE);
  adw_toast_set_timeout (stand_in, adw_toast_get_timeout (toast));
  adw_toast_set_priority (stand_in, adw_toast_get_priority (toast));
  g_signal_connect_swapped (stand_in, "button-clicked", G_CALLBACK (on_button_clicked), self);
  g_signal_connect_swapped (stand_in, "dismissed", G_CALLBACK (on_dismissed), self);

  return stand_in;
}

static void
add_at_once (AdwToastOverlay *overlay, AdwToast *toast)
{
  GtkSettings *settings = gtk_widget_get_settings (GTK_WIDGET (overlay));
  gboolean animated;

  g_object_get (settings, "gtk-enable-animations", &animated, NULL);
  if (animated)
    g_object_set (settings, "gtk-enable-animations", FALSE, NULL);
  adw_toast_overlay_add_toast (overlay, g_object_ref (toast));
  if (animated)
    gtk_settings_reset_property (settings, "gtk-enable-animations");
}

static void
advance (BobbinToasts *self)
{
  if (self->overlay == NULL || self->current != NULL || self->source != 0 ||
      g_queue_is_empty (&self->waiting))
    return;

  self->current = g_queue_pop_head (&self->waiting);
  self->stand_in = make_stand_in (self, self->current);
  add_at_once (self->overlay, self->stand_in);
}

/* The current toast makes room, and is the next again. */
static void
set_aside (BobbinToasts *self)
{
  g_autoptr (AdwToast) stand_in = NULL;

  if (self->current == NULL)
    return;

  stand_in = g_object_ref (self->stand_in);
  forget_stand_in (self);
  g_queue_push_head (&self->waiting, g_steal_pointer (&self->current));
  adw_toast_dismiss (stand_in);
}

static void
bobbin_toasts_dispose (GObject *object)
{
  BobbinToasts *self = BOBBIN_TOASTS (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_weak_pointer (&self->overlay);
  if (self->stand_in != NULL)
    g_signal_handlers_disconnect_by_data (self->stand_in, self);
  g_clear_object (&self->stand_in);
  g_clear_object (&self->current);
  g_queue_clear_full (&self->waiting, g_object_unref);

  G_OBJECT_CLASS (bobbin_toasts_parent_class)->dispose (object);
}

static void
bobbin_toasts_class_init (BobbinToastsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_toasts_dispose;
}

static void
bobbin_toasts_init (BobbinToasts *self)
{
  g_queue_init (&self->waiting);
}

/**
 * bobbin_toasts_new:
 * @overlay: where to show them
 *
 * Returns: (transfer full): who shows toasts there
 */
BobbinToasts *
bobbin_toasts_new (AdwToastOverlay *overlay)
{
  BobbinToasts *self = g_object_new (BOBBIN_TYPE_TOASTS, NULL);

  g_set_weak_pointer (&self->overlay, overlay);

  return self;
}

/**
 * bobbin_toasts_show:
 * @toast: (transfer full): a toast with a title and perhaps a button
 *
 * Shows @toast when those before it have gone; at once if it is of high priority. It is told of a
 * click on its button, and that it is dismissed, by its signals.
 */
void
bobbin_toasts_show (BobbinToasts *self, AdwToast *toast)
{
  if (adw_toast_get_priority (toast) == ADW_TOAST_PRIORITY_HIGH)
    {
      set_aside (self);
      g_queue_push_head (&self->waiting, toast);
    }
  else
    g_queue_push_tail (&self->waiting, toast);
  advance (self);
}

/**
 * bobbin_toasts_withdraw:
 * @toast: a toast that was to be shown
 *
 * Has it go, or never come.
 */
void
bobbin_toasts_withdraw (BobbinToasts *self, AdwToast *toast)
{
  if (g_queue_remove (&self->waiting, toast))
    g_object_unref (toast);
  else if (self->current == toast)
    adw_toast_dismiss (self->stand_in);
}
