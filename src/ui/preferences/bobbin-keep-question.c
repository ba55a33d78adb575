/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinKeepQuestion is between the settings that say for how long something is kept and the rows
 * that show them. To keep more takes effect at once. To keep less deletes something: it is asked
 * first, when a number has been typed to its end, and when the window is about to close. Main
 * thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-keep-question.h"

#include <glib/gi18n-lib.h>

/* One setting: a number, or a choice of which the first keeps most. */
typedef struct
{
  const char *key;         /* (unowned) */
  BobbinNumberRow *number; /* (unowned) (nullable) in the window */
  AdwComboRow *choice;     /* (unowned) (nullable) so, too */
  const char *sentence;    /* (unowned) what to keep less of it means */
} Kept;

struct _BobbinKeepQuestion
{
  GObject parent_instance;

  GtkWindow *window;        /* (unowned) outlives this */
  GSettings *settings;      /* (owned) */
  GArray *all;              /* (owned) (element-type Kept) */
  AdwMessageDialog *dialog; /* (weak) (nullable) */
  gboolean is_closing;      /* the window waits for the answer to close */
};

G_DEFINE_FINAL_TYPE (BobbinKeepQuestion, bobbin_keep_question, G_TYPE_OBJECT)

static const Kept *
get_kept (BobbinKeepQuestion *self, guint i)
{
  return &g_array_index (self->all, Kept, i);
}

static guint
get_shown (const Kept *kept)
{
  if (kept->choice != NULL)
    return adw_combo_row_get_selected (kept->choice);

  return (guint) gtk_adjustment_get_value (bobbin_number_row_get_adjustment (kept->number));
}

static guint
get_set (BobbinKeepQuestion *self, const Kept *kept)
{
  return kept->choice != NULL ? (guint) g_settings_get_enum (self->settings, kept->key)
                              : g_settings_get_uint (self->settings, kept->key);
}

static gboolean
is_less (BobbinKeepQuestion *self, const Kept *kept)
{
  const guint shown = get_shown (kept);
  const guint set = get_set (self, kept);

  return kept->choice != NULL ? shown > set : shown < set;
}

static void
show (BobbinKeepQuestion *self, const Kept *kept)
{
  const guint set = get_set (self, kept);

  if (kept->choice != NULL)
    adw_combo_row_set_selected (kept->choice, set);
  else
    gtk_adjustment_set_value (bobbin_number_row_get_adjustment (kept->number), set);
}

static void
keep_as_shown (BobbinKeepQuestion *self, const Kept *kept)
{
  const guint shown = get_shown (kept);

  if (shown == get_set (self, kept))
    return;

  if (kept->choice != NULL)
    g_settings_set_enum (self->settings, kept->key, (int) shown);
  else
    g_settings_set_uint (self->settings, kept->key, shown);
}

/* ---- the question */

/* NULL if nothing is to be kept for less time. What several rows say is said once. */
static char *
describe_loss (BobbinKeepQuestion *self)
{
  g_autoptr (GPtrArray) sentences = g_ptr_array_new ();

  for (guint i = 0; i < self->all->len; i++)
    {
      const Kept *kept = get_kept (self, i);

      if (is_less (self, kept) &&
          !g_ptr_array_find (sentences, (gconstpointer) kept->sentence, NULL))
        g_ptr_array_add (sentences, (gpointer) kept->sentence);
    }
  if (sentences->len == 0)
    return NULL;

  g_ptr_array_add (sentences, NULL);

  return g_strjoinv ("\n\n", (char **) sentences->pdata);
}

static void
on_response (BobbinKeepQuestion *self, const char *response)
{
  const gboolean is_closing = self->is_closing;

  /* The dialog would outlive the window, and disconnect from it once it is gone. */
  gtk_window_set_transient_for (GTK_WINDOW (self->dialog), NULL);
  g_clear_weak_pointer (&self->dialog);
  self->is_closing = FALSE;
  for (guint i = 0; i < self->all->len; i++)
    if (g_str_equal (response, "delete"))
      keep_as_shown (self, get_kept (self, i));
    else
      show (self, get_kept (self, i));
  if (is_closing)
    gtk_window_close (self->window);
}

