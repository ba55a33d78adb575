/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinFinishedList is what the store knows of downloads that finished, the newest first, as a
 * model: all of it, or what a search finds. It is read a page at a time; whoever asks for one of
 * the last items has the next page read. What finishes while it is active comes in at the front.
 * The store does the work; here is only what has been read. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-finished-list.h"

#include <string.h>

#include "bobbin-error.h"

/* So many are read at a time; and when fewer than half as many are left, the next. */
#define PAGE 200

/* So many items that are no longer in the list are freed in one turn of the main loop. */
#define CHUNK 500

struct _BobbinFinishedList
{
  GObject parent_instance;

  BobbinStore *store; /* (owned) */
  GPtrArray *items;   /* (owned): of BobbinFinishedItem, by descending number */
  GPtrArray *dropped; /* (owned): of BobbinFinishedItem, to be freed */
  guint drop_source;
  char *search; /* (owned): what is searched for, folded; empty for all */

  GCancellable *cancellable; /* (owned): of what is being read; another one for another search */
  gboolean active;
  gboolean stale;      /* there may be newer ones than were read */
  gboolean loaded;     /* the first page of any search has come */
  gboolean complete;   /* the oldest one is there */
  gboolean extending;  /* the next page is being read */
  gboolean refreshing; /* what is newer is being read, or the first page */
};

static void bobbin_finished_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinFinishedList,
                               bobbin_finished_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      bobbin_finished_list_model_init))

typedef enum
{
  PROP_LOADED = 1,
} BobbinFinishedListProperty;

static GParamSpec *props[PROP_LOADED + 1];

enum
{
  TROUBLE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static gint64
get_number (BobbinFinishedList *self, guint position)
{
  return bobbin_finished_item_get (g_ptr_array_index (self->items, position))->number;
}

static void
complain (BobbinFinishedList *self, const GError *error)
{
  /* The app ends: what it has not said by now it does not say. */
  if (!g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_CLOSED))
    g_signal_emit (self, signals[TROUBLE], 0, error->message);
}

/* ---- reading */

/* Said each time that the first page of something has come: it may be empty, as before. */
static void
set_loaded (BobbinFinishedList *self)
{
  self->loaded = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LOADED]);
}

/* Makes room for so many items at @position, without a look at each of those behind. */
static void
make_room (GPtrArray *items, guint position, guint n)
{
  const guint n_behind = items->len - position;

  g_ptr_array_set_size (items, (int) (items->len + n));
  memmove (items->pdata + position + n, items->pdata + position, n_behind * sizeof (gpointer));
}

static gboolean
on_drop (gpointer user_data)
{
  BobbinFinishedList *self = BOBBIN_FINISHED_LIST (user_data);
  const guint n = MIN (self->dropped->len, CHUNK);

  g_ptr_array_set_size (self->dropped, (int) (self->dropped->len - n));
  if (self->dropped->len > 0)
    return G_SOURCE_CONTINUE;

  self->drop_source = 0;

  return G_SOURCE_REMOVE;
}

/* Empties the list. Whoever came to its end has made it long: to free it takes its time. */
static void
drop_items (BobbinFinishedList *self)
{
  g_ptr_array_extend_and_steal (self->dropped, g_steal_pointer (&self->items));
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  if (self->drop_source != 0)
    return;

  self->drop_source = g_idle_add (on_drop, self);
  g_source_set_name_by_id (self->drop_source, "[bobbin] end of what was found before");
}

/* Puts rows in front of @position, or in place of all. Takes them out of @rows. */
static void
splice (BobbinFinishedList *self, guint position, gboolean in_place, GPtrArray *rows)
{
  const guint n_added = rows->len;
  const guint n_removed = in_place ? self->items->len : 0;

  if (in_place)
    drop_items (self);
  make_room (self->items, position, n_added);
  g_ptr_array_set_free_func (rows, NULL);
  for (guint i = 0; i < n_added; i++)
    self->items->pdata[position + i] = bobbin_finished_item_new (g_ptr_array_index (rows, i));
  if (n_removed + n_added > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, n_added);
}

