# SPDX-License-Identifier: GPL-3.0-or-later
# Completes the command line of bobbin-cli in bash.

# The options of a command; those with a value end in =.
_bobbin_cli_options() {
  case $1 in
    get)
      echo --directory= --output= --input-file= --exists= --checksum= --accept-html --no-sync \
        --jobs= --connections= --limit-rate= --retries= --timeout= --header= --user-agent= \
        --referer= --cookie-file= --user= --ca-file= --quiet --json --help
      ;;
    watch)
      echo --warn= --critical= --warn-clear= --critical-clear= --side= --for= --for-seconds= \
        --recover= --interval= --count= --timeout= --set= --fetch= --help-targets --json --help
      ;;
    history)
      echo --since= --until= --resolution= --json --csv --database= --help
      ;;
    monitors)
      echo --export= --import= --with-commands --database= --help
      ;;
  esac
}

# The same with one letter; all but -q and -h have a value.
_bobbin_cli_letters() {
  case $1 in
    get) echo -d -o -i -j -x -H -q -h ;;
    *) echo -h ;;
  esac
}

_bobbin_cli_targets() {
  case $1 in
    watch)
      echo cpu memory swap load pressure: temperature net: process: folder: disk: disk-free: \
        inodes: http: https: tcp: cert: ping: dns: page:
      ;;
    history) echo cpu memory ;;
  esac
}

# _bobbin_cli_words WORD…: those that what is typed may become. After = and : there is no blank.
_bobbin_cli_words() {
  mapfile -t COMPREPLY < <(compgen -W "$*" -- "$cur")
  [[ ${COMPREPLY[0]-} != *[=:] ]] || compopt -o nospace 2>/dev/null || true
}

# _bobbin_cli_files -f|-d: files, or folders only.
_bobbin_cli_files() {
  mapfile -t COMPREPLY < <(compgen "$1" -- "$cur")
  compopt -o filenames 2>/dev/null || true
}

# The value of an option; fails if it has none.
_bobbin_cli_value() {
  case $1 in
    -d | --directory | --fetch) _bobbin_cli_files -d ;;
    -i | --input-file | --cookie-file | --ca-file | --export | --import | --database)
      _bobbin_cli_files -f
      ;;
    --exists) _bobbin_cli_words rename fail skip ;;
    --checksum) _bobbin_cli_words md5: sha1: sha256: sha512: ;;
    --side) _bobbin_cli_words above below ;;
    --resolution) _bobbin_cli_words raw minute hour day ;;
    -[ojxH]) ;;
    --*) [[ " $(_bobbin_cli_options "$command") " == *" $1= "* ]] ;;
    *) return 1 ;;
  esac
}

# What bash has taken apart at = and : is put together again.
_bobbin_cli() {
  local cur=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]}
  local before=$((COMP_CWORD - 1)) option
  COMPREPLY=()

  if ((COMP_CWORD == 1)); then
    _bobbin_cli_words get watch history monitors --version --help -h
    return
  fi

  [[ $cur != [=:] ]] || { cur='' && before=COMP_CWORD; }
  option=${COMP_WORDS[before]}
  if [[ $option == : ]]; then
    case ${COMP_WORDS[before - 1]} in
      folder) _bobbin_cli_files -d ;;
      disk | disk-free | inodes) _bobbin_cli_files -f ;;
    esac
    return
  fi
  [[ $option != = ]] || option=${COMP_WORDS[before - 1]}
  _bobbin_cli_value "$option" && return

  if [[ $cur == -* ]]; then
    _bobbin_cli_words $(_bobbin_cli_options "$command") $(_bobbin_cli_letters "$command")
  else
    _bobbin_cli_words $(_bobbin_cli_targets "$command")
  fi
}

complete -F _bobbin_cli bobbin-cli
