/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-probe-page and bobbin-probe-dns: what counts as a change and what does not; what a look-up
 * finds.
 */

#include "config.h"

#include "bobbin-error.h"
#include "bobbin-test-resolver.h"
#include "bobbin-test-sampling.h"
#include "bobbin-test-server.h"

#include <string.h>

typedef struct
{
  BobbinTestServer *server;
  BobbinTestSampling *sampling; /* NULL before the first look */
  const char *options;          /* in GVariant's text format */
} Page;

static void
page_clear (Page *self)
{
  g_clear_pointer (&self->sampling, bobbin_test_sampling_free);
  bobbin_test_server_free (self->server);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Page, page_clear)

static void
serve (Page *page, const char *body, const char *etag, guint status)
{
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  const BobbinTestFile file = { .body = bytes,
                                .length = (gint64) strlen (body),
                                .etag = etag,
                                .status = status };

  bobbin_test_server_set (page->server, "/", &file);
}

static gboolean
get_flag (Page *page, const char *name)
{
  gboolean flag = FALSE;

  g_assert_true (g_variant_lookup (page->sampling->sample.details, name, "b", &flag));

  return flag;
}

/* Looks once more. */
static void
sample (Page *page)
{
  if (page->sampling == NULL)
    {
      g_autofree char *uri = bobbin_test_server_get_uri (page->server, "/");
      g_autofree char *target = g_strconcat ("page:", uri, NULL);
      g_autoptr (GVariant) options =
        g_variant_parse (G_VARIANT_TYPE_VARDICT, page->options, NULL, NULL, NULL);

      page->sampling = bobbin_test_sampling_begin_with (target, options);
    }
  else
    {
      bobbin_test_sampling_again (page->sampling);
    }
}

/* Whether @body is a change to what was there before. */
static gboolean
look (Page *page, const char *body)
{
  serve (page, body, NULL, 0);
  sample (page);
  g_assert_cmpfloat (bobbin_test_sampling_expect_value (page->sampling), >, 0);

  return get_flag (page, "changed");
}

static void
test_change (void)
{
  g_auto (Page) page = { bobbin_test_server_new (BOBBIN_TEST_PLAIN), NULL, "@a{sv} {}" };

  g_assert_false (look (&page, "a"));
  g_assert_false (look (&page, "a"));
  g_assert_false (look (&page, "\r\n  a \r\n"));
  g_assert_true (look (&page, "b"));
  g_assert_cmpstr (page.sampling->sample.text, ==, "The page has changed");
  g_assert_false (look (&page, "b"));
  g_assert_true (look (&page, "b\nc"));
  /* Nor does a page without a filter have to hold anything. */
  g_assert_true (look (&page, ""));
}

static void
test_flapping (void)
{
  g_auto (Page) page = { bobbin_test_server_new (BOBBIN_TEST_PLAIN), NULL, "@a{sv} {}" };
  guint n_changes = 0;

  for (guint i = 0; i <= 100; i++)
    n_changes += look (&page, i % 2 == 0 ? "A" : "B");
  g_assert_cmpuint (n_changes, ==, 1);
  g_assert_true (look (&page, "C"));
}

static void
test_filter (void)
{
  g_auto (Page) page = { bobbin_test_server_new (BOBBIN_TEST_PLAIN), NULL,
                         "{'include': <'^price'>, 'ignore': <'visitor'>}" };

  g_assert_false (look (&page, "top 1\nprice 5\nprice for visitor 1"));
  g_assert_false (look (&page, "top 2\nprice 5\nprice for visitor 2"));
  g_assert_false (look (&page, "being repaired"));
  g_assert_false (get_flag (&page, "matched"));
  g_assert_cmpstr (page.sampling->sample.text, ==, "Nothing on the page matches the filter");
  g_assert_false (look (&page, "price 5"));
  g_assert_true (look (&page, "price 6"));
}

/* What has not changed since nothing of it matched does not match still. */
static void
test_filter_not_modified (void)
{
  g_auto (Page)
    page = { bobbin_test_server_new (BOBBIN_TEST_PLAIN), NULL, "{'include': <'^price'>}" };

  serve (&page, "being repaired", "\"1\"", 0);
  for (guint i = 0; i < 2; i++)
    {
      sample (&page);
      bobbin_test_sampling_expect_value (page.sampling);
      g_assert_false (get_flag (&page, "matched"));
    }
  serve (&page, "price 5", "\"2\"", 0);
  for (guint i = 0; i < 2; i++)
    {
      sample (&page);
      bobbin_test_sampling_expect_value (page.sampling);
      g_assert_true (get_flag (&page, "matched"));
    }
}

