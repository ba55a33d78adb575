/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bobbin-number-row.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_KEEP_QUESTION (bobbin_keep_question_get_type ())
G_DECLARE_FINAL_TYPE (BobbinKeepQuestion, bobbin_keep_question, BOBBIN, KEEP_QUESTION, GObject)

BobbinKeepQuestion *bobbin_keep_question_new (GtkWindow *window, GSettings *settings);
void bobbin_keep_question_add_number (BobbinKeepQuestion *self,
                                      const char *key,
                                      BobbinNumberRow *row,
                                      const char *sentence);
void bobbin_keep_question_add_choice (BobbinKeepQuestion *self,
                                      const char *key,
                                      AdwComboRow *row,
                                      const char *sentence);

G_END_DECLS
