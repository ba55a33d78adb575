/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The checkpoint of a part, and how it is kept on the disk: a key file that is replaced as a whole,
 * so that a full disk never leaves half of one, and that is private to the user, for addresses may
 * hold secrets.
 *
 * There are two of them. The latest one says what the kernel was given; nobody waits for it to be
 * on the disk. It is believed in the same boot, on a disk that has been there all the time, for
 * what the kernel was given it keeps even if the program is killed. The synced one says what was on
 * the disk for certain before it was written, and is itself waited for; after another boot, or when
 * the disk was unplugged and is back, it alone counts. It is written seldom, and not by who
 * downloads: so no checkpoint ever waits for a disk, whatever its file system does about files that
 * replace others.
 *
 * Used by one thread at a time, but for bobbin_part_map_store_synced(); loading and storing may
 * block on the disk.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-part-map.h"

#include "bobbin-http-policy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define GROUP   "Bobbin Part"
#define VERSION 1

/* No map is larger. */
#define MAX_SIZE (1024 * 1024)

/* random(4): another value after each boot; NULL where the system does not tell. */
static const char *
get_boot_id (void)
{
  static gsize once;
  static char *id;

  if (g_once_init_enter (&once))
    {
      if (g_file_get_contents ("/proc/sys/kernel/random/boot_id", &id, NULL, NULL))
        g_strstrip (id);
      g_once_init_leave (&once, 1);
    }

  return id;
}

/* Another value each time a disk is plugged in (sysfs-block, diskseq). What has none, a file system
 * without a disk of its own or a kernel before 5.15, gives NULL. */
static char *
get_disk_id (int folder_fd)
{
  /* that of the disk, or of the disk that the partition is on */
  const char *const places[] = { "", "../" };
  struct stat status;
  char *id = NULL;

  if (fstat (folder_fd, &status) < 0)
    return NULL;

  for (guint i = 0; i < G_N_ELEMENTS (places) && id == NULL; i++)
    {
      g_autofree char *path =
        g_strdup_printf ("/sys/dev/block/%u:%u/%sdiskseq", major (status.st_dev),
                         minor (status.st_dev), places[i]);

      g_file_get_contents (path, &id, NULL, NULL);
    }

  return id != NULL ? g_strstrip (id) : NULL;
}

/**
 * bobbin_part_map_new:
 * @address: what is being downloaded
 *
 * Returns: (transfer full): a map in which nothing is there and nothing known
 */
BobbinPartMap *
bobbin_part_map_new (const char *address)
{
  BobbinPartMap *self = g_new0 (BobbinPartMap, 1);

  self->address = bobbin_http_strip_userinfo (address);
  self->length = -1;
  self->written = bobbin_segment_map_new ();
  self->synced = bobbin_segment_map_new ();

  return self;
}

/**
 * bobbin_part_map_is_of:
 * @self: a map
 * @address: an address
 *
 * Returns: whether it is of what lies at @address, whoever asks for it
 */
gboolean
bobbin_part_map_is_of (BobbinPartMap *self, const char *address)
{
  g_autofree char *stripped = bobbin_http_strip_userinfo (address);

  return strcmp (self->address, stripped) == 0;
}

/**
 * bobbin_part_map_free:
 * @self: (transfer full): a map
 */
void
bobbin_part_map_free (BobbinPartMap *self)
{
  bobbin_segment_map_free (self->written);
  bobbin_segment_map_free (self->synced);
  g_free (self->etag);
  g_free (self->last_modified);
  g_free (self->source);
  g_free (self->checksum);
  g_free (self->address);
  g_free (self);
}

/* Whether nothing can have been lost since the map was written. */
static gboolean
is_of_this_boot (GKeyFile *file, int folder_fd)
{
  g_autofree char *boot = g_key_file_get_string (file, GROUP, "Boot", NULL);
  g_autofree char *disk = g_key_file_get_string (file, GROUP, "Disk", NULL);
  g_autofree char *present = get_disk_id (folder_fd);

  return boot != NULL && g_strcmp0 (boot, get_boot_id ()) == 0 && g_strcmp0 (disk, present) == 0;
}

