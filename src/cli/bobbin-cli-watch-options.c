/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The options of `bobbin-cli watch`: what there is, what goes with what, and monitors made of them.
 * What can be set for a kind of probe is as the engine's tables have it. Everything that can be
 * said to be wrong before anything begins is said here. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-cli-options.h"
#include "bobbin-cli-password.h"
#include "bobbin-cli-targets.h"
#include "bobbin-cli-watch-private.h"
#include "bobbin-enums.h"
#include "bobbin-probe-options.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MIN_INTERVAL 0.1
#define MIN_TIMEOUT  0.01
#define MAX_SECONDS  (7 * 24 * 60 * 60)
#define MAX_IN_A_ROW 1000

/* A limit, as it was typed and read. */
typedef struct
{
  char *text; /* (owned) (nullable) */
  double value;
} Limit;

/* The options as they were typed, and those that were read. */
typedef struct
{
  char *interval_text;
  char *count_text;
  char *side_text;
  char *for_text;
  char *for_seconds_text;
  char *recover_text;
  char *timeout_text;
  char **settings; /* NAME=VALUE */
  char *fetch;
  gboolean help_targets;
  gboolean json;

  Limit warn;
  Limit warn_clear;
  Limit critical;
  Limit critical_clear;
  double interval;
  guint count;
  BobbinLimitSide side;
  guint for_samples;
  double for_seconds;
  guint recover;
  double timeout;

  gboolean *used; /* (owned) (nullable): which of the settings a target had a use for */
  char *password; /* (owned) (nullable): wiped when it goes */
} Typed;

static void
typed_clear (Typed *typed)
{
  g_free (typed->interval_text);
  g_free (typed->count_text);
  g_free (typed->side_text);
  g_free (typed->for_text);
  g_free (typed->for_seconds_text);
  g_free (typed->recover_text);
  g_free (typed->timeout_text);
  g_strfreev (typed->settings);
  g_free (typed->fetch);
  g_free (typed->warn.text);
  g_free (typed->warn_clear.text);
  g_free (typed->critical.text);
  g_free (typed->critical_clear.text);
  g_free (typed->used);
  bobbin_cli_password_free (typed->password);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Typed, typed_clear)

/* ---- reading */

/* Values may be below zero, and a target's usual limit unwanted. */
static gboolean
take_limit (const char *option, Limit *limit, GError **error)
{
  char *end = NULL;

  limit->value = NAN;
  if (limit->text == NULL || g_str_equal (limit->text, "none"))
    return TRUE;

  limit->value = g_ascii_strtod (limit->text, &end);
  if (end != limit->text && *end == '\0' && isfinite (limit->value))
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               /* Translators: %1$s is an option, like “--warn”; leave “none” as it is */
               _ ("%s takes a number or none, not “%s”"), option, limit->text);
  return FALSE;
}

static gboolean
take_limits (Typed *typed, GError **error)
{
  if (!take_limit ("--warn", &typed->warn, error) ||
      !take_limit ("--warn-clear", &typed->warn_clear, error) ||
      !take_limit ("--critical", &typed->critical, error) ||
      !take_limit ("--critical-clear", &typed->critical_clear, error))
    return FALSE;
  if (typed->warn_clear.text != NULL && isnan (typed->warn.value))
    return bobbin_cli_options_wrong (error, _ ("--warn-clear needs a limit of --warn"));
  if (typed->critical_clear.text != NULL && isnan (typed->critical.value))
    return bobbin_cli_options_wrong (error, _ ("--critical-clear needs a limit of --critical"));
  return TRUE;
}

static gboolean
take_side (const char *text, BobbinLimitSide *side, GError **error)
{
  if (text == NULL)
    return TRUE;
  if (g_str_equal (text, "above") || g_str_equal (text, "below"))
    {
      *side = *text == 'a' ? BOBBIN_LIMIT_SIDE_ABOVE : BOBBIN_LIMIT_SIDE_BELOW;
      return TRUE;
    }

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               /* Translators: leave the words above and below as they are */
               _ ("--side takes above or below, not “%s”"), text);
  return FALSE;
}

