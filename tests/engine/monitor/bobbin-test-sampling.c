/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Takes one sample in a thread, as a pool's worker does, so that a test can cancel it at the moment
 * it waits for. Main thread.
 */

#include "config.h"

#include "bobbin-test-sampling.h"

#include "bobbin-error.h"

#include <math.h>

static gpointer
sampling_thread (gpointer user_data)
{
  BobbinTestSampling *self = user_data;

  self->ok = bobbin_probe_sample (self->probe, self->cancellable, &self->sample, &self->error);

  return NULL;
}

/* Begins to sample. */
BobbinTestSampling *
bobbin_test_sampling_begin (const char *target)
{
  return bobbin_test_sampling_begin_with (target, NULL);
}

/* So too, with options, which are taken if they float. */
BobbinTestSampling *
bobbin_test_sampling_begin_with (const char *target, GVariant *options)
{
  g_autoptr (GVariant) own = options != NULL ? g_variant_ref_sink (options) : NULL;
  BobbinTestSampling *self = g_new0 (BobbinTestSampling, 1);
  g_autoptr (GError) error = NULL;

  self->probe = bobbin_probe_new (target, own, &error);
  g_assert_no_error (error);
  self->cancellable = g_cancellable_new ();
  self->thread = g_thread_new ("sampling", sampling_thread, self);

  return self;
}

static void
join (BobbinTestSampling *self)
{
  g_clear_pointer (&self->thread, g_thread_join);
}

/* Takes another sample with the same probe, after the one before has ended. */
void
bobbin_test_sampling_again (BobbinTestSampling *self)
{
  join (self);
  g_clear_error (&self->error);
  self->thread = g_thread_new ("sampling", sampling_thread, self);
}

/* Nothing of the sample is left. */
void
bobbin_test_sampling_free (BobbinTestSampling *self)
{
  join (self);
  g_assert_cmpint (G_OBJECT (self->cancellable)->ref_count, ==, 1);

  g_object_unref (self->cancellable);
  bobbin_probe_unref (self->probe);
  bobbin_sample_clear (&self->sample);
  g_clear_error (&self->error);
  g_free (self);
}

/* Cancels the sample, which waits for what never comes: so it ends by that alone. */
void
bobbin_test_sampling_cancel (BobbinTestSampling *self)
{
  g_cancellable_cancel (self->cancellable);
  bobbin_test_sampling_expect_error (self, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

double
bobbin_test_sampling_expect_value (BobbinTestSampling *self)
{
  join (self);
  g_assert_no_error (self->error);
  g_assert_true (self->ok);

  return self->sample.value;
}

void
bobbin_test_sampling_expect_error (BobbinTestSampling *self, GQuark domain, int code)
{
  join (self);
  g_assert_false (self->ok);
  g_assert_true (isnan (self->sample.value));
  g_assert_error (self->error, domain, code);
}

static guint
count (const char *text, const char *part)
{
  guint n = 0;

  while ((text = strstr (text, part)) != NULL)
    {
      text += strlen (part);
      n++;
    }

  return n;
}

/* Looks until the kernel shows @n connections to this port of 127.0.0.1 that are being asked for.
 */
void
bobbin_test_sampling_wait_connecting (guint16 port, guint n)
{
  g_autofree char *syn_sent = g_strdup_printf (" 0100007F:%04X 02 ", port);
  guint n_found = 0;

  while (n_found < n)
    {
      g_autofree char *connections = NULL;

      g_assert_true (g_file_get_contents ("/proc/self/net/tcp", &connections, NULL, NULL));
      n_found = count (connections, syn_sent);
      g_thread_yield ();
    }
}
