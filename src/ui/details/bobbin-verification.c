/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinVerification computes the checksum of a finished file, and compares it with one that is
 * pasted, if there is one. The file is read by a worker; to close the window ends that. Main thread
 * only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-verification.h"

#include <glib/gi18n-lib.h>

#include "bobbin-application.h"
#include "bobbin-checksum-file.h"
#include "bobbin-figure-row.h"
#include "bobbin-wrong-mark.h"

struct _BobbinVerification
{
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  AdwPreferencesGroup *group;
  GtkEditable *expected;
  AdwComboRow *algorithm;
  GtkProgressBar *progress;
  GtkLabel *verdict;
  BobbinFigureRow *found;

  char *path;              /* (owned) */
  BobbinWorkerPool *pool;  /* (owned) */
  BobbinMailbox *mailbox;  /* (owned) */
  BobbinMailboxSlot *slot; /* (owned) (nullable): while the file is read */
  GCancellable *computing; /* (owned) (nullable): while the file is read */
};

G_DEFINE_FINAL_TYPE (BobbinVerification, bobbin_verification, ADW_TYPE_WINDOW)

/* In the order of the choice; what a pasted checksum without a name is told by is its length. */
static const struct
{
  GChecksumType type;
  const char *option;
} algorithms[] = {
  { G_CHECKSUM_SHA256, "sha256" },
  { G_CHECKSUM_SHA512, "sha512" },
  { G_CHECKSUM_SHA1, "sha1" },
  { G_CHECKSUM_MD5, "md5" },
};

/* What was pasted: digits, or the name of the algorithm before them. */
static gboolean
get_expected (BobbinVerification *self, BobbinChecksum *checksum)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->expected)));

  if (bobbin_checksum_parse (text, checksum, NULL))
    return TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (algorithms); i++)
    {
      g_autofree char *named = g_strdup_printf ("%s:%s", algorithms[i].option, text);

      if (bobbin_checksum_parse (named, checksum, NULL))
        return TRUE;
    }

  return FALSE;
}

static gboolean
has_expected (BobbinVerification *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->expected)));

  return *text != '\0';
}

static void
select_algorithm (BobbinVerification *self, GChecksumType type)
{
  for (guint i = 0; i < G_N_ELEMENTS (algorithms); i++)
    if (algorithms[i].type == type)
      adw_combo_row_set_selected (self->algorithm, i);
}

static void
hide_verdict (BobbinVerification *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->verdict), FALSE);
  bobbin_figure_row_set_value (self->found, NULL);
}

static void
say (BobbinVerification *self, const char *sentence, const char *style)
{
  const char *const classes[] = { style, NULL };

  gtk_label_set_label (self->verdict, sentence);
  gtk_widget_set_css_classes (GTK_WIDGET (self->verdict), (const char **) classes);
  gtk_widget_set_visible (GTK_WIDGET (self->verdict), TRUE);
}

/* What is pasted says how it was computed. */
static void
on_changed (BobbinVerification *self)
{
  BobbinChecksum checksum;
  const gboolean is_valid = get_expected (self, &checksum);
  const gboolean is_wrong = has_expected (self) && !is_valid;

  if (is_valid)
    select_algorithm (self, checksum.type);
  bobbin_mark_wrong (self->expected, self->expected, is_wrong);
  gtk_widget_set_sensitive (GTK_WIDGET (self->algorithm), !is_valid);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "verification.verify",
                                 !is_wrong && self->computing == NULL);
  hide_verdict (self);
  if (is_wrong)
    say (self, _ ("This is no checksum of any kind in the list."), "error");
}

/* ---- the worker */

static void
on_report (const BobbinReport *report, gpointer user_data)
{
  BobbinVerification *self = BOBBIN_VERIFICATION (user_data);

  if (report->total > 0)
    gtk_progress_bar_set_fraction (self->progress, MIN ((double) report->bytes / report->total, 1));
}

static void
end (BobbinVerification *self)
{
  if (self->computing != NULL)
    g_cancellable_cancel (self->computing);
  g_clear_object (&self->computing);
  if (self->slot != NULL)
    bobbin_mailbox_slot_close (self->slot);
  g_clear_pointer (&self->slot, bobbin_mailbox_slot_unref);
}

