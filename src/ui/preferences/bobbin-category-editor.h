/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-rules-dialog.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_CATEGORY_EDITOR (bobbin_category_editor_get_type ())
G_DECLARE_FINAL_TYPE (BobbinCategoryEditor,
                      bobbin_category_editor,
                      BOBBIN,
                      CATEGORY_EDITOR,
                      AdwWindow)

const BobbinRuleKind *bobbin_category_editor_get_kind (void);

G_END_DECLS
