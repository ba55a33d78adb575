/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A power cut at any moment, against a model: a part is written at random places, its map stored
 * and synced at random, and then what nobody waited for is lost by the page, or not, or the file is
 * cut off, and the computer has another boot id. Whatever is said to be there afterwards has to be
 * what was written; whatever a sync made certain has to be there.
 */

#include "config.h"

#include "part-fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define ROUNDS 1000
#define PAGE   64
#define PAGES  64
#define LENGTH (PAGE * PAGES - 17)
#define MAP    "file.bin.part.map"
#define PART   "file.bin.part"

typedef struct
{
  Fixture *fixture;
  gint64 length;             /* as the server tells: -1, or so short that a map comes late */
  guint version;             /* of the file on the server */
  guint8 is_written[LENGTH]; /* as the kernel knows it */
  guint8 is_certain[LENGTH]; /* as the last sync left it */
  gboolean is_dirty[PAGES];  /* written since then */
  char *earlier_map;         /* (owned) (nullable) one that was stored at some time */
} Model;

static guint8
byte_of (guint version, gint64 offset)
{
  return 1 + (offset * 31 + offset / 251 + version * 101) % 255;
}

static char *
read_map (Fixture *fixture)
{
  g_autofree char *path = fixture_path (fixture, MAP);
  char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? text : NULL;
}

static void
keep_map (Model *model)
{
  g_free (model->earlier_map);
  model->earlier_map = read_map (model->fixture);
}

static void
act_write (Model *model, BobbinPartFile *part)
{
  const gint64 first = g_test_rand_int_range (0, LENGTH);
  const gint64 n_bytes = g_test_rand_int_range (1, 5 * PAGE);
  const gint64 end = MIN (first + n_bytes, LENGTH);
  g_autoptr (GError) error = NULL;
  guint8 bytes[5 * PAGE];

  for (gint64 i = first; i < end; i++)
    {
      bytes[i - first] = byte_of (model->version, i);
      model->is_written[i] = TRUE;
      model->is_dirty[i / PAGE] = TRUE;
    }
  bobbin_part_file_write (part, first, bytes, end - first, &error);
  g_assert_no_error (error);
}

static void
act_sync (Model *model, BobbinPartFile *part)
{
  g_autoptr (GError) error = NULL;

  bobbin_part_file_sync (part, &error);
  g_assert_no_error (error);
  memcpy (model->is_certain, model->is_written, sizeof model->is_certain);
  memset (model->is_dirty, 0, sizeof model->is_dirty);
}

/* A sync has begun, and is over when more has been written. */
static void
act_sync_beside (Model *model, BobbinPartFile *part)
{
  Model before = *model;
  g_autoptr (GError) error = NULL;

  bobbin_part_file_begin_sync (part);
  act_write (model, part);
  bobbin_part_file_checkpoint (part);
  while (bobbin_part_file_is_syncing (part))
    g_thread_yield ();
  bobbin_part_file_end_sync (part, NULL, &error);
  g_assert_no_error (error);
  memcpy (model->is_certain, before.is_written, sizeof model->is_certain);
  for (guint i = 0; i < PAGES; i++)
    model->is_dirty[i] = memcmp (model->is_written + i * PAGE, before.is_written + i * PAGE,
                                 MIN (PAGE, LENGTH - i * PAGE)) != 0;
}

/* The file changed on the server. */
static void
act_begin (Model *model, BobbinPartFile *part)
{
  g_autofree char *etag = g_strdup_printf ("\"%u\"", ++model->version);
  const BobbinPartVersion version = { .length = model->length, .etag = etag };
  g_autoptr (GError) error = NULL;

  bobbin_part_file_begin (part, &version, &error);
  g_assert_no_error (error);
  memset (model->is_written, 0, sizeof model->is_written);
  memset (model->is_certain, 0, sizeof model->is_certain);
  for (guint i = 0; i < PAGES; i++)
    model->is_dirty[i] = TRUE;
}

static void
act (Model *model, BobbinPartFile *part)
{
  const int what = g_test_rand_int_range (0, 20);

  if (what < 12)
    act_write (model, part);
  else if (what < 16)
    {
      bobbin_part_file_checkpoint (part);
      if (g_test_rand_bit ())
        keep_map (model);
    }
  else if (what < 18)
    act_sync (model, part);
  else if (what < 19)
    act_sync_beside (model, part);
  else
    act_begin (model, part);
}

/* What the disk did not have yet is there or not, page by page. */
static void
lose_pages (Model *model)
{
  g_autofree char *path = fixture_path (model->fixture, PART);
  const int fd = g_open (path, O_RDWR | O_CLOEXEC);
  const gint64 size = lseek (fd, 0, SEEK_END);
  gint64 end = size;

  g_assert_cmpint (fd, >=, 0);
  for (guint i = 0; i < PAGES; i++)
    if (model->is_dirty[i] && g_test_rand_bit () && (gint64) i * PAGE < size)
      {
        const gint64 first = (gint64) i * PAGE;
        const guint8 lost = g_test_rand_bit () ? 0 : 0xEE;

        for (gint64 at = first; at < MIN (first + PAGE, size); at++)
          if (!model->is_certain[at])
            g_assert_cmpint (pwrite (fd, &lost, 1, at), ==, 1);
      }
  /* or the new size is what was lost */
  while (end > 0 && !model->is_certain[end - 1])
    end--;
  if (g_test_rand_bit ())
    g_assert_cmpint (ftruncate (fd, g_test_rand_int_range (end, size + 1)), ==, 0);
  close (fd);
}

