/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What helps a download that failed: by the error's code it is found out which question is to be
 * put to the user, and what becomes of the answer. Nothing interrupts; the question waits in the
 * row for as long as the user does. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-remedy.h"

#include <glib/gi18n-lib.h>

#include "bobbin-download.h"
#include "bobbin-error.h"
#include "bobbin-login.h"
#include "bobbin-new-address.h"

#define CHOICE_KEY "bobbin-folder-choice"

typedef void (*RemedyFunc) (BobbinWindow *window, BobbinJob *job);

static void
download_anyway (BobbinWindow *window, BobbinJob *job)
{
  g_object_set (job, "accept-html", TRUE, NULL);
  bobbin_job_start (job);
}

/* What came was put aside, so this begins anew. */
static void
download_again (BobbinWindow *window, BobbinJob *job)
{
  bobbin_job_start (job);
}

static void
ask_for_login (BobbinWindow *window, BobbinJob *job)
{
  GtkWindow *dialog = bobbin_login_new (BOBBIN_DOWNLOAD (job), bobbin_window_get_keyring (window));

  bobbin_window_present_dialog (window, dialog);
}

static void
ask_for_address (BobbinWindow *window, BobbinJob *job)
{
  GtkWindow *dialog =
    bobbin_new_address_new (BOBBIN_DOWNLOAD (job), bobbin_window_get_keyring (window));

  bobbin_window_present_dialog (window, dialog);
}

/* ---- another folder */

static void
on_discarded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinJob) job = user_data;
  const char *folder = g_object_get_data (G_OBJECT (job), CHOICE_KEY);

  /* Where the old folder cannot be written to nothing of it can be deleted either. */
  bobbin_download_discard_finish (BOBBIN_DOWNLOAD (job), result, NULL);
  if (folder != NULL && !bobbin_job_is_active (job))
    {
      bobbin_download_set_folder (BOBBIN_DOWNLOAD (job), folder);
      bobbin_job_start (job);
    }
  g_object_set_data (G_OBJECT (job), CHOICE_KEY, NULL);
}

static void
begin_anew (BobbinJob *job, const char *folder)
{
  if (bobbin_job_is_active (job))
    return;

  g_object_set_data_full (G_OBJECT (job), CHOICE_KEY, g_strdup (folder), g_free);
  bobbin_download_discard_async (BOBBIN_DOWNLOAD (job), on_discarded, g_object_ref (job));
}

/* What is lost if the question is answered with yes. */
typedef struct
{
  BobbinJobQueue *queue; /* (owned) where it is */
  BobbinJob *job;        /* (owned) */
  char *folder;          /* (owned) where it goes then */
} Loss;

static void
loss_free (gpointer data, GClosure *closure)
{
  Loss *loss = data;

  g_object_unref (loss->queue);
  g_object_unref (loss->job);
  g_free (loss->folder);
  g_free (loss);
}

/* It may have been removed meanwhile, or tried again. */
static void
on_answer (AdwMessageDialog *dialog, const char *response, Loss *loss)
{
  if (g_str_equal (response, "begin") && bobbin_job_get_state (loss->job) != BOBBIN_JOB_DONE &&
      bobbin_job_queue_find (loss->queue, loss->job, NULL))
    begin_anew (loss->job, loss->folder);
}

static void
ask_whether_to_lose (BobbinWindow *window, BobbinJob *job, const char *folder)
{
  g_autofree char *size = g_format_size ((guint64) bobbin_job_get_bytes (job));
  GtkWidget *dialog = adw_message_dialog_new (NULL, _ ("Begin Anew?"), NULL);
  AdwMessageDialog *question = ADW_MESSAGE_DIALOG (dialog);
  Loss *loss = g_new0 (Loss, 1);

  adw_message_dialog_format_body (
    question,
    /* Translators: the first %s is how much, such as 3.5 GB, the second the name of a file */
    _ ("%s of “%s” are there. They cannot be taken along to another folder, and are deleted: the "
       "download begins anew."),
    size, bobbin_job_get_title (job));
  adw_message_dialog_add_responses (question, "cancel", _ ("_Cancel"), "begin", _ ("_Begin Anew"),
                                    NULL);
  adw_message_dialog_set_response_appearance (question, "begin", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (question, "cancel");
  adw_message_dialog_set_close_response (question, "cancel");

  loss->queue = g_object_ref (bobbin_window_get_queue (window));
  loss->job = g_object_ref (job);
  loss->folder = g_strdup (folder);
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_answer), loss, loss_free, 0);
  bobbin_window_present_dialog (window, GTK_WINDOW (dialog));
}

/**
 * bobbin_remedy_use_folder:
 * @window: the window, for a question
 * @job: a download that does not run
 * @folder: (type filename): absolute path of a folder
 *
 * Deletes what there is of the unfinished file and downloads it to @folder. Where there is anything
 * the user is asked before; where it is the same folder the download goes on.
 */
