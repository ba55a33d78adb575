/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinJobList shows the jobs of one kind, in the order of the one queue that holds them all or in
 * another, all of them or those that a filter lets through. Rows are made for what is in sight.
 * Keys act on the selected jobs, or on the row that has the focus if it is none of them. While
 * there is no job a placeholder says what to do. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-job-list.h"

#include "bobbin-job-list-private.h"

#include "bobbin-job-actions.h"
#include "bobbin-list-goal.h"
#include "bobbin-window.h"

G_DEFINE_FINAL_TYPE (BobbinJobList, bobbin_job_list, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_JOBS = 1,
  PROP_JOB_TYPE,
  PROP_ROW_TYPE,
  PROP_PLACEHOLDER,
  PROP_LABEL,
  PROP_NARROW,
} BobbinJobListProperty;

static GParamSpec *props[PROP_NARROW + 1];

/* The row in which @widget is. */
BobbinJobRow *
bobbin_job_list_find_row (GtkWidget *widget)
{
  BobbinRowSlot *slot = bobbin_row_slot_find (widget);
  GtkWidget *row = slot != NULL ? adw_bin_get_child (ADW_BIN (slot)) : NULL;

  return BOBBIN_IS_JOB_ROW (row) ? BOBBIN_JOB_ROW (row) : NULL;
}

static BobbinJobRow *
find_focused_row (BobbinJobList *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus == NULL || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->list_view)))
    return NULL;

  return bobbin_job_list_find_row (focus);
}

static void
on_activate (BobbinJobList *self, guint position)
{
  BobbinJob *job = g_list_model_get_item (G_LIST_MODEL (self->selection), position);
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (jobs, job);
  bobbin_job_actions_activate (GTK_WIDGET (self), "job.activate", jobs);
}

static GtkWidget *
make_row (gpointer owner)
{
  BobbinJobList *self = owner;
  GtkWidget *row = g_object_new (self->row_type, NULL);

  g_object_bind_property (self, "narrow", row, "narrow", G_BINDING_SYNC_CREATE);
  bobbin_job_list_make_draggable (self, BOBBIN_JOB_ROW (row));

  return row;
}

static void
show_job (GtkWidget *row, gpointer job)
{
  bobbin_job_row_set_job (BOBBIN_JOB_ROW (row), job);
}

static char *
dup_title (gpointer job)
{
  return g_strdup (bobbin_job_get_title (job));
}

/* Nobody is disturbed who types, or who is in a menu. */
static gboolean
is_busy (GtkWidget *focus)
{
  return focus != NULL && gtk_widget_get_mapped (focus) &&
         (GTK_IS_EDITABLE (focus) || GTK_IS_TEXT_VIEW (focus) ||
          gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER) != NULL);
}

/* The keyboard goes on with what there is now: the first rows, or the button of an empty list. */
static void
take_focus (BobbinJobList *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (root != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)) &&
      !is_busy (gtk_root_get_focus (root)))
    gtk_widget_child_focus (gtk_stack_get_visible_child (self->stack), GTK_DIR_TAB_FORWARD);
}

static void
on_items_changed (BobbinJobList *self)
{
  const gboolean was_empty = g_str_equal (gtk_stack_get_visible_child_name (self->stack), "empty");
  const gboolean empty = g_list_model_get_n_items (G_LIST_MODEL (self->of_type)) == 0;
  const gboolean none = g_list_model_get_n_items (G_LIST_MODEL (self->shown)) == 0;

  gtk_widget_set_visible (self->none, none);
  gtk_stack_set_visible_child_name (self->stack, empty ? "empty" : "jobs");
  if (was_empty != empty)
    take_focus (self);
}

static gboolean
is_of_type (gpointer item, gpointer user_data)
{
  return G_TYPE_CHECK_INSTANCE_TYPE (item, GPOINTER_TO_SIZE (user_data));
}

/* What a screen reader calls the list. */
static void
set_label (BobbinJobList *self, const char *label)
{
  g_free (self->label);
  self->label = g_strdup (label);
  if (label != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->list_view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    label, -1);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LABEL]);
}

static void
set_narrow (BobbinJobList *self, gboolean narrow)
{
  if (self->narrow == narrow)
    return;

  self->narrow = narrow;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NARROW]);
}

