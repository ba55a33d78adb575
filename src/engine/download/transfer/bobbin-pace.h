/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BobbinPace:
 * @max: at most so many connections
 * @wanted: so many should be open now
 * @base: so many were, before more were tried; 0: nothing is judged
 * @base_rate: bytes a second that those brought
 * @base_is_sure: whether that was measured for long enough to be held against others
 * @settled: on so many connections bytes came when it was decided that no more are of use
 * @settled_rate: bytes a second at that time, or 0: it is not decided
 * @since: when the present measurement began, in µs
 * @bytes: bytes at that time
 * @is_partial: whether some connections have begun since then, or not yet
 * @looked: when the last step was, in µs
 * @looked_bytes: bytes at that time
 * @largest: the most bytes that came between two steps of this measurement
 *
 * How many connections a file is worth, by what they bring.
 */
typedef struct
{
  guint    max;
  guint    wanted;
  guint    base;
  gint64   base_rate;
  gboolean base_is_sure;
  guint    settled;
  gint64   settled_rate;
  gint64   since;
  gint64   bytes;
  gboolean is_partial;
  gint64   looked;
  gint64   looked_bytes;
  gint64   largest;
} BobbinPace;

void   bobbin_pace_init         (BobbinPace *self,
                                 guint       max);
void   bobbin_pace_restart      (BobbinPace *self,
                                 gint64      now,
                                 gint64      bytes);
void   bobbin_pace_step         (BobbinPace *self,
                                 gint64      now,
                                 gint64      bytes,
                                 gint64      left,
                                 gint64      latency,
                                 guint       n_receiving);
void   bobbin_pace_lower        (BobbinPace *self,
                                 guint       n);
gint64 bobbin_pace_get_interval (const BobbinPace *self);

G_END_DECLS
