/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinCandidateRow is a file that may be downloaded: what it is called and how long it is, as its
 * server says, or why that does not say; and whether it is there already. To ask ends with the row.
 * Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-candidate-row.h"

#include <glib/gi18n-lib.h>

#include "bobbin-application.h"
#include "bobbin-download.h"
#include "bobbin-file-name.h"
#include "bobbin-host-rule.h"
#include "bobbin-inspection.h"

struct _BobbinCandidateRow
{
  AdwActionRow parent_instance;

  GtkSpinner *spinner;

  char *address;             /* (owned) */
  char *name;                /* (owned) */
  char *finding;             /* (owned) (nullable): what came of asking */
  GCancellable *cancellable; /* (owned) (nullable) while it asks */
  gboolean is_listed;
  gboolean is_there;
};

G_DEFINE_FINAL_TYPE (BobbinCandidateRow, bobbin_candidate_row, ADW_TYPE_ACTION_ROW)

enum
{
  NAMED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
append (GString *text, const char *words)
{
  if (words == NULL)
    return;

  if (text->len > 0)
    /* Translators: between the parts of “4.2 MB · Already in the list” */
    g_string_append (text, C_ ("download to add", " · "));
  g_string_append (text, words);
}

static void
update (BobbinCandidateRow *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  append (text, self->finding);
  append (text, self->is_listed ? _ ("Already in the list") : NULL);
  append (text, self->is_there ? _ ("A file of this name is there already") : NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), self->name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text->str);
}

static void
stop_asking (BobbinCandidateRow *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static char *
describe (const BobbinInspection *found)
{
  if (found->is_page)
    return g_strdup (_ ("The server sends a web page instead of this file"));
  if (found->length < 0)
    return g_strdup (_ ("The server does not say how long it is"));

  return g_format_size ((guint64) found->length);
}

static void
take (BobbinCandidateRow *self, const BobbinInspection *found, const GError *error)
{
  g_free (self->finding);
  self->finding = found != NULL ? describe (found) : g_strdup (error->message);
  if (found != NULL)
    {
      g_free (self->name);
      self->name = g_strdup (found->name);
    }
  update (self);
  if (found != NULL)
    g_signal_emit (self, signals[NAMED], 0);
}

static void
on_inspected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree GWeakRef *ref = user_data;
  g_autoptr (BobbinCandidateRow) self = g_weak_ref_get (ref);
  g_autoptr (GError) error = NULL;
  g_autoptr (BobbinInspection) found = bobbin_inspection_run_finish (result, &error);

  g_weak_ref_clear (ref);
  if (self == NULL || g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;

  stop_asking (self);
  gtk_spinner_stop (self->spinner);
  take (self, found, error);
}

static void
bobbin_candidate_row_dispose (GObject *object)
{
  BobbinCandidateRow *self = BOBBIN_CANDIDATE_ROW (object);

  stop_asking (self);

  G_OBJECT_CLASS (bobbin_candidate_row_parent_class)->dispose (object);
}

static void
bobbin_candidate_row_finalize (GObject *object)
{
  BobbinCandidateRow *self = BOBBIN_CANDIDATE_ROW (object);

  g_free (self->address);
  g_free (self->name);
  g_free (self->finding);

  G_OBJECT_CLASS (bobbin_candidate_row_parent_class)->finalize (object);
}

static void
bobbin_candidate_row_class_init (BobbinCandidateRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bobbin_candidate_row_dispose;
  object_class->finalize = bobbin_candidate_row_finalize;

  signals[NAMED] = g_signal_new ("named", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_RESOURCE_PATH
                                               "/downloads/bobbin-candidate-row.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinCandidateRow, spinner);
}

static void
bobbin_candidate_row_init (BobbinCandidateRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * bobbin_candidate_row_new:
 * @address: a valid address
 *
 * Returns: (transfer floating): a row that has not asked yet
 */
BobbinCandidateRow *
bobbin_candidate_row_new (const char *address)
{
  BobbinCandidateRow *self = g_object_new (BOBBIN_TYPE_CANDIDATE_ROW, NULL);

  self->address = g_strdup (address);
  self->name = bobbin_file_name_from_uri (address);
  update (self);

  return self;
}

/**
 * bobbin_candidate_row_get_address:
 *
 * Returns: (transfer none): the address it was made with
 */
const char *
bobbin_candidate_row_get_address (BobbinCandidateRow *self)
{
  return self->address;
}

/**
 * bobbin_candidate_row_get_name:
 *
 * Returns: (transfer none): what the file would be called, as far as is known
 */
const char *
bobbin_candidate_row_get_name (BobbinCandidateRow *self)
{
  return self->name;
}

/* What a run of @download would say, with what is set for its server; NULL for nothing. */
static BobbinHttpContext *
dup_context (BobbinDownload *download)
{
  const BobbinHostRule *rule = bobbin_host_rules_find (bobbin_download_get_address (download));
  BobbinHttpContext *own = bobbin_download_get_context (download);

  if (rule != NULL)
    return bobbin_host_rule_add_to_context (rule, own);

  return own != NULL ? bobbin_http_context_ref (own) : NULL;
}

/**
 * bobbin_candidate_row_inspect:
 * @pool: whose thread asks
 * @context: (nullable): what the request is to say
 *
 * Asks the server, in place of what is being asked.
 */
void
bobbin_candidate_row_inspect (BobbinCandidateRow *self,
                              BobbinWorkerPool *pool,
                              BobbinHttpContext *context)
{
  g_autoptr (BobbinHttpContext) whole = NULL;
  g_autoptr (BobbinJob) job = NULL;
  GWeakRef *ref;

  g_return_if_fail (BOBBIN_IS_CANDIDATE_ROW (self));

  stop_asking (self);
  self->cancellable = g_cancellable_new ();
  gtk_spinner_start (self->spinner);
  ref = g_new (GWeakRef, 1);
  g_weak_ref_init (ref, self);

  /* A download knows what to make of a login in its address. */
  job = bobbin_download_new (self->address, g_get_home_dir ());
  if (context != NULL)
    bobbin_download_set_context (BOBBIN_DOWNLOAD (job), context);
  whole = dup_context (BOBBIN_DOWNLOAD (job));
  bobbin_inspection_run_async (bobbin_download_get_address (BOBBIN_DOWNLOAD (job)), whole, pool,
                               self->cancellable, on_inspected, ref);
}

/**
 * bobbin_candidate_row_mark:
 * @is_listed: whether its address is in the list of downloads
 * @is_there: whether a file of its name is in the folder
 *
 * Says what there is already.
 */
void
bobbin_candidate_row_mark (BobbinCandidateRow *self, gboolean is_listed, gboolean is_there)
{
  g_return_if_fail (BOBBIN_IS_CANDIDATE_ROW (self));

  if (self->is_listed == is_listed && self->is_there == is_there)
    return;

  self->is_listed = is_listed;
  self->is_there = is_there;
  update (self);
}
