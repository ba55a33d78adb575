/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Which bytes of a file are there: a sorted list of spans that do not touch each other, [first,
 * end). Pure; used by one thread at a time.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-segment-map.h"

typedef struct
{
  gint64 first;
  gint64 end;
} Span;

struct _BobbinSegmentMap
{
  GArray *spans; /* (owned) of Span, sorted */
};

#define SPAN(self, i) (&g_array_index ((self)->spans, Span, (i)))

/**
 * bobbin_segment_map_new:
 *
 * Returns: (transfer full): a map in which nothing is there
 */
BobbinSegmentMap *
bobbin_segment_map_new (void)
{
  BobbinSegmentMap *self = g_new0 (BobbinSegmentMap, 1);

  self->spans = g_array_new (FALSE, FALSE, sizeof (Span));

  return self;
}

/**
 * bobbin_segment_map_free:
 * @self: (transfer full): a map
 */
void
bobbin_segment_map_free (BobbinSegmentMap *self)
{
  g_array_unref (self->spans);
  g_free (self);
}

/* Reads "FIRST-END" up to a space or the end of the text. */
static gboolean
parse_span (const char **text, Span *span)
{
  const char *p = *text;
  char *end;

  if (!g_ascii_isdigit (*p))
    return FALSE;
  span->first = g_ascii_strtoll (p, &end, 10);
  if (*end != '-' || !g_ascii_isdigit (end[1]))
    return FALSE;
  span->end = g_ascii_strtoll (end + 1, &end, 10);
  if ((*end != ' ' && *end != '\0') || span->end <= span->first || span->end == G_MAXINT64)
    return FALSE;

  *text = *end == ' ' ? end + 1 : end;

  return TRUE;
}

/**
 * bobbin_segment_map_parse:
 * @text: what bobbin_segment_map_to_string() gave
 *
 * Returns: (transfer full) (nullable): a map, or %NULL if @text is not one
 */
BobbinSegmentMap *
bobbin_segment_map_parse (const char *text)
{
  g_autoptr (BobbinSegmentMap) self = bobbin_segment_map_new ();
  Span span;

  while (*text != '\0')
    {
      if (!parse_span (&text, &span))
        return NULL;
      bobbin_segment_map_add (self, span.first, span.end);
    }

  return g_steal_pointer (&self);
}

/**
 * bobbin_segment_map_to_string:
 * @self: a map
 *
 * Returns: (transfer full): the spans as "0-100 200-300", the end not included
 */
char *
bobbin_segment_map_to_string (BobbinSegmentMap *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->spans->len; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT, i > 0 ? " " : "",
                            SPAN (self, i)->first, SPAN (self, i)->end);

  return g_string_free (text, FALSE);
}

/**
 * bobbin_segment_map_clear:
 * @self: a map
 *
 * Forgets everything: nothing is there.
 */
void
bobbin_segment_map_clear (BobbinSegmentMap *self)
{
  g_array_set_size (self->spans, 0);
}

/**
 * bobbin_segment_map_copy:
 * @self: a map
 * @other: another one
 *
 * Makes @self say what @other does.
 */
void
bobbin_segment_map_copy (BobbinSegmentMap *self, BobbinSegmentMap *other)
{
  g_return_if_fail (self != other);

  g_array_set_size (self->spans, 0);
  if (other->spans->len > 0)
    g_array_append_vals (self->spans, other->spans->data, other->spans->len);
}

/**
 * bobbin_segment_map_add:
 * @self: a map
 * @first: offset of the first byte
 * @end: offset behind the last byte, more than @first
 *
 * Says that these bytes are there now; those that were there already do not matter.
 */
