/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinMonitorsPage is the page of monitors in the window: their list, which can be searched and
 * filtered, or what to do while there is none. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-monitors-page.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "bobbin-job-list.h"
#include "bobbin-monitor-row.h"
#include "bobbin-monitor.h"
#include "bobbin-monitors-filter.h"

/* ms */
#define INTERVAL 200

#define TAG_PREFIX "tag:"

struct _BobbinMonitorsPage
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkSearchBar *search_bar;
  GtkSearchEntry *search_entry;
  GtkWidget *toolbar;
  GtkMenuButton *filter_button;
  GtkWidget *search_button;
  GMenu *tag_section;
  BobbinJobList *list;

  BobbinMonitorsFilter *filter; /* (owned) */
  char *shown;                  /* (owned): as the action names it */
  GStrv tags;                   /* (owned): those that are in the menu */
  gboolean narrow;
  guint source;
};

G_DEFINE_FINAL_TYPE (BobbinMonitorsPage, bobbin_monitors_page, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_NARROW = 1,
  PROP_SHOW,
  PROP_SEARCHING,
} BobbinMonitorsPageProperty;

static GParamSpec *props[PROP_SEARCHING + 1];

/* As the action names them. */
static const struct
{
  const char *name;
  const char *label;
} filters[] = {
  [BOBBIN_MONITORS_ALL] = { "all", N_ ("All Monitors") },
  /* Translators: only the monitors that are not well are shown */
  [BOBBIN_MONITORS_PROBLEMS] = { "problems", N_ ("Problems") },
  [BOBBIN_MONITORS_IDLE] = { "idle", N_ ("Stopped or Paused") },
};

/* ---- what is chosen */

static const char *
get_tag (const char *shown)
{
  return g_str_has_prefix (shown, TAG_PREFIX) ? shown + strlen (TAG_PREFIX) : NULL;
}

static void
set_shown (BobbinMonitorsPage *self, const char *name)
{
  const char *tag = get_tag (name);
  guint shown = BOBBIN_MONITORS_ALL;

  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    if (g_str_equal (name, filters[i].name))
      shown = i;

  g_free (self->shown);
  self->shown = g_strdup (tag != NULL ? name : filters[shown].name);
  bobbin_monitors_filter_set_shown (self->filter, shown, get_tag (self->shown));
  gtk_menu_button_set_label (self->filter_button,
                             tag != NULL ? get_tag (self->shown) : _ (filters[shown].label));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SHOW]);
}

static void
set_searching (BobbinMonitorsPage *self, gboolean searching)
{
  gtk_search_bar_set_search_mode (self->search_bar, searching);
  if (searching)
    gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

/* To the list; or to nothing: an entry that is hidden while it has the focus goes on blinking in
 * GTK 4.8, and warns of that. */
static void
leave_search (BobbinMonitorsPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  if (root != NULL && !gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_TAB_FORWARD))
    gtk_root_set_focus (root, NULL);
}

static void
on_search_mode (BobbinMonitorsPage *self)
{
  if (!gtk_search_bar_get_search_mode (self->search_bar))
    leave_search (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SEARCHING]);
}

static void
on_search_changed (BobbinMonitorsPage *self)
{
  bobbin_monitors_filter_set_search (self->filter,
                                     gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
}

static void
search (GtkWidget *widget, const char *name, GVariant *parameter)
{
  set_searching (BOBBIN_MONITORS_PAGE (widget), TRUE);
}

/* ---- the tags that there are */

static int
compare_tags (gconstpointer a, gconstpointer b)
{
  return g_utf8_collate (*(const char *const *) a, *(const char *const *) b);
}

static GStrv
collect_tags (BobbinMonitorsPage *self)
{
  GListModel *monitors = bobbin_job_list_get_all (self->list);
  const guint n = monitors != NULL ? g_list_model_get_n_items (monitors) : 0;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) tags = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer tag;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (BobbinMonitor) monitor = g_list_model_get_item (monitors, i);
      g_auto (GStrv) own = NULL;

      g_object_get (monitor, "tags", &own, NULL);
      for (guint j = 0; own != NULL && own[j] != NULL; j++)
        g_hash_table_add (seen, g_strdup (own[j]));
    }

  g_hash_table_iter_init (&iter, seen);
  while (g_hash_table_iter_next (&iter, &tag, NULL))
    g_ptr_array_add (tags, tag);
  g_ptr_array_sort (tags, compare_tags);
  g_ptr_array_add (tags, NULL);

  return g_strdupv ((GStrv) tags->pdata);
}

