/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinRemoval takes jobs out of the queue in a way that can be undone: a job is stopped and
 * joined, leaves the model, and waits in a batch for as long as a toast offers Undo. Jobs removed
 * meanwhile join the batch. What is undone while it is still being stopped leaves all the same, and
 * comes back at once. When the toast goes, what an unfinished download left on the disk is deleted;
 * a whole file never is: it stays, or is moved to the trash if that was asked for. Main thread
 * only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-removal.h"

#include <glib/gi18n-lib.h>

#include "bobbin-download.h"

/* How long Undo is offered, in seconds. */
#define UNDO_TIMEOUT 8

/* A job on its way out, or out. */
typedef struct
{
  BobbinRemoval *owner; /* (owned) (nullable) while the job is being stopped, or its part deleted */
  BobbinJob *job;       /* (owned) */
  int position;         /* where it stood when it left */
  gboolean was_active;
  gboolean revoked; /* undone before it left */
  gboolean to_trash;
} Removed;

struct _BobbinRemoval
{
  GObject parent_instance;

  BobbinJobQueue *queue; /* (owned) */
  BobbinToasts *toasts;  /* (owned) */
  GHashTable *leaving;   /* (owned): the jobs that are being stopped, each → its Removed */
  GPtrArray *batch;      /* (owned): of Removed, what Undo brings back, oldest first */
  AdwToast *toast;       /* (owned) (nullable): offers Undo for the batch */
  guint timeout_source;
  guint n_discards;
  gboolean can_undo; /* as last notified */
  GTask *flush;      /* (owned) (nullable): waits until nothing is pending */
};

G_DEFINE_FINAL_TYPE (BobbinRemoval, bobbin_removal, G_TYPE_OBJECT)

typedef enum
{
  PROP_CAN_UNDO = 1,
} BobbinRemovalProperty;

static GParamSpec *props[PROP_CAN_UNDO + 1];

enum
{
  CONCLUDED,
  TROUBLE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
removed_free (Removed *removed)
{
  g_clear_object (&removed->owner);
  g_clear_object (&removed->job);
  g_free (removed);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Removed, removed_free)

static void
flush_check (BobbinRemoval *self)
{
  g_autoptr (GTask) flush = NULL;

  if (self->flush == NULL || self->n_discards > 0 || g_hash_table_size (self->leaving) > 0)
    return;

  flush = g_steal_pointer (&self->flush);
  g_task_return_boolean (flush, TRUE);
}

static gboolean
has_something_to_undo (BobbinRemoval *self)
{
  GHashTableIter iter;
  gpointer removed;

  if (self->flush != NULL)
    return FALSE;
  if (self->batch->len > 0)
    return TRUE;

  g_hash_table_iter_init (&iter, self->leaving);
  while (g_hash_table_iter_next (&iter, NULL, &removed))
    if (!((Removed *) removed)->revoked)
      return TRUE;

  return FALSE;
}

/* Called after anything that may make a difference to it. */
static void
update_can_undo (BobbinRemoval *self)
{
  gboolean can_undo = has_something_to_undo (self);

  if (self->can_undo == can_undo)
    return;

  self->can_undo = can_undo;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CAN_UNDO]);
}

static Removed *
removed_new (BobbinRemoval *self, BobbinJob *job)
{
  Removed *removed = g_new0 (Removed, 1);

  removed->owner = g_object_ref (self);
  removed->job = g_object_ref (job);

  return removed;
}

static void
on_discarded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Removed) removed = user_data;
  BobbinRemoval *self = removed->owner;
  g_autoptr (GError) error = NULL;

  if (!bobbin_download_discard_finish (BOBBIN_DOWNLOAD (removed->job), result, &error))
    g_message ("The rest of a removed download stays on the disk: %s", error->message);
  self->n_discards--;
  flush_check (self);
}

