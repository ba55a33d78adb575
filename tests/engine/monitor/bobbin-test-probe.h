/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-probe-private.h"

G_BEGIN_DECLS

/* A probe that waits for the test: for each sample the test says what it finds. */
typedef struct _BobbinTestProbe BobbinTestProbe;

BobbinTestProbe *bobbin_test_probe_new         (gboolean stubborn);
BobbinProbe     *bobbin_test_probe_get_probe   (BobbinTestProbe *self);
void             bobbin_test_probe_answer      (BobbinTestProbe *self,
                                                double           value);
void             bobbin_test_probe_say         (BobbinTestProbe *self,
                                                const char      *text);
void             bobbin_test_probe_fail        (BobbinTestProbe *self);
void             bobbin_test_probe_lack        (BobbinTestProbe *self);
void             bobbin_test_probe_be_network  (BobbinTestProbe *self);
void             bobbin_test_probe_discard     (BobbinTestProbe *self);
void             bobbin_test_probe_wait        (BobbinTestProbe *self,
                                                guint            n_begun);
void             bobbin_test_probe_block       (BobbinTestProbe *self,
                                                guint            n_begun);
guint            bobbin_test_probe_get_n_begun (BobbinTestProbe *self);
guint            bobbin_test_probe_get_n_ended (BobbinTestProbe *self);
guint            bobbin_test_probe_get_n_runs  (BobbinTestProbe *self);
guint            bobbin_test_probe_get_n_alive (void);

G_END_DECLS
