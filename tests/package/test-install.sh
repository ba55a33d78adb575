#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# An installation has every file, and nothing that nobody thought of.
. "$(dirname "$0")/tap.sh"
id=$1
prefix=$2

installed() {
  DESTDIR=$scratch/root meson install -C "$build_root" --no-rebuild --quiet
}
check install installed

wanted() {
  cat <<END
bin/bobbin
bin/bobbin-cli
share/applications/$id.desktop
share/bash-completion/completions/bobbin-cli
share/dbus-1/interfaces/io.github.bobbinapp.Bobbin1.xml
share/dbus-1/services/$id.service
share/fish/vendor_completions.d/bobbin-cli.fish
share/glib-2.0/schemas/io.github.bobbinapp.Bobbin.gschema.xml
share/icons/hicolor/scalable/apps/$id.svg
share/icons/hicolor/symbolic/apps/$id-symbolic.svg
share/man/man1/bobbin-cli.1
share/man/man1/bobbin.1
share/metainfo/$id.metainfo.xml
share/zsh/site-functions/_bobbin-cli
END
}
found() {
  find "$scratch/root$prefix" -type f -printf '%P\n' | grep -v '^share/locale/' | sort
}
check files diff -u <(wanted | sort) <(found)

says_version() { "$scratch/root$prefix/bin/$1" --version | grep -q "^$1 [0-9]"; }
check bobbin-cli-runs says_version bobbin-cli
check bobbin-runs says_version bobbin

finish
