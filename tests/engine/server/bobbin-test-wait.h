/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BOBBIN_TEST_WATCHDOG:
 *
 * So long does a test wait for anything before it is given up, in seconds.
 */
#define BOBBIN_TEST_WATCHDOG 120

/**
 * BobbinTestExplainFunc:
 * @user_data: from bobbin_test_watchdog_explain()
 *
 * Says, by g_printerr(), all that is known of why nothing happens.
 */
typedef void (*BobbinTestExplainFunc) (gpointer user_data);

guint bobbin_test_watchdog_start (const char *awaited);
void bobbin_test_watchdog_explain (BobbinTestExplainFunc func, gpointer user_data);

/**
 * BOBBIN_TEST_WAIT_UNTIL:
 * @condition: an expression
 *
 * Runs the default main context until @condition is true. It is looked at again whenever something
 * happened there, and whenever a test server woke the context up.
 */
#define BOBBIN_TEST_WAIT_UNTIL(condition)                        \
  G_STMT_START                                                   \
  {                                                              \
    guint watchdog_id = bobbin_test_watchdog_start (#condition); \
                                                                 \
    while (!(condition))                                         \
      g_main_context_iteration (NULL, TRUE);                     \
    g_source_remove (watchdog_id);                               \
  }                                                              \
  G_STMT_END

G_END_DECLS
