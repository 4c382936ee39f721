import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isProof } from '#core/definition/machine/profile.ts'
import { flatten, vmArguments } from '#core/definition/qemu/argv.ts'
import { paperScript } from '#core/definition/qemu/paper-script.ts'
import { startScript } from '#core/definition/qemu/script.ts'
import { PROOF_SCRIPT } from '#helper/proof-guest/proof-script.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { setupAnswers } from '#shared/vm/options/answers.ts'
import { PLAIN_VM } from '#shared/vm/vm.fixture.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { definition } from './any-vm.ts'
import { defined, realQemu, workstation } from './workstation.ts'

const qemu = await realQemu()
const facts = await workstation(qemu)

const argvOf = (vm: VmDefinition, run?: string) => flatten(vmArguments(vm, qemu, true, run))

/** Values of an option, e.g. all of `-device`. */
function valuesOf(argv: readonly string[], option: string): string[] {
  return argv.flatMap((word, index) => (argv[index - 1] === option ? [word] : []))
}

/** Ports of the host that were chosen to lead to the guest, as QEMU is told of them. */
function askedPorts(vm: VmDefinition): string[] {
  const forwards = vm.network.kind === 'user' && !isProof(vm) ? (vm.network.forwards ?? []) : []
  return forwards.map(({ hostPort, everyone }) => `tcp:${everyone ? '' : '127.0.0.1'}:${hostPort}-:3389`)
}

describe('the arguments of any VM', () => {
  it('open no port unasked, keep the sandbox, and put all sockets into the private directory', () => {
    fc.assert(
      fc.property(definition, (vm) => {
        const argv = argvOf(vm)
        const run = `/run/passthrough-studio/vms/${vm.name}/`
        expect(argv.join(' ').match(/tcp:[^,\s]*|telnet:|websocket/gu) ?? []).toEqual(askedPorts(vm))
        for (const screen of valuesOf(argv, '-vnc')) expect(screen.startsWith(`unix:${run}`)).toBe(true)
        for (const control of valuesOf(argv, '-qmp')) expect(control.startsWith(`unix:${run}`)).toBe(true)
        for (const spice of valuesOf(argv, '-spice'))
          expect(spice).toBe(`unix=on,addr=${run}spice.sock,disable-ticketing=on,disable-agent-file-xfer=on`)
        const chardevs = valuesOf(argv, '-chardev').filter((one) => one !== 'spicevmc,id=vdagent0,name=vdagent')
        for (const socket of chardevs) expect(socket).toContain(`path=${run}`)
        expect(valuesOf(argv, '-sandbox')).toEqual([
          'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny',
        ])
        for (const word of ['-nodefaults', '-no-user-config']) expect(argv).toContain(word)
        // It is let go on by its own script, once that has pinned its processors and somebody looks.
        expect(argv.includes('-S')).toBe(vm.pinning !== null || (vm.installIso !== null && vm.screen))
        expect(argv.join(' ')).not.toContain('balloon')
        // All else is anonymous, unless virtiofsd reads it: a file without a name gets no transparent huge pages.
        expect(valuesOf(argv, '-object').some((one) => one.includes('memfd'))).toBe(
          vm.hugePages || vm.sharedFolders.length > 0,
        )
      }),
    )
  })

  it('give the proof guest a text screen without a pointer, or none at all', () => {
    const screen = argvOf(defined(facts, {}))
    expect(screen).toContain('virtio-vga,bus=pcie.0,addr=01.0')
    expect(screen.join(' ')).toContain('-append console=tty0 console=ttyS0 ')
    expect(screen.join(' ')).not.toMatch(/usb-tablet|qemu-xhci/u)
    const none = argvOf(defined(facts, { screen: false }))
    expect(none.join(' ')).not.toMatch(/virtio-vga|-vnc|console=tty0/u)
  })

  it('have no pointer of the console beside Looking Glass, except for the installation', () => {
    const lookingGlass = { width: 1920, height: 1080 }
    const pointers = (more: { installIso?: string }) => {
      const argv = argvOf(defined(facts, { profile: 'windows-11', lookingGlass, ...more }))
      return valuesOf(argv, '-device').filter((device) => device.startsWith('usb-tablet'))
    }
    expect(pointers({})).toEqual([])
    expect(pointers({ installIso: '/srv/windows.iso' })).toHaveLength(1)
  })

  it('keep Windows’ clock by local time, and no guest from waking a card that does not wake', () => {
    const [clock] = valuesOf(argvOf(defined(facts, { profile: 'windows-11' })), '-rtc')
    expect(clock).toBe('base=localtime,driftfix=slew')
    for (const profile of ['windows-10', 'linux'] as const)
      expect(valuesOf(argvOf(defined(facts, { profile })), '-global')).toEqual(
        expect.arrayContaining(['ICH9-LPC.disable_s3=1', 'ICH9-LPC.disable_s4=1']),
      )
  })

  it('give each card a port of its own, function 0 first, and read-only firmware code', () => {
    fc.assert(
      fc.property(definition, (vm) => {
        const argv = argvOf(vm)
        const ports = valuesOf(argv, '-device').filter((device) => device.startsWith('pcie-root-port'))
        const chassis = ports.map((port) => /chassis=(\d+),slot=(\d+)/u.exec(port)?.slice(1).join())
        expect(new Set(chassis).size).toBe(1 + vm.extraDevices.length)
        const passed = valuesOf(argv, '-device').filter((device) => device.startsWith('vfio-pci'))
        expect(passed).toHaveLength(vm.functions.length + vm.extraDevices.length)
        expect(passed[0]).toContain('addr=00.0,multifunction=on')
        const [code] = valuesOf(argv, '-drive')
        if (code !== undefined) expect(code).toContain('unit=0,format=')
        if (code !== undefined) expect(code).toContain('readonly=on')
      }),
    )
  })
})