static gboolean
take_options (Typed *typed, GError **error)
{
  typed->interval = 5;
  typed->for_samples = 1;
  typed->timeout = 10;

  return bobbin_cli_options_take_number ("--interval", typed->interval_text, MIN_INTERVAL,
                                         MAX_SECONDS, &typed->interval, error) &&
         bobbin_cli_options_take_count ("--count", typed->count_text, 1, G_MAXINT, &typed->count,
                                        error) &&
         take_limits (typed, error) && take_side (typed->side_text, &typed->side, error) &&
         bobbin_cli_options_take_count ("--for", typed->for_text, 1, MAX_IN_A_ROW,
                                        &typed->for_samples, error) &&
         bobbin_cli_options_take_number ("--for-seconds", typed->for_seconds_text, 0, MAX_SECONDS,
                                         &typed->for_seconds, error) &&
         bobbin_cli_options_take_count ("--recover", typed->recover_text, 1, MAX_IN_A_ROW,
                                        &typed->recover, error) &&
         bobbin_cli_options_take_number ("--timeout", typed->timeout_text, MIN_TIMEOUT, MAX_SECONDS,
                                         &typed->timeout, error);
}

/* ---- what is set for a kind of probe */

/* An item more of a list, or a value where there is none yet. */
static gboolean
insert_value (GVariantDict *options, const char *name, GVariant *value, GError **error)
{
  g_autoptr (GVariant) before = g_variant_dict_lookup_value (options, name, NULL);
  g_autoptr (GPtrArray) items = NULL;

  if (before == NULL)
    {
      g_variant_dict_insert_value (options, name, value);
      return TRUE;
    }
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   /* Translators: %s is the name of something that was set with --set */
                   _ ("--set gives “%s” twice"), name);
      return FALSE;
    }

  items = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  for (gsize i = 0; i < g_variant_n_children (before); i++)
    g_ptr_array_add (items, g_variant_get_child_value (before, i));
  g_ptr_array_add (items, g_variant_get_child_value (value, 0));
  g_variant_dict_insert_value (options, name,
                               g_variant_new_array (G_VARIANT_TYPE_STRING,
                                                    (GVariant **) items->pdata, items->len));
  return TRUE;
}

/* What a target has no use for may be for another one. */
static gboolean
take_setting (Typed *typed,
              guint i,
              const BobbinProbeOption *table,
              GVariantDict *options,
              GError **error)
{
  const char *setting = typed->settings[i];
  const char *equals = strchr (setting, '=');
  g_autofree char *name = g_strndup (setting, equals - setting);
  const BobbinProbeOption *option = bobbin_probe_options_find (table, name);
  g_autoptr (GVariant) value = NULL;

  if (option == NULL)
    return TRUE;
  if (option->is_secret)
    return bobbin_cli_options_wrong (
      error,
      /* Translators: keep --set and BOBBIN_PASSWORD as they are */
      _ ("--set takes no password, as everybody can see the arguments of a program: put it into "
         "the environment variable BOBBIN_PASSWORD, or type it when asked"));

  typed->used[i] = TRUE;
  value = bobbin_probe_options_parse (table, name, equals + 1, error);
  return value != NULL && insert_value (options, name, value, error);
}

/* Waits for a person, if the password is not in the environment. */
static gboolean
take_password (Typed *typed, const BobbinProbeOption *table, GVariantDict *options, GError **error)
{
  const char *user = NULL;

  if (bobbin_probe_options_find (table, "password") == NULL ||
      !g_variant_dict_lookup (options, "user", "&s", &user))
    return TRUE;

  if (typed->password == NULL)
    typed->password = bobbin_cli_password_get (user, error);
  if (typed->password == NULL)
    return FALSE;
  if (!g_utf8_validate (typed->password, -1, NULL))
    return bobbin_cli_options_wrong (error, _ ("The password is not in UTF-8"));
  g_variant_dict_insert (options, "password", "s", typed->password);
  return TRUE;
}

