import { appendFile, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { setupAnswers } from '#shared/vm/options/answers.ts'
import { processesWith } from '../prepared.ts'
import { startableVm } from '../startable-vm.ts'
import { defined, realQemu, workstation } from '../workstation.ts'

const qemu = await realQemu()
const facts = await workstation(qemu)
const disk = { kind: 'new', format: 'qcow2', sizeGiB: 1 } as const

async function discs() {
  const place = await temporaryDirectory('disc')
  const paths = ['install, "the" one.iso', 'drivers.iso', 'second.iso'].map((name) => join(place, name))
  for (const path of paths) await writeFile(path, Buffer.alloc(65_536))
  const [installIso = '', driverIso = '', second = ''] = paths
  return { installIso, driverIso, second, gone: join(place, 'gone.iso') }
}

it(`discs on QEMU ${qemu.version} are told, exchanged, ejected, and the guest reset`, async () => {
  const { installIso, driverIso, second, gone } = await discs()
  const small = { memoryMiB: 256, vcpus: 1, disk, bios: true, pin: false, tpm: false } as const
  const windows = defined(facts, { ...small, profile: 'windows-10', installIso, driverIso, screen: false })
  const machine = await startableVm(windows, qemu)
  const supervisor = machine.supervisor()
  await supervisor.start(windows)
  const drivers = { drive: 'drivers', path: driverIso } as const
  expect(await supervisor.discs(windows)).toEqual([{ drive: 'install', path: installIso }, drivers])

  await supervisor.changeDisc(windows, { drive: 'install', path: second })
  expect(await supervisor.discs(windows)).toEqual([{ drive: 'install', path: second }, drivers])
  await supervisor.changeDisc(windows, { drive: 'install', path: null })
  expect(await supervisor.discs(windows)).toEqual([{ drive: 'install', path: null }, drivers])
  // Twice is no mistake.
  await supervisor.changeDisc(windows, { drive: 'install', path: null })
  await expect(supervisor.changeDisc(windows, { drive: 'install', path: gone })).rejects.toThrow(
    /QEMU refused blockdev-change-medium: .*No such file/u,
  )
  await supervisor.changeDisc(windows, { drive: 'install', path: installIso })
  expect(await supervisor.discs(windows)).toEqual([{ drive: 'install', path: installIso }, drivers])

  await supervisor.reset(windows)
  expect(await supervisor.status(windows)).toMatchObject({ state: 'running', error: null })
  await supervisor.forceOff(windows)
  while ((await processesWith(machine.data)).length > 0) await sleep(50)
})

it(`the answer disc is in its drive on QEMU ${qemu.version} until the disk is written to`, async () => {
  const { installIso, driverIso } = await discs()
  const small = { memoryMiB: 256, vcpus: 1, disk, bios: true, pin: false, tpm: false, screen: false } as const
  const answers = setupAnswers.parse({})
  const windows = defined(facts, { ...small, profile: 'windows-10', installIso, driverIso, answers, diskBus: 'sata' })
  const machine = await startableVm(windows, qemu)
  const path = join(dirname(machine.paths.script), 'answers.iso')
  await writeFile(path, Buffer.alloc(65_536), { mode: 0o600 })
  const image = join(dirname(path), 'disk.qcow2')
  const { size, mtimeNs } = await stat(image, { bigint: true })
  await writeFile(`${image}.json`, JSON.stringify({ version: 1, fingerprint: `${size} ${mtimeNs}` }))
  const supervisor = machine.supervisor()
  await supervisor.start(windows)
  await supervisor.forceOff(windows)
  while ((await processesWith(machine.data)).length > 0) await sleep(50)
  // A start alone has not written to the disk.
  await supervisor.start(windows)
  const others = [
    { drive: 'install', path: installIso },
    { drive: 'drivers', path: driverIso },
  ]
  expect(await supervisor.discs(windows)).toEqual([...others, { drive: 'answers', path }])
  await supervisor.changeDisc(windows, { drive: 'answers', path: null })
  expect(await supervisor.discs(windows)).toEqual([...others, { drive: 'answers', path: null }])
  await supervisor.forceOff(windows)
  while ((await processesWith(machine.data)).length > 0) await sleep(50)

  await appendFile(image, 'by a guest')
  await supervisor.start(windows)
  expect(await supervisor.discs(windows)).toEqual([...others, { drive: 'answers', path: null }])
  expect(await readFile(machine.paths.notes, 'utf8')).toContain('the disk was written to')
  await supervisor.forceOff(windows)
  while ((await processesWith(machine.data)).length > 0) await sleep(50)
})
