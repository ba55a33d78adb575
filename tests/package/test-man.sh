#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The manual pages tell of every option that the programs offer, and of no other.
. "$(dirname "$0")/tap.sh"
cli=$1
app=$2
man=$source_root/data/man

long_options() { grep -oE -- '(^|[^[:alnum:]-])--[a-z][a-z-]+' | sed 's/.*--/--/' | sort -u; }
# Examples show other programs, too, which have options of their own.
page_options() {
  sed -E '/^(busctl|gdbus) /d; s/\\-/-/g; s/\\f.//g' "$man/$1" | long_options
}
cli_options() {
  { "$cli" --help; "$cli" get --help; "$cli" watch --help; "$cli" history --help;
    "$cli" monitors --help; } | long_options
}
app_options() {
  { "$app" --help; "$app" --help-gapplication; } | long_options | grep -v -- '--help-\|--display'
}

check bobbin-cli diff -u <(cli_options | sort -u) <({ page_options bobbin-cli.1; } | sort -u)
check bobbin diff -u <({ app_options; echo --help; } | sort -u) <(page_options bobbin.1)

# A target is what its kind begins with, up to what is different each time.
stems() { sed -E 's/[A-Z].*//' | sort -u; }
help_targets() {
  "$cli" watch --help | sed -n '/^Targets:$/,/^$/s/^  \([a-z][^ ]*\).*/\1/p' |
    sed 's/:RESOURCE/:/' | stems
}
page_targets() {
  sed -n '/^is one of$/,/^\.PP$/p' "$man/bobbin-cli.1" |
    sed -nE '/^\.TP/{n;s/\\f./ /g;s/\\//g;s/[",]/ /g;s/^\.[BRI]+ +//;s/ +: +/:/;p}' | tr ' ' '\n' |
    grep '^[a-z]' | sed 's/^pressure:.*/pressure:/' | stems
}
check targets diff -u <(help_targets) <(page_targets)

# groff says nothing of them.
lint() {
  local problems
  problems=$(groff -man -Tutf8 -rLL=80n -ww -z "$1" 2>&1) && [ -z "$problems" ] ||
    { echo "$problems"; return 1; }
}
for page in "$man"/*.1; do
  check "lint-$(basename "$page")" lint "$page"
done

finish
