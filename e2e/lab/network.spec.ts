import { expect, test } from '@playwright/test'
import { bundleGuest } from './guest-bundle.ts'
import { Notes } from './notes.ts'
import { runInLab } from './run.ts'

/** A card on a network of its own: DHCP, a gateway at 10.0.2.2, and an echo at 10.0.2.100. */
const CARD = [
  '-netdev',
  'user,id=lan0,guestfwd=tcp:10.0.2.100:7-cmd:cat',
  '-device',
  'virtio-net-pci,netdev=lan0,mac=52:54:00:12:34:56',
]
const MANAGERS = [
  { name: 'NetworkManager', manager: 'NetworkManager' },
  { name: 'systemd-networkd', manager: 'systemd-networkd' },
  { name: 'ifupdown', manager: 'ifupdown' },
  { name: 'netplan, networkd', manager: 'systemd-networkd' },
  { name: 'netplan, NetworkManager', manager: 'NetworkManager' },
]
const bridged = (uplink: unknown) => ({
  'link br-vm': 'UP 52:54:00:12:34:56 master none 10.0.2.15/24',
  [`link ${String(uplink)}`]: expect.stringMatching(/^UP 52:54:00:12:34:56 master br-vm\s*$/u),
  route: 'default via 10.0.2.2 dev br-vm',
})

test('a bridge through each network manager is confirmed, undone, cut off and killed', async () => {
  const script = await bundleGuest('network-scenario')
  const run = await runInLab('network', `exec node ${script}\n`, { flavour: 'network', devices: CARD })
  const notes = await Notes.of(run.share)
  expect(run.exitCode, `${JSON.stringify(notes.value('failure'))}\n${run.log}`).toBe(0)

  for (const { name, manager } of MANAGERS) {
    await test.step(`${name}: the bridge takes the uplink's place`, async () => {
      expect(notes.value(`${name}: manager seen without privilege`)).toBe(manager)
      expect(notes.verb(`${name}: apply`)).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining('unless you run "passthrough-studio keep"'),
      })
      expect(notes.value(`${name}: bridged`)).toMatchObject(bridged(notes.value('uplink')))
      expect(notes.value(`${name}: bridged answers`)).toBe(true)
    })

    if (name === 'netplan, networkd')
      await test.step(`${name}: the bridge stays when netplan rewrites its configuration`, () => {
        expect(notes.value(`${name}: bridged anew`)).toMatchObject(bridged(notes.value('uplink')))
      })

    await test.step(`${name}: the confirmed bridge stays until undo, which leaves no trace`, async () => {
      expect(notes.verb(`${name}: keep`)).toMatchObject({ exitCode: 0 })
      expect(notes.value(`${name}: guards after keep`)).toBe('')
      expect(notes.verb(`${name}: plan when done`).stdout).toBe('Nothing to change.')
      expect(notes.verb(`${name}: undo`)).toMatchObject({ exitCode: 0 })
      expect(notes.differences(`${name}: undone`)).toEqual([])
      expect(notes.value(`${name}: undone answers`)).toBe(true)
    })

    await test.step(`${name}: the old network is restored when the new one is not confirmed`, async () => {
      expect(notes.verb(`${name}: apply and cut`)).toMatchObject({ exitCode: 0 })
      expect(notes.value(`${name}: cut answers`)).toBe(false)
      expect(notes.differences(`${name}: back after the cut`)).toEqual([])
      expect(notes.value(`${name}: back answers`)).toBe(true)
      expect(notes.verb(`${name}: keep too late`)).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('No new network waits to be kept'),
      })
    })

    await test.step(`${name}: the old network is restored also when app and helper are killed`, async () => {
      expect(notes.value(`${name}: guards after the kill`)).toContain('.timer')
      expect(notes.differences(`${name}: back after the kill`)).toEqual([])
    })
  }

  await test.step('with a default route of IPv6 alone the bridge is made, and undone without a trace', () => {
    expect(notes.verb('IPv6 only: apply')).toMatchObject({ exitCode: 0 })
    expect(notes.value('IPv6 only: bridged')).toBe('br-vm')
    expect(notes.verb('IPv6 only: keep')).toMatchObject({ exitCode: 0 })
    expect(notes.verb('IPv6 only: undo')).toMatchObject({ exitCode: 0 })
    expect(notes.differences('IPv6 only: undone')).toEqual([])
    expect(notes.value('IPv6 only: route after undo')).toBe(notes.value('uplink'))
  })

  await test.step('ifupdown: although ifup hangs for ever, the old network comes back by itself', () => {
    expect(notes.value('ifupdown: route while ifup hangs')).not.toContain('10.0.2.2')
    expect(notes.differences('ifupdown: back although ifup hung')).toEqual([])
    expect(notes.value('ifupdown: back although ifup hung answers')).toBe(true)
    expect(notes.value('ifupdown: apply that hung')).toMatchObject({ exitCode: 2 })
    expect(notes.value('ifupdown: left hanging')).toBe('')
  })
})
