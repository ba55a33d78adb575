/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-hasher: bytes that come in order, out of order, twice and not at all, and files.
 */

#include "config.h"

#include "bobbin-error.h"
#include "bobbin-hasher.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define LENGTH (3 * BOBBIN_HASHER_PIECE + 12345)

typedef struct
{
  guint8 *bytes; /* no two places of it look alike */
  int fd;        /* a file that holds them */
  BobbinChecksum checksum;
} Fixture;

static void
fixture_set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autofree char *digits = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  GRand *random = g_rand_new_with_seed (42);

  f->bytes = g_malloc (LENGTH);
  for (gsize i = 0; i < LENGTH; i++)
    f->bytes[i] = (guint8) g_rand_int (random);
  g_rand_free (random);

  f->fd = g_file_open_tmp ("bobbin-test-XXXXXX", &path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (write (f->fd, f->bytes, LENGTH), ==, LENGTH);
  g_assert_cmpint (g_unlink (path), ==, 0);

  digits = g_compute_checksum_for_data (G_CHECKSUM_SHA256, f->bytes, LENGTH);
  text = g_strconcat ("sha256:", digits, NULL);
  g_assert_true (bobbin_checksum_parse (text, &f->checksum, NULL));
}

static void
fixture_tear_down (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (close (f->fd), ==, 0);
  g_free (f->bytes);
}

static void
feed (BobbinHasher *hasher, Fixture *f, gint64 first, gint64 end)
{
  bobbin_hasher_feed (hasher, first, f->bytes + first, end - first);
}

static void
assert_whole (BobbinHasher *hasher, Fixture *f)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (bobbin_hasher_get_position (hasher), ==, LENGTH);
  g_assert_true (bobbin_hasher_finish (hasher, &f->checksum, &error));
  g_assert_no_error (error);
}

/* The four algorithms, with the text that FIPS 180 and RFC 1321 use. */
static void
test_algorithms (void)
{
  const char *const texts[] = {
    "md5:900150983cd24fb0d6963f7d28e17f72",
    "sha1:a9993e364706816aba3e25717850c26c9cd0d89d",
    "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
    "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (BobbinHasher) hasher = NULL;
      g_autoptr (GError) error = NULL;
      BobbinChecksum expected;

      g_assert_true (bobbin_checksum_parse (texts[i], &expected, NULL));
      hasher = bobbin_hasher_new (expected.type);
      g_assert_false (bobbin_hasher_finish (hasher, &expected, &error));
      g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_CHECKSUM);
      g_assert_nonnull (strstr (error->message, bobbin_checksum_get_name (&expected)));
      g_clear_error (&error);

      bobbin_hasher_feed (hasher, 0, "abc", 3);
      g_assert_true (bobbin_hasher_finish (hasher, &expected, &error));
      g_assert_no_error (error);
    }
}

static void
test_in_order (Fixture *f, gconstpointer data)
{
  g_autoptr (BobbinHasher) hasher = bobbin_hasher_new (G_CHECKSUM_SHA256);

  for (gint64 at = 0; at < LENGTH; at += 65521)
    {
      feed (hasher, f, at, MIN (at + 65521, LENGTH));
      g_assert_cmpint (bobbin_hasher_get_position (hasher), ==, MIN (at + 65521, LENGTH));
    }
  assert_whole (hasher, f);
}

/* What came out of order is not taken; the file has it. */
static void
test_out_of_order (Fixture *f, gconstpointer data)
{
  g_autoptr (BobbinHasher) hasher = bobbin_hasher_new (G_CHECKSUM_SHA256);

  feed (hasher, f, 0, 1000);
  feed (hasher, f, 2000, LENGTH);
  g_assert_cmpint (bobbin_hasher_get_position (hasher), ==, 1000);
  feed (hasher, f, 1000, 2000);
  g_assert_cmpint (bobbin_hasher_get_position (hasher), ==, 2000);
  g_assert_cmpint (bobbin_hasher_read_some (hasher, f->fd, G_MAXSIZE), ==, LENGTH - 2000);
  assert_whole (hasher, f);
}

/* At the end of a file the slowest rest is fetched twice. */
static void
test_twice (Fixture *f, gconstpointer data)
{
  g_autoptr (BobbinHasher) hasher = bobbin_hasher_new (G_CHECKSUM_SHA256);

  feed (hasher, f, 0, 3000);
  feed (hasher, f, 0, 3000);
  feed (hasher, f, 100, 200);
  feed (hasher, f, 3000, 3000);
  g_assert_cmpint (bobbin_hasher_get_position (hasher), ==, 3000);
  feed (hasher, f, 2000, 5000);
  g_assert_cmpint (bobbin_hasher_get_position (hasher), ==, 5000);
  feed (hasher, f, 0, LENGTH);
  assert_whole (hasher, f);
}

