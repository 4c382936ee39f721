import { describe, expect, it } from 'vitest'
import { situationOf } from '#core/situation.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { vmDefinition } from '#shared/vm/vm.ts'
import { choosing } from '#shared/wizard/choices.fixture.ts'
import { type Choices, choices as schema } from '#shared/wizard/choices.ts'
import { flatten, vmArguments } from '../qemu/argv.ts'

const facts = await paperFacts()
const qemu = facts.qemu === null || isUnknown(facts.qemu) ? expect.fail() : facts.qemu
const LINUX = { profile: 'linux', bios: false } as const
const PLAIN = ['host-phys-bits', 'host-phys-bits-limit', 'kvm', 'hv-vendor-id']

/** The VM that these choices lead to, and QEMU's arguments for it. */
function vm(chosen: Partial<Choices['definition']>, cpuProperties: readonly string[] = PLAIN) {
  const choices = choosing({ definition: { ...LINUX, ...chosen } })
  const able = { ...qemu, cpuProperties: [...cpuProperties] }
  const made = situationOf({ ...facts, qemu: able }, choices).definition ?? expect.fail()
  return { made, line: flatten(vmArguments(made, able, true)).join(' ') }
}

const [gpu = ''] = vm({}).made.functions

describe('what certain cards and guests need', () => {
  it('is nothing unless it was chosen', () => {
    for (const word of ['rombar', 'romfile', 'phys-bits-limit', 'fw_cfg', 'kvm=off'])
      expect(vm({}).line).not.toContain(word)
  })

  it('is no ROM for one function, or the bytes of a file for it', () => {
    expect(vm({ roms: [{ address: gpu, file: null }] }).line).toMatch(new RegExp(`host=${gpu},\\S*,rombar=0 `, 'u'))
    const file = vm({ roms: [{ address: gpu, file: '/srv/my,card.rom' }] })
    expect(file.line).toMatch(new RegExp(`host=${gpu},\\S*,romfile=/srv/my,,card.rom `, 'u'))
  })

  it('is no part of the VM for a function that it has not got', () => {
    expect(vm({ roms: [{ address: '0000:7f:00.0', file: null }] }).made.roms).toEqual([])
  })

  it('is a limit of the guest’s addresses, and KVM hidden, where this QEMU knows how', () => {
    const chosen = { physBits: 39, hideHypervisor: true }
    expect(vm(chosen).line).toMatch(/-cpu host,\S*host-phys-bits-limit=39,kvm=off,hv-vendor-id=[a-z0-9]{12} /u)
    expect(vm(chosen, []).line).not.toMatch(/limit|kvm=off/u)
  })

  it('is a window for large BARs under UEFI alone', () => {
    const chosen = { mmioWindowMiB: 65_536 }
    expect(vm(chosen).line).toContain('-fw_cfg name=opt/ovmf/X-PciMmio64Mb,string=65536')
    expect(vm({ ...chosen, bios: true }).line).not.toContain('-fw_cfg')
  })

  it('is arguments as they stand, one option and its value each, after everything else', () => {
    const line = vm({ extraArguments: ['-device i6300esb,id=watchdog', '-no-fd-bootchk'] }).line
    expect(line).toMatch(/ -device i6300esb,id=watchdog -no-fd-bootchk$/u)
  })

  it.each(['-qmp tcp::1', '--qmp tcp::1', '-S', '-sandbox off', '-runas root', '-daemonize', 'device x', '-a\n-b'])(
    'is never %j, which is the program’s own or no argument',
    (line) => {
      const chosen = choosing({ definition: LINUX })
      const added = { ...chosen, definition: { ...chosen.definition, extraArguments: [line] } }
      expect(schema.safeParse(added).success).toBe(false)
      expect(vmDefinition.safeParse({ ...vm({}).made, extraArguments: [line] }).success).toBe(false)
    },
  )
})
