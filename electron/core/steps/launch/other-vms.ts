import { chosenPorts, hostPorts } from '#core/definition/network/host-ports.ts'
import type { WrittenVms } from '#core/definition/written.ts'
import { citeProof } from '#core/evidence.ts'
import { citeFile } from '#core/evidence.ts'
import type { Situation } from '#core/situation.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { shortAddress } from '#shared/facts/pci.ts'
import { passedFunctions } from '#shared/units/unit-view.ts'
import type { ChosenDisk, VmDisk } from '#shared/vm/options/disk.ts'
import { givenTo } from '#shared/vm/vm.ts'
import { type VmDefinition, vmPaths } from '#shared/vm/vm.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { fail, pass, unknown } from '../step.ts'

type OtherVm = Facts['vms'][number]

/** What no two VMs can have at a time, of a saved VM or of the choices for one. */
type Taken = Pick<VmDefinition, 'usbDevices'> & {
  disk: VmDisk | ChosenDisk | null
  moreDisks: readonly { disk: VmDisk | ChosenDisk }[]
  functions: readonly string[]
  input: readonly string[]
  ports: readonly string[]
}

/** Judges whether what this VM takes is in another VM that is up. Returns nothing where it is the only one. */
export function otherVms({ facts, choices, taken, written, running }: Situation): Finding[] {
  const others = facts.vms.filter(({ name }) => name !== choices.definition.name)
  if (taken.length === 0 || others.length === 0) return []
  const { usb, disk, moreDisks, evdev } = choices.definition
  const functions = taken.flatMap((unit) => passedFunctions(unit).map((device) => device.address))
  const ports = chosenPorts(choices)
  const wanted = named({ functions, usbDevices: usb, disk, moreDisks, input: evdev, ports })
  const known: WrittenVms = new Map([...written, ...running])
  const found = others.flatMap((other) => vmConflicts(known, other, wanted))
  if (found.length > 0) return found
  const seen = others.map(({ name }) => citeProof(`VM "${name}"`, contents(known.get(name) ?? null, wanted)))
  return [pass('launch-other-vm', 'No other VM that is up has anything that this one takes.', seen)]
}

/**
 * Returns each thing the VM takes by the name it is shown under. A new disk is a VM's own; a USB device is the one in
 * that port.
 */
function named({ functions, usbDevices, disk, moreDisks, input, ports }: Taken): string[] {
  const sticks = usbDevices.map(({ port, vendorId, productId }) => `${vendorId}:${productId} in USB port ${port}`)
  const all = [disk, ...moreDisks.map((more) => more.disk)]
  const disks = all.flatMap((one) => (one === null || one.kind === 'new' ? [] : [one.path]))
  return [...functions.map(shortAddress), ...sticks, ...disks, ...input, ...ports]
}

function contents(definition: VmDefinition | null, wanted: readonly string[]): string {
  const shared = definition === null ? [] : sharedWith(definition, wanted)
  return shared.length === 0 ? 'has none of it, or is off' : `off; it has ${shared.join(' and ')}`
}

function sharedWith(definition: VmDefinition, wanted: readonly string[]): string[] {
  const input = definition.inputDevices.map(({ path }) => path)
  const all = { ...definition, functions: givenTo(definition), input, ports: hostPorts(definition) }
  return named(all).filter((name) => wanted.includes(name))
}

/** Judges what another VM that is up, or may be, means for what is wanted here. */
function vmConflicts(known: WrittenVms, { name, up }: OtherVm, wanted: readonly string[]): Finding[] {
  if (up === false) return []
  const code = { code: 'launch-other-vm', about: name } as const
  const definition = known.get(name) ?? null
  const source = vmPaths(name).definition
  if (definition === null)
    return [unknown(code, `The VM "${name}" is up, and what it was given is not known.`, [citeFile(source, null)])]
  const shared = sharedWith(definition, wanted)
  if (shared.length === 0) return []
  const has = shared.join(' and ')
  const seen = [citeFile(source, shared.join('\n'))]
  if (isUnknown(up))
    return [
      unknown(code, `Whether the VM "${name}", which has ${has} too, is up is not known.`, [
        ...seen,
        citeProof(`VM "${name}"`, up.unknown),
      ]),
    ]
  const fix = {
    text: `Shut down "${name}" first; then this VM can have it.`,
    step: null,
    action: { shutDown: name },
  }
  return [
    fail(code, `The VM "${name}" is up and has ${has}.`, [...seen, citeFile(vmPaths(name).qmp, 'QEMU is there')], fix),
  ]
}
