/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinFinishedRemoval takes items out of the history in a way that can be undone: they leave the
 * store at once, and go back into it for as long as a toast offers Undo. Items removed meanwhile
 * join those before. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-finished-removal.h"

#include <glib/gi18n-lib.h>

/* How long Undo is offered, in milliseconds. */
#define UNDO_TIMEOUT 8000

struct _BobbinFinishedRemoval
{
  GObject parent_instance;

  BobbinFinishedList *list; /* (owned) */
  BobbinToasts *toasts;     /* (owned) */
  GPtrArray *removed;       /* (owned): of BobbinFinishedItem, what Undo brings back */
  AdwToast *toast;          /* (owned) (nullable): offers Undo for them */
  guint timeout_source;
};

G_DEFINE_FINAL_TYPE (BobbinFinishedRemoval, bobbin_finished_removal, G_TYPE_OBJECT)

typedef enum
{
  PROP_CAN_UNDO = 1,
} BobbinFinishedRemovalProperty;

static GParamSpec *props[PROP_CAN_UNDO + 1];

static void
retire_toast (BobbinFinishedRemoval *self)
{
  g_autoptr (AdwToast) toast = g_steal_pointer (&self->toast);

  g_clear_handle_id (&self->timeout_source, g_source_remove);
  if (toast == NULL)
    return;

  g_signal_handlers_disconnect_by_data (toast, self);
  adw_toast_set_button_label (toast, NULL);
  bobbin_toasts_withdraw (self->toasts, toast);
}

static void
forget_removed (BobbinFinishedRemoval *self)
{
  if (self->removed->len == 0)
    return;

  g_ptr_array_set_size (self->removed, 0);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CAN_UNDO]);
}

static void
on_dismissed (BobbinFinishedRemoval *self)
{
  g_clear_handle_id (&self->timeout_source, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->toast, self);
  g_clear_object (&self->toast);
  forget_removed (self);
}

static void
on_timeout (gpointer user_data)
{
  BobbinFinishedRemoval *self = BOBBIN_FINISHED_REMOVAL (user_data);

  self->timeout_source = 0;
  bobbin_finished_removal_conclude (self);
}

static char *
describe (BobbinFinishedRemoval *self)
{
  const guint n = self->removed->len;
  g_autofree char *name = bobbin_finished_item_dup_name (g_ptr_array_index (self->removed, 0));

  if (n == 1)
    /* Translators: %s is the name of a file. */
    return g_markup_printf_escaped (_ ("Removed “%s” from the history"), name);

  return g_strdup_printf (ngettext ("Removed %u download from the history",
                                    "Removed %u downloads from the history", n),
                          n);
}

static void
show_toast (BobbinFinishedRemoval *self, const char *title)
{
  self->toast = adw_toast_new (title);
  adw_toast_set_button_label (self->toast, _ ("_Undo"));
  adw_toast_set_timeout (self->toast, 0);
  adw_toast_set_priority (self->toast, ADW_TOAST_PRIORITY_HIGH);
  g_signal_connect_swapped (self->toast, "button-clicked",
                            G_CALLBACK (bobbin_finished_removal_undo), self);
  g_signal_connect_swapped (self->toast, "dismissed", G_CALLBACK (on_dismissed), self);
  bobbin_toasts_show (self->toasts, g_object_ref (self->toast));
}

/* One toast for all. With each that joins, its time begins anew: the reason for a timer of our
 * own. */
static void
offer_undo (BobbinFinishedRemoval *self)
{
  g_autofree char *title = describe (self);

  if (self->toast != NULL)
    adw_toast_set_title (self->toast, title);
  else
    show_toast (self, title);
  g_clear_handle_id (&self->timeout_source, g_source_remove);
  self->timeout_source = g_timeout_add_once (UNDO_TIMEOUT, on_timeout, self);
  g_source_set_name_by_id (self->timeout_source, "[bobbin] offer to undo");
}

