#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What holds for every file of the tree.
. "$(dirname "$0")/tap.sh"
cd "$source_root" || exit 1

# All that is the project's own text: build folders, whatever their names, are not.
files() {
  find . -name '.git' -prune -o -name '.flatpak-builder' -prune -o -path './build*' -prune -o \
    -type d -exec test -d '{}/meson-private' ';' -prune -o \
    -type f \( "$@" \) -print
}
code() { files -name '*.c' -o -name '*.h'; }
none() { ! grep . ; }

no_licence() {
  files -name '*.[ch]' -o -name '*.ui' -o -name '*.xml' -o -name 'meson*' -o -name '*.in' \
    -o -name '*.sh' -o -name '*.svg' -o -name '*.1' -o -name run |
    xargs grep -L 'SPDX-License-Identifier: '
}
check licence-named none < <(no_licence)

# The engine and the command line run where there is no GTK.
toolkit() { grep -rnE '# *include *[<"](gtk|gdk|adwaita)' src/engine src/cli; }
check engine-without-toolkit none < <(toolkit)
upwards() {
  local heads
  heads=$(cd src && find ui cli -name '*.h' -printf '%f\n' | paste -sd '|')
  grep -rnE "# *include \"($heads)\"" src/engine
}
check engine-includes-nothing-above none < <(upwards)

# clang-format keeps the .c files (see .ci/run); these hold for headers too.
check lines-of-100 none < <(code | xargs grep -nE '^.{101,}$' | grep -v 'https\?://')
check no-tabs none < <(code | xargs grep -nP '\t')
check no-trailing-space none < <(code | xargs grep -nE ' $')
check tasks-return-when-joined none < <(grep -rn 'g_task_set_return_on_cancel (.*TRUE' src)

scripts() { files -perm -u+x | xargs grep -lE '^#!/bin/(ba)?sh'; }
sound() { scripts | xargs -n 1 bash -n; }
check scripts-parse sound

finish
