import { cardsText } from '#core/texts/cards/cards-script.ts'
import { takenNote } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import { shortAddress } from '#shared/facts/pci.ts'
import { cardsSaid } from '#shared/vm/options/at-start.ts'
import { type VmDefinition, vmPaths } from '#shared/vm/vm.ts'
import { assertNoSymlink } from '../allow-list/paths.ts'
import { assertNotNeeded, assertNotStuck, assertSameDevice } from '../device-state.ts'
import { armComeBack } from './come-back.ts'

/** Services stop within a minute each, and a graphical session's programs within half of one more. */
const LIMITS = ['TimeoutStartSec=300', 'TimeoutStopSec=180']

/**
 * What systemd is told of a VM that takes cards from the host as long as it runs: what it runs as root before QEMU, and
 * once QEMU is gone, however it ended (systemd.service(5): `+`, ExecStopPost). Empty for any other VM.
 * @throws ProblemError where a card cannot be spared, or is in another VM; the script looks once more for itself.
 */
export async function cardProperties(system: System, definition: VmDefinition): Promise<string[]> {
  const wanted = cardsText(definition)
  if (wanted === null || definition.atStart === undefined) return []
  await assertSystemd(system, definition)
  await assertNoSymlink(system, wanted.path)
  const [state, file] = [await system.state(wanted.path), await system.read(wanted.path)]
  if (state?.uid !== 0 || file.kind !== 'text' || file.text !== wanted.text)
    throw new ProblemError('no-definition', `${wanted.path} is not what this program writes for this VM.`, {
      hint: 'Apply step 8 again.',
    })
  for (const expected of definition.atStart.functions) {
    await assertSameDevice(system, expected.address, expected)
    await assertNotStuck(system, expected.address)
    await assertNotNeeded(system, expected.address)
    await assertInNoOther(system, definition.name, expected.address)
  }
  const run = `/bin/sh ${wanted.path}`
  const timer = await armComeBack(system, definition)
  return [`ExecStartPre=+${run} take`, `ExecStopPost=-+${run} end`, ...timer, ...LIMITS]
}

async function assertSystemd(system: System, { name }: VmDefinition): Promise<void> {
  if ((await system.list('/run/systemd/system')).kind === 'names') return
  throw new ProblemError('refused', `The VM "${name}" needs systemd: nobody else would give its cards back.`, {
    hint: 'Choose in step 4 that they are bound at each boot, or until the next reboot.',
  })
}

async function assertInNoOther(system: System, name: string, address: string): Promise<void> {
  const others = await system.list(takenNote(''))
  for (const other of others.kind === 'names' ? others.names : []) {
    const note = other === name ? null : await system.read(takenNote(other))
    if (note?.kind !== 'text' || !note.text.includes(`function ${address} `)) continue
    const text = `${shortAddress(address)} is in the VM "${other}"; the VM "${name}" cannot have it meanwhile.`
    throw new ProblemError('in-use', text, { hint: `Shut down "${other}" first.` })
  }
}

/** Why cards were not taken, in the script's own words; null: it was something else. */
export async function cardRefusal(system: System, name: string): Promise<ProblemError | null> {
  const log = await system.read(vmPaths(name).log)
  const said = log.kind === 'text' ? cardsSaid(log.text) : null
  if (said === null) return null
  return new ProblemError('vm-failed', `The VM did not start: ${said}`, {
    hint: 'What was taken so far was given back. Check again, then start again.',
    detail: log.kind === 'text' ? log.text : '',
  })
}
