/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The way from the workers to the main loop. Each run has a slot that holds its newest report and
 * the lines it logged; posting overwrites the report, so a million posts a second cost the main
 * loop what ten cost it. All dirty slots share ONE pending source, and it is dispatched at most
 * once in BOBBIN_MAILBOX_INTERVAL: the first report after a pause comes at once, from an idle
 * callback, those after it when the interval is over. While nobody looks, figures that only grow
 * wait for longer: each look wakes the computer up.
 *
 * A mailbox is made, its slots are opened and closed, in one main context; posting and logging are
 * for any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-mailbox.h"

#include "bobbin-error.h"

struct _BobbinMailbox
{
  gatomicrefcount ref_count;
  GMainContext *context; /* (owned) */
  GThread *owner;        /* the main thread: who made it */

  GMutex mutex;
  GQueue dirty;      /* of BobbinMailboxSlot (owned); protected by mutex */
  gboolean pending;  /* a source is attached; protected by mutex */
  gint64 due;        /* when it is dispatched at the earliest; protected by mutex */
  gint64 last_drain; /* protected by mutex */
  gint64 patience;   /* µs that figures may wait for; protected by mutex */
  guint64 n_drains;  /* main only */
};

typedef struct
{
  BobbinEventKind kind;
  gint64 time;
  const char *code; /* (nullable) static */
  char *text;       /* (owned) */
} Line;

struct _BobbinMailboxSlot
{
  gatomicrefcount ref_count;
  BobbinMailbox *mailbox; /* (owned) */

  GMutex mutex;
  BobbinReport report; /* protected by mutex */
  gboolean has_report; /* protected by mutex */
  GQueue lines;        /* of Line (owned); protected by mutex */
  gboolean dirty;      /* waits for a drain; protected by mutex */
  gboolean closed;     /* protected by mutex */

  BobbinMailboxReportFunc on_report; /* main only */
  BobbinMailboxEventFunc on_event;   /* main only */
  gpointer user_data;                /* main only */
};

static void
line_free (gpointer data)
{
  Line *line = data;

  g_free (line->text);
  g_free (line);
}

/**
 * bobbin_mailbox_new:
 *
 * Makes a mailbox that is looked into from the thread-default main context of the caller.
 *
 * Returns: (transfer full): a mailbox
 */
