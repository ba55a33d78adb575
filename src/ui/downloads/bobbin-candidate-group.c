/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinCandidateGroup shows the files that are going to be downloaded: the first ones by name and
 * length, which their servers are asked for as soon as nobody types any more, the others as a
 * number. Of all of them it knows where they go, which are in the list, and which have a file of
 * their name in their folder. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-candidate-group.h"

#include <glib/gi18n-lib.h>

#include "bobbin-candidate-row.h"
#include "bobbin-download.h"
#include "bobbin-file-name.h"
#include "bobbin-folder-names.h"
#include "bobbin-http-policy.h"

/* So many are shown, and their servers asked. */
#define MAX_SHOWN 3

/* A server is asked when nothing has been typed for so long, ms. */
#define QUIET_TIME 400

struct _BobbinCandidateGroup
{
  AdwPreferencesGroup parent_instance;

  BobbinApplication *application; /* (owned) (nullable) */
  GPtrArray *addresses;           /* (owned) */
  GPtrArray *names;               /* (owned): of those addresses, in the same order */
  GPtrArray *folders;             /* (owned): the same: where each goes if nobody chooses */
  GPtrArray *rows;                /* (owned): of BobbinCandidateRow (unowned), the first ones */
  GtkWidget *more;                /* (unowned) (nullable): the row that counts the others */
  BobbinHttpContext *context;     /* (owned) (nullable) */
  char *name;                     /* (owned) (nullable): the user's name for the only one */
  char *folder;                   /* (owned) (nullable): the user's folder for all of them */
  GHashTable *listed;             /* (owned): of utf8, addresses in the list */
  BobbinFolderNames *taken;       /* (owned): names in the folders */
  guint quiet_source;
  guint n_listed;
  guint n_there;
  guint n_both; /* of those that are listed */
};

G_DEFINE_FINAL_TYPE (BobbinCandidateGroup, bobbin_candidate_group, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* ---- what there is already */

static gboolean
is_listed (BobbinCandidateGroup *self, guint i)
{
  g_autofree char *bare = bobbin_http_strip_userinfo (g_ptr_array_index (self->addresses, i));

  return g_hash_table_contains (self->listed, bare);
}

/* What it would be called, as far as is known. */
static const char *
get_name (BobbinCandidateGroup *self, guint i)
{
  if (self->name != NULL && self->addresses->len == 1)
    return self->name;
  if (i < self->rows->len)
    return bobbin_candidate_row_get_name (g_ptr_array_index (self->rows, i));

  return g_ptr_array_index (self->names, i);
}

static const char *
get_folder (BobbinCandidateGroup *self, guint i)
{
  return self->folder != NULL ? self->folder : g_ptr_array_index (self->folders, i);
}

static void
mark (BobbinCandidateGroup *self)
{
  const guint n_listed = self->n_listed, n_there = self->n_there, n_both = self->n_both;

  self->n_listed = self->n_there = self->n_both = 0;
  for (guint i = 0; i < self->addresses->len; i++)
    {
      const gboolean listed = is_listed (self, i);
      const gboolean there =
        bobbin_folder_names_have (self->taken, get_folder (self, i), get_name (self, i));

      self->n_listed += listed ? 1 : 0;
      self->n_there += there ? 1 : 0;
      self->n_both += listed && there ? 1 : 0;
      if (i < self->rows->len)
        bobbin_candidate_row_mark (g_ptr_array_index (self->rows, i), listed, there);
    }

  if (self->n_listed != n_listed || self->n_there != n_there || self->n_both != n_both)
    g_signal_emit (self, signals[CHANGED], 0);
}

/* ---- where they go */

static void
find_folder (BobbinCandidateGroup *self, guint i)
{
  char **folder = (char **) &g_ptr_array_index (self->folders, i);

  g_free (*folder);
  *folder =
    bobbin_application_dup_folder_for (self->application, g_ptr_array_index (self->addresses, i),
                                       get_name (self, i));
}

/* What a server calls a file says more of its category than the address does. */
static void
on_named (BobbinCandidateGroup *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    find_folder (self, i);
  mark (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* ---- who is asked */

static void
on_quiet (gpointer user_data)
{
  BobbinCandidateGroup *self = user_data;
  BobbinJobQueue *queue = bobbin_application_get_queue (self->application);
  BobbinWorkerPool *pool = bobbin_job_queue_get_pool (queue, BOBBIN_LANE_PROBE);

  self->quiet_source = 0;
  for (guint i = 0; i < self->rows->len; i++)
    bobbin_candidate_row_inspect (g_ptr_array_index (self->rows, i), pool, self->context);
}

static void
wait_for_quiet (BobbinCandidateGroup *self)
{
  g_clear_handle_id (&self->quiet_source, g_source_remove);
  if (self->rows->len == 0)
    return;

  self->quiet_source = g_timeout_add_once (QUIET_TIME, on_quiet, self);
  g_source_set_name_by_id (self->quiet_source, "[bobbin] quiet before servers are asked");
}

/* ---- rows */

static void
remove_rows (BobbinCandidateGroup *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  if (self->more != NULL)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), self->more);
  self->more = NULL;
}

static void
add_row (BobbinCandidateGroup *self, const char *address)
{
  BobbinCandidateRow *row = bobbin_candidate_row_new (address);

  g_signal_connect_object (row, "named", G_CALLBACK (on_named), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->rows, row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (row));
}

/* How a pattern goes on shows in its last file. */
static void
add_more (BobbinCandidateGroup *self, guint n)
{
  const char *last = g_ptr_array_index (self->names, self->names->len - 1);
  /* Translators: %u is how many files more there are */
  g_autofree char *title = g_strdup_printf (ngettext ("And %u more", "And %u more", n), n);
  /* Translators: %s is the name of the last file of many. */
  g_autofree char *subtitle = g_strdup_printf (_ ("The last is %s"), last);

  self->more =
    g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title, "subtitle", subtitle,
                  "subtitle-lines", 2, "activatable", FALSE, "focusable", FALSE, NULL);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), self->more);
}

