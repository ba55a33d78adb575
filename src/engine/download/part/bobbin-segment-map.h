/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _BobbinSegmentMap BobbinSegmentMap;

BobbinSegmentMap *bobbin_segment_map_new           (void);
void              bobbin_segment_map_free          (BobbinSegmentMap *self);
BobbinSegmentMap *bobbin_segment_map_parse         (const char *text);
char             *bobbin_segment_map_to_string     (BobbinSegmentMap *self);
void              bobbin_segment_map_clear         (BobbinSegmentMap *self);
void              bobbin_segment_map_copy          (BobbinSegmentMap *self,
                                                    BobbinSegmentMap *other);
void              bobbin_segment_map_add           (BobbinSegmentMap *self,
                                                    gint64            first,
                                                    gint64            end);
void              bobbin_segment_map_clip          (BobbinSegmentMap *self,
                                                    gint64            end);
gint64            bobbin_segment_map_get_n_bytes   (BobbinSegmentMap *self);
gint64            bobbin_segment_map_get_first_gap (BobbinSegmentMap *self);
gint64            bobbin_segment_map_get_end       (BobbinSegmentMap *self);
gboolean          bobbin_segment_map_get_gap       (BobbinSegmentMap *self,
                                                    gint64            from,
                                                    gint64            length,
                                                    gint64           *first,
                                                    gint64           *end);
gboolean          bobbin_segment_map_has           (BobbinSegmentMap *self,
                                                    gint64            first,
                                                    gint64            end);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinSegmentMap, bobbin_segment_map_free)

G_END_DECLS