/* One of those latest maps that may be there now: nobody waited for any of them. The synced one is
 * there. */
static void
lose_map (Model *model)
{
  g_autofree char *path = fixture_path (model->fixture, MAP);
  const char *choices[] = { NULL, "", model->earlier_map };
  const char *choice = choices[g_test_rand_int_range (0, G_N_ELEMENTS (choices))];

  if (choice != NULL && g_file_test (path, G_FILE_TEST_EXISTS))
    g_assert_true (g_file_set_contents (path, choice, -1, NULL));
}

static void
change_boot (Fixture *fixture)
{
  g_autofree char *path = fixture_path (fixture, MAP);
  g_autoptr (GKeyFile) map = g_key_file_new ();

  if (!g_key_file_load_from_file (map, path, G_KEY_FILE_NONE, NULL) ||
      !g_key_file_has_group (map, "Bobbin Part"))
    return;

  g_key_file_set_string (map, "Bobbin Part", "Boot", "00000000-0000-0000-0000-000000000000");
  g_assert_true (g_key_file_save_to_file (map, path, NULL));
}

/* Everything that is promised is right and of the version that is said, and what was certain is
 * promised. */
static void
check (Model *model, BobbinPartFile *part, gboolean cut)
{
  BobbinSegmentMap *written = bobbin_part_file_get_written (part);
  g_autofree char *etag = g_strdup_printf ("\"%u\"", model->version);
  const gboolean is_latest = g_strcmp0 (bobbin_part_file_get_etag (part), etag) == 0;

  /* A map of an earlier version that is there still promises nothing. */
  if (!is_latest)
    g_assert_cmpint (bobbin_part_file_get_n_bytes (part), ==, 0);

  for (gint64 i = 0; i < LENGTH; i++)
    {
      const guint8 expected = byte_of (model->version, i);
      guint8 found = 0;

      if (model->is_certain[i])
        g_assert_true (bobbin_segment_map_has (written, i, i + 1));
      if (!bobbin_segment_map_has (written, i, i + 1))
        continue;
      g_assert_true (cut ? model->is_certain[i] : model->is_written[i]);
      g_assert_cmpint (pread (bobbin_part_file_get_fd (part), &found, 1, i), ==, 1);
      g_assert_cmpint (found, ==, expected);
    }
}

/* The next life begins with what is known now. */
static void
go_on (Model *model, BobbinPartFile *part)
{
  BobbinSegmentMap *written = bobbin_part_file_get_written (part);

  if (bobbin_part_file_get_n_bytes (part) == 0)
    {
      act_begin (model, part);
      return;
    }
  for (gint64 i = 0; i < LENGTH; i++)
    model->is_written[i] = bobbin_segment_map_has (written, i, i + 1);
  if (g_test_rand_bit ())
    act_sync (model, part);
}

/* What was said to be there is kept, the rest comes, and the file is right. */
static void
finish (Model *model, BobbinPartFile *part)
{
  g_autofree char *path = NULL;
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;
  gint64 first, end;
  gsize length;

  while (bobbin_segment_map_get_gap (bobbin_part_file_get_written (part), 0, LENGTH, &first, &end))
    {
      guint8 bytes[LENGTH];

      for (gint64 i = first; i < end; i++)
        bytes[i] = byte_of (model->version, i);
      g_assert_true (bobbin_part_file_write (part, first, bytes + first, end - first, NULL));
    }
  if (model->length < 0)
    bobbin_part_file_set_length (part, LENGTH);
  path = bobbin_part_file_publish (part, BOBBIN_EXISTS_FAIL, FALSE, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  g_assert_cmpint (length, ==, LENGTH);
  for (gint64 i = 0; i < LENGTH; i++)
    g_assert_cmpint ((guint8) content[i], ==, byte_of (model->version, i));
  fixture_assert_files (model->fixture, "file.bin");
  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
run_round (Fixture *fixture, guint round)
{
  Model model = { .fixture = fixture, .length = round % 2 ? LENGTH : -1, .version = round * 100 };
  g_autoptr (BobbinPartFile) part = fixture_claim (fixture);
  const guint n_lives = g_test_rand_int_range (1, 4);

  act_begin (&model, part);
  for (guint life = 0; life < n_lives; life++)
    {
      const guint n_acts = g_test_rand_int_range (0, 12);
      const gboolean cut = g_test_rand_int_range (0, 4) > 0;

      for (guint i = 0; i < n_acts; i++)
        act (&model, part);
      bobbin_part_file_free (part);
      if (cut)
        {
          lose_pages (&model);
          lose_map (&model);
          change_boot (fixture);
        }
      part = fixture_claim (fixture);
      g_assert_cmpstr (bobbin_part_file_get_name (part), ==, "file.bin");
      check (&model, part, cut);
      go_on (&model, part);
    }
  finish (&model, part);
  g_free (model.earlier_map);
}

static void
test_rounds (Fixture *fixture, gconstpointer data)
{
  for (guint round = 0; round < ROUNDS; round++)
    run_round (fixture, round);
}

int
main (int argc, char **argv)
{
  /* No real disk has to be waited for. */
  if (g_access ("/dev/shm", W_OK) == 0)
    g_setenv ("TMPDIR", "/dev/shm", FALSE);
  g_test_init (&argc, &argv, NULL);

  part_test ("/part-power/rounds", test_rounds);

  return g_test_run ();
}
