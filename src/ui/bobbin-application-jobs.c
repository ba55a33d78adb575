/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How jobs come into the app: one from a dialog, and any number of addresses from a command line, a
 * file manager or another program. Those are taken a page at a time, so that a hundred thousand do
 * not hold up the main loop. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-application-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "bobbin-display.h"
#include "bobbin-download.h"
#include "bobbin-error.h"
#include "bobbin-monitor.h"
#include "bobbin-transfer-settings.h"

/* So many addresses are taken in one turn of the main loop. */
#define PAGE 200

static void
on_added (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinApplication) self = BOBBIN_APPLICATION (user_data);
  g_autoptr (GError) error = NULL;

  if (!bobbin_queue_keeper_add_finish (BOBBIN_QUEUE_KEEPER (source), result, &error))
    bobbin_application_warn (self, error->message);
}

/* Whether the app quits, which is %BOBBIN_ERROR_CLOSED. Internal to the application's files. */
gboolean
bobbin_application_is_closing (BobbinApplication *self, GError **error)
{
  if (!bobbin_job_queue_is_closing (bobbin_application_get_queue (self)))
    return FALSE;

  g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_CLOSED,
                       _ ("Bobbin is quitting and begins nothing new."));

  return TRUE;
}

/* Jobs that come to the queue together, as far as it is not closing. */
static gboolean
add_jobs (BobbinApplication *self, GPtrArray *jobs, gboolean start, GError **error)
{
  if (bobbin_application_is_closing (self, error))
    return FALSE;

  if (jobs->len > 0)
    bobbin_queue_keeper_add_async (bobbin_application_get_keeper (self), jobs, start, on_added,
                                   g_object_ref (self));

  return TRUE;
}

/**
 * bobbin_application_add_job:
 * @job: a new job
 * @error: %BOBBIN_ERROR_CLOSED while the app quits
 *
 * Adds a job and starts it, as soon as it has been saved; it is seen in the list then.
 *
 * Returns: whether it is on its way into the queue
 */
gboolean
bobbin_application_add_job (BobbinApplication *self, BobbinJob *job, GError **error)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new ();

  g_return_val_if_fail (BOBBIN_IS_APPLICATION (self), FALSE);
  g_return_val_if_fail (BOBBIN_IS_JOB (job), FALSE);

  g_ptr_array_add (jobs, job);

  return add_jobs (self, jobs, TRUE, error);
}

static BobbinJob *
make_download (BobbinApplication *self,
               const char *address,
               const char *file_name,
               const char *folder,
               GError **error)
{
  g_autofree char *checked = bobbin_download_check_address (address, error);
  g_autofree char *own_folder = NULL;
  BobbinJob *job;

  if (checked == NULL)
    return NULL;

  if (folder == NULL)
    folder = own_folder = bobbin_application_dup_folder_for (self, checked, file_name);
  job = bobbin_download_new (checked, folder);
  bobbin_transfer_settings_apply (bobbin_application_get_settings (self), job);

  return job;
}

/**
 * bobbin_application_make_download:
 * @address: an address, as a person typed it
 * @folder: (nullable): where to, in the file system's encoding; %NULL is what the settings say of
 * it
 * @error: %BOBBIN_ERROR_BAD_ADDRESS
 *
 * Makes a download as the settings want it, for bobbin_application_add_job().
 *
 * Returns: (transfer full) (nullable): a download
 */
BobbinJob *
bobbin_application_make_download (BobbinApplication *self,
                                  const char *address,
                                  const char *folder,
                                  GError **error)
{
  g_return_val_if_fail (BOBBIN_IS_APPLICATION (self), NULL);
  g_return_val_if_fail (address != NULL, NULL);

  return make_download (self, address, NULL, folder, error);
}

/**
 * bobbin_application_add_download:
 * @address: an address, as a person typed it
 * @folder: (nullable): where to, in the file system's encoding; %NULL is the folder of the settings
 * @error: %BOBBIN_ERROR_BAD_ADDRESS, or %BOBBIN_ERROR_CLOSED while the app quits
 *
 * Adds a download and starts it, as soon as it has been saved.
 *
 * Returns: (transfer none) (nullable): the download, on its way into the queue
 */
