/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The download job: settings in, properties out. What a run does with them is in
 * bobbin-download-run.c. Main thread only.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-download-private.h"

#include "bobbin-download-words.h"
#include "bobbin-enums.h"
#include "bobbin-file-name.h"
#include "bobbin-host-gate.h"
#include "bobbin-http-policy.h"

#include <string.h>

#define DEFAULT_CONNECTIONS 8
#define MAX_CONNECTIONS     32

#define DEFAULT_RETRIES 10
#define DEFAULT_TIMEOUT 30
#define MAX_TIMEOUT     (24 * 60 * 60)

G_STATIC_ASSERT (MAX_TIMEOUT < 1 << 17 && MAX_CONNECTIONS < 1 << 6);

G_DEFINE_FINAL_TYPE (BobbinDownload, bobbin_download, BOBBIN_TYPE_JOB)

static GParamSpec *props[BOBBIN_DOWNLOAD_N_PROPS];

static guint segments_changed; /* signal */

/* For its other files, of which it is the one that knows the properties. */
void
bobbin_download_notify (BobbinDownload *self, BobbinDownloadProperty prop)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

void
bobbin_download_emit_segments_changed (BobbinDownload *self)
{
  g_signal_emit (self, segments_changed, 0);
}

/* Of one that has none of them: nothing. */
const BobbinDownloadExtras *
bobbin_download_get_extras (BobbinDownload *self)
{
  static const BobbinDownloadExtras none = { NULL };

  return self->extras != NULL ? self->extras : &none;
}

BobbinDownloadExtras *
bobbin_download_ensure_extras (BobbinDownload *self)
{
  if (self->extras == NULL)
    self->extras = g_new0 (BobbinDownloadExtras, 1);

  return self->extras;
}

static void
extras_free (BobbinDownloadExtras *extras)
{
  g_free (extras->file_name);
  g_clear_pointer (&extras->context, bobbin_http_context_unref);
  g_free (extras->checksum);
  g_clear_pointer (&extras->limiter, bobbin_rate_limiter_unref);
  g_clear_pointer (&extras->board, bobbin_segment_board_unref);
  g_free (extras->trail);
  g_free (extras->claimed);
  g_free (extras->identity);
  g_free (extras->file);
  g_free (extras);
}

/* Its own limit, made now if there is none yet: what is set in it applies at once. */
BobbinRateLimiter *
bobbin_download_ensure_limiter (BobbinDownload *self)
{
  BobbinDownloadExtras *extras = bobbin_download_ensure_extras (self);

  if (extras->limiter == NULL)
    extras->limiter = bobbin_rate_limiter_new (0);

  return extras->limiter;
}

/* Its own limit; 0: it has none. */
gint64
bobbin_download_get_limit (BobbinDownload *self)
{
  BobbinRateLimiter *limiter = bobbin_download_get_extras (self)->limiter;

  return limiter != NULL ? bobbin_rate_limiter_get_rate (limiter) : 0;
}

void
bobbin_download_set_identity (BobbinDownload *self, const char *identity)
{
  BobbinDownloadExtras *extras = bobbin_download_ensure_extras (self);

  if (g_strcmp0 (identity, extras->identity) == 0)
    return;

  g_free (extras->identity);
  extras->identity = g_strdup (identity);
  bobbin_download_notify (self, BOBBIN_DOWNLOAD_PROP_PART_IDENTITY);
}

