/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The one place where the errors of GIO, of TLS, of HTTP and of the kernel become a code that a
 * program can decide by and a sentence that tells a person what happened and what to do. Pure;
 * any thread.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>

/* clang-format off */
static const char *const code_names[] = {
  [BOBBIN_ERROR_FAILED]         = "FAILED",
  [BOBBIN_ERROR_BAD_ADDRESS]    = "BAD_ADDRESS",
  [BOBBIN_ERROR_NAME_NOT_FOUND] = "NAME_NOT_FOUND",
  [BOBBIN_ERROR_REFUSED]        = "REFUSED",
  [BOBBIN_ERROR_UNREACHABLE]    = "UNREACHABLE",
  [BOBBIN_ERROR_TIMED_OUT]      = "TIMED_OUT",
  [BOBBIN_ERROR_DISCONNECTED]   = "DISCONNECTED",
  [BOBBIN_ERROR_CERTIFICATE]    = "CERTIFICATE",
  [BOBBIN_ERROR_TLS]            = "TLS",
  [BOBBIN_ERROR_HTTP_STATUS]    = "HTTP_STATUS",
  [BOBBIN_ERROR_BAD_ANSWER]     = "BAD_ANSWER",
  [BOBBIN_ERROR_REDIRECT]       = "REDIRECT",
  [BOBBIN_ERROR_TRUNCATED]      = "TRUNCATED",
  [BOBBIN_ERROR_CHANGED]        = "CHANGED",
  [BOBBIN_ERROR_NO_SPACE]       = "NO_SPACE",
  [BOBBIN_ERROR_READ_ONLY]      = "READ_ONLY",
  [BOBBIN_ERROR_NO_PERMISSION]  = "NO_PERMISSION",
  [BOBBIN_ERROR_NO_FOLDER]      = "NO_FOLDER",
  [BOBBIN_ERROR_EXISTS]         = "EXISTS",
  [BOBBIN_ERROR_IN_USE]         = "IN_USE",
  [BOBBIN_ERROR_DISK]           = "DISK",
  [BOBBIN_ERROR_UNSUPPORTED]    = "UNSUPPORTED",
  [BOBBIN_ERROR_CLOSED]         = "CLOSED",
  [BOBBIN_ERROR_BAD_SETTING]    = "BAD_SETTING",
  [BOBBIN_ERROR_LOGIN_REQUIRED] = "LOGIN_REQUIRED",
  [BOBBIN_ERROR_WEB_PAGE]       = "WEB_PAGE",
  [BOBBIN_ERROR_CHECKSUM]       = "CHECKSUM",
  [BOBBIN_ERROR_TOO_LARGE]      = "TOO_LARGE",
};
/* clang-format on */

/**
 * bobbin_error_quark:
 *
 * The quark behind %BOBBIN_ERROR. Any thread.
 *
 * Returns: the quark
 */
/* clang-format off */
G_DEFINE_QUARK (bobbin-error-quark, bobbin_error)
/* clang-format on */

/**
 * bobbin_error_code_name:
 * @error: an error
 *
 * The code of @error in capitals, as `bobbin-cli --json` prints it. Any thread.
 *
 * Returns: (transfer none): a static string; "FAILED" for errors of other domains
 */
const char *
bobbin_error_code_name (const GError *error)
{
  if (error->domain != BOBBIN_ERROR || error->code < 0 ||
      (gsize) error->code >= G_N_ELEMENTS (code_names))
    return code_names[BOBBIN_ERROR_FAILED];

  return code_names[error->code];
}

/**
 * bobbin_error_code_by_name:
 * @name: (nullable): what bobbin_error_code_name() gave
 *
 * Any thread.
 *
 * Returns: the code; %BOBBIN_ERROR_FAILED if there is none of this name
 */
BobbinError
bobbin_error_code_by_name (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (code_names); i++)
    if (g_strcmp0 (code_names[i], name) == 0)
      return i;

  return BOBBIN_ERROR_FAILED;
}

static GError *
refused (const char *host)
{
  return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_REFUSED,
                      /* Translators: %s is the name of a host */
                      _ ("%s refuses the connection. Is the server running, and the port right?"),
                      host);
}

static GError *
unreachable (const char *host)
{
  return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_UNREACHABLE,
                      /* Translators: %s is a host, such as example.org */
                      _ ("There is no way to %s. Check the network connection."), host);
}

static GError *
timed_out (const char *host)
{
  return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_TIMED_OUT,
                      /* Translators: %s is a host, such as example.org */
                      _ ("%s did not answer in time. Try again later."), host);
}

