/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What of a job is kept: all that somebody set, and no secret.
 */

#include "config.h"

#include "bobbin-download.h"
#include "bobbin-enums.h"
#include "bobbin-error.h"
#include "bobbin-job-settings.h"
#include "bobbin-monitor.h"
#include "bobbin-probe-options.h"

#include <math.h>
#include <string.h>

/* Through the text and back. */
static BobbinJob *
copy (BobbinJob *job)
{
  g_autofree char *settings = bobbin_job_settings_save (job);
  g_autoptr (GError) error = NULL;
  BobbinJob *other =
    bobbin_job_settings_load (bobbin_job_settings_get_kind (job), settings, &error);

  g_assert_no_error (error);
  g_assert_true (G_OBJECT_TYPE (job) == G_OBJECT_TYPE (other));

  return other;
}

static void
test_download (void)
{
  g_autoptr (BobbinJob) job =
    bobbin_download_new ("https://example.org/a?b=%22c%22", "/tmp/ö \"x\"");
  g_autoptr (BobbinJob) other = NULL;
  g_autofree char *name = NULL, *part = NULL, *file = NULL, *ca = NULL;
  BobbinExists exists;
  guint retries, timeout;
  gboolean sync, skipped;

  g_object_set (job, "title", "A\ttitle", "file-name", "näme.bin", "exists", BOBBIN_EXISTS_SKIP,
                "retries", 0, "timeout", 7, "sync", FALSE, "ca-file", "/tmp/ca.pem", "part-name",
                "p.bin", "file", "/tmp/p.bin", "skipped", TRUE, NULL);
  other = copy (job);
  g_object_get (other, "file-name", &name, "exists", &exists, "retries", &retries, "timeout",
                &timeout, "sync", &sync, "ca-file", &ca, "part-name", &part, "file", &file,
                "skipped", &skipped, NULL);

  g_assert_cmpstr (bobbin_job_get_title (other), ==, "A\ttitle");
  g_assert_cmpstr (bobbin_download_get_address (BOBBIN_DOWNLOAD (other)), ==,
                   bobbin_download_get_address (BOBBIN_DOWNLOAD (job)));
  g_assert_cmpstr (bobbin_download_get_folder (BOBBIN_DOWNLOAD (other)), ==, "/tmp/ö \"x\"");
  g_assert_cmpstr (name, ==, "näme.bin");
  g_assert_cmpint (exists, ==, BOBBIN_EXISTS_SKIP);
  g_assert_cmpuint (retries, ==, 0);
  g_assert_cmpuint (timeout, ==, 7);
  g_assert_false (sync);
  g_assert_cmpstr (ca, ==, "/tmp/ca.pem");
  g_assert_cmpstr (part, ==, "p.bin");
  g_assert_cmpstr (file, ==, "/tmp/p.bin");
  g_assert_true (skipped);
}

/* Names of folders are bytes. */
static void
test_odd_folder (void)
{
  g_autoptr (BobbinJob) job = bobbin_download_new ("http://example.org/", "/tmp/\xff\x01\xc3");
  g_autofree char *settings = bobbin_job_settings_save (job);
  g_autoptr (BobbinJob) other = copy (job);

  g_assert_true (g_utf8_validate (settings, -1, NULL));
  g_assert_cmpstr (bobbin_download_get_folder (BOBBIN_DOWNLOAD (other)), ==, "/tmp/\xff\x01\xc3");
}

static void
test_monitor (void)
{
  g_autoptr (BobbinJob) job = bobbin_monitor_new ("tcp://127.0.0.1:80", NULL);
  g_autoptr (BobbinJob) other = NULL;
  double warn, critical, interval, timeout;
  guint n;

  g_object_set (job, "interval", 0.1, "warn", 0.0, "for", 3, "timeout", 1.25, NULL);
  other = copy (job);
  g_object_get (other, "interval", &interval, "warn", &warn, "critical", &critical, "timeout",
                &timeout, "for", &n, NULL);

  g_assert_cmpstr (bobbin_monitor_get_target (BOBBIN_MONITOR (other)), ==, "tcp://127.0.0.1:80");
  g_assert_true (interval == 0.1);
  g_assert_true (warn == 0); /* a limit, not its absence */
  g_assert_true (isnan (critical));
  g_assert_true (timeout == 1.25);
  g_assert_cmpuint (n, ==, 3);
}

