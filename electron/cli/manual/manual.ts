import { STEP_IDS } from '#shared/wizard/step-id.ts'

/** One way to call the command line: its words, and what it does in a sentence or two. */
interface Entry {
  words: string
  does: string
}

/** All that the command line can do. `help`, the man page and the completions are made of this. */
export const ENTRIES = {
  doctor: [{ words: '', does: 'nine steps, one line each; exit 0: all pass, 1: something does not' }],
  health: [
    { words: '', does: 'what differs from when a guest last proved the card; exit 1: something, or no proof yet' },
  ],
  facts: [{ words: '', does: 'everything known of the host, as JSON' }],
  plan: [{ words: '<step>', does: 'what a step would change, as a diff' }],
  apply: [{ words: '<step>', does: 'applies it (as root, or through pkexec)' }],
  undo: [{ words: '[--last|--all]', does: 'takes the last step back, or everything' }],
  leave: [
    { words: 'CHANGE', does: 'leaves a change as it is that could not be taken back; undo and journal say its name' },
  ],
  'set-journal-aside': [
    { words: '', does: 'moves a journal away that has a damaged line and bars changes; nothing is deleted' },
  ],
  keep: [{ words: '', does: 'keeps a new network before it goes back by itself' }],
  journal: [{ words: '', does: 'every change that is in force; asks nothing and needs no password' }],
  report: [
    {
      words: '[--out DIR]',
      does: 'a bundle of what the steps judge by, without names and numbers of yours, for --host dir:DIR',
    },
  ],
  script: [{ words: '[--paper]', does: 'the VM’s start script; --paper: the paper’s own, mended and annotated' }],
  vm: [
    { words: 'list', does: 'the VMs of this host, with the state of each; * marks the selected one' },
    {
      words: 'new NAME',
      does: 'one more VM beside those there are, with nothing chosen yet but the card of --card; selects it, writes nothing',
    },
    {
      words: 'start|stop|status [NAME]',
      does: 'drives a VM, the selected one unless named; vm kill [NAME] forces it off',
    },
    {
      words: 'reset [NAME]',
      does: 'starts its guest over, as its reset button does',
    },
    {
      words: 'discs|eject|insert [NAME]',
      does: 'says what lies in its drives, empties them, or puts the disc of --disc PATH into the first; until its next start',
    },
    {
      words: 'prove [NAME]',
      does: 'asks the guest what it sees of its card, through its agent or its serial port; start and prove select the VM they name',
    },
  ],
  diagnose: [
    { words: '[FILE|-]', does: 'explains errors in a text, or in the logs of this host; exit 1: none is known' },
  ],
  helper: [
    { words: '[status]', does: 'whether changes can be made, and by which helper' },
    {
      words: 'install|remove',
      does: 'puts a checkout’s helper in place, or takes it out again; shows first what it does',
    },
  ],
  version: [{ words: '', does: 'the version of this program' }],
  help: [{ words: '', does: 'this text' }],
} as const satisfies Record<string, readonly Entry[]>

export type VerbName = keyof typeof ENTRIES
export const VERB_NAMES = Object.keys(ENTRIES) as [VerbName, ...VerbName[]]

export const VM_VERBS = [
  'list',
  'new',
  'start',
  'stop',
  'kill',
  'reset',
  'discs',
  'eject',
  'insert',
  'status',
  'prove',
] as const
export const HELPER_VERBS = ['status', 'install', 'remove'] as const

interface Option {
  name: string
  value: string | null
  does: string
}

/** Options in the order of the help text. */
export const OPTIONS: readonly Option[] = [
  {
    name: 'host',
    value: 'real|paper|dir:PATH|text:FILE',
    does: 'which host: this one, a simulated workstation (anew each time), a recording, a pasted text',
  },
  { name: 'json', value: null, does: 'the answer as JSON' },
  { name: 'choice', value: 'JSON', does: `the step’s choice, e.g. --choice '{"address":"0000:04:00.0"}'` },
  { name: 'confirm', value: 'NAME', does: 'the device name a dangerous plan asks for' },
  {
    name: 'password-file',
    value: 'FILE|-',
    does: 'the first line of FILE is the password of the account in a Windows that installs itself',
  },
  {
    name: 'card',
    value: 'BDF',
    does: 'with vm new: the reserved card that the VM takes, e.g. 0000:04:00.0 or 04:00.0; without it one is decided',
  },
  { name: 'disc', value: 'PATH', does: 'which disc vm insert puts into the drive, by its absolute path' },
  { name: 'out', value: 'DIR', does: 'where report writes host.json (default: passthrough-studio-report)' },
  { name: 'record', value: 'DIR', does: 'with facts: also writes the reads to DIR/host.json, for --host dir:DIR' },
]

/**
 * Returns every call with its description, in the order of the help text, e.g. `['plan <step>', 'what a step would
 * change, as a diff']`.
 */
export function callLines(): [string, string][] {
  return VERB_NAMES.flatMap((verb) =>
    ENTRIES[verb].map(({ words, does }): [string, string] => [`${verb} ${words}`.trim(), does]),
  )
}

export function optionWords({ name, value }: Option): string {
  return value === null ? `--${name}` : `--${name} ${value}`
}

/** Writes two columns; what does not fit beside its text gets a line of its own. */
function columns(rows: readonly (readonly [string, string])[], width: number): string {
  return rows
    .map(([left, right]) =>
      left.length < width ? `  ${left.padEnd(width)}${right}\n` : `  ${left}\n  ${' '.repeat(width)}${right}\n`,
    )
    .join('')
}

export const USAGE = `Usage: passthrough-studio <verb> [options]     without a verb: opens the window

${columns(callLines(), 30)}
Options:
${columns(
  OPTIONS.map((option) => [optionWords(option), option.does] as const),
  30,
)}
Steps: ${STEP_IDS.join(' ')}
`