/* A map that says both where the file ends and that there are bytes behind it is right in neither.
 */
static gboolean
has_more_than (BobbinPartMap *self, gint64 length)
{
  const gint64 n_bytes = bobbin_segment_map_get_n_bytes (self->written);

  bobbin_part_map_clip (self, length);

  return bobbin_segment_map_get_n_bytes (self->written) < n_bytes;
}

static BobbinPartMap *
parse (GKeyFile *file)
{
  g_autofree char *address = g_key_file_get_string (file, GROUP, "Address", NULL);
  g_autofree char *text = g_key_file_get_string (file, GROUP, "Written", NULL);
  g_autoptr (BobbinSegmentMap) written = text != NULL ? bobbin_segment_map_parse (text) : NULL;
  g_autoptr (GError) error = NULL;
  const gint64 length = g_key_file_get_int64 (file, GROUP, "Length", &error);
  BobbinPartMap *self;

  if (error != NULL || address == NULL || written == NULL)
    return NULL;

  self = bobbin_part_map_new (address);
  self->length = length;
  self->etag = g_key_file_get_string (file, GROUP, "ETag", NULL);
  self->last_modified = g_key_file_get_string (file, GROUP, "LastModified", NULL);
  self->source = g_key_file_get_string (file, GROUP, "Source", NULL);
  self->checksum = g_key_file_get_string (file, GROUP, "Checksum", NULL);
  self->is_dated = g_key_file_get_boolean (file, GROUP, "Dated", NULL);
  self->is_doubtful = g_key_file_get_boolean (file, GROUP, "Doubtful", NULL);
  self->is_page = g_key_file_get_boolean (file, GROUP, "Page", NULL);
  bobbin_segment_map_copy (self->written, written);
  if (length >= 0 && has_more_than (self, length))
    bobbin_segment_map_clear (self->written);

  return self;
}

/* Reads a file, and only a file: a name in a folder may be anything. */
static GBytes *
read_file (int folder_fd, const char *name)
{
  const int fd = openat (folder_fd, name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
  g_autoptr (GMappedFile) file = NULL;
  struct stat status;

  if (fd < 0)
    return NULL;

  if (fstat (fd, &status) == 0 && S_ISREG (status.st_mode) && status.st_size <= MAX_SIZE)
    file = g_mapped_file_new_from_fd (fd, FALSE, NULL);
  close (fd);

  return file != NULL ? g_mapped_file_get_bytes (file) : NULL;
}

static char *
to_synced_name (const char *name)
{
  return g_strconcat (name, ".synced", NULL);
}

static BobbinPartMap *
load (int folder_fd, const char *name, gboolean *is_believed)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GBytes) bytes = read_file (folder_fd, name);

  if (bytes == NULL || !g_key_file_load_from_bytes (file, bytes, G_KEY_FILE_NONE, NULL) ||
      g_key_file_get_integer (file, GROUP, "Version", NULL) != VERSION)
    return NULL;

  *is_believed = is_of_this_boot (file, folder_fd);

  return parse (file);
}

/**
 * bobbin_part_map_load:
 * @folder_fd: an open folder
 * @name: (type filename): its name there
 *
 * Returns: (transfer full) (nullable): what can be trusted of the maps there, or %NULL if there is
 *   none that can be read
 */
