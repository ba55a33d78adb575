/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-clock-private.h"

G_BEGIN_DECLS

/* Clocks that stand still until the test says otherwise. */
void bobbin_test_clock_begin   (void);
void bobbin_test_clock_end     (void);
void bobbin_test_clock_advance (gint64 usec);
void bobbin_test_clock_sleep   (gint64 usec);

G_END_DECLS
