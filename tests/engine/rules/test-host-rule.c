/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-host-rule: what is added to a download's own requests, and which rule is whose.
 */

#include "config.h"

#include "bobbin-error.h"
#include "bobbin-host-rule.h"

static BobbinHostRule *
parse (const char *text)
{
  g_autoptr (GVariant) variant = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, NULL);

  return bobbin_host_rule_new_from_variant (variant);
}

static void
set_rules (const char *text)
{
  g_autoptr (GVariant) variant =
    g_variant_parse (G_VARIANT_TYPE ("aa{sv}"), text, NULL, NULL, NULL);

  g_assert_nonnull (variant);
  bobbin_host_rules_set (variant);
}

static void
test_variant (void)
{
  g_autoptr (BobbinHostRule) rule =
    parse ("{'host': <'example.org'>, 'connections': <uint32 77>, 'limit-rate': <uint64 5000>,"
           " 'headers': <['X-A: 1']>, 'user': <'jane'>, 'user-agent': <7>, 'new': <true>}");
  g_autoptr (GVariant) variant = g_variant_ref_sink (bobbin_host_rule_to_variant (rule));
  g_autoptr (BobbinHostRule) again = bobbin_host_rule_new_from_variant (variant);

  g_assert_cmpstr (again->host, ==, "example.org");
  g_assert_cmpuint (again->connections, ==, 32);
  g_assert_cmpuint (again->limit_rate, ==, 5000);
  g_assert_cmpint (bobbin_rate_limiter_get_rate (again->limiter), ==, 5000);
  g_assert_cmpstr (again->headers[0], ==, "X-A: 1");
  g_assert_null (again->headers[1]);
  g_assert_cmpstr (again->user, ==, "jane");
  g_assert_cmpstr (again->user_agent, ==, "");
  g_assert_null (again->password);
}

/* What a download says itself counts more. */
static void
test_context (void)
{
  static const char *const headers[] = { "x-a: mine", "X-B: mine", NULL };
  const BobbinHttpSettings settings = { .headers = headers, .user_agent = "me", .user = "john" };
  g_autoptr (BobbinHttpContext) own = bobbin_http_context_new (&settings, NULL);
  g_autoptr (BobbinHostRule) rule =
    parse ("{'host': <'example.org'>, 'headers': <['X-A: 1', 'X-C: 3']>, 'user': <'jane'>,"
           " 'user-agent': <'robot'>}");
  g_autoptr (BobbinHttpContext) alone = NULL;
  g_autoptr (BobbinHttpContext) merged = NULL;

  rule->password = g_strdup ("secret");
  alone = bobbin_host_rule_add_to_context (rule, NULL);
  g_assert_cmpstr (bobbin_http_context_get_header (alone, "X-A"), ==, "1");
  g_assert_cmpstr (bobbin_http_context_get_settings (alone)->user_agent, ==, "robot");
  g_assert_cmpstr (bobbin_http_context_get_settings (alone)->user, ==, "jane");
  g_assert_cmpstr (bobbin_http_context_get_settings (alone)->password, ==, "secret");

  merged = bobbin_host_rule_add_to_context (rule, own);
  g_assert_cmpstr (bobbin_http_context_get_header (merged, "X-A"), ==, "mine");
  g_assert_cmpstr (bobbin_http_context_get_header (merged, "X-B"), ==, "mine");
  g_assert_cmpstr (bobbin_http_context_get_header (merged, "X-C"), ==, "3");
  g_assert_cmpstr (bobbin_http_context_get_settings (merged)->user_agent, ==, "me");
  g_assert_cmpstr (bobbin_http_context_get_settings (merged)->user, ==, "john");
  g_assert_null (bobbin_http_context_get_settings (merged)->password);
}

/* What it says in a setting of its own, the rule may have among its headers. */
static void
test_own_settings (void)
{
  const BobbinHttpSettings settings = { .referrer = "https://example.org/list",
                                        .user_agent = "me" };
  g_autoptr (BobbinHttpContext) own = bobbin_http_context_new (&settings, NULL);
  g_autoptr (BobbinHostRule) rule =
    parse ("{'host': <'example.org'>, 'user': <'jane'>, 'headers':"
           " <['User-Agent: robot', 'referer: https://example.com/', 'X-C: 3']>}");
  g_autoptr (BobbinHttpContext) merged = bobbin_host_rule_add_to_context (rule, own);

  g_assert_cmpstr (bobbin_http_context_get_settings (merged)->user_agent, ==, "me");
  g_assert_cmpstr (bobbin_http_context_get_settings (merged)->referrer, ==,
                   "https://example.org/list");
  g_assert_cmpstr (bobbin_http_context_get_settings (merged)->user, ==, "jane");
  g_assert_cmpstr (bobbin_http_context_get_header (merged, "X-C"), ==, "3");
}

