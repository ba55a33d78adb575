#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The shells complete every option that bobbin-cli offers, and no other.
. "$(dirname "$0")/tap.sh"
cli=$1
completions=$source_root/data/completions

# An option stands at the beginning of its line, alone or behind its letter.
help_options() {
  "$cli" "$1" --help | grep -oE '^  -[-A-Za-z, ]+' | grep -oE -- '--[a-z][a-z-]+|-[A-Za-z]\b' |
    sort -u
}

# complete_bash WORD…: what bash makes of a line that ends in the last of them.
complete_bash() (
  . "$completions/bobbin-cli.bash"
  COMP_WORDS=(bobbin-cli "$@")
  COMP_CWORD=$#
  _bobbin_cli
  printf '%s\n' "${COMPREPLY[@]}"
)
bash_options() { complete_bash "$1" - | sed 's/=$//' | sort -u; }

zsh_options() {
  sed -n "/^_bobbin_cli_$1() {$/,/^}$/p" "$completions/_bobbin-cli" | grep "^ *'" |
    sed -E 's/\[.*//; s/^ *'\''\([^)]*\)'\''//' | grep -oE -- '--[a-z][a-z-]+|-[A-Za-z]\b' | sort -u
}

fish_options() {
  grep "__fish_seen_subcommand_from $1'" "$completions/bobbin-cli.fish" |
    grep -oE -- ' -(s [A-Za-z]|l [a-z-]+)' | sed 's/^ -s /-/; s/^ -l /--/' | sort -u
}

for command in get watch history monitors; do
  check "$command-has-options" [ "$(help_options "$command" | wc -l)" -gt 2 ]
  for shell in bash zsh fish; do
    check "$shell-$command" diff -u <(help_options "$command") <("${shell}_options" "$command")
  done
done

# What can stand first.
help_first() { "$cli" --help | grep -oE '^  bobbin-cli [a-z-]+' | sed 's/.* //' | sort; }
bash_first() { complete_bash '' | grep -vx -- -h | sort; }
zsh_first() {
  sed -n '/^_bobbin_cli() {$/,/^}$/p' "$completions/_bobbin-cli" |
    grep -oE "^    '[a-z]+:|--(version|help)" | tr -d " ':" | sort
}
fish_first() {
  grep -F -- '-n __fish_use_subcommand' "$completions/bobbin-cli.fish" |
    grep -oE -- ' -(a [a-z]+|l [a-z-]+)' | sed 's/^ -a //; s/^ -l /--/' | sort
}
for shell in bash zsh fish; do
  check "$shell-first" diff -u <(help_first) <("${shell}_first")
done

# Every kind of target, as far as it is the same for all of its kind.
help_targets() {
  "$cli" watch --help | sed -n '/^Targets:$/,/^$/s/^  \([a-z][^ ]*\).*/\1/p' |
    sed -E 's|:RESOURCE|:|; s|[A-Z].*||' | sort -u
}
bash_targets() { complete_bash watch '' | sed -E 's|^(https?\|tcp\|cert):$|&//|'; }
zsh_targets() {
  (eval "$(sed -n '/local -a targets=($/,/^  )$/p' "$completions/_bobbin-cli" | sed 's/.*targets=/targets=/')"
    printf '%s\n' "${targets[@]}") | sed 's/^pressure:.*/pressure:/'
}
fish_targets() {
  sed -n "s/.*__fish_seen_subcommand_from watch' -a '\([a-z ].*\)'/\1/p" "$completions/bobbin-cli.fish" |
    tr ' ' '\n'
}
# What can follow its name without having to is completed by the name.
bare() { sed -E 's/^(cpu|temperature):$/\1/' | sort -u; }
check has-targets [ "$(help_targets | wc -l)" -gt 10 ]
for shell in bash zsh fish; do
  check "$shell-targets" diff -u <(help_targets | bare) <("${shell}_targets" | bare)
done

# completes EXPECTED WORD…: that and nothing else.
completes() {
  local expected=$1
  shift
  diff -u <(tr ' ' '\n' <<<"$expected") <(complete_bash "$@" | sort)
}
mkdir "$scratch/folder"
touch "$scratch/file"
cd "$scratch" || exit 1
check bash-commands completes 'get' g
check bash-option completes '--directory=' get --dir
check bash-value completes 'fail' get --exists = f
check bash-value-begins completes 'above below' watch --side =
check bash-folder completes 'folder' get -d f
check bash-file completes 'file folder' get https://example.org/a --ca-file = f
check bash-nothing completes '' get --user = f
check bash-target completes 'disk-free: disk:' watch disk
check bash-target-folder completes 'folder' watch folder : f
check bash-after-value completes '--json' get -d folder --js

finish