/* NULL without an error where the target is none: that is said when a monitor is to be made. */
static GVariant *
make_options (Typed *typed, const char *target, GError **error)
{
  const BobbinProbeKind *kind = bobbin_probe_kind_find (target);
  g_auto (GVariantDict) options = G_VARIANT_DICT_INIT (NULL);

  if (kind == NULL || typed->settings == NULL)
    return NULL;

  for (guint i = 0; typed->settings[i] != NULL; i++)
    if (!take_setting (typed, i, kind->options, &options, error))
      return NULL;

  return take_password (typed, kind->options, &options, error)
           ? g_variant_ref_sink (g_variant_dict_end (&options))
           : NULL;
}

/* Only pages are known to change. */
static gboolean
check_fetch (const Typed *typed, char *const targets[], GError **error)
{
  if (typed->fetch == NULL)
    return TRUE;
  if (!g_file_test (typed->fetch, G_FILE_TEST_IS_DIR))
    return bobbin_cli_options_wrong (error, _ ("--fetch takes a folder that is there"));
  for (; *targets != NULL; targets++)
    if (g_str_has_prefix (*targets, "page:"))
      return TRUE;

  return bobbin_cli_options_wrong (error, _ ("--fetch needs a page: target"));
}

static gboolean
check_settings (Typed *typed, GError **error)
{
  for (guint i = 0; typed->settings != NULL && typed->settings[i] != NULL; i++)
    if (strchr (typed->settings[i], '=') == NULL)
      {
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                     /* Translators: leave --set and NAME=VALUE as they are */
                     _ ("--set takes NAME=VALUE, not “%s”"), typed->settings[i]);
        return FALSE;
      }
  typed->used = g_new0 (gboolean, typed->settings != NULL ? g_strv_length (typed->settings) : 0);
  return TRUE;
}

/* Something that no target knows is a mistake. */
static gboolean
check_used (Typed *typed, const char *target, GError **error)
{
  const BobbinProbeKind *kind = bobbin_probe_kind_find (target);

  for (guint i = 0; typed->settings != NULL && typed->settings[i] != NULL; i++)
    if (!typed->used[i])
      {
        const char *setting = typed->settings[i];
        g_autofree char *name = g_strndup (setting, strchr (setting, '=') - setting);

        return bobbin_probe_options_parse (kind->options, name, "", error) != NULL;
      }
  return TRUE;
}

/* ---- monitors */

static gboolean
is_beyond (BobbinMonitor *monitor, double value, double limit)
{
  return bobbin_monitor_get_side (monitor) == BOBBIN_LIMIT_SIDE_BELOW ? value < limit
                                                                      : value > limit;
}

static gboolean
refuse_order (BobbinMonitor *monitor, const char *a, const char *b, GError **error)
{
  const char *title = bobbin_job_get_title (BOBBIN_JOB (monitor));

  if (bobbin_monitor_get_side (monitor) == BOBBIN_LIMIT_SIDE_BELOW)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 /* Translators: two options, like “--warn” and “--critical”, then a target */
                 _ ("The limit of %s is below that of %s, and less is worse: %s"), a, b, title);
  else
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 /* Translators: two options, like “--warn” and “--critical”, then a target */
                 _ ("The limit of %s is above that of %s, and more is worse: %s"), a, b, title);
  return FALSE;
}

/* Which limit is to be reached first is the kind's, or --side's, to say. */
static gboolean
check_order (const Typed *typed, BobbinMonitor *monitor, GError **error)
{
  if (is_beyond (monitor, typed->warn.value, typed->critical.value))
    return refuse_order (monitor, "--warn", "--critical", error);
  if (is_beyond (monitor, typed->warn_clear.value, typed->warn.value))
    return refuse_order (monitor, "--warn-clear", "--warn", error);
  if (is_beyond (monitor, typed->critical_clear.value, typed->critical.value))
    return refuse_order (monitor, "--critical-clear", "--critical", error);
  return TRUE;
}

