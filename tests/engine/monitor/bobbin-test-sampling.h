/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-probe-private.h"

G_BEGIN_DECLS

/* One sample, taken in a thread of its own. */
typedef struct
{
  BobbinProbe *probe;        /* (owned) */
  GCancellable *cancellable; /* (owned) */
  GThread *thread;           /* (owned) */

  /* Of the thread, until it has been joined. */
  gboolean ok;
  BobbinSample sample;
  GError *error; /* (owned) (nullable) */
} BobbinTestSampling;

BobbinTestSampling *bobbin_test_sampling_begin           (const char *target);
BobbinTestSampling *bobbin_test_sampling_begin_with      (const char *target,
                                                          GVariant   *options);
void                bobbin_test_sampling_again           (BobbinTestSampling *self);
void                bobbin_test_sampling_free            (BobbinTestSampling *self);
void                bobbin_test_sampling_cancel          (BobbinTestSampling *self);
double              bobbin_test_sampling_expect_value    (BobbinTestSampling *self);
void                bobbin_test_sampling_expect_error    (BobbinTestSampling *self,
                                                          GQuark              domain,
                                                          int                 code);
void                bobbin_test_sampling_wait_connecting (guint16 port,
                                                          guint   n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinTestSampling, bobbin_test_sampling_free)

G_END_DECLS