static GError *
disconnected (const char *host)
{
  return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_DISCONNECTED,
                      /* Translators: %s is a host, such as example.org */
                      _ ("The connection to %s broke. Try again."), host);
}

static GError *
name_not_found (const char *host)
{
  return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_NAME_NOT_FOUND,
                      /* Translators: %s is a host, such as example.org */
                      _ ("No host has the name “%s”. Check the address."), host);
}

static GError *
truncated (const char *host)
{
  return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_TRUNCATED,
                      /* Translators: %s is a host, such as example.org */
                      _ ("%s ended the transfer before everything had come. Try again."), host);
}

static GError *
bad_answer (const char *host)
{
  return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_BAD_ANSWER,
                      /* Translators: %s is a host, such as example.org */
                      _ ("The answer of %s makes no sense. Is it a web server?"), host);
}

static GError *
no_tls (const char *host)
{
  return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_TLS,
                      /* Translators: %s is a host, such as example.org */
                      _ ("No secure connection to %s could be made."), host);
}

static GError *
other (const GError *error, const char *host)
{
  return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_FAILED,
                      /* Translators: first a host's name, then the system's own words */
                      _ ("The transfer from %s failed: %s"), host, error->message);
}

static GError *
from_resolver (const GError *error, const char *host)
{
  /* Nobody could be asked: that says nothing of the name, and may be other in a moment. */
  if (error->code == G_RESOLVER_ERROR_TEMPORARY_FAILURE)
    return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_UNREACHABLE,
                        /* Translators: %s is a host, such as example.org */
                        _ ("The name “%s” could not be looked up. Check the network connection."),
                        host);

  return name_not_found (host);
}

static GError *
from_tls (const GError *error, const char *host)
{
  switch (error->code)
    {
    case G_TLS_ERROR_BAD_CERTIFICATE:
      return bobbin_error_from_tls (G_TLS_CERTIFICATE_GENERIC_ERROR, host);
    case G_TLS_ERROR_EOF:
      return disconnected (host);
    default:
      return no_tls (host);
    }
}

static GError *
from_soup_session (const GError *error, const char *host)
{
  switch (error->code)
    {
    case SOUP_SESSION_ERROR_PARSING:
    case SOUP_SESSION_ERROR_ENCODING:
      return bad_answer (host);
    case SOUP_SESSION_ERROR_TOO_MANY_RESTARTS:
      return bobbin_error_from_status (SOUP_STATUS_UNAUTHORIZED, host);
    default:
      return other (error, host);
    }
}

static GError *
from_io (const GError *error, const char *host)
{
  switch (error->code)
    {
    case G_IO_ERROR_CANCELLED:
      return g_error_copy (error);
    case G_IO_ERROR_CONNECTION_REFUSED:
      return refused (host);
    case G_IO_ERROR_HOST_UNREACHABLE:
    case G_IO_ERROR_NETWORK_UNREACHABLE:
      return unreachable (host);
    case G_IO_ERROR_TIMED_OUT:
      return timed_out (host);
    case G_IO_ERROR_CONNECTION_CLOSED: /* also BROKEN_PIPE */
    case G_IO_ERROR_NOT_CONNECTED:
    case G_IO_ERROR_CLOSED:
      return disconnected (host);
    case G_IO_ERROR_HOST_NOT_FOUND:
      return name_not_found (host);
    case G_IO_ERROR_PARTIAL_INPUT:
      return truncated (host);
    case G_IO_ERROR_INVALID_DATA:
      return bad_answer (host);
    default:
      return other (error, host);
    }
}

/**
 * bobbin_error_from_gio:
 * @error: an error of GIO, of its resolver, of TLS or of libsoup
 * @host: the host that was spoken to
 *
 * Puts an error of the network into words. %G_IO_ERROR_CANCELLED is no failure and stays what it
 * is, and so does an error that is one of %BOBBIN_ERROR already. Any thread.
 *
 * Returns: (transfer full): a new error
 */
GError *
bobbin_error_from_gio (const GError *error, const char *host)
{
  g_return_val_if_fail (error != NULL, NULL);
  g_return_val_if_fail (host != NULL, NULL);

  if (error->domain == BOBBIN_ERROR)
    return g_error_copy (error);
  if (error->domain == G_IO_ERROR)
    return from_io (error, host);
  if (error->domain == G_RESOLVER_ERROR)
    return from_resolver (error, host);
  if (error->domain == G_TLS_ERROR)
    return from_tls (error, host);
  if (error->domain == SOUP_SESSION_ERROR)
    return from_soup_session (error, host);

  return other (error, host);
}

