/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BobbinPartFolder:
 *
 * An open folder, which all parts in it share.
 */
typedef struct _BobbinPartFolder BobbinPartFolder;

BobbinPartFolder *bobbin_part_folder_open     (const char *path,
                                               GError    **error);
BobbinPartFolder *bobbin_part_folder_ref      (BobbinPartFolder *self);
void              bobbin_part_folder_unref    (BobbinPartFolder *self);

int               bobbin_part_folder_get_fd   (BobbinPartFolder *self);
const char       *bobbin_part_folder_get_path (BobbinPartFolder *self);
char             *bobbin_part_folder_find     (BobbinPartFolder *self,
                                               GError          **error);
gboolean          bobbin_part_folder_has_room (BobbinPartFolder *self,
                                               gint64            n_bytes);
void              bobbin_part_folder_sync     (BobbinPartFolder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinPartFolder, bobbin_part_folder_unref)

G_END_DECLS
