/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What happened to a job, line by line: a GListModel of BobbinEvent, oldest first, that forgets
 * its oldest lines beyond BOBBIN_EVENT_LOG_MAX. Main thread only; workers log through their slot
 * of the mailbox.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-event-log.h"

#include "bobbin-enums.h"

struct _BobbinEvent
{
  GObject parent_instance;

  BobbinEventKind kind;
  gint64 time;
  const char *code; /* (nullable) static */
  char *text;       /* (owned) */
};

G_DEFINE_FINAL_TYPE (BobbinEvent, bobbin_event, G_TYPE_OBJECT)

typedef enum
{
  PROP_KIND = 1,
  PROP_TIME,
  PROP_CODE,
  PROP_TEXT,
} BobbinEventProperty;

static GParamSpec *props[PROP_TEXT + 1];

static void
bobbin_event_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BobbinEvent *self = BOBBIN_EVENT (object);

  switch ((BobbinEventProperty) prop_id)
    {
    case PROP_KIND:
      g_value_set_enum (value, self->kind);
      break;
    case PROP_TIME:
      g_value_set_int64 (value, self->time);
      break;
    case PROP_CODE:
      g_value_set_static_string (value, self->code);
      break;
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_event_finalize (GObject *object)
{
  BobbinEvent *self = BOBBIN_EVENT (object);

  g_free (self->text);

  G_OBJECT_CLASS (bobbin_event_parent_class)->finalize (object);
}

static void
bobbin_event_class_init (BobbinEventClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = bobbin_event_get_property;
  object_class->finalize = bobbin_event_finalize;

  props[PROP_KIND] =
    g_param_spec_enum ("kind", NULL, NULL, BOBBIN_TYPE_EVENT_KIND, BOBBIN_EVENT_NOTE, flags);
  props[PROP_TIME] = g_param_spec_int64 ("time", NULL, NULL, 0, G_MAXINT64, 0, flags);
  props[PROP_CODE] = g_param_spec_string ("code", NULL, NULL, NULL, flags);
  props[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
bobbin_event_init (BobbinEvent *self)
{
}

/**
 * bobbin_event_get_kind:
 * @self: an event
 *
 * Returns: what kind of thing happened
 */
BobbinEventKind
bobbin_event_get_kind (BobbinEvent *self)
{
  g_return_val_if_fail (BOBBIN_IS_EVENT (self), BOBBIN_EVENT_NOTE);

  return self->kind;
}

/**
 * bobbin_event_get_time:
 * @self: an event
 *
 * Returns: when it happened, in µs since 1970 (g_get_real_time())
 */
gint64
bobbin_event_get_time (BobbinEvent *self)
{
  g_return_val_if_fail (BOBBIN_IS_EVENT (self), 0);

  return self->time;
}

/**
 * bobbin_event_get_text:
 * @self: an event
 *
 * Returns: (transfer none): what happened, as a line for a person
 */
const char *
bobbin_event_get_text (BobbinEvent *self)
{
  g_return_val_if_fail (BOBBIN_IS_EVENT (self), NULL);

  return self->text;
}

/**
 * bobbin_event_get_code:
 * @self: an event
 *
 * Returns: (transfer none) (nullable): what failed, as bobbin_error_code_name() says it, if
 *   something did
 */
const char *
bobbin_event_get_code (BobbinEvent *self)
{
  g_return_val_if_fail (BOBBIN_IS_EVENT (self), NULL);

  return self->code;
}

struct _BobbinEventLog
{
  GObject parent_instance;

  GQueue events; /* (owned) of BobbinEvent, oldest first */
  guint64 n_added;
};

static GType
bobbin_event_log_get_item_type (GListModel *model)
{
  return BOBBIN_TYPE_EVENT;
}

static guint
bobbin_event_log_get_n_items (GListModel *model)
{
  return BOBBIN_EVENT_LOG (model)->events.length;
}

static gpointer
bobbin_event_log_get_item (GListModel *model, guint position)
{
  BobbinEvent *event = g_queue_peek_nth (&BOBBIN_EVENT_LOG (model)->events, position);

  return event != NULL ? g_object_ref (event) : NULL;
}

static void
bobbin_event_log_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = bobbin_event_log_get_item_type;
  iface->get_n_items = bobbin_event_log_get_n_items;
  iface->get_item = bobbin_event_log_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinEventLog,
                               bobbin_event_log,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      bobbin_event_log_list_model_init))

static void
bobbin_event_log_finalize (GObject *object)
{
  BobbinEventLog *self = BOBBIN_EVENT_LOG (object);

  g_queue_clear_full (&self->events, g_object_unref);

  G_OBJECT_CLASS (bobbin_event_log_parent_class)->finalize (object);
}

static void
bobbin_event_log_class_init (BobbinEventLogClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bobbin_event_log_finalize;
}

static void
bobbin_event_log_init (BobbinEventLog *self)
{
  g_queue_init (&self->events);
}

/**
 * bobbin_event_log_new:
 *
 * Returns: (transfer full): an empty log
 */
BobbinEventLog *
bobbin_event_log_new (void)
{
  return g_object_new (BOBBIN_TYPE_EVENT_LOG, NULL);
}

static BobbinEvent *
bobbin_event_new (BobbinEventKind kind, gint64 time, const char *code, const char *text)
{
  BobbinEvent *event = g_object_new (BOBBIN_TYPE_EVENT, NULL);

  event->kind = kind;
  event->time = time;
  event->code = code;
  event->text = g_strdup (text);

  return event;
}

/**
 * bobbin_event_log_add:
 * @self: a log
 * @kind: what kind of thing happened
 * @time: when, in µs since 1970 (g_get_real_time())
 * @code: (nullable): what failed, from bobbin_error_code_name()
 * @text: what happened, as a line for a person
 *
 * Adds a line, and forgets the oldest one if there are too many.
 */
void
bobbin_event_log_add (BobbinEventLog *self,
                      BobbinEventKind kind,
                      gint64 time,
                      const char *code,
                      const char *text)
{
  g_return_if_fail (BOBBIN_IS_EVENT_LOG (self));
  g_return_if_fail (text != NULL);

  g_queue_push_tail (&self->events, bobbin_event_new (kind, time, code, text));
  self->n_added++;
  g_list_model_items_changed (G_LIST_MODEL (self), self->events.length - 1, 0, 1);

  if (self->events.length > BOBBIN_EVENT_LOG_MAX)
    {
      g_object_unref (g_queue_pop_head (&self->events));
      g_list_model_items_changed (G_LIST_MODEL (self), 0, 1, 0);
    }
}

/**
 * bobbin_event_log_add_older:
 * @self: a log
 * @kind: what kind of thing happened
 * @time: when, in µs since 1970 (g_get_real_time())
 * @code: (nullable): what failed, from bobbin_error_code_name()
 * @text: what happened, as a line for a person
 *
 * Puts a line before all others, if there is room for it.
 */
void
bobbin_event_log_add_older (BobbinEventLog *self,
                            BobbinEventKind kind,
                            gint64 time,
                            const char *code,
                            const char *text)
{
  g_return_if_fail (BOBBIN_IS_EVENT_LOG (self));
  g_return_if_fail (text != NULL);

  if (self->events.length >= BOBBIN_EVENT_LOG_MAX)
    return;

  g_queue_push_head (&self->events, bobbin_event_new (kind, time, g_intern_string (code), text));
  g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, 1);
}

/**
 * bobbin_event_log_get_n_added:
 * @self: a log
 *
 * Returns: how many lines were ever added with bobbin_event_log_add(), those that it forgot
 * included
 */
guint64
bobbin_event_log_get_n_added (BobbinEventLog *self)
{
  g_return_val_if_fail (BOBBIN_IS_EVENT_LOG (self), 0);

  return self->n_added;
}