BobbinPartMap *
bobbin_part_map_load (int folder_fd, const char *name)
{
  g_autofree char *synced_name = to_synced_name (name);
  gboolean is_believed = FALSE;
  gboolean ignored;
  BobbinPartMap *latest = load (folder_fd, name, &is_believed);
  g_autoptr (BobbinPartMap) synced = load (folder_fd, synced_name, &ignored);

  if (latest != NULL && synced != NULL && strcmp (latest->address, synced->address) != 0)
    g_clear_pointer (&synced, bobbin_part_map_free);

  if (synced != NULL)
    bobbin_segment_map_copy (synced->synced, synced->written);
  if (latest != NULL && is_believed && synced != NULL)
    bobbin_segment_map_copy (latest->synced, synced->synced);
  else if (latest != NULL && !is_believed)
    bobbin_segment_map_clear (latest->written);
  if (synced == NULL || (latest != NULL && is_believed))
    return latest;

  g_clear_pointer (&latest, bobbin_part_map_free);

  return g_steal_pointer (&synced);
}

static char *
format (BobbinPartMap *self, BobbinSegmentMap *segments, int folder_fd)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *written = bobbin_segment_map_to_string (segments);
  g_autofree char *disk = get_disk_id (folder_fd);

  g_key_file_set_integer (file, GROUP, "Version", VERSION);
  g_key_file_set_string (file, GROUP, "Address", self->address);
  g_key_file_set_int64 (file, GROUP, "Length", self->length);
  if (self->etag != NULL)
    g_key_file_set_string (file, GROUP, "ETag", self->etag);
  if (self->last_modified != NULL)
    g_key_file_set_string (file, GROUP, "LastModified", self->last_modified);
  if (self->source != NULL)
    g_key_file_set_string (file, GROUP, "Source", self->source);
  if (self->checksum != NULL)
    g_key_file_set_string (file, GROUP, "Checksum", self->checksum);
  if (self->is_dated)
    g_key_file_set_boolean (file, GROUP, "Dated", TRUE);
  if (self->is_doubtful)
    g_key_file_set_boolean (file, GROUP, "Doubtful", TRUE);
  if (self->is_page)
    g_key_file_set_boolean (file, GROUP, "Page", TRUE);
  if (get_boot_id () != NULL)
    g_key_file_set_string (file, GROUP, "Boot", get_boot_id ());
  if (disk != NULL)
    g_key_file_set_string (file, GROUP, "Disk", disk);
  g_key_file_set_string (file, GROUP, "Written", written);

  return g_key_file_to_data (file, NULL, NULL);
}

/**
 * bobbin_part_map_format_synced:
 * @self: a map
 * @segments: what will be on the disk for certain
 * @folder_fd: an open folder, where it is to be stored
 *
 * Returns: (transfer full): for bobbin_part_map_store_synced(), once that is so
 */
char *
bobbin_part_map_format_synced (BobbinPartMap *self, BobbinSegmentMap *segments, int folder_fd)
{
  return format (self, segments, folder_fd);
}

static int
write_all (int fd, const char *text)
{
  gsize left = strlen (text);

  while (left > 0)
    {
      const gssize n = write (fd, text, left);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return errno;
      text += n;
      left -= n;
    }

  return 0;
}

/* A fresh map is written beside the one before. What a kill left of it is ours, and goes; anything
 * else of that name is somebody's. Gives whether the name is free. */
static gboolean
remove_fresh (int folder_fd, const char *fresh)
{
  const char magic[] = "[" GROUP "]";
  char begin[sizeof magic] = "";
  struct stat status;
  gboolean is_ours = FALSE;
  const int fd = openat (folder_fd, fresh, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);

  if (fd < 0)
    return errno == ENOENT;

  if (fstat (fd, &status) == 0 && S_ISREG (status.st_mode) && status.st_nlink == 1)
    is_ours = status.st_size == 0 || (read (fd, begin, sizeof magic - 1) == sizeof magic - 1 &&
                                      strcmp (begin, magic) == 0);
  close (fd);

  return is_ours && unlinkat (folder_fd, fresh, 0) == 0;
}

/**
 * bobbin_part_map_remove_fresh:
 * @folder_fd: an open folder
 * @name: (type filename): the map's name there
 *
 * Clears away what a kill can leave beside the maps.
 */