/**
 * bobbin_error_from_proxy:
 * @error: an error of GIO
 * @proxy: the proxy that no connection could be made to
 *
 * As bobbin_error_from_gio(), of what a person finds in the settings of the system rather than in
 * the address. Any thread.
 *
 * Returns: (transfer full): a new error, of the same code
 */
GError *
bobbin_error_from_proxy (const GError *error, const char *proxy)
{
  g_autoptr (GError) own = bobbin_error_from_gio (error, proxy);

  g_return_val_if_fail (own != NULL, NULL);

#define proxy_error(text) g_error_new (BOBBIN_ERROR, own->code, text, proxy)
  /* Translators: %s is the name of a proxy and a port, here and in the next three */
  if (g_error_matches (own, BOBBIN_ERROR, BOBBIN_ERROR_REFUSED))
    /* Translators: %s is a host, such as proxy.example.org */
    return proxy_error (_ ("The proxy %s refuses the connection. Check the network settings of "
                           "this computer."));
  if (g_error_matches (own, BOBBIN_ERROR, BOBBIN_ERROR_UNREACHABLE))
    /* Translators: %s is a host, such as proxy.example.org */
    return proxy_error (_ ("There is no way to the proxy %s. Check the network settings of this "
                           "computer."));
  if (g_error_matches (own, BOBBIN_ERROR, BOBBIN_ERROR_TIMED_OUT))
    /* Translators: %s is a host, such as proxy.example.org */
    return proxy_error (_ ("The proxy %s did not answer in time. Check the network settings of "
                           "this computer."));
  if (g_error_matches (own, BOBBIN_ERROR, BOBBIN_ERROR_NAME_NOT_FOUND))
    /* Translators: %s is a host, such as proxy.example.org */
    return proxy_error (_ ("The proxy %s was not found. Check the network settings of this "
                           "computer."));
#undef proxy_error

  return g_steal_pointer (&own);
}

/**
 * bobbin_error_from_tls:
 * @flags: what is wrong with the certificate
 * @host: the host that showed it
 *
 * Says why a certificate is not trusted; of several faults the one that tells most. Any thread.
 *
 * Returns: (transfer full): a new %BOBBIN_ERROR_CERTIFICATE
 */
GError *
bobbin_error_from_tls (GTlsCertificateFlags flags, const char *host)
{
#define distrust(text) g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_CERTIFICATE, text, host)
  if (flags & G_TLS_CERTIFICATE_BAD_IDENTITY)
    /* Translators: %s is a host, such as example.org */
    return distrust (_ ("The certificate that %s shows belongs to another host."));
  if (flags & G_TLS_CERTIFICATE_EXPIRED)
    /* Translators: %s is a host, such as example.org */
    return distrust (_ ("The certificate of %s has expired. Is this computer’s clock right?"));
  if (flags & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    /* Translators: %s is a host, such as example.org */
    return distrust (_ ("The certificate of %s is not valid yet. Is this computer’s clock right?"));
  if (flags & G_TLS_CERTIFICATE_REVOKED)
    /* Translators: %s is a host, such as example.org */
    return distrust (_ ("The certificate of %s has been revoked."));
  if (flags & G_TLS_CERTIFICATE_UNKNOWN_CA)
    /* Translators: %s is a host, such as example.org */
    return distrust (_ ("The certificate of %s is signed by nobody this computer trusts."));

  /* Translators: %s is a host, such as example.org */
  return distrust (_ ("The certificate of %s cannot be trusted."));
#undef distrust
}

/**
 * bobbin_error_from_status:
 * @status: an HTTP status of 300 or more
 * @host: the host that sent it
 *
 * Puts an HTTP status (RFC 9110 §15) into words. Any thread.
 *
 * Returns: (transfer full): a new %BOBBIN_ERROR_HTTP_STATUS
 */
GError *
bobbin_error_from_status (guint status, const char *host)
{
  switch (status)
    {
    case SOUP_STATUS_UNAUTHORIZED:
      return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_HTTP_STATUS,
                          /* Translators: %s is a host, %u an HTTP status, such as 404 */
                          _ ("%s wants a user name and a password (%u)."), host, status);
    case SOUP_STATUS_PROXY_UNAUTHORIZED:
      return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_HTTP_STATUS,
                          /* Translators: %s is a host, %u an HTTP status, such as 404 */
                          _ ("The proxy on the way to %s wants a user name and a password (%u). "
                             "Set them in the network settings of this computer."),
                          host, status);
    case SOUP_STATUS_FORBIDDEN:
      return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_HTTP_STATUS,
                          /* Translators: %s is a host, %u an HTTP status, such as 404 */
                          _ ("%s does not allow access to this file (%u)."), host, status);
    case SOUP_STATUS_NOT_FOUND:
    case SOUP_STATUS_GONE:
      return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_HTTP_STATUS,
                          /* Translators: %s is a host, %u an HTTP status, such as 404 */
                          _ ("The file is not on %s (%u). Check the address."), host, status);
    case 429: /* Too Many Requests, RFC 6585 */
      return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_HTTP_STATUS,
                          /* Translators: %s is a host, %u an HTTP status, such as 404 */
                          _ ("%s asks to come back later: too many requests (%u)."), host, status);
    case SOUP_STATUS_SERVICE_UNAVAILABLE:
      return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_HTTP_STATUS,
                          /* Translators: %s is a host, %u an HTTP status, such as 404 */
                          _ ("%s is overloaded or being repaired (%u). Try again later."), host,
                          status);
    default:
      if (status >= 500)
        return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_HTTP_STATUS,
                            /* Translators: %s is a host, %u an HTTP status, such as 404 */
                            _ ("%s has a problem of its own (%u). Try again later."), host, status);
      return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_HTTP_STATUS,
                          /* Translators: a host's name, then an HTTP status such as 418 */
                          _ ("%s answered with the error %u."), host, status);
    }
}

