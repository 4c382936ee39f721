import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { flatten, vmArguments } from '#core/definition/qemu/argv.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { withQmp } from '#vm/qmp/client.ts'
import { prepare, processesWith } from './prepared.ts'
import { defined, HYPERV, KVM_ONLY, realQemu, workstation } from './workstation.ts'

const LIMIT_MS = 120_000
const qemu = await realQemu()
const facts = await workstation(qemu)

/** Needs Debian's packages ovmf and swtpm; the lack of one is told, not passed over. */
const uefi = qemu.firmware.length > 0
const swtpm = existsSync('/usr/bin/swtpm')
/** Debian has it since 13. */
const served = qemu.sharing?.readOnly === true

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

/** A disc with nothing on it, below a temporary directory. */
async function disc(name: string): Promise<string> {
  const path = join(await temporaryDirectory('disc'), name)
  await writeFile(path, Buffer.alloc(65_536))
  return path
}

/** QEMU with these arguments and without KVM, told to quit through its control socket. */
async function startPlain(argv: readonly string[]) {
  const run = await temporaryDirectory('run')
  const args = argv.map((word) =>
    word
      .replaceAll('/run/passthrough-studio/vms/designer', run)
      .replace('accel=kvm', 'accel=tcg')
      .replace(/^host(?=,|$)/u, 'max')
      .replaceAll(KVM_ONLY, ''),
  )
  const started = execa(qemu.binary, args, { reject: false, timeout: LIMIT_MS })
  const qmp = join(run, 'qmp.sock')
  while (!existsSync(qmp) && started.exitCode === null) await sleep(50)
  // A QEMU that refused its arguments is gone by now; its exit code says so.
  await withQmp(qmp, LIMIT_MS, (client) => client.command('quit')).catch(() => undefined)
  return started
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
  if (!served) console.warn('Skipped: no virtiofsd that serves an ordinary user; install virtiofsd.')
  if (!swtpm) console.warn('Skipped: no swtpm; install swtpm.')

  it.runIf(uefi)('starts Linux with UEFI, a new disk, a screen, and Looking Glass over SPICE', async () => {
    const definition = defined(facts, {
      ...small,
      profile: 'linux',
      lookingGlass: { width: 1920, height: 1080 },
    })
    expect(definition).toMatchObject({ firmware: { secureBoot: false, smm: false }, spice: true })
    await expectStart(definition)
  })

  it.runIf(uefi)('starts Linux with the memory of one NUMA node, begun on the guest’s processors', async () => {
    const definition = defined(facts, { ...small, profile: 'linux' })
    const pinning = { vcpus: [1, 900], emulator: [0], others: [0] }
    await expectStart({ ...definition, memoryNode: 0, pinning })
  })

  it.runIf(uefi)('starts Linux with Looking Glass and SPICE, without a screen', async () => {
    const lookingGlass = { width: 1920, height: 1080 }
    const definition = defined(facts, { ...small, profile: 'linux', screen: false, lookingGlass })
    expect(definition).toMatchObject({ screen: false, spice: true })
    await expectStart(definition)
  })

  it.runIf(uefi && swtpm)('starts Windows 11 with Secure Boot, TPM and Hyper-V flags', async () => {
    const definition = defined(facts, { ...small, profile: 'windows-11' })
    expect(definition).toMatchObject({ tpm: true, firmware: { secureBoot: true, smm: true } })
    await expectStart(definition)
  })

  it.runIf(uefi)(
    'starts Windows with every Hyper-V flag that a kernel gives, the host’s caches, io_uring',
    async () => {
      const full = { ...facts, qemu: { ...qemu, hyperv: [...HYPERV] }, kvm: { ...facts.kvm, apicv: true } }
      const definition = defined(full, { ...small, profile: 'windows-10' })
      const flags = ['hv-evmcs=on', 'hv-avic=on', 'hv-no-nonarch-coresharing=on', 'host-cache-info=on', 'l3-cache=off']
      expect(definition.cpu.properties).toEqual(expect.arrayContaining(flags))
      expect(definition.diskIo).toEqual(['io_uring', 'native'])
      await expectStart(definition)
    },
  )

  it.runIf(uefi)('starts Windows 10 with USB devices that are not plugged in, for which QEMU waits', async () => {
    const usb = [{ port: '7-3.1', vendorId: '046d', productId: 'c31c' }]
    await expectStart(defined(facts, { ...small, profile: 'windows-10', usb, screen: false }))
  })

  it('starts Windows 10 with SeaBIOS and discs whose names have blanks, commas and quotes', async () => {
    const installIso = await disc('install, "the" $(id) \'one\'.iso')
    const driverIso = await disc('drivers;=& \\.iso')
    const definition = defined(facts, { ...small, profile: 'windows-10', bios: true, installIso, driverIso })
    expect(definition).toMatchObject({ firmware: null, legacyVga: false })
    await expectStart(definition)
  })

  it('gets as far as opening the keyboard of input-linux: QEMU knows all its properties', async () => {
    const path = '/dev/input/by-id/not, there-event-kbd'
    const definition = defined(facts, { ...small, profile: 'linux', evdev: [path], bios: true })
    const { stderr, exitCode } = await startAndQuit(definition)
    expect(exitCode).not.toBe(0)
    expect(stderr).toContain(`Could not open '${path}': No such file or directory`)
  })

  it('gets as far as opening the disk of host_device: QEMU knows all its properties', async () => {
    const path = '/dev/disk/by-id/ata-not, there'
    const definition = defined(facts, { ...small, profile: 'linux', disk: { kind: 'device', path }, bios: true })
    const { stderr, exitCode } = await startAndQuit(definition)
    expect(exitCode).not.toBe(0)
    expect(stderr).toContain(`Could not open '${path}': No such file or directory`)
  })

  it.each(['windows-11', 'windows-10', 'linux'] as const)(
    '%s passes the dry start of the app itself',
    async (profile) => {
      const usb = [{ port: '7-3.1', vendorId: '046d', productId: 'c31c' }]
      const disk = { kind: 'device', path: '/dev/disk/by-id/ata-not-there' } as const
      const evdev = ['/dev/input/by-id/not-there-event-kbd']
      const definition = defined(facts, { memoryMiB: 512, vcpus: 2, profile, usb, disk, evdev, tpm: false })
      // Everything of the host is left out; UEFI's variables are made by step 8 and are not there.
      const argv = flatten(vmArguments({ ...definition, firmware: null }, qemu, false))
      expect(argv.join(' ')).not.toMatch(/input-linux|usb-host|host_device|vfio-pci|tap,/u)
      const result = await startPlain(argv)
      expect(result, result.stderr).toMatchObject({ exitCode: 0 })
    },
  )

  it.runIf(served)('starts Linux with shared folders, whose servers end with it', async () => {
    const directory = await temporaryDirectory('folder, "of" plans')
    const sharedFolders = [false, true].map((readOnly, index) => {
      return { number: index + 1, directory, tag: `plans${index}`, readOnly }
    })
    await expectStart(defined(facts, { ...small, profile: 'linux', bios: true, sharedFolders }))
  })

  it.runIf(uefi)('starts Windows 10 with a raw disk', async () => {
    const disk = { kind: 'new', format: 'raw', sizeGiB: 1 } as const
    await expectStart(defined(facts, { ...small, profile: 'windows-10', disk }))
  })
})
