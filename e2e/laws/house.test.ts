import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const ROOMS = ['electron', 'shared', 'renderer', 'e2e']
/** What a run leaves behind, and the hosts described as data: nobody reads these folders as code. */
const NOT_CODE = ['e2e/artifacts', 'e2e/hosts/machines']
const MOST_FILES = 20

async function foldersBelow(folder: string): Promise<string[]> {
  const entries = await readdir(join(ROOT, folder), { withFileTypes: true })
  const inner = entries.filter((entry) => entry.isDirectory()).map((entry) => `${folder}/${entry.name}`)
  const kept = inner.filter((name) => !NOT_CODE.includes(name))
  return [folder, ...(await Promise.all(kept.map(foldersBelow))).flat()]
}

test('no folder of code holds more files than a reader can take in', async () => {
  const folders = (await Promise.all(ROOMS.map(foldersBelow))).flat()
  const sizes = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(join(ROOT, folder), { withFileTypes: true })
      return { folder, files: entries.filter((entry) => entry.isFile()).length }
    }),
  )
  expect(sizes.length).toBeGreaterThan(50)
  expect(sizes.filter(({ files }) => files > MOST_FILES)).toEqual([])
})
