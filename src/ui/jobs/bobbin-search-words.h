/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GStrv bobbin_search_words_split (const char *text);
gboolean bobbin_search_words_match (const char *const *words, const char *const *texts);

G_END_DECLS
