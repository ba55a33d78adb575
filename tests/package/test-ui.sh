#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# GTK's own tool finds nothing wrong with the .ui files, and all icons are there. It needs a display.
[ -n "${DISPLAY:-}" ] || exec "$(dirname "$0")/../ui/with-display" "$0" "$@"
. "$(dirname "$0")/tap.sh"
types=$(realpath "$1")
cd "$source_root" || exit 1

# Callbacks are known to their class alone, so a function that is there stands for them here. That
# each template has its own is what the tests of the ui suite show, by building the real thing. An
# abstract class can't be made, so an object of its parent stands for it.
valid() {
  local copy
  copy=$scratch/$(basename "$1")
  sed -E 's/(handler|function)="[a-z_]+"/\1="g_object_ref"/' "$1" >"$copy"
  if grep -q '<template class="BobbinJobRow"' "$1"; then
    sed -i -E 's/<template class="[A-Za-z]+" parent=/<object class=/; s/<\/template>/<\/object>/' "$copy"
  fi
  env LD_PRELOAD="$types${LD_PRELOAD:+:$LD_PRELOAD}" GTK_A11Y=none gtk4-builder-tool validate "$copy"
}
while read -r file; do
  check "$(basename "$file")" valid "$file"
done < <(find src/ui -name '*.ui' | sort)

# The app's own, those that GTK brings, and those of the theme that comes with it.
icons() {
  find src/ui/icons data/icons /usr/share/icons/Adwaita -name '*.svg'
  gresource list "$(pkg-config --variable=libdir gtk4)/libgtk-4.so.1"
}
known_icons() { icons | sed -nE 's|.*/([^/]+-symbolic)\.svg$|\1|p' | sort -u; }
used_icons() { grep -rhoE '[">][a-z0-9-]+-symbolic["<]' src/ui | tr -d '"<>' | sort -u; }
all_known() { [ -z "$(comm -13 <(known_icons) <(used_icons) | tee /dev/stderr)" ]; }
check icons all_known

finish
