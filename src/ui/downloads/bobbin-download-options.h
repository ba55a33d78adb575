/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bobbin-download-wishes.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_DOWNLOAD_OPTIONS (bobbin_download_options_get_type ())
G_DECLARE_FINAL_TYPE (BobbinDownloadOptions,
                      bobbin_download_options,
                      BOBBIN,
                      DOWNLOAD_OPTIONS,
                      AdwExpanderRow)

/*
 * Signals:
 *   changed (BobbinDownloadOptions *)   something was typed
 */
void     bobbin_download_options_load         (BobbinDownloadOptions *self,
                                               GSettings             *settings);
gboolean bobbin_download_options_check        (BobbinDownloadOptions *self,
                                               GError               **error);
void     bobbin_download_options_fill         (BobbinDownloadOptions *self,
                                               BobbinDownloadWishes  *wishes);
BobbinHttpContext *
         bobbin_download_options_dup_context  (BobbinDownloadOptions *self);
gboolean bobbin_download_options_is_at_login  (BobbinDownloadOptions *self);
gboolean bobbin_download_options_has_checksum (BobbinDownloadOptions *self);

G_END_DECLS
