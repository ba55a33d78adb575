/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A resolver that knows little: names that end in ".silent.test" are never answered, not until
 * the look-up is cancelled, and for those that end in ".busy.test" nobody can be asked now; any
 * other name is not found, until all are said to be this computer, with a host for their mail and a
 * text in two parts. Installed, told and removed in the main thread; asked in any.
 */

#include "config.h"

#include "bobbin-test-resolver.h"

#include "bobbin-test-wait.h"

struct _BobbinTestResolver
{
  GResolver parent_instance;

  GResolver *previous; /* (owned) */
  gint n_lookups;      /* (atomic) that are under way */
  gint finds_all;      /* (atomic) boolean: the other names are found */
};

G_DEFINE_FINAL_TYPE (BobbinTestResolver, bobbin_test_resolver, G_TYPE_RESOLVER)

static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  GTask *task = user_data;
  BobbinTestResolver *self = g_task_get_source_object (task);

  g_atomic_int_add (&self->n_lookups, -1);
  g_main_context_wakeup (NULL);
  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

/* This computer, or that it has no address of another kind. */
static void
answer (GTask *task, GResolverNameLookupFlags flags)
{
  GInetAddress *address;

  if (flags & G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY)
    {
      g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "Only IPv4");
      return;
    }
  address = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_task_return_pointer (task, g_list_prepend (NULL, address),
                         (GDestroyNotify) g_resolver_free_addresses);
}

static void
lookup_async (GResolver *resolver,
              const char *hostname,
              GResolverNameLookupFlags flags,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  BobbinTestResolver *self = BOBBIN_TEST_RESOLVER (resolver);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GSource) source = NULL;

  if (!g_str_has_suffix (hostname, ".silent.test") && g_atomic_int_get (&self->finds_all))
    {
      answer (task, flags);
      g_object_unref (task);
      return;
    }
  if (!g_str_has_suffix (hostname, ".silent.test"))
    {
      g_task_return_new_error (task, G_RESOLVER_ERROR,
                               g_str_has_suffix (hostname, ".busy.test")
                                 ? G_RESOLVER_ERROR_TEMPORARY_FAILURE
                                 : G_RESOLVER_ERROR_NOT_FOUND,
                               "No “%s”", hostname);
      g_object_unref (task);
      return;
    }

  g_assert_nonnull (cancellable);
  source = g_cancellable_source_new (cancellable);
  g_task_attach_source (task, source, G_SOURCE_FUNC (on_cancelled));
  g_object_unref (task);
  g_atomic_int_inc (&self->n_lookups);
  g_main_context_wakeup (NULL);
}

static void
lookup_plain_async (GResolver *resolver,
                    const char *hostname,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  lookup_async (resolver, hostname, G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT, cancellable, callback,
                user_data);
}

static GList *
lookup_finish (GResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
free_records (gpointer data)
{
  g_list_free_full (data, (GDestroyNotify) g_variant_unref);
}

static void
lookup_records_async (GResolver *resolver,
                      const char *name,
                      GResolverRecordType type,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  static const char *const parts[] = { "v=1 ", "a b", NULL };
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);
  GVariant *record = type == G_RESOLVER_RECORD_MX ? g_variant_new ("(qs)", 10, "mail.test")
                                                  : g_variant_new ("(^as)", parts);

  g_task_return_pointer (task, g_list_prepend (NULL, g_variant_ref_sink (record)), free_records);
}

static void
bobbin_test_resolver_finalize (GObject *object)
{
  BobbinTestResolver *self = BOBBIN_TEST_RESOLVER (object);

  g_clear_object (&self->previous);
  G_OBJECT_CLASS (bobbin_test_resolver_parent_class)->finalize (object);
}

static void
bobbin_test_resolver_class_init (BobbinTestResolverClass *klass)
{
  GResolverClass *resolver_class = G_RESOLVER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bobbin_test_resolver_finalize;
  resolver_class->lookup_by_name_async = lookup_plain_async;
  resolver_class->lookup_by_name_finish = lookup_finish;
  resolver_class->lookup_by_name_with_flags_async = lookup_async;
  resolver_class->lookup_by_name_with_flags_finish = lookup_finish;
  resolver_class->lookup_records_async = lookup_records_async;
  resolver_class->lookup_records_finish = lookup_finish;
}

static void
bobbin_test_resolver_init (BobbinTestResolver *self)
{
}

/**
 * bobbin_test_resolver_install:
 *
 * Makes all of the process ask a new resolver of this kind.
 *
 * Returns: (transfer full): the resolver; for bobbin_test_resolver_uninstall()
 */
BobbinTestResolver *
bobbin_test_resolver_install (void)
{
  BobbinTestResolver *self = g_object_new (BOBBIN_TEST_TYPE_RESOLVER, NULL);

  self->previous = g_resolver_get_default ();
  g_resolver_set_default (G_RESOLVER (self));
  return self;
}

/**
 * bobbin_test_resolver_find_all:
 * @self: the resolver
 *
 * From now on any name that was not found is this computer.
 */
void
bobbin_test_resolver_find_all (BobbinTestResolver *self)
{
  g_atomic_int_set (&self->finds_all, TRUE);
}

/**
 * bobbin_test_resolver_uninstall:
 * @self: (transfer full): the resolver
 *
 * Brings the earlier resolver back. No look-up may be under way any more.
 */
void
bobbin_test_resolver_uninstall (BobbinTestResolver *self)
{
  g_assert_cmpint (g_atomic_int_get (&self->n_lookups), ==, 0);
  g_resolver_set_default (self->previous);
  g_object_unref (self);
}

/**
 * bobbin_test_resolver_wait:
 * @self: the resolver
 * @n_lookups: a number
 *
 * Runs the main context until exactly so many look-ups wait for their answer. To connect to one
 * name is two of them in GLib, one for each kind of address.
 */
void
bobbin_test_resolver_wait (BobbinTestResolver *self, guint n_lookups)
{
  BOBBIN_TEST_WAIT_UNTIL (g_atomic_int_get (&self->n_lookups) == (gint) n_lookups);
}