static void
show_busy (BobbinVerification *self, gboolean is_busy)
{
  gtk_progress_bar_set_fraction (self->progress, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), is_busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->group), !is_busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "verification.verify", !is_busy);
}

static void
show_found (BobbinVerification *self, const BobbinChecksum *found)
{
  g_autofree char *text = bobbin_checksum_to_string (found);
  BobbinChecksum expected;

  bobbin_figure_row_set_value (self->found, text);
  if (!get_expected (self, &expected))
    gtk_widget_set_visible (GTK_WIDGET (self->verdict), FALSE);
  else if (bobbin_checksum_equal (found, &expected))
    say (self, _ ("The checksums match: the file is the one that it should be."), "success");
  else
    say (self, _ ("The checksums do not match: the file is damaged or another one."), "error");
}

static void
on_computed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree GWeakRef *ref = user_data;
  g_autoptr (BobbinVerification) self = g_weak_ref_get (ref);
  g_autoptr (GError) error = NULL;
  BobbinChecksum found;
  const gboolean done = bobbin_checksum_file_finish (result, &found, &error);

  g_weak_ref_clear (ref);
  if (self == NULL || g_task_get_cancellable (G_TASK (result)) != self->computing)
    return;

  end (self);
  show_busy (self, FALSE);
  if (done)
    show_found (self, &found);
  else
    say (self, error->message, "error");
}

/* Without a reference: nothing may hold a window once it has been destroyed. */
static void
verify (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BobbinVerification *self = BOBBIN_VERIFICATION (widget);
  const guint selected = adw_combo_row_get_selected (self->algorithm);
  GWeakRef *ref = g_new (GWeakRef, 1);

  end (self);
  hide_verdict (self);
  self->computing = g_cancellable_new ();
  self->slot = bobbin_mailbox_open (self->mailbox, on_report, NULL, self);
  show_busy (self, TRUE);
  g_weak_ref_init (ref, self);
  bobbin_checksum_file_async (self->path, algorithms[selected].type, self->pool, self->slot,
                              self->computing, on_computed, ref);
}

static void
bobbin_verification_dispose (GObject *object)
{
  BobbinVerification *self = BOBBIN_VERIFICATION (object);

  end (self);
  g_clear_object (&self->pool);
  g_clear_pointer (&self->mailbox, bobbin_mailbox_unref);
  g_clear_pointer (&self->path, g_free);

  G_OBJECT_CLASS (bobbin_verification_parent_class)->dispose (object);
}

static void
bobbin_verification_class_init (BobbinVerificationClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_verification_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_RESOURCE_PATH
                                               "/details/bobbin-verification.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinVerification, title);
  gtk_widget_class_bind_template_child (widget_class, BobbinVerification, group);
  gtk_widget_class_bind_template_child (widget_class, BobbinVerification, expected);
  gtk_widget_class_bind_template_child (widget_class, BobbinVerification, algorithm);
  gtk_widget_class_bind_template_child (widget_class, BobbinVerification, progress);
  gtk_widget_class_bind_template_child (widget_class, BobbinVerification, verdict);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_install_action (widget_class, "verification.verify", NULL, verify);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
bobbin_verification_init (BobbinVerification *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->mailbox = bobbin_mailbox_new ();
  self->found = BOBBIN_FIGURE_ROW (bobbin_figure_row_new (_ ("Checksum"), TRUE));
  adw_preferences_group_add (self->group, GTK_WIDGET (self->found));
}

/**
 * bobbin_verification_new:
 * @download: one that is done
 * @pool: whose threads read the file
 *
 * Returns: (transfer none): the window, which GTK owns
 */
GtkWindow *
bobbin_verification_new (BobbinDownload *download, BobbinWorkerPool *pool)
{
  BobbinVerification *self = g_object_new (BOBBIN_TYPE_VERIFICATION, NULL);
  g_autofree char *checksum = NULL;

  self->path = g_strdup (bobbin_download_get_file (download));
  self->pool = g_object_ref (pool);
  adw_window_title_set_subtitle (self->title, bobbin_job_get_title (BOBBIN_JOB (download)));
  g_object_get (download, "checksum", &checksum, NULL);
  if (checksum != NULL)
    gtk_editable_set_text (self->expected, checksum);

  return GTK_WINDOW (self);
}