static void
on_trashed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Removed) removed = user_data;
  BobbinRemoval *self = removed->owner;
  g_autoptr (GError) error = NULL;

  if (!g_file_trash_finish (G_FILE (source), result, &error) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_signal_emit (self, signals[TROUBLE], 0, error->message);
  self->n_discards--;
  flush_check (self);
}

static void
move_to_trash (BobbinRemoval *self, BobbinJob *job)
{
  g_autoptr (GFile) file = g_file_new_for_path (bobbin_download_get_file (BOBBIN_DOWNLOAD (job)));

  self->n_discards++;
  g_file_trash_async (file, G_PRIORITY_DEFAULT, NULL, on_trashed, removed_new (self, job));
}

static void
discard (BobbinRemoval *self, BobbinJob *job, gboolean to_trash)
{
  const gboolean is_whole = bobbin_job_get_state (job) == BOBBIN_JOB_DONE;

  g_signal_emit (self, signals[CONCLUDED], 0, job);
  if (!BOBBIN_IS_DOWNLOAD (job) || (is_whole && !to_trash))
    return;

  if (is_whole)
    {
      move_to_trash (self, job);
      return;
    }
  self->n_discards++;
  bobbin_download_discard_async (BOBBIN_DOWNLOAD (job), on_discarded, removed_new (self, job));
}

/* The batch is out of the user's reach now. */
static void
conclude (BobbinRemoval *self)
{
  for (guint i = 0; i < self->batch->len; i++)
    {
      const Removed *removed = g_ptr_array_index (self->batch, i);

      discard (self, removed->job, removed->to_trash);
    }
  g_ptr_array_set_size (self->batch, 0);
  update_can_undo (self);
}

static void
retire_toast (BobbinRemoval *self)
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
on_dismissed (BobbinRemoval *self)
{
  g_clear_handle_id (&self->timeout_source, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->toast, self);
  g_clear_object (&self->toast);
  conclude (self);
}

static void
on_timeout (gpointer user_data)
{
  BobbinRemoval *self = BOBBIN_REMOVAL (user_data);

  self->timeout_source = 0;
  retire_toast (self);
  conclude (self);
}

static char *
describe (BobbinRemoval *self)
{
  guint n = self->batch->len;
  Removed *first = g_ptr_array_index (self->batch, 0);

  if (n == 1)
    /* Translators: %s is the name of a download or monitor that was removed from the list. */
    return g_markup_printf_escaped (_ ("Removed “%s”"), bobbin_job_get_title (first->job));

  return g_strdup_printf (ngettext ("Removed %u job", "Removed %u jobs", n), n);
}

static void
show_toast (BobbinRemoval *self, const char *title)
{
  self->toast = adw_toast_new (title);
  adw_toast_set_button_label (self->toast, _ ("_Undo"));
  adw_toast_set_timeout (self->toast, 0);
  adw_toast_set_priority (self->toast, ADW_TOAST_PRIORITY_HIGH);
  g_signal_connect_swapped (self->toast, "button-clicked", G_CALLBACK (bobbin_removal_undo), self);
  g_signal_connect_swapped (self->toast, "dismissed", G_CALLBACK (on_dismissed), self);
  bobbin_toasts_show (self->toasts, g_object_ref (self->toast));
}

/* One toast for the whole batch. With each job that joins, its time begins anew: the reason for a
 * timer of our own. */
static void
offer_undo (BobbinRemoval *self)
{
  g_autofree char *title = NULL;

  if (self->toasts == NULL)
    {
      conclude (self);
      return;
    }

  title = describe (self);
  if (self->toast != NULL)
    adw_toast_set_title (self->toast, title);
  else
    show_toast (self, title);

  g_clear_handle_id (&self->timeout_source, g_source_remove);
  self->timeout_source = g_timeout_add_once (UNDO_TIMEOUT * 1000, on_timeout, self);
  g_source_set_name_by_id (self->timeout_source, "[bobbin] undo timeout");
}

