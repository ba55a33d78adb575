/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bobbin-download.h"
#include "bobbin-worker-pool.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_VERIFICATION (bobbin_verification_get_type ())
G_DECLARE_FINAL_TYPE (BobbinVerification, bobbin_verification, BOBBIN, VERIFICATION, AdwWindow)

GtkWindow *bobbin_verification_new (BobbinDownload *download, BobbinWorkerPool *pool);

G_END_DECLS
