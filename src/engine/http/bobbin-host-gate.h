/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BOBBIN_HOST_GATE_LIMIT:
 *
 * So many connections to one host the gate of the process begins with.
 */
#define BOBBIN_HOST_GATE_LIMIT 16

/**
 * BobbinHostGate:
 *
 * Lets through no more than so many connections to one host.
 */
typedef struct _BobbinHostGate BobbinHostGate;

/* So long, in µs, is believed that a server does not bear more connections. */
extern gint64 bobbin_host_gate_belief_time;

BobbinHostGate *bobbin_host_gate_new         (guint limit);
BobbinHostGate *bobbin_host_gate_get_default (void);
BobbinHostGate *bobbin_host_gate_ref         (BobbinHostGate *self);
void            bobbin_host_gate_unref       (BobbinHostGate *self);

char           *bobbin_host_gate_dup_host    (const char *url);

guint           bobbin_host_gate_get_limit   (BobbinHostGate *self);
void            bobbin_host_gate_set_limit   (BobbinHostGate *self,
                                              guint           limit);
guint           bobbin_host_gate_get_n_in    (BobbinHostGate *self,
                                              const char     *host);
gboolean        bobbin_host_gate_is_wanted   (BobbinHostGate *self,
                                              const char     *host);

gboolean        bobbin_host_gate_try_enter   (BobbinHostGate *self,
                                              const char     *host);
GSource        *bobbin_host_gate_wait_new    (BobbinHostGate *self,
                                              const char     *host,
                                              GMainContext   *context);
void            bobbin_host_gate_leave       (BobbinHostGate *self,
                                              const char     *host);
void            bobbin_host_gate_begin       (BobbinHostGate *self,
                                              const char     *host);
void            bobbin_host_gate_end         (BobbinHostGate *self,
                                              const char     *host);
gboolean        bobbin_host_gate_refuse      (BobbinHostGate *self,
                                              const char     *host);
void            bobbin_host_gate_rest        (BobbinHostGate *self,
                                              const char     *host,
                                              GSocket        *socket);
gboolean        bobbin_host_gate_wake        (BobbinHostGate *self,
                                              const char     *host,
                                              GSocket        *socket);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinHostGate, bobbin_host_gate_unref)

G_END_DECLS