BobbinJob *
bobbin_application_add_download (BobbinApplication *self,
                                 const char *address,
                                 const char *folder,
                                 GError **error)
{
  g_autoptr (BobbinJob) job = bobbin_application_make_download (self, address, folder, error);

  return job != NULL && bobbin_application_add_job (self, job, error) ? job : NULL;
}

/**
 * bobbin_application_add_monitor:
 * @target: what to monitor, see bobbin_monitor_new()
 * @interval: seconds between samples; 0 or less is the interval of the settings. Raised to what is
 *   fair to a server where it is shorter
 * @warn: warning limit in the target's unit, or NAN for none
 * @error: %BOBBIN_ERROR_BAD_ADDRESS, or %BOBBIN_ERROR_CLOSED while the app quits
 *
 * Adds a monitor and starts it, as soon as it has been saved.
 *
 * Returns: whether it is on its way into the queue
 */
gboolean
bobbin_application_add_monitor (BobbinApplication *self,
                                const char *target,
                                double interval,
                                double warn,
                                GError **error)
{
  g_autoptr (BobbinJob) job = NULL;

  g_return_val_if_fail (BOBBIN_IS_APPLICATION (self), FALSE);
  g_return_val_if_fail (target != NULL, FALSE);

  job = bobbin_monitor_new (target, error);
  if (job == NULL)
    return FALSE;

  if (interval <= 0)
    interval = g_settings_get_double (bobbin_application_get_settings (self), "monitor-interval");
  interval = MAX (interval, bobbin_monitor_get_min_interval (BOBBIN_MONITOR (job)));
  g_object_set (job, "interval", interval, NULL);
  if (!isnan (warn))
    g_object_set (job, "warn", warn, NULL);

  return bobbin_application_add_job (self, job, error);
}

/* ---- addresses */

/* What bobbin_application_add_addresses_async() was given: its task's data. */
typedef struct
{
  GStrv addresses;              /* (owned) */
  BobbinDownloadWishes *wishes; /* (owned) */
  guint n_taken;                /* which are freed: the jobs have their room */
  GStrvBuilder *sentences;      /* (owned) on those that were refused */
  char *first_problem;          /* (owned) (nullable) */
  guint n_refused;
} Intake;

static void
intake_free (gpointer data)
{
  Intake *intake = data;

  for (guint i = intake->n_taken; intake->addresses[i] != NULL; i++)
    g_free (intake->addresses[i]);
  g_free (intake->addresses);
  bobbin_download_wishes_free (intake->wishes);
  g_strv_builder_unref (intake->sentences);
  g_free (intake->first_problem);
  g_free (intake);
}

/* Several are counted: a toast holds one sentence, and a row of them would be seen too late. */
static void
warn_of_addresses (BobbinApplication *self, guint n, const char *sentence)
{
  g_autofree char *count = NULL;

  if (n == 0)
    return;

  count =
    g_strdup_printf (ngettext ("%u address could not be used", "%u addresses could not be used", n),
                     n);
  bobbin_application_warn (self, n == 1 ? sentence : count);
}

static void
refuse (Intake *intake, const char *address, const GError *error)
{
  g_autofree char *shown = bobbin_display_address (address);
  /* Translators: the first %s is what was given as an address, the second a sentence on what is
   * wrong with it. */
  g_autofree char *sentence = g_strdup_printf (_ ("%s: %s"), shown, error->message);
  g_autofree char *harmless = bobbin_display_text (sentence);

  g_strv_builder_add (intake->sentences, harmless);
  if (intake->n_refused++ == 0)
    intake->first_problem = g_strdup (error->message);
}

/* What the file will be called, where more than its address says of that. */
static const char *
find_name (const BobbinDownloadWishes *wishes, const char *address)
{
  if (wishes->name != NULL)
    return wishes->name;

  return wishes->names != NULL ? g_hash_table_lookup (wishes->names, address) : NULL;
}

static BobbinJob *
take_address (BobbinApplication *self,
              const char *address,
              const BobbinDownloadWishes *wishes,
              GError **error)
{
  BobbinJob *job;

  if (bobbin_application_is_closing (self, error))
    return NULL;

  job = make_download (self, address, find_name (wishes, address), wishes->folder, error);
  if (job != NULL)
    bobbin_download_wishes_apply (wishes, job);

  return job;
}

