import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readsDirectory, uplinkStanzas, withManualUplink } from './interfaces-file.ts'

const DEBIAN = `# interfaces(5) file used by ifup(8) and ifdown(8)
source /etc/network/interfaces.d/*

auto lo
iface lo inet loopback

allow-hotplug eno1
iface eno1 inet static
\taddress 192.168.1.20/24   # the workstation
  gateway 192.168.1.1
    dns-nameservers 192.168.1.1 9.9.9.9
iface eno1 inet6 auto

iface eno10 inet dhcp
`

describe('the uplink of an interfaces file', () => {
  it('becomes manual on its own lines only', () => {
    const after = withManualUplink(DEBIAN, 'eno1')
    const changed = after.split('\n').filter((line, index) => line !== DEBIAN.split('\n')[index])
    expect(changed).toEqual(['iface eno1 inet manual', 'iface eno1 inet6 manual'])
  })

  it('moves its addresses to the bridge and nothing else', () => {
    expect(uplinkStanzas(DEBIAN, 'eno1')).toMatchObject({
      kind: 'stanzas',
      list: [
        {
          family: 'inet',
          method: 'static',
          options: [
            'address 192.168.1.20/24   # the workstation',
            'gateway 192.168.1.1',
            'dns-nameservers 192.168.1.1 9.9.9.9',
          ],
        },
        { family: 'inet6', method: 'auto', options: [] },
      ],
    })
  })

  it.each([
    ['commands of its own', 'iface eno1 inet dhcp\n  post-up /usr/local/bin/tell\n'],
    ['a line that goes on', 'iface eno1 inet static\n  address 10.0.0.1/8 \\\n  gateway 10.0.0.2\n'],
    ['a method that is not known', 'iface eno1 inet ppp\n'],
    ['a template', 'iface eno1 inet static inherits office\n'],
    ['ports of a bridge', 'iface eno1 inet static\n  bridge_ports eno2\n'],
    ['nothing said of it', 'iface eno10 inet dhcp\n'],
  ])('is refused with %s', (_what, text) => {
    expect(uplinkStanzas(text, 'eno1').kind).toBe('refused')
  })

  it('preserves every other byte of the file', () => {
    const link = fc.constantFrom('eno1', 'eno10', 'eno', 'br0', 'lo')
    const stanza = fc
      .tuple(link, fc.constantFrom('inet', 'inet6'), fc.constantFrom('dhcp', 'static', 'auto', 'manual', 'loopback'))
      .map(([name, family, method]) => `iface ${name} ${family} ${method}`)
    const noise = fc.stringMatching(/^[ \t]?(#|auto |address |up |)[a-z0-9 ./"\\]{0,12}$/u)
    fc.assert(
      fc.property(fc.array(fc.oneof(stanza, noise)), fc.constantFrom('\n', ''), (lines, end) => {
        const text = lines.join('\n') + end
        const after = withManualUplink(text, 'eno1').split('\n')
        expect(after).toHaveLength(text.split('\n').length)
        for (const [index, line] of text.split('\n').entries()) {
          const mine = /^iface eno1 (inet6?) \w+$/u.exec(line)
          expect(after[index]).toBe(mine === null ? line : `iface eno1 ${mine[1] ?? ''} manual`)
        }
        expect(withManualUplink(after.join('\n'), 'eno1')).toBe(after.join('\n'))
      }),
    )
  })

  it('gets files of ours beside it only where the main file reads them', () => {
    expect(readsDirectory(DEBIAN)).toBe(true)
    expect(readsDirectory('source-directory interfaces.d\n')).toBe(true)
    expect(readsDirectory('# source /etc/network/interfaces.d/*\n')).toBe(false)
    expect(readsDirectory('auto lo\n')).toBe(false)
  })
})