static void
bring_back (BobbinRemoval *self, Removed *removed)
{
  if (!bobbin_job_queue_insert (self->queue, removed->position, removed->job))
    return;
  if (removed->was_active)
    bobbin_job_start (removed->job);
}

static void
on_removed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Removed) removed = user_data;
  g_autoptr (BobbinRemoval) self = g_steal_pointer (&removed->owner);

  g_hash_table_remove (self->leaving, removed->job);
  removed->position = bobbin_job_queue_remove_finish (self->queue, result, NULL);

  if (removed->position < 0)
    g_message ("“%s” was gone already", bobbin_job_get_title (removed->job));
  else if (self->flush != NULL)
    discard (self, removed->job, removed->to_trash);
  else if (removed->revoked)
    bring_back (self, removed);
  else
    {
      g_ptr_array_add (self->batch, g_steal_pointer (&removed));
      offer_undo (self);
    }
  update_can_undo (self);
  flush_check (self);
}

static void
bobbin_removal_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BobbinRemoval *self = BOBBIN_REMOVAL (object);

  switch ((BobbinRemovalProperty) prop_id)
    {
    case PROP_CAN_UNDO:
      g_value_set_boolean (value, self->can_undo);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_removal_dispose (GObject *object)
{
  BobbinRemoval *self = BOBBIN_REMOVAL (object);

  retire_toast (self);
  g_clear_object (&self->toasts);
  g_clear_object (&self->queue);

  G_OBJECT_CLASS (bobbin_removal_parent_class)->dispose (object);
}

static void
bobbin_removal_finalize (GObject *object)
{
  BobbinRemoval *self = BOBBIN_REMOVAL (object);

  g_assert (self->flush == NULL);
  g_ptr_array_unref (self->batch);
  g_hash_table_unref (self->leaving);

  G_OBJECT_CLASS (bobbin_removal_parent_class)->finalize (object);
}

static void
bobbin_removal_class_init (BobbinRemovalClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bobbin_removal_get_property;
  object_class->dispose = bobbin_removal_dispose;
  object_class->finalize = bobbin_removal_finalize;

  props[PROP_CAN_UNDO] =
    g_param_spec_boolean ("can-undo", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  /**
   * BobbinRemoval::concluded:
   * @self: the removal
   * @job: a job that has left the queue
   *
   * Nothing brings @job back any more.
   */
  signals[CONCLUDED] = g_signal_new ("concluded", BOBBIN_TYPE_REMOVAL, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 1, BOBBIN_TYPE_JOB);

  /**
   * BobbinRemoval::trouble:
   * @self: the removal
   * @sentence: what a user is to know
   *
   * A file could not be moved to the trash; it stays where it is.
   */
  signals[TROUBLE] = g_signal_new ("trouble", BOBBIN_TYPE_REMOVAL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
bobbin_removal_init (BobbinRemoval *self)
{
  self->leaving = g_hash_table_new (NULL, NULL);
  self->batch = g_ptr_array_new_with_free_func ((GDestroyNotify) removed_free);
}

/**
 * bobbin_removal_new:
 * @queue: where jobs are removed from, and go back to
 * @toasts: where Undo is offered
 */
BobbinRemoval *
bobbin_removal_new (BobbinJobQueue *queue, BobbinToasts *toasts)
{
  BobbinRemoval *self;

  g_return_val_if_fail (BOBBIN_IS_JOB_QUEUE (queue), NULL);
  g_return_val_if_fail (BOBBIN_IS_TOASTS (toasts), NULL);

  self = g_object_new (BOBBIN_TYPE_REMOVAL, NULL);
  self->queue = g_object_ref (queue);
  self->toasts = g_object_ref (toasts);

  return self;
}

/**
 * bobbin_removal_is_leaving:
 * @job: a job
 *
 * Returns: whether @job is on its way out, for good as far as is known
 */
gboolean
bobbin_removal_is_leaving (BobbinRemoval *self, BobbinJob *job)
{
  Removed *removed;

  g_return_val_if_fail (BOBBIN_IS_REMOVAL (self), FALSE);

  removed = g_hash_table_lookup (self->leaving, job);

  return removed != NULL && !removed->revoked;
}

static void
take_out (BobbinRemoval *self, BobbinJob *job, gboolean to_trash)
{
  Removed *removed;

  if (!bobbin_job_queue_find (self->queue, job, NULL))
    return;

  removed = g_hash_table_lookup (self->leaving, job);
  if (removed == NULL)
    {
      removed = removed_new (self, job);
      removed->was_active =
        bobbin_job_is_active (job) && bobbin_job_get_state (job) != BOBBIN_JOB_STOPPING;
      g_hash_table_insert (self->leaving, job, removed);
      bobbin_job_queue_remove_async (self->queue, job, on_removed, removed);
    }
  removed->to_trash = to_trash;
  removed->revoked = FALSE;
  update_can_undo (self);
}

/**
 * bobbin_removal_remove:
 * @job: a job in the queue
 *
 * Stops @job, takes it out of the queue once it is joined, and offers to undo that. Does nothing
 * for a job that is on its way out already.
 */
void
bobbin_removal_remove (BobbinRemoval *self, BobbinJob *job)
{
  g_return_if_fail (BOBBIN_IS_REMOVAL (self));
  g_return_if_fail (BOBBIN_IS_JOB (job));

  take_out (self, job, FALSE);
}

/**
 * bobbin_removal_trash:
 * @job: a job in the queue
 *
 * As bobbin_removal_remove(), and moves the file that @job has downloaded to the trash, as soon as
 * Undo is not offered any more. Until then it is where it was.
 */
void
bobbin_removal_trash (BobbinRemoval *self, BobbinJob *job)
{
  g_return_if_fail (BOBBIN_IS_REMOVAL (self));
  g_return_if_fail (BOBBIN_IS_JOB (job));

  take_out (self, job, TRUE);
}

static void
revoke_leaving (BobbinRemoval *self)
{
  GHashTableIter iter;
  gpointer removed;

  g_hash_table_iter_init (&iter, self->leaving);
  while (g_hash_table_iter_next (&iter, NULL, &removed))
    ((Removed *) removed)->revoked = TRUE;
}

/**
 * bobbin_removal_can_undo:
 *
 * Returns: whether there is something that bobbin_removal_undo() would bring back
 */
gboolean
bobbin_removal_can_undo (BobbinRemoval *self)
{
  g_return_val_if_fail (BOBBIN_IS_REMOVAL (self), FALSE);

  return self->can_undo;
}

/**
 * bobbin_removal_undo:
 *
 * Puts what was removed back where it was, the latest first, and starts what was running. What is
 * still being stopped comes back when it has been joined.
 */
void
bobbin_removal_undo (BobbinRemoval *self)
{
  g_return_if_fail (BOBBIN_IS_REMOVAL (self));

  retire_toast (self);
  revoke_leaving (self);
  while (self->batch->len > 0)
    {
      g_autoptr (Removed) removed = g_ptr_array_steal_index (self->batch, self->batch->len - 1);

      bring_back (self, removed);
    }
  update_can_undo (self);
}

/**
 * bobbin_removal_flush_async:
 * @callback: called when nothing is pending any more
 *
 * Ends the offer to undo: what was removed stays removed, now. Jobs that are still being stopped
 * are awaited. Used when the app quits.
 */
void
bobbin_removal_flush_async (BobbinRemoval *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (BOBBIN_IS_REMOVAL (self));
  g_return_if_fail (self->flush == NULL);

  self->flush = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->flush, bobbin_removal_flush_async);
  g_task_set_name (self->flush, "[bobbin] flush removals");

  retire_toast (self);
  conclude (self);
  update_can_undo (self);
  flush_check (self);
}

/**
 * bobbin_removal_flush_finish:
 *
 * Returns: %TRUE
 */
gboolean
bobbin_removal_flush_finish (BobbinRemoval *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
