/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks for another address of the same file, for a download that has stopped or failed, and has it
 * go on from there. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-new-address.h"

#include <glib/gi18n-lib.h>

#include "bobbin-wrong-mark.h"

/* The dialog's. */
typedef struct
{
  BobbinDownload *download; /* (owned) */
  BobbinKeyring *keyring;   /* (owned) */
  AdwMessageDialog *dialog; /* (unowned) whose this is */
  GtkEditable *address;     /* (unowned) in it */
  GtkLabel *problem;        /* (unowned) so, too */
} Question;

static void
question_free (gpointer data, GClosure *closure)
{
  Question *question = data;

  g_object_unref (question->download);
  g_object_unref (question->keyring);
  g_free (question);
}

/* What is on its way to another address. */
typedef struct
{
  BobbinDownload *download;  /* (owned) */
  BobbinKeyring *keyring;    /* (owned) */
  BobbinHttpContext *before; /* (owned) (nullable): what its requests said at the old one */
} Move;

static void
move_free (Move *move)
{
  g_object_unref (move->download);
  g_object_unref (move->keyring);
  /* Held until now, so that no other one takes its place in memory. */
  g_clear_pointer (&move->before, bobbin_http_context_unref);
  g_free (move);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Move, move_free)

/* Says whether it comes from there now. What was remembered for its old server goes with what its
 * requests said there: a later start of the app would give it to the new one. */
static gboolean
finish (Move *move, GAsyncResult *result, GError **error)
{
  if (!bobbin_download_move_finish (move->download, result, error))
    return FALSE;
  if (bobbin_download_get_context (move->download) != move->before)
    bobbin_keyring_renew (move->keyring, BOBBIN_JOB (move->download));

  return TRUE;
}

static void
on_moved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Move) move = user_data;
  BobbinJob *job = BOBBIN_JOB (move->download);
  g_autoptr (GError) error = NULL;

  /* Where the disk does not take it, the next run fails for the same reason, and says so. It may
   * have been started, or removed, meanwhile: then this does nothing. */
  if (!finish (move, result, &error) && error != NULL)
    bobbin_job_log (job, BOBBIN_EVENT_NOTE, "%s", error->message);
  else
    bobbin_job_start (job);
}

static char *
check (Question *question, GError **error)
{
  return bobbin_download_check_address (gtk_editable_get_text (question->address), error);
}

static void
on_changed (Question *question)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *address = check (question, &error);
  const gboolean is_empty = *gtk_editable_get_text (question->address) == '\0';
  const gboolean is_wrong = address == NULL && !is_empty;

  adw_message_dialog_set_response_enabled (question->dialog, "use", address != NULL);
  bobbin_mark_wrong (question->address, question->address, is_wrong);
  bobbin_tell_wrong (question->problem, is_wrong ? error->message : NULL);
}

static void
on_response (AdwMessageDialog *dialog, const char *response, Question *question)
{
  g_autofree char *address = g_str_equal (response, "use") ? check (question, NULL) : NULL;
  Move *move;

  if (address == NULL || bobbin_job_is_active (BOBBIN_JOB (question->download)))
    return;

  move = g_new0 (Move, 1);
  move->download = g_object_ref (question->download);
  move->keyring = g_object_ref (question->keyring);
  move->before = bobbin_download_get_context (question->download);
  if (move->before != NULL)
    bobbin_http_context_ref (move->before);
  bobbin_download_move_async (move->download, address, on_moved, move);
}

static GtkWidget *
make_problem (void)
{
  static const char *const classes[] = { "caption", "error", NULL };

  return g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT, "wrap", TRUE,
                       "wrap-mode", PANGO_WRAP_WORD_CHAR, "xalign", 0.0, "margin-top", 12,
                       "visible", FALSE, "css-classes", classes, NULL);
}

static GtkWidget *
make_rows (Question *question)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *row = g_object_new (ADW_TYPE_ENTRY_ROW, "title", _ ("Address"), "activates-default",
                                 TRUE, "input-purpose", GTK_INPUT_PURPOSE_URL, NULL);

  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  question->address = GTK_EDITABLE (row);
  question->problem = GTK_LABEL (make_problem ());
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (question->problem));
  gtk_editable_set_text (question->address, bobbin_download_get_address (question->download));
  g_signal_connect_swapped (row, "changed", G_CALLBACK (on_changed), question);

  return group;
}

/**
 * bobbin_new_address_new:
 * @download: a download that does not run and is not done
 * @keyring: what may remember its login
 *
 * Returns: (transfer none): the window, which GTK owns
 */
GtkWindow *
bobbin_new_address_new (BobbinDownload *download, BobbinKeyring *keyring)
{
  AdwMessageDialog *dialog;
  Question *question;

  g_return_val_if_fail (BOBBIN_IS_DOWNLOAD (download), NULL);
  g_return_val_if_fail (BOBBIN_IS_KEYRING (keyring), NULL);

  dialog = ADW_MESSAGE_DIALOG (
    adw_message_dialog_new (NULL, _ ("New Address"),
                            _ ("The download goes on from there with what it has, if that is the "
                               "same file. If not, it begins anew.")));
  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "use", _ ("_Go On"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "use", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "use");
  adw_message_dialog_set_close_response (dialog, "cancel");

  question = g_new0 (Question, 1);
  question->download = g_object_ref (download);
  question->keyring = g_object_ref (keyring);
  question->dialog = dialog;
  adw_message_dialog_set_extra_child (dialog, make_rows (question));
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_response), question, question_free, 0);

  return GTK_WINDOW (dialog);
}
