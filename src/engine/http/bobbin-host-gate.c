/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How many connections all jobs together have to one host. A connection enters before it is made
 * and leaves when it is closed. A job needs one to get on: for that it waits in line, first come
 * first served, as a source in the context of its worker. More than that it may only try for, and
 * gets none while anybody waits; bobbin_host_gate_is_wanted() says when to give one up.
 *
 * A server may bear fewer than that. One that refuses a connection while it serves others has said
 * how many: for a while no more are let in, of whichever job.
 *
 * Any thread. Nothing blocks but for the mutex, held for no longer than a few steps. A place in
 * line is given up when its source is finalized, under that mutex, so whoever gives a place away
 * finds only sources that still are.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-host-gate.h"

#include "bobbin-latch-private.h"

#include <libsoup/soup.h>

/* So long is believed that a server does not bear more connections. Tests have less time. */
gint64 bobbin_host_gate_belief_time = 60 * G_TIME_SPAN_SECOND;

struct _BobbinHostGate
{
  gatomicrefcount ref_count;

  GMutex mutex;
  guint limit;       /* protected by mutex */
  GHashTable *hosts; /* name → Host, those that have anybody; protected by mutex */
};

/* protected by the gate's mutex */
typedef struct
{
  char *name; /* (owned) */
  guint n_in;
  guint n_served;     /* of these: the server sends what was asked for */
  guint most;         /* served at once, as far as is known */
  gint64 most_until;  /* µs, when that is known no more */
  guint borne;        /* the server has refused more than these, or 0 */
  gint64 borne_until; /* µs, when that is believed no more */
  GQueue line;        /* of HostWait */
  GQueue resting;     /* of GSocket (owned): open, and of use to nobody at the moment */
} Host;

typedef struct
{
  BobbinLatch latch;
  BobbinHostGate *gate; /* (owned) */
  char *name;           /* (owned) */

  /* protected by the gate's mutex */
  GList link;       /* of the host's line */
  gboolean is_in;   /* a place was given */
  gboolean is_done; /* it is the caller's now */
} HostWait;

static void
host_free (gpointer data)
{
  Host *host = data;

  g_assert (host->n_in == 0 && host->n_served == 0 && g_queue_is_empty (&host->line));
  g_queue_clear_full (&host->resting, g_object_unref);
  g_free (host->name);
  g_free (host);
}

/* Called with the mutex held, as all that is named gate_…. */
static Host *
gate_ensure_host (BobbinHostGate *self, const char *name)
{
  Host *host = g_hash_table_lookup (self->hosts, name);

  if (host != NULL)
    return host;

  host = g_new0 (Host, 1);
  host->name = g_strdup (name);
  g_queue_init (&host->line);
  g_queue_init (&host->resting);
  g_hash_table_insert (self->hosts, host->name, host);

  return host;
}

static gboolean
host_is_bounded (Host *host)
{
  return host->borne > 0 && g_get_monotonic_time () < host->borne_until;
}

static void
host_note_served (Host *host)
{
  const gint64 now = g_get_monotonic_time ();

  if (host->n_served < host->most && now < host->most_until)
    return;

  host->most = host->n_served;
  host->most_until = now + bobbin_host_gate_belief_time;
}

/* Whether a refusal says that there are too many of us. A server that served more at once just now
 * has something else against what was asked for. */
static gboolean
host_is_crowded (Host *host)
{
  return host->n_served > 0 &&
         (host->n_served >= host->most || g_get_monotonic_time () >= host->most_until);
}

/* How many may be in; 0: any number. */
static guint
gate_get_limit (BobbinHostGate *self, Host *host)
{
  if (!host_is_bounded (host))
    return self->limit;

  return self->limit > 0 ? MIN (self->limit, host->borne) : host->borne;
}

/* For whoever is in, the connections at rest are shut down that would be too many: their thread
 * does nothing with them before it has asked whether they still are. */
static void
gate_make_room (BobbinHostGate *self, Host *host)
{
  const guint limit = gate_get_limit (self, host);

  while (limit > 0 && host->n_in + host->resting.length > limit &&
         !g_queue_is_empty (&host->resting))
    {
      g_autoptr (GSocket) socket = g_queue_pop_head (&host->resting);

      g_socket_shutdown (socket, TRUE, TRUE, NULL);
    }
}

static gboolean
gate_has_room (BobbinHostGate *self, Host *host)
{
  const guint limit = gate_get_limit (self, host);

  return limit == 0 || host->n_in < limit;
}

static void
gate_let_in (BobbinHostGate *self, Host *host)
{
  host->n_in++;
  gate_make_room (self, host);
}

