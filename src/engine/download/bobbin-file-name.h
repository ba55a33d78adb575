/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BOBBIN_FILE_NAME_MAX:
 *
 * A safe name has at most so many bytes. File systems allow 255; the rest is left to what is
 * appended while the file is not whole (".part.map" and the seven bytes of a temporary file beside
 * it).
 */
#define BOBBIN_FILE_NAME_MAX 224

char *bobbin_file_name_from_uri         (const char *uri);
char *bobbin_file_name_from_disposition (const char *header);
char *bobbin_file_name_make_safe        (const char *name);
char *bobbin_file_name_numbered         (const char *name,
                                         guint       n);

G_END_DECLS
