/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void bench_machine_print (void);
char **bench_machine_parse (const char *parameters,
                            const char *summary,
                            const GOptionEntry *entries,
                            char **argv);

G_END_DECLS