/* Gives away what is free. */
static void
gate_let_in_all (BobbinHostGate *self, Host *host)
{
  while (!g_queue_is_empty (&host->line) && gate_has_room (self, host))
    {
      HostWait *wait = g_queue_peek_head (&host->line);

      g_queue_unlink (&host->line, &wait->link);
      gate_let_in (self, host);
      wait->is_in = TRUE;
      bobbin_latch_open (&wait->latch);
    }
}

/* The same, and forgets a host that nobody has to do with. */
static void
gate_settle (BobbinHostGate *self, Host *host)
{
  gate_let_in_all (self, host);
  if (host->n_in == 0 && g_queue_is_empty (&host->line) && g_queue_is_empty (&host->resting) &&
      !host_is_bounded (host))
    g_hash_table_remove (self->hosts, host->name);
}

static void
gate_leave (BobbinHostGate *self, const char *name)
{
  Host *host = g_hash_table_lookup (self->hosts, name);

  g_assert (host != NULL && host->n_in > 0);
  host->n_in--;
  gate_settle (self, host);
}

static void
gate_leave_line (BobbinHostGate *self, HostWait *wait)
{
  Host *host = g_hash_table_lookup (self->hosts, wait->name);

  g_queue_unlink (&host->line, &wait->link);
  gate_settle (self, host);
}

/* Nobody leaves when a bound ends: whoever waits looks again then. Called with the mutex held, by
 * the thread that waits. */
static void
host_wait_arm (HostWait *self, Host *host)
{
  const gint64 now = g_get_monotonic_time ();

  g_source_set_ready_time ((GSource *) self, host_is_bounded (host)
                                               ? host->borne_until
                                               : now + bobbin_host_gate_belief_time);
}

/* With no callback there is nobody to take the place: the finalizer gives it back. */
static gboolean
host_wait_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  HostWait *self = (HostWait *) source;

  if (callback == NULL)
    return G_SOURCE_REMOVE;

  g_mutex_lock (&self->gate->mutex);
  if (!self->is_in)
    {
      Host *host = g_hash_table_lookup (self->gate->hosts, self->name);

      gate_settle (self->gate, host);
      if (!self->is_in)
        host_wait_arm (self, host);
    }
  self->is_done = self->is_in;
  g_mutex_unlock (&self->gate->mutex);
  if (!self->is_done)
    return G_SOURCE_CONTINUE;
  callback (user_data);

  return G_SOURCE_REMOVE;
}

static void
host_wait_finalize (GSource *source)
{
  HostWait *self = (HostWait *) source;

  g_mutex_lock (&self->gate->mutex);
  if (!self->is_in)
    gate_leave_line (self->gate, self);
  else if (!self->is_done)
    gate_leave (self->gate, self->name);
  g_mutex_unlock (&self->gate->mutex);

  bobbin_host_gate_unref (self->gate);
  g_free (self->name);
}

static GSourceFuncs host_wait_funcs = {
  .prepare = bobbin_latch_prepare,
  .check = bobbin_latch_check,
  .dispatch = host_wait_dispatch,
  .finalize = host_wait_finalize,
};

/**
 * bobbin_host_gate_new:
 * @limit: how many connections to a host there may be; 0: no limit
 *
 * Returns: (transfer full): a gate
 */
BobbinHostGate *
bobbin_host_gate_new (guint limit)
{
  BobbinHostGate *self = g_new0 (BobbinHostGate, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  self->limit = limit;
  self->hosts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, host_free);

  return self;
}

/**
 * bobbin_host_gate_get_default:
 *
 * The gate that all jobs of this process share. Any thread.
 *
 * Returns: (transfer none): a gate that is never freed
 */
BobbinHostGate *
bobbin_host_gate_get_default (void)
{
  static BobbinHostGate *instance;

  if (g_once_init_enter (&instance))
    g_once_init_leave (&instance, bobbin_host_gate_new (BOBBIN_HOST_GATE_LIMIT));

  return instance;
}

/**
 * bobbin_host_gate_ref:
 * @self: a gate
 *
 * Any thread.
 *
 * Returns: (transfer full): @self
 */