void
bobbin_part_map_remove_fresh (int folder_fd, const char *name)
{
  g_autofree char *fresh = g_strconcat (name, ".new", NULL);
  g_autofree char *fresh_synced = g_strconcat (name, ".synced.new", NULL);

  remove_fresh (folder_fd, fresh);
  remove_fresh (folder_fd, fresh_synced);
}

/* Replaces a file as a whole. Gives 0 or the errno, and then the one before is still there. */
static int
store (const char *text, int folder_fd, const char *name, gboolean wait)
{
  const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  g_autofree char *fresh = g_strconcat (name, ".new", NULL);
  int fd = openat (folder_fd, fresh, flags, 0600);
  int errsv;

  if (fd < 0 && errno == EEXIST && remove_fresh (folder_fd, fresh))
    fd = openat (folder_fd, fresh, flags, 0600);
  if (fd < 0)
    return errno;

  errsv = write_all (fd, text);
  if (errsv == 0 && wait && fdatasync (fd) < 0)
    errsv = errno;
  if (close (fd) < 0 && errsv == 0)
    errsv = errno;
  if (errsv == 0 && renameat (folder_fd, fresh, folder_fd, name) < 0)
    errsv = errno;
  if (errsv != 0)
    unlinkat (folder_fd, fresh, 0);

  return errsv;
}

/**
 * bobbin_part_map_store:
 * @self: a map
 * @folder_fd: an open folder
 * @name: (type filename): its name there
 *
 * Replaces the latest map as a whole; waits for no disk.
 *
 * Returns: 0, or the errno, and then the map before is still there
 */
int
bobbin_part_map_store (BobbinPartMap *self, int folder_fd, const char *name)
{
  g_autofree char *text = format (self, self->written, folder_fd);

  return store (text, folder_fd, name, FALSE);
}

/**
 * bobbin_part_map_store_synced:
 * @text: what bobbin_part_map_format_synced() gave
 * @folder_fd: an open folder
 * @name: (type filename): the latest map's name there
 *
 * Replaces the synced map as a whole, and waits until the disk has it; its name is certain when the
 * folder is synced. Any thread.
 *
 * Returns: 0, or the errno, and then the map before is still there
 */
int
bobbin_part_map_store_synced (const char *text, int folder_fd, const char *name)
{
  g_autofree char *synced_name = to_synced_name (name);

  return store (text, folder_fd, synced_name, TRUE);
}

/**
 * bobbin_part_map_remove_synced:
 * @folder_fd: an open folder
 * @name: (type filename): the latest map's name there
 *
 * Removes the synced map.
 */
void
bobbin_part_map_remove_synced (int folder_fd, const char *name)
{
  g_autofree char *synced_name = to_synced_name (name);

  unlinkat (folder_fd, synced_name, 0);
}

/**
 * bobbin_part_map_begin:
 * @self: a map
 * @version: what comes now
 *
 * Forgets what was there: another version comes.
 */
void
bobbin_part_map_begin (BobbinPartMap *self, const BobbinPartVersion *version)
{
  self->length = version->length;
  self->is_dated = version->is_dated;
  self->is_page = version->is_page;
  self->is_doubtful = FALSE;
  g_free (self->etag);
  self->etag = g_strdup (version->etag);
  g_free (self->last_modified);
  self->last_modified = g_strdup (version->last_modified);
  g_free (self->source);
  self->source = g_strdup (version->source);
  g_clear_pointer (&self->checksum, g_free);
  bobbin_segment_map_clear (self->written);
  bobbin_segment_map_clear (self->synced);
}

/**
 * bobbin_part_map_clip:
 * @self: a map
 * @size: bytes that can be there at most
 *
 * Forgets what lies behind @size.
 */
void
bobbin_part_map_clip (BobbinPartMap *self, gint64 size)
{
  bobbin_segment_map_clip (self->written, size);
  bobbin_segment_map_clip (self->synced, size);
}
