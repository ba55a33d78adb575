/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GRegex  *bobbin_line_regex_new   (const char *option,
                                  const char *pattern,
                                  GError    **error);
gboolean bobbin_line_regex_match (GRegex     *regex,
                                  const char *line,
                                  gsize       length,
                                  gboolean   *matches,
                                  GError    **error);
char    *bobbin_line_regex_text  (const char *bytes,
                                  gsize       length,
                                  const char *charset);

G_END_DECLS
