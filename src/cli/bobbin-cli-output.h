/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BobbinCliOutput:
 *
 * Writes text to a file descriptor without ever waiting for whoever reads it.
 */
typedef struct _BobbinCliOutput BobbinCliOutput;

/**
 * BobbinCliOutputFunc:
 * @output: the output
 * @errsv: 0 if all is written now, else the `errno` that says why nothing can be written any more
 * @user_data: what was given to bobbin_cli_output_set_func()
 *
 * Hears that an output has caught up with its reader, or has lost it.
 */
typedef void (*BobbinCliOutputFunc) (BobbinCliOutput *output, int errsv, gpointer user_data);

BobbinCliOutput *bobbin_cli_output_new (int fd);
void bobbin_cli_output_free (BobbinCliOutput *self);
void
bobbin_cli_output_set_func (BobbinCliOutput *self, BobbinCliOutputFunc func, gpointer user_data);
void bobbin_cli_output_write (BobbinCliOutput *self, const char *text);
void bobbin_cli_output_print (BobbinCliOutput *self, const char *text);
gboolean bobbin_cli_output_is_behind (BobbinCliOutput *self);
gboolean bobbin_cli_output_is_empty (BobbinCliOutput *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinCliOutput, bobbin_cli_output_free)

G_END_DECLS
