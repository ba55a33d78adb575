/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinLogLine shows one event of a job: what kind it is of, when it was, and what happened. Main
 * thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-log-line.h"

struct _BobbinLogLine
{
  GtkBox parent_instance;

  GtkWidget *icon;
  GtkLabel *time;
  GtkLabel *text;
};

G_DEFINE_FINAL_TYPE (BobbinLogLine, bobbin_log_line, GTK_TYPE_BOX)

static const char *
get_icon_name (BobbinEventKind kind)
{
  switch (kind)
    {
    case BOBBIN_EVENT_STARTED:
      return "media-playback-start-symbolic";
    case BOBBIN_EVENT_CONNECTED:
      return "network-transmit-receive-symbolic";
    case BOBBIN_EVENT_REDIRECTED:
      return "go-jump-symbolic";
    case BOBBIN_EVENT_RESUMED:
      return "media-seek-forward-symbolic";
    case BOBBIN_EVENT_RESTARTED:
      return "edit-undo-symbolic";
    case BOBBIN_EVENT_RETRY:
      return "view-refresh-symbolic";
    case BOBBIN_EVENT_DONE:
      return "object-select-symbolic";
    case BOBBIN_EVENT_FAILED:
      return "dialog-error-symbolic";
    case BOBBIN_EVENT_STOPPED:
      return "media-playback-stop-symbolic";
    case BOBBIN_EVENT_NOTE:
    default:
      return "dialog-information-symbolic";
    }
}

static gboolean
is_today (GDateTime *time)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  return g_date_time_get_year (time) == g_date_time_get_year (now) &&
         g_date_time_get_day_of_year (time) == g_date_time_get_day_of_year (now);
}

/* As the user's language writes it; with the day where that is another one. */
static char *
format_time (BobbinEvent *event)
{
  g_autoptr (GDateTime) time =
    g_date_time_new_from_unix_local (bobbin_event_get_time (event) / G_USEC_PER_SEC);

  return time != NULL ? g_date_time_format (time, is_today (time) ? "%X" : "%x %X") : NULL;
}

static const char *
get_class (BobbinEventKind kind)
{
  if (kind == BOBBIN_EVENT_FAILED)
    return "error";

  return kind == BOBBIN_EVENT_DONE ? "success" : "dim-label";
}

static void
bobbin_log_line_class_init (BobbinLogLineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/bobbinapp/Bobbin/jobs/bobbin-log-line.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinLogLine, icon);
  gtk_widget_class_bind_template_child (widget_class, BobbinLogLine, time);
  gtk_widget_class_bind_template_child (widget_class, BobbinLogLine, text);
}

static void
bobbin_log_line_init (BobbinLogLine *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * bobbin_log_line_set_event:
 * @event: what to show, which never changes
 */
void
bobbin_log_line_set_event (BobbinLogLine *self, BobbinEvent *event)
{
  const BobbinEventKind kind = bobbin_event_get_kind (event);
  const char *const classes[] = { get_class (kind), NULL };
  g_autofree char *time = format_time (event);

  g_return_if_fail (BOBBIN_IS_LOG_LINE (self));

  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), get_icon_name (kind));
  gtk_widget_set_css_classes (self->icon, (const char **) classes);
  gtk_label_set_label (self->time, time != NULL ? time : "");
  gtk_label_set_label (self->text, bobbin_event_get_text (event));
}
