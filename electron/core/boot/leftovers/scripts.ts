import type { InitramfsId } from '#shared/facts/boot/boot-image.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { Device } from '#shared/facts/pci.ts'
import { harmless, inTheWay, type Judged, type JudgedHost, judgeTaking, namesOf } from './host-of.ts'

const HOOKS = '/etc/libvirt/hooks'

/** Which generator takes scripts of a directory into the image. */
const TAKEN_BY: readonly { place: string; tool: InitramfsId }[] = [
  { place: '/etc/initramfs-tools/', tool: 'initramfs-tools' },
  { place: '/etc/initcpio/', tool: 'mkinitcpio' },
]

/** What a line of a script does, in a sentence (kernel ABI sysfs-bus-pci; virsh(1)). */
const MOVES: readonly (readonly [RegExp, string])[] = [
  [/nodedev-dett?ach/u, 'Takes a device from its driver, for libvirt.'],
  [/nodedev-reattach/u, 'Gives a device back to the host’s driver.'],
  [/driver_override/u, 'Says which driver alone may take a device.'],
  [/new_id/u, 'Has a driver take every device of these ids.'],
  [/\bunbind\b/u, 'Takes a device from its driver.'],
  [/drivers_probe|\/bind\b/u, 'Has the kernel look for a driver of a device.'],
  [/\b(?:modprobe\s+(?:-r|--remove)|rmmod)\b/u, 'Unloads a driver.'],
  [/\bmodprobe\b/u, 'Loads a driver.'],
  [/[0-9a-f]{2}[:_][0-9a-f]{2}[._][0-7]/iu, 'Names a device.'],
]

export function movesOf(line: string): string {
  return MOVES.find(([form]) => form.test(line))?.[1] ?? 'Names VFIO.'
}

/** Judges a script of which these are the lines that move devices, by the devices they name. */
export function judgeScript(source: string, lines: readonly string[], does: string, host: JudgedHost): Judged {
  if (!isTaken(source, host.facts))
    return harmless(does, 'Its generator builds no initramfs on this host, so nobody runs it.')
  if (source.startsWith(HOOKS)) return ofLibvirt(lines, does, host)
  const named = namedIn(lines, host.facts)
  return named.length > 0 ? judgeTaking(does, named, host) : untold(does)
}

/** A hook runs around VMs of libvirt only. What it moves often stands in a file of variables beside it. */
function ofLibvirt(lines: readonly string[], does: string, host: JudgedHost): Judged {
  const all = host.facts.driverScripts.lines.filter(({ source }) => source.startsWith(HOOKS)).map(({ line }) => line)
  const own = namedIn(lines, host.facts)
  const named = own.length > 0 ? own : namedIn(all, host.facts)
  const ours = named.filter(({ address }) => host.bound.has(address) || host.lent.has(address))
  if (named.length === 0) return untold(does)
  if (ours.length === 0) return harmless(does, `It is about ${namesOf(named)}, which is not reserved here.`)
  return inTheWay(
    does,
    `libvirt runs it when a VM of its own starts or ends, and it moves ${namesOf(ours)}, also while a VM of this program has it.`,
  )
}

function untold(does: string): Judged {
  return { does, standing: 'unknown', why: 'Which devices are meant cannot be told from it.', step: null }
}

/** Returns the devices that stand in some lines by address, in the kernel's spelling or libvirt's, or by both ids. */
function namedIn(lines: readonly string[], { devices }: Facts): Device[] {
  const text = lines.join('\n').toLowerCase().replaceAll('_', ':')
  return devices.filter(({ address, vendorId, deviceId }) => {
    const at = address.replace('.', '[.:]').replace(/^0000:/u, '(?:0000:)?')
    const byIds = new RegExp(`(?:0x)?${vendorId}[ :",].{0,24}(?:0x)?${deviceId}\\b`, 'u')
    return new RegExp(`(?<![0-9a-f:])${at}(?![0-9a-f])`, 'u').test(text.replaceAll('pci:', 'pci ')) || byIds.test(text)
  })
}

/**
 * Returns a line by which a script of the initramfs, or one that modprobe runs for vfio-pci, may give this function
 * another driver; one that names no device at all may mean any. Null: none does.
 */
export function scriptAbout(facts: Facts, device: Device): Facts['driverRules']['lines'][number] | null {
  const { lines } = facts.driverScripts
  const early = lines.filter(({ source }) => !source.startsWith(HOOKS) && isTaken(source, facts))
  const binds = early.find(({ source, line }) => {
    const named = namedIn(
      early.filter((each) => each.source === source).map((each) => each.line),
      facts,
    )
    return BINDS.test(line) && (named.length === 0 || named.includes(device))
  })
  return binds ?? null
}

const BINDS = /driver_override|new_id|\bunbind\b|drivers_probe/u

function isTaken(source: string, { boot: { initramfs } }: Facts): boolean {
  const taker = TAKEN_BY.find(({ place }) => source.startsWith(place))
  return taker === undefined || initramfs.some(({ id }) => id === taker.tool)
}
