/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_FOLDER_NAMES (bobbin_folder_names_get_type ())
G_DECLARE_FINAL_TYPE (BobbinFolderNames, bobbin_folder_names, BOBBIN, FOLDER_NAMES, GObject)

/*
 * Signals:
 *   read (BobbinFolderNames *)   the names of one more folder are known
 */
BobbinFolderNames *bobbin_folder_names_new (void);
gboolean bobbin_folder_names_have (BobbinFolderNames *self, const char *folder, const char *name);

G_END_DECLS
