/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a person is shown that what was typed cannot be used. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-wrong-mark.h"

/**
 * bobbin_mark_wrong:
 * @row: (type GtkWidget): what is coloured
 * @field: (type GtkWidget): what is typed into, often @row itself
 * @wrong: whether it cannot be used
 *
 * Shows who sees and who hears it whether a field is to be corrected.
 */
void
bobbin_mark_wrong (gpointer row, gpointer field, gboolean wrong)
{
  g_return_if_fail (GTK_IS_WIDGET (row));
  g_return_if_fail (GTK_IS_WIDGET (field));

  if (wrong)
    gtk_widget_add_css_class (row, "error");
  else
    gtk_widget_remove_css_class (row, "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (field), GTK_ACCESSIBLE_STATE_INVALID,
                               wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}

/**
 * bobbin_tell_wrong:
 * @label: what has the role of an alert
 * @sentence: (nullable): why what was typed cannot be used; %NULL if it can
 *
 * Says the reason, to be called with bobbin_mark_wrong().
 */
void
bobbin_tell_wrong (GtkLabel *label, const char *sentence)
{
  g_return_if_fail (GTK_IS_LABEL (label));

  gtk_label_set_label (label, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (label), sentence != NULL);
}
