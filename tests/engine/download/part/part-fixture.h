/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-part-file.h"

G_BEGIN_DECLS

#define ADDRESS "http://example.org/file.bin"

typedef struct
{
  char *folder; /* (owned) */
} Fixture;

void            fixture_set_up         (Fixture       *fixture,
                                        gconstpointer  data);
void            fixture_tear_down      (Fixture       *fixture,
                                        gconstpointer  data);
char           *fixture_path           (Fixture    *fixture,
                                        const char *name);
void            fixture_assert_files   (Fixture    *fixture,
                                        const char *expected);
void            fixture_assert_content (Fixture    *fixture,
                                        const char *name,
                                        const char *expected);
void            fixture_put            (Fixture    *fixture,
                                        const char *name,
                                        const char *content);
gboolean        fixture_can_mark       (Fixture *fixture);
gboolean        fixture_has_mark       (Fixture    *fixture,
                                        const char *name);
BobbinPartFile *fixture_claim          (Fixture *fixture);
BobbinPartFile *fixture_find           (Fixture *fixture);

void            part_fill              (BobbinPartFile *part,
                                        gsize           n_bytes);
void            part_begin             (BobbinPartFile *part,
                                        gint64          length);
void            part_write             (BobbinPartFile *part,
                                        gint64          offset,
                                        const char     *text);

#define part_test(path, func) \
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

G_END_DECLS
