/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "bobbin-enums.h"
#include "bobbin-error.h"

#include <errno.h>
#include <libsoup/soup.h>
#include <string.h>

/* Each sentence names what it is about and ends as one. */
static void
assert_sentence (const GError *error, const char *about)
{
  g_assert_nonnull (error);
  g_assert_true (error->domain == BOBBIN_ERROR);
  g_assert_nonnull (strstr (error->message, about));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_null (strchr (error->message, '%'));
}

static void
test_gio (void)
{
  const struct
  {
    GQuark domain;
    int from;
    int to;
  } cases[] = {
    { G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, BOBBIN_ERROR_REFUSED },
    { G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE, BOBBIN_ERROR_UNREACHABLE },
    { G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE, BOBBIN_ERROR_UNREACHABLE },
    { G_IO_ERROR, G_IO_ERROR_TIMED_OUT, BOBBIN_ERROR_TIMED_OUT },
    { G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, BOBBIN_ERROR_DISCONNECTED },
    { G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, BOBBIN_ERROR_DISCONNECTED },
    { G_IO_ERROR, G_IO_ERROR_HOST_NOT_FOUND, BOBBIN_ERROR_NAME_NOT_FOUND },
    { G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, BOBBIN_ERROR_TRUNCATED },
    { G_IO_ERROR, G_IO_ERROR_INVALID_DATA, BOBBIN_ERROR_BAD_ANSWER },
    { G_IO_ERROR, G_IO_ERROR_FAILED, BOBBIN_ERROR_FAILED },
    { G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, BOBBIN_ERROR_NAME_NOT_FOUND },
    { G_RESOLVER_ERROR, G_RESOLVER_ERROR_TEMPORARY_FAILURE, BOBBIN_ERROR_UNREACHABLE },
    { G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE, BOBBIN_ERROR_CERTIFICATE },
    { G_TLS_ERROR, G_TLS_ERROR_NOT_TLS, BOBBIN_ERROR_TLS },
    { G_TLS_ERROR, G_TLS_ERROR_HANDSHAKE, BOBBIN_ERROR_TLS },
    { G_TLS_ERROR, G_TLS_ERROR_EOF, BOBBIN_ERROR_DISCONNECTED },
    { SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_PARSING, BOBBIN_ERROR_BAD_ANSWER },
    { SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_ENCODING, BOBBIN_ERROR_BAD_ANSWER },
    { G_FILE_ERROR, G_FILE_ERROR_FAILED, BOBBIN_ERROR_FAILED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) raw = g_error_new_literal (cases[i].domain, cases[i].from, "raw words");
      g_autoptr (GError) error = bobbin_error_from_gio (raw, "example.org");

      g_assert_error (error, BOBBIN_ERROR, cases[i].to);
      assert_sentence (error, "example.org");
    }
}

static void
test_proxy (void)
{
  const struct
  {
    int from;
    int to;
  } cases[] = {
    { G_IO_ERROR_CONNECTION_REFUSED, BOBBIN_ERROR_REFUSED },
    { G_IO_ERROR_HOST_UNREACHABLE, BOBBIN_ERROR_UNREACHABLE },
    { G_IO_ERROR_NETWORK_UNREACHABLE, BOBBIN_ERROR_UNREACHABLE },
    { G_IO_ERROR_TIMED_OUT, BOBBIN_ERROR_TIMED_OUT },
    { G_IO_ERROR_HOST_NOT_FOUND, BOBBIN_ERROR_NAME_NOT_FOUND },
  };
  g_autoptr (GError) stopped = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
  g_autoptr (GError) same = bobbin_error_from_proxy (stopped, "proxy:3128");

  g_assert_error (same, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) raw = g_error_new_literal (G_IO_ERROR, cases[i].from, "raw words");
      g_autoptr (GError) error = bobbin_error_from_proxy (raw, "proxy:3128");

      g_assert_error (error, BOBBIN_ERROR, cases[i].to);
      assert_sentence (error, "proxy proxy:3128");
    }
}