/* In pieces, with a look around between them; the last one is short, and then there is nothing. */
static void
test_file (Fixture *f, gconstpointer data)
{
  g_autoptr (BobbinHasher) hasher = bobbin_hasher_new (G_CHECKSUM_SHA256);

  for (guint i = 1; i <= 3; i++)
    {
      g_assert_cmpint (bobbin_hasher_read_some (hasher, f->fd, BOBBIN_HASHER_PIECE), ==,
                       BOBBIN_HASHER_PIECE);
      g_assert_cmpint (bobbin_hasher_get_position (hasher), ==, i * BOBBIN_HASHER_PIECE);
    }
  g_assert_cmpint (bobbin_hasher_read_some (hasher, f->fd, BOBBIN_HASHER_PIECE), ==, 12345);
  g_assert_cmpint (bobbin_hasher_read_some (hasher, f->fd, BOBBIN_HASHER_PIECE), ==, 0);
  g_assert_cmpint (bobbin_hasher_read_some (hasher, f->fd, 0), ==, 0);
  assert_whole (hasher, f);
}

static void
test_small_reads (Fixture *f, gconstpointer data)
{
  g_autoptr (BobbinHasher) hasher = bobbin_hasher_new (G_CHECKSUM_SHA256);

  while (bobbin_hasher_get_position (hasher) < LENGTH)
    g_assert_cmpint (bobbin_hasher_read_some (hasher, f->fd, 99991), >, 0);
  assert_whole (hasher, f);
}

/* Part of it came, part is read, part comes again. */
static void
test_mixed (Fixture *f, gconstpointer data)
{
  g_autoptr (BobbinHasher) hasher = bobbin_hasher_new (G_CHECKSUM_SHA256);

  feed (hasher, f, 0, 777);
  g_assert_cmpint (bobbin_hasher_read_some (hasher, f->fd, 1000), ==, 1000);
  feed (hasher, f, 1777, 1800);
  g_assert_cmpint (bobbin_hasher_read_some (hasher, f->fd, 2 * BOBBIN_HASHER_PIECE), ==,
                   2 * BOBBIN_HASHER_PIECE);
  feed (hasher, f, 5, LENGTH);
  assert_whole (hasher, f);
}

/* One byte is another one. */
static void
test_damaged (Fixture *f, gconstpointer data)
{
  g_autoptr (BobbinHasher) hasher = bobbin_hasher_new (G_CHECKSUM_SHA256);
  g_autoptr (GError) error = NULL;

  f->bytes[LENGTH / 2] ^= 1;
  g_assert_cmpint (pwrite (f->fd, f->bytes, LENGTH, 0), ==, LENGTH);
  g_assert_cmpint (bobbin_hasher_read_some (hasher, f->fd, G_MAXSIZE), ==, LENGTH);
  g_assert_false (bobbin_hasher_finish (hasher, &f->checksum, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_CHECKSUM);

  bobbin_hasher_restart (hasher);
  g_assert_cmpint (bobbin_hasher_get_position (hasher), ==, 0);
  f->bytes[LENGTH / 2] ^= 1;
  feed (hasher, f, 0, LENGTH);
  assert_whole (hasher, f);
}

/* To tell the checksum is not to end it. */
static void
test_tells_between (Fixture *f, gconstpointer data)
{
  g_autoptr (BobbinHasher) hasher = bobbin_hasher_new (G_CHECKSUM_SHA256);
  BobbinChecksum half, whole;

  feed (hasher, f, 0, LENGTH / 2);
  bobbin_hasher_get_checksum (hasher, &half);
  feed (hasher, f, LENGTH / 2, LENGTH);
  bobbin_hasher_get_checksum (hasher, &whole);
  g_assert_false (bobbin_checksum_equal (&half, &whole));
  g_assert_true (bobbin_checksum_equal (&whole, &f->checksum));
}

static void
test_unreadable (void)
{
  g_autoptr (BobbinHasher) hasher = bobbin_hasher_new (G_CHECKSUM_MD5);
  int fd = open ("/", O_RDONLY | O_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (bobbin_hasher_read_some (hasher, fd, 10), ==, -1);
  g_assert_cmpint (errno, ==, EISDIR);
  g_assert_cmpint (bobbin_hasher_get_position (hasher), ==, 0);
  close (fd);
}

#define add(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/hasher/algorithms", test_algorithms);
  add ("/hasher/in-order", test_in_order);
  add ("/hasher/out-of-order", test_out_of_order);
  add ("/hasher/twice", test_twice);
  add ("/hasher/file", test_file);
  add ("/hasher/small-reads", test_small_reads);
  add ("/hasher/mixed", test_mixed);
  add ("/hasher/damaged", test_damaged);
  add ("/hasher/tells-between", test_tells_between);
  g_test_add_func ("/hasher/unreadable", test_unreadable);

  return g_test_run ();
}
