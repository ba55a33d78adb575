/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinKeyring keeps the secrets of downloads where the desktop keeps passwords, under the id by
 * which the list of jobs knows them, and gives them back to those that come from that list without.
 * A desktop that keeps no passwords is none to fail with: then they are asked for again. What is
 * asked of the desktop is asked one after another, so that the last word on a download is the last,
 * and a desktop that has to be unlocked first says so once. Main thread only; nothing here blocks.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-keyring.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>

#include "bobbin-error.h"

#define NOT_REMEMBERED N_ ("The password could not be remembered and will be asked for again.")

/* When the app quits the desktop has so many seconds: it may be waiting for an answer of the user's
 * that does not come. */
#define PATIENCE 10

/* What is asked of the desktop. */
typedef enum
{
  LOOK_UP,
  REMEMBER,
  FORGET,
} OrderKind;

typedef struct
{
  OrderKind kind;
  char *id;                 /* (owned) */
  BobbinDownload *download; /* (owned) (nullable) of LOOK_UP */
  char *label;              /* (owned) (nullable) of REMEMBER */
  char *secrets;            /* (owned) (nullable) of REMEMBER; wiped when it goes */
} Order;

struct _BobbinKeyring
{
  GObject parent_instance;

  BobbinJobQueue *queue;     /* (owned) */
  BobbinQueueKeeper *keeper; /* (owned) */

  GQueue orders;             /* of Order (owned): the first is under way */
  GCancellable *cancellable; /* (owned) (nullable) of the first */
  GList *flushes;            /* (owned) of GTask (owned): who waits until there are none */
  guint patience_source;
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

static void
order_free (Order *order)
{
  g_free (order->id);
  g_clear_object (&order->download);
  g_free (order->label);
  secret_password_free (order->secrets); /* which wipes it */
  g_free (order);
}

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
  g_autoptr (BobbinHttpContext) context =
    bobbin_http_context_new_with_secrets (bobbin_download_get_context (download), secrets, NULL);
  BobbinJob *job = BOBBIN_JOB (download);

  if (context == NULL)
    return;

  bobbin_download_set_context (download, context);
  if (bobbin_job_get_state (job) == BOBBIN_JOB_RUNNING)
    bobbin_job_restart (job);
  else if (wants_login (job))
    bobbin_job_start (job);
}

/* An earlier version had the user name in the list. */
static void
bring_up_to_date (BobbinKeyring *self, BobbinDownload *download, const char *secrets)
{
  char *all = bobbin_http_context_to_secrets (bobbin_download_get_context (download));

  if (all != NULL && !g_str_equal (all, secrets))
    bobbin_keyring_remember (self, download);
  secret_password_free (all);
}

static void
finish_look_up (BobbinKeyring *self, Order *order, GAsyncResult *result, GError **error)
{
  char *secrets = secret_password_lookup_finish (result, error);
  BobbinDownload *download = order->download;

  /* it may have been removed, or somebody was faster */
  if (secrets != NULL && lacks_secrets (download) && !bobbin_job_queue_is_closing (self->queue) &&
      bobbin_job_queue_find (self->queue, BOBBIN_JOB (download), NULL))
    {
      give_back (download, secrets);
      bring_up_to_date (self, download, secrets);
    }
  secret_password_free (secrets);
}

static void
finish_order (BobbinKeyring *self, Order *order, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;

  switch (order->kind)
    {
    case LOOK_UP:
      finish_look_up (self, order, result, &error);
      break;
    case REMEMBER:
      if (!secret_password_store_finish (result, &error))
        g_signal_emit (self, signals[TROUBLE], 0, _ (NOT_REMEMBERED));
      break;
    case FORGET:
    default:
      secret_password_clear_finish (result, &error);
    }
  if (error != NULL)
    g_debug ("The desktop's passwords are not to be had: %s", error->message);
}

static void begin_next (BobbinKeyring *self);

static void
on_order_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinKeyring) self = BOBBIN_KEYRING (user_data);
  Order *order = g_queue_pop_head (&self->orders);

  g_clear_object (&self->cancellable);
  finish_order (self, order, result);
  order_free (order);
  begin_next (self);
}

static void
return_flushes (BobbinKeyring *self)
{
  GList *flushes = g_steal_pointer (&self->flushes);

  g_clear_handle_id (&self->patience_source, g_source_remove);
  for (GList *l = flushes; l != NULL; l = l->next)
    g_task_return_boolean (l->data, TRUE);
  g_list_free_full (flushes, g_object_unref);
}

/* Has the first order carried out, if there is one and none is under way. */
static void
begin_next (BobbinKeyring *self)
{
  Order *order = g_queue_peek_head (&self->orders);

  if (order == NULL)
    return_flushes (self);
  if (order == NULL || self->cancellable != NULL)
    return;

  self->cancellable = g_cancellable_new ();
  if (order->kind == LOOK_UP)
    secret_password_lookup (&schema, self->cancellable, on_order_done, g_object_ref (self), "job",
                            order->id, NULL);
  else if (order->kind == REMEMBER)
    secret_password_store (&schema, SECRET_COLLECTION_DEFAULT, order->label, order->secrets,
                           self->cancellable, on_order_done, g_object_ref (self), "job", order->id,
                           NULL);
  else
    secret_password_clear (&schema, self->cancellable, on_order_done, g_object_ref (self), "job",
                           order->id, NULL);
}

