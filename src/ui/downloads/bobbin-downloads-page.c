/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinDownloadsPage is the page of downloads in the window: their list, or what to do while there
 * is none. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-downloads-page.h"

#include <glib/gi18n-lib.h>

#include "bobbin-download-row.h"
#include "bobbin-download.h"
#include "bobbin-downloads-filter.h"
#include "bobbin-downloads-sorter.h"
#include "bobbin-job-list.h"

/* ms */
#define FILTER_INTERVAL 200
#define SORT_INTERVAL   1000

struct _BobbinDownloadsPage
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkSearchBar *search_bar;
  GtkSearchEntry *search_entry;
  GtkWidget *toolbar;
  GtkMenuButton *filter_button;
  GtkWidget *search_button;
  GtkWidget *sort_button;
  BobbinJobList *list;

  BobbinJobQueue *queue;         /* (owned) (nullable) */
  BobbinDownloadsFilter *filter; /* (owned) */
  GtkSorter *sorter;             /* (owned) (nullable): the order is the queue's */
  BobbinDownloadsShown shown;
  BobbinDownloadsOrder order;
  gboolean descending;
  gboolean narrow;
  guint filter_source;
  guint sort_source;
};

G_DEFINE_FINAL_TYPE (BobbinDownloadsPage, bobbin_downloads_page, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_NARROW = 1,
  PROP_SHOW,
  PROP_SORT,
  PROP_DESCENDING,
  PROP_SEARCHING,
} BobbinDownloadsPageProperty;

static GParamSpec *props[PROP_SEARCHING + 1];

/* As the actions name them. */
static const struct
{
  const char *name;
  const char *label;
} filters[] = {
  [BOBBIN_DOWNLOADS_ALL] = { "all", NC_ ("downloads shown", "All Downloads") },
  [BOBBIN_DOWNLOADS_ACTIVE] = { "active", NC_ ("downloads shown", "Active") },
  [BOBBIN_DOWNLOADS_WAITING] = { "waiting", NC_ ("downloads shown", "Waiting") },
  [BOBBIN_DOWNLOADS_FINISHED] = { "finished", NC_ ("downloads shown", "Finished") },
  [BOBBIN_DOWNLOADS_FAILED] = { "failed", NC_ ("downloads shown", "Failed") },
};

static const char *const orders[] = {
  [BOBBIN_DOWNLOADS_BY_QUEUE] = "queue",       [BOBBIN_DOWNLOADS_BY_NAME] = "name",
  [BOBBIN_DOWNLOADS_BY_ADDED] = "added",       [BOBBIN_DOWNLOADS_BY_SIZE] = "size",
  [BOBBIN_DOWNLOADS_BY_PROGRESS] = "progress",
};

/* ---- as the jobs change */

static void
on_filter_due (gpointer user_data)
{
  BobbinDownloadsPage *self = BOBBIN_DOWNLOADS_PAGE (user_data);

  self->filter_source = 0;
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

static void
on_sort_due (gpointer user_data)
{
  BobbinDownloadsPage *self = BOBBIN_DOWNLOADS_PAGE (user_data);

  self->sort_source = 0;
  if (self->sorter != NULL)
    gtk_sorter_changed (self->sorter, GTK_SORTER_CHANGE_DIFFERENT);
}

static void
sort_soon (BobbinDownloadsPage *self)
{
  if (self->sorter == NULL || self->sort_source != 0)
    return;

  self->sort_source = g_timeout_add_once (SORT_INTERVAL, on_sort_due, self);
  g_source_set_name_by_id (self->sort_source, "[bobbin] sort downloads");
}

static void
filter_soon (BobbinDownloadsPage *self)
{
  if (self->filter_source != 0)
    return;

  self->filter_source = g_timeout_add_once (FILTER_INTERVAL, on_filter_due, self);
  g_source_set_name_by_id (self->filter_source, "[bobbin] filter downloads");
}

static void
on_job_state (BobbinDownloadsPage *self)
{
  sort_soon (self);
  if (bobbin_downloads_filter_asks_state (self->filter))
    filter_soon (self);
}

/* Names come with the answer of a server, change what is equal, and may be searched for. */
static void
on_job_changed (BobbinDownloadsPage *self, BobbinJob *job)
{
  bobbin_downloads_sorter_forget (job);
  sort_soon (self);
  if (BOBBIN_IS_DOWNLOAD (job) && bobbin_downloads_filter_asks_words (self->filter))
    filter_soon (self);
}

/* When there is a speed there is progress. */
static void
on_rate (BobbinDownloadsPage *self)
{
  if (self->order == BOBBIN_DOWNLOADS_BY_PROGRESS || self->order == BOBBIN_DOWNLOADS_BY_SIZE)
    sort_soon (self);
}

static void
on_items_changed (BobbinDownloadsPage *self)
{
  gtk_widget_set_visible (self->toolbar, bobbin_job_list_has_jobs (self->list));
}

/* ---- what is chosen */

static void
set_shown (BobbinDownloadsPage *self, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    if (g_strcmp0 (name, filters[i].name) == 0)
      self->shown = i;

  bobbin_downloads_filter_set_shown (self->filter, self->shown);
  gtk_menu_button_set_label (self->filter_button, g_dpgettext2 (GETTEXT_PACKAGE, "downloads shown",
                                                                filters[self->shown].label));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SHOW]);
}

