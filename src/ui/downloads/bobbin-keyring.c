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

#include "bobbin-download.h"
#include "bobbin-error.h"
#include "bobbin-monitor-secrets.h"

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
  char *id;       /* (owned) */
  BobbinJob *job; /* (owned) (nullable) of LOOK_UP */
  char *label;    /* (owned) (nullable) of REMEMBER */
  char *secrets;  /* (owned) (nullable) of REMEMBER; wiped when it goes */
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
  g_clear_object (&order->job);
  g_free (order->label);
  secret_password_free (order->secrets); /* which wipes it */
  g_free (order);
}

static gboolean
is_of_interest (BobbinJob *job)
{
  return BOBBIN_IS_DOWNLOAD (job) || BOBBIN_IS_MONITOR (job);
}

static gboolean
lacks_secrets (BobbinJob *job)
{
  BobbinHttpContext *context;

  if (BOBBIN_IS_MONITOR (job))
    return bobbin_monitor_lacks_secrets (BOBBIN_MONITOR (job));

  context = bobbin_download_get_context (BOBBIN_DOWNLOAD (job));

  return context != NULL && bobbin_http_context_lacks_secrets (context);
}

/* Whether something may be kept that it would take. */
static gboolean
wants_secrets (BobbinJob *job)
{
  return BOBBIN_IS_MONITOR (job) ? bobbin_monitor_wants_secrets (BOBBIN_MONITOR (job))
                                 : lacks_secrets (job);
}

/* NULL where there are none. */
static char *
dup_secrets (BobbinJob *job)
{
  BobbinHttpContext *context;

  if (BOBBIN_IS_MONITOR (job))
    return bobbin_monitor_dup_secrets (BOBBIN_MONITOR (job));

  context = bobbin_download_get_context (BOBBIN_DOWNLOAD (job));

  return context != NULL ? bobbin_http_context_to_secrets (context) : NULL;
}

static gboolean
wants_login (BobbinJob *job)
{
  return bobbin_job_get_state (job) == BOBBIN_JOB_FAILED &&
         g_error_matches (bobbin_job_get_error (job), BOBBIN_ERROR, BOBBIN_ERROR_LOGIN_REQUIRED);
}

static gboolean
give_to_download (BobbinDownload *download, const char *secrets)
{
  g_autoptr (BobbinHttpContext) context =
    bobbin_http_context_new_with_secrets (bobbin_download_get_context (download), secrets, NULL);

  if (context == NULL)
    return FALSE;

  bobbin_download_set_context (download, context);

  return TRUE;
}

/* A run that has begun without the secrets, or ended for want of them, begins again. */
static void
give_back (BobbinJob *job, const char *secrets)
{
  const gboolean lacked = lacks_secrets (job);
  const gboolean given = BOBBIN_IS_MONITOR (job)
                           ? bobbin_monitor_give_secrets (BOBBIN_MONITOR (job), secrets)
                           : give_to_download (BOBBIN_DOWNLOAD (job), secrets);

  if (given && lacked && bobbin_job_get_state (job) == BOBBIN_JOB_RUNNING)
    bobbin_job_restart (job);
  else if (given && wants_login (job))
    bobbin_job_start (job);
}

/* An earlier version had the user name in the list. */
static void
bring_up_to_date (BobbinKeyring *self, BobbinJob *job, const char *secrets)
{
  char *all = BOBBIN_IS_DOWNLOAD (job) ? dup_secrets (job) : NULL;

  if (all != NULL && !g_str_equal (all, secrets))
    bobbin_keyring_remember (self, job);
  secret_password_free (all);
}

