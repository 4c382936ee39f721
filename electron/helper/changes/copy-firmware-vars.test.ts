import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { UNFINISHED } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { changeScript } from '#shared/plan/change.ts'
import { Backups } from '../journal/backups.ts'
import { RealSystem } from '../real-system.ts'
import { copyFirmwareVars } from './copy-firmware-vars.ts'

const TEMPLATE = '/usr/share/OVMF/OVMF_VARS.fd'
const HOME = '/var/lib/passthrough-studio/vms/designer'
const VARS = `${HOME}/vars-secure.fd`
const change = {
  ...({ kind: 'copy-firmware-vars', template: TEMPLATE, path: VARS } as const),
  ...({ uid: 1000, gid: 1000, enroll: true } as const),
}
const WORDS = ['--input', TEMPLATE, '--output', `${VARS}${UNFINISHED}`, '--enroll-redhat', '--secure-boot']

/** A host whose virt-fw-vars writes this text, or is cut off in the middle of it. */
async function host(says: { text: string; dies?: boolean }) {
  const root = await temporaryDirectory('vars')
  for (const directory of ['/usr/share/OVMF', HOME, '/proc']) await mkdir(join(root, directory), { recursive: true })
  await writeFile(join(root, TEMPLATE), 'without keys')
  const system = new RealSystem(root)
  const ran: string[][] = []
  system.run = async (tool, args) => {
    ran.push([tool, ...args])
    await writeFile(join(root, args[3] ?? ''), says.text)
    if (says.dies === true) throw new ProblemError('tool-failed', 'cut off', { hint: 'Try again.' })
    return { exitCode: 0, stdout: '', stderr: '' }
  }
  return { root, ran, work: { system, backups: new Backups(system), log: () => undefined, caller: 0, tx: 't' } }
}

it('Variables with keys are made by virt-fw-vars from the template, and nothing else is left', async () => {
  const { root, ran, work } = await host({ text: 'with keys' })
  await copyFirmwareVars.apply(work, change)
  expect(await readFile(join(root, VARS), 'utf8')).toBe('with keys')
  expect(ran).toEqual([['virt-fw-vars', ...WORDS]])
  expect(await readdir(join(root, HOME))).toEqual(['vars-secure.fd', 'vars-secure.fd.json'])
  expect(changeScript(change)[0]).toBe(
    `virt-fw-vars --input ${TEMPLATE} --output ${VARS} --enroll-redhat --secure-boot`,
  )
})

it('Where virt-fw-vars is cut off the VM has no half variables, and undo takes the rest away', async () => {
  const { root, work } = await host({ text: 'with k', dies: true })
  const before = await copyFirmwareVars.capture(work, change)
  await expect(copyFirmwareVars.apply(work, change)).rejects.toThrow('cut off')
  expect(await readdir(join(root, HOME))).toEqual([`vars-secure.fd${UNFINISHED}`])
  const where = { tx: 't', index: 0, step: 'definition', at: '', boot: '' } as const
  const open = { after: null, reverted: null, failed: null, contents: null, confirmed: null }
  await copyFirmwareVars.revert(work, change, { ...where, ...open, change, before })
  expect(await readdir(join(root, HOME))).toEqual([])
})
