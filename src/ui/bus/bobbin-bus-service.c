/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What other programs may do with the app over the session bus: the interface that
 * data/dbus/io.github.bobbinapp.Bobbin1.xml describes, at the object path of the application. A
 * call is answered when what it asks for has been done, and the app does not quit before that; it
 * waits until the jobs of before are in the queue. Main thread only.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-bus-service.h"

#include <glib/gi18n-lib.h>
#include <limits.h>
#include <string.h>

#include "bobbin-application-private.h"
#include "bobbin-bus-job.h"
#include "bobbin-display.h"
#include "bobbin-error.h"
#include "bobbin-monitor.h"

/* The longest address, in bytes; the longest that is known to work anywhere is far shorter. */
#define MAX_ADDRESS (64 * 1024)

/* The most that a call can say, in bytes. */
#define MAX_CALL (128 * 1024)

/* So many jobs are given at once. */
#define MAX_JOBS 500

/* So many calls wait for the list at the most. */
#define MAX_WAITING 200

struct _BobbinBusService
{
  GObject parent_instance;

  BobbinApplication *application; /* (unowned) owns this */
  GDBusConnection *bus;           /* (owned) (nullable) while it is exported */
  guint registration;
  gboolean opened;
  GQueue waiting; /* (element-type GDBusMethodInvocation) (owned): for that */
};

G_DEFINE_FINAL_TYPE (BobbinBusService, bobbin_bus_service, G_TYPE_OBJECT)

/* ---- answers */

/* CAPITALS_WITH_LINES as the names of errors on the bus are. */
static char *
make_error_name (const char *code)
{
  GString *name = g_string_new (BOBBIN_BUS_INTERFACE ".Error.");
  gboolean begins = TRUE;

  for (const char *p = code; *p != '\0'; p++)
    {
      if (*p != '_')
        g_string_append_c (name, begins ? *p : g_ascii_tolower (*p));
      begins = *p == '_';
    }

  return g_string_free (name, FALSE);
}

/* Takes the call. */
static void
answer_error (GDBusMethodInvocation *invocation, const char *code, const char *sentence)
{
  g_autofree char *name = make_error_name (code);
  g_autofree char *harmless = bobbin_display_text (sentence);

  g_dbus_method_invocation_return_dbus_error (invocation, name, harmless);
}

static void
answer_gerror (GDBusMethodInvocation *invocation, const GError *error)
{
  answer_error (invocation, bobbin_error_code_name (error), error->message);
}

static void
answer_no_such_job (GDBusMethodInvocation *invocation)
{
  answer_error (invocation, "NO_SUCH_JOB", _ ("There is no such job."));
}

/* ---- calls that are under way */

typedef struct
{
  BobbinApplication *application;    /* (owned) */
  GDBusMethodInvocation *invocation; /* (owned): by the answer */
  BobbinJob *job;                    /* (owned) */
} Call;

/* The app does not end before the answer. */
static Call *
call_new (BobbinBusService *self, GDBusMethodInvocation *invocation, BobbinJob *job)
{
  Call *call = g_new0 (Call, 1);

  call->application = g_object_ref (self->application);
  call->invocation = invocation;
  call->job = g_object_ref (job);
  bobbin_application_begin_intake (call->application);

  return call;
}

static void
call_end (Call *call)
{
  bobbin_application_end_intake (call->application);
  g_object_unref (call->job);
  g_object_unref (call->application);
  g_free (call);
}

/* ---- what can be called */

static gboolean
check_address (const char *address, GError **error)
{
  if (strlen (address) <= MAX_ADDRESS)
    return TRUE;

  g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_ADDRESS,
                       _ ("The address is too long."));

  return FALSE;
}

static char *
take_folder (GVariant *value, GError **error)
{
  const char *folder = NULL;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    folder = g_variant_get_string (value, NULL);
  if (folder != NULL && g_path_is_absolute (folder) && strlen (folder) < PATH_MAX)
    return g_filename_from_utf8 (folder, -1, NULL, NULL, error);

  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
               /* Translators: %s is what was given as the path of a folder */
               _ ("“%s” is not the absolute path of a folder."), folder != NULL ? folder : "");

  return NULL;
}

/* There is one as yet. */
static gboolean
take_options (GVariant *options, char **folder, GError **error)
{
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_iter_init (&iter, options);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &value))
    {
      g_autoptr (GVariant) owned = value;

      if (!g_str_equal (name, "folder"))
        {
          g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING,
                       /* Translators: %s is a word that another program sent */
                       _ ("There is no option “%s”."), name);
          return FALSE;
        }
      g_free (*folder);
      *folder = take_folder (owned, error);
      if (*folder == NULL)
        return FALSE;
    }

  return TRUE;
}