BobbinHostGate *
bobbin_host_gate_ref (BobbinHostGate *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * bobbin_host_gate_unref:
 * @self: (transfer full): a gate; with the last reference, one that everybody has left
 *
 * Any thread.
 */
void
bobbin_host_gate_unref (BobbinHostGate *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_hash_table_unref (self->hosts);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/**
 * bobbin_host_gate_dup_host:
 * @url: an address of http: or https:
 *
 * What counts as one host: scheme, host and port (the origin of RFC 6454 §4), such as
 * “https://example.org:443”. Any thread.
 *
 * Returns: (transfer full) (nullable): the host of @url; %NULL if that is no such address
 */
char *
bobbin_host_gate_dup_host (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  g_autofree char *name = NULL;

  if (uri == NULL || g_uri_get_host (uri) == NULL || g_uri_get_port (uri) <= 0)
    return NULL;

  name = g_ascii_strdown (g_uri_get_host (uri), -1);

  return g_uri_join (G_URI_FLAGS_NONE, g_uri_get_scheme (uri), NULL, name, g_uri_get_port (uri), "",
                     NULL, NULL);
}

/**
 * bobbin_host_gate_get_limit:
 * @self: a gate
 *
 * Any thread.
 *
 * Returns: how many connections to a host there may be; 0: no limit
 */
guint
bobbin_host_gate_get_limit (BobbinHostGate *self)
{
  guint limit;

  g_mutex_lock (&self->mutex);
  limit = self->limit;
  g_mutex_unlock (&self->mutex);

  return limit;
}

/**
 * bobbin_host_gate_set_limit:
 * @self: a gate
 * @limit: how many connections to a host there may be; 0: no limit
 *
 * Lets in at once who may come in now, and forgets what servers were found to bear. Nobody is put
 * out: where there are more, nobody comes in until enough have left. Any thread.
 */
void
bobbin_host_gate_set_limit (BobbinHostGate *self, guint limit)
{
  GHashTableIter iter;
  gpointer host;

  g_mutex_lock (&self->mutex);
  self->limit = limit;
  /* What is left goes when somebody has to do with it again. */
  g_hash_table_iter_init (&iter, self->hosts);
  while (g_hash_table_iter_next (&iter, NULL, &host))
    {
      ((Host *) host)->borne = 0;
      gate_let_in_all (self, host);
    }
  g_mutex_unlock (&self->mutex);
}

/**
 * bobbin_host_gate_get_n_in:
 * @self: a gate
 * @host: from bobbin_host_gate_dup_host()
 *
 * Any thread.
 *
 * Returns: how many places of @host are taken
 */
guint
bobbin_host_gate_get_n_in (BobbinHostGate *self, const char *host)
{
  Host *found;
  guint n_in;

  g_mutex_lock (&self->mutex);
  found = g_hash_table_lookup (self->hosts, host);
  n_in = found != NULL ? found->n_in : 0;
  g_mutex_unlock (&self->mutex);

  return n_in;
}

/**
 * bobbin_host_gate_is_wanted:
 * @self: a gate
 * @host: from bobbin_host_gate_dup_host()
 *
 * Whether somebody waits for a place: then a job that has more than one should give one up, or a
 * long file keeps all other jobs of the host waiting. Any thread.
 *
 * Returns: %TRUE if somebody is in line
 */
gboolean
bobbin_host_gate_is_wanted (BobbinHostGate *self, const char *host)
{
  Host *found;
  gboolean is_wanted;

  g_mutex_lock (&self->mutex);
  found = g_hash_table_lookup (self->hosts, host);
  is_wanted = found != NULL && !g_queue_is_empty (&found->line);
  g_mutex_unlock (&self->mutex);

  return is_wanted;
}

/**
 * bobbin_host_gate_try_enter:
 * @self: a gate
 * @host: from bobbin_host_gate_dup_host()
 *
 * Takes a place if one is free and nobody waits for it. Any thread.
 *
 * Returns: %TRUE if there is a place now, to be given back with bobbin_host_gate_leave()
 */
gboolean
bobbin_host_gate_try_enter (BobbinHostGate *self, const char *host)
{
  Host *found;
  gboolean may_enter;

  g_mutex_lock (&self->mutex);
  found = gate_ensure_host (self, host);
  may_enter = g_queue_is_empty (&found->line) && gate_has_room (self, found);
  if (may_enter)
    gate_let_in (self, found);
  g_mutex_unlock (&self->mutex);

  return may_enter;
}

/**
 * bobbin_host_gate_wait_new:
 * @self: a gate
 * @host: from bobbin_host_gate_dup_host()
 * @context: (nullable): the only context that the source may be attached to, which outlives it;
 *   %NULL: the default one
 *
 * Gets in line. The source calls its #GSourceFunc once, in @context, when there is a place or if
 * there already is; then that is the callback's, to be given back with bobbin_host_gate_leave(),
 * and what it returns does not matter. Freed before that, by g_source_destroy() and the last
 * g_source_unref(), it leaves the line, or gives back the place it was given meanwhile. In the
 * thread that runs @context.
 *
 * Returns: (transfer full): a new source, not attached
 */
GSource *
bobbin_host_gate_wait_new (BobbinHostGate *self, const char *host, GMainContext *context)
{
  GSource *source = bobbin_latch_new (&host_wait_funcs, sizeof (HostWait), context);
  HostWait *wait = (HostWait *) source;
  Host *found;

  g_source_set_static_name (source, "[bobbin] host gate");
  wait->gate = bobbin_host_gate_ref (self);
  wait->name = g_strdup (host);
  wait->link.data = wait;

  g_mutex_lock (&self->mutex);
  found = gate_ensure_host (self, host);
  g_queue_push_tail_link (&found->line, &wait->link);
  host_wait_arm (wait, found);
  gate_settle (self, found);
  g_mutex_unlock (&self->mutex);

  return source;
}

/**
 * bobbin_host_gate_leave:
 * @self: a gate
 * @host: from bobbin_host_gate_dup_host()
 *
 * Gives a place back; the first in line gets it. Any thread.
 */
void
bobbin_host_gate_leave (BobbinHostGate *self, const char *host)
{
  g_mutex_lock (&self->mutex);
  gate_leave (self, host);
  g_mutex_unlock (&self->mutex);
}

/**
 * bobbin_host_gate_begin:
 * @self: a gate
 * @host: where the caller has a place
 *
 * The server sends over it what was asked for. Any thread.
 */
void
bobbin_host_gate_begin (BobbinHostGate *self, const char *host)
{
  Host *found;

  g_mutex_lock (&self->mutex);
  found = g_hash_table_lookup (self->hosts, host);
  g_assert (found != NULL && found->n_served < found->n_in);
  found->n_served++;
  host_note_served (found);
  if (found->borne > 0)
    found->borne = MAX (found->borne, found->n_served);
  g_mutex_unlock (&self->mutex);
}

/**
 * bobbin_host_gate_end:
 * @self: a gate
 * @host: where the caller has a place
 *
 * The end of what bobbin_host_gate_begin() began. Any thread.
 */
void
bobbin_host_gate_end (BobbinHostGate *self, const char *host)
{
  Host *found;

  g_mutex_lock (&self->mutex);
  found = g_hash_table_lookup (self->hosts, host);
  g_assert (found != NULL && found->n_served > 0);
  found->n_served--;
  g_mutex_unlock (&self->mutex);
}

/**
 * bobbin_host_gate_refuse:
 * @self: a gate
 * @host: where the caller has a place, and no use of it
 *
 * The server has refused the caller's connection, or what was asked for over it. If it serves
 * others meanwhile it is they for whom it did: for a minute no more than these are let in. Any
 * thread.
 *
 * Returns: %TRUE if it serves others
 */
gboolean
bobbin_host_gate_refuse (BobbinHostGate *self, const char *host)
{
  gboolean is_crowded;
  Host *found;

  g_mutex_lock (&self->mutex);
  found = g_hash_table_lookup (self->hosts, host);
  is_crowded = found != NULL && host_is_crowded (found);
  if (is_crowded)
    {
      found->borne = found->n_served;
      found->borne_until = g_get_monotonic_time () + bobbin_host_gate_belief_time;
    }
  g_mutex_unlock (&self->mutex);

  return is_crowded;
}

/**
 * bobbin_host_gate_rest:
 * @self: a gate
 * @host: from bobbin_host_gate_dup_host()
 * @socket: of a connection that has a place there
 *
 * Gives a place back, but for the connection, which stays open: until somebody else needs its
 * place, and then it is shut down. Nobody may do anything with it before bobbin_host_gate_wake().
 * Any thread.
 */
void
bobbin_host_gate_rest (BobbinHostGate *self, const char *host, GSocket *socket)
{
  Host *found;

  g_mutex_lock (&self->mutex);
  found = g_hash_table_lookup (self->hosts, host);
  g_assert (found != NULL && found->n_in > 0);
  g_queue_push_tail (&found->resting, g_object_ref (socket));
  found->n_in--;
  gate_settle (self, found);
  gate_make_room (self, found);
  g_mutex_unlock (&self->mutex);
}

/**
 * bobbin_host_gate_wake:
 * @self: a gate
 * @host: from bobbin_host_gate_dup_host()
 * @socket: of a connection that was at rest
 *
 * Any thread.
 *
 * Returns: %TRUE if it has its place back; %FALSE if it was shut down
 */
gboolean
bobbin_host_gate_wake (BobbinHostGate *self, const char *host, GSocket *socket)
{
  gboolean is_there;
  Host *found;

  g_mutex_lock (&self->mutex);
  found = g_hash_table_lookup (self->hosts, host);
  is_there = found != NULL && g_queue_remove (&found->resting, socket);
  if (is_there)
    {
      found->n_in++;
      g_object_unref (socket);
    }
  g_mutex_unlock (&self->mutex);

  return is_there;
}