void
bobbin_remedy_use_folder (BobbinWindow *window, BobbinJob *job, const char *folder)
{
  g_return_if_fail (BOBBIN_IS_WINDOW (window));
  g_return_if_fail (BOBBIN_IS_DOWNLOAD (job));
  g_return_if_fail (folder != NULL && g_path_is_absolute (folder));

  if (g_str_equal (folder, bobbin_download_get_folder (BOBBIN_DOWNLOAD (job))))
    bobbin_job_start (job);
  else if (bobbin_job_get_bytes (job) > 0)
    ask_whether_to_lose (window, job, folder);
  else
    begin_anew (job, folder);
}

/* The window owns it: it goes with the answer, or with the window. */
typedef struct
{
  BobbinWindow *window;          /* (unowned) */
  BobbinJob *job;                /* (owned) */
  GtkFileChooserNative *chooser; /* (owned) */
} Choice;

static void
choice_free (gpointer data)
{
  Choice *choice = data;

  g_signal_handlers_disconnect_by_data (choice->chooser, choice);
  gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (choice->chooser));
  g_object_unref (choice->chooser);
  g_object_unref (choice->job);
  g_free (choice);
}

static void
on_response (Choice *choice, int response)
{
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (choice->chooser));
  path = file != NULL ? g_file_get_path (file) : NULL;
  if (path != NULL)
    bobbin_remedy_use_folder (choice->window, choice->job, path);
  g_object_set_data (G_OBJECT (choice->window), CHOICE_KEY, NULL);
}

static void
choose_folder (BobbinWindow *window, BobbinJob *job)
{
  Choice *choice = g_new0 (Choice, 1);

  choice->window = window;
  choice->job = g_object_ref (job);
  choice->chooser = gtk_file_chooser_native_new (_ ("Choose Another Folder"), GTK_WINDOW (window),
                                                 GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                                                 _ ("_Choose"), _ ("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (choice->chooser), TRUE);
  g_signal_connect_swapped (choice->chooser, "response", G_CALLBACK (on_response), choice);
  g_object_set_data_full (G_OBJECT (window), CHOICE_KEY, choice, choice_free);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (choice->chooser));
}

/* ---- which one */

static const struct
{
  BobbinError code;
  const char *label;
  RemedyFunc apply;
} remedies[] = {
  { BOBBIN_ERROR_WEB_PAGE, N_ ("_Download Anyway"), download_anyway },
  { BOBBIN_ERROR_LOGIN_REQUIRED, N_ ("_Log In…"), ask_for_login },
  { BOBBIN_ERROR_NAME_NOT_FOUND, N_ ("_New Address…"), ask_for_address },
  { BOBBIN_ERROR_HTTP_STATUS, N_ ("_New Address…"), ask_for_address },
  { BOBBIN_ERROR_CHECKSUM, N_ ("_Download Again"), download_again },
  { BOBBIN_ERROR_NO_FOLDER, N_ ("_Choose Another Folder…"), choose_folder },
  { BOBBIN_ERROR_READ_ONLY, N_ ("_Choose Another Folder…"), choose_folder },
  { BOBBIN_ERROR_NO_PERMISSION, N_ ("_Choose Another Folder…"), choose_folder },
  { BOBBIN_ERROR_NO_SPACE, N_ ("_Choose Another Folder…"), choose_folder },
  { BOBBIN_ERROR_TOO_LARGE, N_ ("_Choose Another Folder…"), choose_folder },
};

static int
find (BobbinJob *job)
{
  const GError *error = bobbin_job_get_error (job);

  if (!BOBBIN_IS_DOWNLOAD (job) || bobbin_job_get_state (job) != BOBBIN_JOB_FAILED)
    return -1;

  for (gsize i = 0; i < G_N_ELEMENTS (remedies); i++)
    if (g_error_matches (error, BOBBIN_ERROR, remedies[i].code))
      return i;

  return -1;
}

/**
 * bobbin_remedy_get_label:
 * @job: a job
 *
 * Returns: (nullable): what helps @job, for a button, with a mnemonic; %NULL if nothing does but to
 *   try again, or it has not failed
 */
const char *
bobbin_remedy_get_label (BobbinJob *job)
{
  const int i = find (job);

  return i >= 0 ? _ (remedies[i].label) : NULL;
}

/**
 * bobbin_remedy_is_needed:
 * @job: a job
 *
 * Returns: whether to try again is in vain without what bobbin_remedy_get_label() says: a server
 *   may well think better of it, or be known to its network again
 */
gboolean
bobbin_remedy_is_needed (BobbinJob *job)
{
  const int i = find (job);

  return i >= 0 && remedies[i].apply != ask_for_address;
}

/**
 * bobbin_remedy_apply:
 * @window: the window, for questions
 * @job: a job
 *
 * Does what bobbin_remedy_get_label() says.
 */
void
bobbin_remedy_apply (BobbinWindow *window, BobbinJob *job)
{
  const int i = find (job);

  if (i >= 0)
    remedies[i].apply (window, job);
}
