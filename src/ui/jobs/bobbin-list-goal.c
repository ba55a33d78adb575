/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Brings an item of a list into view. GTK scrolls by where an item was at the last layout: one that
 * has come since, or that turns out to be higher than was thought, stays below what is seen. So it
 * is scrolled to again in the next frames. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-list-goal.h"

/* In the first the item gets a place, in the second what it shows, in the third its height. */
#define N_FRAMES 4

#define KEY "bobbin-list-goal"

typedef struct
{
  guint position;
  guint n_frames; /* to come, in which it is scrolled to; 0 if it has been reached */
  guint tick;     /* calls for each frame; 0 while the list is not seen */
} Goal;

static gboolean
on_frame (GtkWidget *view, GdkFrameClock *clock, gpointer user_data)
{
  Goal *goal = user_data;

  if (gtk_widget_get_mapped (view))
    {
      gtk_widget_activate_action (view, "list.scroll-to-item", "u", goal->position);
      if (--goal->n_frames > 0)
        return G_SOURCE_CONTINUE;
    }
  goal->tick = 0;

  return G_SOURCE_REMOVE;
}

static void
on_map (GtkWidget *view, Goal *goal)
{
  if (goal->n_frames > 0 && goal->tick == 0)
    goal->tick = gtk_widget_add_tick_callback (view, on_frame, goal, NULL);
}

static Goal *
get_goal (GtkListBase *view)
{
  Goal *goal = g_object_get_data (G_OBJECT (view), KEY);

  if (goal != NULL)
    return goal;

  goal = g_new0 (Goal, 1);
  g_object_set_data_full (G_OBJECT (view), KEY, goal, g_free);
  g_signal_connect (view, "map", G_CALLBACK (on_map), goal);

  return goal;
}

/**
 * bobbin_list_goal_set:
 * @view: a list
 * @position: of one of its items
 *
 * Brings the item into view, within the next frames in which @view is seen.
 */
void
bobbin_list_goal_set (GtkListBase *view, guint position)
{
  Goal *goal;

  g_return_if_fail (GTK_IS_LIST_BASE (view));

  goal = get_goal (view);
  goal->position = position;
  goal->n_frames = N_FRAMES;
  if (gtk_widget_get_mapped (GTK_WIDGET (view)))
    on_map (GTK_WIDGET (view), goal);
}

/**
 * bobbin_list_goal_is_ahead:
 * @view: a list
 *
 * Returns: whether an item has yet to be brought into view
 */
gboolean
bobbin_list_goal_is_ahead (GtkListBase *view)
{
  g_return_val_if_fail (GTK_IS_LIST_BASE (view), FALSE);

  return get_goal (view)->n_frames > 0;
}