/* The usual limits of a kind belong together: one that is given replaces them both. */
static gboolean
set_limits (const Typed *typed, BobbinMonitor *monitor, GError **error)
{
  g_object_set (monitor, "side", typed->side, NULL);
  if (typed->warn.text != NULL || typed->critical.text != NULL)
    g_object_set (monitor, "warn", typed->warn.value, "critical", typed->critical.value, NULL);
  g_object_set (monitor, "warn-clear", typed->warn_clear.value, "critical-clear",
                typed->critical_clear.value, "for", typed->for_samples, "for-seconds",
                typed->for_seconds, "recover", typed->recover, NULL);

  return check_order (typed, monitor, error);
}

/* What is asked over a network may be somebody else's. */
static gboolean
check_interval (const Typed *typed, BobbinMonitor *monitor, GError **error)
{
  const double min = bobbin_monitor_get_min_interval (monitor);

  if (typed->interval >= min)
    return TRUE;

  g_set_error (
    error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
    /* Translators: an option, like “--interval”, then a number of seconds, then a target */
    _ ("%s must be at least %g for what is asked over a network: %s"), "--interval", min,
    bobbin_job_get_title (BOBBIN_JOB (monitor)));

  return FALSE;
}

static BobbinJob *
make_monitor (Typed *typed, const char *target, GError **error)
{
  g_autoptr (GError) own = NULL;
  g_autoptr (GVariant) options = make_options (typed, target, &own);
  g_autoptr (BobbinJob) job = NULL;

  if (own == NULL)
    job = bobbin_monitor_new_with_options (target, options, &own);
  if (own != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&own));
      return NULL;
    }

  g_object_set (job, "interval", typed->interval, "timeout", typed->timeout, NULL);

  if (!check_interval (typed, BOBBIN_MONITOR (job), error) ||
      !set_limits (typed, BOBBIN_MONITOR (job), error))
    return NULL;

  return g_steal_pointer (&job);
}

static GPtrArray *
make_monitors (Typed *typed, char *const targets[], GError **error)
{
  g_autoptr (GPtrArray) monitors = g_ptr_array_new_with_free_func (g_object_unref);

  if (*targets == NULL)
    {
      bobbin_cli_options_wrong (error, _ ("No target given"));
      return NULL;
    }
  for (guint i = 0; targets[i] != NULL; i++)
    {
      BobbinJob *job = make_monitor (typed, targets[i], error);

      if (job == NULL)
        return NULL;
      g_ptr_array_add (monitors, job);
    }

  return check_used (typed, *targets, error) ? g_steal_pointer (&monitors) : NULL;
}

/* ---- usage */

static GOptionGroup *
make_limits_group (Typed *typed)
{
  const GOptionEntry entries[] = {
    { "warn", 0, 0, G_OPTION_ARG_STRING, &typed->warn.text, N_ ("A value beyond this is a warning"),
      /* Translators: stands for a number in the help of an option */
      N_ ("LIMIT") },
    { "critical", 0, 0, G_OPTION_ARG_STRING, &typed->critical.text,
      N_ ("A value beyond this is critical"), N_ ("LIMIT") },
    { "warn-clear", 0, 0, G_OPTION_ARG_STRING, &typed->warn_clear.text,
      N_ ("Where a warning ends (default: its limit)"), N_ ("LIMIT") },
    { "critical-clear", 0, 0, G_OPTION_ARG_STRING, &typed->critical_clear.text,
      N_ ("Where that ends (default: its limit)"), N_ ("LIMIT") },
    { "side", 0, 0, G_OPTION_ARG_STRING, &typed->side_text,
      N_ ("Beyond is above or below (default: usual)"),
      /* Translators: the two words that an option takes; leave them as they are */
      N_ ("above|below") },
    { "for", 0, 0, G_OPTION_ARG_STRING, &typed->for_text,
      N_ ("After N bad checks in a row (default 1)"), N_ ("N") },
    { "for-seconds", 0, 0, G_OPTION_ARG_STRING, &typed->for_seconds_text,
      N_ ("And after so long (default 0)"), N_ ("SECONDS") },
    { "recover", 0, 0, G_OPTION_ARG_STRING, &typed->recover_text,
      N_ ("Over after N good ones (default: as --for)"), N_ ("N") },
    G_OPTION_ENTRY_NULL,
  };

  return bobbin_cli_options_make_group ("limits", N_ ("Limits, in the target’s unit:"), entries);
}