/**
 * bobbin_error_from_proxy_status:
 * @status: an HTTP status of 300 or more
 * @proxy: the proxy that sent it
 * @host: the host that it was to make a way to
 *
 * Puts into words that a proxy makes no tunnel to a host (RFC 9110 §9.3.6), of which the host knows
 * nothing. Any thread.
 *
 * Returns: (transfer full): a new %BOBBIN_ERROR_HTTP_STATUS
 */
GError *
bobbin_error_from_proxy_status (guint status, const char *proxy, const char *host)
{
  if (status == SOUP_STATUS_PROXY_UNAUTHORIZED)
    return bobbin_error_from_status (status, host);
  if (status >= 500)
    return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_HTTP_STATUS,
                        /* Translators: a proxy, a host, and an HTTP status such as 502 */
                        _ ("The proxy %s cannot reach %s (%u). Try again later."), proxy, host,
                        status);

  return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_HTTP_STATUS,
                      /* Translators: a proxy, a host, and an HTTP status such as 403 */
                      _ ("The proxy %s lets nobody through to %s (%u). Check the network settings "
                         "of this computer."),
                      proxy, host, status);
}

/**
 * bobbin_error_from_errno:
 * @errsv: a value of errno
 * @path: (type filename): the file or folder it is about
 *
 * Puts a failure of the file system into words. Any thread.
 *
 * Returns: (transfer full): a new error
 */
GError *
bobbin_error_from_errno (int errsv, const char *path)
{
  g_autofree char *name = g_filename_display_name (path);

  switch (errsv)
    {
    case ENOSPC:
      return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_NO_SPACE,
                          /* Translators: %s is the name of a file */
                          _ ("The disk is full. Make room, then start again: “%s”"), name);
    case EDQUOT:
      return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_NO_SPACE,
                          /* Translators: %s is the name of a file */
                          _ ("Your share of the disk is used up. Make room, then start again: "
                             "“%s”"),
                          name);
    case EFBIG:
      return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_TOO_LARGE,
                          /* Translators: %s is the name of a file */
                          _ ("The file is too large for this disk: “%s”"), name);
    case EROFS:
      return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_READ_ONLY,
                          /* Translators: %s is the name of a file */
                          _ ("The disk is read-only. Choose another folder than that of “%s”."),
                          name);
    case EACCES:
    case EPERM:
      return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_NO_PERMISSION,
                          /* Translators: %s is the name of a file */
                          _ ("You may not write “%s”. Choose another folder."), name);
    case ENOENT:
    case ENOTDIR:
      return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_NO_FOLDER,
                          /* Translators: %s is the name of a file */
                          _ ("The folder of “%s” is not there. Choose another one."), name);
    case EEXIST:
      return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_EXISTS,
                          /* Translators: %s is the name of a file */
                          _ ("There is a file “%s” already, and it is not overwritten."), name);
    default:
      return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_DISK,
                          /* Translators: a file's name, then the system's own words */
                          _ ("“%s” could not be written: %s"), name, g_strerror (errsv));
    }
}
