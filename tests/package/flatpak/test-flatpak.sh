#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Bobbin as a Flatpak: built of its manifest against a stand-in for GNOME's runtime, installed from a
# repository into an installation of the test's own, driven in its sandbox, and uninstalled.
here=$(dirname "$(realpath "$0")")
. "$here/../tap.sh"
id=$1
manifest=$source_root/data/flatpak/$id.json
branch=$(sed -n 's/^ *"runtime-version": "\(.*\)",$/\1/p' "$manifest")
cache=${XDG_CACHE_HOME:-$HOME/.cache}
unset LD_PRELOAD

skip() {
  echo "1..0 # SKIP $1"
  exit
}
[ "$(id -u)" = 0 ] || skip 'root is needed to make the runtime'
for program in debootstrap eu-strip flatpak flatpak-builder ostree; do
  command -v "$program" >/dev/null || skip "$program is not installed"
done
/usr/bin/python3 -c 'import gi; gi.require_version("Atspi", "2.0")' 2>/dev/null ||
  skip 'gir1.2-atspi-2.0 or python3-gi is not installed'
bwrap --bind / / --unshare-all true 2>/dev/null || skip 'there can be no sandbox here'
has_room() { [ "$(df --output=avail -B 1G "$1" | tail -n 1)" -ge 4 ]; }
mkdir -p "$cache"
{ [ -e "$cache/bobbin/flatpak-runtime-$branch/complete" ] || has_room "$cache"; } &&
  has_room "$scratch" || skip 'there is not enough room on the disk'

# need NAME COMMAND…: as check; without it there is nothing to go on with.
need() {
  check "$@"
  [ "$n_failed" = 0 ] || finish
}

make_runtime() { "$here/make-runtime" "$branch" >"$scratch/runtime"; }
need runtime make_runtime

# From here on nothing is of the user's, nor of the machine's own installation.
unset XDG_CONFIG_HOME XDG_CACHE_HOME XDG_DATA_HOME XDG_STATE_HOME
export HOME=$scratch/home XDG_RUNTIME_DIR=$scratch/run GSK_RENDERER=cairo
export FLATPAK_USER_DIR=$scratch/user FLATPAK_SYSTEM_DIR=$scratch/system
mkdir -m 700 "$XDG_RUNTIME_DIR"
mkdir -p "$HOME/.config" "$HOME/Downloads" "$scratch/source"
echo 'XDG_DOWNLOAD_DIR="$HOME/Downloads"' >"$HOME/.config/user-dirs.dirs"

install_runtime() {
  flatpak remote-add --user --no-gpg-verify runtimes "$(cat "$scratch/runtime")" &&
    flatpak install --user -y --noninteractive runtimes \
      "org.gnome.Platform//$branch" "org.gnome.Sdk//$branch"
}
need runtime-installs install_runtime

# Of the sources only, whatever lies beside them.
build_app() {
  (cd "$source_root" &&
    cp -a COPYING data meson.build meson_options.txt po src tests "$scratch/source") &&
    nice flatpak-builder --user --disable-rofiles-fuse --disable-updates --repo="$scratch/repo" \
      --default-branch=test --state-dir="$scratch/state" "$scratch/app" \
      "$scratch/source/data/flatpak/$id.json"
}
need builds build_app

install_app() {
  flatpak remote-add --user --no-gpg-verify apps "$scratch/repo" &&
    flatpak install --user -y --noninteractive apps "$id//test"
}
need installs install_app

permitted() {
  flatpak info --user --show-permissions "$id" |
    awk -F '[=;]' '{ for (i = 2; i <= NF; i++) if ($i != "") print $1 "=" $i }' | sort
}
check permissions diff -u - <(permitted) <<'END'
devices=dri
filesystems=xdg-download
shared=ipc
shared=network
sockets=fallback-x11
sockets=wayland
sockets=x11
END
check command-line flatpak run --user --command=bobbin-cli "$id" --version

exported() {
  local file
  for file in applications/$id.desktop dbus-1/services/$id.service \
    icons/hicolor/scalable/apps/$id.svg icons/hicolor/symbolic/apps/$id-symbolic.svg; do
    [ -e "$FLATPAK_USER_DIR/exports/share/$file" ] || { echo "$file is missing"; return 1; }
  done
}
check exports exported

# What the bus starts meanwhile has its say on the standard output.
"$source_root/tests/ui/with-display" "$here/drive" "$id" "$HOME/Downloads" "$scratch/steps" >&2
driven=$?
while read -r step verdict; do
  check "$step" [ "$verdict" = ok ]
done <"$scratch/steps"
check driven-to-the-end [ "$driven" = 0 ]

uninstall_app() {
  dbus-run-session -- flatpak uninstall --user -y --noninteractive --delete-data "$id"
}
check uninstalls uninstall_app
nothing_left() { ! find "$HOME" "$FLATPAK_USER_DIR" ! -type d -path "*$id*" | grep .; }
check leaves-nothing nothing_left
check leaves-the-download [ -s "$HOME/Downloads/reel.bin" ]

finish
