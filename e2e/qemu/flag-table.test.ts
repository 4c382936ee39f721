import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flatten, vmArguments } from '#core/definition/qemu/argv.ts'
import { definition } from './any-vm.ts'
import { flagsInTables, flagsOf } from './flags.ts'
import { defined, HYPERV, realQemu, workstation } from './workstation.ts'

const TABLE = join(import.meta.dirname, '../../docs/QEMU.md')

/** What only certain cards need; one of the paper's functions is without a ROM, the other has one of a file. */
const QUIRKS = {
  ...{ physBits: 39, mmioWindowMiB: 65_536, hideHypervisor: true },
  roms: [
    { address: '0000:04:00.0', file: '/srv/card.rom' },
    { address: '0000:04:00.1', file: null },
  ],
}

/** Every flag the generator can write: for many VMs, on this QEMU and on an old one, for Intel and AMD. */
async function usedFlags(): Promise<string[]> {
  const qemu = { ...(await realQemu()), hyperv: [...HYPERV] }
  const old = { ...qemu, devices: qemu.devices.filter((name) => name !== 'pcie-root-port') }
  const paper = await workstation(qemu)
  const facts = { ...paper, kvm: { ...paper.kvm, apicv: true } }
  const amd = { ...facts, cpu: { ...facts.cpu, vendor: 'amd' as const } }
  const profiles = ['windows-11', 'windows-10', 'linux', 'proof-guest'] as const
  const vms = [
    // What somebody adds as it stands is explained by nobody.
    ...fc.sample(definition, { numRuns: 1000, seed: 1 }).map((vm) => ({ ...vm, extraArguments: [] })),
    ...profiles.flatMap((profile) => [facts, amd].map((host) => defined(host, { profile, ...QUIRKS }))),
  ]
  return vms.flatMap((vm) => [qemu, old].flatMap((one) => flagsOf(flatten(vmArguments(vm, one, true)))))
}

describe('docs/QEMU.md', () => {
  it('explains each flag that is used, none that is not, and none twice', async () => {
    const explained = flagsInTables(await readFile(TABLE, 'utf8'))
    const rows = explained.filter((flag) => flag.endsWith('='))
    expect(rows.filter((flag, index) => rows.indexOf(flag) !== index)).toEqual([])
    expect([...new Set(explained)].sort()).toEqual([...new Set(await usedFlags())].sort())
  })

  it('names a source for each flag', async () => {
    const rows = (await readFile(TABLE, 'utf8')).split('\n').filter((line) => line.startsWith('| `-'))
    for (const row of rows) expect(row.split('|').map((cell) => cell.trim())[3], row).not.toBe('')
  })

  it('is compared by flag, commas in a value included', () => {
    const argv = ['-S', '-device', 'a,b=1,c=x,,y=z', '-name', 'guest=n', '-append', 'x=1,y=2']
    expect(flagsOf(argv)).toEqual([
      '-S',
      '-device a',
      '-device a b=',
      '-device a c=',
      '-name',
      '-name guest=',
      '-append',
    ])
  })
})
