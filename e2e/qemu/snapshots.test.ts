import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { RealHost } from '#host/real/real.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { withQmp } from '#vm/qmp/client.ts'
import { ImageSnapshots } from '#vm/snapshots/image-snapshots.ts'
import { SnapshotParts, type VmParts } from '#vm/snapshots/snapshot-parts.ts'
import { defined, realQemu, workstation } from './workstation.ts'

const LIMIT_MS = 30_000
const qemu = await realQemu()
const facts = await workstation(qemu)

/** A VM that is off, with a small image, variables and a TPM below a temporary directory whose name QEMU would split. */
async function vm(kind: 'qcow2' | 'raw' = 'qcow2') {
  const home = await temporaryDirectory('snap,shots')
  const disk = { kind: 'image', format: kind, path: join(home, 'a, disk.img') } as const
  await execa('qemu-img', ['create', '-q', '-f', kind, disk.path, '64M'])
  const parts = { uefi: join(home, 'vars.fd'), tpm: join(home, 'tpm') }
  await mkdir(parts.tpm)
  const definition = defined(facts, { profile: 'windows-10', disk, bios: true })
  const machine = { home, definition, path: disk.path, parts, kept: join(home, 'kept'), on: false }
  return { ...machine, snapshots: storeOf(machine) }
}

type Vm = Awaited<ReturnType<typeof vm>>

function storeOf(machine: { parts: VmParts; kept: string; on: boolean }) {
  return new ImageSnapshots({
    host: new RealHost(),
    isOn: async () => machine.on,
    partsOf: () => machine.parts,
    parts: new SnapshotParts(machine.kept),
  })
}

/** Puts the VM into a state of which every part can be told: a byte for the disk, a word for the rest. */
async function become({ path, parts }: Vm, byte: string, word: string): Promise<void> {
  await io(path, `write -P ${byte} 1M 1M`)
  await writeFile(parts.uefi, `variables ${word}`)
  await writeFile(join(parts.tpm, 'tpm2-00.permall'), `secrets ${word}`)
  await writeFile(join(parts.tpm, `only-${word}`), word)
}

/** Whether the disk holds that byte, and what is beside it. */
async function state({ path, parts }: Vm, byte: string) {
  const { stdout } = await io(path, `read -P ${byte} 1M 1M`)
  return {
    disk: !stdout.includes('Pattern verification failed'),
    uefi: await readFile(parts.uefi, 'utf8'),
    tpm: await readFile(join(parts.tpm, 'tpm2-00.permall'), 'utf8'),
    files: (await readdir(parts.tpm)).sort(),
  }
}

function io(path: string, command: string) {
  const image = `driver=qcow2,file.driver=file,file.filename=${path.replaceAll(',', ',,')}`
  return execa('qemu-io', ['-c', command, '--image-opts', image], { reject: false })
}

const names = async ({ snapshots, definition }: Vm) => (await snapshots.list(definition)).list.map(({ name }) => name)

/** A QEMU of no concern to the VM's own bookkeeping that holds the image, as one started by hand does. */
async function withHolder(path: string, work: () => Promise<void>): Promise<void> {
  const qmp = join(await temporaryDirectory('holder'), 'qmp.sock')
  const drive = `driver=qcow2,node-name=d,file.driver=file,file.filename=${path.replaceAll(',', ',,')}`
  const args = ['-S', '-display', 'none', '-nodefaults', '-machine', 'q35,accel=tcg', '-blockdev', drive]
  const more = ['-device', 'virtio-blk-pci,drive=d', '-qmp', `unix:${qmp},server=on,wait=off`]
  const running = execa(qemu.binary, [...args, ...more], { reject: false, timeout: LIMIT_MS })
  try {
    while (!existsSync(qmp) && running.exitCode === null) await sleep(50)
    // Its answer means that the image is open.
    await withQmp(qmp, LIMIT_MS, (client) => client.command('query-status'))
    await work()
  } finally {
    await withQmp(qmp, LIMIT_MS, (client) => client.command('quit'))
    await running
  }
}

