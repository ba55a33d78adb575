#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Translators see every text: POTFILES names each file with one, the template is that of the tree,
# and every translation is sound.
. "$(dirname "$0")/tap.sh"
cd "$source_root" || exit 1

check up-to-date po/update --check
# What is read in a window is for translators, if there is a word in it.
marked() {
  local names='title|subtitle|label|description|tooltip-text|placeholder-text|text|heading|body'
  ! grep -rnE "<(property|attribute) name=\"($names)\"( [a-z]+=\"[^\"]*\")*>[^<]*[[:alpha:]]{2}" \
    --include='*.ui' src/ui | grep -v 'translatable="yes"'
}
check windows-marked marked
# A number that something is counted by says itself what it is; anything else does not.
commented() {
  ! awk 'BEGIN { RS = "" } /, c-format/ && !/(^|\n)#\. / && !/\nmsgid_plural / { print }' po/bobbin.pot |
    grep .
}
check arguments-explained commented
for language in $(grep -v '^#' po/LINGUAS); do
  check "$language" msgfmt --check --output-file=/dev/null "po/$language.po"
done

finish
