/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinNumberRow is a row with a number that can be changed; its title, which may have a mnemonic,
 * names both. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-number-row.h"

#include "bobbin-switch-row.h"

struct _BobbinNumberRow
{
  AdwActionRow parent_instance;

  GtkSpinButton *control;
};

G_DEFINE_FINAL_TYPE (BobbinNumberRow, bobbin_number_row, ADW_TYPE_ACTION_ROW)

typedef enum
{
  PROP_ADJUSTMENT = 1,
  PROP_DIGITS,
} BobbinNumberRowProperty;

static GParamSpec *props[PROP_DIGITS + 1];

enum
{
  DONE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
on_title (BobbinNumberRow *self)
{
  bobbin_switch_row_name_control (GTK_WIDGET (self->control), ADW_PREFERENCES_ROW (self));
}

static void
on_done (BobbinNumberRow *self)
{
  gtk_spin_button_update (self->control);
  g_signal_emit (self, signals[DONE], 0);
}

static void
bobbin_number_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BobbinNumberRow *self = BOBBIN_NUMBER_ROW (object);

  switch ((BobbinNumberRowProperty) prop_id)
    {
    case PROP_ADJUSTMENT:
      g_value_set_object (value, bobbin_number_row_get_adjustment (self));
      break;
    case PROP_DIGITS:
      g_value_set_uint (value, gtk_spin_button_get_digits (self->control));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_number_row_set_property (GObject *object,
                                guint prop_id,
                                const GValue *value,
                                GParamSpec *pspec)
{
  BobbinNumberRow *self = BOBBIN_NUMBER_ROW (object);

  switch ((BobbinNumberRowProperty) prop_id)
    {
    case PROP_ADJUSTMENT:
      gtk_spin_button_set_adjustment (self->control, g_value_get_object (value));
      break;
    case PROP_DIGITS:
      gtk_spin_button_set_digits (self->control, g_value_get_uint (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_number_row_class_init (BobbinNumberRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = bobbin_number_row_get_property;
  object_class->set_property = bobbin_number_row_set_property;

  props[PROP_ADJUSTMENT] =
    g_param_spec_object ("adjustment", NULL, NULL, GTK_TYPE_ADJUSTMENT, flags);
  props[PROP_DIGITS] = g_param_spec_uint ("digits", NULL, NULL, 0, 20, 0, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  signals[DONE] = g_signal_new ("done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/bobbinapp/Bobbin/preferences/bobbin-number-row.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinNumberRow, control);
}

static void
bobbin_number_row_init (BobbinNumberRow *self)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect (self, "notify::title", G_CALLBACK (on_title), NULL);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (on_done), self);
  gtk_widget_add_controller (GTK_WIDGET (self->control), focus);
  g_signal_connect_swapped (gtk_editable_get_delegate (GTK_EDITABLE (self->control)), "activate",
                            G_CALLBACK (on_done), self);
}

/**
 * bobbin_number_row_get_adjustment:
 *
 * Returns: (transfer none): what number it is, and which it may be
 */
GtkAdjustment *
bobbin_number_row_get_adjustment (BobbinNumberRow *self)
{
  g_return_val_if_fail (BOBBIN_IS_NUMBER_ROW (self), NULL);

  return gtk_spin_button_get_adjustment (self->control);
}