/* The server is asked for another version than the one that is known; it has a body at hand, and
 * sends none of it. */
static void
check_not_modified (const BobbinTestFile *first, const BobbinTestFile *second)
{
  g_auto (Page) page = { bobbin_test_server_new (BOBBIN_TEST_PLAIN), NULL, "@a{sv} {}" };
  gint64 n_sent;

  bobbin_test_server_set (page.server, "/", first);
  sample (&page);
  bobbin_test_sampling_expect_value (page.sampling);
  n_sent = bobbin_test_server_get_n_sent (page.server, "/");
  g_assert_cmpint (n_sent, ==, first->length);

  for (guint i = 0; i < 3; i++)
    {
      sample (&page);
      bobbin_test_sampling_expect_value (page.sampling);
      g_assert_false (get_flag (&page, "changed"));
    }
  g_assert_cmpuint (bobbin_test_server_get_n_requests (page.server, "/"), ==, 4);
  g_assert_cmpint (bobbin_test_server_get_n_sent (page.server, "/"), ==, n_sent);

  bobbin_test_server_set (page.server, "/", second);
  sample (&page);
  bobbin_test_sampling_expect_value (page.sampling);
  g_assert_true (get_flag (&page, "changed"));
  g_assert_cmpint (bobbin_test_server_get_n_sent (page.server, "/"), ==, n_sent + second->length);
}

static void
test_not_modified (void)
{
  check_not_modified (&(BobbinTestFile){ .seed = 1, .length = 5000, .etag = "\"1\"" },
                      &(BobbinTestFile){ .seed = 2, .length = 6000, .etag = "\"2\"" });
  check_not_modified (&(BobbinTestFile){ .seed = 1,
                                         .length = 5000,
                                         .last_modified = "Mon, 16 Nov 2026 10:00:00 GMT" },
                      &(BobbinTestFile){ .seed = 2,
                                         .length = 6000,
                                         .last_modified = "Mon, 16 Nov 2026 10:00:01 GMT" });
}

/* What a server says of one version is of one page: where the address leads to another one, that it
 * is as old says nothing. */
static void
test_led_elsewhere (void)
{
  static const char *const contents[] = { "a", "b" };
  static const char *const paths[] = { "/a", "/b" };
  g_auto (Page) page = { bobbin_test_server_new (BOBBIN_TEST_PLAIN), NULL, "@a{sv} {}" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (contents[i], 1);

      bobbin_test_server_set (page.server, paths[i],
                              &(BobbinTestFile){ .body = bytes,
                                                 .length = 1,
                                                 .etag = "\"1\"",
                                                 .last_modified =
                                                   "Mon, 16 Nov 2026 10:00:00 GMT" });
      bobbin_test_server_set_redirect (page.server, "/", paths[i]);
      for (guint j = 0; j < 2; j++)
        {
          sample (&page);
          bobbin_test_sampling_expect_value (page.sampling);
          g_assert_cmpint (get_flag (&page, "changed"), ==, i == 1 && j == 0);
        }
      /* The second time there is nothing new. */
      g_assert_cmpuint (bobbin_test_server_get_n_requests (page.server, paths[i]), ==, 2);
      g_assert_cmpint (bobbin_test_server_get_n_sent (page.server, paths[i]), ==, 1);
    }
}

/* A server in trouble is down, and what it says then no change; nor is what comes back. */
static void
test_trouble (void)
{
  g_auto (Page) page = { bobbin_test_server_new (BOBBIN_TEST_PLAIN), NULL, "@a{sv} {}" };

  g_assert_false (look (&page, "a"));
  serve (&page, "sorry", NULL, 503);
  sample (&page);
  bobbin_test_sampling_expect_error (page.sampling, BOBBIN_ERROR, BOBBIN_ERROR_HTTP_STATUS);
  g_assert_false (look (&page, "a"));
}

