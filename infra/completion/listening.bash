# Completion for bash, and for zsh through bashcompinit: commands, then the options that --help of the command names.
_listening() {
  local program=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} words=""
  if [ "$COMP_CWORD" = 1 ]; then
    words="$("$program" --help 2>/dev/null | sed -n '/^Commands/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p') --help --version"
  elif [ "${word#-}" != "$word" ]; then
    words="$("$program" "${COMP_WORDS[1]}" --help 2>/dev/null | grep -o -- '--[a-z0-9][a-z0-9-]*' | sort -u)"
  fi
  # shellcheck disable=SC2207
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _listening listening
