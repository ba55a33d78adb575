/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinMonitorsFilter lets through the monitors that do in some way, have a tag, and have all
 * words of a search in their names, targets or tags. Nobody tells it of monitors that change: that
 * is up to who uses it. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-monitors-filter.h"

#include "bobbin-search-words.h"

struct _BobbinMonitorsFilter
{
  GtkFilter parent_instance;

  BobbinMonitorsShown shown;
  char *tag;   /* (owned) (nullable) */
  GStrv words; /* (owned) (nullable) of the search */
};

G_DEFINE_FINAL_TYPE (BobbinMonitorsFilter, bobbin_monitors_filter, GTK_TYPE_FILTER)

static gboolean
does_so (BobbinMonitorsFilter *self, BobbinMonitor *monitor)
{
  const gboolean is_at_work = bobbin_job_is_active (BOBBIN_JOB (monitor));

  switch (self->shown)
    {
    case BOBBIN_MONITORS_PROBLEMS:
      return is_at_work && bobbin_monitor_get_believed (monitor) >= BOBBIN_HEALTH_WARNING;
    case BOBBIN_MONITORS_IDLE:
      return !is_at_work || bobbin_monitor_is_paused (monitor);
    case BOBBIN_MONITORS_ALL:
    default:
      return TRUE;
    }
}

static gboolean
has_words (BobbinMonitorsFilter *self, BobbinMonitor *monitor, GStrv tags)
{
  g_autofree char *all_tags = tags != NULL ? g_strjoinv ("\n", tags) : g_strdup ("");
  const char *const texts[] = { bobbin_job_get_title (BOBBIN_JOB (monitor)),
                                bobbin_monitor_get_target (monitor), all_tags, NULL };

  return bobbin_search_words_match ((const char *const *) self->words, texts);
}

static gboolean
bobbin_monitors_filter_match (GtkFilter *filter, gpointer item)
{
  BobbinMonitorsFilter *self = BOBBIN_MONITORS_FILTER (filter);
  g_auto (GStrv) tags = NULL;

  if (!does_so (self, item))
    return FALSE;

  g_object_get (item, "tags", &tags, NULL);
  if (self->tag != NULL &&
      (tags == NULL || !g_strv_contains ((const char *const *) tags, self->tag)))
    return FALSE;

  return has_words (self, item, tags);
}

static GtkFilterMatch
bobbin_monitors_filter_get_strictness (GtkFilter *filter)
{
  BobbinMonitorsFilter *self = BOBBIN_MONITORS_FILTER (filter);
  const gboolean is_all =
    self->shown == BOBBIN_MONITORS_ALL && self->tag == NULL && self->words == NULL;

  return is_all ? GTK_FILTER_MATCH_ALL : GTK_FILTER_MATCH_SOME;
}

static void
bobbin_monitors_filter_finalize (GObject *object)
{
  BobbinMonitorsFilter *self = BOBBIN_MONITORS_FILTER (object);

  g_strfreev (self->words);
  g_free (self->tag);

  G_OBJECT_CLASS (bobbin_monitors_filter_parent_class)->finalize (object);
}

static void
bobbin_monitors_filter_class_init (BobbinMonitorsFilterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bobbin_monitors_filter_finalize;
  GTK_FILTER_CLASS (klass)->match = bobbin_monitors_filter_match;
  GTK_FILTER_CLASS (klass)->get_strictness = bobbin_monitors_filter_get_strictness;
}

static void
bobbin_monitors_filter_init (BobbinMonitorsFilter *self)
{
}

/**
 * bobbin_monitors_filter_new:
 *
 * Returns: (transfer full): a filter that lets through all
 */
BobbinMonitorsFilter *
bobbin_monitors_filter_new (void)
{
  return g_object_new (BOBBIN_TYPE_MONITORS_FILTER, NULL);
}

/**
 * bobbin_monitors_filter_set_shown:
 * @shown: which monitors to let through, by how they do
 * @tag: (nullable): and which of them by a tag; %NULL for any
 */
void
bobbin_monitors_filter_set_shown (BobbinMonitorsFilter *self,
                                  BobbinMonitorsShown shown,
                                  const char *tag)
{
  g_return_if_fail (BOBBIN_IS_MONITORS_FILTER (self));

  if (self->shown == shown && g_strcmp0 (self->tag, tag) == 0)
    return;

  self->shown = shown;
  g_free (self->tag);
  self->tag = g_strdup (tag);
  gtk_filter_changed (GTK_FILTER (self), GTK_FILTER_CHANGE_DIFFERENT);
}

/**
 * bobbin_monitors_filter_set_search:
 * @text: what is searched for; nothing lets all through
 */
void
bobbin_monitors_filter_set_search (BobbinMonitorsFilter *self, const char *text)
{
  g_return_if_fail (BOBBIN_IS_MONITORS_FILTER (self));
  g_return_if_fail (text != NULL);

  g_strfreev (self->words);
  self->words = bobbin_search_words_split (text);
  gtk_filter_changed (GTK_FILTER (self), GTK_FILTER_CHANGE_DIFFERENT);
}

/**
 * bobbin_monitors_filter_asks_state:
 *
 * Returns: whether it makes a difference how a monitor does, or what its tags are
 */
gboolean
bobbin_monitors_filter_asks_state (BobbinMonitorsFilter *self)
{
  g_return_val_if_fail (BOBBIN_IS_MONITORS_FILTER (self), FALSE);

  return self->shown != BOBBIN_MONITORS_ALL || self->tag != NULL;
}
