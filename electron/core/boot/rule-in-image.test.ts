import { beforeAll, describe, expect, it } from 'vitest'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import type { ImageContents, NextImage } from '#shared/facts/boot/boot-image.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { ruleInImage } from './rule-in-image.ts'

const PATH = '/boot/initramfs-linux.img'
const STAMP = { bytes: 1, modified: '2026-11-01T10:00:00.000Z' }
const WELL: ImageContents = { rule: 'runs', vfioPci: true }
const CLOSED = { unknown: 'only root may read it' }

let facts: Facts

beforeAll(async () => {
  facts = await paperFacts()
})

function verdict(image: Partial<NextImage>, { looks = [WELL], ran = false, vfioPci = 'module' as const } = {}) {
  const nextImage: NextImage = { path: PATH, stamp: STAMP, sinceBoot: false, contents: CLOSED, ...image }
  const boot = { ...facts.boot, nextImage, earlyBind: ran ? '0000:04:00.0 vfio-pci' : null }
  const now = { ...facts, kernel: { ...facts.kernel, vfioPci }, boot }
  return ruleInImage(
    now,
    looks.map((contents) => ({ path: PATH, stamp: STAMP, contents })),
  )
}

describe('the rule in what boots next', () => {
  it('is nobody’s concern where none is written', () => {
    expect(ruleInImage({ ...facts, boot: { ...facts.boot, nextImage: null } }, [])).toBeNull()
  })

  it.each<[string, ImageContents, string]>([
    ['there', WELL, 'holds'],
    ['not there', { rule: 'missing', vfioPci: true }, 'lacks'],
    ['there, and run by nothing', { rule: 'idle', vfioPci: true }, 'lacks'],
    ['there without the driver', { rule: 'runs', vfioPci: false }, 'lacks'],
  ])('is %s by what can be read now, whatever was found before', (_what, contents, expected) => {
    expect(verdict({ contents }, { looks: [WELL], ran: true })?.verdict).toBe(expected)
  })

  it('needs no module of a kernel that has vfio-pci built in', async () => {
    const built = { ...facts, kernel: { ...facts.kernel, vfioPci: 'builtin' as const } }
    const nextImage = {
      path: PATH,
      stamp: STAMP,
      sinceBoot: false,
      contents: { rule: 'runs', vfioPci: false } as const,
    }
    expect(ruleInImage({ ...built, boot: { ...built.boot, nextImage } }, [])?.verdict).toBe('holds')
  })

  it('is what the helper found in this very version, where only root may read it', () => {
    expect(verdict({})?.verdict).toBe('holds')
    expect(verdict({}, { looks: [WELL, { rule: 'missing', vfioPci: true }] })?.verdict).toBe('lacks')
    expect(verdict({ stamp: { ...STAMP, bytes: 2 } })?.verdict).toBe('unseen')
    expect(verdict({ stamp: { ...STAMP, modified: '2026-11-02T10:00:00.000Z' } })?.verdict).toBe('unseen')
    expect(verdict({ stamp: null })?.verdict).toBe('unseen')
  })

  it('is proven by this boot, of the image that made it and of no other', () => {
    const none = { looks: [] }
    expect(verdict({ sinceBoot: true }, { ...none, ran: true })?.verdict).toBe('holds')
    expect(verdict({ sinceBoot: true }, none)?.verdict).toBe('unseen')
    expect(verdict({ sinceBoot: false }, { ...none, ran: true })?.verdict).toBe('unseen')
    expect(verdict({ sinceBoot: null }, { ...none, ran: true })?.verdict).toBe('unseen')
    const another = '/boot/initramfs-6.12.9-1.img'
    expect(verdict({ sinceBoot: true, path: another }, { ...none, ran: true })?.verdict).toBe('unseen')
    const same = `/boot/initramfs-${facts.kernel.release}.img`
    expect(verdict({ sinceBoot: true, path: same }, { ...none, ran: true })?.verdict).toBe('holds')
  })

  it('says why it is not known', () => {
    expect(verdict({}, { looks: [] })?.text).toBe(
      `whether ${PATH} holds the rule cannot be seen (only root may read it)`,
    )
    expect(verdict({ path: { unknown: 'there is no boot loader entry' } })?.text).toContain('no boot loader entry')
  })
})
