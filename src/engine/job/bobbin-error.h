/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BOBBIN_ERROR:
 *
 * The error domain of everything a job can fail with. Its messages are whole, translated sentences
 * for a person; its codes are what a program decides by.
 */
#define BOBBIN_ERROR (bobbin_error_quark ())

/**
 * BobbinError:
 * @BOBBIN_ERROR_FAILED: something for which there is no better word
 * @BOBBIN_ERROR_BAD_ADDRESS: the address is no address, or not of a kind that is supported
 * @BOBBIN_ERROR_NAME_NOT_FOUND: no host has this name
 * @BOBBIN_ERROR_REFUSED: the host refuses connections on this port
 * @BOBBIN_ERROR_UNREACHABLE: there is no way to the host or the network, or to who knows its name
 * @BOBBIN_ERROR_TIMED_OUT: nothing was heard for longer than allowed
 * @BOBBIN_ERROR_DISCONNECTED: the connection broke
 * @BOBBIN_ERROR_CERTIFICATE: the server's certificate cannot be trusted
 * @BOBBIN_ERROR_TLS: no secure connection could be agreed on
 * @BOBBIN_ERROR_HTTP_STATUS: the server answered with an error status
 * @BOBBIN_ERROR_BAD_ANSWER: the server's answer is not valid HTTP, or not an answer to the question
 * @BOBBIN_ERROR_REDIRECT: a redirect that must not or cannot be followed
 * @BOBBIN_ERROR_TRUNCATED: fewer bytes came than were promised
 * @BOBBIN_ERROR_CHANGED: the file on the server changed during the download
 * @BOBBIN_ERROR_NO_SPACE: the disk, or the user's share of it, is full
 * @BOBBIN_ERROR_READ_ONLY: the disk cannot be written to
 * @BOBBIN_ERROR_NO_PERMISSION: the folder or file may not be written
 * @BOBBIN_ERROR_NO_FOLDER: the folder does not exist
 * @BOBBIN_ERROR_EXISTS: a file of that name is there and may not be replaced
 * @BOBBIN_ERROR_IN_USE: another download writes this file now
 * @BOBBIN_ERROR_DISK: reading or writing the disk failed
 * @BOBBIN_ERROR_UNSUPPORTED: this system cannot do what was asked
 * @BOBBIN_ERROR_CLOSED: Bobbin is quitting and begins nothing new
 * @BOBBIN_ERROR_BAD_SETTING: something that was set for a job cannot be used
 * @BOBBIN_ERROR_LOGIN_REQUIRED: the server wants a user name and a password, or other ones
 * @BOBBIN_ERROR_WEB_PAGE: the server sent a web page instead of the file
 * @BOBBIN_ERROR_CHECKSUM: the file that came is not the one that the checksum is of
 * @BOBBIN_ERROR_TOO_LARGE: the disk takes no file of that length, whatever room there is
 *
 * What a job can fail with. A run that was stopped is not a failure: it ends with
 * %G_IO_ERROR_CANCELLED, which never becomes one of these.
 */
typedef enum
{
  BOBBIN_ERROR_FAILED,
  BOBBIN_ERROR_BAD_ADDRESS,
  BOBBIN_ERROR_NAME_NOT_FOUND,
  BOBBIN_ERROR_REFUSED,
  BOBBIN_ERROR_UNREACHABLE,
  BOBBIN_ERROR_TIMED_OUT,
  BOBBIN_ERROR_DISCONNECTED,
  BOBBIN_ERROR_CERTIFICATE,
  BOBBIN_ERROR_TLS,
  BOBBIN_ERROR_HTTP_STATUS,
  BOBBIN_ERROR_BAD_ANSWER,
  BOBBIN_ERROR_REDIRECT,
  BOBBIN_ERROR_TRUNCATED,
  BOBBIN_ERROR_CHANGED,
  BOBBIN_ERROR_NO_SPACE,
  BOBBIN_ERROR_READ_ONLY,
  BOBBIN_ERROR_NO_PERMISSION,
  BOBBIN_ERROR_NO_FOLDER,
  BOBBIN_ERROR_EXISTS,
  BOBBIN_ERROR_IN_USE,
  BOBBIN_ERROR_DISK,
  BOBBIN_ERROR_UNSUPPORTED,
  BOBBIN_ERROR_CLOSED,
  BOBBIN_ERROR_BAD_SETTING,
  BOBBIN_ERROR_LOGIN_REQUIRED,
  BOBBIN_ERROR_WEB_PAGE,
  BOBBIN_ERROR_CHECKSUM,
  BOBBIN_ERROR_TOO_LARGE,
} BobbinError;

GQuark      bobbin_error_quark       (void);
GError     *bobbin_error_from_gio    (const GError *error,
                                      const char   *host);
GError     *bobbin_error_from_proxy  (const GError *error,
                                      const char   *proxy);
GError     *bobbin_error_from_proxy_status (guint       status,
                                            const char *proxy,
                                            const char *host);
GError     *bobbin_error_from_tls    (GTlsCertificateFlags flags,
                                      const char          *host);
GError     *bobbin_error_from_status (guint       status,
                                      const char *host);
GError     *bobbin_error_from_errno  (int         errsv,
                                      const char *path);
const char *bobbin_error_code_name   (const GError *error);
BobbinError bobbin_error_code_by_name (const char *name);

G_END_DECLS
