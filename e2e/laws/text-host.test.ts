import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stepView, stepViews } from '#app/step-view.fixture.ts'
import { factsJson } from '#cli/facts-json.ts'
import { cardsOf } from '#core/units/units.ts'
import { factsFrom } from '#host/simulated/host.fixture.ts'
import { parsePaste, type Paste } from '#host/text/paste.ts'
import { TextHost } from '#host/text/text-host.ts'
import { facts as factsSchema } from '#shared/facts/facts.ts'
import { reserving } from '#shared/wizard/choices.fixture.ts'

const text = (name: string) => readFileSync(join(import.meta.dirname, '../hosts/texts', name), 'utf8')

async function factsOf(pasted: string) {
  return factsFrom(TextHost.from(pasted, 'pasted.txt'))
}

/** What every shape below tells of the same machine. */
const MACHINE = [
  '0000:00:00.0 0600 8086:3ec2 0',
  '0000:00:01.0 0604 8086:1901 1',
  '0000:00:02.0 0300 8086:3e92 2',
  '0000:00:1f.0 0601 8086:a305 10',
  '0000:00:1f.3 0403 8086:a348 10',
  '0000:01:00.0 0300 10de:1c03 1',
  '0000:01:00.1 0403 10de:10f1 1',
  '0000:02:00.0 0108 144d:a808 11',
]

const rows = (paste: Paste) =>
  paste.devices.map(
    (device) =>
      `${device.address} ${device.classCode} ${device.vendorId}:${device.deviceId} ${device.group === null ? '-' : device.group}`,
  )

const GROUP_SHAPES = [
  'groups-loop.txt',
  'groups-indented.txt',
  'groups-upper.txt',
  'groups-reset-table.txt',
  'groups-tree.txt',
  'groups-trailing-reset.txt',
]
const LSPCI_SHAPES = ['lspci-nnv.txt', 'lspci-vvv.txt', 'lspci-vmmk-nn.txt', 'lspci-nnk-then-groups.txt']
const SHAPES = [...GROUP_SHAPES, ...LSPCI_SHAPES]

describe('every shape of lspci listing gives the same devices', () => {
  it.each(SHAPES)('in %s', (name) => {
    expect(rows(parsePaste(text(name)))).toEqual(MACHINE)
  })

  it.each(LSPCI_SHAPES)('%s also gives drivers and subsystems, or none', (name) => {
    const { devices } = parsePaste(text(name))
    const drivers = Object.fromEntries(devices.map((device) => [device.address, device.driver]))
    expect(drivers['0000:01:00.0']).toBe('nouveau')
    expect(drivers['0000:00:1f.0']).toBeNull()
    expect(devices.every((device) => device.tellsDriver && device.subsystem === '1043:8694')).toBe(true)
  })
})

/** Damage that mail clients, browsers and terminals do. None of it changes what was said. */
const DAMAGE: Readonly<Record<string, (pasted: string, seed: number) => string>> = {
  'no-break spaces': (pasted) => pasted.replaceAll(' ', '\u00a0'),
  'CRLF line ends': (pasted) => pasted.replaceAll('\n', '\r\n'),
  'a lost domain': (pasted) => pasted.replaceAll(/(?<![\w/])0000:(?=[0-9a-f]{2}:)/gu, ''),
  'an added domain': (pasted) => pasted.replaceAll(/(?<![\w:])(?=[0-9a-f]{2}:[0-9a-f]{2}\.[0-7])/gu, '0000:'),
  'lost indentation': (pasted) => pasted.replaceAll(/^[ \t]+/gmu, ''),
  'mail quotes': (pasted) => pasted.replaceAll(/^/gmu, '> '),
  'trailing blanks': (pasted) => pasted.replaceAll('\n', '  \n'),
  'wrapped lines': (pasted, seed) => wrap(pasted, 50 + (seed % 40)),
  'wrapped lines with no-break spaces': (pasted, seed) => wrap(pasted, 50 + (seed % 40)).replaceAll(' ', '\u00a0'),
}

/** As mail clients do: at the last blank before the width; the rest begins at the margin. */
function wrap(pasted: string, width: number): string {
  return pasted
    .split('\n')
    .map((line) => wrapLine(line, width))
    .join('\n')
}

function wrapLine(line: string, width: number): string {
  const cut = line.lastIndexOf(' ', width)
  if (line.length <= width || line.slice(0, cut).trim() === '') return line
  return `${line.slice(0, cut)}\n${wrapLine(line.slice(cut + 1), width)}`
}

describe('paste damage changes no facts', () => {
  it.each(Object.keys(DAMAGE))('%s', (kind) => {
    for (const name of SHAPES) {
      const plain = parsePaste(text(name))
      fc.assert(
        fc.property(fc.nat(40), (seed) => {
          const damaged = parsePaste(DAMAGE[kind]?.(text(name), seed) ?? '')
          expect(damaged.devices, `${name}, seed ${seed}`).toEqual(plain.devices)
        }),
        { numRuns: 15 },
      )
    }
  })

  it('the parser never throws on what is pasted', () => {
    const piece = fc.constantFrom(
      'IOMMU Group 1',
      '01:00.0 VGA',
      ' [0300]: ',
      '[10de:1c03]',
      '\n',
      '\t',
      'Device:',
      'Slot:\t',
      '00:',
      '\u00a0',
      '(rev ff)',
      '$ lspci',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((parts) => parts.join('')),
        ),
        (pasted) => {
          parsePaste(pasted)
        },
      ),
    )
  })
})