/** What QEMU would get from the script, with the user logged in and an empty disk: a stand-in for it prints its words. */
async function wordsOf(vm: VmDefinition, { session = true, empty = true } = {}) {
  const directory = await temporaryDirectory('script')
  const run = join(directory, 'run')
  const binary = join(directory, 'qemu')
  await writeFile(binary, `#!/bin/sh\nprintf '%s\\0' "$@" > ${join(directory, 'words')}\n`, { mode: 0o755 })
  const text = startScript(vm, { ...qemu, binary }, run)
    .replace(/^swtpm .*&$/mu, ': &')
    .replaceAll(/^virtiofsd .*&$/gmu, ': &')
    .replaceAll(/^for _ in 1 .*$/gmu, '')
    .replace('await_viewer; ', '')
    .replaceAll(/\/run\/user\/\d+$/gmu, join(directory, 'session'))
    .replace(/(?<=if ! )\[ -S .*\](?=; then)/u, String(session))
    .replace(/(?<=if ! )grep -qF .*(?=; then)/u, String(empty))
  await execa('sh', ['-c', text])
  const words = (await readFile(join(directory, 'words'), 'utf8')).split('\0').slice(0, -1)
  const notes = await readFile(join(run, 'notes'), 'utf8').catch(() => '')
  return { words, argv: argvOf(vm, run), notes }
}

describe('start-vm.sh', () => {
  it('gives QEMU exactly the arguments the app has, whatever the paths are', async () => {
    await fc.assert(
      fc.asyncProperty(definition, async (vm) => {
        const { words, argv } = await wordsOf(vm)
        expect(words).toEqual(argv)
      }),
      { numRuns: 40 },
    )
  })

  it.each(['pipewire', 'pa'] as const)('starts a VM without sound where nobody is logged in: %s', async (audio) => {
    const vm = { ...defined(facts, { profile: 'linux' }), audio, pinning: null, tpm: false }
    const { words, argv, notes } = await wordsOf(vm, { session: false })
    expect(words).toEqual(argv.map((word) => (word === `${audio},id=sound` ? 'none,id=sound' : word)))
    expect(words).toContain('none,id=sound')
    expect(notes).toMatch(/has no sound until/u)
  })

  it('leaves ALSA alone, which needs no session', async () => {
    const vm = { ...defined(facts, { profile: 'linux' }), audio: 'alsa' as const, pinning: null, tpm: false }
    const { words, argv } = await wordsOf(vm, { session: false })
    expect(words).toEqual(argv)
  })

  it('leaves the drive of the answers empty once somebody has written to the disk', async () => {
    const disk = { kind: 'new', format: 'qcow2', sizeGiB: 1 } as const
    const vm = { ...PLAIN_VM, disk, answers: setupAnswers.parse({}) }
    const { words, argv, notes } = await wordsOf(vm, { empty: false })
    expect(words).toEqual(argv.map((word) => word.replace(/^(ide-cd,id=drive-answers,.*),drive=answers$/u, '$1')))
    expect(words).not.toEqual(argv)
    expect(notes).toMatch(/the disk was written to/u)
  })

  it('is a POSIX script in which shellcheck finds nothing', async () => {
    const ordinary = (['windows-11', 'linux', 'proof-guest'] as const).map((profile) => defined(facts, { profile }))
    // Of a name that ends in a backslash shellcheck asks whether it is meant.
    for (const vm of fc.sample(definition, 10)) await expectClean(startScript(vm, qemu), 'warning')
    for (const vm of ordinary) await expectClean(startScript(vm, qemu), 'style')
  })
})

describe('the proof guest’s script', () => {
  it('is for any POSIX shell', async () => {
    // Fields it has no use for are named so as to reach those behind them.
    await expectClean(PROOF_SCRIPT.replace(/^#!.*$/mu, '$&\n# shellcheck disable=SC2034'), 'warning')
  })
})

describe('the paper’s script', () => {
  it('is repaired: each function once, no port open to the network, accepted by a shell', async () => {
    const vm = defined(await workstation(qemu), { profile: 'windows-10' })
    const text = paperScript(vm)
    const passed = [...text.matchAll(/^set .*vfio-pci.*$/gmu)].flatMap(
      ([line]) => line.match(/host=\S+?(?=,| |$)/gu) ?? [],
    )
    expect(passed).toEqual(vm.functions.map((address) => `host=${address}`))
    expect(text).not.toMatch(/^set .*(0\.0\.0\.0|\/tmp)/mu)
    expect((await execa('sh', ['-n'], { input: text })).exitCode).toBe(0)
  })
})

async function expectClean(script: string, severity: string): Promise<void> {
  const linted = existsSync('/usr/bin/shellcheck')
  if (!linted) console.warn('shellcheck is not installed; only the syntax is checked.')
  const [tool = 'sh', ...args] = linted ? ['shellcheck', '-s', 'sh', '-S', severity, '-'] : ['sh', '-n']
  const { all, exitCode } = await execa(tool, args, { input: script, reject: false, all: true })
  expect(all).toBe('')
  expect(exitCode).toBe(0)
}
