/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What names a job everywhere and for ever, in the sixteen bytes that it is: a random UUID (RFC
 * 9562 §5.4). The text of it, 36 letters, is for the database and for the keyring. Any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-job-id.h"

#include <string.h>

/**
 * bobbin_job_id_new:
 * @id: (out): an id that no other job has
 */
void
bobbin_job_id_new (guint8 id[BOBBIN_JOB_ID_SIZE])
{
  g_autofree char *text = g_uuid_string_random ();

  bobbin_job_id_parse (id, text);
}

/**
 * bobbin_job_id_parse:
 * @id: (out): the id, or all 0 if @text is none
 * @text: a UUID
 *
 * Returns: whether @text is a UUID
 */
gboolean
bobbin_job_id_parse (guint8 id[BOBBIN_JOB_ID_SIZE], const char *text)
{
  memset (id, 0, BOBBIN_JOB_ID_SIZE);
  if (!g_uuid_string_is_valid (text))
    return FALSE;

  for (guint i = 0; i < BOBBIN_JOB_ID_SIZE; i++, text += 2)
    {
      text += *text == '-';
      id[i] = g_ascii_xdigit_value (text[0]) << 4 | g_ascii_xdigit_value (text[1]);
    }

  return TRUE;
}

/**
 * bobbin_job_id_format:
 * @id: an id
 *
 * Returns: (transfer full): @id as a UUID is written
 */
char *
bobbin_job_id_format (const guint8 id[BOBBIN_JOB_ID_SIZE])
{
  GString *text = g_string_sized_new (36);

  for (guint i = 0; i < BOBBIN_JOB_ID_SIZE; i++)
    g_string_append_printf (text, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", id[i]);

  return g_string_free (text, FALSE);
}