/* Takes the id. */
static Order *
add_order (BobbinKeyring *self, OrderKind kind, char *id)
{
  Order *order = g_new0 (Order, 1);

  order->kind = kind;
  order->id = id;
  g_queue_push_tail (&self->orders, order);

  return order;
}

static void
look_up (BobbinKeyring *self, BobbinDownload *download)
{
  char *id = bobbin_queue_keeper_dup_id (self->keeper, BOBBIN_JOB (download));

  if (id == NULL)
    return;

  add_order (self, LOOK_UP, id)->download = g_object_ref (download);
  begin_next (self);
}

static void
on_items_changed (BobbinKeyring *self, guint position, guint n_removed, guint n_added)
{
  for (guint i = position; i < position + n_added; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (G_LIST_MODEL (self->queue), i);

      if (BOBBIN_IS_DOWNLOAD (job) && lacks_secrets (BOBBIN_DOWNLOAD (job)))
        look_up (self, BOBBIN_DOWNLOAD (job));
      /* The list keeps the address without it. */
      else if (BOBBIN_IS_DOWNLOAD (job) &&
               bobbin_download_has_address_login (BOBBIN_DOWNLOAD (job)))
        bobbin_keyring_remember (self, BOBBIN_DOWNLOAD (job));
    }
}

static void
bobbin_keyring_finalize (GObject *object)
{
  BobbinKeyring *self = BOBBIN_KEYRING (object);

  /* What is under way holds the keyring. */
  g_assert (g_queue_is_empty (&self->orders) && self->flushes == NULL);

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
  g_queue_init (&self->orders);
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

/**
 * bobbin_keyring_remember:
 * @download: a download that is kept
 *
 * Remembers the login and the secret headers of @download, if it has any.
 */
void
bobbin_keyring_remember (BobbinKeyring *self, BobbinDownload *download)
{
  BobbinHttpContext *context;
  char *secrets;
  char *id;
  Order *order;

  g_return_if_fail (BOBBIN_IS_KEYRING (self));
  g_return_if_fail (BOBBIN_IS_DOWNLOAD (download));

  context = bobbin_download_get_context (download);
  secrets = context != NULL ? bobbin_http_context_to_secrets (context) : NULL;
  if (secrets == NULL)
    return;

  id = bobbin_queue_keeper_dup_id (self->keeper, BOBBIN_JOB (download));
  if (id == NULL)
    {
      secret_password_free (secrets);
      g_signal_emit (self, signals[TROUBLE], 0, _ (NOT_REMEMBERED));
      return;
    }

  order = add_order (self, REMEMBER, id);
  order->secrets = secrets;
  /* Translators: how the desktop's list of passwords calls it; %s is the name of a file */
  order->label = g_strdup_printf (_ ("Login for the download of %s"),
                                  bobbin_job_get_title (BOBBIN_JOB (download)));
  begin_next (self);
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
 * @job: a job that is known to the keeper
 *
 * Has nothing remembered of @job, if it can be that something is.
 */
void
bobbin_keyring_forget (BobbinKeyring *self, BobbinJob *job)
{
  char *id;

  g_return_if_fail (BOBBIN_IS_KEYRING (self));
  g_return_if_fail (BOBBIN_IS_JOB (job));

  id = has_had_secrets (job) ? bobbin_queue_keeper_dup_id (self->keeper, job) : NULL;
  if (id == NULL)
    return;

  add_order (self, FORGET, id);
  begin_next (self);
}

/* Nobody has a use for these any more. The first stays: it is under way. */
static void
drop_orders (BobbinKeyring *self, gboolean all)
{
  for (GList *l = g_queue_peek_head_link (&self->orders), *next; l != NULL; l = next)
    {
      Order *order = l->data;

      next = l->next;
      if (!all && order->kind != LOOK_UP)
        continue;
      if (l->prev == NULL)
        {
          g_cancellable_cancel (self->cancellable);
          continue;
        }
      order_free (order);
      g_queue_delete_link (&self->orders, l);
    }
}

static void
on_patience_over (gpointer user_data)
{
  BobbinKeyring *self = BOBBIN_KEYRING (user_data);

  self->patience_source = 0;
  drop_orders (self, TRUE);
}

/**
 * bobbin_keyring_flush_async:
 * @callback: called when the desktop has done what it was asked for
 * @user_data: for @callback
 *
 * Waits until what is to be remembered is, and what is to be forgotten; look-ups are given up. Used
 * when the app quits. A desktop that takes too long is not waited for.
 */
void
bobbin_keyring_flush_async (BobbinKeyring *self, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (BOBBIN_IS_KEYRING (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, bobbin_keyring_flush_async);
  g_task_set_name (task, "[bobbin] flush secrets");
  self->flushes = g_list_append (self->flushes, task);
  if (self->patience_source == 0)
    {
      self->patience_source = g_timeout_add_once (PATIENCE * 1000, on_patience_over, self);
      g_source_set_name_by_id (self->patience_source, "[bobbin] patience with the keyring");
    }

  drop_orders (self, FALSE);
  begin_next (self);
}

/**
 * bobbin_keyring_flush_finish:
 *
 * Returns: %TRUE
 */
gboolean
bobbin_keyring_flush_finish (BobbinKeyring *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
