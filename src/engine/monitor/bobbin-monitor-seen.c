/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a monitor has seen and the next program is to know: of a web page the versions that are no
 * news any more. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-monitor-private.h"

#include "bobbin-probe-options.h"

/* What was known when the program ended is known to the new probe. */
BobbinProbe *
bobbin_monitor_make_probe (BobbinMonitor *self,
                           const char *target,
                           GVariant *options,
                           GError **error)
{
  const BobbinProbeKind *kind = bobbin_probe_kind_find (target);
  g_autoptr (GVariant) known = NULL;
  g_autoptr (GVariant) with = NULL;
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (options);

  if (self->seen != NULL)
    known = g_variant_lookup_value (self->seen, "known", G_VARIANT_TYPE_STRING_ARRAY);
  if (known == NULL || kind == NULL || bobbin_probe_options_find (kind->options, "known") == NULL)
    return bobbin_probe_new (target, options, error);

  g_variant_dict_insert_value (&dict, "known", known);
  with = g_variant_ref_sink (g_variant_dict_end (&dict));

  return bobbin_probe_new (target, with, error);
}

/* What is noted during a run the probe of that run has told. */
void
bobbin_monitor_set_seen (BobbinMonitor *self, GVariant *seen)
{
  BobbinProbe *probe;

  bobbin_monitor_set_note (self, &self->seen, seen, BOBBIN_MONITOR_PROP_SEEN);
  if (self->run != NULL || self->seen == NULL)
    return;

  probe = bobbin_monitor_make_probe (self, self->target, self->options, NULL);
  if (probe != NULL)
    bobbin_monitor_exchange_probe (self, probe);
}

static gboolean
is_same (GVariant *a, GVariant *b)
{
  return a == b || (a != NULL && b != NULL && g_variant_equal (a, b));
}

/* With another filter another page is looked at. */
void
bobbin_monitor_forget_filtered (BobbinMonitor *self, GVariant *options)
{
  static const char *const filters[] = { "include", "ignore" };

  for (gsize i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      g_autoptr (GVariant) before =
        self->options != NULL ? g_variant_lookup_value (self->options, filters[i], NULL) : NULL;
      g_autoptr (GVariant) after =
        options != NULL ? g_variant_lookup_value (options, filters[i], NULL) : NULL;

      if (!is_same (before, after))
        bobbin_monitor_set_note (self, &self->seen, NULL, BOBBIN_MONITOR_PROP_SEEN);
    }
}
