import { mkdir, readFile, writeFile as put } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { withSwtpmRules } from '#core/texts/apparmor/swtpm-rules.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { OWN_FILES, SWTPM_PROFILE } from '#shared/base/own-files.ts'
import { Backups } from '../journal/backups.ts'
import { ownWrite } from '../own-write.fixture.ts'
import { RealSystem } from '../real-system.ts'
import { writeFile } from './write-file.ts'

const RELOADED = ['apparmor_parser', '--replace', SWTPM_PROFILE]
const THEIRS = '# Site-specific additions, without a line end'

/** Applies the rules for swtpm and takes them back; the file at each time, and what was run. */
async function appliedAndUndone(on: boolean) {
  const root = await temporaryDirectory('apparmor')
  const file = join(root, OWN_FILES.swtpmRules)
  for (const directory of [
    'etc/apparmor.d/local',
    'var/lib/passthrough-studio',
    ...(on ? ['sys/kernel/security/apparmor'] : []),
  ])
    await mkdir(join(root, directory), { recursive: true })
  await put(file, THEIRS)
  const ran: string[][] = []
  const system = new RealSystem(root)
  system.run = (tool, args) => {
    ran.push([tool, ...args])
    return Promise.resolve({ exitCode: 0, stdout: '', stderr: '' })
  }
  const work = { system, backups: new Backups(system), log: () => undefined, caller: 0, tx: 't' }
  const change = await ownWrite(system, { of: 'swtpm-rules' })
  if (change === null) throw new RangeError('no rules')
  await writeFile.check(work, change)
  const before = await writeFile.capture(work, change)
  await writeFile.apply(work, change)
  const applied = await readFile(file, 'utf8')
  const { path } = change
  const after = { files: [{ path, sha256: await work.backups.hashOf(path) }] }
  const where = { tx: 't', index: 0, step: 'definition', at: '', boot: '' } as const
  const open = { reverted: null, failed: null, contents: null, confirmed: null }
  await writeFile.revert(work, change, { ...where, ...open, change, before, after })
  return { applied, undone: await readFile(file, 'utf8'), ran }
}

it('Rules for swtpm are read by the kernel at once, and undone to the byte', async () => {
  expect(await appliedAndUndone(true)).toEqual({
    applied: withSwtpmRules(THEIRS),
    undone: THEIRS,
    ran: [RELOADED, RELOADED],
  })
})

it('Where AppArmor is off nothing is reloaded', async () => {
  expect((await appliedAndUndone(false)).ran).toEqual([])
})