BobbinMailbox *
bobbin_mailbox_new (void)
{
  BobbinMailbox *self = g_new0 (BobbinMailbox, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  g_queue_init (&self->dirty);
  self->context = g_main_context_ref_thread_default ();
  self->owner = g_thread_self ();
  self->last_drain = G_MININT64 / 2;
  self->patience = BOBBIN_MAILBOX_INTERVAL;

  return self;
}

/**
 * bobbin_mailbox_ref:
 * @self: a mailbox
 *
 * Any thread.
 *
 * Returns: (transfer full): @self
 */
BobbinMailbox *
bobbin_mailbox_ref (BobbinMailbox *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * bobbin_mailbox_unref:
 * @self: (transfer full): a mailbox
 *
 * Any thread.
 */
void
bobbin_mailbox_unref (BobbinMailbox *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_assert (g_queue_is_empty (&self->dirty));
  g_main_context_unref (self->context);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/**
 * bobbin_mailbox_get_n_drains:
 * @self: a mailbox
 *
 * How often the main loop has looked into @self: what a flood of posts costs it. Main context only.
 *
 * Returns: a number of dispatches
 */
guint64
bobbin_mailbox_get_n_drains (BobbinMailbox *self)
{
  return self->n_drains;
}

/* Takes what is in the slot and hands it out, lines first. */
static void
slot_deliver (BobbinMailboxSlot *self)
{
  BobbinReport report;
  gboolean has_report;
  GQueue lines;

  g_mutex_lock (&self->mutex);
  report = self->report;
  has_report = self->has_report;
  lines = self->lines;
  self->has_report = FALSE;
  self->dirty = FALSE;
  g_queue_init (&self->lines);
  g_mutex_unlock (&self->mutex);

  for (GList *l = lines.head; l != NULL; l = l->next)
    {
      const Line *line = l->data;

      if (self->on_event != NULL)
        self->on_event (line->kind, line->time, line->code, line->text, self->user_data);
    }
  g_queue_clear_full (&lines, line_free);

  if (has_report && self->on_report != NULL)
    self->on_report (&report, self->user_data);
}

/* One attached source. */
typedef struct
{
  BobbinMailbox *mailbox; /* (owned) */
  gboolean dispatched;
} Drain;

static gboolean
mailbox_drain (gpointer user_data)
{
  Drain *drain = user_data;
  BobbinMailbox *self = drain->mailbox;
  BobbinMailboxSlot *slot;
  GQueue dirty;

  drain->dispatched = TRUE;
  g_mutex_lock (&self->mutex);
  dirty = self->dirty;
  g_queue_init (&self->dirty);
  self->pending = FALSE;
  self->last_drain = g_get_monotonic_time ();
  g_mutex_unlock (&self->mutex);

  self->n_drains++;
  while ((slot = g_queue_pop_head (&dirty)) != NULL)
    {
      slot_deliver (slot);
      bobbin_mailbox_slot_unref (slot);
    }

  return G_SOURCE_REMOVE;
}

/* Runs when the source goes, dispatched or not: a context that ends early must not keep slots. */
static void
drain_free (gpointer user_data)
{
  Drain *drain = user_data;

  if (!drain->dispatched)
    {
      BobbinMailboxSlot *slot;
      GQueue dirty;

      g_mutex_lock (&drain->mailbox->mutex);
      dirty = drain->mailbox->dirty;
      g_queue_init (&drain->mailbox->dirty);
      drain->mailbox->pending = FALSE;
      g_mutex_unlock (&drain->mailbox->mutex);

      while ((slot = g_queue_pop_head (&dirty)) != NULL)
        bobbin_mailbox_slot_unref (slot);
    }

  bobbin_mailbox_unref (drain->mailbox);
  g_free (drain);
}

/* One source for all. With the mutex held. */
static void
mailbox_attach (BobbinMailbox *self, gint64 due)
{
  const gint64 wait = due - g_get_monotonic_time ();
  g_autoptr (GSource) source = NULL;
  Drain *drain = g_new0 (Drain, 1);

  if (wait > 0)
    source = g_timeout_source_new (1 + wait / G_TIME_SPAN_MILLISECOND);
  else
    source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT_IDLE);
  drain->mailbox = bobbin_mailbox_ref (self);
  g_source_set_callback (source, mailbox_drain, drain, drain_free);
  g_source_set_static_name (source, "[bobbin] mailbox");
  self->pending = TRUE;
  self->due = due;
  g_source_attach (source, self->context);
}

/* One that is attached for later stays: it finds nothing then. With the mutex held. */
static void
mailbox_hurry (BobbinMailbox *self, gint64 interval)
{
  const gint64 due = self->last_drain + interval;

  if (!self->pending || due < self->due)
    mailbox_attach (self, due);
}

static void
mailbox_mark (BobbinMailbox *self, BobbinMailboxSlot *slot, gboolean is_new, gboolean is_news)
{
  g_mutex_lock (&self->mutex);
  if (is_new)
    g_queue_push_tail (&self->dirty, bobbin_mailbox_slot_ref (slot));
  /* It may have been handed out meanwhile. */
  if (!g_queue_is_empty (&self->dirty))
    mailbox_hurry (self, is_news ? BOBBIN_MAILBOX_INTERVAL : self->patience);
  g_mutex_unlock (&self->mutex);
}

/**
 * bobbin_mailbox_set_patience:
 * @self: a mailbox
 * @patience: µs, %BOBBIN_MAILBOX_INTERVAL or more
 *
 * Sets how long figures may wait that differ from those before in bytes, rate and time left only;
 * whatever else is told comes as soon as ever. What waits now is seen to at once if it has waited
 * for longer. Any thread.
 */
void
bobbin_mailbox_set_patience (BobbinMailbox *self, gint64 patience)
{
  g_mutex_lock (&self->mutex);
  self->patience = MAX (patience, BOBBIN_MAILBOX_INTERVAL);
  if (!g_queue_is_empty (&self->dirty))
    mailbox_hurry (self, self->patience);
  g_mutex_unlock (&self->mutex);
}

/**
 * bobbin_mailbox_open:
 * @self: a mailbox
 * @on_report: (nullable): takes the newest report
 * @on_event: (nullable): takes the lines of the log
 * @user_data: for both
 *
 * Opens the slot of one run. Both functions are called in the mailbox's main context, and never
 * again after bobbin_mailbox_slot_close(). Main context only.
 *
 * Returns: (transfer full): a slot
 */
BobbinMailboxSlot *
bobbin_mailbox_open (BobbinMailbox *self,
                     BobbinMailboxReportFunc on_report,
                     BobbinMailboxEventFunc on_event,
                     gpointer user_data)
{
  BobbinMailboxSlot *slot = g_new0 (BobbinMailboxSlot, 1);

  g_assert (self->owner == g_thread_self ());

  g_atomic_ref_count_init (&slot->ref_count);
  g_mutex_init (&slot->mutex);
  g_queue_init (&slot->lines);
  slot->mailbox = bobbin_mailbox_ref (self);
  slot->on_report = on_report;
  slot->on_event = on_event;
  slot->user_data = user_data;

  return slot;
}

/**
 * bobbin_mailbox_slot_ref:
 * @self: a slot
 *
 * Any thread.
 *
 * Returns: (transfer full): @self
 */
BobbinMailboxSlot *
bobbin_mailbox_slot_ref (BobbinMailboxSlot *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * bobbin_mailbox_slot_unref:
 * @self: (transfer full): a slot
 *
 * Any thread.
 */
void
bobbin_mailbox_slot_unref (BobbinMailboxSlot *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_queue_clear_full (&self->lines, line_free);
  g_mutex_clear (&self->mutex);
  bobbin_mailbox_unref (self->mailbox);
  g_free (self);
}

/* Whether more is told than that there are more bytes. */
static gboolean
is_news (const BobbinReport *before, const BobbinReport *report)
{
  return report->total != before->total || report->phase != before->phase ||
         report->is_aside != before->is_aside || report->until != before->until ||
         !g_str_equal (report->name, before->name) ||
         !g_str_equal (report->identity, before->identity);
}

/* Says whether this call made the slot dirty. With the mutex held. */
static gboolean
slot_dirty (BobbinMailboxSlot *self)
{
  const gboolean was_dirty = self->dirty;

  self->dirty = TRUE;

  return !was_dirty;
}

/**
 * bobbin_mailbox_slot_post:
 * @self: a slot
 * @report: newest figures; copied
 *
 * Replaces what the slot held by @report. Allocates nothing while an earlier report still waits,
 * and takes no lock that is held for longer than a copy. A slot that is closed ignores it. Any
 * thread.
 */
void
bobbin_mailbox_slot_post (BobbinMailboxSlot *self, const BobbinReport *report)
{
  gboolean is_new = FALSE, hurries = FALSE;

  g_mutex_lock (&self->mutex);
  if (!self->closed)
    {
      hurries = is_news (&self->report, report);
      self->report = *report;
      self->has_report = TRUE;
      is_new = slot_dirty (self);
    }
  g_mutex_unlock (&self->mutex);

  if (is_new || hurries)
    mailbox_mark (self->mailbox, self, is_new, hurries);
}

static void G_GNUC_PRINTF (4, 0) slot_log (BobbinMailboxSlot *self,
                                           BobbinEventKind kind,
                                           const char *code,
                                           const char *format,
                                           va_list args)
{
  gboolean is_open, is_new = FALSE;
  Line *line = g_new0 (Line, 1);

  line->kind = kind;
  line->time = g_get_real_time ();
  line->code = code;
  line->text = g_strdup_vprintf (format, args);

  g_mutex_lock (&self->mutex);
  is_open = !self->closed;
  if (is_open)
    {
      if (self->lines.length == BOBBIN_EVENT_LOG_MAX)
        line_free (g_queue_pop_head (&self->lines));
      g_queue_push_tail (&self->lines, g_steal_pointer (&line));
      is_new = slot_dirty (self);
    }
  g_mutex_unlock (&self->mutex);

  g_clear_pointer (&line, line_free);
  if (is_open)
    mailbox_mark (self->mailbox, self, is_new, TRUE);
}

/**
 * bobbin_mailbox_slot_log:
 * @self: (nullable): a slot
 * @kind: what kind of thing happened
 * @format: a line for a person, printf() style
 * @...: its arguments
 *
 * Adds a line to the job's log. Of more than %BOBBIN_EVENT_LOG_MAX lines between two looks of the
 * main loop the oldest are lost. A slot that is closed ignores it. Any thread.
 */
void
bobbin_mailbox_slot_log (BobbinMailboxSlot *self, BobbinEventKind kind, const char *format, ...)
{
  va_list args;

  if (self == NULL)
    return;

  va_start (args, format);
  slot_log (self, kind, NULL, format, args);
  va_end (args);
}

/**
 * bobbin_mailbox_slot_log_error:
 * @self: (nullable): a slot
 * @kind: what kind of thing happened
 * @error: why
 * @format: a line for a person, printf() style
 * @...: its arguments
 *
 * Does what bobbin_mailbox_slot_log() does, and keeps the code of @error with the line.
 */
void
bobbin_mailbox_slot_log_error (BobbinMailboxSlot *self,
                               BobbinEventKind kind,
                               const GError *error,
                               const char *format,
                               ...)
{
  va_list args;

  if (self == NULL)
    return;

  va_start (args, format);
  slot_log (self, kind, bobbin_error_code_name (error), format, args);
  va_end (args);
}

/**
 * bobbin_mailbox_slot_close:
 * @self: a slot
 *
 * Hands out what the slot still holds, at once, and nothing after it: the last sample of a run is
 * never lost, and none comes late. Main context only.
 */
void
bobbin_mailbox_slot_close (BobbinMailboxSlot *self)
{
  g_assert (self->mailbox->owner == g_thread_self ());

  slot_deliver (self);

  g_mutex_lock (&self->mutex);
  self->closed = TRUE;
  self->has_report = FALSE;
  g_queue_clear_full (&self->lines, line_free);
  g_mutex_unlock (&self->mutex);

  self->on_report = NULL;
  self->on_event = NULL;
}