static GVariant *
parse_options (const char *text)
{
  return g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, NULL);
}

/* What is set for a kind of probe comes back to it. */
static void
test_options (void)
{
  g_autoptr (GVariant) options = parse_options ("{'direction': <'out'>}");
  g_autoptr (BobbinJob) job = bobbin_monitor_new_with_options ("net:lo", options, NULL);
  g_autoptr (BobbinJob) other = copy (job);

  g_assert_true (g_variant_equal (bobbin_monitor_get_options (BOBBIN_MONITOR (other)), options));
}

/* Any type of value comes back as what it was. */
static void
test_variants (void)
{
  g_autoptr (GVariant) options =
    parse_options ("{'s': <'ö \"x\" \\n'>, 'b': <true>, 'x': <int64 -9007199254740993>, 'd': <0.1>,"
                   "'whole': <2.0>, 'big': <1e300>, 'nan': <nan>, 'inf': <-inf>, 'u': <uint32 7>,"
                   "'t': <uint64 18446744073709551615>, 'as': <['a', '']>, 'none': <@as []>,"
                   "'i': <-3>, 'y': <byte 9>, 'au': <[uint32 1, 2]>, 'deep': <{'k': <(1, 'x')>}>}");
  g_autoptr (BobbinJob) job = bobbin_monitor_new ("cpu", NULL);
  g_autoptr (BobbinJob) other = NULL;
  g_autoptr (GVariant) found = NULL;
  g_autofree char *expected = g_variant_print (options, TRUE);
  g_autofree char *text = NULL;

  g_object_set (job, "alerting", options, NULL);
  other = copy (job);
  g_object_get (other, "alerting", &found, NULL);
  text = g_variant_print (found, TRUE);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_no_secret_option (void)
{
  g_autoptr (GVariant) alerting =
    parse_options ("{'webhook': <'https://me:s3cret@example.org/hook'>}");
  g_autoptr (GVariant) options =
    parse_options ("{'user': <'me'>, 'password': <'s3cret'>, 'headers': <['X-Api-Key: s3cret', "
                   "'Accept: */*']>}");
  g_autoptr (BobbinJob) job = bobbin_monitor_new_with_options ("http://h/", options, NULL);
  g_autofree char *settings = NULL;

  g_object_set (job, "alerting", alerting, NULL);
  settings = bobbin_job_settings_save (job);
  g_assert_null (strstr (settings, "s3cret"));
  g_assert_nonnull (strstr (settings, "Accept"));
  g_assert_nonnull (strstr (settings, "example.org/hook"));
}

/* Whatever the table of a kind calls a secret is one here. */
static void
test_secrets_of_kinds (void)
{
  gsize n_kinds;
  const BobbinProbeKind *const *kinds = bobbin_probe_kind_list (&n_kinds);
  guint n_secrets = 0;

  for (gsize i = 0; i < n_kinds; i++)
    for (const BobbinProbeOption *option = kinds[i]->options; option->name != NULL; option++)
      if (option->is_secret)
        {
          g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
          g_autoptr (BobbinJob) job = NULL;
          g_autofree char *settings = NULL;

          g_variant_dict_insert (&dict, "user", "s", "joe");
          g_variant_dict_insert (&dict, option->name, option->type, "s3cret");
          job =
            bobbin_monitor_new_with_options (kinds[i]->example, g_variant_dict_end (&dict), NULL);
          g_assert_nonnull (job);
          settings = bobbin_job_settings_save (job);
          g_assert_nonnull (strstr (settings, "joe"));
          g_assert_null (strstr (settings, "s3cret"));
          n_secrets++;
        }
  g_assert_cmpuint (n_secrets, >, 0);
}

/* Labels are kept as they are, and what is none among them is left out. */
static void
test_tags (void)
{
  static const char *const tags[] = { "home", "à la \"carte\"", NULL };
  g_autoptr (BobbinJob) job = bobbin_monitor_new ("cpu", NULL);
  g_autoptr (BobbinJob) other = NULL;
  g_autoptr (BobbinJob) odd = NULL;

  bobbin_monitor_set_tags (BOBBIN_MONITOR (job), tags);
  other = copy (job);
  g_assert_cmpstrv (bobbin_monitor_get_tags (BOBBIN_MONITOR (other)), tags);

  odd = bobbin_job_settings_load ("monitor", "{\"target\":\"cpu\",\"tags\":[\"home\",3]}", NULL);
  g_assert_cmpuint (g_strv_length ((GStrv) bobbin_monitor_get_tags (BOBBIN_MONITOR (odd))), ==, 1);
}

/* A monitor without its options would be another one. */
static void
test_bad_options (void)
{
  static const struct
  {
    const char *options;
    const char *named;
  } bad[] = {
    { "7", "Options" },
    { "{\"direction\":null}", "direction" },
    { "{\"direction\":{\"no type\":\"7\"}}", "direction" },
    { "{\"direction\":{\"u\":\"-7\"}}", "direction" },
    { "{\"direction\":{\"u\":7}}", "direction" },
    { "{\"direction\":{\"*\":\"7\"}}", "direction" },
    { "{\"direction\":{}}", "direction" },
    { "{\"direction\":[\"in\",3]}", "direction" },
    { "{\"direction\":\"up\"}", "direction" },
    { "{\"directions\":\"in\"}", "direction" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *settings =
        g_strdup_printf ("{\"target\":\"net:lo\",\"options\":%s}", bad[i].options);
      g_autoptr (GError) error = NULL;

      g_assert_null (bobbin_job_settings_load ("monitor", settings, &error));
      g_test_message ("%s: %s", bad[i].options, error->message);
      g_assert_true (error->domain == BOBBIN_ERROR);
      g_assert_nonnull (strstr (error->message, bad[i].named));
    }
}

static void
test_no_password (void)
{
  g_autoptr (BobbinJob) job =
    bobbin_download_new ("https://mallory:s3cret@example.org/a@b", "/tmp");
  g_autoptr (BobbinJob) monitor = bobbin_monitor_new ("https://me:s3cret@example.org/", NULL);
  g_autofree char *settings = bobbin_job_settings_save (job);
  g_autofree char *others = bobbin_job_settings_save (monitor);

  g_assert_null (strstr (settings, "s3cret"));
  g_assert_null (strstr (settings, "mallory"));
  g_assert_nonnull (strstr (settings, "https://example.org/a@b"));
  g_assert_null (strstr (others, "s3cret"));
}

/* A name is none for what looks like the beginning of an address and a login. */
static void
test_odd_name (void)
{
  g_autoptr (BobbinJob) job = bobbin_download_new ("http://example.org/", "/tmp");
  g_autoptr (BobbinJob) other = NULL;
  g_autofree char *name = NULL;

  g_object_set (job, "file-name", "Re: you@example.org.eml", "part-name", "to:a@b.eml", NULL);
  other = copy (job);
  g_object_get (other, "file-name", &name, NULL);
  g_assert_cmpstr (name, ==, "Re: you@example.org.eml");
  g_free (name);
  g_object_get (other, "part-name", &name, NULL);
  g_assert_cmpstr (name, ==, "to:a@b.eml");
}

/* Kept as part of another setting, "request"; set anew by whoever knows of the windows; of no type
 * that is kept so far. */
static const char *const kept_elsewhere[] = { "ca-file", "maintenance", NULL };

/* Whoever adds a setting decides: it is kept, or it is named here with the reason. */
static void
test_all_settings (gconstpointer data)
{
  g_autoptr (GTypeClass) klass = g_type_class_ref (GPOINTER_TO_SIZE (data));
  guint n_pspecs;
  g_autofree GParamSpec **pspecs =
    g_object_class_list_properties (G_OBJECT_CLASS (klass), &n_pspecs);

  for (guint i = 0; i < n_pspecs; i++)
    {
      g_test_message ("%s", pspecs[i]->name);
      if ((pspecs[i]->flags & G_PARAM_WRITABLE) &&
          !g_strv_contains (kept_elsewhere, pspecs[i]->name))
        g_assert_true ((pspecs[i]->flags & BOBBIN_PARAM_KEPT) != 0);
    }
}

static void
test_nonsense (void)
{
  static const struct
  {
    const char *kind, *settings;
  } nonsense[] = {
    { "download", "" },
    { "download", "[1]" },
    { "download", "{" },
    { "download", "{}" },
    { "download", "{\"address\":\"ftp://x/\",\"folder\":\"/tmp\"}" },
    { "download", "{\"address\":\"http://x/\",\"folder\":\"tmp\"}" },
    { "download", "{\"address\":[],\"folder\":{\"base64\":3}}" },
    { "monitor", "{\"target\":7}" },
    { "monitor", "{\"target\":\"nothing:\"}" },
    { "teapot", "{}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (nonsense); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (bobbin_job_settings_load (nonsense[i].kind, nonsense[i].settings, &error));
      g_assert_nonnull (error);
    }
}

/* What is wrong or unknown in it is left out, what is out of bounds is brought within. */
static void
test_partly_nonsense (void)
{
  static const char *const settings =
    "{\"address\":\"http://x/\",\"folder\":\"/tmp\",\"retries\":\"many\",\"exists\":\"destroy\","
    "\"timeout\":999999,\"sync\":null,\"state\":3,\"colour\":\"red\",\"file-name\":{}}";
  g_autoptr (GError) error = NULL;
  g_autoptr (BobbinJob) job = bobbin_job_settings_load ("download", settings, &error);
  BobbinExists exists;
  guint retries, timeout;
  gboolean sync;

  g_assert_no_error (error);
  g_object_get (job, "exists", &exists, "retries", &retries, "timeout", &timeout, "sync", &sync,
                NULL);
  g_assert_cmpint (exists, ==, BOBBIN_EXISTS_RENAME);
  g_assert_cmpuint (retries, ==, 10);
  g_assert_cmpuint (timeout, ==, 24 * 60 * 60);
  g_assert_true (sync);
  g_assert_cmpint (bobbin_job_get_state (job), ==, BOBBIN_JOB_IDLE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/store/settings/download", test_download);
  g_test_add_func ("/store/settings/odd-folder", test_odd_folder);
  g_test_add_func ("/store/settings/monitor", test_monitor);
  g_test_add_func ("/store/settings/tags", test_tags);
  g_test_add_func ("/store/settings/options", test_options);
  g_test_add_func ("/store/settings/variants", test_variants);
  g_test_add_func ("/store/settings/no-secret-option", test_no_secret_option);
  g_test_add_func ("/store/settings/bad-options", test_bad_options);
  g_test_add_func ("/store/settings/secrets-of-kinds", test_secrets_of_kinds);
  g_test_add_func ("/store/settings/no-password", test_no_password);
  g_test_add_func ("/store/settings/odd-name", test_odd_name);
  g_test_add_data_func ("/store/settings/all-of-download", GSIZE_TO_POINTER (BOBBIN_TYPE_DOWNLOAD),
                        test_all_settings);
  g_test_add_data_func ("/store/settings/all-of-monitor", GSIZE_TO_POINTER (BOBBIN_TYPE_MONITOR),
                        test_all_settings);
  g_test_add_func ("/store/settings/nonsense", test_nonsense);
  g_test_add_func ("/store/settings/partly-nonsense", test_partly_nonsense);

  return g_test_run ();
}
