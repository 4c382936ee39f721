import type { Facts } from '#shared/facts/facts.ts'
import { isLeftover } from '#shared/facts/kernel-args.ts'
import { holdsIds, plain } from '../driver-lines.ts'
import { judgeBarring } from './barred.ts'
import { harmless, inTheWay, type Judged, type JudgedHost, judgeTaking } from './host-of.ts'

/** `name` with `_` for `-`, as the kernel compares names. */
interface Word {
  name: string
  value: string
}

interface Kind {
  name: RegExp
  value?: RegExp
  judge: (word: Word, host: JudgedHost) => Judged
}

const BLACKLIST = /^(?:modprobe\.blacklist|module_blacklist|rd\.driver\.blacklist)$/u
const OFF = 'Keeps the kernel from drawing its boot console.'
const NOT_NEEDED = 'Since Linux 6.0 vfio-pci takes the screen’s memory itself; the host shows less while it boots.'

const KINDS: readonly Kind[] = [
  {
    name: /^nomodeset$/u,
    judge: () =>
      inTheWay(
        'Keeps every graphics driver of the host from its work.',
        'Many guides add it for another fault; the card that the host keeps shows no more than a plain picture.',
      ),
  },
  {
    name: /^(?:vfio_pci|pci_stub)\.ids$/u,
    judge: ({ value }, host) =>
      judgeTaking(
        'Keeps every device of these ids for VMs at each boot, a twin that the host needs too.',
        byIds(host.facts, value),
        host,
      ),
  },
  {
    name: /^vfio_pci_ids$/u,
    judge: () => harmless('Does nothing: the parameter is written vfio-pci.ids.', 'No driver reads it.'),
  },
  {
    name: /^pcie_acs_override$/u,
    judge: () => ({
      does: 'Has a patched kernel show smaller IOMMU groups than the hardware has.',
      standing: 'weakens',
      why: 'Devices in groups that look apart may still reach each other. A kernel without that patch ignores it.',
      step: null,
    }),
  },
  { name: /^video$/u, value: /^(?:,?(?:efi|vesa|simple)fb:off)+$/u, judge: () => harmless(OFF, NOT_NEEDED) },
  { name: /^initcall_blacklist$/u, value: /^sysfb_init$/u, judge: () => harmless(OFF, NOT_NEEDED) },
  {
    name: /^rd\.driver\.pre$/u,
    value: /^vfio[-_]pci$/u,
    judge: () => harmless('Has dracut load vfio-pci first.', 'Step 5 binds ahead of that and does not need it.'),
  },
  {
    name: BLACKLIST,
    judge: ({ value }, host) =>
      judgeBarring(`Keeps ${value.split(',').join(' and ')} from being loaded.`, value.split(','), host),
  },
  { name: /^vfio_iommu_type1\.allow_unsafe_interrupts$/u, value: /^[1Yy]$/u, judge: (_word, host) => unsafe(host) },
  {
    name: /^vfio_pci\.disable_vga$/u,
    judge: () => harmless('Keeps old VGA addresses of cards from VMs.', 'A VM with UEFI uses none of them.'),
  },
  {
    name: /^amd_iommu$/u,
    value: /^on$/u,
    judge: () => harmless('Does nothing: the kernel knows no such value.', 'AMD’s IOMMU is on by default.'),
  },
]

/** Judges an argument of the kernel; null: no guide's, or one that step 3 itself adds or takes out. */
export function judgeWord(token: string, host: JudgedHost): Judged | null {
  const [name = '', ...rest] = token.split('=')
  const word = { name: plain(name), value: rest.join('=') }
  const kind = KINDS.find((each) => each.name.test(word.name) && (each.value?.test(word.value) ?? true))
  const judged = kind?.judge(word, host) ?? null
  if (judged === null) return null
  // One that keeps a driver off as it was meant to is not for us to offer.
  const meant = BLACKLIST.test(word.name) && judged.standing === 'harmless'
  return { ...judged, step: isLeftover(token) && !meant ? 'boot' : null }
}

/** Judges what lets VMs send interrupts unchecked. */
export function unsafe({ facts }: JudgedHost): Judged {
  const remaps = facts.iommu.interruptRemapping === true
  const why = remaps
    ? 'This host remaps interrupts, so nothing here needs it.'
    : 'Whether this host remaps interrupts is told by step 1.'
  return { does: 'Lets a device of a VM send any interrupt to the host.', standing: 'weakens', why, step: null }
}

function byIds({ devices }: Facts, list: string): Facts['devices'] {
  return devices.filter((device) => holdsIds(list, device))
}
