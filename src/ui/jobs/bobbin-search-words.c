/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What somebody types to find jobs: words, each of which is to be found somewhere, whatever case
 * they are in. Any thread.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-search-words.h"

#include <string.h>

/**
 * bobbin_search_words_split:
 * @text: what was typed
 *
 * Returns: (transfer full) (nullable): its words, for bobbin_search_words_match(); %NULL if there
 *   are none
 */
GStrv
bobbin_search_words_split (const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_auto (GStrv) parts = g_strsplit_set (folded, " \t\n", -1);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  gboolean any = FALSE;

  for (guint i = 0; parts[i] != NULL; i++)
    if (parts[i][0] != '\0')
      {
        g_strv_builder_add (words, parts[i]);
        any = TRUE;
      }

  return any ? g_strv_builder_end (words) : NULL;
}

static gboolean
has_word (char *const *folded, const char *word)
{
  for (; *folded != NULL; folded++)
    if (strstr (*folded, word) != NULL)
      return TRUE;

  return FALSE;
}

/**
 * bobbin_search_words_match:
 * @words: (nullable) (array zero-terminated=1): what bobbin_search_words_split() gave
 * @texts: (array zero-terminated=1): where to look
 *
 * Returns: whether each of the words is in any of the texts
 */
gboolean
bobbin_search_words_match (const char *const *words, const char *const *texts)
{
  g_autoptr (GStrvBuilder) builder = NULL;
  g_auto (GStrv) folded = NULL;

  if (words == NULL)
    return TRUE;

  builder = g_strv_builder_new ();
  for (; *texts != NULL; texts++)
    {
      g_autofree char *text = g_utf8_casefold (*texts, -1);

      g_strv_builder_add (builder, text);
    }
  folded = g_strv_builder_end (builder);
  for (; *words != NULL; words++)
    if (!has_word (folded, *words))
      return FALSE;

  return TRUE;
}
