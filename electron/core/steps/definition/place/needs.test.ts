import { describe, expect, it } from 'vitest'
import { situationOf } from '#core/situation.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { ImagePlace, WayPart } from '#shared/facts/images/image-place.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { choosing } from '#shared/wizard/choices.fixture.ts'
import { definition as step } from '../definition.ts'

const facts = await paperFacts()
const DIRECTORY = '/data/vms'
const IMAGE = '/data/vms/passthrough-studio/designer/disk.qcow2'
const GIB = 1024 ** 3
const disk = { kind: 'new' as const, format: 'qcow2' as const, sizeGiB: 64, place: DIRECTORY }
const part = (path: string, more: Partial<WayPart> = {}): WayPart => ({
  ...{ path, kind: 'directory', uid: 0, gid: 0, mode: 0o755 },
  ...more,
})
const GOOD: ImagePlace = {
  ways: [part('/data'), part(DIRECTORY)],
  mount: { point: '/data', type: 'xfs', readOnly: false },
  ...{ freeBytes: 500 * GIB, unmounted: null, atBoot: true },
}
const NOTE = { [`${IMAGE}.json`]: { text: '{}', sha256: '' } }

interface Look {
  place?: Facts['places'][string]
  files?: Facts['files']
  written?: VmDefinition
}

function look({ place = GOOD, files = {}, written }: Look = {}) {
  const seen = { ...facts, places: { [DIRECTORY]: place }, files: { ...facts.files, ...files } }
  const choices = choosing({ definition: { profile: 'linux', disk } })
  return situationOf(seen, choices, written === undefined ? {} : { written: new Map([['designer', written]]) })
}

const judged = (host: Look = {}) => step.check(look(host)).filter(({ code }) => code === 'definition-place')
const planned = (host: Look = {}) =>
  step.plan(look(host)).changes.flatMap(({ change }) => (change.kind === 'create-disk-image' ? [change] : []))
const writtenThere = look().definition ?? expect.fail()

describe('a directory that was chosen for a new image', () => {
  it('is taken, and the image planned in a directory of this program’s own in it', () => {
    expect(judged()).toMatchObject([{ status: 'pass', about: '1', text: expect.stringContaining(IMAGE) as string }])
    expect(planned()).toMatchObject([{ path: IMAGE, place: { directory: DIRECTORY, mount: '/data' } }])
    expect(writtenThere.disk).toEqual({ ...disk, place: { directory: DIRECTORY, mount: '/data' } })
  })

  it('that was not looked at, or cannot be, is unknown', () => {
    expect(judged({ place: { unknown: 'stat hangs' } })).toMatchObject([
      { status: 'unknown', text: expect.stringContaining('stat hangs') as string },
    ])
  })

  it.each<[string, Partial<ImagePlace>, string]>([
    ['is not there', { ways: [part('/data')] }, '/data/vms is not there.'],
    ['is the user’s', { ways: [part('/data'), part(DIRECTORY, { uid: 1000 })] }, '/data/vms does not belong to root'],
    ['is reached by a link', { ways: [part('/data', { kind: 'symlink' })] }, '/data is a symbolic link'],
    ['others may write to', { ways: [part('/data', { mode: 0o1777 })] }, '/data may be written to by others than root'],
    [
      'the VM’s user may not enter',
      { ways: [part('/data', { mode: 0o700 }), part(DIRECTORY)] },
      'may not look into /data',
    ],
    ['is mounted read-only', { mount: { ...GOOD.mount, readOnly: true } }, 'it is mounted read-only'],
    ['lies on a disk that is not mounted', { unmounted: '/data' }, 'that is not mounted now'],
  ])('and %s is refused with what to do', (_what, part, words) => {
    const [said] = judged({ place: { ...GOOD, ...part } })
    expect(said).toMatchObject({ status: 'fail', text: expect.stringContaining(words) as string })
    expect(said?.fix?.text).toMatch(/\S/u)
  })

  it.each<[string, Partial<ImagePlace>, string]>([
    ['too small for the whole disk', { freeBytes: 20 * GIB }, 'has 20 GiB free, and the image may grow to 64 GiB'],
    ['in memory', { mount: { ...GOOD.mount, type: 'tmpfs' } }, '/data is tmpfs: what lies there is gone'],
    ['on a server', { mount: { ...GOOD.mount, type: 'nfs4' } }, 'a guest hangs as long as it is away'],
    ['mounted by hand', { atBoot: false }, '/data is not mounted at boot by /etc/fstab'],
  ])('and is %s is doubted, not refused', (_what, part, words) => {
    expect(judged({ place: { ...GOOD, ...part } })).toMatchObject([
      { status: 'warn', text: expect.stringContaining(words) as string },
    ])
  })
})

describe('a directory that is chosen for an image the VM has already', () => {
  it('gets another, empty one, and where the VM’s disk so far lies is told', () => {
    const home = { ...writtenThere, disk: { kind: 'new' as const, format: 'qcow2' as const, sizeGiB: 64 } }
    const said = judged({ written: home }).find(({ about }) => about === '1 moved')
    expect(said).toMatchObject({
      status: 'warn',
      text: `The VM’s disk so far is /var/lib/passthrough-studio/vms/designer/disk.qcow2; a new, empty one is made at ${IMAGE}.`,
    })
    expect(judged({ written: writtenThere }).map(({ about }) => about)).toEqual(['1'])
  })
})

describe('an image that was made there', () => {
  it('is planned no more, and its room is its own', () => {
    const made = { files: NOTE, written: writtenThere, place: { ...GOOD, freeBytes: GIB } }
    expect(planned(made)).toEqual([])
    expect(judged(made)).toMatchObject([{ status: 'pass', text: `The image ${IMAGE} was made.` }])
  })

  it('is missed where its disk is not mounted, whether fstab knows of it or not', () => {
    const empty = { ...GOOD, mount: { ...GOOD.mount, point: '/' } }
    const [said] = judged({ written: writtenThere, place: empty })
    const text = '/data/vms lay on what was mounted at /data when step 8 was applied, and lies on / now.'
    expect(said).toMatchObject({
      status: 'fail',
      text,
      fix: { text: expect.stringContaining('mount /data') as string },
    })
  })
})
