import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import type { VmDefinition } from '../../shared/vm.ts'
import { withQmp } from '../../electron/qmp/client.ts'
import { prepare, processesWith } from './prepared.ts'
import { defined, realQemu, workstation } from './workstation.ts'

const LIMIT_MS = 120_000
const qemu = await realQemu()
const facts = await workstation(qemu)

/** Needs Debian's packages ovmf and swtpm; the lack of one is told, not passed over. */
const uefi = qemu.firmware.length > 0
const swtpm = existsSync('/usr/bin/swtpm')

/** What the VM did, with QEMU's own words where it did something else. */
async function expectStart(definition: VmDefinition): Promise<void> {
  const result = await startAndQuit(definition)
  expect(result, result.stderr).toMatchObject(STARTED)
}

/** Starts the script, lets the guest run, tells QEMU to quit; what QMP said and what was left behind. */
async function startAndQuit(definition: VmDefinition) {
  const { script, run } = await prepare(definition, qemu)
  const started = execa('sh', [script], { reject: false, timeout: LIMIT_MS })
  const qmp = join(run, 'qmp.sock')
  while (!existsSync(qmp) && started.exitCode === null) await sleep(50)
  const said = await withQmp(qmp, LIMIT_MS, async (client) => {
    const before = await client.command('query-status')
    await client.command('cont')
    const after = await client.command('query-status')
    await client.command('quit')
    return { before, after }
  }).catch((thrown: unknown) => thrown)
  const { stderr, exitCode } = await started
  const noted = await readFile(join(run, 'exit-code'), 'utf8')
  const left = await processesWith(run)
  return { said, stderr, exitCode, noted, left }
}

const STARTED = {
  said: {
    before: expect.objectContaining({ status: 'prelaunch' }) as object,
    after: expect.objectContaining({ status: 'running' }) as object,
  },
  exitCode: 0,
  noted: '0\n',
  left: [],
}

const small = { memoryMiB: 512, vcpus: 2, disk: { kind: 'new', format: 'qcow2', sizeGiB: 1 } } as const

describe(`start-vm.sh on QEMU ${qemu.version}, without KVM and card`, () => {
  if (!uefi) console.warn('Skipped: no UEFI firmware descriptors; install ovmf.')
  if (!swtpm) console.warn('Skipped: no swtpm; install swtpm.')

  it.runIf(uefi)('Linux: UEFI, new disk, screen and shared picture', async () => {
    const definition = defined(facts, {
      ...small,
      profile: 'linux',
      lookingGlass: { width: 1920, height: 1080, hdr: false },
    })
    expect(definition.firmware).toMatchObject({ secureBoot: false, smm: false })
    await expectStart(definition)
  })

  it.runIf(uefi && swtpm)('Windows 11: Secure Boot, TPM, Hyper-V', async () => {
    const definition = defined(facts, { ...small, profile: 'windows-11' })
    expect(definition).toMatchObject({ tpm: true, firmware: { secureBoot: true, smm: true } })
    await expectStart(definition)
  })

  it.runIf(uefi)('Windows 10: raw disk', async () => {
    const disk = { kind: 'new', format: 'raw', sizeGiB: 1 } as const
    await expectStart(defined(facts, { ...small, profile: 'windows-10', disk }))
  })
})
