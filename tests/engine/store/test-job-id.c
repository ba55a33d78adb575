/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "bobbin-job-id.h"

#include <string.h>

static void
test_text (void)
{
  const char *uuid = "0123abcd-ef45-4678-9a0b-c1d2e3f40516";
  guint8 id[BOBBIN_JOB_ID_SIZE];
  g_autofree char *text = NULL;

  g_assert_true (bobbin_job_id_parse (id, uuid));
  g_assert_cmphex (id[0], ==, 0x01);
  g_assert_cmphex (id[15], ==, 0x16);
  text = bobbin_job_id_format (id);
  g_assert_cmpstr (text, ==, uuid);
}

static void
test_no_id (void)
{
  const guint8 none[BOBBIN_JOB_ID_SIZE] = { 0 };
  guint8 id[BOBBIN_JOB_ID_SIZE];

  bobbin_job_id_new (id);
  g_assert_false (bobbin_job_id_parse (id, "one"));
  g_assert_cmpmem (id, sizeof id, none, sizeof none);
}

static void
test_new (void)
{
  guint8 one[BOBBIN_JOB_ID_SIZE], other[BOBBIN_JOB_ID_SIZE];
  g_autofree char *text = NULL;

  bobbin_job_id_new (one);
  bobbin_job_id_new (other);
  g_assert_true (memcmp (one, other, sizeof one) != 0);
  text = bobbin_job_id_format (one);
  g_assert_true (g_uuid_string_is_valid (text));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/job-id/text", test_text);
  g_test_add_func ("/job-id/no-id", test_no_id);
  g_test_add_func ("/job-id/new", test_new);

  return g_test_run ();
}
