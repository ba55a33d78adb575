/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A file system of our own, of which there is nothing but an empty folder and the figures of
 * statvfs(): any that a test likes, or none at all, ever. It speaks to the kernel itself (Linux's
 * Documentation/filesystems/fuse.rst), so that nothing has to be installed for it.
 */

#include "config.h"

#include "bobbin-test-fuse.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* As much as the kernel wants to be able to say at once. */
#define MAX_REQUEST (FUSE_MIN_READ_BUFFER * 2)

struct _BobbinTestFuse
{
  char *folder; /* (owned) */
  int fd;       /* (owned) the kernel's end */
  int quit_fd;  /* (owned) */
  struct statvfs figures;
  GThread *thread; /* (nullable) who answers, if anybody does */
};

static void
answer (int fd, const struct fuse_in_header *request, int error, gconstpointer body, gsize length)
{
  struct fuse_out_header header = { .len = sizeof header + (error == 0 ? length : 0),
                                    .error = -error,
                                    .unique = request->unique };
  const struct iovec parts[] = { { .iov_base = &header, .iov_len = sizeof header },
                                 { .iov_base = (gpointer) body, .iov_len = length } };

  /* ENOENT: whoever asked has gone. */
  if (writev (fd, parts, error == 0 ? 2 : 1) < 0 && errno != ENOENT)
    g_error ("An answer to the kernel failed: %s", g_strerror (errno));
}

static void
answer_init (int fd, const struct fuse_in_header *request)
{
  const struct fuse_init_in *offer = (gconstpointer) (request + 1);
  const struct fuse_init_out terms = { .major = FUSE_KERNEL_VERSION,
                                       .minor = MIN (offer->minor, FUSE_KERNEL_MINOR_VERSION),
                                       .max_readahead = offer->max_readahead,
                                       .max_write = 4096 };

  answer (fd, request, 0, &terms, sizeof terms);
}

static void
answer_attributes (int fd, const struct fuse_in_header *request)
{
  const struct fuse_attr_out found = {
    .attr = { .ino = FUSE_ROOT_ID, .mode = S_IFDIR | 0755, .nlink = 2, .blksize = 4096 }
  };

  answer (fd, request, 0, &found, sizeof found);
}

static void
answer_figures (int fd, const struct fuse_in_header *request, const struct statvfs *figures)
{
  const struct fuse_statfs_out found = { .st = { .blocks = figures->f_blocks,
                                                 .bfree = figures->f_bfree,
                                                 .bavail = figures->f_bavail,
                                                 .files = figures->f_files,
                                                 .ffree = figures->f_ffree,
                                                 .bsize = figures->f_bsize,
                                                 .frsize = figures->f_frsize,
                                                 .namelen = 255 } };

  answer (fd, request, 0, &found, sizeof found);
}

static void
answer_any (BobbinTestFuse *self, const struct fuse_in_header *request)
{
  switch (request->opcode)
    {
    case FUSE_INIT:
      answer_init (self->fd, request);
      break;
    case FUSE_GETATTR:
      answer_attributes (self->fd, request);
      break;
    case FUSE_STATFS:
      answer_figures (self->fd, request, &self->figures);
      break;
    /* Nobody waits for an answer to these. */
    case FUSE_FORGET:
    case FUSE_BATCH_FORGET:
    case FUSE_INTERRUPT:
      break;
    default:
      answer (self->fd, request, ENOSYS, NULL, 0);
      break;
    }
}

static gpointer
serve (gpointer user_data)
{
  BobbinTestFuse *self = user_data;
  struct pollfd fds[] = { { .fd = self->fd, .events = POLLIN },
                          { .fd = self->quit_fd, .events = POLLIN } };
  g_autofree struct fuse_in_header *request = g_malloc (MAX_REQUEST);

  while (poll (fds, G_N_ELEMENTS (fds), -1) >= 0 || errno == EINTR)
    {
      if (fds[1].revents != 0 || (fds[0].revents & (POLLERR | POLLHUP)) != 0)
        break;
      if (read (self->fd, request, MAX_REQUEST) >= (gssize) sizeof *request)
        answer_any (self, request);
    }

  return NULL;
}

static gboolean
mount_it (BobbinTestFuse *self)
{
  g_autofree char *terms = NULL;

  self->fd = open ("/dev/fuse", O_RDWR | O_CLOEXEC | O_NONBLOCK);
  if (self->fd < 0)
    return FALSE;

  terms = g_strdup_printf ("fd=%d,rootmode=40000,user_id=%u,group_id=%u", self->fd, geteuid (),
                           getegid ());

  return mount ("bobbin-test", self->folder, "fuse", MS_NOSUID | MS_NODEV, terms) == 0;
}

/**
 * bobbin_test_fuse_new:
 * @folder: an empty folder, in a namespace of the test's (bobbin_test_enter_namespace())
 * @figures: (nullable): what statvfs() is to say; %NULL: the kernel is never answered, and neither
 *   is whoever looks there, until that is killed
 *
 * Mounts a file system of our own.
 *
 * Returns: (transfer full) (nullable): the file system; %NULL where none may be mounted
 */
BobbinTestFuse *
bobbin_test_fuse_new (const char *folder, const struct statvfs *figures)
{
  BobbinTestFuse *self = g_new0 (BobbinTestFuse, 1);

  self->folder = g_strdup (folder);
  self->quit_fd = eventfd (0, EFD_CLOEXEC);
  if (!mount_it (self))
    {
      g_test_message ("No file system of our own: %s", g_strerror (errno));
      bobbin_test_fuse_free (self);
      return NULL;
    }
  if (figures != NULL)
    {
      self->figures = *figures;
      self->thread = g_thread_new ("test-fuse", serve, self);
    }

  return self;
}

/**
 * bobbin_test_fuse_free:
 * @self: (transfer full): a file system
 *
 * Ends it; whoever waits for an answer gets an error.
 */
void
bobbin_test_fuse_free (BobbinTestFuse *self)
{
  const guint64 one = 1;

  if (self->thread != NULL)
    {
      g_assert_cmpint (write (self->quit_fd, &one, sizeof one), ==, sizeof one);
      g_thread_join (self->thread);
    }
  if (self->fd >= 0)
    {
      close (self->fd);
      umount2 (self->folder, MNT_DETACH);
    }
  close (self->quit_fd);
  g_free (self->folder);
  g_free (self);
}
