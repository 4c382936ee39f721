import { STEP_IDS } from '#shared/wizard/step-id.ts'
import { ENTRIES, HELPER_VERBS, OPTIONS, VERB_NAMES, VM_VERBS } from './manual.ts'

const STEPS = STEP_IDS.join(' ')
const VM = VM_VERBS.join(' ')
const HELPER = HELPER_VERBS.join(' ')
const SWITCHES = [...OPTIONS.map(({ name }) => `--${name}`), '--last', '--all', '--paper'].join(' ')

/** Writes the completion for /usr/share/bash-completion/completions. */
export function bashCompletion(): string {
  return `# bash completion for passthrough-studio
_passthrough_studio() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  case $before in
    plan | apply) mapfile -t COMPREPLY < <(compgen -W '${STEPS}' -- "$word"); return ;;
    vm) mapfile -t COMPREPLY < <(compgen -W '${VM}' -- "$word"); return ;;
    helper) mapfile -t COMPREPLY < <(compgen -W '${HELPER}' -- "$word"); return ;;
    --host) mapfile -t COMPREPLY < <(compgen -W 'real paper dir: text:' -- "$word"); return ;;
    --out | --record) mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
    diagnose) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
  esac
  if [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W '${SWITCHES}' -- "$word")
  elif ((COMP_CWORD == 1)); then
    mapfile -t COMPREPLY < <(compgen -W '${VERB_NAMES.join(' ')}' -- "$word")
  fi
}
complete -F _passthrough_studio passthrough-studio
`
}

/** Returns a text between single quotes of a shell, which cannot hold one itself. */
const bare = (text: string) => text.replaceAll("'", '’')

/** Writes the completion for zsh's site-functions. */
export function zshCompletion(): string {
  const verbs = VERB_NAMES.map((verb) => `    '${verb}:${bare(ENTRIES[verb][0].does).replaceAll(':', '\\:')}'`)
  return `#compdef passthrough-studio
_passthrough_studio() {
  local -a verbs
  verbs=(
${verbs.join('\n')}
  )
  if ((CURRENT == 2)); then
    _describe verb verbs
    return
  fi
  case $words[CURRENT-1] in
    plan|apply) compadd ${STEPS} ;;
    vm) compadd ${VM} ;;
    helper) compadd ${HELPER} ;;
    --host) compadd real paper dir: text: ;;
    --out|--record) _files -/ ;;
    diagnose) _files ;;
    *) compadd -- ${SWITCHES} ;;
  esac
}
_passthrough_studio "$@"
`
}

/** Writes the completion for fish's vendor_completions.d. */
export function fishCompletion(): string {
  const command = 'complete -c passthrough-studio'
  const verbs = VERB_NAMES.map(
    (verb) => `${command} -n __fish_use_subcommand -a ${verb} -d '${bare(ENTRIES[verb][0].does)}'`,
  )
  const switches = OPTIONS.map(
    ({ name, value, does }) => `${command} -l ${name}${value === null ? '' : ' -x'} -d '${bare(does)}'`,
  )
  const after = (verb: string, words: string) => `${command} -n '__fish_seen_subcommand_from ${verb}' -a '${words}'`
  return `${[
    `${command} -f`,
    ...verbs,
    ...switches,
    after('plan apply', STEPS),
    after('vm', VM),
    after('helper', HELPER),
    `${command} -n '__fish_seen_subcommand_from diagnose' -F`,
  ].join('\n')}
`
}
