/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-rules-dialog.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_HOST_EDITOR (bobbin_host_editor_get_type ())
G_DECLARE_FINAL_TYPE (BobbinHostEditor, bobbin_host_editor, BOBBIN, HOST_EDITOR, AdwWindow)

const BobbinRuleKind *bobbin_host_editor_get_kind (void);

G_END_DECLS