static gboolean
parse (char ***args, Typed *typed, BobbinCliStatus *status)
{
  const GOptionEntry entries[] = {
    { "interval", 0, 0, G_OPTION_ARG_STRING, &typed->interval_text,
      N_ ("Between checks (default 5, at least 0.1)"), N_ ("SECONDS") },
    { "count", 0, 0, G_OPTION_ARG_STRING, &typed->count_text,
      N_ ("Exit after N checks of each target"), N_ ("N") },
    { "timeout", 0, 0, G_OPTION_ARG_STRING, &typed->timeout_text,
      N_ ("So long a check may take (default 10)"), N_ ("SECONDS") },
    { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &typed->settings,
      N_ ("For targets that know NAME; repeatable"),
      /* Translators: stands for the name of a setting and its value */
      N_ ("NAME=VALUE") },
    { "fetch", 0, 0, G_OPTION_ARG_FILENAME, &typed->fetch,
      N_ ("Download each change of a page: target to DIR"), N_ ("DIR") },
    { "help-targets", 0, 0, G_OPTION_ARG_NONE, &typed->help_targets,
      N_ ("Show what can be set for targets and exit"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &typed->json,
      N_ ("One JSON object a line on standard output"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  GOptionGroup *const groups[] = {
    make_limits_group (typed),
    bobbin_cli_options_make_group ("watch", N_ ("Options:"), entries),
    NULL,
  };
  g_autofree char *targets = bobbin_cli_targets_list ();
  g_autofree char *summary =
    g_strdup_printf ("%s\n\n%s\n%s",
                     _ ("Monitor targets: a line for each check, until Ctrl+C or --count."),
                     _ ("Targets:"), targets);

  g_strchomp (summary);

  return bobbin_cli_options_parse (
    groups, "watch", _ ("TARGET…"), summary,
    _ ("Exit status: 0 all well; 1 at least one target ended critical or down;\n"
       "2 wrong usage; 130 stopped by SIGINT or SIGTERM."),
    args, status);
}

/**
 * bobbin_cli_watch:
 * @args: (array zero-terminated=1): the arguments, with “watch” as the first; taken apart
 *
 * Runs `bobbin-cli watch`.
 *
 * Returns: what to end with
 */
BobbinCliStatus
bobbin_cli_watch (char **args)
{
  g_auto (Typed) typed = { 0 };
  g_auto (GStrv) rest = g_strdupv (args);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) monitors = NULL;
  g_autofree char *folder = NULL;
  BobbinCliStatus status = BOBBIN_CLI_DONE;

  if (!parse (&rest, &typed, &status))
    return status;
  if (typed.help_targets)
    {
      g_autofree char *text = bobbin_cli_targets_explain ();

      return bobbin_cli_options_print (text);
    }
  if (take_options (&typed, &error) && check_settings (&typed, &error) &&
      check_fetch (&typed, rest + 1, &error))
    monitors = make_monitors (&typed, rest + 1, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return BOBBIN_CLI_INTERRUPTED;
  if (monitors == NULL)
    return bobbin_cli_options_wrong_usage ("watch", error->message);

  folder = typed.fetch != NULL ? g_canonicalize_filename (typed.fetch, NULL) : NULL;

  return bobbin_cli_watch_run (
    &(BobbinCliWatchOptions){ monitors, typed.count, folder, typed.json });
}
