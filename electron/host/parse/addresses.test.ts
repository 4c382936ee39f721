import { describe, expect, it } from 'vitest'
import { dottedAddress, parseFibTrie, parseIpAddresses } from './addresses.ts'

const TRIE = `Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
Local:
  +-- 10.0.2.0/24 2 0 2
     |-- 10.0.2.15
        /32 host LOCAL
     |-- 10.0.2.255
        /32 link BROADCAST
  +-- 127.0.0.0/8 2 0 2
     |-- 127.0.0.1
        /32 host LOCAL
`
const ROUTES = [
  'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
  'enp0s3\t00000000\t0202000A\t0003\t0\t0\t100\t00000000\t0\t0\t0',
  'enp0s3\t0002000A\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0',
].join('\n')

describe('addresses of links', () => {
  it('come from iproute2', () => {
    const text =
      '[{"ifname":"lo","addr_info":[{"family":"inet","local":"127.0.0.1","prefixlen":8}]},{"ifname":"eno1","addr_info":[]}]'
    expect(parseIpAddresses(text)).toEqual({ lo: ['127.0.0.1/8'], eno1: [] })
  })

  it.each(['', 'Object "x" is unknown', '{}', '[{"ifname":1}]'])('are not guessed from %j', (text) => {
    expect(parseIpAddresses(text)).toBeNull()
  })

  it('come from /proc where there is no iproute2', () => {
    expect(parseFibTrie(TRIE, ROUTES)).toEqual({ enp0s3: ['10.0.2.15/24'] })
  })

  it('are little-endian in /proc/net/route', () => {
    expect(dottedAddress('0101A8C0')).toBe('192.168.1.1')
  })
})