static void
read_rows (BobbinFinishedList *self, gint64 before, gint64 after, GAsyncReadyCallback callback)
{
  const BobbinFinishedQuery query = { .search = self->search,
                                      .before = before,
                                      .after = after,
                                      .n_rows = PAGE };

  bobbin_store_read_finished_async (self->store, &query, self->cancellable, callback,
                                    g_object_ref (self));
}

/* Gives NULL if nobody wants them any more, or there is nothing to give. */
static GPtrArray *
take_rows (BobbinFinishedList *self, GObject *store, GAsyncResult *result, gboolean *flag)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *rows = bobbin_store_read_finished_finish (BOBBIN_STORE (store), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return NULL;

  *flag = FALSE;
  if (rows != NULL)
    return rows;

  self->stale = TRUE; /* it is tried again when somebody looks again */
  complain (self, error);

  return NULL;
}

static void refresh (BobbinFinishedList *self);

static void
on_first (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinFinishedList) self = BOBBIN_FINISHED_LIST (user_data);
  g_autoptr (GPtrArray) rows = take_rows (self, source, result, &self->refreshing);

  if (rows == NULL)
    return;

  self->complete = rows->len < PAGE;
  splice (self, 0, TRUE, rows);
  set_loaded (self);
  refresh (self);
}

/* What was being read is not wanted any more; what is there stays until it is replaced. */
static void
begin_anew (BobbinFinishedList *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->extending = FALSE;
  self->stale = FALSE;
  self->refreshing = TRUE;
  read_rows (self, G_MAXINT64, 0, on_first);
}

static void
on_newer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinFinishedList) self = BOBBIN_FINISHED_LIST (user_data);
  g_autoptr (GPtrArray) rows = take_rows (self, source, result, &self->refreshing);

  if (rows == NULL)
    return;

  /* There may be some between these and those that are there. */
  if (rows->len == PAGE)
    {
      begin_anew (self);
      return;
    }
  splice (self, 0, FALSE, rows);
  refresh (self);
}

/* Reads what came in since, if there may be something and anybody wants to know. */
static void
refresh (BobbinFinishedList *self)
{
  if (!self->active || !self->stale || self->refreshing)
    return;

  if (!self->loaded || self->items->len == 0)
    {
      begin_anew (self);
      return;
    }
  self->stale = FALSE;
  self->refreshing = TRUE;
  read_rows (self, G_MAXINT64, get_number (self, 0), on_newer);
}

static void
on_older (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinFinishedList) self = BOBBIN_FINISHED_LIST (user_data);
  g_autoptr (GPtrArray) rows = take_rows (self, source, result, &self->extending);

  if (rows == NULL)
    return;

  self->complete = rows->len < PAGE;
  splice (self, self->items->len, FALSE, rows);
}

static void
extend (BobbinFinishedList *self)
{
  if (self->complete || self->extending || self->items->len == 0)
    return;

  self->extending = TRUE;
  read_rows (self, get_number (self, self->items->len - 1), 0, on_older);
}

static void
on_finished (BobbinFinishedList *self)
{
  self->stale = TRUE;
  refresh (self);
}

static void
remove_range (BobbinFinishedList *self, guint position, guint n)
{
  g_ptr_array_remove_range (self->items, position, n);
  g_list_model_items_changed (G_LIST_MODEL (self), position, n, 0);
}

/* Of those right before @end that finished before @time. */
static guint
find_begin (BobbinFinishedList *self, guint end, gint64 time)
{
  while (end > 0 &&
         bobbin_finished_item_get (g_ptr_array_index (self->items, end - 1))->time < time)
    end--;

  return end;
}

/* Those of the pages that have been read; the order is that of the numbers, not of the time, but
 * mostly that is the same: what stands together goes at once. */
static void
on_expired (BobbinFinishedList *self, gint64 time)
{
  guint end = self->items->len;

  if (self->refreshing || self->extending)
    {
      begin_anew (self);
      return;
    }

  while (end > 0)
    {
      const guint begin = find_begin (self, end, time);

      if (begin < end)
        remove_range (self, begin, end - begin);
      end = MAX (begin, 1) - 1;
    }
}

/* ---- the model */

