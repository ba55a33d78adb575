/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinShownJobs is those of some jobs that a filter lets through, in the order of a sorter. Where
 * there are many they are chosen and sorted bit by bit, a few ms in a turn of the main loop, and
 * until that is done the list is what it was: it changes once, from one whole to the next. What
 * GTK's own models have to offer is either one long turn, or a list that empties and is shuffled
 * before the eyes of who looks at it. A job that comes or goes does so at once. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-shown-jobs.h"

#include <string.h>

/* So few are chosen and sorted at once. */
#define MAX_AT_ONCE 500

/* µs of a turn, and so many jobs are looked at between two looks at the clock. */
#define BUDGET (3 * G_TIME_SPAN_MILLISECOND)
#define STRIDE 64

/* A list in the making: chosen up to @next, then merged in runs of twice @width. */
typedef struct
{
  GPtrArray *from; /* (owned) (element-type BobbinJob): borrowed from all */
  GPtrArray *to;   /* (owned) (element-type BobbinJob): what is merged so far in this pass */
  guint next;
  guint width;
  guint left; /* where the run begins that is merged */
  guint i;    /* what comes next of its first half */
  guint j;    /* and of its second */
} Build;

struct _BobbinShownJobs
{
  GObject parent_instance;

  GListModel *model; /* (owned): of all */
  GPtrArray *all;    /* (owned) (element-type BobbinJob): what is in it */
  GPtrArray *shown;  /* (owned) (element-type BobbinJob): borrowed from all */
  GtkFilter *filter; /* (owned) (nullable) */
  GtkSorter *sorter; /* (owned) (nullable) */
  Build *build;      /* (owned) (nullable) */
  guint source;
};

static GType
bobbin_shown_jobs_get_item_type (GListModel *model)
{
  return g_list_model_get_item_type (BOBBIN_SHOWN_JOBS (model)->model);
}

static guint
bobbin_shown_jobs_get_n_items (GListModel *model)
{
  return BOBBIN_SHOWN_JOBS (model)->shown->len;
}

static gpointer
bobbin_shown_jobs_get_item (GListModel *model, guint position)
{
  GPtrArray *shown = BOBBIN_SHOWN_JOBS (model)->shown;

  return position < shown->len ? g_object_ref (g_ptr_array_index (shown, position)) : NULL;
}

static void
bobbin_shown_jobs_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = bobbin_shown_jobs_get_item_type;
  iface->get_n_items = bobbin_shown_jobs_get_n_items;
  iface->get_item = bobbin_shown_jobs_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinShownJobs,
                               bobbin_shown_jobs,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      bobbin_shown_jobs_list_model_init))

static gboolean
is_let_through (BobbinShownJobs *self, gpointer job)
{
  return self->filter == NULL || gtk_filter_match (self->filter, job);
}

static gboolean
is_before_or_equal (BobbinShownJobs *self, gpointer a, gpointer b)
{
  return gtk_sorter_compare (self->sorter, a, b) != GTK_ORDERING_LARGER;
}

/* Takes @shown, and tells of what is between the part at either end that stays. */
static void
publish (BobbinShownJobs *self, GPtrArray *shown)
{
  g_autoptr (GPtrArray) old = g_steal_pointer (&self->shown);
  const guint min = MIN (old->len, shown->len);
  guint begin = 0, end = 0;

  while (begin < min && old->pdata[begin] == shown->pdata[begin])
    begin++;
  while (end < min - begin && old->pdata[old->len - 1 - end] == shown->pdata[shown->len - 1 - end])
    end++;

  self->shown = shown;
  if (begin + end < MAX (old->len, shown->len))
    g_list_model_items_changed (G_LIST_MODEL (self), begin, old->len - begin - end,
                                shown->len - begin - end);
}

/* ---- bit by bit */

static void
build_free (Build *build)
{
  g_ptr_array_unref (build->from);
  g_ptr_array_unref (build->to);
  g_free (build);
}

static void
stop (BobbinShownJobs *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_pointer (&self->build, build_free);
}

static void
begin_run (Build *build, guint left)
{
  build->left = build->i = left;
  build->j = MIN (left + build->width, build->from->len);
}

static void
choose_next (BobbinShownJobs *self, Build *build)
{
  gpointer job = g_ptr_array_index (self->all, build->next++);

  if (is_let_through (self, job))
    g_ptr_array_add (build->from, job);
  if (build->next == self->all->len)
    begin_run (build, 0);
}

static void
end_pass (Build *build)
{
  GPtrArray *merged = build->to;

  build->to = build->from;
  build->from = merged;
  g_ptr_array_set_size (build->to, 0);
  build->width *= 2;
  begin_run (build, 0);
}

