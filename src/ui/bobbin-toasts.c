/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinToasts hands toasts to an AdwToastOverlay one at a time, and has each come at once, without
 * an animation. Only so is AdwToastOverlay safe: until 1.3 it reads freed memory when a toast has
 * gone before its coming has ended (libadwaita 1674ebc9), and until 1.8 it aborts when a toast that
 * another one displaced comes back too soon (6db9f4d6). No wait helps against the first: in a main
 * loop that was held up both animations end in one frame. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-toasts.h"

struct _BobbinToasts
{
  GObject parent_instance;

  AdwToastOverlay *overlay; /* (weak) (nullable) */
  GQueue waiting;           /* of AdwToast (owned); those with high priority first */
  AdwToast *current;        /* (owned) (nullable) */
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
on_dismissed (BobbinToasts *self, AdwToast *toast)
{
  g_signal_handlers_disconnect_by_data (toast, self);
  g_clear_object (&self->current);
  if (self->source == 0)
    self->source = g_idle_add_once (on_idle, self);
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

static gboolean
displaces (AdwToast *next, AdwToast *current)
{
  return adw_toast_get_priority (next) > adw_toast_get_priority (current);
}

static void
advance (BobbinToasts *self)
{
  AdwToast *next = g_queue_peek_head (&self->waiting);

  if (self->overlay == NULL || next == NULL || self->source != 0)
    return;

  if (self->current != NULL)
    {
      if (displaces (next, self->current))
        adw_toast_dismiss (self->current); /* comes back here */
      return;
    }

  self->current = g_queue_pop_head (&self->waiting);
  g_signal_connect_swapped (self->current, "dismissed", G_CALLBACK (on_dismissed), self);
  add_at_once (self->overlay, self->current);
}

static void
bobbin_toasts_dispose (GObject *object)
{
  BobbinToasts *self = BOBBIN_TOASTS (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_weak_pointer (&self->overlay);
  if (self->current != NULL)
    g_signal_handlers_disconnect_by_data (self->current, self);
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
 * @toast: (transfer full): a toast; one of high priority has the present one go
 */
void
bobbin_toasts_show (BobbinToasts *self, AdwToast *toast)
{
  if (adw_toast_get_priority (toast) == ADW_TOAST_PRIORITY_HIGH)
    g_queue_push_head (&self->waiting, toast);
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
    adw_toast_dismiss (toast);
}
