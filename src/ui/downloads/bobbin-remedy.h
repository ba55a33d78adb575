/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-window.h"

G_BEGIN_DECLS

const char *bobbin_remedy_get_label  (BobbinJob *job);
gboolean    bobbin_remedy_is_needed  (BobbinJob *job);
void        bobbin_remedy_apply      (BobbinWindow *window,
                                      BobbinJob    *job);
void        bobbin_remedy_use_folder (BobbinWindow *window,
                                      BobbinJob    *job,
                                      const char   *folder);

G_END_DECLS