/* What is equal stays in its order. */
static void
merge_next (BobbinShownJobs *self, Build *build)
{
  const guint n = build->from->len;
  const guint middle = MIN (build->left + build->width, n);
  const guint end = MIN (middle + build->width, n);
  gpointer *jobs = build->from->pdata;

  if (build->i < middle &&
      (build->j == end || is_before_or_equal (self, jobs[build->i], jobs[build->j])))
    g_ptr_array_add (build->to, jobs[build->i++]);
  else
    g_ptr_array_add (build->to, jobs[build->j++]);

  if (build->i == middle && build->j == end)
    begin_run (build, end);
  if (build->left == n)
    end_pass (build);
}

/* Whether there was something left to do. */
static gboolean
build_step (BobbinShownJobs *self, Build *build)
{
  if (build->next < self->all->len)
    choose_next (self, build);
  else if (self->sorter != NULL && build->width < build->from->len)
    merge_next (self, build);
  else
    return FALSE;

  return TRUE;
}

static void
finish (BobbinShownJobs *self)
{
  GPtrArray *shown = g_ptr_array_ref (self->build->from);

  stop (self);
  publish (self, shown);
}

static gboolean
on_turn (gpointer user_data)
{
  BobbinShownJobs *self = BOBBIN_SHOWN_JOBS (user_data);
  const gint64 end = g_get_monotonic_time () + BUDGET;

  do
    for (guint i = 0; i < STRIDE; i++)
      if (!build_step (self, self->build))
        {
          self->source = 0;
          finish (self);
          return G_SOURCE_REMOVE;
        }
  while (g_get_monotonic_time () < end);

  return G_SOURCE_CONTINUE;
}

static void
rebuild (BobbinShownJobs *self)
{
  stop (self);
  self->build = g_new0 (Build, 1);
  self->build->from = g_ptr_array_new ();
  self->build->to = g_ptr_array_new ();
  self->build->width = 1;

  if (self->all->len > MAX_AT_ONCE)
    {
      self->source = g_idle_add (on_turn, self);
      g_source_set_name_by_id (self->source, "[bobbin] choice of jobs");
      return;
    }

  while (build_step (self, self->build))
    ;
  finish (self);
}

/* ---- at once */

/* Behind all that are not behind it. */
static void
insert_sorted (BobbinShownJobs *self, GPtrArray *shown, gpointer job)
{
  guint low = 0, high = shown->len;

  while (low < high)
    {
      const guint middle = low + (high - low) / 2;

      if (is_before_or_equal (self, g_ptr_array_index (shown, middle), job))
        low = middle + 1;
      else
        high = middle;
    }
  g_ptr_array_insert (shown, low, job);
}

/* What stays of those that are shown; @removed is a set. */
static GPtrArray *
keep_others (BobbinShownJobs *self, GHashTable *removed)
{
  GPtrArray *kept = g_ptr_array_sized_new (self->shown->len);

  for (guint i = 0; i < self->shown->len; i++)
    if (!g_hash_table_contains (removed, g_ptr_array_index (self->shown, i)))
      g_ptr_array_add (kept, g_ptr_array_index (self->shown, i));

  return kept;
}

/* @kept are in the order of all, too; or they are to be brought into it, and stay as they are until
 * that is done. */
static GPtrArray *
add_in_place (BobbinShownJobs *self, GPtrArray *kept, guint position, guint added)
{
  GPtrArray *shown = g_ptr_array_sized_new (kept->len + added);
  guint next = 0;

  for (guint i = 0; i < self->all->len; i++)
    {
      gpointer job = g_ptr_array_index (self->all, i);
      const gboolean is_kept = next < kept->len && g_ptr_array_index (kept, next) == job;
      const gboolean is_new = i >= position && i < position + added;

      next += is_kept;
      if (is_kept || (is_new && is_let_through (self, job)))
        g_ptr_array_add (shown, job);
    }
  for (; next < kept->len; next++)
    g_ptr_array_add (shown, g_ptr_array_index (kept, next));
  g_ptr_array_unref (kept);

  return shown;
}

static GPtrArray *
add_sorted (BobbinShownJobs *self, GPtrArray *kept, guint position, guint added)
{
  for (guint i = position; i < position + added; i++)
    if (is_let_through (self, g_ptr_array_index (self->all, i)))
      insert_sorted (self, kept, g_ptr_array_index (self->all, i));

  return kept;
}

/* Returns the set of what was there; it holds them. */
static GHashTable *
replace (BobbinShownJobs *self, guint position, guint n_removed, guint n_added)
{
  GHashTable *removed = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);

  for (guint i = 0; i < n_removed; i++)
    g_hash_table_add (removed, g_object_ref (g_ptr_array_index (self->all, position + i)));
  if (n_removed > 0)
    g_ptr_array_remove_range (self->all, position, n_removed);

  for (guint i = 0; i < n_added; i++)
    g_ptr_array_insert (self->all, position + i, g_list_model_get_item (self->model, position + i));

  return removed;
}