static void
bobbin_job_list_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BobbinJobList *self = BOBBIN_JOB_LIST (object);

  switch ((BobbinJobListProperty) prop_id)
    {
    case PROP_JOBS:
      g_value_take_boxed (value, bobbin_job_list_dup_jobs (self));
      break;
    case PROP_JOB_TYPE:
      g_value_set_gtype (value, self->job_type);
      break;
    case PROP_ROW_TYPE:
      g_value_set_gtype (value, self->row_type);
      break;
    case PROP_PLACEHOLDER:
      g_value_set_object (value, adw_bin_get_child (self->placeholder));
      break;
    case PROP_LABEL:
      g_value_set_string (value, self->label);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_job_list_set_property (GObject *object,
                              guint prop_id,
                              const GValue *value,
                              GParamSpec *pspec)
{
  BobbinJobList *self = BOBBIN_JOB_LIST (object);

  switch ((BobbinJobListProperty) prop_id)
    {
    case PROP_JOB_TYPE:
      self->job_type = g_value_get_gtype (value);
      break;
    case PROP_ROW_TYPE:
      self->row_type = g_value_get_gtype (value);
      break;
    case PROP_PLACEHOLDER:
      adw_bin_set_child (self->placeholder, g_value_get_object (value));
      break;
    case PROP_LABEL:
      set_label (self, g_value_get_string (value));
      break;
    case PROP_NARROW:
      set_narrow (self, g_value_get_boolean (value));
      break;
    case PROP_JOBS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_job_list_dispose (GObject *object)
{
  BobbinJobList *self = BOBBIN_JOB_LIST (object);

  g_clear_pointer (&self->menu, gtk_widget_unparent);
  if (self->stack != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->stack));
  self->stack = NULL;
  g_clear_weak_pointer (&self->awaited);
  g_clear_object (&self->rows);
  g_clear_object (&self->shown);
  g_clear_object (&self->of_type);
  g_clear_object (&self->queue);

  G_OBJECT_CLASS (bobbin_job_list_parent_class)->dispose (object);
}

static void
bobbin_job_list_finalize (GObject *object)
{
  g_free (BOBBIN_JOB_LIST (object)->label);

  G_OBJECT_CLASS (bobbin_job_list_parent_class)->finalize (object);
}

static void
install_keys (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint key;
    GdkModifierType modifiers;
    const char *action;
  } keys[] = {
    { GDK_KEY_KP_Delete, 0, "job.remove" },
    { GDK_KEY_Delete, 0, "job.remove" },
    { GDK_KEY_Up, GDK_ALT_MASK, "job.move-up" },
    { GDK_KEY_Down, GDK_ALT_MASK, "job.move-down" },
    { GDK_KEY_Home, GDK_ALT_MASK, "job.move-to-top" },
    { GDK_KEY_End, GDK_ALT_MASK, "job.move-to-bottom" },
    { GDK_KEY_Return, GDK_ALT_MASK, "job.show-details" },
    { GDK_KEY_KP_Enter, GDK_ALT_MASK, "job.show-details" },
    { GDK_KEY_Delete, GDK_SHIFT_MASK, "job.trash" },
    { GDK_KEY_c, GDK_CONTROL_MASK, "job.copy-address" },
    { GDK_KEY_c, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "job.copy-path" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, keys[i].modifiers,
                                         keys[i].action, NULL);
}

static void
bobbin_job_list_class_init (BobbinJobListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = bobbin_job_list_get_property;
  object_class->set_property = bobbin_job_list_set_property;
  object_class->dispose = bobbin_job_list_dispose;
  object_class->finalize = bobbin_job_list_finalize;

  props[PROP_JOBS] = g_param_spec_boxed ("jobs", NULL, NULL, G_TYPE_PTR_ARRAY,
                                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_JOB_TYPE] =
    g_param_spec_gtype ("job-type", NULL, NULL, BOBBIN_TYPE_JOB,
                        G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  props[PROP_ROW_TYPE] =
    g_param_spec_gtype ("row-type", NULL, NULL, BOBBIN_TYPE_JOB_ROW,
                        G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  props[PROP_PLACEHOLDER] = g_param_spec_object ("placeholder", NULL, NULL, GTK_TYPE_WIDGET,
                                                 G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_LABEL] =
    g_param_spec_string ("label", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_NARROW] =
    g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/bobbinapp/Bobbin/jobs/bobbin-job-list.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinJobList, stack);
  gtk_widget_class_bind_template_child (widget_class, BobbinJobList, placeholder);
  gtk_widget_class_bind_template_child (widget_class, BobbinJobList, none);
  gtk_widget_class_bind_template_child (widget_class, BobbinJobList, list_view);
  gtk_widget_class_bind_template_child (widget_class, BobbinJobList, selection);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);

  bobbin_job_actions_install (widget_class);
  bobbin_job_list_install_menu (widget_class);
  install_keys (widget_class);
}

/* Details beside the list are those of the one job that is selected. Whoever has selected something
 * is not taken elsewhere. */
static void
on_selection_changed (BobbinJobList *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autoptr (GtkBitset) selected =
    gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  g_autoptr (BobbinJob) job = NULL;

  g_clear_weak_pointer (&self->awaited);
  if (!BOBBIN_IS_WINDOW (root) || gtk_bitset_get_size (selected) != 1)
    return;

  job = g_list_model_get_item (G_LIST_MODEL (self->selection), gtk_bitset_get_minimum (selected));
  bobbin_window_follow_details (BOBBIN_WINDOW (root), job);
}

static void
bobbin_job_list_init (BobbinJobList *self)
{
  static const BobbinRowKind kind = { make_row, show_job, dup_title };

  gtk_widget_init_template (GTK_WIDGET (self));

  self->rows = bobbin_row_stock_new (self->list_view, &kind, self);
  g_signal_connect_object (self->selection, "selection-changed", G_CALLBACK (on_selection_changed),
                           self, G_CONNECT_SWAPPED);
  bobbin_job_list_prepare_menu (self);
}

/**
 * bobbin_job_list_get_model:
 *
 * Returns: (transfer none) (nullable): the jobs that are shown, in their order
 */
GListModel *
bobbin_job_list_get_model (BobbinJobList *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB_LIST (self), NULL);

  return G_LIST_MODEL (self->shown);
}

/**
 * bobbin_job_list_get_all:
 *
 * Returns: (transfer none) (nullable): all jobs of the list's kind, shown or not
 */
GListModel *
bobbin_job_list_get_all (BobbinJobList *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB_LIST (self), NULL);

  return G_LIST_MODEL (self->of_type);
}

