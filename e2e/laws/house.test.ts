import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const ROOMS = ['electron', 'shared', 'renderer', 'e2e']
/** What a run leaves behind, and the hosts described as data: nobody reads these folders as code. */
const NOT_CODE = ['e2e/artifacts', 'e2e/hosts/machines']
const MOST_FILES = 20
/** A failing test is one line of a terminal. */
const LONGEST_TITLE = 90
const TITLE = /(?:\b(?:it|test|describe)(?:\.\w+)*|\))\(\s*(['"`])(?<title>(?:\\.|(?!\1).)*)\1,/gu

async function foldersBelow(folder: string): Promise<string[]> {
  const entries = await readdir(join(ROOT, folder), { withFileTypes: true })
  const inner = entries.filter((entry) => entry.isDirectory()).map((entry) => `${folder}/${entry.name}`)
  const kept = inner.filter((name) => !NOT_CODE.includes(name))
  return [folder, ...(await Promise.all(kept.map(foldersBelow))).flat()]
}

test('no folder of code holds more than 20 files', async () => {
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

test('no title of a test is longer than a line of a terminal', async () => {
  const folders = (await Promise.all(ROOMS.map(foldersBelow))).flat()
  const names = await Promise.all(
    folders.map(async (folder) => (await readdir(join(ROOT, folder))).map((name) => join(ROOT, folder, name))),
  )
  const files = names.flat().filter((name) => /\.(?:test|spec)\.tsx?$/u.test(name))
  const texts = await Promise.all(files.map((name) => readFile(name, 'utf8')))
  const titles = texts.flatMap((text) => Array.from(text.matchAll(TITLE), ({ groups }) => groups?.['title'] ?? ''))
  expect(titles.length).toBeGreaterThan(500)
  expect(titles.filter((title) => title.length > LONGEST_TITLE)).toEqual([])
})
