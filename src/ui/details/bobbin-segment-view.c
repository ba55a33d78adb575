/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BobbinSegmentView draws the file of a download as a bar: what of it is there, what each
 * connection still has before it, and where it is. It looks at the download only while it is shown,
 * draws when bytes have come, and says in words what it shows. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-segment-view.h"

#include <glib/gi18n-lib.h>

#define HEIGHT 24
#define WIDTH  160

/* Of the colour, which what is there has in full. */
#define FETCHED_ALPHA 0.3

/* A connection is as wide as that at least, or would not be seen. */
#define MARK_WIDTH 2

struct _BobbinSegmentView
{
  GtkWidget parent_instance;

  BobbinDownload *download; /* (owned) (nullable) */
  GSignalGroup *signals;    /* (owned): the download's */
  gboolean observes;
  BobbinSegments segments; /* the newest picture; of 0 bytes if there is none */
};

G_DEFINE_FINAL_TYPE (BobbinSegmentView, bobbin_segment_view, GTK_TYPE_WIDGET)

/* ---- what is drawn */

static void
draw_segment (BobbinSegmentView *self,
              GtkSnapshot *snapshot,
              const GdkRGBA *color,
              const BobbinSegmentSpan *segment)
{
  const int width = gtk_widget_get_width (GTK_WIDGET (self));
  const int height = gtk_widget_get_height (GTK_WIDGET (self));
  const double scale = (double) width / self->segments.total;
  const double first = CLAMP (segment->first * scale, 0, width);
  const double end = CLAMP (segment->end * scale, first, width);
  const gboolean is_rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  gtk_snapshot_append_color (snapshot, color,
                             &GRAPHENE_RECT_INIT (is_rtl ? width - end : first, 0, end - first,
                                                  height));
}

/* The part that it has before it, and where it is. */
static void
draw_fetch (BobbinSegmentView *self,
            GtkSnapshot *snapshot,
            const GdkRGBA *color,
            const BobbinSegmentSpan *fetch)
{
  const gint64 mark = MARK_WIDTH * self->segments.total / gtk_widget_get_width (GTK_WIDGET (self));
  const BobbinSegmentSpan place = { fetch->first, fetch->first + mark };
  GdkRGBA faint = *color;

  faint.alpha *= FETCHED_ALPHA;
  draw_segment (self, snapshot, &faint, fetch);
  draw_segment (self, snapshot, color, &place);
}

static void
bobbin_segment_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  BobbinSegmentView *self = BOBBIN_SEGMENT_VIEW (widget);
  GdkRGBA color;

  if (self->segments.total <= 0 || gtk_widget_get_width (widget) <= 0)
    return;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  for (guint i = 0; i < self->segments.n_fetches; i++)
    draw_fetch (self, snapshot, &color, &self->segments.fetches[i]);
  for (guint i = 0; i < self->segments.n_spans; i++)
    draw_segment (self, snapshot, &color, &self->segments.spans[i]);
}

static void
bobbin_segment_view_measure (GtkWidget *widget,
                             GtkOrientation orientation,
                             int for_size,
                             int *minimum,
                             int *natural,
                             int *minimum_baseline,
                             int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : WIDTH;
}

/* The same in words, for those who do not see it. */
static void
describe (BobbinSegmentView *self)
{
  const double progress =
    self->download != NULL ? bobbin_job_get_progress (BOBBIN_JOB (self->download)) : 0;
  const guint n = self->segments.n_fetches;
  g_autofree char *text = g_strdup_printf (
    /* Translators: describes a bar: so many connections, and how much of the file is there */
    ngettext ("%u connection, %d%% there", "%u connections, %d%% there", n), n,
    (int) (100 * MAX (progress, 0)));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

/* ---- when it looks */

/* Nobody fetches anything for a download that does not run. */
static void
look (BobbinSegmentView *self)
{
  if (self->download == NULL || !self->observes ||
      !bobbin_download_get_segments (self->download, &self->segments))
    self->segments.total = 0;
  if (self->segments.total <= 0 ||
      bobbin_job_get_state (BOBBIN_JOB (self->download)) != BOBBIN_JOB_RUNNING)
    self->segments.n_fetches = 0;
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
observe (BobbinSegmentView *self, gboolean wanted)
{
  if (self->download == NULL || self->observes == wanted)
    return;

  self->observes = wanted;
  if (wanted)
    bobbin_download_observe_segments (self->download);
  else
    bobbin_download_unobserve_segments (self->download);
}

static void
bobbin_segment_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (bobbin_segment_view_parent_class)->map (widget);

  observe (BOBBIN_SEGMENT_VIEW (widget), TRUE);
  look (BOBBIN_SEGMENT_VIEW (widget));
}

static void
bobbin_segment_view_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (bobbin_segment_view_parent_class)->unmap (widget);

  observe (BOBBIN_SEGMENT_VIEW (widget), FALSE);
}

static void
bobbin_segment_view_dispose (GObject *object)
{
  BobbinSegmentView *self = BOBBIN_SEGMENT_VIEW (object);

  observe (self, FALSE);
  g_clear_object (&self->signals);
  g_clear_object (&self->download);

  G_OBJECT_CLASS (bobbin_segment_view_parent_class)->dispose (object);
}

static void
bobbin_segment_view_class_init (BobbinSegmentViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_segment_view_dispose;
  widget_class->snapshot = bobbin_segment_view_snapshot;
  widget_class->measure = bobbin_segment_view_measure;
  widget_class->map = bobbin_segment_view_map;
  widget_class->unmap = bobbin_segment_view_unmap;

  gtk_widget_class_set_css_name (widget_class, "segmentview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
bobbin_segment_view_init (BobbinSegmentView *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  self->signals = g_signal_group_new (BOBBIN_TYPE_DOWNLOAD);
  g_signal_group_connect_swapped (self->signals, "segments-changed", G_CALLBACK (look), self);
  g_signal_group_connect_swapped (self->signals, "notify::state", G_CALLBACK (look), self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Parts of the file"), -1);
}

/**
 * bobbin_segment_view_set_download:
 * @download: (nullable): whose file to draw
 */
void
bobbin_segment_view_set_download (BobbinSegmentView *self, BobbinDownload *download)
{
  g_return_if_fail (BOBBIN_IS_SEGMENT_VIEW (self));

  if (self->download == download)
    return;

  observe (self, FALSE);
  g_set_object (&self->download, download);
  g_signal_group_set_target (self->signals, download);
  observe (self, gtk_widget_get_mapped (GTK_WIDGET (self)));
  look (self);
}