static void
bobbin_download_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BobbinDownload *self = BOBBIN_DOWNLOAD (object);
  const BobbinDownloadExtras *extras = bobbin_download_get_extras (self);

  switch ((BobbinDownloadProperty) prop_id)
    {
    case BOBBIN_DOWNLOAD_PROP_ADDRESS:
      g_value_set_string (value, self->address);
      break;
    case BOBBIN_DOWNLOAD_PROP_FOLDER:
      g_value_set_string (value, self->folder);
      break;
    case BOBBIN_DOWNLOAD_PROP_FILE_NAME:
      g_value_set_string (value, extras->file_name);
      break;
    case BOBBIN_DOWNLOAD_PROP_EXISTS:
      g_value_set_enum (value, self->exists);
      break;
    case BOBBIN_DOWNLOAD_PROP_CONNECTIONS:
      g_value_set_uint (value, self->connections);
      break;
    case BOBBIN_DOWNLOAD_PROP_RETRIES:
      g_value_set_uint (value, self->retries);
      break;
    case BOBBIN_DOWNLOAD_PROP_TIMEOUT:
      g_value_set_uint (value, self->timeout);
      break;
    case BOBBIN_DOWNLOAD_PROP_SYNC:
      g_value_set_boolean (value, self->sync);
      break;
    case BOBBIN_DOWNLOAD_PROP_REQUEST:
      g_value_take_string (value, extras->context != NULL
                                    ? bobbin_http_context_to_text (extras->context)
                                    : NULL);
      break;
    case BOBBIN_DOWNLOAD_PROP_CA_FILE:
      g_value_set_string (value, extras->context != NULL
                                   ? bobbin_http_context_get_settings (extras->context)->ca_file
                                   : NULL);
      break;
    case BOBBIN_DOWNLOAD_PROP_CHECKSUM:
      g_value_set_string (value, extras->checksum);
      break;
    case BOBBIN_DOWNLOAD_PROP_ACCEPT_HTML:
      g_value_set_boolean (value, self->accept_html);
      break;
    case BOBBIN_DOWNLOAD_PROP_WAIT_FOR_SPACE:
      g_value_set_boolean (value, self->wait_for_space);
      break;
    case BOBBIN_DOWNLOAD_PROP_LIMIT_RATE:
      g_value_set_int64 (value, bobbin_download_get_limit (self));
      break;
    case BOBBIN_DOWNLOAD_PROP_PART_NAME:
      g_value_set_string (value, bobbin_download_get_part_name (self));
      break;
    case BOBBIN_DOWNLOAD_PROP_PART_IDENTITY:
      g_value_set_string (value, extras->identity);
      break;
    case BOBBIN_DOWNLOAD_PROP_FILE:
      g_value_set_string (value, extras->file);
      break;
    case BOBBIN_DOWNLOAD_PROP_SKIPPED:
      g_value_set_boolean (value, self->skipped);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

/* The login of the address stays until there is another one. */
static void
bobbin_download_take_context (BobbinDownload *self, BobbinHttpContext *context)
{
  static const BobbinHttpSettings none = { 0 };
  g_autoptr (BobbinHttpContext) old =
    g_steal_pointer (&bobbin_download_ensure_extras (self)->context);
  g_autoptr (BobbinHttpContext) empty = NULL;

  if (context != NULL && bobbin_http_context_has_login (context))
    self->has_address_login = FALSE;
  if (context == NULL && self->has_address_login)
    context = empty = bobbin_http_context_new (&none, NULL);

  if (self->has_address_login)
    self->extras->context = bobbin_http_context_new_with_login_of (context, old);
  else if (context != NULL)
    self->extras->context = bobbin_http_context_ref (context);
}

/* What a list of jobs has kept of the context: all but the secrets. */
static void
bobbin_download_set_request (BobbinDownload *self, const char *text)
{
  g_autoptr (BobbinHttpContext) context = NULL;
  g_autoptr (GError) error = NULL;

  if (text != NULL)
    context = bobbin_http_context_new_from_text (text, NULL, &error);
  if (error != NULL)
    g_warning ("What was kept of a request cannot be read: %s", error->message);

  bobbin_download_take_context (self, context);
}

static void
bobbin_download_set_ca_file (BobbinDownload *self, const char *ca_file)
{
  BobbinDownloadExtras *extras = bobbin_download_ensure_extras (self);
  BobbinHttpSettings settings = { 0 };
  BobbinHttpContext *context;

  if (extras->context != NULL)
    settings = *bobbin_http_context_get_settings (extras->context);
  settings.ca_file = ca_file;
  context = bobbin_http_context_new (&settings, NULL);

  g_clear_pointer (&extras->context, bobbin_http_context_unref);
  extras->context = context;
}

static void
bobbin_download_set_file_name (BobbinDownload *self, const char *name)
{
  BobbinDownloadExtras *extras = bobbin_download_ensure_extras (self);

  g_free (extras->file_name);
  extras->file_name = name != NULL && *name != '\0' ? bobbin_file_name_make_safe (name) : NULL;
}

static void
bobbin_download_set_property (GObject *object,
                              guint prop_id,
                              const GValue *value,
                              GParamSpec *pspec)
{
  BobbinDownload *self = BOBBIN_DOWNLOAD (object);

  switch ((BobbinDownloadProperty) prop_id)
    {
    case BOBBIN_DOWNLOAD_PROP_ADDRESS:
      self->address = g_value_dup_string (value);
      break;
    case BOBBIN_DOWNLOAD_PROP_FOLDER:
      self->folder = g_ref_string_new_intern (g_value_get_string (value));
      break;
    case BOBBIN_DOWNLOAD_PROP_FILE_NAME:
      bobbin_download_set_file_name (self, g_value_get_string (value));
      break;
    case BOBBIN_DOWNLOAD_PROP_EXISTS:
      self->exists = g_value_get_enum (value);
      break;
    case BOBBIN_DOWNLOAD_PROP_CONNECTIONS:
      self->connections = g_value_get_uint (value);
      break;
    case BOBBIN_DOWNLOAD_PROP_RETRIES:
      self->retries = g_value_get_uint (value);
      break;
    case BOBBIN_DOWNLOAD_PROP_TIMEOUT:
      self->timeout = g_value_get_uint (value);
      break;
    case BOBBIN_DOWNLOAD_PROP_SYNC:
      self->sync = g_value_get_boolean (value);
      break;
    case BOBBIN_DOWNLOAD_PROP_REQUEST:
      bobbin_download_set_request (self, g_value_get_string (value));
      break;
    case BOBBIN_DOWNLOAD_PROP_CA_FILE:
      bobbin_download_set_ca_file (self, g_value_get_string (value));
      break;
    case BOBBIN_DOWNLOAD_PROP_CHECKSUM:
      g_free (bobbin_download_ensure_extras (self)->checksum);
      bobbin_download_ensure_extras (self)->checksum = g_value_dup_string (value);
      break;
    case BOBBIN_DOWNLOAD_PROP_ACCEPT_HTML:
      self->accept_html = g_value_get_boolean (value);
      break;
    case BOBBIN_DOWNLOAD_PROP_WAIT_FOR_SPACE:
      self->wait_for_space = g_value_get_boolean (value);
      break;
    case BOBBIN_DOWNLOAD_PROP_LIMIT_RATE:
      bobbin_rate_limiter_set_rate (bobbin_download_ensure_limiter (self),
                                    g_value_get_int64 (value));
      break;
    case BOBBIN_DOWNLOAD_PROP_PART_NAME:
      g_free (bobbin_download_ensure_extras (self)->claimed);
      bobbin_download_ensure_extras (self)->claimed = g_value_dup_string (value);
      break;
    case BOBBIN_DOWNLOAD_PROP_PART_IDENTITY:
      bobbin_download_set_identity (self, g_value_get_string (value));
      break;
    case BOBBIN_DOWNLOAD_PROP_FILE:
      g_free (bobbin_download_ensure_extras (self)->file);
      bobbin_download_ensure_extras (self)->file = g_value_dup_string (value);
      break;
    case BOBBIN_DOWNLOAD_PROP_SKIPPED:
      self->skipped = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static char *
bobbin_download_describe (BobbinJob *job)
{
  char *line = bobbin_download_words_status (job);

  return line != NULL ? line : BOBBIN_JOB_CLASS (bobbin_download_parent_class)->describe (job);
}

static char *
bobbin_download_name (BobbinJob *job)
{
  BobbinDownload *self = BOBBIN_DOWNLOAD (job);
  const char *name = bobbin_download_get_extras (self)->file_name;

  /* It is being made. */
  if (self->address == NULL)
    return NULL;

  return name != NULL ? g_strdup (name) : bobbin_file_name_from_uri (self->address);
}

/* From here on nobody who shows, logs or keeps the address can tell. */
static void
bobbin_download_take_login (BobbinDownload *self)
{
  BobbinHttpContext *context = bobbin_http_context_new_for_address (self->address);
  char *bare = bobbin_http_strip_userinfo (self->address);

  g_free (self->address);
  self->address = bare;
  if (context != NULL)
    bobbin_download_ensure_extras (self)->context = context;
  self->has_address_login = context != NULL;
}

static void
bobbin_download_constructed (GObject *object)
{
  BobbinDownload *self = BOBBIN_DOWNLOAD (object);

  g_assert (self->address != NULL && self->folder != NULL);

  if (strchr (self->address, '@') != NULL)
    bobbin_download_take_login (self);

  G_OBJECT_CLASS (bobbin_download_parent_class)->constructed (object);
}

static void
bobbin_download_finalize (GObject *object)
{
  BobbinDownload *self = BOBBIN_DOWNLOAD (object);

  g_free (self->address);
  g_clear_pointer (&self->folder, g_ref_string_release);
  g_clear_pointer (&self->extras, extras_free);

  G_OBJECT_CLASS (bobbin_download_parent_class)->finalize (object);
}

static void
bobbin_download_class_init (BobbinDownloadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  BobbinJobClass *job_class = BOBBIN_JOB_CLASS (klass);
  const GParamFlags kept = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | BOBBIN_PARAM_KEPT;
  const GParamFlags in = kept | BOBBIN_PARAM_CHOSEN;
  const GParamFlags out = kept | G_PARAM_EXPLICIT_NOTIFY;
  const GParamFlags once = in | G_PARAM_CONSTRUCT_ONLY;

  object_class->get_property = bobbin_download_get_property;
  object_class->set_property = bobbin_download_set_property;
  object_class->constructed = bobbin_download_constructed;
  object_class->finalize = bobbin_download_finalize;

  job_class->lane = BOBBIN_LANE_TRANSFER;
  job_class->launch = bobbin_download_launch;
  job_class->returned = bobbin_download_returned;
  job_class->report = bobbin_download_report;
  job_class->describe = bobbin_download_describe;
  job_class->name = bobbin_download_name;
  job_class->await = bobbin_transfer_await;

  props[BOBBIN_DOWNLOAD_PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, NULL, once);
  props[BOBBIN_DOWNLOAD_PROP_FOLDER] = g_param_spec_string ("folder", NULL, NULL, NULL, once);
  /* What can be set applies to the next run. */
  props[BOBBIN_DOWNLOAD_PROP_FILE_NAME] = g_param_spec_string ("file-name", NULL, NULL, NULL, in);
  props[BOBBIN_DOWNLOAD_PROP_EXISTS] =
    g_param_spec_enum ("exists", NULL, NULL, BOBBIN_TYPE_EXISTS, BOBBIN_EXISTS_RENAME,
                       in | G_PARAM_CONSTRUCT);
  props[BOBBIN_DOWNLOAD_PROP_CONNECTIONS] =
    g_param_spec_uint ("connections", NULL, NULL, 1, MAX_CONNECTIONS, DEFAULT_CONNECTIONS,
                       in | G_PARAM_CONSTRUCT);
  props[BOBBIN_DOWNLOAD_PROP_RETRIES] = g_param_spec_uint ("retries", NULL, NULL, 0, G_MAXUINT,
                                                           DEFAULT_RETRIES, in | G_PARAM_CONSTRUCT);
  props[BOBBIN_DOWNLOAD_PROP_TIMEOUT] = g_param_spec_uint ("timeout", NULL, NULL, 1, MAX_TIMEOUT,
                                                           DEFAULT_TIMEOUT, in | G_PARAM_CONSTRUCT);
  props[BOBBIN_DOWNLOAD_PROP_SYNC] =
    g_param_spec_boolean ("sync", NULL, NULL, TRUE, in | G_PARAM_CONSTRUCT);
  props[BOBBIN_DOWNLOAD_PROP_REQUEST] = g_param_spec_string ("request", NULL, NULL, NULL, in);
  props[BOBBIN_DOWNLOAD_PROP_CA_FILE] =
    g_param_spec_string ("ca-file", NULL, NULL, NULL, in & ~BOBBIN_PARAM_KEPT);
  props[BOBBIN_DOWNLOAD_PROP_CHECKSUM] = g_param_spec_string ("checksum", NULL, NULL, NULL, in);
  props[BOBBIN_DOWNLOAD_PROP_ACCEPT_HTML] =
    g_param_spec_boolean ("accept-html", NULL, NULL, FALSE, in);
  props[BOBBIN_DOWNLOAD_PROP_WAIT_FOR_SPACE] =
    g_param_spec_boolean ("wait-for-space", NULL, NULL, FALSE, in);
  props[BOBBIN_DOWNLOAD_PROP_LIMIT_RATE] =
    g_param_spec_int64 ("limit-rate", NULL, NULL, 0, G_MAXINT64, 0, in);
  props[BOBBIN_DOWNLOAD_PROP_PART_NAME] = g_param_spec_string ("part-name", NULL, NULL, NULL, out);
  props[BOBBIN_DOWNLOAD_PROP_PART_IDENTITY] =
    g_param_spec_string ("part-identity", NULL, NULL, NULL, out);
  props[BOBBIN_DOWNLOAD_PROP_FILE] = g_param_spec_string ("file", NULL, NULL, NULL, out);
  props[BOBBIN_DOWNLOAD_PROP_SKIPPED] = g_param_spec_boolean ("skipped", NULL, NULL, FALSE, out);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  segments_changed = g_signal_new ("segments-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bobbin_download_init (BobbinDownload *self)
{
}

/**
 * bobbin_download_set_folder:
 * @self: a download that is not active
 * @folder: (type filename): absolute path of another folder
 *
 * Has the file go to another folder from the next run on, which begins anew: what is left of the
 * last one should have been discarded before, with bobbin_download_discard_async().
 */
void
bobbin_download_set_folder (BobbinDownload *self, const char *folder)
{
  g_return_if_fail (BOBBIN_IS_DOWNLOAD (self));
  g_return_if_fail (!bobbin_job_is_active (BOBBIN_JOB (self)));
  g_return_if_fail (folder != NULL && g_path_is_absolute (folder));

  g_ref_string_release (self->folder);
  self->folder = g_ref_string_new_intern (folder);
  g_clear_pointer (&bobbin_download_ensure_extras (self)->claimed, g_free);
  g_clear_pointer (&self->extras->identity, g_free);
  bobbin_download_notify (self, BOBBIN_DOWNLOAD_PROP_FOLDER);
  bobbin_download_notify (self, BOBBIN_DOWNLOAD_PROP_PART_NAME);
}

static gboolean
is_same_server (const char *a, const char *b)
{
  g_autofree char *host_a = bobbin_host_gate_dup_host (a);
  g_autofree char *host_b = bobbin_host_gate_dup_host (b);

  return g_strcmp0 (host_a, host_b) == 0;
}

/* It comes from elsewhere from the next run on. What was set for requests to one server, secrets
 * among it, is not for another one. A login that @address holds is taken. */
void
bobbin_download_set_address (BobbinDownload *self, const char *address)
{
  g_autoptr (BobbinHttpContext) old = NULL;

  old = g_steal_pointer (&bobbin_download_ensure_extras (self)->context);
  if (self->has_address_login || !is_same_server (self->address, address))
    g_clear_pointer (&old, bobbin_http_context_unref);

  g_free (self->address);
  self->address = g_strdup (address);
  bobbin_download_take_login (self);
  if (old != NULL && self->has_address_login && !bobbin_http_context_has_login (old))
    {
      g_autoptr (BobbinHttpContext) login = g_steal_pointer (&self->extras->context);

      self->extras->context = bobbin_http_context_new_with_login_of (old, login);
    }
  else if (old != NULL && !self->has_address_login)
    {
      self->extras->context = g_steal_pointer (&old);
    }
  bobbin_download_notify (self, BOBBIN_DOWNLOAD_PROP_ADDRESS);
  bobbin_download_notify (self, BOBBIN_DOWNLOAD_PROP_REQUEST);
}

/**
 * bobbin_download_expect_file:
 * @self: a download of before the program that has not ended
 * @since: when it came to be, in µs since 1970
 *
 * Says that the file may be there: its last run was perhaps killed when that was whole, and before
 * anybody put it down. The next run then takes a file that holds what it downloads, and is no older
 * than @since, for its own.
 */
void
bobbin_download_expect_file (BobbinDownload *self, gint64 since)
{
  g_return_if_fail (BOBBIN_IS_DOWNLOAD (self));
  g_return_if_fail (!bobbin_job_is_active (BOBBIN_JOB (self)));

  self->since = since;
}

/**
 * bobbin_download_set_context:
 * @self: a download
 * @context: (nullable): what its requests say beside the address
 *
 * Sets headers, cookies, a login and the like, with their secrets; it applies to the next run. A
 * login that the address held stays, unless @context has another; so it does if @context is %NULL.
 */
void
bobbin_download_set_context (BobbinDownload *self, BobbinHttpContext *context)
{
  g_return_if_fail (BOBBIN_IS_DOWNLOAD (self));

  bobbin_download_take_context (self, context);
  bobbin_download_notify (self, BOBBIN_DOWNLOAD_PROP_REQUEST);
}

/**
 * bobbin_download_has_address_login:
 * @self: a download
 *
 * Returns: whether it logs in with what its address held, and nobody chose otherwise since
 */
gboolean
bobbin_download_has_address_login (BobbinDownload *self)
{
  g_return_val_if_fail (BOBBIN_IS_DOWNLOAD (self), FALSE);

  return self->has_address_login;
}

/**
 * bobbin_download_get_context:
 * @self: a download
 *
 * Returns: (transfer none) (nullable): what its requests say beside the address
 */
BobbinHttpContext *
bobbin_download_get_context (BobbinDownload *self)
{
  return bobbin_download_get_extras (self)->context;
}

/**
 * bobbin_download_new:
 * @address: a valid address, see bobbin_download_check_address()
 * @folder: (type filename): absolute path of the folder that the file shall be in
 *
 * Makes a download; it is to be added to a queue and started there. A login that @address holds
 * goes to its context.
 *
 * Returns: (transfer full): a job
 */
BobbinJob *
bobbin_download_new (const char *address, const char *folder)
{
  g_return_val_if_fail (address != NULL, NULL);
  g_return_val_if_fail (folder != NULL && g_path_is_absolute (folder), NULL);

  return g_object_new (BOBBIN_TYPE_DOWNLOAD, "address", address, "folder", folder, NULL);
}

/**
 * bobbin_download_get_address:
 * @self: a download
 *
 * Returns: (transfer none): where it comes from, without a login
 */
const char *
bobbin_download_get_address (BobbinDownload *self)
{
  g_return_val_if_fail (BOBBIN_IS_DOWNLOAD (self), NULL);

  return self->address;
}

/**
 * bobbin_download_get_folder:
 * @self: a download
 *
 * Returns: (transfer none) (type filename): the folder it goes to
 */
const char *
bobbin_download_get_folder (BobbinDownload *self)
{
  g_return_val_if_fail (BOBBIN_IS_DOWNLOAD (self), NULL);

  return self->folder;
}

/**
 * bobbin_download_get_file:
 * @self: a download
 *
 * Returns: (transfer none) (nullable) (type filename): path of the whole file, once it is done
 */
const char *
bobbin_download_get_file (BobbinDownload *self)
{
  g_return_val_if_fail (BOBBIN_IS_DOWNLOAD (self), NULL);

  return bobbin_download_get_extras (self)->file;
}

/**
 * bobbin_download_get_skipped:
 * @self: a download
 *
 * Returns: whether it is done only because a file of that name was there
 */
gboolean
bobbin_download_get_skipped (BobbinDownload *self)
{
  g_return_val_if_fail (BOBBIN_IS_DOWNLOAD (self), FALSE);

  return self->skipped;
}
