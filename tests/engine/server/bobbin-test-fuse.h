/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sys/statvfs.h>

G_BEGIN_DECLS

typedef struct _BobbinTestFuse BobbinTestFuse;

BobbinTestFuse *bobbin_test_fuse_new  (const char           *folder,
                                       const struct statvfs *figures);
void            bobbin_test_fuse_free (BobbinTestFuse *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinTestFuse, bobbin_test_fuse_free)

G_END_DECLS
