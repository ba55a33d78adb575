# SPDX-License-Identifier: GPL-3.0-or-later
# For the scripts beside this: checks that speak TAP. Each is `check NAME COMMAND…`, good if the
# command succeeds; what it printed is shown if not. `finish` ends the script.
set -u
shopt -s nullglob
export LC_ALL=C.UTF-8

source_root=$(dirname "$(dirname "$(dirname "$(realpath "${BASH_SOURCE[0]}")")")")
build_root=$(dirname "$G_TEST_BUILDDIR")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
n_checks=0
n_failed=0

check() {
  local name=$1 output
  shift
  n_checks=$((n_checks + 1))
  if output=$("$@" 2>&1); then
    echo "ok $n_checks - $name"
  else
    n_failed=$((n_failed + 1))
    sed "s/^/# $name: /" <<<"$output" >&2
    echo "not ok $n_checks - $name"
  fi
}

finish() {
  echo "1..$n_checks"
  [ "$n_failed" = 0 ]
  exit
}
