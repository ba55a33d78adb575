/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinKeyring keeps the secrets of downloads where the desktop keeps passwords, under the id by
 * which the list of jobs knows them, and gives them back to those that come from that list without.
 * A desktop that keeps no passwords is none to fail with: then they are asked for again. Main
 * thread only; nothing here waits.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-keyring.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>

#include "bobbin-error.h"

#define NOT_REMEMBERED N_ ("The password could not be remembered and will be asked for again.")

struct _BobbinKeyring
{
  GObject parent_instance;

  BobbinJobQueue *queue;     /* (owned) */
  BobbinQueueKeeper *keeper; /* (owned) */
};

G_DEFINE_FINAL_TYPE (BobbinKeyring, bobbin_keyring, G_TYPE_OBJECT)

enum
{
  TROUBLE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static const SecretSchema schema = {
  APP_ID ".Download",
  SECRET_SCHEMA_NONE,
  {
    { "job", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
};

/* A look-up that is under way. */
typedef struct
{
  BobbinKeyring *keyring;   /* (owned) */
  BobbinDownload *download; /* (owned) */
} Lookup;

static void
lookup_free (Lookup *self)
{
  g_object_unref (self->keyring);
  g_object_unref (self->download);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Lookup, lookup_free)

static gboolean
lacks_secrets (BobbinDownload *download)
{
  BobbinHttpContext *context = bobbin_download_get_context (download);

  return context != NULL && bobbin_http_context_lacks_secrets (context);
}

static gboolean
wants_login (BobbinJob *job)
{
  return bobbin_job_get_state (job) == BOBBIN_JOB_FAILED &&
         g_error_matches (bobbin_job_get_error (job), BOBBIN_ERROR, BOBBIN_ERROR_LOGIN_REQUIRED);
}

/* A run that has begun without the secrets, or ended for want of them, begins again. */
static void
give_back (BobbinDownload *download, const char *secrets)
{
  g_autofree char *text = bobbin_http_context_to_text (bobbin_download_get_context (download));
  g_autoptr (BobbinHttpContext) context = bobbin_http_context_new_from_text (text, secrets, NULL);
  BobbinJob *job = BOBBIN_JOB (download);

  if (context == NULL)
    return;

  bobbin_download_set_context (download, context);
  if (bobbin_job_get_state (job) == BOBBIN_JOB_RUNNING)
    bobbin_job_restart (job);
  else if (wants_login (job))
    bobbin_job_start (job);
}

static void
on_looked_up (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Lookup) lookup = user_data;
  g_autoptr (GError) error = NULL;
  char *secrets = secret_password_lookup_finish (result, &error);

  if (error != NULL)
    g_debug ("No secrets from the desktop: %s", error->message);
  /* it may have been removed, or somebody was faster */
  if (secrets != NULL && lacks_secrets (lookup->download) &&
      !bobbin_job_queue_is_closing (lookup->keyring->queue) &&
      bobbin_job_queue_find (lookup->keyring->queue, BOBBIN_JOB (lookup->download), NULL))
    give_back (lookup->download, secrets);
  secret_password_free (secrets);
}

static void
look_up (BobbinKeyring *self, BobbinDownload *download)
{
  g_autofree char *id = bobbin_queue_keeper_dup_id (self->keeper, BOBBIN_JOB (download));
  Lookup *lookup;

  if (id == NULL)
    return;

  lookup = g_new (Lookup, 1);
  lookup->keyring = g_object_ref (self);
  lookup->download = g_object_ref (download);
  secret_password_lookup (&schema, NULL, on_looked_up, lookup, "job", id, NULL);
}

static void
on_items_changed (BobbinKeyring *self, guint position, guint n_removed, guint n_added)
{
  for (guint i = position; i < position + n_added; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (G_LIST_MODEL (self->queue), i);

      if (BOBBIN_IS_DOWNLOAD (job) && lacks_secrets (BOBBIN_DOWNLOAD (job)))
        look_up (self, BOBBIN_DOWNLOAD (job));
    }
}

static void
bobbin_keyring_finalize (GObject *object)
{
  BobbinKeyring *self = BOBBIN_KEYRING (object);

  g_object_unref (self->queue);
  g_object_unref (self->keeper);

  G_OBJECT_CLASS (bobbin_keyring_parent_class)->finalize (object);
}

static void
bobbin_keyring_class_init (BobbinKeyringClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bobbin_keyring_finalize;

  signals[TROUBLE] = g_signal_new ("trouble", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
bobbin_keyring_init (BobbinKeyring *self)
{
}

/**
 * bobbin_keyring_new:
 * @queue: whose downloads get their secrets back
 * @keeper: who knows their ids
 *
 * Returns: (transfer full): a keyring
 */
BobbinKeyring *
bobbin_keyring_new (BobbinJobQueue *queue, BobbinQueueKeeper *keeper)
{
  BobbinKeyring *self = g_object_new (BOBBIN_TYPE_KEYRING, NULL);

  self->queue = g_object_ref (queue);
  self->keeper = g_object_ref (keeper);
  g_signal_connect_object (queue, "items-changed", G_CALLBACK (on_items_changed), self,
                           G_CONNECT_SWAPPED);

  return self;
}

static void
on_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinKeyring) self = BOBBIN_KEYRING (user_data);
  g_autoptr (GError) error = NULL;

  if (secret_password_store_finish (result, &error))
    return;

  g_debug ("The desktop did not keep a password: %s", error->message);
  g_signal_emit (self, signals[TROUBLE], 0, _ (NOT_REMEMBERED));
}

/**
 * bobbin_keyring_remember:
 * @download: a download that is kept
 *
 * Remembers the password and the secret headers of @download, if it has any.
 */
void
bobbin_keyring_remember (BobbinKeyring *self, BobbinDownload *download)
{
  BobbinHttpContext *context;
  g_autofree char *id = NULL;
  char *secrets;
  g_autofree char *label = NULL;

  g_return_if_fail (BOBBIN_IS_KEYRING (self));
  g_return_if_fail (BOBBIN_IS_DOWNLOAD (download));

  context = bobbin_download_get_context (download);
  id = bobbin_queue_keeper_dup_id (self->keeper, BOBBIN_JOB (download));
  secrets = context != NULL ? bobbin_http_context_to_secrets (context) : NULL;
  if (secrets != NULL && id == NULL)
    g_signal_emit (self, signals[TROUBLE], 0, _ (NOT_REMEMBERED));
  else if (secrets != NULL)
    {
      /* Translators: how the desktop's list of passwords calls it; %s is the name of a file */
      label = g_strdup_printf (_ ("Login for the download of %s"),
                               bobbin_job_get_title (BOBBIN_JOB (download)));
      secret_password_store (&schema, SECRET_COLLECTION_DEFAULT, label, secrets, NULL, on_stored,
                             g_object_ref (self), "job", id, NULL);
    }
  secret_password_free (secrets); /* which wipes it */
}

static void
on_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  secret_password_clear_finish (result, &error);
  if (error != NULL)
    g_debug ("The desktop did not forget a password: %s", error->message);
}

static gboolean
has_had_secrets (BobbinJob *job)
{
  BobbinHttpContext *context =
    BOBBIN_IS_DOWNLOAD (job) ? bobbin_download_get_context (BOBBIN_DOWNLOAD (job)) : NULL;
  char *secrets = context != NULL ? bobbin_http_context_to_secrets (context) : NULL;
  gboolean had =
    secrets != NULL || (context != NULL && bobbin_http_context_lacks_secrets (context));

  secret_password_free (secrets);

  return had;
}

/**
 * bobbin_keyring_forget:
 * @job: a job that has been removed for good, but is known to the keeper still
 *
 * Has nothing remembered of @job.
 */
void
bobbin_keyring_forget (BobbinKeyring *self, BobbinJob *job)
{
  g_autofree char *id = NULL;

  g_return_if_fail (BOBBIN_IS_KEYRING (self));
  g_return_if_fail (BOBBIN_IS_JOB (job));

  id = bobbin_queue_keeper_dup_id (self->keeper, job);
  if (id != NULL && has_had_secrets (job))
    secret_password_clear (&schema, NULL, on_cleared, NULL, "job", id, NULL);
}
