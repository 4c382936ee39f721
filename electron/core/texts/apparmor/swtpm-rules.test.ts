import { describe, expect, it } from 'vitest'
import { withSwtpmRules } from './swtpm-rules.ts'

describe('rules for a confined swtpm', () => {
  const rules = withSwtpmRules('')

  it('let it reach state and socket of VMs, and nothing of the host', () => {
    expect(rules.match(/^(?:owner )?\/\S+ \w+,$/gmu)).toEqual([
      'owner /var/lib/passthrough-studio/vms/*/tpm/ r,',
      'owner /var/lib/passthrough-studio/vms/*/tpm/** rwk,',
      'owner /run/passthrough-studio/vms/*/tpm.sock rwk,',
    ])
  })

  it('leave every byte of the administrator’s, and are added once', () => {
    const theirs = '# Ours\n/srv/tpm/** rwk,'
    expect(withSwtpmRules(theirs)).toBe(`${theirs}\n${rules}`)
    expect(withSwtpmRules(withSwtpmRules(theirs))).toBe(`${theirs}\n${rules}`)
  })

  it('take the place of those of an earlier version', () => {
    const earlier = `/a r,\n${rules.replace(/^unix.*\n/mu, '')}/b r,\n`
    expect(withSwtpmRules(earlier)).toBe(`/a r,\n/b r,\n${rules}`)
  })
})