/* What is no mnemonic is doubled. */
static GMenuItem *
make_tag_item (const char *tag)
{
  g_auto (GStrv) parts = g_strsplit (tag, "_", -1);
  g_autofree char *label = g_strjoinv ("__", parts);
  g_autofree char *target = g_strconcat (TAG_PREFIX, tag, NULL);
  GMenuItem *item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, "monitors.show", "s", target);

  return item;
}

static void
list_tags (BobbinMonitorsPage *self)
{
  g_auto (GStrv) tags = collect_tags (self);

  if (g_strv_equal ((const char *const *) tags, (const char *const *) self->tags))
    return;

  g_strfreev (self->tags);
  self->tags = g_steal_pointer (&tags);
  g_menu_remove_all (self->tag_section);
  for (guint i = 0; self->tags[i] != NULL; i++)
    {
      g_autoptr (GMenuItem) item = make_tag_item (self->tags[i]);

      g_menu_append_item (self->tag_section, item);
    }
}

/* A tag that nobody has any more shows nothing. */
static void
update_tags (BobbinMonitorsPage *self)
{
  const char *shown = get_tag (self->shown);

  list_tags (self);
  if (shown != NULL && !g_strv_contains ((const char *const *) self->tags, shown))
    set_shown (self, filters[BOBBIN_MONITORS_ALL].name);
}

/* ---- as the monitors change */

static void
on_due (gpointer user_data)
{
  BobbinMonitorsPage *self = BOBBIN_MONITORS_PAGE (user_data);

  self->source = 0;
  update_tags (self);
  if (gtk_filter_get_strictness (GTK_FILTER (self->filter)) != GTK_FILTER_MATCH_ALL)
    gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

static void
update_soon (BobbinMonitorsPage *self)
{
  if (self->source != 0)
    return;

  self->source = g_timeout_add_once (INTERVAL, on_due, self);
  g_source_set_name_by_id (self->source, "[bobbin] filter monitors");
}

static void
on_job_state (BobbinMonitorsPage *self, BobbinJob *job)
{
  if (BOBBIN_IS_MONITOR (job) && bobbin_monitors_filter_asks_state (self->filter))
    update_soon (self);
}

/* What a person sets may be the name or the tags; what is found out is of use only to a filter that
 * asks. */
static void
on_job_changed (BobbinMonitorsPage *self, BobbinJob *job, gboolean chosen)
{
  if (BOBBIN_IS_MONITOR (job) && (chosen || bobbin_monitors_filter_asks_state (self->filter)))
    update_soon (self);
}

static void
on_items_changed (BobbinMonitorsPage *self)
{
  gtk_widget_set_visible (self->toolbar, bobbin_job_list_has_jobs (self->list));
  update_soon (self);
}

/* ---- the widget */

static void
set_narrow (BobbinMonitorsPage *self, gboolean narrow)
{
  if (self->narrow == narrow)
    return;

  self->narrow = narrow;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NARROW]);
}

