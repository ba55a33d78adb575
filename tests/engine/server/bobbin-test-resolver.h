/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define BOBBIN_TEST_TYPE_RESOLVER (bobbin_test_resolver_get_type ())
G_DECLARE_FINAL_TYPE (BobbinTestResolver, bobbin_test_resolver, BOBBIN_TEST, RESOLVER, GResolver)

BobbinTestResolver *bobbin_test_resolver_install (void);
void bobbin_test_resolver_find_all (BobbinTestResolver *self);
void bobbin_test_resolver_uninstall (BobbinTestResolver *self);
void bobbin_test_resolver_wait (BobbinTestResolver *self, guint n_lookups);

G_END_DECLS
