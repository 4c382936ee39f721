import { SWTPM_RULES } from '#core/texts/apparmor/swtpm-rules.ts'
import { DATA_DIRECTORY, JOURNAL_FILE, OWN_FILES, SWTPM_PROFILE, VM_SERVICE } from '#shared/base/own-files.ts'
import { definitionIn } from '#shared/vm/vm.ts'
import { inJsonStrings } from '../json-strings.ts'
import type { Context, Rule } from './rule.ts'
import { onlyThere, wordByWord } from './rule.ts'

const WHOLLY_OURS = new Set<string>(Object.values(OWN_FILES).filter((path) => path.includes('passthrough-studio')))

const SUM = /^[0-9a-f]{64}$/u

/** Files this program writes. Its journal is another matter: see journal.ts. */
export const OWN: readonly Rule[] = [
  { paths: new RegExp(`^${DATA_DIRECTORY}/vms/[^/]+/vm\\.json$`, 'u'), keep: definition },
  { paths: new RegExp(`^${DATA_DIRECTORY}/vms/[^/]+/start-vm\\.sh$`, 'u'), keep: startScript },
  // Addresses, ids and words of this program, with the VM's name.
  { paths: new RegExp(`^${DATA_DIRECTORY}/vms/[^/]+/host\\.sh$`, 'u'), keep: asWords },
  { paths: VM_SERVICE.unit, keep: asWords },
  { paths: VM_SERVICE.want, keep: asWords },
  { paths: VM_SERVICE.rule, keep: startRule },
  {
    paths: new RegExp(`^${DATA_DIRECTORY}/vms/[^/]+/proof-guest\\.json$`, 'u'),
    keep: (text, { hide }) => inJsonStrings(text, (value) => hide.words(value)) ?? '',
  },
  // Notes beside disks, discs and variable stores: that they are there is what counts.
  { paths: new RegExp(`^${DATA_DIRECTORY}/vms/[^/]+/[a-z0-9-]+\\.(?:qcow2|raw|fd|iso)\\.json$`, 'u'), keep: onlyThere },
  { paths: /\/passthrough-studio\/[^/]+\/disk[2-4]?\.(?:qcow2|raw)\.json$/u, keep: onlyThere },
  {
    paths: new RegExp(`^${OWN_FILES.swtpmRules}$`, 'u'),
    keep: (text) => (text.includes(SWTPM_RULES) ? SWTPM_RULES : ''),
  },
  { paths: new RegExp(`^${SWTPM_PROFILE}$`, 'u'), keep: onlyThere },
  { paths: /\/passthrough-studio\/studio\.log$/u, keep: wordByWord },
]

/** Returns whether a path is one of this program's own, with nothing of anybody else in it. */
export function isWhollyOurs(path: string): boolean {
  return path !== JOURNAL_FILE && WHOLLY_OURS.has(path)
}

/** Its form is checked, so numbers are those of a VM. The user, who may be called like any word, is named by place. */
function definition(text: string, { hide }: Context): string {
  const found = definitionIn(text)
  if (found === null) return ''
  const user = JSON.stringify(hide.as('user', found.user.name))
  const placed = text.replace(/("user":\s*\{\s*"name":\s*)"(?:[^"\\]|\\.)*"/u, (_all, head: string) => `${head}${user}`)
  // Sums are those of firmware as everybody has it.
  return inJsonStrings(placed, (value) => (SUM.test(value) ? value : hide.words(value))) ?? ''
}

/** Returns the start script, hidden: a user may be called like a word of it, so the place that names one comes first. */
function startScript(text: string, { hide }: Context): string {
  return hide.words(
    text.replace(/(?<=starts it; as )[^\n]+(?=, after "host\.sh take")/u, (name) => hide.as('user', name)),
  )
}

/** Returns polkit's rule, hidden the same way. */
function startRule(text: string, { hide }: Context): string {
  const placed = text
    .replace(/(?<=step 8: )[^\n]+(?= starts and stops the VM)/u, (name) => hide.as('user', name))
    .replace(/(?<=subject\.user === )"(?:[^"\\]|\\.)*"/u, (name) =>
      JSON.stringify(hide.as('user', String(JSON.parse(name)))),
    )
  return hide.words(placed)
}

function asWords(text: string, { hide }: Context): string {
  return hide.words(text)
}
