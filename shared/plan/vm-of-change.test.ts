import { describe, expect, it } from 'vitest'
import { concernsVm, vmOfChange } from './vm-of-change.ts'

const HOME = '/var/lib/passthrough-studio/vms'
const writing = (path: string) => ({ kind: 'write-file', path, text: '', mode: 0o644, expected: null }) as const
const grant = { kind: 'grant-device-access', group: 1, uid: 1000, expected: { uid: 0 } } as const

describe('the VM a change belongs to', () => {
  it.each([
    [writing(`${HOME}/win/vm.json`), 'win'],
    [writing(`${HOME}/win-2/start-vm.sh`), 'win-2'],
    [
      {
        kind: 'create-disk-image',
        path: `${HOME}/win/disk.qcow2`,
        format: 'qcow2',
        sizeGiB: 1,
        uid: 1,
        gid: 1,
      } as const,
      'win',
    ],
    [
      { kind: 'copy-firmware-vars', template: '/usr/share/a.fd', path: `${HOME}/win/vars.fd`, uid: 1, gid: 1 } as const,
      'win',
    ],
    [
      {
        kind: 'build-proof-guest',
        kernel: '/boot/vmlinuz-1',
        initrd: '/boot/i',
        directory: `${HOME}/win`,
        note: '',
        gid: 1,
      } as const,
      'win',
    ],
    [writing('/etc/default/grub'), null],
    [writing(`/srv${HOME}/win/vm.json`), null],
    [grant, null],
  ])('%j', (change, owner) => {
    expect(vmOfChange(change)).toBe(owner)
  })

  it('is taken back with its own VM, with all, and never with another; what all share always is', () => {
    const own = writing(`${HOME}/win/vm.json`)
    expect([concernsVm(own, 'win'), concernsVm(own, null), concernsVm(own, 'win-2')]).toEqual([true, true, false])
    expect(concernsVm(grant, 'win')).toBe(true)
  })
})
