/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * BobbinTargetForm: which fields a target is made of; of the computer it is several.
 */
typedef enum
{
  BOBBIN_TARGET_COMPUTER,
  BOBBIN_TARGET_FIXED,
  BOBBIN_TARGET_FOLDER,
  BOBBIN_TARGET_ADDRESS,
  BOBBIN_TARGET_SERVER_PORT,
  BOBBIN_TARGET_NAME,
  BOBBIN_TARGET_NAME_OR_NONE,
} BobbinTargetForm;

/*
 * BobbinMonitorTemplate:
 * @title: what is monitored; to be translated
 * @prefix: what its targets begin with; of the computer: what the first of them is
 * @form: what follows
 * @field: (nullable): what the name is called, of forms that have one; to be translated
 * @limit: what its limits are of; to be translated
 * @unit: so much of the values' unit is one of the limit's
 * @max_limit: the highest limit
 * @warn: a usual limit of a warning
 * @critical: a usual critical limit
 *
 * Something that can be monitored, as a person looks for it.
 */
typedef struct
{
  const char *title;
  const char *prefix;
  BobbinTargetForm form;
  const char *field;
  const char *limit;
  double unit;
  double max_limit;
  double warn;
  double critical;
} BobbinMonitorTemplate;

const BobbinMonitorTemplate *bobbin_monitor_templates_get (guint *n_templates);
const BobbinMonitorTemplate *bobbin_monitor_templates_find (const char *target);
gboolean bobbin_monitor_template_is_remote (const BobbinMonitorTemplate *self);

/* What was typed into the fields. */
typedef struct
{
  const char *folder;
  const char *address;
  const char *server;
  guint port;
  const char *name;
} BobbinTargetFields;

GStrv bobbin_monitor_template_make_targets (const BobbinMonitorTemplate *self,
                                            const BobbinTargetFields *fields);

G_END_DECLS
