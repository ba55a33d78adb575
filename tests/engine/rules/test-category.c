/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-category and bobbin-host-suffix: which file is in which category, and that categories
 * survive the settings.
 */

#include "config.h"

#include "bobbin-category.h"
#include "bobbin-host-suffix.h"

static void
test_groups (void)
{
  g_assert_cmpuint (bobbin_file_group_of_name ("a.mkv"), ==, BOBBIN_FILE_GROUP_VIDEO);
  g_assert_cmpuint (bobbin_file_group_of_name ("A.MP3"), ==, BOBBIN_FILE_GROUP_AUDIO);
  g_assert_cmpuint (bobbin_file_group_of_name ("a.tar.gz"), ==, BOBBIN_FILE_GROUP_ARCHIVES);
  g_assert_cmpuint (bobbin_file_group_of_name ("debian.iso"), ==, BOBBIN_FILE_GROUP_DISK_IMAGES);
  g_assert_cmpuint (bobbin_file_group_of_name ("a.pdf"), ==, BOBBIN_FILE_GROUP_DOCUMENTS);
  g_assert_cmpuint (bobbin_file_group_of_name ("a.jpeg"), ==, BOBBIN_FILE_GROUP_IMAGES);
  g_assert_cmpuint (bobbin_file_group_of_name ("a.deb"), ==, BOBBIN_FILE_GROUP_PACKAGES);
  g_assert_cmpuint (bobbin_file_group_of_name ("mp3"), ==, 0);
  g_assert_cmpuint (bobbin_file_group_of_name ("a."), ==, 0);
  g_assert_cmpuint (bobbin_file_group_of_name ("a.mp3 mp4"), ==, 0);
  g_assert_cmpuint (bobbin_file_group_of_name ("a.unheard-of"), ==, 0);
  g_assert_cmpuint (bobbin_file_group_of_name (""), ==, 0);
}

static void
test_hosts (void)
{
  static const struct
  {
    const char *typed;
    const char *host; /* (nullable) */
  } typed[] = {
    { "example.org", "example.org" },
    { " *.Example.ORG. ", "example.org" },
    { ".example.org", "example.org" },
    { "https://example.org:8080/a?b", "example.org" },
    { "bücher.example", "xn--bcher-kva.example" },
    { "127.0.0.1", "127.0.0.1" },
    { "::1", "::1" },
    { "", NULL },
    { "*", NULL },
    { "example..org", NULL },
    { "exam ple.org", NULL },
    { "https://", NULL },
  };
  static const struct
  {
    const char *suffix;
    const char *address;
    gboolean matches;
  } cases[] = {
    { "example.org", "https://example.org/a", TRUE },
    { "example.org", "https://EXAMPLE.org:8080/a", TRUE },
    { "example.org", "https://user:pass@files.example.org/a", TRUE },
    { "example.org", "https://badexample.org/a", FALSE },
    { "files.example.org", "https://example.org/a", FALSE },
    { "example.org", "https://example.org.example.com/", FALSE },
    { "0.0.1", "http://127.0.0.1/", FALSE },
    { "127.0.0.1", "http://127.0.0.1:80/", TRUE },
    { "::1", "http://[::1]:80/", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (typed); i++)
    {
      g_autofree char *host = bobbin_host_suffix_normalize (typed[i].typed);

      g_assert_cmpstr (host, ==, typed[i].host);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *host = bobbin_host_suffix_of_address (cases[i].address);

      g_test_message ("%s, %s", cases[i].suffix, cases[i].address);
      g_assert_cmpint (bobbin_host_suffix_matches (cases[i].suffix, host), ==, cases[i].matches);
    }
}

static BobbinCategory *
make (const char *name, guint groups, const char *patterns, const char *hosts)
{
  BobbinCategory *category = bobbin_category_new ();

  g_free (category->name);
  g_free (category->folder);
  g_strfreev (category->patterns);
  g_strfreev (category->hosts);
  category->name = g_strdup (name);
  category->folder = g_strconcat ("/srv/", name, NULL);
  category->groups = groups;
  category->patterns = g_strsplit (patterns, " ", -1);
  category->hosts = g_strsplit (hosts, " ", -1);

  return category;
}

static GPtrArray *
make_all (void)
{
  GPtrArray *categories = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_category_free);

  g_ptr_array_add (categories, make ("nothing", 0, "", ""));
  g_ptr_array_add (categories, make ("talks", BOBBIN_FILE_GROUP_VIDEO | BOBBIN_FILE_GROUP_AUDIO, "",
                                     "talks.example.org"));
  g_ptr_array_add (categories, make ("films", BOBBIN_FILE_GROUP_VIDEO, "", ""));
  g_ptr_array_add (categories,
                   make ("bills", BOBBIN_FILE_GROUP_DOCUMENTS, "*bill* re?hnung-*", ""));
  g_ptr_array_add (categories, make ("work", 0, "", "example.com intern.example.net"));

  return categories;
}

