/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-probe-private.h"

G_BEGIN_DECLS

/* The kinds that look at this computer; @root is "/" but in tests. */
BobbinProbe *bobbin_probe_swap_new        (const char *root);
BobbinProbe *bobbin_probe_load_new        (const char *root);
BobbinProbe *bobbin_probe_pressure_new    (const char *root,
                                           const char *resource,
                                           GError    **error);
BobbinProbe *bobbin_probe_traffic_new     (const char *root,
                                           const char *interface_name,
                                           GVariant   *options,
                                           GError    **error);
BobbinProbe *bobbin_probe_temperature_new (const char *root,
                                           const char *sensor);
BobbinProbe *bobbin_probe_process_new     (const char *root,
                                           const char *name,
                                           GError    **error);
BobbinProbe *bobbin_probe_folder_new      (const char *root,
                                           const char *path,
                                           GError    **error);

gboolean     bobbin_meminfo_find          (const char *text,
                                           const char *key,
                                           guint64    *kib);

G_END_DECLS
