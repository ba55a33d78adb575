/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Offers to download an address that somebody copied elsewhere: when the window gets the focus, and
 * only then, the clipboard is looked at. Each address is offered once, and none that is in the list
 * already. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-clipboard-offer.h"

#include <glib/gi18n-lib.h>

#include "bobbin-application-private.h"
#include "bobbin-download.h"

/* No address is longer. */
#define MAX_LENGTH 8192

#define ADDRESS_KEY "bobbin-address"

struct _BobbinClipboardOffer
{
  GObject parent_instance;

  BobbinApplication *application; /* (unowned) owns this */
  GCancellable *cancellable;      /* (owned) (nullable): of the look that is under way */
  GHashTable *offered;            /* (owned): of utf8 */
};

G_DEFINE_FINAL_TYPE (BobbinClipboardOffer, bobbin_clipboard_offer, G_TYPE_OBJECT)

static void
on_accepted (BobbinClipboardOffer *self, AdwToast *toast)
{
  const char *const addresses[] = { g_object_get_data (G_OBJECT (toast), ADDRESS_KEY), NULL };

  if (self->application != NULL)
    g_action_group_activate_action (G_ACTION_GROUP (self->application), "add-download",
                                    g_variant_new_strv (addresses, -1));
}

static void
offer (BobbinClipboardOffer *self, const char *address)
{
  BobbinWindow *window = bobbin_application_ensure_window (self->application);
  AdwToast *toast = adw_toast_new (_ ("Download copied address?"));

  /* Translators: a button that downloads what somebody copied the address of. */
  adw_toast_set_button_label (toast, _ ("_Download"));
  g_object_set_data_full (G_OBJECT (toast), ADDRESS_KEY, g_strdup (address), g_free);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (on_accepted), self,
                           G_CONNECT_SWAPPED);
  bobbin_window_show_toast (window, toast);
}

/* What failed may be wanted once more. */
static gboolean
is_in_list (BobbinClipboardOffer *self, const char *address)
{
  GListModel *jobs = G_LIST_MODEL (bobbin_application_get_queue (self->application));
  const guint n = g_list_model_get_n_items (jobs);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (jobs, i);

      if (BOBBIN_IS_DOWNLOAD (job) && bobbin_job_get_state (job) != BOBBIN_JOB_FAILED &&
          g_str_equal (bobbin_download_get_address (BOBBIN_DOWNLOAD (job)), address))
        return TRUE;
    }

  return FALSE;
}

static void
on_text (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);

  if (text != NULL)
    bobbin_clipboard_offer_consider (user_data, text);
}

static gboolean
may_look (BobbinClipboardOffer *self, GdkClipboard *clipboard)
{
  return !gdk_clipboard_is_local (clipboard) &&
         g_settings_get_boolean (bobbin_application_get_settings (self->application),
                                 "offer-clipboard") &&
         !bobbin_job_queue_is_closing (bobbin_application_get_queue (self->application));
}

static void
forget_look (BobbinClipboardOffer *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
on_active (BobbinClipboardOffer *self, GParamSpec *pspec, GtkWindow *window)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (window));

  forget_look (self);
  if (!gtk_window_is_active (window) || !may_look (self, clipboard))
    return;

  self->cancellable = g_cancellable_new ();
  gdk_clipboard_read_text_async (clipboard, self->cancellable, on_text, self);
}

static void
on_window_added (BobbinClipboardOffer *self, GtkWindow *window)
{
  if (BOBBIN_IS_WINDOW (window))
    g_signal_connect_object (window, "notify::is-active", G_CALLBACK (on_active), self,
                             G_CONNECT_SWAPPED);
}

static void
bobbin_clipboard_offer_dispose (GObject *object)
{
  BobbinClipboardOffer *self = BOBBIN_CLIPBOARD_OFFER (object);

  forget_look (self);
  self->application = NULL;

  G_OBJECT_CLASS (bobbin_clipboard_offer_parent_class)->dispose (object);
}

static void
bobbin_clipboard_offer_finalize (GObject *object)
{
  g_hash_table_unref (BOBBIN_CLIPBOARD_OFFER (object)->offered);

  G_OBJECT_CLASS (bobbin_clipboard_offer_parent_class)->finalize (object);
}

static void
bobbin_clipboard_offer_class_init (BobbinClipboardOfferClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_clipboard_offer_dispose;
  G_OBJECT_CLASS (klass)->finalize = bobbin_clipboard_offer_finalize;
}

static void
bobbin_clipboard_offer_init (BobbinClipboardOffer *self)
{
  self->offered = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * bobbin_clipboard_offer_new:
 * @application: the app, which outlives this
 *
 * Returns: (transfer full): what offers copied addresses, for as long as it lives
 */
BobbinClipboardOffer *
bobbin_clipboard_offer_new (BobbinApplication *application)
{
  BobbinClipboardOffer *self = g_object_new (BOBBIN_TYPE_CLIPBOARD_OFFER, NULL);

  self->application = application;
  g_signal_connect_object (application, "window-added", G_CALLBACK (on_window_added), self,
                           G_CONNECT_SWAPPED);

  return self;
}

/**
 * bobbin_clipboard_offer_consider:
 * @text: what was copied
 *
 * Offers to download from @text if it is an address that was not offered before, and is not in the
 * list.
 */
void
bobbin_clipboard_offer_consider (BobbinClipboardOffer *self, const char *text)
{
  g_autofree char *address = NULL;

  g_return_if_fail (BOBBIN_IS_CLIPBOARD_OFFER (self));
  g_return_if_fail (text != NULL);

  if (strlen (text) > MAX_LENGTH)
    return;

  address = bobbin_download_check_address (text, NULL);
  if (address == NULL || is_in_list (self, address) ||
      !g_hash_table_add (self->offered, g_strdup (address)))
    return;

  offer (self, address);
}