static GType
bobbin_finished_list_get_item_type (GListModel *model)
{
  return BOBBIN_TYPE_FINISHED_ITEM;
}

static guint
bobbin_finished_list_get_n_items (GListModel *model)
{
  return BOBBIN_FINISHED_LIST (model)->items->len;
}

static gpointer
bobbin_finished_list_get_item (GListModel *model, guint position)
{
  BobbinFinishedList *self = BOBBIN_FINISHED_LIST (model);

  if (position >= self->items->len)
    return NULL;

  if (position + PAGE / 2 >= self->items->len)
    extend (self);

  return g_object_ref (g_ptr_array_index (self->items, position));
}

static void
bobbin_finished_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = bobbin_finished_list_get_item_type;
  iface->get_n_items = bobbin_finished_list_get_n_items;
  iface->get_item = bobbin_finished_list_get_item;
}

/* ---- the object */

static void
bobbin_finished_list_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BobbinFinishedList *self = BOBBIN_FINISHED_LIST (object);

  switch ((BobbinFinishedListProperty) prop_id)
    {
    case PROP_LOADED:
      g_value_set_boolean (value, self->loaded);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_finished_list_finalize (GObject *object)
{
  BobbinFinishedList *self = BOBBIN_FINISHED_LIST (object);

  g_clear_handle_id (&self->drop_source, g_source_remove);
  g_clear_object (&self->cancellable);
  g_ptr_array_unref (self->items);
  g_ptr_array_unref (self->dropped);
  g_clear_object (&self->store);
  g_free (self->search);

  G_OBJECT_CLASS (bobbin_finished_list_parent_class)->finalize (object);
}

static void
bobbin_finished_list_class_init (BobbinFinishedListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bobbin_finished_list_get_property;
  object_class->finalize = bobbin_finished_list_finalize;

  props[PROP_LOADED] =
    g_param_spec_boolean ("loaded", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  /**
   * BobbinFinishedList::trouble:
   * @self: the list
   * @sentence: what happened, for a person
   *
   * What is in the store could not be read, or not be changed.
   */
  signals[TROUBLE] = g_signal_new ("trouble", BOBBIN_TYPE_FINISHED_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
bobbin_finished_list_init (BobbinFinishedList *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->dropped = g_ptr_array_new_with_free_func (g_object_unref);
  self->search = g_strdup ("");
  self->cancellable = g_cancellable_new ();
  self->stale = TRUE;
}

/**
 * bobbin_finished_list_new:
 * @store: a store that is opened, or being opened
 *
 * Returns: (transfer full): an empty list, which reads nothing until it is active
 */
BobbinFinishedList *
bobbin_finished_list_new (BobbinStore *store)
{
  BobbinFinishedList *self;

  g_return_val_if_fail (BOBBIN_IS_STORE (store), NULL);

  self = g_object_new (BOBBIN_TYPE_FINISHED_LIST, NULL);
  self->store = g_object_ref (store);
  g_signal_connect_object (store, "finished", G_CALLBACK (on_finished), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (store, "expired", G_CALLBACK (on_expired), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * bobbin_finished_list_set_active:
 * @active: whether somebody looks at it
 *
 * While it is active it is kept up to date.
 */
void
bobbin_finished_list_set_active (BobbinFinishedList *self, gboolean active)
{
  g_return_if_fail (BOBBIN_IS_FINISHED_LIST (self));

  self->active = active;
  refresh (self);
}

/**
 * bobbin_finished_list_set_search:
 * @search: words that are searched for; none for all that is there
 *
 * Has the list be what is found. What it was before stays until that is known.
 */
void
bobbin_finished_list_set_search (BobbinFinishedList *self, const char *search)
{
  g_autofree char *folded = NULL;

  g_return_if_fail (BOBBIN_IS_FINISHED_LIST (self));
  g_return_if_fail (search != NULL);

  folded = bobbin_finished_dup_search (search);
  if (g_str_equal (folded, self->search))
    return;

  g_free (self->search);
  self->search = g_steal_pointer (&folded);
  begin_anew (self);
}

/**
 * bobbin_finished_list_is_searched:
 *
 * Returns: whether it is what a search finds, rather than all
 */
gboolean
bobbin_finished_list_is_searched (BobbinFinishedList *self)
{
  g_return_val_if_fail (BOBBIN_IS_FINISHED_LIST (self), FALSE);

  return self->search[0] != '\0';
}

/**
 * bobbin_finished_list_is_loaded:
 *
 * Returns: the property `loaded`
 */
gboolean
bobbin_finished_list_is_loaded (BobbinFinishedList *self)
{
  g_return_val_if_fail (BOBBIN_IS_FINISHED_LIST (self), FALSE);

  return self->loaded;
}

/* ---- removing */

/* What could not be written is shown as it is. */
static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BobbinFinishedList) self = BOBBIN_FINISHED_LIST (user_data);
  g_autoptr (GError) error = NULL;

  if (bobbin_store_write_finish (BOBBIN_STORE (source), result, &error))
    return;

  complain (self, error);
  begin_anew (self);
}

/* Takes the batch. What is being read was asked for before that, and would not tell of it. */
static void
write_batch (BobbinFinishedList *self, BobbinStoreBatch *batch)
{
  bobbin_store_write_async (self->store, batch, on_written, g_object_ref (self));
  if (self->refreshing || self->extending)
    begin_anew (self);
}

/**
 * bobbin_finished_list_remove:
 * @item: an item
 *
 * Takes @item out of the store, and out of the list if it is there.
 */
void
bobbin_finished_list_remove (BobbinFinishedList *self, BobbinFinishedItem *item)
{
  BobbinStoreBatch *batch;
  guint position;

  g_return_if_fail (BOBBIN_IS_FINISHED_LIST (self));
  g_return_if_fail (BOBBIN_IS_FINISHED_ITEM (item));

  batch = bobbin_store_batch_new (TRUE);
  bobbin_store_batch_remove_finished (batch, bobbin_finished_item_get (item)->number);
  write_batch (self, batch);
  if (!g_ptr_array_find (self->items, item, &position))
    return;

  remove_range (self, position, 1);
}

static gboolean
is_found (BobbinFinishedList *self, const BobbinFinished *finished)
{
  g_autofree char *words = bobbin_finished_dup_words (finished->path, finished->address);
  g_auto (GStrv) searched = g_strsplit (self->search, "\n", -1);

  for (guint i = 0; searched[i] != NULL; i++)
    if (strstr (words, searched[i]) == NULL)
      return FALSE;

  return TRUE;
}

/* Puts @item where it belongs, unless that is a page that has not been read yet. */
static void
put_back (BobbinFinishedList *self, BobbinFinishedItem *item)
{
  const gint64 number = bobbin_finished_item_get (item)->number;
  guint position = 0;

  while (position < self->items->len && get_number (self, position) > number)
    position++;
  if (position == self->items->len && !self->complete)
    return;
  if (position < self->items->len && get_number (self, position) == number)
    return;

  g_ptr_array_insert (self->items, (int) position, g_object_ref (item));
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, 1);
}

/**
 * bobbin_finished_list_restore:
 * @item: an item that was removed
 *
 * Puts @item back into the store, and into the list where it was, if it belongs there.
 */
void
bobbin_finished_list_restore (BobbinFinishedList *self, BobbinFinishedItem *item)
{
  BobbinStoreBatch *batch;

  g_return_if_fail (BOBBIN_IS_FINISHED_LIST (self));
  g_return_if_fail (BOBBIN_IS_FINISHED_ITEM (item));

  batch = bobbin_store_batch_new (TRUE);
  bobbin_store_batch_add_finished (batch, bobbin_finished_item_get (item));
  write_batch (self, batch);
  if (is_found (self, bobbin_finished_item_get (item)))
    put_back (self, item);
}

/**
 * bobbin_finished_list_clear:
 *
 * Takes all there is out of the store, not only what is found.
 */
void
bobbin_finished_list_clear (BobbinFinishedList *self)
{
  BobbinStoreBatch *batch;

  g_return_if_fail (BOBBIN_IS_FINISHED_LIST (self));

  batch = bobbin_store_batch_new (TRUE);
  bobbin_store_batch_clear_finished (batch);
  write_batch (self, batch);
  begin_anew (self);
}
