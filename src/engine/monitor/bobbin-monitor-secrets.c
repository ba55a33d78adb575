/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What of a monitor is secret: a password among its options, headers that may hold one, a login in
 * its address or in that of its webhook. All that is not written down with the rest, and comes back
 * by itself, from where passwords are kept. Until then the monitor does not look: what a server
 * says to somebody without a login is no verdict on it. For that of a webhook it does not wait.
 * Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-monitor-secrets.h"

#include "bobbin-display.h"
#include "bobbin-monitor-private.h"
#include "bobbin-probe-options.h"

/* The members of the secrets. */
#define TARGET  "target"
#define OPTIONS "options"
#define WEBHOOK "webhook"

static gboolean
has_login (const char *target)
{
  g_autofree char *bare = bobbin_display_address (target);

  return !g_str_equal (bare, target);
}

/* NULL where there is none. */
static const char *
get_webhook (BobbinMonitor *self)
{
  const char *webhook = NULL;

  if (self->alerting != NULL)
    g_variant_lookup (self->alerting, WEBHOOK, "&s", &webhook);

  return webhook;
}

/* Those of the options that are secret; NULL where none are. */
static GVariant *
dup_secret_options (BobbinMonitor *self, GVariant *options)
{
  const BobbinProbeKind *kind = bobbin_probe_kind_find (self->target);
  g_autoptr (GVariant) plain = NULL;
  g_autoptr (GVariant) secret = NULL;

  if (kind == NULL || options == NULL)
    return NULL;

  plain = bobbin_probe_options_split (kind->options, options, &secret);

  return g_variant_n_children (secret) > 0 ? g_steal_pointer (&secret) : NULL;
}

/**
 * bobbin_monitor_dup_plain_options:
 * @self: a monitor
 *
 * Returns: (transfer full) (nullable): what is set for its kind of probe but for what is secret,
 * a{sv}: this may be written down
 */
GVariant *
bobbin_monitor_dup_plain_options (BobbinMonitor *self)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  const BobbinProbeKind *kind;
  g_autoptr (GVariant) plain = NULL;
  g_autoptr (GVariant) secret = NULL;
  GVariantIter iter;
  const char *name;

  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), NULL);

  kind = bobbin_probe_kind_find (self->target);
  if (kind == NULL || self->options == NULL)
    return NULL;

  /* in their order, so that the same is written down as before */
  plain = bobbin_probe_options_split (kind->options, self->options, &secret);
  g_variant_iter_init (&iter, self->options);
  while (g_variant_iter_next (&iter, "{&sv}", &name, NULL))
    {
      g_autoptr (GVariant) value = g_variant_lookup_value (plain, name, NULL);

      if (value != NULL)
        g_variant_builder_add (&builder, "{sv}", name, value);
    }

  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

/**
 * bobbin_monitor_has_secrets:
 * @self: a monitor
 *
 * Returns: whether it cannot look without something secret, here or still kept elsewhere
 */
gboolean
bobbin_monitor_has_secrets (BobbinMonitor *self)
{
  g_autoptr (GVariant) options = NULL;

  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), FALSE);

  options = dup_secret_options (self, self->options);

  return self->lacks_secrets || options != NULL || has_login (self->target);
}

/**
 * bobbin_monitor_lacks_secrets:
 * @self: a monitor
 *
 * Returns: whether it waits for bobbin_monitor_give_secrets()
 */
gboolean
bobbin_monitor_lacks_secrets (BobbinMonitor *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), FALSE);

  return self->lacks_secrets;
}

/**
 * bobbin_monitor_wants_secrets:
 * @self: a monitor
 *
 * Returns: whether something may be kept elsewhere that bobbin_monitor_give_secrets() would take:
 * it lacks some, or has a webhook without the login that its address may have had
 */
gboolean
bobbin_monitor_wants_secrets (BobbinMonitor *self)
{
  const char *webhook;

  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), FALSE);

  webhook = get_webhook (self);

  return self->lacks_secrets || (webhook != NULL && *webhook != '\0' && !has_login (webhook));
}

/**
 * bobbin_monitor_dup_secrets:
 * @self: a monitor
 *
 * Returns: (transfer full) (nullable): what of it is secret, to be kept where passwords are; %NULL
 *   if nothing is
 */
