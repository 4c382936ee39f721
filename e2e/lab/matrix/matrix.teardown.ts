import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from '@playwright/test'
import { flavourName, PAIRS } from '../image.ts'
import { type Row, row, ROWS } from './matrix.ts'

const COLUMNS = ['apply', 'reboot', 'early bind', 'rescue entry', 'undo', 'byte-identical', 'host driver back']

function line(cells: readonly string[]): string {
  return cells.map((cell, index) => cell.padEnd(index < 2 ? 18 : 17)).join(' ')
}

test('the results of the booted matrix are printed', async () => {
  const rows = new Map<string, Row>()
  for (const file of await readdir(ROWS).catch(() => []))
    rows.set(file, row.parse(JSON.parse(await readFile(join(ROWS, file), 'utf8'))))
  console.log(line(['boot loader', 'initramfs', ...COLUMNS]))
  for (const pair of PAIRS) {
    const cells = rows.get(`${flavourName(pair)}.json`)?.cells
    console.log(line([pair.loader, pair.initramfs, ...COLUMNS.map((column) => cells?.[column] ?? 'not run')]))
  }
})
