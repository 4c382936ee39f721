import { describe, expect, it } from 'vitest'
import { concernsVm, vmOfChange } from './vm-of-change.ts'

const HOME = '/var/lib/passthrough-studio/vms'
const writing = (path: string) => ({ kind: 'write-file', path, text: '', mode: 0o644, expected: null }) as const
const grant = { kind: 'grant-device-access', group: 1, uid: 1000, expected: { uid: 0 } } as const

describe('the VM a change belongs to', () => {
  it.each([
    ['win', 'its definition', writing(`${HOME}/win/vm.json`)],
    ['win-2', 'its start script', writing(`${HOME}/win-2/start-vm.sh`)],
    [
      'win',
      'its disk',
      {
        kind: 'create-disk-image',
        path: `${HOME}/win/disk.qcow2`,
        format: 'qcow2',
        sizeGiB: 1,
        uid: 1,
        gid: 1,
      } as const,
    ],
    [
      'win',
      'its UEFI variables',
      { kind: 'copy-firmware-vars', template: '/usr/share/a.fd', path: `${HOME}/win/vars.fd`, uid: 1, gid: 1 } as const,
    ],
    [
      'win',
      'its proof guest',
      {
        kind: 'build-proof-guest',
        kernel: '/boot/vmlinuz-1',
        directory: `${HOME}/win`,
        note: '',
        gid: 1,
      } as const,
    ],
    ['win', 'its service', writing('/etc/systemd/system/passthrough-studio-vm-win.service')],
    ['win-2', 'its start at boot', writing('/etc/systemd/system/passthrough-studio-autostart-win-2.service')],
    ['win-2', 'who may start it', writing('/etc/polkit-1/rules.d/60-passthrough-studio-vm-win-2-1000.rules')],
    [null, 'a file of the host', writing('/etc/default/grub')],
    [null, 'a file below another directory of that name', writing(`/srv${HOME}/win/vm.json`)],
    [null, 'the card’s group', grant],
  ])('is %s for %s', (owner, _what, change) => {
    expect(vmOfChange(change)).toBe(owner)
  })

  it('is undone with its own VM or with all, and a shared one always', () => {
    const own = writing(`${HOME}/win/vm.json`)
    expect([concernsVm(own, 'win'), concernsVm(own, null), concernsVm(own, 'win-2')]).toEqual([true, true, false])
    expect(concernsVm(grant, 'win')).toBe(true)
  })
})
