/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinSwitchRow is a row with a switch; its title, which may have a mnemonic, names both. Main
 * thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-switch-row.h"

struct _BobbinSwitchRow
{
  AdwActionRow parent_instance;

  GtkSwitch *control;
};

G_DEFINE_FINAL_TYPE (BobbinSwitchRow, bobbin_switch_row, ADW_TYPE_ACTION_ROW)

typedef enum
{
  PROP_ACTIVE = 1,
} BobbinSwitchRowProperty;

static GParamSpec *props[PROP_ACTIVE + 1];

/* The title without its mnemonic. */
void
bobbin_switch_row_name_control (GtkWidget *control, AdwPreferencesRow *row)
{
  g_auto (GStrv) parts = g_strsplit (adw_preferences_row_get_title (row), "_", -1);
  g_autofree char *name = g_strjoinv ("", parts);

  gtk_accessible_update_property (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
}

static void
on_title (BobbinSwitchRow *self)
{
  bobbin_switch_row_name_control (GTK_WIDGET (self->control), ADW_PREFERENCES_ROW (self));
}

static void
on_active (BobbinSwitchRow *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ACTIVE]);
}

static void
bobbin_switch_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((BobbinSwitchRowProperty) prop_id)
    {
    case PROP_ACTIVE:
      g_value_set_boolean (value, bobbin_switch_row_get_active (BOBBIN_SWITCH_ROW (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_switch_row_set_property (GObject *object,
                                guint prop_id,
                                const GValue *value,
                                GParamSpec *pspec)
{
  switch ((BobbinSwitchRowProperty) prop_id)
    {
    case PROP_ACTIVE:
      bobbin_switch_row_set_active (BOBBIN_SWITCH_ROW (object), g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_switch_row_class_init (BobbinSwitchRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = bobbin_switch_row_get_property;
  object_class->set_property = bobbin_switch_row_set_property;

  props[PROP_ACTIVE] =
    g_param_spec_boolean ("active", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/bobbinapp/Bobbin/preferences/bobbin-switch-row.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinSwitchRow, control);
}

static void
bobbin_switch_row_init (BobbinSwitchRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect (self, "notify::title", G_CALLBACK (on_title), NULL);
  g_signal_connect_swapped (self->control, "notify::active", G_CALLBACK (on_active), self);
}

/**
 * bobbin_switch_row_get_active:
 *
 * Returns: whether it is on
 */
gboolean
bobbin_switch_row_get_active (BobbinSwitchRow *self)
{
  g_return_val_if_fail (BOBBIN_IS_SWITCH_ROW (self), FALSE);

  return gtk_switch_get_active (self->control);
}

/**
 * bobbin_switch_row_set_active:
 * @active: whether it is on
 */
void
bobbin_switch_row_set_active (BobbinSwitchRow *self, gboolean active)
{
  g_return_if_fail (BOBBIN_IS_SWITCH_ROW (self));

  gtk_switch_set_active (self->control, active);
}
