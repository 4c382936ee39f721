import { readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { env } from 'node:process'
import { beforeEach, expect, test } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { logPath, note, noted } from './log.ts'

beforeEach(async () => {
  env['XDG_STATE_HOME'] = await temporaryDirectory('log')
})

test('the log has a line with its time for each note, in their order', async () => {
  for (const text of ['one', 'two', 'three']) note(text)
  await noted()
  const lines = (await readFile(logPath(), 'utf8')).trimEnd().split('\n')
  expect(lines.map((line) => line.split(' ')[1])).toEqual(['one', 'two', 'three'])
  expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z one$/u)
})

test('the log is rotated once when it is full', async () => {
  note('first')
  await noted()
  await writeFile(logPath(), 'x'.repeat(300_000))
  note('after')
  await noted()
  expect(await readdir(dirname(logPath()))).toEqual(['studio.log', 'studio.log.1'])
  expect(await readFile(logPath(), 'utf8')).toMatch(/after\n$/u)
})

test('the log never throws when it cannot be written', async () => {
  await writeFile(join(env['XDG_STATE_HOME'] ?? '', 'passthrough-studio'), 'a file in the way')
  note('lost')
  await expect(noted()).resolves.toBeUndefined()
})
