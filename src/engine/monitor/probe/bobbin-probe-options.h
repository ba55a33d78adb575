/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * BobbinProbeOption:
 * @name: as it is typed and stored
 * @type: of its value: "s", "b", "u", "t", "d" or "as"
 * @fallback: (nullable): what it is where it is not set, in GVariant's text format; %NULL: nothing
 * @choices: (nullable) (array zero-terminated=1): the only words it can be
 * @sentence: what it is for; to be translated where it is shown
 * @is_secret: whether its value is kept where passwords are, and shown nowhere
 *
 * Something that can be set for a kind of probe. A table of them ends with one without a name.
 */
typedef struct
{
  const char        *name;
  const char        *type;
  const char        *fallback;
  const char *const *choices;
  const char        *sentence;
  gboolean           is_secret;
} BobbinProbeOption;

/*
 * BobbinProbeKind:
 * @target: what a target of this kind looks like
 * @example: one that is valid
 * @sentence: what it tells; to be translated where it is shown
 * @options: (array zero-terminated=1): what can be set for it
 *
 * A kind of probe, for those who show what there is.
 */
typedef struct
{
  const char              *target;
  const char              *example;
  const char              *sentence;
  const BobbinProbeOption *options;
} BobbinProbeKind;

const BobbinProbeKind *const *bobbin_probe_kind_list (gsize      *n_kinds);
const BobbinProbeKind        *bobbin_probe_kind_find (const char *target);

const BobbinProbeOption *bobbin_probe_options_find        (const BobbinProbeOption *table,
                                                           const char              *name);
gboolean                 bobbin_probe_options_check       (const BobbinProbeOption *table,
                                                           GVariant                *options,
                                                           GError                 **error);
GVariant                *bobbin_probe_options_parse       (const BobbinProbeOption *table,
                                                           const char              *name,
                                                           const char              *text,
                                                           GError                 **error);
GVariant                *bobbin_probe_options_get         (const BobbinProbeOption *table,
                                                           GVariant                *options,
                                                           const char              *name);
char                    *bobbin_probe_options_dup_string  (const BobbinProbeOption *table,
                                                           GVariant                *options,
                                                           const char              *name);
gboolean                 bobbin_probe_options_get_boolean (const BobbinProbeOption *table,
                                                           GVariant                *options,
                                                           const char              *name);
guint64                  bobbin_probe_options_get_number  (const BobbinProbeOption *table,
                                                           GVariant                *options,
                                                           const char              *name);
GVariant                *bobbin_probe_options_split       (const BobbinProbeOption *table,
                                                           GVariant                *options,
                                                           GVariant               **secrets);
GVariant                *bobbin_probe_options_join        (GVariant *options,
                                                           GVariant *secrets);

G_END_DECLS