/* Returns whether there is something to answer. */
static gboolean
ask (BobbinKeepQuestion *self)
{
  const gboolean can_ask =
    self->dialog == NULL && gtk_widget_get_visible (GTK_WIDGET (self->window));
  g_autofree char *loss = can_ask ? describe_loss (self) : NULL;

  if (loss == NULL)
    return self->dialog != NULL;

  g_set_weak_pointer (&self->dialog,
                      ADW_MESSAGE_DIALOG (
                        adw_message_dialog_new (self->window, _ ("Keep Less History?"), loss)));
  adw_message_dialog_add_responses (self->dialog, "cancel", _ ("_Cancel"), "delete", _ ("_Delete"),
                                    NULL);
  adw_message_dialog_set_response_appearance (self->dialog, "delete", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (self->dialog, "cancel");
  adw_message_dialog_set_close_response (self->dialog, "cancel");
  g_signal_connect_object (self->dialog, "response", G_CALLBACK (on_response), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (self->dialog));

  return TRUE;
}

/* A number that is being typed is taken as it stands. */
static gboolean
on_close_request (BobbinKeepQuestion *self)
{
  gtk_window_set_focus (self->window, NULL);
  self->is_closing = ask (self);

  return self->is_closing;
}

/* ---- the rows */

static void
on_shown (BobbinKeepQuestion *self)
{
  for (guint i = 0; i < self->all->len; i++)
    if (!is_less (self, get_kept (self, i)))
      keep_as_shown (self, get_kept (self, i));
}

/* A choice is made at once. */
static void
on_chosen (BobbinKeepQuestion *self)
{
  on_shown (self);
  ask (self);
}

static void
on_set (BobbinKeepQuestion *self, const char *key)
{
  for (guint i = 0; i < self->all->len; i++)
    if (g_str_equal (get_kept (self, i)->key, key))
      show (self, get_kept (self, i));
}

static void
add (BobbinKeepQuestion *self, const Kept *kept)
{
  g_autofree char *signal = g_strconcat ("changed::", kept->key, NULL);

  show (self, kept);
  g_array_append_vals (self->all, kept, 1);
  g_signal_connect_object (self->settings, signal, G_CALLBACK (on_set), self, G_CONNECT_SWAPPED);
}

/* ---- its life */

static void
bobbin_keep_question_dispose (GObject *object)
{
  BobbinKeepQuestion *self = BOBBIN_KEEP_QUESTION (object);

  g_clear_weak_pointer (&self->dialog);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (bobbin_keep_question_parent_class)->dispose (object);
}

static void
bobbin_keep_question_finalize (GObject *object)
{
  g_array_unref (BOBBIN_KEEP_QUESTION (object)->all);

  G_OBJECT_CLASS (bobbin_keep_question_parent_class)->finalize (object);
}

static void
bobbin_keep_question_class_init (BobbinKeepQuestionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_keep_question_dispose;
  G_OBJECT_CLASS (klass)->finalize = bobbin_keep_question_finalize;
}

static void
bobbin_keep_question_init (BobbinKeepQuestion *self)
{
  self->all = g_array_new (FALSE, FALSE, sizeof (Kept));
}

/**
 * bobbin_keep_question_new:
 * @window: the window that the rows are in, which outlives this
 * @settings: what the rows show
 *
 * Returns: (transfer full): what asks before less is kept, for as long as it lives
 */
BobbinKeepQuestion *
bobbin_keep_question_new (GtkWindow *window, GSettings *settings)
{
  BobbinKeepQuestion *self;

  g_return_val_if_fail (GTK_IS_WINDOW (window), NULL);
  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  self = g_object_new (BOBBIN_TYPE_KEEP_QUESTION, NULL);
  self->window = window;
  self->settings = g_object_ref (settings);
  g_signal_connect_object (window, "close-request", G_CALLBACK (on_close_request), self,
                           G_CONNECT_SWAPPED);

  return self;
}

/**
 * bobbin_keep_question_add_number:
 * @key: a static string: a setting, a number that says for how long something is kept
 * @row: a row of the window
 * @sentence: a static string, translated: what is deleted when the number is lowered
 */
void
bobbin_keep_question_add_number (BobbinKeepQuestion *self,
                                 const char *key,
                                 BobbinNumberRow *row,
                                 const char *sentence)
{
  const Kept kept = { .key = key, .number = row, .sentence = sentence };

  g_return_if_fail (BOBBIN_IS_KEEP_QUESTION (self));
  g_return_if_fail (BOBBIN_IS_NUMBER_ROW (row));

  add (self, &kept);
  g_signal_connect_object (bobbin_number_row_get_adjustment (row), "value-changed",
                           G_CALLBACK (on_shown), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "done", G_CALLBACK (ask), self, G_CONNECT_SWAPPED);
}

/**
 * bobbin_keep_question_add_choice:
 * @key: a static string: a setting, an enumeration that begins with what keeps most
 * @row: a row of the window, its items in the same order
 * @sentence: a static string, translated: what is deleted when another is chosen that comes later
 */
void
bobbin_keep_question_add_choice (BobbinKeepQuestion *self,
                                 const char *key,
                                 AdwComboRow *row,
                                 const char *sentence)
{
  const Kept kept = { .key = key, .choice = row, .sentence = sentence };

  g_return_if_fail (BOBBIN_IS_KEEP_QUESTION (self));
  g_return_if_fail (ADW_IS_COMBO_ROW (row));

  add (self, &kept);
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (on_chosen), self,
                           G_CONNECT_SWAPPED);
}