static BobbinJob *
make_download (BobbinBusService *self, GVariant *parameters, GError **error)
{
  g_autoptr (GVariant) options = NULL;
  g_autofree char *folder = NULL;
  const char *address;

  g_variant_get (parameters, "(&s@a{sv})", &address, &options);
  if (bobbin_application_is_closing (self->application, error) || !check_address (address, error) ||
      !take_options (options, &folder, error))
    return NULL;

  return bobbin_application_make_download (self->application, address, folder, error);
}

/* What the disk had before the app quits comes into the queue of the next start. */
static void
on_added (GObject *source, GAsyncResult *result, gpointer user_data)
{
  BobbinQueueKeeper *keeper = BOBBIN_QUEUE_KEEPER (source);
  Call *call = user_data;
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;

  if (bobbin_queue_keeper_add_finish (keeper, result, &error) ||
      bobbin_queue_keeper_get_number (keeper, call->job) > 0)
    id = bobbin_queue_keeper_dup_id (keeper, call->job);

  if (id != NULL)
    g_dbus_method_invocation_return_value (call->invocation, g_variant_new ("(s)", id));
  else if (error != NULL)
    answer_gerror (call->invocation, error);
  else
    answer_no_such_job (call->invocation); /* somebody was very fast */
  call_end (call);
}

static void
add_download (BobbinBusService *self, GDBusMethodInvocation *invocation)
{
  GVariant *parameters = g_dbus_method_invocation_get_parameters (invocation);
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;
  BobbinJob *job = make_download (self, parameters, &error);

  if (job == NULL)
    {
      answer_gerror (invocation, error);
      return;
    }

  g_ptr_array_add (jobs, job);
  bobbin_queue_keeper_add_async (bobbin_application_get_keeper (self->application), jobs, TRUE,
                                 on_added, call_new (self, invocation, job));
}

static void
list_jobs (BobbinBusService *self, GDBusMethodInvocation *invocation)
{
  GListModel *jobs = G_LIST_MODEL (bobbin_application_get_queue (self->application));
  BobbinQueueKeeper *keeper = bobbin_application_get_keeper (self->application);
  const guint total = g_list_model_get_n_items (jobs);
  guint first, max;
  GVariantBuilder builder;

  g_variant_get (g_dbus_method_invocation_get_parameters (invocation), "(uu)", &first, &max);
  if (max == 0 || max > MAX_JOBS)
    max = MAX_JOBS;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sa{sv})"));
  for (guint i = 0; i < max && first < total && i < total - first; i++)
    {
      g_autoptr (BobbinJob) job = g_list_model_get_item (jobs, first + i);
      g_autofree char *id = bobbin_queue_keeper_dup_id (keeper, job);

      if (id != NULL)
        g_variant_builder_add (&builder, "(s@a{sv})", id, bobbin_bus_job_describe (job));
    }
  g_dbus_method_invocation_return_value (invocation,
                                         g_variant_new ("(a(sa{sv})u)", &builder, total));
}

/* Answers the call if there is none. */
static BobbinJob *
find_job (BobbinBusService *self, GDBusMethodInvocation *invocation)
{
  BobbinQueueKeeper *keeper = bobbin_application_get_keeper (self->application);
  BobbinJob *job;
  const char *id;

  g_variant_get (g_dbus_method_invocation_get_parameters (invocation), "(&s)", &id);
  job = bobbin_queue_keeper_find (keeper, id);
  if (job == NULL)
    answer_no_such_job (invocation);

  return job;
}

static void
start_job (BobbinBusService *self, GDBusMethodInvocation *invocation)
{
  BobbinJob *job = find_job (self, invocation);
  g_autoptr (GError) error = NULL;

  if (job == NULL)
    return;

  if (bobbin_application_is_closing (self->application, &error))
    {
      answer_gerror (invocation, error);
      return;
    }
  if (BOBBIN_IS_MONITOR (job))
    bobbin_monitor_resume (BOBBIN_MONITOR (job));
  if (bobbin_job_get_state (job) != BOBBIN_JOB_DONE)
    bobbin_job_start (job);
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
on_stopped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Call *call = user_data;
  g_autoptr (GError) error = NULL;

  if (bobbin_job_stop_finish (BOBBIN_JOB (source), result, &error))
    g_dbus_method_invocation_return_value (call->invocation, NULL);
  else
    answer_gerror (call->invocation, error);
  call_end (call);
}

static void
stop_job (BobbinBusService *self, GDBusMethodInvocation *invocation)
{
  BobbinJob *job = find_job (self, invocation);

  if (job != NULL)
    bobbin_job_stop_async (job, on_stopped, call_new (self, invocation, job));
}

