/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-tick-group-private.h"

G_BEGIN_DECLS

typedef struct _BobbinSampler BobbinSampler;

/*
 * BobbinSamplerFuncs:
 * @slot: a slot of a network probe has come, due at @due. Returns: whether to take a sample
 * @sampled: a sample was taken, or failed with @error: a %BOBBIN_ERROR
 * @overdue: a slot came, and the sample before it is still being taken
 * @ended: what bobbin_sampler_stop() asked for: no thread is at work for the sampler any more. Or
 *   there are no threads any more, and @error (owned by the sampler) says so. May free the sampler
 *
 * Whom a sampler tells.
 */
typedef struct
{
  gboolean (*slot)    (gint64   due,
                       gpointer user_data);
  void     (*sampled) (const BobbinSlot   *slot,
                       const BobbinSample *sample,
                       const GError       *error,
                       gpointer            user_data);
  void     (*overdue) (gpointer user_data);
  void     (*ended)   (const GError *error,
                       gpointer      user_data);
} BobbinSamplerFuncs;

/*
 * BobbinSamplerPace:
 * @BOBBIN_SAMPLER_SHARED: with all local probes of the pool, at slots that they share
 * @BOBBIN_SAMPLER_ALONE: a thread of the pool for each sample, at slots that are its own
 * @BOBBIN_SAMPLER_BY_HAND: the same, when bobbin_sampler_tick() says so
 *
 * When samples are taken, and by whom.
 */
typedef enum
{
  BOBBIN_SAMPLER_SHARED,
  BOBBIN_SAMPLER_ALONE,
  BOBBIN_SAMPLER_BY_HAND,
} BobbinSamplerPace;

BobbinSampler *bobbin_sampler_new          (BobbinProbe              *probe,
                                            BobbinWorkerPool         *pool,
                                            BobbinSamplerPace         pace,
                                            const BobbinSamplerFuncs *funcs,
                                            gpointer                  user_data);
void           bobbin_sampler_free         (BobbinSampler *self);
gboolean       bobbin_sampler_set_interval (BobbinSampler *self,
                                            gint64         interval,
                                            gint64         phase,
                                            GError       **error);
void           bobbin_sampler_set_timeout  (BobbinSampler *self,
                                            gint64         timeout);
void           bobbin_sampler_set_paused   (BobbinSampler *self,
                                            gboolean       paused);
gboolean       bobbin_sampler_start        (BobbinSampler *self,
                                            GError       **error);
void           bobbin_sampler_tick         (BobbinSampler *self,
                                            gint64         due);
void           bobbin_sampler_sample_now   (BobbinSampler *self);
void           bobbin_sampler_stop         (BobbinSampler *self);
void           bobbin_sampler_abandon      (BobbinSampler *self);
gint64         bobbin_sampler_get_overdue  (BobbinSampler *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinSampler, bobbin_sampler_free)

G_END_DECLS