static void
bobbin_monitors_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BobbinMonitorsPage *self = BOBBIN_MONITORS_PAGE (object);

  switch ((BobbinMonitorsPageProperty) prop_id)
    {
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    case PROP_SHOW:
      g_value_set_string (value, self->shown);
      break;
    case PROP_SEARCHING:
      g_value_set_boolean (value, gtk_search_bar_get_search_mode (self->search_bar));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_monitors_page_set_property (GObject *object,
                                   guint prop_id,
                                   const GValue *value,
                                   GParamSpec *pspec)
{
  BobbinMonitorsPage *self = BOBBIN_MONITORS_PAGE (object);

  switch ((BobbinMonitorsPageProperty) prop_id)
    {
    case PROP_NARROW:
      set_narrow (self, g_value_get_boolean (value));
      break;
    case PROP_SHOW:
      set_shown (self, g_value_get_string (value));
      break;
    case PROP_SEARCHING:
      set_searching (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_monitors_page_dispose (GObject *object)
{
  BobbinMonitorsPage *self = BOBBIN_MONITORS_PAGE (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->filter);

  G_OBJECT_CLASS (bobbin_monitors_page_parent_class)->dispose (object);
}

static void
bobbin_monitors_page_finalize (GObject *object)
{
  BobbinMonitorsPage *self = BOBBIN_MONITORS_PAGE (object);

  g_free (self->shown);
  g_strfreev (self->tags);

  G_OBJECT_CLASS (bobbin_monitors_page_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorsPage, box);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorsPage, search_bar);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorsPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorsPage, toolbar);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorsPage, filter_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorsPage, search_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorsPage, tag_section);
  gtk_widget_class_bind_template_child (widget_class, BobbinMonitorsPage, list);
  gtk_widget_class_bind_template_callback (widget_class, on_search_mode);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
}

static void
bobbin_monitors_page_class_init (BobbinMonitorsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = bobbin_monitors_page_get_property;
  object_class->set_property = bobbin_monitors_page_set_property;
  object_class->dispose = bobbin_monitors_page_dispose;
  object_class->finalize = bobbin_monitors_page_finalize;

  props[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, flags);
  props[PROP_SHOW] = g_param_spec_string ("show", NULL, NULL, "all", flags);
  props[PROP_SEARCHING] = g_param_spec_boolean ("searching", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  g_type_ensure (BOBBIN_TYPE_MONITOR);
  g_type_ensure (BOBBIN_TYPE_MONITOR_ROW);
  g_type_ensure (BOBBIN_TYPE_JOB_LIST);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/bobbinapp/Bobbin/monitors/bobbin-monitors-page.ui");
  bind_children (widget_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);

  gtk_widget_class_install_property_action (widget_class, "monitors.show", "show");
  gtk_widget_class_install_property_action (widget_class, "monitors.searching", "searching");
  gtk_widget_class_install_action (widget_class, "page.search", NULL, search);
}

static void
bobbin_monitors_page_init (BobbinMonitorsPage *self)
{
  /* The action has a state as soon as there is a menu. */
  self->shown = g_strdup (filters[BOBBIN_MONITORS_ALL].name);
  gtk_widget_init_template (GTK_WIDGET (self));

  self->filter = bobbin_monitors_filter_new ();
  self->tags = g_new0 (char *, 1);
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));
  bobbin_job_row_name_control (self->search_button, _ ("Search"));
  set_shown (self, filters[BOBBIN_MONITORS_ALL].name);
}

/**
 * bobbin_monitors_page_set_queue:
 * @queue: where the monitors are
 *
 * Shows the monitors of @queue. Called once.
 */
void
bobbin_monitors_page_set_queue (BobbinMonitorsPage *self, BobbinJobQueue *queue)
{
  g_return_if_fail (BOBBIN_IS_MONITORS_PAGE (self));

  bobbin_job_list_set_queue (self->list, queue);
  bobbin_job_list_set_filter (self->list, GTK_FILTER (self->filter));
  g_signal_connect_object (queue, "job-state", G_CALLBACK (on_job_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (queue, "job-changed", G_CALLBACK (on_job_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (bobbin_job_list_get_all (self->list), "items-changed",
                           G_CALLBACK (on_items_changed), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  on_items_changed (self);
}

static void
show_all (BobbinMonitorsPage *self)
{
  set_searching (self, FALSE);
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  set_shown (self, filters[BOBBIN_MONITORS_ALL].name);
}

/**
 * bobbin_monitors_page_reveal:
 * @job: a job
 *
 * Selects @job, and brings it into view. If it is not among those that are shown, all are.
 */
void
bobbin_monitors_page_reveal (BobbinMonitorsPage *self, BobbinJob *job)
{
  g_return_if_fail (BOBBIN_IS_MONITORS_PAGE (self));

  if (!gtk_filter_match (GTK_FILTER (self->filter), job))
    show_all (self);
  bobbin_job_list_reveal (self->list, job);
}