static void
finish_look_up (BobbinKeyring *self, Order *order, GAsyncResult *result, GError **error)
{
  char *secrets = secret_password_lookup_finish (result, error);
  BobbinJob *job = order->job;

  /* it may have been removed, or somebody was faster */
  if (secrets != NULL && wants_secrets (job) && !bobbin_job_queue_is_closing (self->queue) &&
      bobbin_job_queue_find (self->queue, job, NULL))
    {
      give_back (job, secrets);
      bring_up_to_date (self, job, secrets);
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
look_up (BobbinKeyring *self, BobbinJob *job)
{
  char *id = bobbin_queue_keeper_dup_id (self->keeper, job);

  if (id == NULL)
    return;

  add_order (self, LOOK_UP, id)->job = g_object_ref (job);
  begin_next (self);
}

/* The list keeps the address without it; and without its secrets a monitor has nothing to say, or
 * nobody to say it to. */
static gboolean
is_to_be_remembered (BobbinJob *job)
{
  char *secrets;
  gboolean has_some;

  if (!BOBBIN_IS_MONITOR (job))
    return bobbin_download_has_address_login (BOBBIN_DOWNLOAD (job));

  secrets = dup_secrets (job);
  has_some = secrets != NULL;
  secret_password_free (secrets);

  return has_some;
}

static void
on_items_changed (BobbinKeyring *self, guint position, guint n_removed, guint n_added)
{
  for (guint i = position; i < position + n_added; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (G_LIST_MODEL (self->queue), i);

      if (!is_of_interest (job))
        continue;
      if (wants_secrets (job))
        look_up (self, job);
      if (!lacks_secrets (job) && is_to_be_remembered (job))
        bobbin_keyring_remember (self, job);
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
 * @queue: whose jobs get their secrets back
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

/* How the desktop's list of passwords calls it. */
static char *
make_label (BobbinJob *job)
{
  const char *title = bobbin_job_get_title (job);

  if (BOBBIN_IS_MONITOR (job))
    /* Translators: how the desktop's list of passwords calls it; %s is what is monitored */
    return g_strdup_printf (_ ("Login for the monitor of %s"), title);

  /* Translators: how the desktop's list of passwords calls it; %s is the name of a file */
  return g_strdup_printf (_ ("Login for the download of %s"), title);
}

static void
add_forget (BobbinKeyring *self, BobbinJob *job)
{
  char *id = bobbin_queue_keeper_dup_id (self->keeper, job);

  if (id == NULL)
    return;

  add_order (self, FORGET, id);
  begin_next (self);
}

/**
 * bobbin_keyring_remember:
 * @job: a download or a monitor that is kept
 *
 * Remembers the login and the secret headers of @job. A monitor that has none any more has what was
 * remembered of it forgotten.
 */
void
bobbin_keyring_remember (BobbinKeyring *self, BobbinJob *job)
{
  char *secrets;
  char *id;
  Order *order;

  g_return_if_fail (BOBBIN_IS_KEYRING (self));
  g_return_if_fail (BOBBIN_IS_DOWNLOAD (job) || BOBBIN_IS_MONITOR (job));

  secrets = dup_secrets (job);
  if (secrets == NULL && BOBBIN_IS_MONITOR (job) && !lacks_secrets (job))
    add_forget (self, job);
  if (secrets == NULL)
    return;

  id = bobbin_queue_keeper_dup_id (self->keeper, job);
  if (id == NULL)
    {
      secret_password_free (secrets);
      g_signal_emit (self, signals[TROUBLE], 0, _ (NOT_REMEMBERED));
      return;
    }

  order = add_order (self, REMEMBER, id);
  order->secrets = secrets;
  order->label = make_label (job);
  begin_next (self);
}

static gboolean
has_had_secrets (BobbinJob *job)
{
  char *secrets = is_of_interest (job) ? dup_secrets (job) : NULL;
  const gboolean had = secrets != NULL || (is_of_interest (job) && wants_secrets (job));

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
  g_return_if_fail (BOBBIN_IS_KEYRING (self));
  g_return_if_fail (BOBBIN_IS_JOB (job));

  if (has_had_secrets (job))
    add_forget (self, job);
}

/**
 * bobbin_keyring_renew:
 * @job: a download that comes from another server now, or logs in there otherwise
 *
 * Has nothing remembered of what @job was before, and its new login if its address held one.
 */
void
bobbin_keyring_renew (BobbinKeyring *self, BobbinJob *job)
{
  g_return_if_fail (BOBBIN_IS_KEYRING (self));
  g_return_if_fail (BOBBIN_IS_DOWNLOAD (job));

  add_forget (self, job);
  if (is_to_be_remembered (job))
    bobbin_keyring_remember (self, job);
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
