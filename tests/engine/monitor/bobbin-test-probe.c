/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A probe of which each sample blocks, as a system call does, until the test writes what it finds
 * into a pipe. A stubborn one does not hear that it is cancelled, as statvfs() on a dead network
 * file system does not. Sampled in workers; all else in the main thread.
 */

#include "config.h"

#include "bobbin-test-probe.h"

#include "bobbin-error.h"

#include <math.h>
#include <poll.h>
#include <unistd.h>

struct _BobbinTestProbe
{
  BobbinProbe parent;

  gboolean stubborn;
  const char *text; /* (nullable) what the samples say */
  int pipe[2];      /* of doubles; infinity is a failure, -infinity one for want of data */
  guint n_runs;
  gint n_inside; /* (atomic) samples being taken now */
  gint n_begun;  /* (atomic); grows with the mutex held */
  gint n_ended;  /* (atomic) */
};

static gint n_alive; /* (atomic) */
static GMutex mutex;
static GCond begun;

static gboolean
wait_for_answer (BobbinTestProbe *self, GCancellable *cancellable)
{
  GPollFD polls[2] = { { .fd = self->pipe[0], .events = G_IO_IN } };
  guint n_polls = 1;
  gboolean answered;

  if (!self->stubborn && g_cancellable_make_pollfd (cancellable, &polls[1]))
    n_polls = 2;
  while (g_poll (polls, n_polls, -1) < 0)
    continue;
  answered = n_polls == 1 || polls[1].revents == 0;
  if (n_polls == 2)
    g_cancellable_release_fd (cancellable);

  return answered;
}

static void
say (BobbinTestProbe *self, BobbinSample *sample)
{
  g_auto (GVariantDict) details = G_VARIANT_DICT_INIT (NULL);

  if (self->text == NULL)
    return;

  sample->text = g_strdup (self->text);
  g_variant_dict_insert (&details, "said", "b", TRUE);
  sample->details = g_variant_ref_sink (g_variant_dict_end (&details));
}

static gboolean
test_probe_sample (BobbinProbe *probe,
                   GCancellable *cancellable,
                   BobbinSample *sample,
                   GError **error)
{
  BobbinTestProbe *self = (BobbinTestProbe *) probe;
  gboolean ok = FALSE;

  g_assert_cmpint (g_atomic_int_add (&self->n_inside, 1), ==, 0);
  g_mutex_lock (&mutex);
  g_atomic_int_inc (&self->n_begun);
  g_cond_broadcast (&begun);
  g_mutex_unlock (&mutex);
  g_main_context_wakeup (NULL);

  if (!wait_for_answer (self, cancellable))
    {
      g_cancellable_set_error_if_cancelled (cancellable, error);
    }
  else
    {
      g_assert_cmpint (read (self->pipe[0], &sample->value, sizeof sample->value), ==,
                       sizeof sample->value);
      say (self, sample);
      ok = !isinf (sample->value);
      if (!ok)
        g_set_error_literal (error, BOBBIN_ERROR,
                             sample->value > 0 ? BOBBIN_ERROR_REFUSED : BOBBIN_ERROR_UNSUPPORTED,
                             "The test says no.");
    }

  g_atomic_int_inc (&self->n_ended);
  g_atomic_int_add (&self->n_inside, -1);

  return ok;
}

static void
test_probe_begin (BobbinProbe *probe)
{
  BobbinTestProbe *self = (BobbinTestProbe *) probe;

  g_assert_cmpint (g_atomic_int_get (&self->n_inside), ==, 0);
  self->n_runs++;
}

static void
test_probe_clear (BobbinProbe *probe)
{
  BobbinTestProbe *self = (BobbinTestProbe *) probe;

  g_assert_cmpint (g_atomic_int_get (&self->n_inside), ==, 0);
  close (self->pipe[0]);
  close (self->pipe[1]);
  g_atomic_int_add (&n_alive, -1);
}

static const BobbinProbeClass test_probe_class = {
  .unit = "%",
  .scale = 100,
  .begin = test_probe_begin,
  .sample = test_probe_sample,
  .clear = test_probe_clear,
};

static const BobbinProbeClass network_class = {
  .unit = "ms",
  .scope = BOBBIN_PROBE_NETWORK,
  .begin = test_probe_begin,
  .sample = test_probe_sample,
  .clear = test_probe_clear,
};

/* Makes one; `stubborn`: it cannot be cancelled. */
BobbinTestProbe *
bobbin_test_probe_new (gboolean stubborn)
{
  BobbinTestProbe *self;

  self = bobbin_probe_alloc (&test_probe_class, sizeof *self, g_strdup ("Test"));
  self->stubborn = stubborn;
  g_assert_cmpint (pipe (self->pipe), ==, 0);
  g_atomic_int_inc (&n_alive);

  return self;
}

BobbinProbe *
bobbin_test_probe_get_probe (BobbinTestProbe *self)
{
  return &self->parent;
}

/* It looks at a server. */
void
bobbin_test_probe_be_network (BobbinTestProbe *self)
{
  self->parent.klass = &network_class;
}

/* One sample, the one being taken or else the next, finds this. */
void
bobbin_test_probe_answer (BobbinTestProbe *self, double value)
{
  g_assert_cmpint (write (self->pipe[1], &value, sizeof value), ==, sizeof value);
}

/* What the samples say in words from now on; NULL: nothing. None may be being taken. */
void
bobbin_test_probe_say (BobbinTestProbe *self, const char *text)
{
  self->text = text;
}

/* One sample fails. */
void
bobbin_test_probe_fail (BobbinTestProbe *self)
{
  bobbin_test_probe_answer (self, INFINITY);
}

/* One sample finds that there is nothing to be had. */
void
bobbin_test_probe_lack (BobbinTestProbe *self)
{
  bobbin_test_probe_answer (self, -INFINITY);
}

/* Takes back what no sample has found. None may be being taken. */
void
bobbin_test_probe_discard (BobbinTestProbe *self)
{
  struct pollfd poll_fd = { .fd = self->pipe[0], .events = POLLIN };
  double value;

  while (poll (&poll_fd, 1, 0) > 0)
    g_assert_cmpint (read (self->pipe[0], &value, sizeof value), ==, sizeof value);
}

/* Runs the main context until so many samples have been begun. */
void
bobbin_test_probe_wait (BobbinTestProbe *self, guint n_begun)
{
  while (bobbin_test_probe_get_n_begun (self) < n_begun)
    g_main_context_iteration (NULL, TRUE);
}

/* Waits for that, too, but lets the main context rest: no deadline comes meanwhile. */
void
bobbin_test_probe_block (BobbinTestProbe *self, guint n_begun)
{
  g_mutex_lock (&mutex);
  while (bobbin_test_probe_get_n_begun (self) < n_begun)
    g_cond_wait (&begun, &mutex);
  g_mutex_unlock (&mutex);
}

guint
bobbin_test_probe_get_n_begun (BobbinTestProbe *self)
{
  return g_atomic_int_get (&self->n_begun);
}

guint
bobbin_test_probe_get_n_ended (BobbinTestProbe *self)
{
  return g_atomic_int_get (&self->n_ended);
}

guint
bobbin_test_probe_get_n_runs (BobbinTestProbe *self)
{
  return self->n_runs;
}

/* How many there are. */
guint
bobbin_test_probe_get_n_alive (void)
{
  return g_atomic_int_get (&n_alive);
}
