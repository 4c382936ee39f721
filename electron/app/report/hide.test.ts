import { expect, it } from 'vitest'
import { emptyRecording } from '#host/recorded/recording.ts'
import { Hide } from './hide.ts'

const hide = () => new Hide(emptyRecording('host', 'about'))

it.each(['a', 'a.', 'ab:', '1-', 'a-', '1.1.', 'a_b@', '0 12', 'by-id/', '"', '  '])(
  'a long text of nothing but %j is hidden without a hang',
  { timeout: 60_000 },
  (run) => {
    const long = run.repeat(5000)
    expect(hide().words(long)).toBeTypeOf('string')
    expect(hide().net(long)).toBeTypeOf('string')
  },
)

it('is done once: what was hidden stays as it is', () => {
  const one = hide()
  const text =
    'mail mira@quarrel.example from 10.77.31.9, 3c:7c:3f:1e:9a:b4 or UUID=6f3a1c52-9d0e-4b7a-8c11-2e5d7f90ab34'
  const hidden = one.words(text)
  expect(one.net(hidden)).toBe(hidden)
  expect(one.words(text)).toBe(hidden)
})

it('keeps prefixes of addresses in common, and no address', () => {
  const one = hide()
  const [a = '', b = '', c = ''] = ['192.168.17.20', '192.168.23.9', '203.0.113.9'].map((text) => one.words(text))
  expect([a, b, c]).not.toContain('192.168.17.20')
  const bits = (text: string) =>
    text
      .split('.')
      .map((part) => Number(part).toString(2).padStart(8, '0'))
      .join('')
  expect(bits(a).slice(0, 21)).toBe(bits(b).slice(0, 21))
  expect(bits(a).slice(0, 22)).not.toBe(bits(b).slice(0, 22))
  expect(bits(a).slice(0, 5)).not.toBe(bits(c).slice(0, 5))
})

it('shows values of kernel arguments only where they are read', () => {
  const shown = hide().args('intel_iommu=on vfio-pci.ids=10de:13f1 zebra=on root=/dev/sda1 quiet "a b"')
  expect(shown).toMatch(/^intel_iommu=on vfio-pci\.ids=10de:13f1 w\d\d=w\d\d root=\/dev\/sda1 quiet "a b"$/u)
})