describe('snapshots of a VM that is off, by the real qemu-img', () => {
  it('bring back disk, UEFI variables and TPM, and save what was there until then', async () => {
    const machine = await vm()
    const { snapshots, definition } = machine
    await become(machine, '0x11', 'first')
    await snapshots.take(definition, 'first')
    const [taken] = (await snapshots.list(definition)).list
    expect(taken).toMatchObject({ name: 'first', parts: ['uefi', 'tpm'], lacks: [], barred: null })
    expect(Math.abs(Date.parse(taken?.at ?? '') - Date.now())).toBeLessThan(600_000)
    await become(machine, '0x22', 'second')

    const before = await snapshots.goBack(definition, 'first')
    expect(before).toMatch(/^before-going-back-\d{8}-\d{6}$/u)
    expect(await state(machine, '0x11')).toEqual({
      ...{ disk: true, uefi: 'variables first', tpm: 'secrets first' },
      files: ['only-first', 'tpm2-00.permall'],
    })
    await snapshots.goBack(definition, before)
    expect(await state(machine, '0x22')).toMatchObject({ disk: true, uefi: 'variables second', tpm: 'secrets second' })

    expect(await names(machine)).toHaveLength(3)
    await snapshots.remove(definition, 'first')
    expect(await names(machine)).not.toContain('first')
    expect(await readdir(join(machine.kept, definition.name))).not.toContain('first')
    expect((await execa('qemu-img', ['check', '-q', machine.path], { reject: false })).exitCode).toBe(0)
  })

  it('say which parts they lack, and going back leaves those alone', async () => {
    const machine = await vm()
    const { snapshots, definition } = machine
    await become(machine, '0x11', 'first')
    await execa('qemu-img', ['snapshot', '-c', 'by-hand', machine.path])
    await snapshots.take(definition, 'ours')
    await rm(machine.kept, { recursive: true })
    for (const one of (await snapshots.list(definition)).list)
      expect(one).toMatchObject({ parts: [], lacks: ['uefi', 'tpm'], barred: null })
    await become(machine, '0x22', 'second')
    await snapshots.goBack(definition, 'by-hand')
    expect(await state(machine, '0x11')).toMatchObject({ disk: true, uefi: 'variables second', tpm: 'secrets second' })
  })

  it.each(['vars.fd', 'tpm'])('change nothing where %s cannot be put back', async (part) => {
    const machine = await vm()
    const { snapshots, definition } = machine
    await become(machine, '0x11', 'first')
    await snapshots.take(definition, 'first')
    await become(machine, '0x22', 'second')
    const before = await state(machine, '0x22')
    await rm(join(machine.kept, definition.name, 'first', part), { recursive: true })
    await expect(snapshots.goBack(definition, 'first')).rejects.toMatchObject({
      problem: { code: 'permission', hint: expect.stringContaining('The disk was not touched.') as string },
    })
    expect(await state(machine, '0x22')).toEqual(before)
  })

  it('leave no copy of a TPM where the UEFI variables could not be copied', async () => {
    const machine = await vm()
    const key = { vm: 'designer', image: machine.path, name: 'one' }
    const source = join(machine.kept, 'designer/one')
    await mkdir(join(source, 'tpm'), { recursive: true })
    await writeFile(join(source, 'full'), 'variables')
    await writeFile(join(source, 'tpm/tpm2-00.permall'), 'secrets of then')
    await writeFile(join(machine.parts.tpm, 'tpm2-00.permall'), 'secrets of now')
    const staged = await new SnapshotParts(machine.kept).stage(key, ['uefi', 'tpm'], {
      uefi: '/dev/full',
      tpm: machine.parts.tpm,
    })
    expect(await readdir(machine.parts.tpm)).toHaveLength(2)
    await expect(staged.commit()).rejects.toThrow()
    expect(await readdir(machine.parts.tpm)).toEqual(['tpm2-00.permall'])
    expect(await readFile(join(machine.parts.tpm, 'tpm2-00.permall'), 'utf8')).toBe('secrets of now')
  })

  it('do not take copies of a former snapshot of that name for their own', async () => {
    const machine = await vm()
    const { snapshots, definition } = machine
    await become(machine, '0x11', 'first')
    await snapshots.take(definition, 'same')
    await execa('qemu-img', ['snapshot', '-d', 'same', machine.path])
    await execa('qemu-img', ['snapshot', '-c', 'same', machine.path])
    expect((await snapshots.list(definition)).list).toMatchObject([{ name: 'same', parts: [], lacks: ['uefi', 'tpm'] }])
  })

  it('leave snapshots with other names to qemu-img', async () => {
    const machine = await vm()
    for (const name of ['7', 'a b', 'twice', 'twice']) await execa('qemu-img', ['snapshot', '-c', name, machine.path])
    const { list } = await machine.snapshots.list(machine.definition)
    expect(list.map(({ name, barred }) => [name, barred !== null])).toEqual([
      ['7', true],
      ['a b', true],
      ['twice', true],
      ['twice', true],
    ])
    const refused = { problem: { code: 'refused' } }
    await expect(machine.snapshots.goBack(machine.definition, '7')).rejects.toMatchObject(refused)
    await expect(machine.snapshots.remove(machine.definition, 'twice')).rejects.toMatchObject(refused)
    await expect(machine.snapshots.take(machine.definition, '8')).rejects.toMatchObject({ problem: { code: 'usage' } })
    expect(await names(machine)).toHaveLength(4)
  })

  it('are refused with a reason while an unknown QEMU has the image open', async () => {
    const machine = await vm()
    await machine.snapshots.take(machine.definition, 'one')
    await withHolder(machine.path, async () => {
      const { why, list } = await machine.snapshots.list(machine.definition)
      expect(why).toContain(`A running QEMU has ${machine.path} open`)
      expect(list).toEqual([])
      await expect(machine.snapshots.take(machine.definition, 'two')).rejects.toThrow('A running QEMU has')
    })
    expect(await names(machine)).toEqual(['one'])
  })

  it('are refused to a VM that started meanwhile, right before the image is changed', async () => {
    const machine = await vm()
    let looks = 0
    const late = new ImageSnapshots({
      host: new RealHost(),
      isOn: async () => ++looks > 1,
      partsOf: () => machine.parts,
      parts: new SnapshotParts(machine.kept),
    })
    await become(machine, '0x11', 'first')
    await expect(late.take(machine.definition, 'late')).rejects.toThrow('Not while the VM is on')
    expect(await names(machine)).toEqual([])
  })
})

