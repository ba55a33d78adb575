/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-cli.h"

G_BEGIN_DECLS

GOptionGroup *bobbin_cli_options_make_group (const char *name,
                                             const char *title,
                                             const GOptionEntry *entries);
gboolean bobbin_cli_options_parse (GOptionGroup *const *groups,
                                   const char *command,
                                   const char *parameters,
                                   const char *summary,
                                   const char *description,
                                   char ***args,
                                   BobbinCliStatus *status);
char **bobbin_cli_options_split (char **args, const char *letters);
gboolean bobbin_cli_options_take_count (const char *option,
                                        const char *text,
                                        guint min,
                                        guint max,
                                        guint *count,
                                        GError **error);
gboolean bobbin_cli_options_take_number (const char *option,
                                         const char *text,
                                         double min,
                                         double max,
                                         double *number,
                                         GError **error);
gboolean bobbin_cli_options_take_rate (const char *option,
                                       const char *text,
                                       gint64 *rate,
                                       GError **error);
gboolean bobbin_cli_options_check_file (const char *path, GError **error);
gboolean bobbin_cli_options_wrong (GError **error, const char *message);
BobbinCliStatus bobbin_cli_options_fail (const char *message);
BobbinCliStatus bobbin_cli_options_wrong_usage (const char *command, const char *message);
BobbinCliStatus bobbin_cli_options_print (const char *text);

G_END_DECLS
