import { deviceName, shortAddress } from '#shared/facts/pci.ts'
import { passedFunctions } from '#shared/units/unit-view.ts'
import { isProof } from '../machine/profile.ts'
import type { ArgumentContext, ArgumentGroup } from '../qemu/arguments.ts'
import type { Topic } from '../topic.ts'
import { hideBlocked, limitBlocked } from './cpu-quirks.ts'
import { windowBlocked } from './mmio-window.ts'

const NONE = { roms: [], physBits: null, mmioWindowMiB: null, hideHypervisor: false, extraArguments: [] }

/** The proof guest is as it is. A ROM of a function that the VM has not got any more is no part of it. */
export const quirks: Topic<'quirks'> = {
  define: (context) => {
    const { definition: choice } = context.choices
    if (isProof(choice)) return NONE
    const { roms, physBits, mmioWindowMiB, hideHypervisor, extraArguments } = choice
    const given = context.taken.flatMap(passedFunctions).map(({ address }) => address)
    return {
      roms: roms.filter(({ address }) => given.includes(address)),
      physBits,
      mmioWindowMiB: windowBlocked(context) === null ? mmioWindowMiB : null,
      hideHypervisor,
      extraArguments,
    }
  },
  view: (context) => ({
    romFunctions: context.taken.flatMap(passedFunctions).map((device) => ({
      address: device.address,
      title: `${shortAddress(device.address)}  ${deviceName(device)}`,
    })),
    physBitsBlocked: limitBlocked(context.qemu),
    mmioWindowBlocked: windowBlocked(context),
    hideHypervisorBlocked: hideBlocked(context.qemu),
  }),
  choicesOf: ({ roms, physBits, mmioWindowMiB, hideHypervisor, extraArguments }) => ({
    ...{ roms, physBits, mmioWindowMiB, hideHypervisor, extraArguments },
  }),
  argv: { machine: mmioWindow, boot: extra },
}

function mmioWindow({ definition: { mmioWindowMiB } }: ArgumentContext): ArgumentGroup[] {
  if (mmioWindowMiB === null) return []
  return [
    {
      reason: 'Room above 4 GiB for large BARs, in MiB: this UEFI gives too little by itself.',
      args: ['-fw_cfg', `name=opt/ovmf/X-PciMmio64Mb,string=${mmioWindowMiB}`],
    },
  ]
}

function extra({ definition: { extraArguments } }: ArgumentContext): ArgumentGroup[] {
  return extraArguments.map((line) => {
    const blank = line.indexOf(' ')
    const args = blank < 0 ? [line] : [line.slice(0, blank), line.slice(blank + 1)]
    return { reason: 'An argument that was added in step 8 as it stands.', args }
  })
}
