/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Computes a checksum while a file comes. A digest has to see the bytes in their order: as long as
 * they come so, from the first one on, it follows; what comes from elsewhere it leaves out, and
 * reads from the file when that is whole, from where it stood. Used by one thread at a time; only
 * reading the file can block.
 *
 * The digests are Nettle's, which uses what the processor has for them. Measured here, GChecksum,
 * Nettle and GnuTLS, in MB/s: SHA-256 290, 1540, 1740; SHA-1 720, 1570, 1850; SHA-512 350, 560 to
 * 830, 820; MD5 all 640. GnuTLS makes each start of the program 1.3 ms longer, Nettle 0.1 ms, and
 * no policy of a system can forbid it an algorithm.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-hasher.h"

#include "bobbin-error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <nettle/nettle-meta.h>
#include <nettle/version.h>
#include <unistd.h>

struct _BobbinHasher
{
  GChecksumType type;
  const struct nettle_hash *hash;
  gpointer state;  /* (owned) the hash's context */
  gint64 position; /* so many bytes are in it */
  guint8 *buffer;  /* (owned) (nullable) one piece, once the file is read */
};

static const struct nettle_hash *
get_hash (GChecksumType type)
{
  switch (type)
    {
    case G_CHECKSUM_MD5:
      return &nettle_md5;
    case G_CHECKSUM_SHA1:
      return &nettle_sha1;
    case G_CHECKSUM_SHA256:
      return &nettle_sha256;
    case G_CHECKSUM_SHA512:
      return &nettle_sha512;
    case G_CHECKSUM_SHA384:
    default:
      g_assert_not_reached ();
    }
}

/**
 * bobbin_hasher_new:
 * @type: MD5, SHA-1, SHA-256 or SHA-512
 *
 * Returns: (transfer full): a hasher that has seen nothing
 */
BobbinHasher *
bobbin_hasher_new (GChecksumType type)
{
  BobbinHasher *self = g_new0 (BobbinHasher, 1);

  self->type = type;
  self->hash = get_hash (type);
  self->state = g_malloc (self->hash->context_size);
  self->hash->init (self->state);

  return self;
}

/**
 * bobbin_hasher_free:
 * @self: (transfer full): a hasher
 */
void
bobbin_hasher_free (BobbinHasher *self)
{
  g_free (self->state);
  g_free (self->buffer);
  g_free (self);
}

/**
 * bobbin_hasher_restart:
 * @self: a hasher
 *
 * Forgets what it has seen: another version of the file comes.
 */
void
bobbin_hasher_restart (BobbinHasher *self)
{
  self->hash->init (self->state);
  self->position = 0;
}

/**
 * bobbin_hasher_feed:
 * @self: a hasher
 * @offset: where in the file @bytes begin
 * @bytes: (array length=length) (element-type guint8): what has come
 * @length: how many
 *
 * Follows what comes. What it has seen already is left out, and so is what lies further on than its
 * position: that is left to bobbin_hasher_read_some(). Never blocks.
 */
void
bobbin_hasher_feed (BobbinHasher *self, gint64 offset, gconstpointer bytes, gsize length)
{
  gsize seen;

  g_return_if_fail (offset >= 0);

  if (offset > self->position || (guint64) (self->position - offset) >= length)
    return;

  seen = self->position - offset;
  self->hash->update (self->state, length - seen, (const guint8 *) bytes + seen);
  self->position += length - seen;
}

/**
 * bobbin_hasher_get_position:
 * @self: a hasher
 *
 * Returns: the offset of the first byte that it has not seen; the file's length when it has seen
 * all
 */
gint64
bobbin_hasher_get_position (BobbinHasher *self)
{
  return self->position;
}

/* Returns: how much was read, 0 at the end, -1 on error, see errno */
static gssize
hasher_read_piece (BobbinHasher *self, int fd, gsize length)
{
  gssize n;

  do
    n = pread (fd, self->buffer, length, self->position);
  while (n < 0 && errno == EINTR);

  if (n > 0)
    bobbin_hasher_feed (self, self->position, self->buffer, n);

  return n;
}

/**
 * bobbin_hasher_read_some:
 * @self: a hasher
 * @fd: the file, open for reading; its own position is neither used nor moved
 * @max_bytes: how much at most
 *
 * Goes on from its position with what is on the disk, in pieces of %BOBBIN_HASHER_PIECE; a caller
 * that asks for one at a time can show progress and look whether to stop in between. Blocks while
 * the disk reads.
 *
 * Returns: how many bytes were read; fewer than @max_bytes, and then 0, at the end of the file; -1
 * on error, and errno says which
 */
gssize
bobbin_hasher_read_some (BobbinHasher *self, int fd, gsize max_bytes)
{
  gsize done = 0;

  if (self->buffer == NULL)
    self->buffer = g_malloc (BOBBIN_HASHER_PIECE);

  max_bytes = MIN (max_bytes, (gsize) G_MAXSSIZE);
  while (done < max_bytes)
    {
      const gssize n = hasher_read_piece (self, fd, MIN (max_bytes - done, BOBBIN_HASHER_PIECE));

      if (n < 0)
        return -1;
      if (n == 0)
        break;
      done += n;
    }

  return (gssize) done;
}

/**
 * bobbin_hasher_get_checksum:
 * @self: a hasher
 * @checksum: (out caller-allocates): the checksum of what it has seen
 *
 * Tells where it stands; more may be fed to it afterwards.
 */
void
bobbin_hasher_get_checksum (BobbinHasher *self, BobbinChecksum *checksum)
{
  /* Asked for its digest, a state begins anew. */
  g_autofree gpointer state = g_memdup2 (self->state, self->hash->context_size);

  *checksum = (BobbinChecksum){ .type = self->type };
#if NETTLE_VERSION_MAJOR >= 4
  self->hash->digest (state, checksum->digest);
#else
  self->hash->digest (state, self->hash->digest_size, checksum->digest);
#endif
}

/**
 * bobbin_hasher_finish:
 * @self: a hasher that has seen the whole file
 * @expected: a checksum of its type
 * @error: return location for a %BOBBIN_ERROR_CHECKSUM
 *
 * Whether the file is the one that @expected is of. That the position is the file's length is for
 * the caller to see to.
 *
 * Returns: %TRUE if so
 */
gboolean
bobbin_hasher_finish (BobbinHasher *self, const BobbinChecksum *expected, GError **error)
{
  BobbinChecksum checksum;

  g_return_val_if_fail (expected->type == self->type, FALSE);

  bobbin_hasher_get_checksum (self, &checksum);
  if (bobbin_checksum_equal (&checksum, expected))
    return TRUE;

  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_CHECKSUM,
               /* Translators: %s is the name of an algorithm, such as SHA-256 */
               _ ("The file that came is damaged or another one: its %s checksum does not match."),
               bobbin_checksum_get_name (expected));

  return FALSE;
}
