/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinHostLogins brings what is set for single servers to where the engine asks for it, and keeps
 * the passwords where the desktop keeps them: the settings have none. A desktop that keeps no
 * passwords is none to fail with: they are known until the app quits. What is asked of it is asked
 * one after another, so that the last word on a server is the last. Main thread only; nothing here
 * blocks.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-host-logins.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>

#include "bobbin-download.h"
#include "bobbin-error.h"
#include "bobbin-host-rule.h"
#include "bobbin-host-suffix.h"

/* When the app quits the desktop has so many seconds to take what is on its way. */
#define PATIENCE 5

struct _BobbinHostLogins
{
  GObject parent_instance;

  GSettings *settings;       /* (owned) */
  BobbinJobQueue *queue;     /* (owned) */
  GCancellable *cancellable; /* (owned): of all that is asked */
  GHashTable *asked;         /* (owned): of “user@host” that was looked up */
  GQueue orders;             /* of Order (owned): the first is under way */
  GTask *settling;           /* (owned) (nullable) waits until nothing is */
  guint patience_source;
};

G_DEFINE_FINAL_TYPE (BobbinHostLogins, bobbin_host_logins, G_TYPE_OBJECT)

enum
{
  TROUBLE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static const SecretSchema schema = {
  APP_ID ".Server",
  SECRET_SCHEMA_NONE,
  {
    { "host", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "user", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
};

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
  char *host;     /* (owned) */
  char *user;     /* (owned) */
  char *password; /* (owned) (nullable) of REMEMBER; wiped when it goes */
} Order;

static void
order_free (Order *order)
{
  g_free (order->host);
  g_free (order->user);
  secret_password_free (order->password); /* which wipes it */
  g_free (order);
}

static void
return_settling (BobbinHostLogins *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->settling);

  g_clear_handle_id (&self->patience_source, g_source_remove);
  if (task != NULL)
    g_task_return_boolean (task, TRUE);
}

static gboolean
wants_login (BobbinJob *job)
{
  return bobbin_job_get_state (job) == BOBBIN_JOB_FAILED &&
         g_error_matches (bobbin_job_get_error (job), BOBBIN_ERROR, BOBBIN_ERROR_LOGIN_REQUIRED);
}

static gboolean
is_from (BobbinJob *job, const char *host)
{
  g_autofree char *own =
    bobbin_host_suffix_of_address (bobbin_download_get_address (BOBBIN_DOWNLOAD (job)));

  return own != NULL && bobbin_host_suffix_matches (host, own);
}

/* Those that began without the password, at the start of the app, begin again. */
static void
begin_again (BobbinHostLogins *self, const char *host)
{
  GListModel *jobs = G_LIST_MODEL (self->queue);

  for (guint i = 0; i < g_list_model_get_n_items (jobs); i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (jobs, i);
      const gboolean runs = bobbin_job_get_state (job) == BOBBIN_JOB_RUNNING;

      if (!BOBBIN_IS_DOWNLOAD (job) || (!runs && !wants_login (job)) || !is_from (job, host))
        continue;
      if (runs)
        bobbin_job_restart (job);
      else
        bobbin_job_start (job);
    }
}

/* Another password was given meanwhile. */
static gboolean
is_outdated (BobbinHostLogins *self, Order *order)
{
  for (GList *l = self->orders.head; l != NULL; l = l->next)
    {
      const Order *other = l->data;

      if (other->kind == REMEMBER && g_str_equal (other->host, order->host) &&
          g_str_equal (other->user, order->user))
        return TRUE;
    }

  return FALSE;
}

static void
finish_look_up (BobbinHostLogins *self, Order *order, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  char *password = secret_password_lookup_finish (result, &error);

  if (error != NULL)
    g_debug ("The desktop's passwords are not to be had: %s", error->message);
  if (password != NULL && !is_outdated (self, order) && !bobbin_job_queue_is_closing (self->queue))
    {
      bobbin_host_rules_set_password (order->host, order->user, password);
      begin_again (self, order->host);
    }
  secret_password_free (password);
}

static void
finish_order (BobbinHostLogins *self, Order *order, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;

  switch (order->kind)
    {
    case LOOK_UP:
      finish_look_up (self, order, result);
      break;
    case REMEMBER:
      if (!secret_password_store_finish (result, &error))
        g_signal_emit (self, signals[TROUBLE], 0,
                       _ ("The password could not be remembered and will be asked for again."));
      break;
    case FORGET:
    default:
      secret_password_clear_finish (result, &error);
    }
  if (error != NULL)
    g_debug ("The desktop did not keep or forget a password: %s", error->message);
}

static void begin_next (BobbinHostLogins *self);

static void
on_order_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinHostLogins) self = user_data;
  Order *order = g_queue_peek_head (&self->orders);

  finish_order (self, order, result);
  g_queue_pop_head (&self->orders);
  order_free (order);
  begin_next (self);
}

/* Has the first order carried out, if there is one. */
static void
begin_next (BobbinHostLogins *self)
{
  Order *order = g_queue_peek_head (&self->orders);
  g_autofree char *label = NULL;

  if (order == NULL)
    {
      return_settling (self);
      return;
    }

  /* Translators: how the desktop's list of passwords calls it; %s is a server */
  label = g_strdup_printf (_ ("Login for downloads from %s"), order->host);
  if (order->kind == LOOK_UP)
    secret_password_lookup (&schema, self->cancellable, on_order_done, g_object_ref (self), "host",
                            order->host, "user", order->user, NULL);
  else if (order->kind == REMEMBER)
    secret_password_store (&schema, SECRET_COLLECTION_DEFAULT, label, order->password,
                           self->cancellable, on_order_done, g_object_ref (self), "host",
                           order->host, "user", order->user, NULL);
  else
    secret_password_clear (&schema, self->cancellable, on_order_done, g_object_ref (self), "host",
                           order->host, "user", order->user, NULL);
}

