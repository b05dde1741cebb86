/**
 * What each shell needs to ask `complete -- words…`, where the last word is the one being typed. The words are handed
 * over as they are: none is evaluated, for a line that was not sent yet may hold anything.
 */
export const completionScripts = {
  bash: `_assetloom() {
  local IFS=$'\\n'
  COMPREPLY=($("$1" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))
}
complete -o default -F _assetloom assetloom asset
`,
  zsh: `#compdef assetloom asset
_assetloom() {
  local -a lines
  lines=("\${(@f)$("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  lines=("\${(@)\${(@)lines//:/\\\\:}/$'\\t'/:}")
  [[ -n "\${lines[1]}" ]] && _describe assetloom lines || _files
}
if [[ "\${funcstack[1]}" == _assetloom ]]; then _assetloom "$@"; else compdef _assetloom assetloom asset; fi
`,
  fish: `function __assetloom_complete
  set -l words (commandline -opc) (commandline -ct)
  command $words[1] complete -- $words[2..-1] 2>/dev/null
end
for name in assetloom asset
  complete -c $name -f -a '(__assetloom_complete)'
  complete -c $name -n '__fish_seen_subcommand_from import export install' -F
end
`,
} as const

export type Shell = keyof typeof completionScripts
export const shells = Object.keys(completionScripts) as Shell[]
