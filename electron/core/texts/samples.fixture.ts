import { OWN_FILES } from '#shared/base/own-files.ts'
import { FIXED_TEXTS, type Recipe } from '#shared/plan/recipe.ts'
import { PLAIN_VM } from '#shared/vm/vm.fixture.ts'

const [bridge, uplink, mac] = ['br-vm', 'enp3s0', '52:54:00:12:34:56']
const CARD = [{ address: '0000:01:00.0', vendorId: '10de', deviceId: '13f1', way: '0000:00:01.0/00.0' }]
const ENTRY = '/boot/loader/entries/debian-6.1.conf'
const MENU_ENTRY = "menuentry 'Debian' --class gnu {\n\tlinux /vmlinuz root=/dev/sda1\n\tinitrd /initrd.img\n}"
const NETWORK = '/etc/systemd/network/10-lan.network'
const NO_SETTINGS = {
  ...{ addresses: '', gateway: '', dns: '192.0.2.1, 192.0.2.2', 'dns-search': '' },
  ...{ 'dhcp-client-id': '', 'dhcp-hostname': '', 'dhcp-duid': '' },
}

const VM = { ...PLAIN_VM, autostart: true }

/** Files of a host that recipes start from, as an administrator or a distribution wrote them. */
export const SOURCES: Readonly<Record<string, string>> = {
  [OWN_FILES.grubDefaults]: 'GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\n',
  [OWN_FILES.kernelCmdline]: 'root=/dev/sda1 ro\n',
  [OWN_FILES.mkinitcpioConf]: 'MODULES=(i915)\nHOOKS=(base udev)\n',
  [ENTRY]: 'title Debian\nlinux /vmlinuz\noptions root=/dev/sda1\n',
  '/boot/grub/grub.cfg': `set timeout=5\n${MENU_ENTRY}\n`,
  [NETWORK]: '[Match]\nName=enp3s0\n\n[Network]\nDHCP=yes\n',
  [OWN_FILES.interfaces]: 'source /etc/network/interfaces.d/*\nauto enp3s0\niface enp3s0 inet dhcp\n',
}

/** One recipe of each kind, and of the fixed texts every one. */
export const SAMPLES: readonly Recipe[] = [
  ...FIXED_TEXTS.map((text): Recipe => ({ of: 'fixed', text })),
  { of: 'init-top', functions: CARD },
  { of: 'early-script', functions: CARD },
  {
    of: 'virtual-functions',
    cards: [{ address: '0000:02:00.0', vendorId: '8086', deviceId: '1521', count: 4, way: null }],
    functions: [
      ...[{ address: '0000:02:10.0', vendorId: '8086', deviceId: '1520', physfn: '0000:02:00.0', way: null }],
      {
        ...{ address: '0000:02:10.1', vendorId: '8086', deviceId: '1520', physfn: '0000:02:00.1' },
        way: '0000:00:1c.0/10.1',
      },
    ],
  },
  { of: 'grub-drop-in', args: ['intel_iommu=on'], remove: ['iommu=off', 'nomodeset'] },
  { of: 'grub-defaults', variable: 'GRUB_CMDLINE_LINUX_DEFAULT', args: ['iommu=pt'] },
  { of: 'kernel-cmdline', from: null, args: ['iommu=pt'], remove: ['vfio-pci.ids=10de:13f1'] },
  { of: 'dracut-cmdline', from: null, args: ['iommu=pt'], remove: ['iommu=off'] },
  { of: 'cmdline-drop-in', args: ['iommu=pt'] },
  { of: 'loader-entry', path: ENTRY, args: ['iommu=pt'] },
  { of: 'mkinitcpio-conf', hook: true },
  { of: 'swtpm-rules' },
  { of: 'grub-rescue', menu: '/boot/grub/grub.cfg', title: 'Debian', entry: MENU_ENTRY },
  { of: 'loader-rescue', source: ENTRY, title: 'Debian' },
  {
    ...{ of: 'nm-bridge', bridge, mac, zone: '' },
    ...{ ipv4: { method: 'auto', ...NO_SETTINGS }, ipv6: { method: 'auto', ...NO_SETTINGS } },
  },
  { of: 'nm-port', bridge, uplink },
  { of: 'networkd-netdev', bridge, mac },
  { of: 'networkd-bridge', bridge, source: NETWORK },
  { of: 'networkd-port', bridge, uplink },
  { of: 'interfaces-bridge', bridge, uplink, mac, source: OWN_FILES.interfaces },
  { of: 'interfaces', path: OWN_FILES.interfaces, uplink },
  { of: 'vm-definition', definition: VM },
  {
    of: 'vm-host',
    definition: { ...VM, atStart: { functions: CARD, stop: ['display-manager.service'], minutes: null } },
  },
  { of: 'vm-unit', definition: VM },
  { of: 'vm-rule', definition: VM },
  { of: 'vm-autostart', definition: VM },
  { of: 'vm-autostart-want', definition: VM },
  {
    of: 'vm-script',
    definition: VM,
    qemu: { binary: 'qemu-system-x86_64', devices: [], objects: null, machineProperties: null },
  },
]