/* What changed while nobody looked is a change still. */
static void
test_known (void)
{
  g_autoptr (GVariant) known = NULL;
  g_autofree char *options = NULL;
  g_auto (Page) before = { bobbin_test_server_new (BOBBIN_TEST_PLAIN), NULL, "@a{sv} {}" };
  g_auto (Page) after = { bobbin_test_server_new (BOBBIN_TEST_PLAIN), NULL, NULL };
  g_autofree char *text = NULL;

  g_assert_false (look (&before, "a"));
  known =
    g_variant_lookup_value (before.sampling->sample.details, "known", G_VARIANT_TYPE_STRING_ARRAY);
  text = g_variant_print (known, FALSE);
  options = g_strdup_printf ("{'known': <%s>}", text);
  after.options = options;
  g_assert_true (look (&after, "b"));
  g_assert_false (look (&after, "a"));
}

static void
test_dns (void)
{
  g_autoptr (BobbinTestSampling) good =
    bobbin_test_sampling_begin_with ("dns:localhost",
                                     g_variant_new_parsed ("{'expected': <'127.0.0.1'>}"));
  g_autoptr (BobbinTestSampling) other = NULL;
  BobbinTestResolver *resolver;

  g_assert_cmpfloat (bobbin_test_sampling_expect_value (good), >, 0);
  g_assert_cmpstr (good->sample.text, ==, "127.0.0.1");

  other = bobbin_test_sampling_begin_with ("dns:localhost",
                                           g_variant_new_parsed ("{'expected': <'192.0.2.1'>}"));
  bobbin_test_sampling_expect_error (other, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ANSWER);
  g_assert_cmpstr (other->error->message, ==,
                   "“192.0.2.1” was expected among the records of localhost, but there is: "
                   "127.0.0.1.");

  resolver = bobbin_test_resolver_install ();
  {
    g_autoptr (BobbinTestSampling) nobody = bobbin_test_sampling_begin ("dns:nobody.test");
    g_autoptr (BobbinTestSampling) busy = bobbin_test_sampling_begin ("dns:a.busy.test");
    g_autoptr (BobbinTestSampling) silent = bobbin_test_sampling_begin ("dns:a.silent.test");

    bobbin_test_sampling_expect_error (nobody, BOBBIN_ERROR, BOBBIN_ERROR_NAME_NOT_FOUND);
    bobbin_test_sampling_expect_error (busy, BOBBIN_ERROR, BOBBIN_ERROR_UNREACHABLE);
    bobbin_test_resolver_wait (resolver, 1);
    bobbin_test_sampling_cancel (silent);
  }
  bobbin_test_resolver_wait (resolver, 0);
  bobbin_test_resolver_uninstall (resolver);
}

static void
assert_record (const char *options, const char *record)
{
  g_autoptr (BobbinTestSampling) sampling =
    bobbin_test_sampling_begin_with ("dns:example.test", g_variant_new_parsed (options));

  g_assert_cmpfloat (bobbin_test_sampling_expect_value (sampling), >=, 0);
  g_assert_cmpstr (sampling->sample.text, ==, record);
}

/* Each kind of record, as the DNS writes it. */
static void
test_dns_records (void)
{
  BobbinTestResolver *resolver = bobbin_test_resolver_install ();

  bobbin_test_resolver_find_all (resolver);
  assert_record ("{'type': <'A'>}", "127.0.0.1");
  assert_record ("{'type': <'MX'>, 'expected': <'10 mail.test'>}", "10 mail.test");
  assert_record ("{'type': <'TXT'>, 'expected': <'v=1 a b'>}", "v=1 a b");
  {
    g_autoptr (BobbinTestSampling) none =
      bobbin_test_sampling_begin_with ("dns:example.test",
                                       g_variant_new_parsed ("{'type': <'AAAA'>}"));

    bobbin_test_sampling_expect_error (none, BOBBIN_ERROR, BOBBIN_ERROR_NAME_NOT_FOUND);
  }
  bobbin_test_resolver_uninstall (resolver);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/probe-page/change", test_change);
  g_test_add_func ("/probe-page/flapping", test_flapping);
  g_test_add_func ("/probe-page/filter", test_filter);
  g_test_add_func ("/probe-page/filter-not-modified", test_filter_not_modified);
  g_test_add_func ("/probe-page/not-modified", test_not_modified);
  g_test_add_func ("/probe-page/led-elsewhere", test_led_elsewhere);
  g_test_add_func ("/probe-page/trouble", test_trouble);
  g_test_add_func ("/probe-page/known", test_known);
  g_test_add_func ("/probe-dns/look-up", test_dns);
  g_test_add_func ("/probe-dns/records", test_dns_records);

  return g_test_run ();
}
