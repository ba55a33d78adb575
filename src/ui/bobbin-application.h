/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bobbin-download-wishes.h"
#include "bobbin-history.h"
#include "bobbin-job-queue.h"
#include "bobbin-keyring.h"
#include "bobbin-scheduler.h"

G_BEGIN_DECLS

/* Where the resources are; the same for every profile. */
#define BOBBIN_RESOURCE_PATH "/io/github/bobbinapp/Bobbin"

/* The id of the settings schema; the same for every profile. */
#define BOBBIN_SCHEMA_ID "io.github.bobbinapp.Bobbin"

#define BOBBIN_TYPE_APPLICATION (bobbin_application_get_type ())
G_DECLARE_FINAL_TYPE (BobbinApplication, bobbin_application, BOBBIN, APPLICATION, AdwApplication)

BobbinApplication *bobbin_application_new (void);

BobbinJobQueue *bobbin_application_get_queue (BobbinApplication *self);
GSettings *bobbin_application_get_settings (BobbinApplication *self);
BobbinScheduler *bobbin_application_get_scheduler (BobbinApplication *self);
BobbinKeyring *bobbin_application_get_keyring (BobbinApplication *self);
BobbinHistory *bobbin_application_get_history (BobbinApplication *self);
char *bobbin_application_dup_folder (BobbinApplication *self);
char *bobbin_application_dup_folder_for (BobbinApplication *self,
                                         const char *address,
                                         const char *file_name);

BobbinJob *bobbin_application_make_download (BobbinApplication *self,
                                             const char *address,
                                             const char *folder,
                                             GError **error);
void bobbin_application_add_downloads (BobbinApplication *self,
                                       const char *const *addresses,
                                       BobbinDownloadWishes *wishes);
gboolean bobbin_application_add_job (BobbinApplication *self, BobbinJob *job, GError **error);
void bobbin_application_load_log (BobbinApplication *self, BobbinJob *job);
BobbinJob *bobbin_application_add_download (BobbinApplication *self,
                                            const char *address,
                                            const char *folder,
                                            GError **error);
gboolean bobbin_application_add_monitor (BobbinApplication *self,
                                         const char *target,
                                         double interval,
                                         double warn,
                                         GError **error);
void bobbin_application_drain (BobbinApplication *self);

G_END_DECLS
