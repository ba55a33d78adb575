/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * BobbinFileGroup:
 * @BOBBIN_FILE_GROUP_VIDEO: films and clips
 * @BOBBIN_FILE_GROUP_AUDIO: music and speech
 * @BOBBIN_FILE_GROUP_IMAGES: pictures
 * @BOBBIN_FILE_GROUP_DOCUMENTS: what is read
 * @BOBBIN_FILE_GROUP_ARCHIVES: files in one file
 * @BOBBIN_FILE_GROUP_DISK_IMAGES: what is written to a disk, or put into a machine as one
 * @BOBBIN_FILE_GROUP_PACKAGES: what is installed
 *
 * Types of files that a person puts together, as flags.
 */
typedef enum
{
  BOBBIN_FILE_GROUP_VIDEO = 1 << 0,
  BOBBIN_FILE_GROUP_AUDIO = 1 << 1,
  BOBBIN_FILE_GROUP_IMAGES = 1 << 2,
  BOBBIN_FILE_GROUP_DOCUMENTS = 1 << 3,
  BOBBIN_FILE_GROUP_ARCHIVES = 1 << 4,
  BOBBIN_FILE_GROUP_DISK_IMAGES = 1 << 5,
  BOBBIN_FILE_GROUP_PACKAGES = 1 << 6,
} BobbinFileGroup;

#define BOBBIN_N_FILE_GROUPS 7

/**
 * BobbinCategory:
 * @name: what a person calls it
 * @folder: (type filename): absolute path of where its files go; empty for the usual folder
 * @groups: types of its files, as [flags@BobbinFileGroup]; 0 for any
 * @patterns: (array zero-terminated=1): patterns of their names, with “*” and “?”; none for any
 * @hosts: (array zero-terminated=1): servers that they come from; none for any
 *
 * A rule for where the files go that a person wants together. Of types, of patterns and of servers
 * one has to fit, where there are any.
 */
typedef struct
{
  char    *name;
  char    *folder;
  guint    groups;
  char   **patterns;
  char   **hosts;
} BobbinCategory;

guint           bobbin_file_group_of_name      (const char *file_name);
const char     *bobbin_file_group_get_nick     (guint index);

BobbinCategory *bobbin_category_new            (void);
BobbinCategory *bobbin_category_copy           (const BobbinCategory *self);
void            bobbin_category_free           (BobbinCategory *self);
gboolean        bobbin_category_matches        (const BobbinCategory *self,
                                                const char           *address,
                                                const char           *file_name);

GPtrArray      *bobbin_categories_from_variant (GVariant  *variant);
GVariant       *bobbin_categories_to_variant   (GPtrArray *categories);
const BobbinCategory *
                bobbin_categories_find         (GPtrArray  *categories,
                                                const char *address,
                                                const char *file_name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinCategory, bobbin_category_free)

G_END_DECLS