/* It was not closing just now. */
static void
add_page (BobbinApplication *self, GPtrArray *jobs, const BobbinDownloadWishes *wishes)
{
  add_jobs (self, jobs, wishes->start, NULL);
  for (guint i = 0; i < jobs->len && wishes->remembers; i++)
    bobbin_keyring_remember (bobbin_application_get_keyring (self), g_ptr_array_index (jobs, i));
}

/* Ends the task with the last page; says whether there are more. */
static gboolean
take_page (gpointer user_data)
{
  GTask *task = user_data;
  BobbinApplication *self = g_task_get_source_object (task);
  Intake *intake = g_task_get_task_data (task);
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < PAGE && intake->addresses[intake->n_taken] != NULL; i++)
    {
      g_autofree char *address = intake->addresses[intake->n_taken++];
      g_autoptr (GError) error = NULL;
      BobbinJob *job = take_address (self, address, intake->wishes, &error);

      if (job != NULL)
        g_ptr_array_add (jobs, job);
      else
        refuse (intake, address, error);
    }
  add_page (self, jobs, intake->wishes);
  if (intake->addresses[intake->n_taken] != NULL)
    return G_SOURCE_CONTINUE;

  warn_of_addresses (self, intake->n_refused, intake->first_problem);
  g_task_return_pointer (task, g_strv_builder_end (intake->sentences), (GDestroyNotify) g_strfreev);
  bobbin_application_end_intake (self);

  return G_SOURCE_REMOVE;
}

static void
take_in (BobbinApplication *self,
         const char *const *addresses,
         BobbinDownloadWishes *wishes,
         GAsyncReadyCallback callback,
         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  Intake *intake = g_new0 (Intake, 1);
  guint source;

  intake->addresses = g_strdupv ((GStrv) addresses);
  intake->wishes = wishes;
  intake->sentences = g_strv_builder_new ();
  g_task_set_source_tag (task, bobbin_application_add_addresses_async);
  g_task_set_name (task, "[bobbin] add addresses");
  g_task_set_task_data (task, intake, intake_free);

  bobbin_application_begin_intake (self);
  if (take_page (task) == G_SOURCE_REMOVE)
    return;

  source =
    g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, take_page, g_steal_pointer (&task), g_object_unref);
  g_source_set_name_by_id (source, "[bobbin] intake of addresses");
}

/* Adds what can be downloaded, to the folders of the settings; says in one toast what can't. Calls
 * back when all have been looked at. Internal to the application's files. */
void
bobbin_application_add_addresses_async (BobbinApplication *self,
                                        const char *const *addresses,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  take_in (self, addresses, bobbin_download_wishes_new (), callback, user_data);
}

/* Gives a sentence on each address that was refused. Internal to the application's files. */
GStrv
bobbin_application_add_addresses_finish (BobbinApplication *self,
                                         GAsyncResult *result,
                                         GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * bobbin_application_add_downloads:
 * @addresses: (array zero-terminated=1): addresses
 * @wishes: (transfer full): what is wanted of them
 *
 * Adds a download for each address, a page at a time; says in one toast what can't be used.
 */
void
bobbin_application_add_downloads (BobbinApplication *self,
                                  const char *const *addresses,
                                  BobbinDownloadWishes *wishes)
{
  g_return_if_fail (BOBBIN_IS_APPLICATION (self));
  g_return_if_fail (wishes != NULL);

  take_in (self, addresses, wishes, NULL, NULL);
}

/* ---- what is known of them */

static void
on_log_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinApplication) self = BOBBIN_APPLICATION (user_data);
  g_autoptr (GError) error = NULL;

  if (!bobbin_queue_keeper_load_log_finish (BOBBIN_QUEUE_KEEPER (source), result, &error))
    bobbin_application_warn (self, error->message);
}

/**
 * bobbin_application_load_log:
 * @job: a job in the queue
 *
 * Brings into the log of @job what happened before the app was started.
 */
void
bobbin_application_load_log (BobbinApplication *self, BobbinJob *job)
{
  g_return_if_fail (BOBBIN_IS_APPLICATION (self));
  g_return_if_fail (BOBBIN_IS_JOB (job));

  bobbin_queue_keeper_load_log_async (bobbin_application_get_keeper (self), job, on_log_loaded,
                                      g_object_ref (self));
}
