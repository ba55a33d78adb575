#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Whoever calls the app on the session bus has it started by the service file, and finds it as it
# was left. What is called are the commands that the manual page shows.
id=$1

call() {
  gdbus call --session --dest "$id" --object-path "/${id//./\/}" \
    --method "io.github.bobbinapp.Bobbin1.$1" "${@:2}"
}
quit() {
  local pid
  pid=$(gdbus call --session --dest org.freedesktop.DBus --object-path /org/freedesktop/DBus \
    --method org.freedesktop.DBus.GetConnectionUnixProcessID "$id" | tr -dc ' 0-9')
  gapplication action "$id" quit
  tail -s 0.05 --pid="${pid#* }" -f /dev/null
}

# The manual page tells of every action. They have no order.
list_actions() {
  gdbus call --session --dest "$id" --object-path "/${id//./\/}" --method org.gtk.Actions.List |
    grep -oE "'[a-z-]+'" | tr -d "'" | sort
}
page_actions() {
  sed -n '/^\.SH ACTIONS/,/^\.SH D/{/^\.TP/{n;s/\\//g;s/[",]/ /g;s/^\.[BR]*//;p}}' "$1" |
    tr -s ' ' '\n' | grep . | sort
}

# On a bus and a display, see below.
if [ "$2" = --drive ]; then
  set -euo pipefail
  call AddDownload http://127.0.0.1:1/a.bin '{}' | grep -E "^\('[-0-9a-f]{36}',\)$"
  gapplication action "$id" add-download "['http://127.0.0.1:1/b.bin']"
  gapplication action "$id" stop-all
  gapplication launch "$id"
  gapplication action "$id" new-download
  diff -u <(page_actions "$3") <(list_actions)
  quit
  call ListJobs 0 0 | grep -F http://127.0.0.1:1/a.bin | grep -F http://127.0.0.1:1/b.bin
  quit
  exit
fi

. "$(dirname "$0")/tap.sh"
app=$(realpath "$2")
mkdir -p "$scratch/dbus-1/services"
sed "s|^Exec=[^ ]*/bobbin |Exec=$app |" "$build_root/data/$id.service" \
  >"$scratch/dbus-1/services/$id.service"
check activated env XDG_DATA_HOME="$scratch" "$source_root/tests/ui/with-display" "$0" "$id" \
  --drive "$source_root/data/man/bobbin.1"

finish