/* A stop is no failure, and what is one already is not put into words twice. */
static void
test_unchanged (void)
{
  g_autoptr (GError) stopped = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Stopped");
  g_autoptr (GError) ours = g_error_new_literal (BOBBIN_ERROR, BOBBIN_ERROR_CHANGED, "Changed.");
  g_autoptr (GError) same_stopped = bobbin_error_from_gio (stopped, "h");
  g_autoptr (GError) same_ours = bobbin_error_from_gio (ours, "h");

  g_assert_error (same_stopped, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_error (same_ours, BOBBIN_ERROR, BOBBIN_ERROR_CHANGED);
  g_assert_cmpstr (same_ours->message, ==, "Changed.");
}

static void
test_status (void)
{
  const guint cases[] = { 300, 400, 401, 403, 404, 407, 410, 418, 429, 451, 500, 503, 599 };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = bobbin_error_from_status (cases[i], "example.org");
      g_autofree char *number = g_strdup_printf ("%u", cases[i]);

      g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_HTTP_STATUS);
      assert_sentence (error, "example.org");
      assert_sentence (error, number);
    }
}

static void
test_proxy_status (void)
{
  const guint cases[] = { 302, 401, 403, 405, 407, 500, 502, 503 };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error =
        bobbin_error_from_proxy_status (cases[i], "proxy:3128", "example.org");
      g_autofree char *number = g_strdup_printf ("%u", cases[i]);

      g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_HTTP_STATUS);
      assert_sentence (error, cases[i] == 407 ? "The proxy on the way" : "The proxy proxy:3128");
      assert_sentence (error, "example.org");
      assert_sentence (error, number);
    }
}

static void
test_errno (void)
{
  const struct
  {
    int from;
    int to;
  } cases[] = {
    { ENOSPC, BOBBIN_ERROR_NO_SPACE },      { EDQUOT, BOBBIN_ERROR_NO_SPACE },
    { EFBIG, BOBBIN_ERROR_TOO_LARGE },      { EROFS, BOBBIN_ERROR_READ_ONLY },
    { EACCES, BOBBIN_ERROR_NO_PERMISSION }, { EPERM, BOBBIN_ERROR_NO_PERMISSION },
    { ENOENT, BOBBIN_ERROR_NO_FOLDER },     { ENOTDIR, BOBBIN_ERROR_NO_FOLDER },
    { EEXIST, BOBBIN_ERROR_EXISTS },        { EIO, BOBBIN_ERROR_DISK },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = bobbin_error_from_errno (cases[i].from, "/tmp/a file");

      g_assert_error (error, BOBBIN_ERROR, cases[i].to);
      assert_sentence (error, "/tmp/a file");
    }
}

static void
test_tls (void)
{
  const GTlsCertificateFlags flags[] = {
    G_TLS_CERTIFICATE_UNKNOWN_CA, G_TLS_CERTIFICATE_BAD_IDENTITY, G_TLS_CERTIFICATE_NOT_ACTIVATED,
    G_TLS_CERTIFICATE_EXPIRED,    G_TLS_CERTIFICATE_REVOKED,      G_TLS_CERTIFICATE_INSECURE,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      g_autoptr (GError) error = bobbin_error_from_tls (flags[i], "example.org");

      g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_CERTIFICATE);
      assert_sentence (error, "example.org");
      for (gsize j = 0; j < i; j++)
        {
          g_autoptr (GError) other = bobbin_error_from_tls (flags[j], "example.org");

          g_assert_cmpstr (error->message, !=, other->message);
        }
    }
}

/* The names are the codes': every one is there, and says the same. */
static void
test_code_names (void)
{
  g_autoptr (GEnumClass) codes = g_type_class_ref (BOBBIN_TYPE_ERROR);
  g_autoptr (GError) foreign = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BUSY, "busy");

  g_assert_cmpuint (codes->n_values, >, 20);
  for (guint i = 0; i < codes->n_values; i++)
    {
      g_autoptr (GError) error =
        g_error_new_literal (BOBBIN_ERROR, codes->values[i].value, "words");
      g_autofree char *full = g_strconcat ("BOBBIN_ERROR_", bobbin_error_code_name (error), NULL);

      g_assert_cmpstr (full, ==, codes->values[i].value_name);
    }
  g_assert_cmpstr (bobbin_error_code_name (foreign), ==, "FAILED");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/error/gio", test_gio);
  g_test_add_func ("/error/proxy", test_proxy);
  g_test_add_func ("/error/unchanged", test_unchanged);
  g_test_add_func ("/error/status", test_status);
  g_test_add_func ("/error/proxy-status", test_proxy_status);
  g_test_add_func ("/error/errno", test_errno);
  g_test_add_func ("/error/tls", test_tls);
  g_test_add_func ("/error/code-names", test_code_names);

  return g_test_run ();
}
