# Completion for bash, and for zsh through bashcompinit: commands, then the options that --help of the command lists.
_listening() {
  local program=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} words=""
  if [ "$COMP_CWORD" = 1 ]; then
    words="$("$program" --help 2>/dev/null | sed -n '/^Commands/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p') --help --version"
  elif [ "${word#-}" != "$word" ]; then
    words="$("$program" "${COMP_WORDS[1]}" --help 2>/dev/null | sed -n 's/^  \(--[a-z0-9-]*\).*/\1/p') --help"
  elif [ "$COMP_CWORD" = 2 ] && [ "${COMP_WORDS[1]}" = catalog ]; then
    words="$("$program" catalog --help 2>/dev/null | sed -n 's/^listening catalog \([a-z]*\) .*/\1/p')"
  fi
  # shellcheck disable=SC2207
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _listening listening