static void
assert_is_in (GPtrArray *categories, const char *address, const char *file_name, const char *name)
{
  const BobbinCategory *category = bobbin_categories_find (categories, address, file_name);

  g_assert_cmpstr (category != NULL ? category->name : NULL, ==, name);
}

static void
assert_all (GPtrArray *categories)
{
  assert_is_in (categories, "https://example.org/a.mkv", NULL, "films");
  assert_is_in (categories, "https://talks.example.org/a.mkv", NULL, "talks");
  assert_is_in (categories, "https://eu.talks.example.org/a.ogg", NULL, "talks");
  assert_is_in (categories, "https://example.org/a.ogg", NULL, NULL);
  assert_is_in (categories, "https://example.org/My%20BILL.pdf", NULL, "bills");
  assert_is_in (categories, "https://example.org/Rechnung-1.pdf", NULL, "bills");
  assert_is_in (categories, "https://example.org/Rechnung.pdf", NULL, NULL);
  assert_is_in (categories, "https://example.org/bill.zip", NULL, NULL);
  assert_is_in (categories, "https://example.com/bill.zip", NULL, "work");
  assert_is_in (categories, "https://a.intern.example.net/", NULL, "work");
  /* the first counts, and a name that was given more than the address */
  assert_is_in (categories, "https://example.com/a.mkv", NULL, "films");
  assert_is_in (categories, "https://example.org/get?id=7", "a.webm", "films");
  assert_is_in (categories, "https://example.org/a.mkv", "a.txt", NULL);
  assert_is_in (categories, "no address", NULL, NULL);
}

static void
test_find (void)
{
  g_autoptr (GPtrArray) categories = make_all ();

  assert_all (categories);
}

static void
test_variant (void)
{
  g_autoptr (GPtrArray) categories = make_all ();
  g_autoptr (GVariant) variant = g_variant_ref_sink (bobbin_categories_to_variant (categories));
  g_autoptr (GPtrArray) again = bobbin_categories_from_variant (variant);
  const BobbinCategory *talks = g_ptr_array_index (again, 1);
  g_autoptr (BobbinCategory) copy = bobbin_category_copy (talks);

  g_assert_cmpuint (again->len, ==, categories->len);
  assert_all (again);
  g_assert_cmpstr (copy->folder, ==, "/srv/talks");
  g_assert_cmpuint (copy->groups, ==, BOBBIN_FILE_GROUP_VIDEO | BOBBIN_FILE_GROUP_AUDIO);
  g_assert_cmpstr (copy->hosts[0], ==, "talks.example.org");
}

/* What another version wrote, or a person in the editor of settings. */
static void
test_odd_variant (void)
{
  g_autoptr (GVariant) variant = g_variant_new_parsed (
    "[{'name': <7>, 'types': <['video', 'smells']>, 'folder': <b'relative'>, 'new': <true>},"
    " @a{sv} {}]");
  g_autoptr (GPtrArray) categories = NULL;
  const BobbinCategory *category;

  g_variant_ref_sink (variant);
  categories = bobbin_categories_from_variant (variant);
  g_assert_cmpuint (categories->len, ==, 2);
  category = g_ptr_array_index (categories, 0);
  g_assert_cmpstr (category->name, ==, "");
  g_assert_cmpstr (category->folder, ==, "");
  g_assert_cmpuint (category->groups, ==, BOBBIN_FILE_GROUP_VIDEO);
  g_assert_null (category->patterns[0]);
  assert_is_in (categories, "https://example.org/a.mp4", NULL, "");
  assert_is_in (categories, "https://example.org/a.txt", NULL, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/category/groups", test_groups);
  g_test_add_func ("/category/hosts", test_hosts);
  g_test_add_func ("/category/find", test_find);
  g_test_add_func ("/category/variant", test_variant);
  g_test_add_func ("/category/odd-variant", test_odd_variant);

  return g_test_run ();
}
