/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-application.h"

G_BEGIN_DECLS

/**
 * BobbinRuleKind:
 * @key: of the settings, an `aa{sv}`
 * @title: of the window
 * @none: what is said where there are none
 * @none_description: what they are for
 * @dup_title: what one is called, for a row
 * @dup_subtitle: and what it does
 * @make_editor: makes a window in which one is edited, or a new one if @rule is %NULL; it has a
 *   signal “saved” with a variant
 *
 * A kind of rules that a person makes, in an order that matters.
 */
typedef struct
{
  const char *key;
  const char *title;
  const char *none;
  const char *none_description;
  char *(*dup_title) (GVariant *rule);
  char *(*dup_subtitle) (GVariant *rule);
  GtkWindow *(*make_editor) (BobbinApplication *application, GVariant *rule);
} BobbinRuleKind;

#define BOBBIN_TYPE_RULES_DIALOG (bobbin_rules_dialog_get_type ())
G_DECLARE_FINAL_TYPE (BobbinRulesDialog, bobbin_rules_dialog, BOBBIN, RULES_DIALOG, AdwWindow)

GtkWindow *bobbin_rules_dialog_new (BobbinApplication *application, const BobbinRuleKind *kind);

G_END_DECLS
