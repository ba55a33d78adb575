/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BOBBIN_CLI_INPUT_MAX_LINE:
 *
 * A longer line, in bytes, is no address but an error.
 */
#define BOBBIN_CLI_INPUT_MAX_LINE (64 * 1024)

/**
 * BobbinCliInput:
 *
 * A list of addresses, one a line, which is read only as far as addresses are asked for.
 */
typedef struct _BobbinCliInput BobbinCliInput;

/**
 * BobbinCliInputState:
 * @BOBBIN_CLI_INPUT_LINE: there is a line
 * @BOBBIN_CLI_INPUT_BAD_LINE: there is a line, but it is too long or not UTF-8
 * @BOBBIN_CLI_INPUT_WAIT: the next line is not here yet; it is being read
 * @BOBBIN_CLI_INPUT_END: there is no further line
 *
 * What came of asking an input for a line.
 */
typedef enum
{
  BOBBIN_CLI_INPUT_LINE,
  BOBBIN_CLI_INPUT_BAD_LINE,
  BOBBIN_CLI_INPUT_WAIT,
  BOBBIN_CLI_INPUT_END,
} BobbinCliInputState;

/**
 * BobbinCliInputFunc:
 * @error: (nullable): why there is nothing more to read, unless it is the end
 * @user_data: what was given to bobbin_cli_input_open()
 *
 * Hears that it is worth asking again.
 */
typedef void (*BobbinCliInputFunc) (const GError *error, gpointer user_data);

BobbinCliInput *bobbin_cli_input_open (const char *path,
                                       BobbinCliInputFunc func,
                                       gpointer user_data,
                                       GError **error);
void bobbin_cli_input_close (BobbinCliInput *self);
BobbinCliInputState bobbin_cli_input_next (BobbinCliInput *self, char **line);
guint64 bobbin_cli_input_get_line (BobbinCliInput *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinCliInput, bobbin_cli_input_close)

G_END_DECLS
