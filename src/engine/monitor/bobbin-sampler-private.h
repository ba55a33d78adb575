/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-probe-private.h"
#include "bobbin-worker-pool.h"

G_BEGIN_DECLS

typedef struct _BobbinSampler BobbinSampler;

/*
 * BobbinSamplerFuncs:
 * @sampled: a sample was taken, or failed with @error: a %BOBBIN_ERROR
 * @overdue: a slot came, and the sample before it is still being taken
 * @ended: what bobbin_sampler_stop() asked for: no thread is at work for the sampler any more. Or
 *   there are no threads any more, and @error (owned by the sampler) says so. May free the sampler
 *
 * Whom a sampler tells.
 */
typedef struct
{
  void (*sampled) (const BobbinSample *sample,
                   const GError       *error,
                   gpointer            user_data);
  void (*overdue) (gpointer user_data);
  void (*ended)   (const GError *error,
                   gpointer      user_data);
} BobbinSamplerFuncs;

BobbinSampler *bobbin_sampler_new          (BobbinProbe              *probe,
                                            BobbinWorkerPool         *pool,
                                            const BobbinSamplerFuncs *funcs,
                                            gpointer                  user_data);
void           bobbin_sampler_free         (BobbinSampler *self);
void           bobbin_sampler_set_ticker   (BobbinSampler *self,
                                            GSource       *ticker);
void           bobbin_sampler_set_timeout  (BobbinSampler *self,
                                            gint64         timeout);
void           bobbin_sampler_start        (BobbinSampler *self);
void           bobbin_sampler_stop         (BobbinSampler *self);
gint64         bobbin_sampler_get_overdue  (BobbinSampler *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinSampler, bobbin_sampler_free)

G_END_DECLS
