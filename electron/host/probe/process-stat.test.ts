import { readFile } from 'node:fs/promises'
import { pid } from 'node:process'
import { describe, expect, it } from 'vitest'
import { parseList } from '#shared/base/number-list.ts'
import { parseStat, statusField } from './process-stat.ts'

describe('the kernel’s status of a process', () => {
  it('is read past a name with blanks and parentheses', () => {
    const rest = Array.from({ length: 49 }, (_, at) => String(at + 4)).join(' ')
    expect(parseStat(`77 (CPU 0/KVM) (x) S ${rest}\n`)).toEqual({ busyMs: 290, startMs: 220, lastOn: 39 })
    expect(parseStat('77 (short) S 1 2')).toBeNull()
    expect(parseStat('')).toBeNull()
  })

  it('fits the process of this test', async () => {
    const [stat, status] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/status`, 'utf8'),
    ])
    const parsed = parseStat(stat)
    expect(parsed?.busyMs).toBeGreaterThan(0)
    expect(statusField(status, 'Tgid')).toBe(String(pid))
    expect(parseList(statusField(status, 'Cpus_allowed_list') ?? '')).toContain(parsed?.lastOn)
  })
})