char *
bobbin_monitor_dup_secrets (BobbinMonitor *self)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GVariant) options = NULL;
  g_autoptr (GVariant) secrets = NULL;
  const char *webhook;

  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), NULL);

  options = dup_secret_options (self, self->options);
  if (options != NULL)
    g_variant_dict_insert_value (&dict, OPTIONS, options);
  if (has_login (self->target))
    g_variant_dict_insert (&dict, TARGET, "s", self->target);
  webhook = get_webhook (self);
  if (webhook != NULL && has_login (webhook))
    g_variant_dict_insert (&dict, WEBHOOK, "s", webhook);
  secrets = g_variant_ref_sink (g_variant_dict_end (&dict));

  return g_variant_n_children (secrets) > 0 ? g_variant_print (secrets, TRUE) : NULL;
}

/* The address with its login, where it is the same otherwise. */
static const char *
choose_address (const char *address, GVariant *secrets, const char *member)
{
  const char *whole = NULL;
  g_autofree char *bare = NULL;

  if (!g_variant_lookup (secrets, member, "&s", &whole))
    return address;
  bare = bobbin_display_address (whole);

  return g_str_equal (bare, address) ? whole : address;
}

static gboolean
take_webhook (BobbinMonitor *self, GVariant *secrets)
{
  const char *webhook = get_webhook (self);
  const char *whole = webhook != NULL ? choose_address (webhook, secrets, WEBHOOK) : NULL;
  g_autoptr (GVariantDict) dict = NULL;

  if (whole == webhook)
    return FALSE;

  dict = g_variant_dict_new (self->alerting);
  g_variant_dict_insert (dict, WEBHOOK, "s", whole);
  g_object_set (self, "alerting", g_variant_dict_end (dict), NULL);

  return TRUE;
}

static GVariant *
join_options (BobbinMonitor *self, GVariant *secrets)
{
  g_autoptr (GVariant) secret = g_variant_lookup_value (secrets, OPTIONS, G_VARIANT_TYPE_VARDICT);
  g_autoptr (GVariant) plain = self->options != NULL
                                 ? g_variant_ref (self->options)
                                 : g_variant_ref_sink (g_variant_new ("a{sv}", NULL));

  return bobbin_probe_options_join (plain, secret);
}

/* What is secret has come back: the same is looked at, by somebody whom the server knows. */
static gboolean
take_login (BobbinMonitor *self, const char *target, GVariant *options)
{
  BobbinProbe *probe = bobbin_monitor_make_probe (self, target, options, NULL);
  char *own_target;

  if (probe == NULL)
    return FALSE;

  own_target = g_strdup (target);
  g_free (self->target);
  self->target = own_target;
  g_clear_pointer (&self->options, g_variant_unref);
  self->options = g_variant_ref (options);
  self->lacks_secrets = FALSE;
  bobbin_monitor_exchange_probe (self, probe);
  bobbin_monitor_notify (self, BOBBIN_MONITOR_PROP_OPTIONS);

  return TRUE;
}

/**
 * bobbin_monitor_give_secrets:
 * @self: a monitor that wants them
 * @secrets: what bobbin_monitor_dup_secrets() gave
 *
 * Gives back what is secret. A run of one that lacked some goes on without: restart it.
 *
 * Returns: whether they are @self's
 */
gboolean
bobbin_monitor_give_secrets (BobbinMonitor *self, const char *secrets)
{
  g_autoptr (GVariant) parsed = NULL;
  g_autoptr (GVariant) options = NULL;
  gboolean taken;

  g_return_val_if_fail (BOBBIN_IS_MONITOR (self), FALSE);
  g_return_val_if_fail (secrets != NULL, FALSE);

  parsed = g_variant_parse (G_VARIANT_TYPE_VARDICT, secrets, NULL, NULL, NULL);
  if (parsed == NULL)
    return FALSE;
  taken = take_webhook (self, parsed);
  if (!self->lacks_secrets)
    return taken;
  options = join_options (self, parsed);

  return take_login (self, choose_address (self->target, parsed, TARGET), options) || taken;
}

/* Whoever gives a new password has no need of the old one. All else can be set while that is still
 * kept elsewhere, and does not do away with it. */
void
bobbin_monitor_take_secrets (BobbinMonitor *self, GVariant *options)
{
  g_autoptr (GVariant) secret = dup_secret_options (self, options);

  if (secret != NULL)
    self->lacks_secrets = FALSE;
}

/* What an earlier program knew: that there are some, and not which. */
void
bobbin_monitor_set_secrets (BobbinMonitor *self, gboolean secrets)
{
  if (self->run != NULL || secrets == bobbin_monitor_has_secrets (self))
    return;

  self->lacks_secrets = secrets;
  if (self->probe != NULL)
    self->probe->lacks_secrets = secrets;
  bobbin_monitor_notify (self, BOBBIN_MONITOR_PROP_SECRETS);
}