/**
 * bobbin_job_list_has_jobs:
 *
 * Returns: whether there is any job of the list's kind, shown or not
 */
gboolean
bobbin_job_list_has_jobs (BobbinJobList *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB_LIST (self), FALSE);

  return self->of_type != NULL && g_list_model_get_n_items (G_LIST_MODEL (self->of_type)) > 0;
}

/**
 * bobbin_job_list_get_selection:
 *
 * Returns: (transfer none): which of them are selected
 */
GtkSelectionModel *
bobbin_job_list_get_selection (BobbinJobList *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB_LIST (self), NULL);

  return GTK_SELECTION_MODEL (self->selection);
}

static gboolean
find_shown (BobbinJobList *self, BobbinJob *job, guint *position)
{
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (BobbinJob) other = g_list_model_get_item (G_LIST_MODEL (self->selection), i);

      *position = i;
      if (other == job)
        return TRUE;
    }

  return FALSE;
}

/* Whether it is shown. */
static gboolean
reveal_now (BobbinJobList *self, BobbinJob *job)
{
  guint position;

  if (!find_shown (self, job, &position))
    return FALSE;

  gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, TRUE);
  bobbin_list_goal_set (GTK_LIST_BASE (self->list_view), position);

  return TRUE;
}

static void
on_shown_changed (BobbinJobList *self)
{
  on_items_changed (self);
  if (self->awaited != NULL)
    bobbin_job_list_reveal (self, self->awaited);
}

/**
 * bobbin_job_list_set_queue:
 * @queue: where the jobs are
 *
 * Shows those jobs of @queue that are of the list's `job-type`, each in a row of its `row-type`.
 * Called once.
 */
void
bobbin_job_list_set_queue (BobbinJobList *self, BobbinJobQueue *queue)
{
  GtkCustomFilter *filter;

  g_return_if_fail (BOBBIN_IS_JOB_LIST (self));
  g_return_if_fail (BOBBIN_IS_JOB_QUEUE (queue));
  g_return_if_fail (self->queue == NULL);

  self->queue = g_object_ref (queue);
  filter = gtk_custom_filter_new (is_of_type, GSIZE_TO_POINTER (self->job_type), NULL);
  self->of_type =
    gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (queue)), GTK_FILTER (filter));
  self->shown = bobbin_shown_jobs_new (G_LIST_MODEL (self->of_type));
  gtk_multi_selection_set_model (self->selection, G_LIST_MODEL (self->shown));
  g_signal_connect_object (self->of_type, "items-changed", G_CALLBACK (on_items_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->shown, "items-changed", G_CALLBACK (on_shown_changed), self,
                           G_CONNECT_SWAPPED);
  on_items_changed (self);
}

/**
 * bobbin_job_list_set_filter:
 * @filter: (nullable): which jobs to show; %NULL is all
 */
void
bobbin_job_list_set_filter (BobbinJobList *self, GtkFilter *filter)
{
  g_return_if_fail (BOBBIN_IS_JOB_LIST (self));

  bobbin_shown_jobs_set_filter (self->shown, filter);
}

/**
 * bobbin_job_list_set_sorter:
 * @sorter: (nullable): the order to show them in; %NULL is that of the queue
 */
void
bobbin_job_list_set_sorter (BobbinJobList *self, GtkSorter *sorter)
{
  g_return_if_fail (BOBBIN_IS_JOB_LIST (self));

  bobbin_shown_jobs_set_sorter (self->shown, sorter);
}