describe('what a pasted text does not contain is unknown', () => {
  it.each([...SHAPES, 'lspci-plain.txt', 'lspci-vmk.txt', 'vmd-and-long-domain.txt'])(
    '%s gives no guess and no plan',
    async (name) => {
      const facts = await factsOf(text(name))
      factsSchema.parse(facts)
      const views = stepViews(facts)
      expect(views.flatMap((view) => view.plan.changes)).toEqual([])
      const passes = views.flatMap((view) => view.findings.filter((finding) => finding.status === 'pass'))
      const allowed = new Set([
        'iommu',
        'card-group',
        'card-identity',
        'network-mode',
        'boot-platform',
        'card-viable',
        'boot-running',
      ])
      expect(passes.map((finding) => finding.code).filter((code) => !allowed.has(code))).toEqual([])
      // Vendor and address alone tell the graphics of an Intel processor.
      const guessed = cardsOf(facts).filter(({ verdict }) => verdict.reasons[0]?.code !== 'processor-graphics')
      expect(guessed.map((card) => card.verdict.status).filter((status) => status !== 'unknown')).toEqual([])
      expect(views.find((view) => view.id === 'platform')?.verdict.status).toBe('unknown')
    },
  )

  it('without ids no two cards are called identical', async () => {
    const shown: unknown = JSON.parse(factsJson(await factsOf(text('lspci-plain.txt'))))
    const unknownFact = { unknown: expect.stringContaining('does not tell') as unknown }
    expect(shown).toMatchObject({
      cpu: unknownFact,
      cards: [{ iommuGroup: unknownFact, identicalTo: [] }, { identicalTo: [] }],
    })
    expect(shown).toHaveProperty('devices.2.vendorId', unknownFact)
    expect(shown).toHaveProperty('devices.2.driver', unknownFact)
    expect(shown).toHaveProperty('devices.2.bootVga', unknownFact)
  })

  it('sections pasted together add up: command line, drivers, groups, boot display', async () => {
    const facts = await factsOf(text('lspci-nnk-then-groups.txt'))
    expect(facts.kernel.cmdline).toContain('intel_iommu=on')
    expect(facts.iommu.acpiTable).toBe('DMAR')
    expect(facts.devices.filter((device) => device.bootVga === true).map((device) => device.address)).toEqual([
      '0000:01:00.0',
    ])
    expect(
      cardsOf(facts).map((card) => [card.address, card.groupMembers, card.bridges, card.foreignEndpoints]),
    ).toEqual([
      ['0000:00:02.0', ['0000:00:02.0'], [], []],
      ['0000:01:00.0', ['0000:00:01.0', '0000:01:00.0', '0000:01:00.1'], ['0000:00:01.0'], []],
    ])
  })

  it('the key that -vm uses twice is read, and a card that is powered off', () => {
    const [first, second] = parsePaste(text('lspci-vmk.txt')).devices
    expect(first).toMatchObject({
      address: '0000:00:02.0',
      classCode: '0300',
      name: 'Intel Corporation UHD Graphics 630',
    })
    expect(second).toMatchObject({ address: '0000:01:00.0', classCode: '0302', revision: 'ff', driver: null })
  })

  it('a domain is read as it is, and one of eight digits is shortened', () => {
    const { devices } = parsePaste(text('vmd-and-long-domain.txt'))
    expect(devices.map((device) => [device.address, device.group])).toEqual([
      ['0000:00:02.0', 1],
      ['10000:e1:00.0', 8],
    ])
  })

  it('a listing without a GPU does not mean that there is none', async () => {
    const facts = await factsOf('00:1f.2 SATA controller [0106]: Example SATA [8086:8c02]\n')
    const views = stepViews(facts)
    const card = views.find((view) => view.id === 'cards')
    expect(card?.verdict).toEqual({ status: 'unknown', text: 'The text lists no GPU.' })
    expect(views.flatMap((view) => view.findings).filter((finding) => finding.status === 'fail')).toEqual([])
  })

  it('a chosen card that the text does not list is said to be missing from it', async () => {
    const facts = await factsOf(text('lspci-plain.txt'))
    const choices = { cards: reserving('0000:7f:00.0', { identity: '10de:13f1 none path' }) }
    const card = stepView(facts, 'cards', choices)
    expect(card.findings).toMatchObject([{ code: 'gpu-gone', status: 'fail' }])
    expect(card.findings[0]?.text).toContain('7f:00.0')
  })

  it('a text with nothing to read is a problem with a hint', () => {
    expect(() => TextHost.from('Dear all,\nmy VM does not start at 10:30.\n', 'mail.txt')).toThrow(
      /mail\.txt holds no lspci output/u,
    )
  })
})
