import type { GuestReport } from '#shared/facts/guest-report.ts'
import { lspciBlocks } from '#shared/facts/lspci-blocks.ts'
import type { VmStatus } from '#shared/vm/vm.ts'
import { entryOf, selectedName } from '../actions/vm-names.ts'
import type { Engine } from '../engine.ts'
import { statusIn } from '../session/known-vms.ts'
import type { SavedState } from '../session/saved-state.ts'

/** Returns the state of a VM; null: it is the selected one, and there is none yet. Throws `not-found`. */
export function statusOf(engine: Engine, name: string): VmStatus | null {
  return name === selectedName(engine) ? engine.state.vm : statusIn(entryOf(engine, name))
}

/** Returns what a VM's guest reported last; null: nothing yet. */
export function reportOf({ choices, proofs, others }: SavedState, name: string): GuestReport | null {
  if (name === choices.definition.name) return proofs.guestReport
  return others.find(({ definition }) => definition.name === name)?.proofs.guestReport ?? null
}

/** Returns what lspci says of one function: in full from a real host, else what was recorded. Null without lspci. */
export async function lspciOf(engine: Engine, address: string): Promise<string | null> {
  const { host } = engine.session
  const { lspci } = engine.facts()
  if (host.kind !== 'real' || lspci === null) return lspci === null ? null : lspciBlocks(lspci, [address])
  return (await host.run('lspci', ['-D', '-nnvvk', '-s', address]))?.stdout ?? null
}
