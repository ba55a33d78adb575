/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Children in lines, as many in each as there is room for.
 */
#include "config.h"

#include "bobbin-wrap-box.h"

#define SPACING 6
#define WIDTH   100
#define HEIGHT  20

#define N_CHILDREN 3

typedef struct
{
  GtkWidget *box; /* (owned) */
  GtkWidget *children[N_CHILDREN];
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->box = g_object_ref_sink (g_object_new (BOBBIN_TYPE_WRAP_BOX, NULL));
  for (guint i = 0; i < N_CHILDREN; i++)
    {
      f->children[i] = gtk_image_new ();
      gtk_widget_set_size_request (f->children[i], WIDTH, HEIGHT);
      gtk_widget_insert_before (f->children[i], f->box, NULL);
    }
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_finalize_object (f->box);
}

static int
measure_height (Fixture *f, int width)
{
  int height;

  gtk_widget_measure (f->box, GTK_ORIENTATION_VERTICAL, width, &height, NULL, NULL, NULL);

  return height;
}

static void
assert_at (Fixture *f, guint i, int x, int y)
{
  graphene_rect_t bounds;

  g_assert_true (gtk_widget_compute_bounds (f->children[i], f->box, &bounds));
  g_assert_cmpint ((int) bounds.origin.x, ==, x);
  g_assert_cmpint ((int) bounds.origin.y, ==, y);
  g_assert_cmpint ((int) bounds.size.width, ==, WIDTH);
}

static void
lay_out (Fixture *f, int width)
{
  gtk_widget_allocate (f->box, width, measure_height (f, width), -1, NULL);
}

/* No narrower than the widest, and best all beside each other. */
static void
test_measure (Fixture *f, gconstpointer data)
{
  int minimum, natural;

  gtk_widget_measure (f->box, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  g_assert_cmpint (minimum, ==, WIDTH);
  g_assert_cmpint (natural, ==, 3 * WIDTH + 2 * SPACING);
  g_assert_cmpint (measure_height (f, natural), ==, HEIGHT);
  g_assert_cmpint (measure_height (f, natural - 1), ==, 2 * HEIGHT + SPACING);
  g_assert_cmpint (measure_height (f, minimum), ==, 3 * HEIGHT + 2 * SPACING);
}

static void
test_lines (Fixture *f, gconstpointer data)
{
  lay_out (f, 2 * WIDTH + SPACING + 10);
  assert_at (f, 0, 0, 0);
  assert_at (f, 1, WIDTH + SPACING, 0);
  assert_at (f, 2, 0, HEIGHT + SPACING);
}

static void
test_centered (Fixture *f, gconstpointer data)
{
  g_object_set (f->box, "centered", TRUE, NULL);
  lay_out (f, 2 * WIDTH + SPACING + 10);
  assert_at (f, 0, 5, 0);
  assert_at (f, 2, (WIDTH + SPACING + 10) / 2, HEIGHT + SPACING);
}

static void
test_right_to_left (Fixture *f, gconstpointer data)
{
  gtk_widget_set_direction (f->box, GTK_TEXT_DIR_RTL);
  lay_out (f, 2 * WIDTH + SPACING);
  assert_at (f, 0, WIDTH + SPACING, 0);
  assert_at (f, 1, 0, 0);
}

/* What is not shown leaves no gap, and no line. */
static void
test_hidden (Fixture *f, gconstpointer data)
{
  gtk_widget_set_visible (f->children[0], FALSE);
  lay_out (f, 2 * WIDTH + SPACING);
  g_assert_cmpint (measure_height (f, 2 * WIDTH + SPACING), ==, HEIGHT);
  assert_at (f, 1, 0, 0);
  for (guint i = 0; i < N_CHILDREN; i++)
    gtk_widget_set_visible (f->children[i], FALSE);
  g_assert_cmpint (measure_height (f, WIDTH), ==, 0);
}

#define ADD(name, test) g_test_add ("/ui/wrap-box/" name, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);

  ADD ("measure", test_measure);
  ADD ("lines", test_lines);
  ADD ("centered", test_centered);
  ADD ("right-to-left", test_right_to_left);
  ADD ("hidden", test_hidden);

  return g_test_run ();
}
