import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { readPassword } from './password.ts'

async function file(text: string): Promise<string> {
  const path = join(await temporaryDirectory('password'), 'secret')
  await writeFile(path, text)
  return path
}

it.each([
  ['lark 7\n', 'lark 7'],
  ['lark 7\r\nmore\n', 'lark 7'],
  ['lark 7', 'lark 7'],
])('the first line of %j is the password', async (text, password) => {
  expect(await readPassword(await file(text))).toBe(password)
})

it('an empty file has none, and says so without what is in it', async () => {
  const path = await file('\nnot-this')
  const problem = { code: 'usage', message: `The first line of ${path} is no password.` }
  await expect(readPassword(path)).rejects.toMatchObject({ problem })
})