/* What is in the making was made of what there was before, and is begun anew. So is the order where
 * equal ones are to stand as they do in the other list, unless they came to its end. */
static void
on_items_changed (BobbinShownJobs *self, guint position, guint n_removed, guint n_added)
{
  const gboolean is_sorted = self->sorter != NULL;
  const gboolean is_unsure =
    self->build != NULL || (is_sorted && n_added > 0 && position + n_removed < self->all->len);
  g_autoptr (GHashTable) removed = NULL;
  GPtrArray *shown;

  stop (self);
  removed = replace (self, position, n_removed, n_added);
  shown = keep_others (self, removed);
  shown = is_sorted ? add_sorted (self, shown, position, n_added)
                    : add_in_place (self, shown, position, n_added);
  publish (self, shown);
  if (is_unsure)
    rebuild (self);
}

/* ---- the object */

static void
forget (BobbinShownJobs *self, gpointer object)
{
  GObject **source = object;

  if (*source != NULL)
    g_signal_handlers_disconnect_by_data (*source, self);
  g_clear_object (source);
}

static void
bobbin_shown_jobs_dispose (GObject *object)
{
  BobbinShownJobs *self = BOBBIN_SHOWN_JOBS (object);

  stop (self);
  forget (self, &self->filter);
  forget (self, &self->sorter);
  forget (self, &self->model);

  G_OBJECT_CLASS (bobbin_shown_jobs_parent_class)->dispose (object);
}

static void
bobbin_shown_jobs_finalize (GObject *object)
{
  BobbinShownJobs *self = BOBBIN_SHOWN_JOBS (object);

  g_ptr_array_unref (self->shown);
  g_ptr_array_unref (self->all);

  G_OBJECT_CLASS (bobbin_shown_jobs_parent_class)->finalize (object);
}

static void
bobbin_shown_jobs_class_init (BobbinShownJobsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bobbin_shown_jobs_dispose;
  object_class->finalize = bobbin_shown_jobs_finalize;
}

static void
bobbin_shown_jobs_init (BobbinShownJobs *self)
{
  self->all = g_ptr_array_new_with_free_func (g_object_unref);
  self->shown = g_ptr_array_new ();
}

/**
 * bobbin_shown_jobs_new:
 * @all: (transfer none): the jobs to choose from
 *
 * Returns: (transfer full): a list of all jobs in @all, in their order
 */
BobbinShownJobs *
bobbin_shown_jobs_new (GListModel *all)
{
  BobbinShownJobs *self = g_object_new (BOBBIN_TYPE_SHOWN_JOBS, NULL);

  self->model = g_object_ref (all);
  g_signal_connect_swapped (all, "items-changed", G_CALLBACK (on_items_changed), self);
  on_items_changed (self, 0, 0, g_list_model_get_n_items (all));

  return self;
}

/**
 * bobbin_shown_jobs_set_filter:
 * @filter: (nullable): what lets jobs through; %NULL does so with all
 */
void
bobbin_shown_jobs_set_filter (BobbinShownJobs *self, GtkFilter *filter)
{
  g_return_if_fail (BOBBIN_IS_SHOWN_JOBS (self));

  if (self->filter == filter)
    return;

  forget (self, &self->filter);
  g_set_object (&self->filter, filter);
  if (filter != NULL)
    g_signal_connect_swapped (filter, "changed", G_CALLBACK (rebuild), self);
  rebuild (self);
}

/**
 * bobbin_shown_jobs_set_sorter:
 * @sorter: (nullable): what orders them; %NULL leaves them in the order of all
 */
void
bobbin_shown_jobs_set_sorter (BobbinShownJobs *self, GtkSorter *sorter)
{
  g_return_if_fail (BOBBIN_IS_SHOWN_JOBS (self));

  if (self->sorter == sorter)
    return;

  forget (self, &self->sorter);
  g_set_object (&self->sorter, sorter);
  if (sorter != NULL)
    g_signal_connect_swapped (sorter, "changed", G_CALLBACK (rebuild), self);
  rebuild (self);
}

/**
 * bobbin_shown_jobs_has_order_of_all:
 *
 * Returns: whether the jobs stand in the order of all, and will
 */
gboolean
bobbin_shown_jobs_has_order_of_all (BobbinShownJobs *self)
{
  g_return_val_if_fail (BOBBIN_IS_SHOWN_JOBS (self), FALSE);

  return self->sorter == NULL && self->build == NULL;
}
