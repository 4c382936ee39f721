import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { execa } from 'execa'
import { z } from 'zod'
import { bundleGuest } from '../guest-bundle.ts'
import { labCache } from '../image.ts'
import { Notes } from '../notes.ts'
import { runInLab } from '../run.ts'

const HOSTS = { card: 'bochs-drm', sound: 'snd_hda_intel', second: 'virtio-pci', disk: 'nvme' }
const BOUND = { card: 'vfio-pci', sound: 'vfio-pci', second: 'vfio-pci', disk: 'vfio-pci' }
const vms = z.array(z.looseObject({ name: z.string(), state: z.string() }))

function devices(disk: string): string[] {
  const port = (id: string, chassis: number, at: string) => [
    '-device',
    `pcie-root-port,id=${id},chassis=${chassis},slot=${chassis},addr=${at}`,
  ]
  return [
    ...[...port('second', 21, '0x11.0'), '-device', 'virtio-gpu-pci,bus=second'],
    ...port('disk', 22, '0x12.0'),
    ...['-drive', `if=none,id=spare,file=${disk},format=raw,cache=unsafe`],
    ...['-device', 'nvme,serial=lab,drive=spare,bus=disk'],
  ]
}

test('two cards and a disk are reserved, two VMs run with a card each, and one card is dropped', async () => {
  test.setTimeout(45 * 60_000)
  const script = await bundleGuest('units/units-scenario')
  const disk = join(labCache(), 'lab', 'units-spare.raw')
  await mkdir(join(labCache(), 'lab'), { recursive: true })
  await rm(disk, { force: true })
  await execa('truncate', ['-s', '64M', disk])
  const run = await runInLab('units', `exec node ${script} "$1"\n`, {
    devices: devices(disk),
    limitMs: 40 * 60_000,
  })
  await rm(disk, { force: true })
  expect(run.exitCode, run.log.slice(-6000)).toBe(0)
  const notes = await Notes.of(run.share)

  await test.step('all three are bound now, and again after a reboot', () => {
    expect(notes.value('start')).toEqual(HOSTS)
    expect(notes.value('bound')).toEqual(BOUND)
    expect(notes.value('rebooted')).toEqual(BOUND)
  })

  await test.step('both VMs are up at a time, and each guest reports its own card', () => {
    const list = z.string().parse(notes.value('both'))
    const up = vms.parse(JSON.parse(list)).filter(({ state }) => state === 'running')
    expect(up.map(({ name }) => name).toSorted()).toEqual(['first', 'second'])
    const said = (name: string) => JSON.stringify(notes.value(`started ${name}`))
    expect(said('first')).toContain('1111')
    expect(said('second')).toContain('1050')
  })

  await test.step('what is dropped is the host’s again, alone, and stays so', () => {
    const without = { ...BOUND, second: HOSTS.second }
    expect(notes.value('drop')).toBe(0)
    expect(notes.value('dropped')).toEqual(without)
    expect(notes.value('rebooted without')).toEqual(without)
    expect(notes.value('undo')).toBe(0)
    expect(notes.value('undone')).toEqual(HOSTS)
  })
})
