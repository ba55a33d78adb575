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
 * @ca_file: (nullable): certificates to trust
 * @exists: what to do when the file is there
 * @jobs: so many at once
 * @retries: tries that bring nothing
 * @timeout: seconds
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
  const char *ca_file;
  BobbinExists exists;
  guint jobs;
  guint retries;
  guint timeout;
  gboolean sync;
  gboolean quiet;
  gboolean json;
} BobbinCliGetOptions;

gboolean
bobbin_cli_get_run (const BobbinCliGetOptions *options, BobbinCliStatus *status, GError **error);

G_END_DECLS
