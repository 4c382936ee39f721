import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from '@playwright/test'
import { flavourName, INITRAMFS, LOADERS } from '../image.ts'
import { type Row, row, ROWS } from './matrix.ts'

const COLUMNS = ['apply', 'reboot', 'early bind', 'rescue entry', 'undo', 'byte-identical', 'host driver back']

function line(cells: readonly string[]): string {
  return cells.map((cell, index) => cell.padEnd(index < 2 ? 15 : 17)).join(' ')
}

test('the results of the booted matrix are printed', async () => {
  const rows = new Map<string, Row>()
  for (const file of await readdir(ROWS).catch(() => []))
    rows.set(file, row.parse(JSON.parse(await readFile(join(ROWS, file), 'utf8'))))
  console.log(line(['boot loader', 'initramfs', ...COLUMNS]))
  for (const loader of LOADERS)
    for (const initramfs of INITRAMFS) {
      const cells = rows.get(`${flavourName({ loader, initramfs })}.json`)?.cells
      console.log(line([loader, initramfs, ...COLUMNS.map((column) => cells?.[column] ?? 'not run')]))
    }
})