describe('the reason why there can be no snapshots', () => {
  const why = async (definition: VmDefinition, on = false) => {
    const kept = await temporaryDirectory('kept')
    return (await storeOf({ parts: { uefi: null, tpm: null }, kept, on }).list(definition)).why
  }

  it('names a VM that is on, or an image that is raw, missing, a disk, or another user’s', async () => {
    const { definition, path, home } = await vm()
    expect(await why(definition)).toBeNull()
    expect(await why(definition, true)).toContain('what goes on inside the passed card cannot be saved')
    expect(await why((await vm('raw')).definition)).toContain('is a raw image')
    expect(await why({ ...definition, disk: { kind: 'device', path: '/dev/disk/by-id/ata-x' } })).toContain(
      'whole disk',
    )
    expect(await why({ ...definition, disk: null })).toContain('no disk')
    const lost = { kind: 'image', format: 'qcow2', path: `${home}/lost` } as const
    expect(await why({ ...definition, disk: lost })).toBe(`${home}/lost is not there.`)
    const fresh = { kind: 'new', format: 'qcow2', sizeGiB: 1 } as const
    expect(await why({ ...definition, name: 'never-made', disk: fresh })).toContain('Step 8 creates it.')
    await writeFile(path, 'no image at all')
    expect(await why(definition)).toContain('cannot be read')
  })

  it.runIf(process.getuid?.() === 0)('names root, who does not write into a user’s image', async () => {
    const { definition, path } = await vm()
    await execa('chown', ['1000', path])
    expect(await why(definition)).toMatch(/belongs to \w+( 1000)?\. Snapshots are taken as that user/u)
  })

  it('names qemu-img where it is not installed', async () => {
    const { definition } = await vm()
    const host = Object.assign(new RealHost(), { run: () => Promise.resolve(null) })
    const { why } = await new ImageSnapshots({ host, isOn: async () => false }).list(definition)
    expect(why).toContain('Install the package qemu-utils (Debian, Ubuntu) or qemu-img (Fedora, RHEL).')
  })
})
