import { mkdir, writeFile as put } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { SAMPLES } from '#core/texts/samples.fixture.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import type { Recipe } from '#shared/plan/recipe.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import type { Work } from '../handler.ts'
import { Backups } from '../journal/backups.ts'
import { ownWrite } from '../own-write.fixture.ts'
import { RealSystem } from '../real-system.ts'
import { writeFile } from './write-file.ts'

const DESIGNER = { name: 'designer', uid: 1000, gid: 1000 }
const VICTIM = { name: 'victim', uid: 1001, gid: 1001 }
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

/** Checks the two files of a VM that runs as `user`, asked for by `caller`. */
async function checked(user: VmDefinition['user'], caller: number): Promise<void> {
  const work = await workOf(caller)
  const recipes = SAMPLES.flatMap((recipe): Recipe[] =>
    recipe.of === 'vm-definition' || recipe.of === 'vm-script'
      ? [{ ...recipe, definition: { ...recipe.definition, user } }]
      : [],
  )
  expect(recipes.length).toBeGreaterThanOrEqual(2)
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
