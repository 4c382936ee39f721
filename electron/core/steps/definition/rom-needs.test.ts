import { describe, expect, it } from 'vitest'
import { situationOf } from '#core/situation.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { ImageFile, PciRom } from '#shared/facts/images/image-file.ts'
import { choosing } from '#shared/wizard/choices.fixture.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { definition as step } from './definition.ts'

const FILE = '/srv/vm/card.rom'
const facts = await paperFacts()

const card = facts.devices.find(({ vendorId }) => vendorId === '10de') ?? expect.fail()
const ADDRESS = card.address
const IDS = { vendorId: card.vendorId, deviceId: card.deviceId }
const WHOLE: PciRom = {
  at: 0,
  images: [
    { ...IDS, code: 'bios' },
    { ...IDS, code: 'uefi' },
  ],
}

interface Look {
  image?: Facts['images'][string]
  chosen?: Partial<Choices['definition']>
}

function holding(rom: PciRom): ImageFile {
  return { kind: 'raw', writable: false, backing: [], startsBy: 'none', rom }
}

/** What step 8 says of the ROM file of the card's first function. */
function look({ image = holding(WHOLE), chosen = {} }: Look) {
  const roms = [{ address: ADDRESS, file: FILE }]
  const choices = choosing({ definition: { profile: 'windows-10', bios: false, roms, ...chosen } })
  const situation = situationOf({ ...facts, images: { [FILE]: image } }, choices)
  return step.check(situation).filter(({ code }) => code === 'definition-rom')
}

describe('a ROM file for a card', () => {
  it('of this very card is taken, and named in the script', () => {
    expect(look({})).toMatchObject([{ status: 'pass', about: ADDRESS }])
  })

  it.each([
    ['that is not there', null, 'is not there'],
    ['that may not be read', { unknown: 'designer may not read it' }, 'designer may not read it'],
    ['without a ROM in it', { ...holding(WHOLE), rom: undefined }, 'is no ROM of a PCI card'],
  ])('%s is refused', (_, image, text) => {
    const [said] = look({ image })
    expect(said).toMatchObject({ status: 'fail' })
    expect(said?.text).toContain(text)
    expect(said?.fix).toBeDefined()
  })

  it('with something before the ROM is refused, with how to cut it off', () => {
    const [said] = look({ image: holding({ ...WHOLE, at: 1536 }) })
    expect(said).toMatchObject({ status: 'fail' })
    expect(said?.fix?.text).toContain(`tail -c +1537 ${FILE}`)
  })

  it('of another card is told', () => {
    const other = { at: 0, images: [{ vendorId: '10de', deviceId: 'ffff', code: 'uefi' as const }] }
    expect(look({ image: holding(other) })).toMatchObject([{ status: 'warn' }])
  })

  it('without an image for UEFI is told where the VM has UEFI, and only there', () => {
    const bios = holding({ at: 0, images: [{ ...IDS, code: 'bios' }] })
    expect(look({ image: bios })[0]?.text).toContain('no image for UEFI')
    expect(look({ image: bios, chosen: { bios: true } })).toMatchObject([{ status: 'pass' }])
  })
})