static void
test_check (void)
{
  static const char *const wrong[] = {
    "{'host': <'a.example'>, 'headers': <['no header']>}",
    "{'host': <'a.example'>, 'headers': <['Authorization: Bearer x']>}",
    "{'host': <'a.example'>, 'user': <'a:b'>}",
    "{'host': <'a.example'>, 'user-agent': <'a\\nb'>}",
  };
  g_autoptr (BobbinHostRule) right = parse ("{'host': <'a.example'>, 'user': <'jane'>}");
  g_autoptr (GError) none = NULL;

  g_assert_true (bobbin_host_rule_check (right, &none));
  g_assert_no_error (none);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (BobbinHostRule) rule = parse (wrong[i]);
      g_autoptr (GError) error = NULL;

      g_assert_false (bobbin_host_rule_check (rule, &error));
      g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING);
    }
}

static const char *
find (const char *address)
{
  const BobbinHostRule *rule = bobbin_host_rules_find (address);

  return rule != NULL ? rule->host : NULL;
}

static void
test_find (void)
{
  const BobbinHostRule *rule;
  g_autoptr (BobbinRateLimiter) limiter = NULL;

  g_assert_null (find ("https://example.org/a"));
  set_rules ("[{'host': <'files.example.org'>}, {'host': <'example.org'>, 'user': <'jane'>,"
             " 'limit-rate': <uint64 1000>}]");
  g_assert_cmpstr (find ("https://eu.files.example.org/a"), ==, "files.example.org");
  g_assert_cmpstr (find ("https://example.org:8080/a"), ==, "example.org");
  g_assert_null (find ("https://example.com/a"));

  /* what holds goes on when another one is added: the limiter and the password */
  bobbin_host_rules_set_password ("example.org", "john", "wrong");
  bobbin_host_rules_set_password ("example.org", "jane", "secret");
  rule = bobbin_host_rules_find ("https://example.org/");
  limiter = bobbin_rate_limiter_ref (rule->limiter);
  set_rules ("[{'host': <'example.org'>, 'user': <'jane'>, 'limit-rate': <uint64 2000>},"
             " {'host': <'example.com'>}]");
  rule = bobbin_host_rules_find ("https://example.org/");
  g_assert_true (rule->limiter == limiter);
  g_assert_cmpint (bobbin_rate_limiter_get_rate (limiter), ==, 2000);
  g_assert_cmpstr (rule->password, ==, "secret");

  /* the password is of one user only */
  set_rules ("[{'host': <'example.org'>, 'user': <'john'>}]");
  g_assert_null (bobbin_host_rules_find ("https://example.org/")->password);
  set_rules ("[]");
  g_assert_null (find ("https://example.org/a"));
}

/* Of two for one server the first counts, each time that the rules are set. */
static void
test_twice (void)
{
  for (guint i = 0; i < 3; i++)
    {
      const BobbinHostRule *rule;

      set_rules ("[{'host': <'example.org'>, 'limit-rate': <uint64 1000>},"
                 " {'host': <'example.org'>, 'limit-rate': <uint64 2000>}]");
      rule = bobbin_host_rules_find ("https://example.org/");
      g_assert_cmpint (rule->limit_rate, ==, 1000);
      g_assert_cmpint (bobbin_rate_limiter_get_rate (rule->limiter), ==, 1000);
    }
  set_rules ("[]");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/host-rule/variant", test_variant);
  g_test_add_func ("/host-rule/context", test_context);
  g_test_add_func ("/host-rule/own-settings", test_own_settings);
  g_test_add_func ("/host-rule/check", test_check);
  g_test_add_func ("/host-rule/find", test_find);
  g_test_add_func ("/host-rule/twice", test_twice);

  return g_test_run ();
}
