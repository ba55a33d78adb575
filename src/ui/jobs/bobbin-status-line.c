/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinStatusLine shows what a job is at. While the job runs the text changes several times a
 * second, in as many rows as there are: it is an inscription then, whose size does not depend on
 * its text, so that nothing is measured anew and only rows in sight are drawn. With 100 downloads
 * labels cost the main loop 35 ms of every 100. A job at rest has a label, which wraps: an error is
 * a whole sentence. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-status-line.h"

/* An error takes so many lines at most. */
#define MAX_LINES 4

struct _BobbinStatusLine
{
  GtkWidget parent_instance;

  GtkInscription *inscription;
  GtkLabel *label;
  char *text; /* (owned) (nullable) */
  gboolean lively;
};

G_DEFINE_FINAL_TYPE (BobbinStatusLine, bobbin_status_line, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_TEXT = 1,
} BobbinStatusLineProperty;

static GParamSpec *props[PROP_TEXT + 1];

static void
show_text (BobbinStatusLine *self)
{
  if (self->lively)
    gtk_inscription_set_text (self->inscription, self->text);
  else
    gtk_label_set_text (self->label, self->text != NULL ? self->text : "");
}

static void
bobbin_status_line_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BobbinStatusLine *self = BOBBIN_STATUS_LINE (object);

  switch ((BobbinStatusLineProperty) prop_id)
    {
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_status_line_set_property (GObject *object,
                                 guint prop_id,
                                 const GValue *value,
                                 GParamSpec *pspec)
{
  BobbinStatusLine *self = BOBBIN_STATUS_LINE (object);

  switch ((BobbinStatusLineProperty) prop_id)
    {
    case PROP_TEXT:
      g_free (self->text);
      self->text = g_value_dup_string (value);
      show_text (self);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_status_line_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (bobbin_status_line_parent_class)->dispose (object);
}

static void
bobbin_status_line_finalize (GObject *object)
{
  g_free (BOBBIN_STATUS_LINE (object)->text);

  G_OBJECT_CLASS (bobbin_status_line_parent_class)->finalize (object);
}

static void
bobbin_status_line_class_init (BobbinStatusLineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bobbin_status_line_get_property;
  object_class->set_property = bobbin_status_line_set_property;
  object_class->dispose = bobbin_status_line_dispose;
  object_class->finalize = bobbin_status_line_finalize;

  props[PROP_TEXT] =
    g_param_spec_string ("text", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
bobbin_status_line_init (BobbinStatusLine *self)
{
  self->inscription =
    g_object_new (GTK_TYPE_INSCRIPTION, "min-chars", 0, "nat-chars", 0, "text-overflow",
                  GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END, "visible", FALSE, NULL);
  gtk_widget_set_parent (GTK_WIDGET (self->inscription), GTK_WIDGET (self));

  self->label = g_object_new (GTK_TYPE_LABEL, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR,
                              "natural-wrap-mode", GTK_NATURAL_WRAP_NONE, "lines", MAX_LINES,
                              "ellipsize", PANGO_ELLIPSIZE_END, "xalign", 0.0, NULL);
  gtk_widget_set_parent (GTK_WIDGET (self->label), GTK_WIDGET (self));
}

/**
 * bobbin_status_line_set_lively:
 * @lively: whether the text changes often
 *
 * Says how the text is to be shown: in one line that costs little, or in as many as it takes.
 */
void
bobbin_status_line_set_lively (BobbinStatusLine *self, gboolean lively)
{
  g_return_if_fail (BOBBIN_IS_STATUS_LINE (self));

  if (self->lively == lively)
    return;

  self->lively = lively;
  show_text (self);
  gtk_widget_set_visible (GTK_WIDGET (self->inscription), lively);
  gtk_widget_set_visible (GTK_WIDGET (self->label), !lively);
}
