import { describe, expect, it } from 'vitest'
import { situationOf } from '#core/situation.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts, QemuFacts } from '#shared/facts/facts.ts'
import type { ImageFile } from '#shared/facts/images/image-file.ts'
import { choosing } from '#shared/wizard/choices.fixture.ts'
import { definition as step } from './definition.ts'

const facts = await paperFacts()
const qemu = facts.qemu === null || isUnknown(facts.qemu) ? expect.fail() : facts.qemu
const PATH = '/srv/plans'
const there: ImageFile = { kind: 'directory', writable: true, backing: [], startsBy: 'none' }

interface Look {
  found?: Facts['images'][string]
  readOnly?: boolean
  host?: Partial<QemuFacts>
  tools?: Facts['tools']
}

/** What step 8 says of one shared folder. */
function said({ found = there, readOnly = false, host = {}, tools = facts.tools }: Look) {
  const sharedFolders = [{ number: 1, directory: PATH, tag: 'plans', readOnly }]
  const choices = choosing({ definition: { profile: 'linux', sharedFolders } })
  const situation = situationOf({ ...facts, tools, images: { [PATH]: found }, qemu: { ...qemu, ...host } }, choices)
  return step.check(situation).filter(({ code }) => code === 'definition-shared-folder')
}

describe('a shared folder', () => {
  it('is fine where its directory is there and virtiofsd serves an ordinary user', () => {
    expect(said({})).toMatchObject([{ status: 'pass', about: 'plans' }])
    expect(said({ readOnly: true, found: { ...there, writable: false } })).toMatchObject([{ status: 'pass' }])
  })

  it('that the VM’s user cannot write to is told, unless it is read only anyway', () => {
    expect(said({ found: { ...there, writable: false } })).toMatchObject([{ status: 'warn' }])
  })

  it.each<[string, Look]>([
    ['that is not there', { found: null }],
    ['that is a file', { found: { ...there, kind: 'raw' } }],
    ['that may not be looked into', { found: { unknown: `designer may not look into ${PATH}` } }],
    [
      'with a virtiofsd that cannot keep a guest from writing',
      { readOnly: true, host: { sharing: { readOnly: false, namespaces: true } } },
    ],
    ['where no ordinary user makes namespaces', { host: { sharing: { readOnly: true, namespaces: false } } }],
    ['with a QEMU that has no such device', { host: { devices: ['vfio-pci'] } }],
    ['with a QEMU that cannot share memory', { host: { objects: [] } }],
  ])('%s is refused with what to do', (_, look) => {
    const [finding] = said(look)
    expect(finding?.status).toBe('fail')
    expect(finding?.fix?.text).toBeDefined()
  })

  it('is refused where virtiofsd is missing or needs root, and says which', () => {
    const none = { sharing: null }
    expect(said({ host: none, tools: { ...facts.tools, virtiofsd: false } })[0]?.text).toContain('is not installed')
    expect(said({ host: none, tools: { ...facts.tools, virtiofsd: true } })[0]?.text).toContain('runs as root only')
  })
})