static void
add_rows (BobbinCandidateGroup *self)
{
  const guint n = self->addresses->len;

  for (guint i = 0; i < n && i < MAX_SHOWN; i++)
    add_row (self, g_ptr_array_index (self->addresses, i));
  if (n > MAX_SHOWN)
    add_more (self, n - MAX_SHOWN);
}

static void
describe (BobbinCandidateGroup *self)
{
  const guint n = self->addresses->len;
  g_autofree char *title = NULL;

  if (n > 1)
    title = g_strdup_printf (ngettext ("%'u File", "%'u Files", n), n);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), title != NULL ? title : "");
  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
}

/* ---- */

static void
bobbin_candidate_group_dispose (GObject *object)
{
  BobbinCandidateGroup *self = BOBBIN_CANDIDATE_GROUP (object);

  g_clear_handle_id (&self->quiet_source, g_source_remove);
  g_clear_object (&self->application);

  G_OBJECT_CLASS (bobbin_candidate_group_parent_class)->dispose (object);
}

static void
bobbin_candidate_group_finalize (GObject *object)
{
  BobbinCandidateGroup *self = BOBBIN_CANDIDATE_GROUP (object);

  g_ptr_array_unref (self->addresses);
  g_ptr_array_unref (self->names);
  g_ptr_array_unref (self->folders);
  g_ptr_array_unref (self->rows);
  g_hash_table_unref (self->listed);
  g_object_unref (self->taken);
  g_clear_pointer (&self->context, bobbin_http_context_unref);
  g_free (self->folder);
  g_free (self->name);

  G_OBJECT_CLASS (bobbin_candidate_group_parent_class)->finalize (object);
}

static void
bobbin_candidate_group_class_init (BobbinCandidateGroupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bobbin_candidate_group_dispose;
  object_class->finalize = bobbin_candidate_group_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
bobbin_candidate_group_init (BobbinCandidateGroup *self)
{
  self->addresses = g_ptr_array_new_with_free_func (g_free);
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->folders = g_ptr_array_new_with_free_func (g_free);
  self->rows = g_ptr_array_new ();
  self->listed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->taken = bobbin_folder_names_new ();
  g_signal_connect_object (self->taken, "read", G_CALLBACK (mark), self, G_CONNECT_SWAPPED);
  describe (self);
}

/**
 * bobbin_candidate_group_set_application:
 * @application: what knows where files go, has downloads that may be of the same addresses, and
 *   threads to ask servers
 *
 * To be called once, before there is anything to show.
 */
void
bobbin_candidate_group_set_application (BobbinCandidateGroup *self, BobbinApplication *application)
{
  GListModel *jobs = G_LIST_MODEL (bobbin_application_get_queue (application));
  const guint n = g_list_model_get_n_items (jobs);

  g_return_if_fail (BOBBIN_IS_CANDIDATE_GROUP (self));

  g_set_object (&self->application, application);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (jobs, i);

      if (BOBBIN_IS_DOWNLOAD (job))
        g_hash_table_add (self->listed,
                          g_strdup (bobbin_download_get_address (BOBBIN_DOWNLOAD (job))));
    }
}

static gboolean
has_addresses (BobbinCandidateGroup *self, GPtrArray *addresses)
{
  if (addresses->len != self->addresses->len)
    return FALSE;

  for (guint i = 0; i < addresses->len; i++)
    if (!g_str_equal (g_ptr_array_index (addresses, i), g_ptr_array_index (self->addresses, i)))
      return FALSE;

  return TRUE;
}

/**
 * bobbin_candidate_group_set_addresses:
 * @addresses: (element-type utf8): valid addresses
 *
 * Shows other files.
 */
