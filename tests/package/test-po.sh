#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Translators see every text: POTFILES names each file with one, the template is that of the tree,
# and every translation is sound.
. "$(dirname "$0")/tap.sh"
cd "$source_root" || exit 1

check up-to-date po/update --check
for language in $(grep -v '^#' po/LINGUAS); do
  check "$language" msgfmt --check --output-file=/dev/null "po/$language.po"
done

finish