/**
 * bobbin_job_list_has_queue_order:
 *
 * Returns: whether the jobs are shown in the order of the queue, so that they can be moved
 */
gboolean
bobbin_job_list_has_queue_order (BobbinJobList *self)
{
  g_return_val_if_fail (BOBBIN_IS_JOB_LIST (self), FALSE);

  return bobbin_shown_jobs_has_order_of_all (self->shown);
}

/**
 * bobbin_job_list_dup_selected:
 *
 * Returns: (transfer full) (element-type BobbinJob): the selected jobs, in the order of the list
 */
GPtrArray *
bobbin_job_list_dup_selected (BobbinJobList *self)
{
  GPtrArray *jobs = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GtkBitset) selected = NULL;
  GtkBitsetIter iter;
  guint position;

  g_return_val_if_fail (BOBBIN_IS_JOB_LIST (self), jobs);

  selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  if (!gtk_bitset_iter_init_first (&iter, selected, &position))
    return jobs;

  do
    g_ptr_array_add (jobs, g_list_model_get_item (G_LIST_MODEL (self->selection), position));
  while (gtk_bitset_iter_next (&iter, &position));

  return jobs;
}

/**
 * bobbin_job_list_dup_jobs:
 *
 * Returns: (transfer full) (element-type BobbinJob): what keys act on, in the order of the list:
 * the selected jobs, or that of the row with the focus if it is none of them
 */
GPtrArray *
bobbin_job_list_dup_jobs (BobbinJobList *self)
{
  GPtrArray *jobs = bobbin_job_list_dup_selected (self);
  BobbinJobRow *row = find_focused_row (self);
  BobbinJob *job = row != NULL ? bobbin_job_row_get_job (row) : NULL;

  if (job != NULL && !g_ptr_array_find (jobs, job, NULL))
    {
      g_ptr_array_set_size (jobs, 0);
      g_ptr_array_add (jobs, g_object_ref (job));
    }

  return jobs;
}

/**
 * bobbin_job_list_select:
 * @jobs: (element-type BobbinJob): jobs
 *
 * Selects @jobs, as far as they are shown, and no others.
 */
void
bobbin_job_list_select (BobbinJobList *self, GPtrArray *jobs)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new (NULL, NULL);
  g_autoptr (GtkBitset) selected = gtk_bitset_new_empty ();
  g_autoptr (GtkBitset) mask = NULL;
  guint n;

  g_return_if_fail (BOBBIN_IS_JOB_LIST (self));

  n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  for (guint i = 0; i < jobs->len; i++)
    g_hash_table_add (wanted, g_ptr_array_index (jobs, i));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (G_LIST_MODEL (self->selection), i);

      if (g_hash_table_contains (wanted, job))
        gtk_bitset_add (selected, i);
    }
  mask = gtk_bitset_new_range (0, n);
  gtk_selection_model_set_selection (GTK_SELECTION_MODEL (self->selection), selected, mask);
}

/**
 * bobbin_job_list_get_focused:
 *
 * Returns: (transfer none) (nullable): the job in whose row the focus is
 */
BobbinJob *
bobbin_job_list_get_focused (BobbinJobList *self)
{
  BobbinJobRow *row;

  g_return_val_if_fail (BOBBIN_IS_JOB_LIST (self), NULL);

  row = find_focused_row (self);

  return row != NULL ? bobbin_job_row_get_job (row) : NULL;
}

/**
 * bobbin_job_list_focus:
 * @job: a job
 *
 * Gives the focus to the row of @job, and brings it into view. Does nothing if it is not shown.
 */
void
bobbin_job_list_focus (BobbinJobList *self, BobbinJob *job)
{
  guint position;

  g_return_if_fail (BOBBIN_IS_JOB_LIST (self));

  if (!find_shown (self, job, &position))
    return;

  /* With that it has a widget, wherever it is. */
  gtk_widget_activate_action (GTK_WIDGET (self->list_view), "list.scroll-to-item", "u", position);
  bobbin_row_stock_focus (self->rows, position);
  bobbin_list_goal_set (GTK_LIST_BASE (self->list_view), position);
}

/**
 * bobbin_job_list_reveal:
 * @job: a job
 *
 * Selects @job and no other, and brings it into view: at once if it is shown, or else when it is,
 * unless something else has been selected by then.
 */
void
bobbin_job_list_reveal (BobbinJobList *self, BobbinJob *job)
{
  g_return_if_fail (BOBBIN_IS_JOB_LIST (self));
  g_return_if_fail (BOBBIN_IS_JOB (job));

  g_set_weak_pointer (&self->awaited, reveal_now (self, job) ? NULL : job);
}