static void
sort (BobbinDownloadsPage *self)
{
  if (self->queue == NULL)
    return;

  g_clear_object (&self->sorter);
  self->sorter = bobbin_downloads_sorter_new (self->queue, self->order, self->descending);
  bobbin_job_list_set_sorter (self->list, self->sorter);
}

static void
set_order (BobbinDownloadsPage *self, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    if (g_strcmp0 (name, orders[i]) == 0)
      self->order = i;

  sort (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SORT]);
}

static void
set_descending (BobbinDownloadsPage *self, gboolean descending)
{
  self->descending = descending;
  sort (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DESCENDING]);
}

static void
set_searching (BobbinDownloadsPage *self, gboolean searching)
{
  gtk_search_bar_set_search_mode (self->search_bar, searching);
  if (searching)
    gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

/* To the list; or to nothing: an entry that is hidden while it has the focus goes on blinking in
 * GTK 4.8, and warns of that. */
static void
leave_search (BobbinDownloadsPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  if (root != NULL && !gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_TAB_FORWARD))
    gtk_root_set_focus (root, NULL);
}

static void
on_search_mode (BobbinDownloadsPage *self)
{
  if (!gtk_search_bar_get_search_mode (self->search_bar))
    leave_search (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SEARCHING]);
}

static void
on_search_changed (BobbinDownloadsPage *self)
{
  bobbin_downloads_filter_set_search (self->filter,
                                      gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
}

static void
search (GtkWidget *widget, const char *name, GVariant *parameter)
{
  set_searching (BOBBIN_DOWNLOADS_PAGE (widget), TRUE);
}

static void
set_narrow (BobbinDownloadsPage *self, gboolean narrow)
{
  if (self->narrow == narrow)
    return;

  self->narrow = narrow;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NARROW]);
}

