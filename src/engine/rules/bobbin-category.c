/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Rules from type, name and server of a file to the folder it goes to. They are few, a person has
 * made them, and they are asked for before any list of jobs is there: so they are kept with the
 * settings, as a variant that old and new versions of Bobbin can read. Any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-category.h"

#include "bobbin-file-name.h"
#include "bobbin-host-suffix.h"

#include <string.h>

/* By their flags, lowest first. */
static const struct
{
  const char *nick;
  const char *endings; /* each with a space before and after it */
} groups[] = {
  { "video", " 3gp avi flv m2ts m4v mkv mov mp4 mpeg mpg ogv ts vob webm wmv " },
  { "audio", " aac aif aiff alac ape flac m4a m4b mid midi mka mp2 mp3 oga ogg opus wav wma " },
  { "images", " avif bmp gif heic heif ico jpeg jpg jxl png psd raw svg tif tiff webp xcf " },
  { "documents",
    " azw3 csv djvu doc docx epub fb2 htm html md mobi odp ods odt pdf ppt pptx ps rtf tex txt xls "
    "xlsx " },
  { "archives", " 7z br bz2 cab gz lz lz4 lzma rar tar tbz2 tgz txz xz z zip zst " },
  { "disk-images", " bin cue dmg img iso nrg ova qcow2 vdi vhd vhdx vmdk wim " },
  { "packages", " apk appimage deb exe flatpak flatpakref jar msi pkg rpm run snap " },
};

G_STATIC_ASSERT (G_N_ELEMENTS (groups) == BOBBIN_N_FILE_GROUPS);

/**
 * bobbin_file_group_of_name:
 * @file_name: name of a file
 *
 * Returns: its [flags@BobbinFileGroup] by the ending of the name; 0 if that is of none
 */
guint
bobbin_file_group_of_name (const char *file_name)
{
  const char *dot;
  g_autofree char *lower = NULL;
  g_autofree char *ending = NULL;

  g_return_val_if_fail (file_name != NULL, 0);

  dot = strrchr (file_name, '.');
  if (dot == NULL || dot[1] == '\0' || strchr (dot, ' ') != NULL)
    return 0;

  lower = g_ascii_strdown (dot + 1, -1);
  ending = g_strconcat (" ", lower, " ", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    if (strstr (groups[i].endings, ending) != NULL)
      return 1u << i;

  return 0;
}

/**
 * bobbin_file_group_get_nick:
 * @index: which, less than %BOBBIN_N_FILE_GROUPS: that whose flag is 1 << @index
 *
 * Returns: how it is called in the settings
 */
const char *
bobbin_file_group_get_nick (guint index)
{
  g_return_val_if_fail (index < BOBBIN_N_FILE_GROUPS, NULL);

  return groups[index].nick;
}

/**
 * bobbin_category_new:
 *
 * Returns: (transfer full): a category that nothing is in
 */
BobbinCategory *
bobbin_category_new (void)
{
  BobbinCategory *self = g_new0 (BobbinCategory, 1);

  self->name = g_strdup ("");
  self->folder = g_strdup ("");
  self->patterns = g_new0 (char *, 1);
  self->hosts = g_new0 (char *, 1);

  return self;
}

/**
 * bobbin_category_copy:
 * @self: a category
 *
 * Returns: (transfer full): the same again
 */
BobbinCategory *
bobbin_category_copy (const BobbinCategory *self)
{
  BobbinCategory *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new0 (BobbinCategory, 1);
  copy->name = g_strdup (self->name);
  copy->folder = g_strdup (self->folder);
  copy->groups = self->groups;
  copy->patterns = g_strdupv (self->patterns);
  copy->hosts = g_strdupv (self->hosts);

  return copy;
}

/**
 * bobbin_category_free:
 * @self: (transfer full): a category
 */
void
bobbin_category_free (BobbinCategory *self)
{
  g_free (self->name);
  g_free (self->folder);
  g_strfreev (self->patterns);
  g_strfreev (self->hosts);
  g_free (self);
}

/* ---- what is in it */

/* Whether a name is written in capitals is nothing that anybody means. */
static gboolean
matches_pattern (const char *pattern, const char *folded_name)
{
  g_autofree char *folded = g_utf8_casefold (pattern, -1);

  return g_pattern_match_simple (folded, folded_name);
}

static gboolean
matches_any_pattern (const BobbinCategory *self, const char *file_name)
{
  g_autofree char *valid = g_utf8_make_valid (file_name, -1);
  g_autofree char *folded = g_utf8_casefold (valid, -1);

  for (guint i = 0; self->patterns[i] != NULL; i++)
    if (matches_pattern (self->patterns[i], folded))
      return TRUE;

  return self->patterns[0] == NULL;
}

static gboolean
matches_any_host (const BobbinCategory *self, const char *address)
{
  g_autofree char *host = NULL;

  if (self->hosts[0] == NULL)
    return TRUE;

  host = bobbin_host_suffix_of_address (address);
  for (guint i = 0; host != NULL && self->hosts[i] != NULL; i++)
    if (bobbin_host_suffix_matches (self->hosts[i], host))
      return TRUE;

  return FALSE;
}

static gboolean
is_empty (const BobbinCategory *self)
{
  return self->groups == 0 && self->patterns[0] == NULL && self->hosts[0] == NULL;
}

/**
 * bobbin_category_matches:
 * @self: a category
 * @address: where a file comes from
 * @file_name: (nullable): its name; %NULL for what @address says of that
 *
 * Returns: whether the file is in @self; a category without any rule has none
 */
gboolean
bobbin_category_matches (const BobbinCategory *self, const char *address, const char *file_name)
{
  g_autofree char *from_address = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (address != NULL, FALSE);

  if (is_empty (self))
    return FALSE;

  if (file_name == NULL)
    file_name = from_address = bobbin_file_name_from_uri (address);

  return (self->groups == 0 || (self->groups & bobbin_file_group_of_name (file_name)) != 0) &&
         matches_any_pattern (self, file_name) && matches_any_host (self, address);
}

/**
 * bobbin_categories_find:
 * @categories: (element-type BobbinCategory): categories, in their order
 * @address: where a file comes from
 * @file_name: (nullable): its name; %NULL for what @address says of that
 *
 * Returns: (transfer none) (nullable): the first that the file is in
 */
const BobbinCategory *
bobbin_categories_find (GPtrArray *categories, const char *address, const char *file_name)
{
  g_return_val_if_fail (categories != NULL, NULL);

  for (guint i = 0; i < categories->len; i++)
    if (bobbin_category_matches (g_ptr_array_index (categories, i), address, file_name))
      return g_ptr_array_index (categories, i);

  return NULL;
}

/* ---- in the settings */

static guint
flags_from_nicks (char **nicks)
{
  guint flags = 0;

  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    if (g_strv_contains ((const char *const *) nicks, groups[i].nick))
      flags |= 1u << i;

  return flags;
}

static GVariant *
flags_to_nicks (guint flags)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_STRING_ARRAY);
  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    if ((flags & (1u << i)) != 0)
      g_variant_builder_add (&builder, "s", groups[i].nick);

  return g_variant_builder_end (&builder);
}

