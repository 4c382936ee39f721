import { STEP_IDS } from '#shared/wizard/step-id.ts'
import { callLines, OPTIONS, optionWords } from './manual.ts'

/**
 * Writes text as roff: a hyphen that is a minus, a backslash, and no control character at the start of a line (man(7)).
 */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('’', '\\(cq')
    .replace(/^([.'])/u, '\\&$1')
}

const entry = (words: string, does: string) => `.TP\n.B ${roff(words)}\n${roff(`${does}.`)}\n`

/** passthrough-studio(1). `date` is YYYY-MM-DD. */
export function manPage(version: string, date: string): string {
  const verbs = callLines().map(([words, does]) => entry(words, does))
  const options = OPTIONS.map((option) => entry(optionWords(option), option.does))
  const steps = `.SH STEPS\n${roff(STEP_IDS.join(', '))}\n`
  return [head(version, date), '.SH VERBS\n', ...verbs, '.SH OPTIONS\n', ...options, steps, TAIL].join('')
}

function head(version: string, date: string): string {
  return `.TH PASSTHROUGH\\-STUDIO 1 "${date}" "Passthrough Studio ${version}" "User Commands"
.SH NAME
passthrough\\-studio \\- hand a physical GPU to a KVM virtual machine, and get it back
.SH SYNOPSIS
.B passthrough\\-studio
.br
.B passthrough\\-studio
.I verb
.RI [ options ]
.SH DESCRIPTION
Without a verb the window opens: a wizard of nine steps, from "VT\\-d maybe off" to a guest that reports the card.
With a verb the same program answers on the terminal, also over SSH.
.PP
Every change is shown as a diff first, is written to a journal before it is made, and can be taken back byte for byte.
Changes are made by a helper that runs as root for one request; polkit asks for an administrator\\(cqs password.
`
}

const TAIL = `.SH EXIT STATUS
.TP
.B 0
Done; with
.BR doctor ,
all steps pass.
.TP
.B 1
Not all is well: a step does not pass, something could not be taken back exactly, or no failure was recognised.
.TP
.B 2
The call makes no sense, or the request failed; the reason is on standard error.
.SH FILES
.TP
.I /var/lib/passthrough\\-studio/journal.jsonl
What was changed, one line before and one after each change.
.TP
.I /var/lib/passthrough\\-studio/rescue.sh
Takes everything back without this program, also from a live system. There while something is in force.
.TP
.I /var/lib/passthrough\\-studio/RECOVERY.txt
What to do when the host does not come back.
.TP
.I ~/.config/passthrough\\-studio/
Choices, and what was proven.
.SH SEE ALSO
.BR pkexec (1),
.BR qemu\\-system\\-x86_64 (1),
.BR lspci (8)
`
