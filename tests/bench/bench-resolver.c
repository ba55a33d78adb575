/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A resolver that never answers: each look-up lasts until it is cancelled. Only of names that there
 * cannot be (RFC 6761 §6.4) it says so at once. It is asked in the workers' threads, and answers
 * there.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bench-resolver.h"

struct _BenchResolver
{
  GResolver parent_instance;

  GMutex mutex;
  GHashTable
    *names; /* (owned): char (owned) → how often it is being looked up; protected by mutex */
};

G_DEFINE_FINAL_TYPE (BenchResolver, bench_resolver, G_TYPE_RESOLVER)

static void
count_name (BenchResolver *self, const char *name, int by)
{
  int n;

  g_mutex_lock (&self->mutex);
  n = GPOINTER_TO_INT (g_hash_table_lookup (self->names, name)) + by;
  if (n > 0)
    g_hash_table_insert (self->names, g_strdup (name), GINT_TO_POINTER (n));
  else
    g_hash_table_remove (self->names, name);
  g_mutex_unlock (&self->mutex);
  g_main_context_wakeup (NULL);
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  GTask *task = user_data;

  count_name (g_task_get_source_object (task), g_task_get_task_data (task), -1);
  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

static void
bench_resolver_lookup_by_name_with_flags_async (GResolver *resolver,
                                                const char *hostname,
                                                GResolverNameLookupFlags flags,
                                                GCancellable *cancellable,
                                                GAsyncReadyCallback callback,
                                                gpointer user_data)
{
  GTask *task = g_task_new (resolver, cancellable, callback, user_data);
  GSource *source;

  g_task_set_source_tag (task, bench_resolver_lookup_by_name_with_flags_async);
  g_task_set_name (task, "[bobbin] look-up without an answer");
  if (g_str_has_suffix (hostname, ".invalid"))
    {
      g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "No such name");
      g_object_unref (task);
      return;
    }

  source = g_cancellable_source_new (cancellable);
  g_task_set_task_data (task, g_strdup (hostname), g_free);
  count_name (BENCH_RESOLVER (resolver), hostname, 1);
  g_source_set_callback (source, G_SOURCE_FUNC (on_cancelled), task, g_object_unref);
  g_source_attach (source, g_main_context_get_thread_default ());
  g_source_unref (source);
}

static void
bench_resolver_lookup_by_name_async (GResolver *resolver,
                                     const char *hostname,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  bench_resolver_lookup_by_name_with_flags_async (resolver, hostname,
                                                  G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT, cancellable,
                                                  callback, user_data);
}

static GList *
bench_resolver_lookup_by_name_finish (GResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
bench_resolver_finalize (GObject *object)
{
  BenchResolver *self = BENCH_RESOLVER (object);

  g_hash_table_unref (self->names);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (bench_resolver_parent_class)->finalize (object);
}

static void
bench_resolver_class_init (BenchResolverClass *klass)
{
  GResolverClass *resolver_class = G_RESOLVER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bench_resolver_finalize;
  resolver_class->lookup_by_name_async = bench_resolver_lookup_by_name_async;
  resolver_class->lookup_by_name_finish = bench_resolver_lookup_by_name_finish;
  resolver_class->lookup_by_name_with_flags_async = bench_resolver_lookup_by_name_with_flags_async;
  resolver_class->lookup_by_name_with_flags_finish = bench_resolver_lookup_by_name_finish;
}

static void
bench_resolver_init (BenchResolver *self)
{
  g_mutex_init (&self->mutex);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * bench_resolver_new:
 *
 * Returns: (transfer full): a resolver, to be made the default one
 */
BenchResolver *
bench_resolver_new (void)
{
  return g_object_new (BENCH_TYPE_RESOLVER, NULL);
}

/**
 * bench_resolver_get_n_ready:
 * @self: a resolver
 *
 * Returns: how many different names are being looked up
 */
guint
bench_resolver_get_n_ready (BenchResolver *self)
{
  guint n;

  g_mutex_lock (&self->mutex);
  n = g_hash_table_size (self->names);
  g_mutex_unlock (&self->mutex);
  return n;
}
