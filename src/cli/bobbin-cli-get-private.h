/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-cli-input.h"
#include "bobbin-cli-progress.h"
#include "bobbin-cli-session.h"
#include "bobbin-download.h"

G_BEGIN_DECLS

/**
 * BobbinCliGetOptions:
 * @urls: (array zero-terminated=1): the addresses in the arguments
 * @input_file: (nullable): a list of more of them
 * @folder: where to, an absolute path
 * @name: (nullable): what to call the file
 * @checksum: (nullable): what the file must have
 * @context: what goes with the requests
 * @exists: what to do when the file is there
 * @jobs: so many at once
 * @connections: so many for each
 * @rate: bytes a second for all together, or 0
 * @retries: tries that bring nothing
 * @timeout: seconds
 * @accept_html: whether a web page may be the file
 * @sync: whether to wait for the disk
 * @quiet: whether to say nothing but errors
 * @json: whether to tell it to a program
 *
 * What `get` is to do, checked.
 */
typedef struct
{
  char **urls;
  const char *input_file;
  const char *folder;
  const char *name;
  const char *checksum;
  BobbinHttpContext *context;
  BobbinExists exists;
  guint jobs;
  guint connections;
  gint64 rate;
  guint retries;
  guint timeout;
  gboolean accept_html;
  gboolean sync;
  gboolean quiet;
  gboolean json;
} BobbinCliGetOptions;

gboolean
bobbin_cli_get_run (const BobbinCliGetOptions *options, BobbinCliStatus *status, GError **error);

G_END_DECLS