/* Each takes the call. */
static const struct
{
  const char *name;
  void (*handle) (BobbinBusService *self, GDBusMethodInvocation *invocation);
} methods[] = {
  { "AddDownload", add_download },
  { "ListJobs", list_jobs },
  { "Start", start_job },
  { "Stop", stop_job },
};

static void
handle (BobbinBusService *self, GDBusMethodInvocation *invocation)
{
  const char *name = g_dbus_method_invocation_get_method_name (invocation);

  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    if (g_str_equal (name, methods[i].name))
      {
        methods[i].handle (self, invocation);
        return;
      }

  g_assert_not_reached (); /* GDBus knows what is in the interface */
}

static void
on_method_call (GDBusConnection *bus,
                const char *sender,
                const char *path,
                const char *interface,
                const char *method,
                GVariant *parameters,
                GDBusMethodInvocation *invocation,
                gpointer user_data)
{
  BobbinBusService *self = user_data;

  if (g_variant_get_size (parameters) > MAX_CALL || self->waiting.length >= MAX_WAITING)
    answer_error (invocation, "LIMITS_EXCEEDED", _ ("Too much is asked for at once."));
  else if (self->opened)
    handle (self, invocation);
  else
    g_queue_push_tail (&self->waiting, invocation);
}

/* ---- its life */

static void
bobbin_bus_service_dispose (GObject *object)
{
  BobbinBusService *self = BOBBIN_BUS_SERVICE (object);

  bobbin_bus_service_unexport (self);
  self->application = NULL;

  G_OBJECT_CLASS (bobbin_bus_service_parent_class)->dispose (object);
}

static void
bobbin_bus_service_class_init (BobbinBusServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_bus_service_dispose;
}

static void
bobbin_bus_service_init (BobbinBusService *self)
{
  g_queue_init (&self->waiting);
}

/**
 * bobbin_bus_service_new:
 * @application: the app, which outlives this
 *
 * Returns: (transfer full): what does for other programs what they ask for, once it is exported
 */
BobbinBusService *
bobbin_bus_service_new (BobbinApplication *application)
{
  BobbinBusService *self = g_object_new (BOBBIN_TYPE_BUS_SERVICE, NULL);

  self->application = application;

  return self;
}

static GDBusNodeInfo *
load_node (void)
{
  g_autoptr (GBytes) xml =
    g_resources_lookup_data (BOBBIN_RESOURCE_PATH "/bus/" BOBBIN_BUS_INTERFACE ".xml",
                             G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  return g_dbus_node_info_new_for_xml (g_bytes_get_data (xml, NULL), NULL);
}

/**
 * bobbin_bus_service_export:
 * @bus: the session bus
 * @path: the object path of the application
 * @error: what GDBus says
 *
 * Can be called from now on; to be done before the app's name is on the bus, so that no call finds
 * nothing. Calls wait for bobbin_bus_service_open().
 *
 * Returns: whether it could be exported
 */
gboolean
bobbin_bus_service_export (BobbinBusService *self,
                           GDBusConnection *bus,
                           const char *path,
                           GError **error)
{
  static const GDBusInterfaceVTable vtable = { .method_call = on_method_call };
  g_autoptr (GDBusNodeInfo) node = NULL;

  g_return_val_if_fail (BOBBIN_IS_BUS_SERVICE (self), FALSE);
  g_return_val_if_fail (self->registration == 0, FALSE);

  node = load_node ();
  self->registration =
    g_dbus_connection_register_object (bus, path, node->interfaces[0], &vtable, self, NULL, error);
  g_set_object (&self->bus, bus);

  return self->registration != 0;
}

/**
 * bobbin_bus_service_unexport:
 *
 * Takes no more calls; those that have waited until now are refused.
 */
void
bobbin_bus_service_unexport (BobbinBusService *self)
{
  GDBusMethodInvocation *invocation;

  g_return_if_fail (BOBBIN_IS_BUS_SERVICE (self));

  if (self->registration != 0)
    g_dbus_connection_unregister_object (self->bus, self->registration);
  self->registration = 0;
  while ((invocation = g_queue_pop_head (&self->waiting)) != NULL)
    answer_error (invocation, "CLOSED", _ ("Bobbin is quitting and begins nothing new."));
  g_clear_object (&self->bus);
}

/**
 * bobbin_bus_service_open:
 *
 * The jobs of before are in the queue, or never will be: does what was asked for until now.
 */
void
bobbin_bus_service_open (BobbinBusService *self)
{
  GDBusMethodInvocation *invocation;

  g_return_if_fail (BOBBIN_IS_BUS_SERVICE (self));

  self->opened = TRUE;
  while ((invocation = g_queue_pop_head (&self->waiting)) != NULL)
    handle (self, invocation);
}
