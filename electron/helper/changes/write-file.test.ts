import { mkdir, writeFile as put } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { SAMPLES } from '#core/texts/samples.fixture.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { takenNote } from '#shared/base/own-files.ts'
import type { Recipe } from '#shared/plan/recipe.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import type { Work } from '../handler.ts'
import { Backups } from '../journal/backups.ts'
import { ownWrite } from '../own-write.fixture.ts'
import { RealSystem } from '../real-system.ts'
import { NEVER_DONE } from './never-done.fixture.ts'
import { writeFile } from './write-file.ts'

const DESIGNER = { name: 'designer', uid: 1000, gid: 1000 }
const VICTIM = { name: 'victim', uid: 1001, gid: 1001 }
const ROOTS = { uid: 0, gid: 0, mode: 0o755 }
const PASSWD = [DESIGNER, VICTIM]
  .map(({ name, uid, gid }) => `${name}:x:${uid}:${gid}::/home/${name}:/bin/sh\n`)
  .join('')

async function workOf(caller: number): Promise<Work> {
  const root = await temporaryDirectory()
  await mkdir(join(root, 'etc'))
  await put(join(root, 'etc/passwd'), PASSWD)
  const system = new RealSystem(root)
  return { system, caller, backups: new Backups(system), log: () => undefined, tx: '' }
}

/** Checks the files of a VM that runs as `user`, asked for by `caller`. */
async function checked(user: VmDefinition['user'], caller: number): Promise<void> {
  const work = await workOf(caller)
  const recipes = SAMPLES.flatMap((recipe): Recipe[] =>
    'definition' in recipe ? [{ ...recipe, definition: { ...recipe.definition, user } }] : [],
  )
  expect(recipes.length).toBeGreaterThanOrEqual(7)
  for (const recipe of recipes) {
    const change = await ownWrite(work.system, recipe)
    if (change === null) throw new RangeError(recipe.of)
    await writeFile.check(work, change)
  }
}

it('A VM is defined by the user it runs as, or by root', async () => {
  await checked(DESIGNER, 1000)
  await checked(VICTIM, 0)
})

it('A VM that would run as another user, or under another name, is not defined', async () => {
  await expect(checked(VICTIM, 1000)).rejects.toThrow('only for the user who asks')
  await expect(checked({ ...DESIGNER, gid: 6 }, 1000)).rejects.toThrow('not for group 6')
  await expect(checked({ ...DESIGNER, name: 'root' }, 1000)).rejects.toThrow('only under its own name')
})

it('The script that gives the host back stays as long as the VM has them', async () => {
  const work = await workOf(0)
  const recipe = SAMPLES.find(({ of }) => of === 'vm-host')
  const change = recipe === undefined ? null : await ownWrite(work.system, recipe)
  if (change === null) throw new RangeError('no such sample')
  const before = await writeFile.capture(work, change)
  await work.system.makeDirectory('/run', ROOTS)
  await work.system.makeDirectory('/run/passthrough-studio', ROOTS)
  await work.system.makeDirectory('/run/passthrough-studio/taken', ROOTS)
  await work.system.writeAtomic(takenNote('designer'), new Uint8Array(), { ...ROOTS, mode: 0o644 })
  const entry = { ...NEVER_DONE, change, before }
  await expect(writeFile.revert(work, change, entry)).rejects.toThrow('has cards of this host as long as it runs')
  await work.system.remove(takenNote('designer'))
  await expect(writeFile.revert(work, change, entry)).resolves.toBeDefined()
})
