#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The manual pages tell of every option that the programs offer, and of no other.
. "$(dirname "$0")/tap.sh"
cli=$1
app=$2
man=$source_root/data/man

long_options() { grep -oE -- '(^|[^[:alnum:]-])--[a-z][a-z-]+' | sed 's/.*--/--/' | sort -u; }
page_options() { sed 's/\\-/-/g; s/\\f.//g' "$man/$1" | long_options; }
cli_options() {
  { "$cli" --help; "$cli" get --help; "$cli" watch --help; "$cli" history --help;
    "$cli" monitors --help; } | long_options
}
app_options() { "$app" --help | long_options | grep -v -- '--help-\|--gapplication\|--display'; }

check bobbin-cli diff -u <(cli_options | sort -u) <({ page_options bobbin-cli.1; } | sort -u)
# The page tells of one of GLib's own, too.
check bobbin diff -u <({ app_options; echo --help; } | sort -u) \
  <(page_options bobbin.1 | grep -vx -- '--gapplication-service')

finish
