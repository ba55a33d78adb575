/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinFinishedItem is a download that finished, in a list: what the store knows of it, and
 * whether its file is still there. That is looked up when the item is seen, and without waiting:
 * the disk may be asleep, or a computer far away. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-finished-item.h"

#include <glib/gi18n-lib.h>

struct _BobbinFinishedItem
{
  GObject parent_instance;

  BobbinFinished *finished;  /* (owned) */
  GCancellable *cancellable; /* (owned) (nullable): of the look that is under way */
  gboolean gone;
};

G_DEFINE_FINAL_TYPE (BobbinFinishedItem, bobbin_finished_item, G_TYPE_OBJECT)

typedef enum
{
  PROP_GONE = 1,
} BobbinFinishedItemProperty;

static GParamSpec *props[PROP_GONE + 1];

static void
set_gone (BobbinFinishedItem *self, gboolean gone)
{
  if (self->gone == gone)
    return;

  self->gone = gone;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_GONE]);
}

/* Of a file that cannot be looked at nobody knows that it has gone. */
static void
on_looked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinFinishedItem) self = BOBBIN_FINISHED_ITEM (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInfo) info = g_file_query_info_finish (G_FILE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->cancellable);
  set_gone (self, g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND));
}

static void
bobbin_finished_item_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BobbinFinishedItem *self = BOBBIN_FINISHED_ITEM (object);

  switch ((BobbinFinishedItemProperty) prop_id)
    {
    case PROP_GONE:
      g_value_set_boolean (value, self->gone);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_finished_item_finalize (GObject *object)
{
  BobbinFinishedItem *self = BOBBIN_FINISHED_ITEM (object);

  g_clear_object (&self->cancellable);
  bobbin_finished_free (self->finished);

  G_OBJECT_CLASS (bobbin_finished_item_parent_class)->finalize (object);
}

static void
bobbin_finished_item_class_init (BobbinFinishedItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bobbin_finished_item_get_property;
  object_class->finalize = bobbin_finished_item_finalize;

  props[PROP_GONE] =
    g_param_spec_boolean ("gone", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
bobbin_finished_item_init (BobbinFinishedItem *self)
{
}

/**
 * bobbin_finished_item_new:
 * @finished: (transfer full): a download that finished
 *
 * Returns: (transfer full): an item for a list
 */
BobbinFinishedItem *
bobbin_finished_item_new (BobbinFinished *finished)
{
  BobbinFinishedItem *self = g_object_new (BOBBIN_TYPE_FINISHED_ITEM, NULL);

  self->finished = finished;

  return self;
}

/**
 * bobbin_finished_item_get:
 *
 * Returns: (transfer none): what the store knows of it
 */
const BobbinFinished *
bobbin_finished_item_get (BobbinFinishedItem *self)
{
  g_return_val_if_fail (BOBBIN_IS_FINISHED_ITEM (self), NULL);

  return self->finished;
}

/**
 * bobbin_finished_item_dup_name:
 *
 * Returns: (transfer full): the name of the file, for a person
 */
char *
bobbin_finished_item_dup_name (BobbinFinishedItem *self)
{
  g_return_val_if_fail (BOBBIN_IS_FINISHED_ITEM (self), NULL);

  return g_filename_display_basename (self->finished->path);
}

static char *
dup_host (BobbinFinishedItem *self)
{
  g_autoptr (GUri) uri = g_uri_parse (self->finished->address, G_URI_FLAGS_NON_DNS, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  return g_strdup (host != NULL ? host : self->finished->address);
}

static gboolean
is_same_day (GDateTime *a, GDateTime *b)
{
  return g_date_time_get_year (a) == g_date_time_get_year (b) &&
         g_date_time_get_day_of_year (a) == g_date_time_get_day_of_year (b);
}

/* As the user's language writes it: of today the time, of other days the day. */
static char *
format_time (BobbinFinishedItem *self)
{
  g_autoptr (GDateTime) time =
    g_date_time_new_from_unix_local (self->finished->time / G_USEC_PER_SEC);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) yesterday = g_date_time_add_days (now, -1);

  if (time == NULL)
    return g_strdup ("");
  if (is_same_day (time, yesterday))
    return g_strdup (_ ("Yesterday"));

  return g_date_time_format (time, is_same_day (time, now) ? "%X" : "%x");
}

/**
 * bobbin_finished_item_describe:
 *
 * Returns: (transfer full): a line on it: where it came from, how large it is, when it finished,
 *   and whether its file has gone
 */
char *
bobbin_finished_item_describe (BobbinFinishedItem *self)
{
  g_autofree char *host = NULL;
  g_autofree char *size = NULL;
  g_autofree char *time = NULL;

  g_return_val_if_fail (BOBBIN_IS_FINISHED_ITEM (self), NULL);

  host = dup_host (self);
  size = g_format_size ((guint64) MAX (self->finished->size, 0));
  time = format_time (self);
  if (self->gone)
    /* Translators: of a download that finished: %1$s is a host, %2$s a size, %3$s a time or day. */
    return g_strdup_printf (_ ("File is gone · %1$s · %2$s · %3$s"), host, size, time);

  /* Translators: of a download that finished: %1$s is a host, %2$s a size, %3$s a time or day. */
  return g_strdup_printf (_ ("%1$s · %2$s · %3$s"), host, size, time);
}

/**
 * bobbin_finished_item_is_gone:
 *
 * Returns: whether it is known that the file is not where it was put; the property `gone`
 */
gboolean
bobbin_finished_item_is_gone (BobbinFinishedItem *self)
{
  g_return_val_if_fail (BOBBIN_IS_FINISHED_ITEM (self), FALSE);

  return self->gone;
}

/**
 * bobbin_finished_item_look:
 *
 * Looks whether the file is there; `gone` says so later. A look that is under way may have missed
 * what happened since, and ends.
 */
void
bobbin_finished_item_look (BobbinFinishedItem *self)
{
  g_autoptr (GFile) file = NULL;

  g_return_if_fail (BOBBIN_IS_FINISHED_ITEM (self));

  bobbin_finished_item_look_away (self);
  self->cancellable = g_cancellable_new ();
  file = g_file_new_for_path (self->finished->path);
  g_file_query_info_async (file, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE,
                           G_PRIORITY_LOW, self->cancellable, on_looked, g_object_ref (self));
}

/**
 * bobbin_finished_item_look_away:
 *
 * Nobody wants to know any more whether the file is there.
 */
void
bobbin_finished_item_look_away (BobbinFinishedItem *self)
{
  g_return_if_fail (BOBBIN_IS_FINISHED_ITEM (self));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}