/* A folder's name may be in any encoding, text in the settings is UTF-8. */
static BobbinCategory *
category_from_variant (GVariant *variant)
{
  BobbinCategory *self = bobbin_category_new ();
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (variant);
  g_auto (GStrv) types = NULL;
  g_autofree char *folder = NULL;
  char **strings;
  char *name;

  if (g_variant_dict_lookup (&dict, "name", "s", &name))
    {
      g_free (self->name);
      self->name = name;
    }
  if (g_variant_dict_lookup (&dict, "folder", "^ay", &folder) && g_path_is_absolute (folder))
    {
      g_free (self->folder);
      self->folder = g_steal_pointer (&folder);
    }
  if (g_variant_dict_lookup (&dict, "types", "^as", &types))
    self->groups = flags_from_nicks (types);
  if (g_variant_dict_lookup (&dict, "patterns", "^as", &strings))
    {
      g_strfreev (self->patterns);
      self->patterns = strings;
    }
  if (g_variant_dict_lookup (&dict, "hosts", "^as", &strings))
    {
      g_strfreev (self->hosts);
      self->hosts = strings;
    }

  return self;
}

/**
 * bobbin_categories_from_variant:
 * @variant: an `aa{sv}`, as bobbin_categories_to_variant() makes it
 *
 * What is not known, or has another type than it should, is left out.
 *
 * Returns: (transfer full) (element-type BobbinCategory): categories, in their order
 */
GPtrArray *
bobbin_categories_from_variant (GVariant *variant)
{
  GPtrArray *categories = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_category_free);
  GVariantIter iter;
  GVariant *child;

  g_variant_iter_init (&iter, variant);
  while ((child = g_variant_iter_next_value (&iter)) != NULL)
    {
      g_ptr_array_add (categories, category_from_variant (child));
      g_variant_unref (child);
    }

  return categories;
}

static void
add_category (GVariantBuilder *builder, const BobbinCategory *category)
{
  g_variant_builder_open (builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (builder, "{sv}", "name", g_variant_new_string (category->name));
  g_variant_builder_add (builder, "{sv}", "folder", g_variant_new_bytestring (category->folder));
  g_variant_builder_add (builder, "{sv}", "types", flags_to_nicks (category->groups));
  g_variant_builder_add (builder, "{sv}", "patterns",
                         g_variant_new_strv ((const char *const *) category->patterns, -1));
  g_variant_builder_add (builder, "{sv}", "hosts",
                         g_variant_new_strv ((const char *const *) category->hosts, -1));
  g_variant_builder_close (builder);
}

/**
 * bobbin_categories_to_variant:
 * @categories: (element-type BobbinCategory): categories, in their order
 *
 * Returns: (transfer floating): an `aa{sv}`
 */
GVariant *
bobbin_categories_to_variant (GPtrArray *categories)
{
  GVariantBuilder builder;

  g_return_val_if_fail (categories != NULL, NULL);

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < categories->len; i++)
    add_category (&builder, g_ptr_array_index (categories, i));

  return g_variant_builder_end (&builder);
}
