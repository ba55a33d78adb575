/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-application.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_CHANGE_FETCHER (bobbin_change_fetcher_get_type ())
G_DECLARE_FINAL_TYPE (BobbinChangeFetcher, bobbin_change_fetcher, BOBBIN, CHANGE_FETCHER, GObject)

BobbinChangeFetcher *bobbin_change_fetcher_new (BobbinApplication *application);

G_END_DECLS