static void
bobbin_finished_removal_get_property (GObject *object,
                                      guint prop_id,
                                      GValue *value,
                                      GParamSpec *pspec)
{
  BobbinFinishedRemoval *self = BOBBIN_FINISHED_REMOVAL (object);

  switch ((BobbinFinishedRemovalProperty) prop_id)
    {
    case PROP_CAN_UNDO:
      g_value_set_boolean (value, bobbin_finished_removal_can_undo (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_finished_removal_dispose (GObject *object)
{
  BobbinFinishedRemoval *self = BOBBIN_FINISHED_REMOVAL (object);

  retire_toast (self);
  g_clear_object (&self->toasts);
  g_clear_object (&self->list);

  G_OBJECT_CLASS (bobbin_finished_removal_parent_class)->dispose (object);
}

static void
bobbin_finished_removal_finalize (GObject *object)
{
  g_ptr_array_unref (BOBBIN_FINISHED_REMOVAL (object)->removed);

  G_OBJECT_CLASS (bobbin_finished_removal_parent_class)->finalize (object);
}

static void
bobbin_finished_removal_class_init (BobbinFinishedRemovalClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bobbin_finished_removal_get_property;
  object_class->dispose = bobbin_finished_removal_dispose;
  object_class->finalize = bobbin_finished_removal_finalize;

  props[PROP_CAN_UNDO] =
    g_param_spec_boolean ("can-undo", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
bobbin_finished_removal_init (BobbinFinishedRemoval *self)
{
  self->removed = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * bobbin_finished_removal_new:
 * @list: where items are removed from, and go back to
 * @toasts: where Undo is offered
 *
 * Returns: (transfer full): what removes them
 */
BobbinFinishedRemoval *
bobbin_finished_removal_new (BobbinFinishedList *list, BobbinToasts *toasts)
{
  BobbinFinishedRemoval *self;

  g_return_val_if_fail (BOBBIN_IS_FINISHED_LIST (list), NULL);
  g_return_val_if_fail (BOBBIN_IS_TOASTS (toasts), NULL);

  self = g_object_new (BOBBIN_TYPE_FINISHED_REMOVAL, NULL);
  self->list = g_object_ref (list);
  self->toasts = g_object_ref (toasts);

  return self;
}

/**
 * bobbin_finished_removal_remove:
 * @item: an item of the list
 *
 * Takes @item out of the history, and offers to undo that. Its file stays where it is.
 */
void
bobbin_finished_removal_remove (BobbinFinishedRemoval *self, BobbinFinishedItem *item)
{
  g_return_if_fail (BOBBIN_IS_FINISHED_REMOVAL (self));
  g_return_if_fail (BOBBIN_IS_FINISHED_ITEM (item));

  g_ptr_array_add (self->removed, g_object_ref (item));
  bobbin_finished_list_remove (self->list, item);
  offer_undo (self);
  if (self->removed->len == 1)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CAN_UNDO]);
}

/**
 * bobbin_finished_removal_can_undo:
 *
 * Returns: the property `can-undo`
 */
gboolean
bobbin_finished_removal_can_undo (BobbinFinishedRemoval *self)
{
  g_return_val_if_fail (BOBBIN_IS_FINISHED_REMOVAL (self), FALSE);

  return self->removed->len > 0;
}

/**
 * bobbin_finished_removal_undo:
 *
 * Puts back all that Undo is offered for.
 */
void
bobbin_finished_removal_undo (BobbinFinishedRemoval *self)
{
  g_return_if_fail (BOBBIN_IS_FINISHED_REMOVAL (self));

  retire_toast (self);
  for (guint i = 0; i < self->removed->len; i++)
    bobbin_finished_list_restore (self->list, g_ptr_array_index (self->removed, i));
  forget_removed (self);
}

/**
 * bobbin_finished_removal_conclude:
 *
 * Ends the offer to undo.
 */
void
bobbin_finished_removal_conclude (BobbinFinishedRemoval *self)
{
  g_return_if_fail (BOBBIN_IS_FINISHED_REMOVAL (self));

  retire_toast (self);
  forget_removed (self);
}
