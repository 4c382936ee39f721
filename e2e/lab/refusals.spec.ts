import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { execa } from 'execa'
import { z } from 'zod'
import { bundleGuest } from './guest-bundle.ts'
import { labCache } from './image.ts'
import { Notes } from './notes.ts'
import { runInLab } from './run.ts'

const cast = z.strictObject({ nvme: z.string(), sharing: z.string(), chosen: z.string(), other: z.string() })
const holder = z.strictObject({ pid: z.number(), node: z.string() })
const judged = z.looseObject({
  cards: z.array(
    z.looseObject({
      address: z.string(),
      identicalTo: z.array(z.string()),
      verdict: z.looseObject({
        status: z.string(),
        reasons: z.array(z.looseObject({ code: z.string(), text: z.string() })),
      }),
    }),
  ),
})

const opened = judged.extend({
  proofs: z.looseObject({
    vfioOpen: z.tuple([z.looseObject({ functions: z.array(z.string()), opened: z.boolean(), said: z.string() })]),
  }),
})

/** A filesystem to be mounted in the guest, on a disk of its own. */
async function dataDisk(path: string): Promise<void> {
  await rm(path, { force: true })
  await execa('truncate', ['-s', '64M', path])
  await execa('mke2fs', ['-q', '-F', '-t', 'ext4', path])
}

/**
 * Two root ports without ACS in one slot put what is behind them into one group: a display and an NVMe. Two more
 * displays of the same make have ports, and so groups, of their own.
 */
function devices(disk: string): string[] {
  const port = (id: string, chassis: number, more = '') => [
    '-device',
    `pcie-root-port,id=${id},chassis=${chassis},slot=${chassis}${more}`,
  ]
  return [
    ...port('shared0', 11, ',addr=0x10.0,multifunction=on,disable-acs=on'),
    ...port('shared1', 12, ',addr=0x10.1,disable-acs=on'),
    ...port('twin0', 13, ',addr=0x11.0'),
    ...port('twin1', 14, ',addr=0x12.0'),
    ...['-device', 'secondary-vga,bus=shared0'],
    ...[
      '-drive',
      `if=none,id=data,file=${disk},format=raw,cache=unsafe`,
      '-device',
      'nvme,serial=lab,drive=data,bus=shared1',
    ],
    ...['-device', 'secondary-vga,bus=twin0', '-device', 'secondary-vga,bus=twin1'],
  ]
}

test('a shared group, a card in use and a twin card are refused on a real kernel', async () => {
  const script = await bundleGuest('refusals-scenario')
  const disk = join(labCache(), 'lab', 'refusals-data.raw')
  await mkdir(join(labCache(), 'lab'), { recursive: true })
  await dataDisk(disk)
  const run = await runInLab('refusals', `exec node ${script}\n`, {
    devices: devices(disk),
    kernelArgs: 'intel_iommu=on',
  })
  await rm(disk, { force: true })
  expect(run.exitCode, run.log).toBe(0)
  const notes = await Notes.of(run.share)
  const { nvme, sharing, chosen, other } = cast.parse(notes.value('cast'))
  const start = { [nvme]: 'nvme', [sharing]: 'bochs-drm', [chosen]: 'bochs-drm', [other]: 'bochs-drm' }
  const { cards } = judged.parse(JSON.parse(notes.verb('facts').stdout))
  const verdictOf = (address: string) => cards.find((gpu) => gpu.address === address)

  await test.step('a card that shares its group with a mounted NVMe is refused, and both are named', async () => {
    expect(notes.value('start')).toEqual(start)
    expect(verdictOf(sharing)?.verdict).toMatchObject({
      status: 'blocked',
      reasons: [{ code: 'host-needs-storage', text: expect.stringContaining('/mnt/data is mounted from it') }],
    })
    const refused = notes.verb('bind sharing')
    expect(refused.exitCode).toBe(2)
    expect(refused.stderr).toContain(sharing.slice(5))
    expect(refused.stderr).toContain(
      `NVMe controller ${nvme.slice(5)} shares its IOMMU group, but /mnt/data is mounted`,
    )
    expect(notes.value('after sharing')).toEqual(start)
    console.log(`REFUSED (shared group): ${refused.stderr}`)
  })

  await test.step('a process that holds the card is named with its user, and nothing is unbound', async () => {
    const { pid } = holder.parse(notes.value('holder'))
    const refused = notes.verb('bind held')
    expect(refused.exitCode).toBe(2)
    expect(refused.stderr).toContain(`sleep (pid ${pid}, user designer)`)
    expect(notes.value('after held')).toEqual(start)
    console.log(`REFUSED (in use): ${refused.stderr}`)
  })

  await test.step('of two equal cards only the chosen one is bound and returned', async () => {
    expect(verdictOf(chosen)?.identicalTo).toContain(other)
    expect(verdictOf(other)?.identicalTo).toContain(chosen)
    expect(notes.verb('bind twin'), notes.verb('bind twin').stderr).toMatchObject({ exitCode: 0 })
    expect(notes.value('after twin')).toEqual({ ...start, [chosen]: 'vfio-pci' })
    const bound = opened.parse(JSON.parse(notes.verb('facts bound').stdout))
    expect(bound.cards.find((gpu) => gpu.address === chosen)?.verdict.status).toBe('ready')
    expect(bound.proofs.vfioOpen[0], bound.proofs.vfioOpen[0].said).toMatchObject({ functions: [chosen], opened: true })
    expect(notes.verb('undo')).toMatchObject({ exitCode: 0 })
    expect(notes.value('after undo')).toEqual(start)
  })
})
