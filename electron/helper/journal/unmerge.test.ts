import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unmerge } from './unmerge.ts'

const BEFORE = '# mine\nGRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX="rhgb quiet"\nGRUB_DEFAULT=0\n'
const OURS = BEFORE.replace('rhgb quiet"', 'rhgb quiet intel_iommu=on"')

describe('removing our lines from a file that somebody else has edited since', () => {
  it('keeps a line that was added', () => {
    expect(unmerge(`${OURS}GRUB_THEME=x\n`, OURS, BEFORE)).toBe(`${BEFORE}GRUB_THEME=x\n`)
  })

  it('keeps a line that was changed next to ours', () => {
    const theirs = (text: string) => text.replace('GRUB_TIMEOUT=5', 'GRUB_TIMEOUT=0')
    expect(unmerge(theirs(OURS), OURS, BEFORE)).toBe(theirs(BEFORE))
  })

  it('keeps a word that was added to our line', () => {
    const theirs = (text: string) => text.replace('rhgb quiet', 'rhgb quiet nosplash')
    expect(unmerge(theirs(OURS), OURS, BEFORE)).toBe(theirs(BEFORE))
    const behind = OURS.replace('intel_iommu=on', 'intel_iommu=on selinux=0')
    expect(unmerge(behind, OURS, BEFORE)).toBe(BEFORE.replace('quiet', 'quiet selinux=0'))
  })

  it('keeps what was added to a file of our own', () => {
    expect(unmerge('# ours\nvfio-pci\nloop\n', '# ours\nvfio-pci\n', '')).toBe('loop\n')
  })

  it('answers null when our lines are gone', () => {
    expect(unmerge('all new\n', OURS, BEFORE)).toBeNull()
  })

  it('gives exactly their edit of the original text, wherever they added lines', () => {
    const name = fc.stringMatching(/^[A-Z]{1,8}=[a-z0-9]{0,6}$/u)
    fc.assert(
      fc.property(
        fc.array(name, { minLength: 1 }),
        fc.array(name, { minLength: 1 }),
        fc.nat(),
        (lines, added, seed) => {
          const before = `${lines.join('\n')}\n`
          const ours = `${before}OURS_LINE="on"\n`
          const at = seed % (lines.length + 1)
          const theirs = [...lines.slice(0, at), ...added, ...lines.slice(at)].join('\n')
          expect(unmerge(`${theirs}\nOURS_LINE="on"\n`, ours, before)).toBe(`${theirs}\n`)
        },
      ),
    )
  })
})
