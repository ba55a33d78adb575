/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-rollup.h"

G_BEGIN_DECLS

/* Samples as no monitor would like to have taken them, and what they come to without any of the
 * cleverness of the engine. */

GArray             *test_make_series  (GRand *rand,
                                       gint64 begin,
                                       guint  n_samples);
BobbinHistoryBucket test_sum_up       (const GArray *series,
                                       gint64        start,
                                       gint64        length);
gboolean            test_is_empty     (const BobbinHistoryBucket *bucket);
void                test_assert_same  (const BobbinHistoryBucket *bucket,
                                       const BobbinHistoryBucket *expected);
void                test_assert_right (const GArray *buckets,
                                       gint64        length,
                                       const GArray *series);

G_END_DECLS
