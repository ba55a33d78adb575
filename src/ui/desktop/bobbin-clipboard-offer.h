/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bobbin-application.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_CLIPBOARD_OFFER (bobbin_clipboard_offer_get_type ())
G_DECLARE_FINAL_TYPE (BobbinClipboardOffer,
                      bobbin_clipboard_offer,
                      BOBBIN,
                      CLIPBOARD_OFFER,
                      GObject)

BobbinClipboardOffer *bobbin_clipboard_offer_new (BobbinApplication *application);
void bobbin_clipboard_offer_consider (BobbinClipboardOffer *self, const char *text);

G_END_DECLS