static void
add_order (BobbinHostLogins *self,
           OrderKind kind,
           const char *host,
           const char *user,
           const char *password)
{
  Order *order = g_new (Order, 1);

  *order = (Order){ kind, g_strdup (host), g_strdup (user), g_strdup (password) };
  g_queue_push_tail (&self->orders, order);
  if (self->orders.length == 1)
    begin_next (self);
}

static void
look_up (BobbinHostLogins *self, const BobbinHostRule *rule)
{
  char *key = g_strconcat (rule->user, "@", rule->host, NULL);

  if (*rule->user == '\0' || !g_hash_table_add (self->asked, key))
    return;

  add_order (self, LOOK_UP, rule->host, rule->user, NULL);
}

/* There is no user name with a colon, but there may be one with an at sign. */
static void
forget (BobbinHostLogins *self, const char *key)
{
  const char *at = strrchr (key, '@');
  g_autofree char *user = g_strndup (key, at - key);

  add_order (self, FORGET, at + 1, user, NULL);
}

/* Nobody will ask for the logins that are not in the settings any more. */
static void
forget_others (BobbinHostLogins *self, GHashTable *present)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->asked);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (!g_hash_table_contains (present, key))
      {
        forget (self, key);
        g_hash_table_iter_remove (&iter);
      }
}

static void
on_hosts (BobbinHostLogins *self)
{
  g_autoptr (GVariant) variant = g_settings_get_value (self->settings, "hosts");
  g_autoptr (GHashTable) present = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  bobbin_host_rules_set (variant);
  for (gsize i = 0; i < g_variant_n_children (variant); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (variant, i);
      g_autoptr (BobbinHostRule) rule = bobbin_host_rule_new_from_variant (child);

      look_up (self, rule);
      g_hash_table_add (present, g_strconcat (rule->user, "@", rule->host, NULL));
    }
  forget_others (self, present);
}

static void
bobbin_host_logins_dispose (GObject *object)
{
  BobbinHostLogins *self = BOBBIN_HOST_LOGINS (object);

  g_clear_handle_id (&self->patience_source, g_source_remove);
  g_clear_object (&self->settings);
  g_clear_object (&self->queue);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->asked, g_hash_table_unref);

  G_OBJECT_CLASS (bobbin_host_logins_parent_class)->dispose (object);
}

static void
bobbin_host_logins_class_init (BobbinHostLoginsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_host_logins_dispose;

  signals[TROUBLE] = g_signal_new ("trouble", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
bobbin_host_logins_init (BobbinHostLogins *self)
{
  self->cancellable = g_cancellable_new ();
  g_queue_init (&self->orders);
  self->asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * bobbin_host_logins_new:
 * @settings: the app's settings
 * @queue: whose downloads are asked for with the logins
 *
 * Returns: (transfer full): what has the engine know the servers of @settings, now and when they
 *   change
 */
BobbinHostLogins *
bobbin_host_logins_new (GSettings *settings, BobbinJobQueue *queue)
{
  BobbinHostLogins *self = g_object_new (BOBBIN_TYPE_HOST_LOGINS, NULL);

  self->settings = g_object_ref (settings);
  self->queue = g_object_ref (queue);
  g_signal_connect_object (settings, "changed::hosts", G_CALLBACK (on_hosts), self,
                           G_CONNECT_SWAPPED);
  on_hosts (self);

  return self;
}

/**
 * bobbin_host_logins_remember:
 * @host: of a server that is in the settings
 * @user: its user name
 * @password: and the password
 *
 * Has the password used from now on, and kept by the desktop.
 */
void
bobbin_host_logins_remember (BobbinHostLogins *self,
                             const char *host,
                             const char *user,
                             const char *password)
{
  g_return_if_fail (BOBBIN_IS_HOST_LOGINS (self));

  g_hash_table_add (self->asked, g_strconcat (user, "@", host, NULL));
  bobbin_host_rules_set_password (host, user, password);
  add_order (self, REMEMBER, host, user, password);
}

static void
on_patience_over (gpointer user_data)
{
  BobbinHostLogins *self = user_data;

  self->patience_source = 0;
  g_cancellable_cancel (self->cancellable);
}

/**
 * bobbin_host_logins_settle_async:
 * @callback: called when nothing is asked of the desktop any more
 * @user_data: for @callback
 *
 * For the end of the app. Once.
 */
void
bobbin_host_logins_settle_async (BobbinHostLogins *self,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_return_if_fail (BOBBIN_IS_HOST_LOGINS (self));
  g_return_if_fail (self->settling == NULL);

  self->settling = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->settling, bobbin_host_logins_settle_async);
  g_task_set_name (self->settling, "[bobbin] settle logins of servers");
  if (g_queue_is_empty (&self->orders))
    {
      return_settling (self);
      return;
    }
  self->patience_source = g_timeout_add_once (PATIENCE * 1000, on_patience_over, self);
  g_source_set_name_by_id (self->patience_source, "[bobbin] patience with passwords");
}