void
bobbin_candidate_group_set_addresses (BobbinCandidateGroup *self, GPtrArray *addresses)
{
  g_return_if_fail (BOBBIN_IS_CANDIDATE_GROUP (self));

  if (has_addresses (self, addresses))
    return;

  remove_rows (self);
  g_ptr_array_set_size (self->addresses, 0);
  g_ptr_array_set_size (self->names, 0);
  g_ptr_array_set_size (self->folders, 0);
  for (guint i = 0; i < addresses->len; i++)
    {
      const char *address = g_ptr_array_index (addresses, i);

      g_ptr_array_add (self->addresses, g_strdup (address));
      g_ptr_array_add (self->names, bobbin_file_name_from_uri (address));
    }
  add_rows (self);
  g_ptr_array_set_size (self->folders, addresses->len);
  for (guint i = 0; i < addresses->len; i++)
    find_folder (self, i);
  describe (self);
  mark (self);
  wait_for_quiet (self);
}

/**
 * bobbin_candidate_group_set_folder:
 * @folder: (type filename) (nullable): where all files go; %NULL is where each of them goes if
 *   nobody chooses
 *
 * Finds out which of them are there already.
 */
void
bobbin_candidate_group_set_folder (BobbinCandidateGroup *self, const char *folder)
{
  g_return_if_fail (BOBBIN_IS_CANDIDATE_GROUP (self));

  if (g_strcmp0 (self->folder, folder) == 0)
    return;

  g_free (self->folder);
  self->folder = g_strdup (folder);
  mark (self);
}

/**
 * bobbin_candidate_group_get_folder:
 *
 * Returns: (type filename) (nullable): where the first file goes if nobody chooses; %NULL while
 *   there is none
 */
const char *
bobbin_candidate_group_get_folder (BobbinCandidateGroup *self)
{
  g_return_val_if_fail (BOBBIN_IS_CANDIDATE_GROUP (self), NULL);

  return self->folders->len > 0 ? g_ptr_array_index (self->folders, 0) : NULL;
}

/**
 * bobbin_candidate_group_set_name:
 * @name: (nullable): what the user wants to call the file, where there is one only
 */
void
bobbin_candidate_group_set_name (BobbinCandidateGroup *self, const char *name)
{
  g_return_if_fail (BOBBIN_IS_CANDIDATE_GROUP (self));

  if (g_strcmp0 (self->name, name) == 0)
    return;

  g_free (self->name);
  self->name = g_strdup (name);
  if (self->addresses->len == 1)
    find_folder (self, 0);
  mark (self);
}

static gboolean
is_same (BobbinHttpContext *a, BobbinHttpContext *b)
{
  g_autofree char *text_a = a != NULL ? bobbin_http_context_to_text (a) : NULL;
  g_autofree char *text_b = b != NULL ? bobbin_http_context_to_text (b) : NULL;
  g_autofree char *secrets_a = a != NULL ? bobbin_http_context_to_secrets (a) : NULL;
  g_autofree char *secrets_b = b != NULL ? bobbin_http_context_to_secrets (b) : NULL;

  return g_strcmp0 (text_a, text_b) == 0 && g_strcmp0 (secrets_a, secrets_b) == 0;
}

/**
 * bobbin_candidate_group_set_context:
 * @context: (nullable): what the downloads would say to servers
 *
 * Asks them again, saying that.
 */
void
bobbin_candidate_group_set_context (BobbinCandidateGroup *self, BobbinHttpContext *context)
{
  g_return_if_fail (BOBBIN_IS_CANDIDATE_GROUP (self));

  if (is_same (self->context, context))
    return;

  g_clear_pointer (&self->context, bobbin_http_context_unref);
  self->context = context != NULL ? bobbin_http_context_ref (context) : NULL;
  wait_for_quiet (self);
}

/**
 * bobbin_candidate_group_get_n_listed:
 *
 * Returns: how many are in the list of downloads
 */
guint
bobbin_candidate_group_get_n_listed (BobbinCandidateGroup *self)
{
  return self->n_listed;
}

/**
 * bobbin_candidate_group_get_n_there:
 * @with_listed: whether those count that are in the list
 *
 * Returns: of how many a file is in their folder
 */
guint
bobbin_candidate_group_get_n_there (BobbinCandidateGroup *self, gboolean with_listed)
{
  return with_listed ? self->n_there : self->n_there - self->n_both;
}

/**
 * bobbin_candidate_group_dup_addresses:
 * @with_listed: whether those too that are in the list
 *
 * Returns: (transfer full): the addresses
 */
GStrv
bobbin_candidate_group_dup_addresses (BobbinCandidateGroup *self, gboolean with_listed)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (BOBBIN_IS_CANDIDATE_GROUP (self), NULL);

  for (guint i = 0; i < self->addresses->len; i++)
    if (with_listed || !is_listed (self, i))
      g_strv_builder_add (builder, g_ptr_array_index (self->addresses, i));

  return g_strv_builder_end (builder);
}

/**
 * bobbin_candidate_group_dup_names:
 *
 * Returns: (transfer full) (element-type utf8 utf8): what the first files are called as far as is
 *   known, by their addresses
 */
GHashTable *
bobbin_candidate_group_dup_names (BobbinCandidateGroup *self)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  g_return_val_if_fail (BOBBIN_IS_CANDIDATE_GROUP (self), names);

  for (guint i = 0; i < self->rows->len; i++)
    g_hash_table_insert (names, g_strdup (g_ptr_array_index (self->addresses, i)),
                         g_strdup (get_name (self, i)));

  return names;
}