void
bobbin_segment_map_add (BobbinSegmentMap *self, gint64 first, gint64 end)
{
  Span span = { first, end };
  guint at = 0;
  guint behind;

  g_return_if_fail (first >= 0 && first < end);

  while (at < self->spans->len && SPAN (self, at)->end < first)
    at++;

  /* Every span from here to behind touches the new one and is swallowed. */
  for (behind = at; behind < self->spans->len && SPAN (self, behind)->first <= end; behind++)
    {
      span.first = MIN (span.first, SPAN (self, behind)->first);
      span.end = MAX (span.end, SPAN (self, behind)->end);
    }

  if (behind > at)
    g_array_remove_range (self->spans, at, behind - at);
  g_array_insert_val (self->spans, at, span);
}

/**
 * bobbin_segment_map_clip:
 * @self: a map
 * @end: how long the file really is
 *
 * Forgets what lies at or behind @end.
 */
void
bobbin_segment_map_clip (BobbinSegmentMap *self, gint64 end)
{
  guint n = self->spans->len;

  while (n > 0 && SPAN (self, n - 1)->first >= end)
    n--;
  g_array_set_size (self->spans, n);
  if (n > 0)
    SPAN (self, n - 1)->end = MIN (SPAN (self, n - 1)->end, end);
}

/**
 * bobbin_segment_map_get_n_bytes:
 * @self: a map
 *
 * Returns: how many bytes are there
 */
gint64
bobbin_segment_map_get_n_bytes (BobbinSegmentMap *self)
{
  gint64 n_bytes = 0;

  for (guint i = 0; i < self->spans->len; i++)
    n_bytes += SPAN (self, i)->end - SPAN (self, i)->first;

  return n_bytes;
}

/**
 * bobbin_segment_map_get_first_gap:
 * @self: a map
 *
 * Returns: the offset of the first byte that is not there
 */
gint64
bobbin_segment_map_get_first_gap (BobbinSegmentMap *self)
{
  if (self->spans->len == 0 || SPAN (self, 0)->first > 0)
    return 0;

  return SPAN (self, 0)->end;
}

/* The first span that ends behind @offset, or n_spans. */
static guint
find_span (BobbinSegmentMap *self, gint64 offset)
{
  guint low = 0;
  guint high = self->spans->len;

  while (low < high)
    {
      const guint middle = low + (high - low) / 2;

      if (SPAN (self, middle)->end <= offset)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

/**
 * bobbin_segment_map_get_end:
 * @self: a map
 *
 * Returns: the offset behind the last byte that is there
 */
gint64
bobbin_segment_map_get_end (BobbinSegmentMap *self)
{
  return self->spans->len > 0 ? SPAN (self, self->spans->len - 1)->end : 0;
}

/**
 * bobbin_segment_map_get_gap:
 * @self: a map
 * @from: where to begin to look
 * @length: where to end
 * @first: (out): offset of the first byte that is not there
 * @end: (out): offset behind the last one before the next that is, at most @length
 *
 * Finds the first gap at or behind @from and before @length. A gap that @from lies in begins at
 * @from.
 *
 * Returns: whether there is one; if not, @first and @end are left alone
 */
gboolean
bobbin_segment_map_get_gap (BobbinSegmentMap *self,
                            gint64 from,
                            gint64 length,
                            gint64 *first,
                            gint64 *end)
{
  guint i;

  g_return_val_if_fail (from >= 0, FALSE);

  i = find_span (self, from);
  if (i < self->spans->len && SPAN (self, i)->first <= from)
    from = SPAN (self, i++)->end;
  if (from >= length)
    return FALSE;

  *first = from;
  *end = i < self->spans->len ? MIN (SPAN (self, i)->first, length) : length;

  return TRUE;
}

/**
 * bobbin_segment_map_has:
 * @self: a map
 * @first: offset of the first byte
 * @end: offset behind the last byte
 *
 * Returns: whether all of these bytes are there; of none that is so
 */
gboolean
bobbin_segment_map_has (BobbinSegmentMap *self, gint64 first, gint64 end)
{
  gint64 gap_first, gap_end;

  g_return_val_if_fail (first >= 0, FALSE);

  return !bobbin_segment_map_get_gap (self, first, end, &gap_first, &gap_end);
}
