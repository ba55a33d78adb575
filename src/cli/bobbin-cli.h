/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BobbinCliStatus:
 * @BOBBIN_CLI_DONE: all done
 * @BOBBIN_CLI_FAILED: at least one failed
 * @BOBBIN_CLI_USAGE: wrong usage
 * @BOBBIN_CLI_INTERRUPTED: stopped by SIGINT or SIGTERM, and joined
 *
 * What bobbin-cli ends with.
 */
typedef enum
{
  BOBBIN_CLI_DONE = 0,
  BOBBIN_CLI_FAILED = 1,
  BOBBIN_CLI_USAGE = 2,
  BOBBIN_CLI_INTERRUPTED = 130,
} BobbinCliStatus;

BobbinCliStatus bobbin_cli_get (char **args);
BobbinCliStatus bobbin_cli_watch (char **args);
BobbinCliStatus bobbin_cli_history (char **args);
BobbinCliStatus bobbin_cli_monitors (char **args);

G_END_DECLS
