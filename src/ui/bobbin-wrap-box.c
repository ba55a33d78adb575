/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinWrapBox has its children beside each other as long as there is room, as words in a text,
 * and goes on in the next line. Buttons fit into any window with it, in any language and size of
 * text. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-wrap-box.h"

/* px, between children and between lines */
#define SPACING 6

struct _BobbinWrapBox
{
  GtkWidget parent_instance;

  gboolean centered;
};

G_DEFINE_FINAL_TYPE (BobbinWrapBox, bobbin_wrap_box, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_CENTERED = 1,
} BobbinWrapBoxProperty;

static GParamSpec *props[PROP_CENTERED + 1];

typedef struct
{
  GtkWidget *first;
  GtkWidget *next; /* (nullable): the first of the next line */
  int width;
  int height;
} Line;

/* @child, or the first after it that takes part. */
static GtkWidget *
skip_hidden (GtkWidget *child)
{
  while (child != NULL && !gtk_widget_should_layout (child))
    child = gtk_widget_get_next_sibling (child);

  return child;
}

static GtkWidget *
get_next (GtkWidget *child)
{
  return skip_hidden (gtk_widget_get_next_sibling (child));
}

/* What a child gets in lines of @width: what it likes, as far as it is to be had. */
static int
choose_width (GtkWidget *child, int width)
{
  int least, natural;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, &natural, NULL, NULL);

  return MAX (least, MIN (natural, width));
}

static void
add_to_line (Line *line, GtkWidget *child, int child_width)
{
  int height;

  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, child_width, NULL, &height, NULL, NULL);
  line->width += child_width + (child != line->first ? SPACING : 0);
  line->height = MAX (line->height, height);
  line->next = get_next (child);
}

/* Says whether there is one. */
static gboolean
fill_line (Line *line, GtkWidget *first, int width)
{
  *line = (Line){ .first = first };
  if (first == NULL)
    return FALSE;

  add_to_line (line, first, choose_width (first, width));
  while (line->next != NULL)
    {
      const int child_width = choose_width (line->next, width);

      if (line->width + SPACING + child_width > width)
        break;
      add_to_line (line, line->next, child_width);
    }

  return TRUE;
}

static int
measure_height (BobbinWrapBox *self, int width)
{
  Line line = { .next = skip_hidden (gtk_widget_get_first_child (GTK_WIDGET (self))) };
  int height = 0;

  while (fill_line (&line, line.next, width))
    height += line.height + (height > 0 ? SPACING : 0);

  return height;
}

/* The widest child there has to be room for; all of them is what it likes. */
static void
measure_width (BobbinWrapBox *self, int *minimum, int *natural)
{
  GtkWidget *child = skip_hidden (gtk_widget_get_first_child (GTK_WIDGET (self)));

  for (; child != NULL; child = get_next (child))
    {
      int least, liked;

      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, &liked, NULL, NULL);
      *minimum = MAX (*minimum, least);
      *natural += liked + (*natural > 0 ? SPACING : 0);
    }
}

static void
bobbin_wrap_box_measure (GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  BobbinWrapBox *self = BOBBIN_WRAP_BOX (widget);

  *minimum = *natural = 0;
  *minimum_baseline = *natural_baseline = -1;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    measure_width (self, minimum, natural);
  else
    *minimum = *natural = measure_height (self, for_size >= 0 ? for_size : G_MAXINT / 2);
}

static void
allocate_line (BobbinWrapBox *self, const Line *line, int y, int width)
{
  const gboolean mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int x = self->centered ? MAX (width - line->width, 0) / 2 : 0;

  for (GtkWidget *child = line->first; child != line->next; child = get_next (child))
    {
      const int child_width = choose_width (child, width);
      const GtkAllocation place = { mirrored ? width - x - child_width : x, y, child_width,
                                    line->height };

      gtk_widget_size_allocate (child, &place, -1);
      x += child_width + SPACING;
    }
}

static void
bobbin_wrap_box_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  Line line = { .next = skip_hidden (gtk_widget_get_first_child (widget)) };
  int y = 0;

  while (fill_line (&line, line.next, width))
    {
      allocate_line (BOBBIN_WRAP_BOX (widget), &line, y, width);
      y += line.height + SPACING;
    }
}

static GtkSizeRequestMode
bobbin_wrap_box_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
set_centered (BobbinWrapBox *self, gboolean centered)
{
  if (self->centered == centered)
    return;

  self->centered = centered;
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CENTERED]);
}

static void
bobbin_wrap_box_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((BobbinWrapBoxProperty) prop_id)
    {
    case PROP_CENTERED:
      g_value_set_boolean (value, BOBBIN_WRAP_BOX (object)->centered);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_wrap_box_set_property (GObject *object,
                              guint prop_id,
                              const GValue *value,
                              GParamSpec *pspec)
{
  switch ((BobbinWrapBoxProperty) prop_id)
    {
    case PROP_CENTERED:
      set_centered (BOBBIN_WRAP_BOX (object), g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_wrap_box_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (bobbin_wrap_box_parent_class)->dispose (object);
}

static void
bobbin_wrap_box_class_init (BobbinWrapBoxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = bobbin_wrap_box_get_property;
  object_class->set_property = bobbin_wrap_box_set_property;
  object_class->dispose = bobbin_wrap_box_dispose;
  widget_class->measure = bobbin_wrap_box_measure;
  widget_class->size_allocate = bobbin_wrap_box_size_allocate;
  widget_class->get_request_mode = bobbin_wrap_box_get_request_mode;

  props[PROP_CENTERED] =
    g_param_spec_boolean ("centered", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
bobbin_wrap_box_init (BobbinWrapBox *self)
{
}
