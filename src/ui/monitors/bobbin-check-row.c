/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinCheckRow tries what monitors would find before they are saved, one after the other, and
 * says so: of one the value, of several a line each. Its button activates editor.test. To try ends
 * with the row. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-check-row.h"

#include <glib/gi18n-lib.h>

#include "bobbin-application.h"
#include "bobbin-monitor-test.h"

struct _BobbinCheckRow
{
  AdwActionRow parent_instance;

  GtkSpinner *spinner;
  GtkWidget *button;

  BobbinJobQueue *queue;     /* (owned) (nullable) while it looks: whose threads do */
  GPtrArray *monitors;       /* (owned) (nullable) while it looks: what it looks at */
  GString *found;            /* (owned) (nullable) while it looks: what came of the first ones */
  guint n_tested;            /* of the monitors */
  GCancellable *cancellable; /* (owned) (nullable) while it looks */
};

G_DEFINE_FINAL_TYPE (BobbinCheckRow, bobbin_check_row, ADW_TYPE_ACTION_ROW)

static void
stop (BobbinCheckRow *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->queue);
  g_clear_pointer (&self->monitors, g_ptr_array_unref);
  if (self->found != NULL)
    g_string_free (g_steal_pointer (&self->found), TRUE);
}

/* The button has the focus: a screen reader says what changes of it. */
static void
tell (BobbinCheckRow *self, const char *text)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), markup);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

static void
end (BobbinCheckRow *self, const char *text)
{
  tell (self, text);
  stop (self);
  gtk_spinner_stop (self->spinner);
}

static void
add_finding (BobbinCheckRow *self, BobbinJob *monitor, const char *words)
{
  if (self->found->len > 0)
    g_string_append_c (self->found, '\n');
  if (self->monitors->len > 1)
    /* Translators: the first %s is what is monitored, the second what was found of it. */
    g_string_append_printf (self->found, _ ("%s: %s"), bobbin_job_get_title (monitor), words);
  else
    g_string_append (self->found, words);
}

static void look (BobbinCheckRow *self);

static void
on_tested (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree GWeakRef *ref = user_data;
  g_autoptr (BobbinCheckRow) self = g_weak_ref_get (ref);
  g_autoptr (GError) error = NULL;
  g_autofree char *found = bobbin_monitor_test_finish (BOBBIN_MONITOR (source), result, &error);

  g_weak_ref_clear (ref);
  if (self == NULL || g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;

  add_finding (self, BOBBIN_JOB (source), error != NULL ? error->message : found);
  self->n_tested++;
  look (self);
}

/* Without a reference: nothing may hold a window once it has been destroyed. */
static void
look (BobbinCheckRow *self)
{
  GWeakRef *ref;

  if (self->n_tested == self->monitors->len)
    {
      end (self, self->found->str);
      return;
    }

  ref = g_new (GWeakRef, 1);
  g_weak_ref_init (ref, self);
  bobbin_monitor_test_async (g_ptr_array_index (self->monitors, self->n_tested),
                             bobbin_job_queue_get_pool (self->queue, BOBBIN_LANE_PROBE),
                             self->cancellable, on_tested, ref);
}

static void
bobbin_check_row_dispose (GObject *object)
{
  stop (BOBBIN_CHECK_ROW (object));

  G_OBJECT_CLASS (bobbin_check_row_parent_class)->dispose (object);
}

static void
bobbin_check_row_class_init (BobbinCheckRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_check_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_RESOURCE_PATH
                                               "/monitors/bobbin-check-row.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinCheckRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, BobbinCheckRow, button);
}

static void
bobbin_check_row_init (BobbinCheckRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * bobbin_check_row_check:
 * @monitors: (element-type BobbinMonitor): monitors that nobody has seen yet, one at least
 * @queue: whose threads look
 *
 * Looks once at each of @monitors, in place of what it is looking at.
 */
void
bobbin_check_row_check (BobbinCheckRow *self, GPtrArray *monitors, BobbinJobQueue *queue)
{
  g_return_if_fail (BOBBIN_IS_CHECK_ROW (self));
  g_return_if_fail (monitors->len > 0);

  stop (self);
  self->queue = g_object_ref (queue);
  self->monitors = g_ptr_array_ref (monitors);
  self->found = g_string_new (NULL);
  self->n_tested = 0;
  self->cancellable = g_cancellable_new ();
  gtk_spinner_start (self->spinner);
  tell (self, _ ("Looking…"));
  look (self);
}

/**
 * bobbin_check_row_forget:
 *
 * What was found is not of what the monitors are now.
 */
void
bobbin_check_row_forget (BobbinCheckRow *self)
{
  g_return_if_fail (BOBBIN_IS_CHECK_ROW (self));

  end (self, _ ("Looks once, before anything is saved"));
}
