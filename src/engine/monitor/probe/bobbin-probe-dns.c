/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How long it takes to look a name up in the DNS, in ms, and whether a record is there. This
 * computer's own resolver is asked. Sampled in a worker, asynchronously on a context of its own, so
 * that one cancellable ends it.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-probe-net.h"

#include "bobbin-display.h"
#include "bobbin-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  BobbinProbe parent;
  char *name;     /* (owned) */
  char *type;     /* (owned): A, AAAA, MX or TXT */
  char *expected; /* (owned) (nullable) */
} BobbinProbeDns;

typedef struct
{
  gboolean done;
  GPtrArray *records; /* (owned) (element-type utf8) */
  GError *error;      /* (owned) (nullable) */
} LookUp;

static const char *const types[] = { "A", "AAAA", "MX", "TXT", NULL };

const BobbinProbeOption bobbin_probe_dns_options[] = {
  { "type", "s", "'A'", types, N_ ("Which records to look up"), FALSE },
  { "expected", "s", NULL, NULL, N_ ("A record that must be among them"), FALSE },
  { NULL },
};

static void
on_addresses (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LookUp *look_up = user_data;
  GList *addresses =
    g_resolver_lookup_by_name_with_flags_finish (G_RESOLVER (source), result, &look_up->error);

  for (GList *l = addresses; l != NULL; l = l->next)
    g_ptr_array_add (look_up->records, g_inet_address_to_string (l->data));
  g_resolver_free_addresses (addresses);
  look_up->done = TRUE;
}

/* A host for mail as the DNS writes it, “10 mail.example.org”; a text as its parts together. */
static char *
format_record (GVariant *record)
{
  g_auto (GStrv) parts = NULL;
  guint16 preference;
  const char *host;

  if (g_variant_is_of_type (record, G_VARIANT_TYPE ("(qs)")))
    {
      g_variant_get (record, "(q&s)", &preference, &host);
      return g_strdup_printf ("%u %s", preference, host);
    }
  g_variant_get (record, "(^as)", &parts);

  return g_strjoinv ("", parts);
}

static void
on_records (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LookUp *look_up = user_data;
  GList *records = g_resolver_lookup_records_finish (G_RESOLVER (source), result, &look_up->error);

  for (GList *l = records; l != NULL; l = l->next)
    {
      g_autofree char *record = format_record (l->data);

      g_ptr_array_add (look_up->records, g_utf8_make_valid (record, -1));
    }
  g_list_free_full (records, (GDestroyNotify) g_variant_unref);
  look_up->done = TRUE;
}

static void
begin (BobbinProbeDns *self, GCancellable *cancellable, LookUp *look_up)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();

  if (*self->type == 'A')
    g_resolver_lookup_by_name_with_flags_async (resolver, self->name,
                                                g_str_equal (self->type, "A")
                                                  ? G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY
                                                  : G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY,
                                                cancellable, on_addresses, look_up);
  else
    g_resolver_lookup_records_async (resolver, self->name,
                                     g_str_equal (self->type, "MX") ? G_RESOLVER_RECORD_MX
                                                                    : G_RESOLVER_RECORD_TXT,
                                     cancellable, on_records, look_up);
}

static gboolean
judge (BobbinProbeDns *self, LookUp *look_up, BobbinSample *sample, GError **error)
{
  g_auto (GVariantDict) details = G_VARIANT_DICT_INIT (NULL);
  const char *const *records = (const char *const *) look_up->records->pdata;
  g_autofree char *all = NULL;

  if (look_up->error != NULL)
    {
      g_propagate_error (error, bobbin_error_from_gio (look_up->error, self->name));
      return FALSE;
    }

  g_variant_dict_insert_value (&details, "records",
                               g_variant_new_strv (records, look_up->records->len));
  sample->details = g_variant_ref_sink (g_variant_dict_end (&details));
  g_ptr_array_add (look_up->records, NULL);
  records = (const char *const *) look_up->records->pdata;
  all = g_strjoinv (", ", (char **) records);
  sample->text = bobbin_display_text (all);
  if (self->expected == NULL || g_strv_contains (records, self->expected))
    return TRUE;

  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ANSWER,
               /* Translators: a record of the DNS such as an address, a name, what there is */
               _ ("“%s” was expected among the records of %s, but there is: %s."), self->expected,
               self->name, sample->text);

  return FALSE;
}

static gboolean
dns_sample (BobbinProbe *probe, GCancellable *cancellable, BobbinSample *sample, GError **error)
{
  BobbinProbeDns *self = (BobbinProbeDns *) probe;
  g_autoptr (GMainContext) context = g_main_context_new ();
  LookUp look_up = { .records = g_ptr_array_new_with_free_func (g_free) };
  const gint64 began = g_get_monotonic_time ();
  BobbinProbeLoop loop;
  gboolean ok;

  bobbin_probe_loop_enter (&loop, context, cancellable);
  begin (self, loop.cancellable, &look_up);
  while (!look_up.done)
    g_main_context_iteration (context, TRUE);
  sample->value = (g_get_monotonic_time () - began) / 1000.0;
  bobbin_probe_loop_leave (&loop);

  ok = judge (self, &look_up, sample, error);
  g_ptr_array_unref (look_up.records);
  g_clear_error (&look_up.error);

  return ok;
}

static void
dns_clear (BobbinProbe *probe)
{
  BobbinProbeDns *self = (BobbinProbeDns *) probe;

  g_free (self->name);
  g_free (self->type);
  g_free (self->expected);
}

static const BobbinProbeClass dns_class = {
  .unit = "ms",
  .scope = BOBBIN_PROBE_NETWORK,
  .sample = dns_sample,
  .clear = dns_clear,
};

/**
 * bobbin_probe_dns_new: (skip)
 * @target: `dns:` and a name
 * @options: (nullable): what is set for it, a{sv}
 * @error: where to say what is wrong: %BOBBIN_ERROR_BAD_ADDRESS or %BOBBIN_ERROR_BAD_SETTING
 *
 * The details of its samples are `records`, as.
 *
 * Returns: (transfer full) (nullable): a probe of that name
 */
BobbinProbe *
bobbin_probe_dns_new (const char *target, GVariant *options, GError **error)
{
  const BobbinProbeOption *table = bobbin_probe_dns_options;
  const char *name = target + strlen ("dns:");
  BobbinProbeDns *self;

  if (*name == '\0' || *name == '.' || strlen (name) > 253 || g_hostname_is_ip_address (name) ||
      strpbrk (name, "/:@?#[] \t\n") != NULL || !g_str_is_ascii (name))
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
                           /* Translators: leave the example as it is */
                           _ ("Name what to look up, as in dns:example.org."));
      return NULL;
    }
  if (!bobbin_probe_options_check (table, options, error))
    return NULL;

  self = bobbin_probe_alloc (&dns_class, sizeof *self,
                             /* Translators: %s is the name of a host */
                             g_strdup_printf (_ ("DNS of %s"), name));
  self->name = g_strdup (name);
  self->type = bobbin_probe_options_dup_string (table, options, "type");
  self->expected = bobbin_probe_options_dup_string (table, options, "expected");

  return &self->parent;
}
