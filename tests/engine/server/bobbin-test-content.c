/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the test server's files contain: bytes that follow from a seed and their offset alone, so
 * that any range can be made and any byte of a downloaded file be checked without keeping a copy.
 * Pure; any thread.
 */

#include "config.h"

#include "bobbin-test-content.h"

#include <string.h>

/* The finalizer of splitmix64: well mixed, and any position is as near as any other. */
static guint64
word_at (guint64 seed, guint64 index)
{
  guint64 z = seed + (index + 1) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/**
 * bobbin_test_content_fill:
 * @seed: which file
 * @offset: where in the file
 * @buffer: (out caller-allocates) (array length=length): the bytes
 * @length: how many
 *
 * Makes a part of a file's content.
 */
void
bobbin_test_content_fill (guint64 seed, gint64 offset, guint8 *buffer, gsize length)
{
  gsize done = 0;

  while (done < length)
    {
      guint64 position = (guint64) offset + done;
      guint64 word = GUINT64_TO_LE (word_at (seed, position / 8));
      gsize skip = position % 8;
      gsize n = MIN (8 - skip, length - done);

      memcpy (buffer + done, (const guint8 *) &word + skip, n);
      done += n;
    }
}

/**
 * bobbin_test_content_bytes:
 * @seed: which file
 * @length: of the file
 *
 * Makes the whole content of a file.
 *
 * Returns: (transfer full): the bytes
 */
GBytes *
bobbin_test_content_bytes (guint64 seed, gint64 length)
{
  guint8 *buffer = g_malloc ((gsize) length);

  bobbin_test_content_fill (seed, 0, buffer, (gsize) length);
  return g_bytes_new_take (buffer, (gsize) length);
}

/**
 * bobbin_test_content_assert:
 * @file: a path
 * @seed: which file it should be
 * @length: and how long
 *
 * Fails the test unless every byte is there and right.
 */
void
bobbin_test_content_assert (const char *file, guint64 seed, gint64 length)
{
  g_autoptr (GBytes) expected = bobbin_test_content_bytes (seed, length);
  g_autoptr (GError) error = NULL;
  g_autofree char *contents = NULL;
  g_autofree char *sum = NULL;
  g_autofree char *expected_sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, expected);
  gsize size;

  g_file_get_contents (file, &contents, &size, &error);
  g_assert_no_error (error);
  g_assert_cmpint ((gint64) size, ==, length);
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) contents, size);
  g_assert_cmpstr (sum, ==, expected_sum);
}
