/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-cli-output.h"
#include "bobbin-cli.h"
#include "bobbin-job-queue.h"

G_BEGIN_DECLS

/**
 * BobbinCliSession:
 *
 * What `get` and `watch` have in common: a main loop, a queue of jobs, two outputs, and an end that
 * joins everything.
 */
typedef struct _BobbinCliSession BobbinCliSession;

/**
 * BobbinCliSessionFunc:
 * @user_data: what was given to bobbin_cli_session_new()
 *
 * Hears of a turn in a session's life.
 */
typedef void (*BobbinCliSessionFunc) (gpointer user_data);

/**
 * BobbinCliSessionSayFunc:
 * @line: a line for standard error, with its line feed
 * @user_data: what was given to bobbin_cli_session_new()
 *
 * Says something where else a command says what went wrong.
 */
typedef void (*BobbinCliSessionSayFunc) (const char *line, gpointer user_data);

/**
 * BobbinCliSessionFuncs:
 * @closing: the session ends, jobs are being stopped; begin nothing new
 * @closed: every job has ended and every worker is joined; say what is left to say
 * @caught_up: (nullable): standard output or standard error was behind its reader and is no longer
 * @complain: (nullable): says a line; %NULL if it can go to standard error as it is
 *
 * What a command does at the turns of its session.
 */
typedef struct
{
  BobbinCliSessionFunc closing;
  BobbinCliSessionFunc closed;
  BobbinCliSessionFunc caught_up;
  BobbinCliSessionSayFunc complain;
} BobbinCliSessionFuncs;

BobbinCliSession *bobbin_cli_session_new (const BobbinCliSessionFuncs *funcs, gpointer user_data);
void bobbin_cli_session_free (BobbinCliSession *self);
BobbinCliStatus bobbin_cli_session_run (BobbinCliSession *self);

BobbinJobQueue *bobbin_cli_session_get_queue (BobbinCliSession *self);
BobbinCliOutput *bobbin_cli_session_get_output (BobbinCliSession *self);
BobbinCliOutput *bobbin_cli_session_get_errors (BobbinCliSession *self);
gboolean bobbin_cli_session_is_closing (BobbinCliSession *self);
void bobbin_cli_session_set_failed (BobbinCliSession *self);
void bobbin_cli_session_close (BobbinCliSession *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinCliSession, bobbin_cli_session_free)

G_END_DECLS
