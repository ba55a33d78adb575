/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks for the limit of the speed of single downloads, which holds at once, beside that of all of
 * them. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-limit-dialog.h"

#include <glib/gi18n-lib.h>

#include "bobbin-download.h"
#include "bobbin-number-row.h"

#define KILOBYTE 1000
#define MAX_RATE 10000000 /* kilobytes a second */

/* The dialog's. */
typedef struct
{
  GPtrArray *downloads;      /* (owned) of BobbinJob (owned) */
  GtkAdjustment *adjustment; /* (owned) */
} Limit;

static void
limit_free (gpointer data, GClosure *closure)
{
  Limit *limit = data;

  g_ptr_array_unref (limit->downloads);
  g_object_unref (limit->adjustment);
  g_free (limit);
}

static void
on_response (AdwMessageDialog *dialog, const char *response, Limit *limit)
{
  const gint64 rate = gtk_adjustment_get_value (limit->adjustment) * KILOBYTE;

  if (!g_str_equal (response, "limit"))
    return;

  for (guint i = 0; i < limit->downloads->len; i++)
    g_object_set (g_ptr_array_index (limit->downloads, i), "limit-rate", rate, NULL);
}

static char *
describe (GPtrArray *downloads)
{
  if (downloads->len == 1)
    return g_strdup (bobbin_job_get_title (g_ptr_array_index (downloads, 0)));

  return g_strdup_printf (ngettext ("%u download, each for itself", "%u downloads, each for itself",
                                    downloads->len),
                          downloads->len);
}

/* What the first one has is offered. */
static GtkAdjustment *
make_adjustment (GPtrArray *downloads)
{
  gint64 rate;

  g_object_get (g_ptr_array_index (downloads, 0), "limit-rate", &rate, NULL);

  return gtk_adjustment_new ((double) rate / KILOBYTE, 0, MAX_RATE, 100, 1000, 0);
}

static GtkWidget *
make_rows (GtkAdjustment *adjustment)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *row = g_object_new (BOBBIN_TYPE_NUMBER_ROW, "title", _ ("_Kilobytes a Second"),
                                 "subtitle", _ ("0 is no limit"), "adjustment", adjustment, NULL);

  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);

  return group;
}

/**
 * bobbin_limit_dialog_new:
 * @downloads: (element-type BobbinDownload): what to limit, at least one
 *
 * Returns: (transfer none): the window, which GTK owns
 */
GtkWindow *
bobbin_limit_dialog_new (GPtrArray *downloads)
{
  g_autofree char *body = NULL;
  AdwMessageDialog *dialog;
  Limit *limit;

  g_return_val_if_fail (downloads != NULL && downloads->len > 0, NULL);

  body = describe (downloads);
  limit = g_new0 (Limit, 1);
  limit->downloads = g_ptr_array_copy (downloads, (GCopyFunc) (void (*) (void)) g_object_ref, NULL);
  g_ptr_array_set_free_func (limit->downloads, g_object_unref);
  limit->adjustment = g_object_ref_sink (make_adjustment (downloads));

  dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (NULL, _ ("Limit Speed"), body));
  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "limit", _ ("_Limit"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "limit", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "limit");
  adw_message_dialog_set_close_response (dialog, "cancel");
  adw_message_dialog_set_extra_child (dialog, make_rows (limit->adjustment));
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_response), limit, limit_free, 0);

  return GTK_WINDOW (dialog);
}
