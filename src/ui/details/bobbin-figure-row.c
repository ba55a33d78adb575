/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinFigureRow shows what one figure is called, and what it is; nothing while there is nothing
 * to say. What is long can be selected, and copied. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-figure-row.h"

#include <glib/gi18n-lib.h>

#include "bobbin-job-row.h"

struct _BobbinFigureRow
{
  AdwPreferencesRow parent_instance;

  GtkLabel *name;
  GtkLabel *value;
  GtkWidget *copy;
};

G_DEFINE_FINAL_TYPE (BobbinFigureRow, bobbin_figure_row, ADW_TYPE_PREFERENCES_ROW)

static void
copy (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget),
                          bobbin_figure_row_get_value (BOBBIN_FIGURE_ROW (widget)));
}

static void
bobbin_figure_row_class_init (BobbinFigureRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/bobbinapp/Bobbin/details/bobbin-figure-row.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinFigureRow, name);
  gtk_widget_class_bind_template_child (widget_class, BobbinFigureRow, value);
  gtk_widget_class_bind_template_child (widget_class, BobbinFigureRow, copy);
  gtk_widget_class_install_action (widget_class, "figure.copy", NULL, copy);
}

static void
bobbin_figure_row_init (BobbinFigureRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->value), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  self->name, NULL, -1);
  /* The row takes the focus. */
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  self->name, NULL, GTK_ACCESSIBLE_RELATION_DESCRIBED_BY,
                                  self->value, NULL, -1);
}

/**
 * bobbin_figure_row_new:
 * @name: what the figure is called
 * @is_for_copy: whether it can be selected and copied
 *
 * Returns: (transfer floating): a row, hidden until it has a value
 */
GtkWidget *
bobbin_figure_row_new (const char *name, gboolean is_for_copy)
{
  BobbinFigureRow *self =
    g_object_new (BOBBIN_TYPE_FIGURE_ROW, "title", name, "visible", FALSE, NULL);
  /* Translators: %s is what is copied, such as “Address” */
  g_autofree char *copy_name = g_strdup_printf (_ ("Copy %s"), name);

  gtk_label_set_selectable (self->value, is_for_copy);
  gtk_widget_set_visible (self->copy, is_for_copy);
  bobbin_job_row_name_control (self->copy, copy_name);

  return GTK_WIDGET (self);
}

/**
 * bobbin_figure_row_get_value:
 *
 * Returns: (transfer none): what is shown
 */
const char *
bobbin_figure_row_get_value (BobbinFigureRow *self)
{
  g_return_val_if_fail (BOBBIN_IS_FIGURE_ROW (self), NULL);

  return gtk_label_get_label (self->value);
}

/**
 * bobbin_figure_row_set_value:
 * @value: (nullable): what to show; %NULL to hide the row
 */
void
bobbin_figure_row_set_value (BobbinFigureRow *self, const char *value)
{
  g_return_if_fail (BOBBIN_IS_FIGURE_ROW (self));

  gtk_label_set_label (self->value, value != NULL ? value : "");
  gtk_widget_set_visible (GTK_WIDGET (self), value != NULL);
}
