/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where downloads go for which nobody has chosen a folder. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-application-private.h"

#include "bobbin-category.h"

#define CATEGORIES_KEY "bobbin-categories"

/**
 * bobbin_application_dup_folder:
 *
 * The folder that downloads go to: that of the settings, or else the user's own Downloads folder,
 * or where there is none the home folder.
 *
 * Returns: (transfer full): an absolute path in the file system's encoding
 */
char *
bobbin_application_dup_folder (BobbinApplication *self)
{
  g_autofree char *folder = NULL;
  const char *downloads = g_get_user_special_dir (G_USER_DIRECTORY_DOWNLOAD);

  g_return_val_if_fail (BOBBIN_IS_APPLICATION (self), NULL);

  folder = g_settings_get_string (bobbin_application_get_settings (self), "download-folder");
  if (g_path_is_absolute (folder))
    return g_filename_from_utf8 (folder, -1, NULL, NULL, NULL) ?: g_strdup (g_get_home_dir ());

  return g_strdup (downloads != NULL ? downloads : g_get_home_dir ());
}

static void
forget_categories (GSettings *settings)
{
  g_object_set_data (G_OBJECT (settings), CATEGORIES_KEY, NULL);
}

/* Read once, for there may be a hundred thousand addresses to find a folder for. */
static GPtrArray *
get_categories (GSettings *settings)
{
  GPtrArray *categories = g_object_get_data (G_OBJECT (settings), CATEGORIES_KEY);
  g_autoptr (GVariant) variant = NULL;

  if (categories != NULL)
    return categories;

  variant = g_settings_get_value (settings, "categories");
  categories = bobbin_categories_from_variant (variant);
  g_object_set_data_full (G_OBJECT (settings), CATEGORIES_KEY, categories,
                          (GDestroyNotify) g_ptr_array_unref);
  g_signal_handlers_disconnect_by_func (settings, forget_categories, NULL);
  g_signal_connect (settings, "changed::categories", G_CALLBACK (forget_categories), NULL);

  return categories;
}

/**
 * bobbin_application_dup_folder_for:
 * @address: where a file comes from
 * @file_name: (nullable): its name; %NULL for what @address says of that
 *
 * The folder that a download goes to if nobody chooses another one: that of the first category that
 * it is in, or else that of bobbin_application_dup_folder().
 *
 * Returns: (transfer full): an absolute path in the file system's encoding
 */
char *
bobbin_application_dup_folder_for (BobbinApplication *self,
                                   const char *address,
                                   const char *file_name)
{
  const BobbinCategory *category;

  g_return_val_if_fail (BOBBIN_IS_APPLICATION (self), NULL);
  g_return_val_if_fail (address != NULL, NULL);

  category = bobbin_categories_find (get_categories (bobbin_application_get_settings (self)),
                                     address, file_name);

  return category != NULL && *category->folder != '\0' ? g_strdup (category->folder)
                                                       : bobbin_application_dup_folder (self);
}