static void
bobbin_downloads_page_get_property (GObject *object,
                                    guint prop_id,
                                    GValue *value,
                                    GParamSpec *pspec)
{
  BobbinDownloadsPage *self = BOBBIN_DOWNLOADS_PAGE (object);

  switch ((BobbinDownloadsPageProperty) prop_id)
    {
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    case PROP_SHOW:
      g_value_set_string (value, filters[self->shown].name);
      break;
    case PROP_SORT:
      g_value_set_string (value, orders[self->order]);
      break;
    case PROP_DESCENDING:
      g_value_set_boolean (value, self->descending);
      break;
    case PROP_SEARCHING:
      g_value_set_boolean (value, gtk_search_bar_get_search_mode (self->search_bar));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_downloads_page_set_property (GObject *object,
                                    guint prop_id,
                                    const GValue *value,
                                    GParamSpec *pspec)
{
  BobbinDownloadsPage *self = BOBBIN_DOWNLOADS_PAGE (object);

  switch ((BobbinDownloadsPageProperty) prop_id)
    {
    case PROP_NARROW:
      set_narrow (self, g_value_get_boolean (value));
      break;
    case PROP_SHOW:
      set_shown (self, g_value_get_string (value));
      break;
    case PROP_SORT:
      set_order (self, g_value_get_string (value));
      break;
    case PROP_DESCENDING:
      set_descending (self, g_value_get_boolean (value));
      break;
    case PROP_SEARCHING:
      set_searching (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_downloads_page_dispose (GObject *object)
{
  BobbinDownloadsPage *self = BOBBIN_DOWNLOADS_PAGE (object);

  g_clear_handle_id (&self->filter_source, g_source_remove);
  g_clear_handle_id (&self->sort_source, g_source_remove);
  if (self->box != NULL)
    gtk_widget_unparent (self->box);
  self->box = NULL;
  g_clear_object (&self->sorter);
  g_clear_object (&self->filter);
  g_clear_object (&self->queue);

  G_OBJECT_CLASS (bobbin_downloads_page_parent_class)->dispose (object);
}

static void
bobbin_downloads_page_class_init (BobbinDownloadsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = bobbin_downloads_page_get_property;
  object_class->set_property = bobbin_downloads_page_set_property;
  object_class->dispose = bobbin_downloads_page_dispose;

  props[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, flags);
  props[PROP_SHOW] = g_param_spec_string ("show", NULL, NULL, "all", flags);
  props[PROP_SORT] = g_param_spec_string ("sort", NULL, NULL, "queue", flags);
  props[PROP_DESCENDING] = g_param_spec_boolean ("descending", NULL, NULL, FALSE, flags);
  props[PROP_SEARCHING] = g_param_spec_boolean ("searching", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  g_type_ensure (BOBBIN_TYPE_DOWNLOAD);
  g_type_ensure (BOBBIN_TYPE_DOWNLOAD_ROW);
  g_type_ensure (BOBBIN_TYPE_JOB_LIST);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/bobbinapp/Bobbin/downloads/bobbin-downloads-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadsPage, box);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadsPage, search_bar);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadsPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadsPage, toolbar);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadsPage, filter_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadsPage, search_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadsPage, sort_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinDownloadsPage, list);
  gtk_widget_class_bind_template_callback (widget_class, on_search_mode);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);

  gtk_widget_class_install_property_action (widget_class, "downloads.show", "show");
  gtk_widget_class_install_property_action (widget_class, "downloads.sort", "sort");
  gtk_widget_class_install_property_action (widget_class, "downloads.descending", "descending");
  gtk_widget_class_install_property_action (widget_class, "downloads.searching", "searching");
  gtk_widget_class_install_action (widget_class, "page.search", NULL, search);
}

static void
bobbin_downloads_page_init (BobbinDownloadsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->filter = bobbin_downloads_filter_new ();
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));
  bobbin_job_row_name_control (self->search_button, _ ("Search"));
  bobbin_job_row_name_control (self->sort_button, _ ("Sort"));
  set_shown (self, filters[BOBBIN_DOWNLOADS_ALL].name);
}

/**
 * bobbin_downloads_page_set_queue:
 * @queue: where the downloads are
 *
 * Shows the downloads of @queue. Called once.
 */
void
bobbin_downloads_page_set_queue (BobbinDownloadsPage *self, BobbinJobQueue *queue)
{
  g_return_if_fail (BOBBIN_IS_DOWNLOADS_PAGE (self));

  g_return_if_fail (self->queue == NULL);

  self->queue = g_object_ref (queue);
  bobbin_job_list_set_queue (self->list, queue);
  bobbin_job_list_set_filter (self->list, GTK_FILTER (self->filter));
  g_signal_connect_object (queue, "job-state", G_CALLBACK (on_job_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (queue, "job-changed", G_CALLBACK (on_job_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (queue, "notify::rate", G_CALLBACK (on_rate), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (queue, "items-changed", G_CALLBACK (on_items_changed), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  on_items_changed (self);
}

/**
 * bobbin_downloads_page_follow_settings:
 * @settings: the app's settings
 *
 * Shows what was shown when the app was last seen, in that order, and has it remembered.
 */
void
bobbin_downloads_page_follow_settings (BobbinDownloadsPage *self, GSettings *settings)
{
  g_return_if_fail (BOBBIN_IS_DOWNLOADS_PAGE (self));

  g_settings_bind (settings, "downloads-shown", self, "show", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "downloads-order", self, "sort", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "downloads-descending", self, "descending", G_SETTINGS_BIND_DEFAULT);
}

static void
show_all (BobbinDownloadsPage *self)
{
  set_searching (self, FALSE);
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  set_shown (self, filters[BOBBIN_DOWNLOADS_ALL].name);
}

/**
 * bobbin_downloads_page_reveal:
 * @job: a job
 *
 * Selects @job, and brings it into view. If it is not among those that are shown, all are.
 */
void
bobbin_downloads_page_reveal (BobbinDownloadsPage *self, BobbinJob *job)
{
  g_return_if_fail (BOBBIN_IS_DOWNLOADS_PAGE (self));

  if (!gtk_filter_match (GTK_FILTER (self->filter), job))
    show_all (self);
  bobbin_job_list_reveal (self->list, job);
}
