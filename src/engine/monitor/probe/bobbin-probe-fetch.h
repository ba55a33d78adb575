/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-http-context.h"
#include "bobbin-probe-options.h"
#include "bobbin-probe-private.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/*
 * BobbinProbeFetchPlan:
 *
 * How to ask a web server. Never changes while it is used; any thread.
 */
typedef struct
{
  GUri              *uri;           /* (owned) */
  BobbinHttpContext *context;       /* (owned) (nullable): headers, login, certificates */
  char              *method;        /* (owned) */
  GSocketFamily      family;        /* %G_SOCKET_FAMILY_INVALID for any */
  gboolean           follow;        /* redirects */
  guint              max_redirects;
  gsize              max_body;      /* more is not waited for */
} BobbinProbeFetchPlan;

/* What is different from one time to the next. */
typedef struct
{
  const char *etag;                         /* (nullable): to ask only for another version */
  const char *last_modified;                /* (nullable): so too */
  const char *source;                       /* (nullable): what these two were said of */
  gboolean    keeps_body;
  gboolean    keeps_connection;             /* for the next time, and uses one that was kept */
  gboolean  (*wants_body) (guint    status, /* (nullable): NULL for no error's body */
                           gpointer user_data);
  gpointer    user_data;
} BobbinProbeFetchWishes;

/* An answer, or why there is none. */
typedef struct
{
  gint64       began;     /* monotonic µs */
  gint64       ended;     /* when the answer was whole, or had failed */
  gint64       asked;     /* µs of that, without what it took until there were connections */
  SoupMessage *message;   /* (owned) the last one: others led to it */
  guint        n_redirects;
  GByteArray  *body;      /* (owned) */
  gsize        n_read;    /* bytes of it that came */
  gboolean     is_cut;    /* there is more of it */
  GError      *error;     /* (owned) (nullable): of %BOBBIN_ERROR, or cancelled */
} BobbinProbeFetch;

/* Called when there is an answer, or none. */
typedef void (*BobbinProbeFetchFunc) (gpointer user_data);

/* Of each kind that asks web servers; the rest is the kind's own. */
#define BOBBIN_PROBE_FETCH_OPTIONS(max_body)                                                       \
  { "user", "s", NULL, NULL, N_ ("A user name"), FALSE },                                          \
  { "password", "s", NULL, NULL, N_ ("The password of the user"), TRUE },                          \
  { "headers", "as", "[]", NULL, N_ ("More headers to send, each as “Name: value”"), FALSE },      \
  { "ca-file", "s", NULL, NULL, N_ ("A file with more certificates to trust"), FALSE },            \
  { "ip", "s", "'any'", bobbin_probe_fetch_families, N_ ("Only IPv4 or IPv6"), FALSE },            \
  { "max-redirects", "u", "20", NULL, N_ ("How many redirects are followed"), FALSE },             \
  { "max-body", "t", max_body, NULL, N_ ("How many bytes are looked at"), FALSE }

extern const char *const bobbin_probe_fetch_families[];

gboolean bobbin_probe_fetch_plan_init   (BobbinProbeFetchPlan    *self,
                                         const char              *address,
                                         const BobbinProbeOption *table,
                                         GVariant                *options,
                                         GError                 **error);
void     bobbin_probe_fetch_plan_clear  (BobbinProbeFetchPlan *self);

gboolean bobbin_probe_fetch_is_plain    (const BobbinProbeFetchPlan *self);
gboolean bobbin_probe_fetch_run         (BobbinProbeFetch             *self,
                                         const BobbinProbeFetchPlan   *plan,
                                         const BobbinProbeFetchWishes *wishes,
                                         GCancellable                 *cancellable);
void     bobbin_probe_fetch_begin       (BobbinProbeFetch             *self,
                                         const BobbinProbeFetchPlan   *plan,
                                         const BobbinProbeFetchWishes *wishes,
                                         guint                        *lane,
                                         GCancellable                 *cancellable,
                                         BobbinProbeFetchFunc          func,
                                         gpointer                      user_data);
char    *bobbin_probe_fetch_dup_source  (SoupMessage *message);
char    *bobbin_probe_fetch_dup_text    (const BobbinProbeFetch *self);
void     bobbin_probe_fetch_describe    (const BobbinProbeFetch *self,
                                         GVariantDict           *details);
void     bobbin_probe_fetch_clear       (BobbinProbeFetch *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BobbinProbeFetch, bobbin_probe_fetch_clear)

G_END_DECLS
