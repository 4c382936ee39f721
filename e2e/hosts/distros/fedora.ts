import { type Distro, grubCfg, MACHINE_ID, osRelease } from './base.ts'

const NEW = '6.9.7-200.fc40.x86_64'
const OLD = '6.8.5-301.fc40.x86_64'
const ROOT = 'root=UUID=b1f0a7d4-93c2-4e58-a6e9-2c7d5b8f0e11 ro rootflags=subvol=root rhgb quiet'

function entry(release: string): [string, string] {
  const text = `title Fedora Linux (${release}) 40 (Workstation Edition)\nversion ${release}\nlinux /vmlinuz-${release}\ninitrd /initramfs-${release}.img\noptions ${ROOT}\ngrub_users $grub_users\ngrub_arg --unrestricted\ngrub_class fedora\n`
  return [`/boot/loader/entries/${MACHINE_ID}-${release}.conf`, text]
}

const BLS_CFG = `### BEGIN /etc/grub.d/00_header ###
if [ -f \${config_directory}/grubenv ]; then
  load_env -f \${config_directory}/grubenv
fi
if [ "\${next_entry}" ] ; then
   set default="\${next_entry}"
   set next_entry=
else
   set default="\${saved_entry}"
fi
### BEGIN /etc/grub.d/10_linux ###
insmod blscfg
blscfg
### BEGIN /etc/grub.d/30_uefi-firmware ###
menuentry 'UEFI Firmware Settings' $menuentry_id_option 'uefi-firmware' {
\tfwsetup
}
`

const ENV = `# GRUB Environment Block\nsaved_entry=${MACHINE_ID}-${NEW}\nboot_success=1\n`

export const fedora: Distro = {
  name: 'Fedora 40',
  loader: 'grubby',
  initramfs: 'dracut',
  release: NEW,
  osRelease: osRelease('fedora', 'Fedora Linux 40 (Workstation Edition)'),
  cmdline: `BOOT_IMAGE=(hd0,gpt2)/vmlinuz-${NEW} ${ROOT}`,
  uefi: true,
  files: {
    '/etc/default/grub': `GRUB_TIMEOUT=5\nGRUB_DEFAULT=saved\nGRUB_CMDLINE_LINUX="rhgb quiet"\nGRUB_ENABLE_BLSCFG=true\n`,
    '/etc/kernel/cmdline': `${ROOT}\n`,
    '/boot/grub2/grub.cfg': BLS_CFG,
    '/boot/grub2/grubenv': ENV + '#'.repeat(1024 - ENV.length),
    '/boot/efi/EFI/fedora/grub.cfg':
      'search --no-floppy --root-dev-only --fs-uuid --set=dev 1\nset prefix=($dev)/grub2\nconfigfile $prefix/grub.cfg\n',
    ...Object.fromEntries([entry(NEW), entry(OLD)]),
    [`/boot/initramfs-${NEW}.img`]: 'initramfs\n',
    [`/boot/initramfs-${OLD}.img`]: 'initramfs\n',
    [`/boot/vmlinuz-${NEW}`]: 'kernel\n',
  },
  dirs: { '/etc/dracut.conf.d': [] },
  tools: ['grubby', 'grub2-mkconfig', 'dracut', 'lsinitrd', 'kernel-install'],
}

const EL9 = '5.14.0-503.11.1.el9_5.x86_64'
const EL9_ARGS =
  'ro crashkernel=1G-4G:192M,4G-64G:256M,64G-:512M resume=/dev/mapper/rhel-swap rd.lvm.lv=rhel/root rd.lvm.lv=rhel/swap rhgb quiet'
const EL9_ENV = `# GRUB Environment Block\nsaved_entry=${MACHINE_ID}-${EL9}\nmenu_auto_hide=1\n`

/** tuned adds variables of GRUB's to each entry; the rescue entry of the installation has an image of its own. */
function el9Entry(release: string, title: string): [string, string] {
  const text = [
    `title Red Hat Enterprise Linux (${title}) 9.5 (Plow)`,
    `version ${title}`,
    `linux /vmlinuz-${release}`,
    `initrd /initramfs-${release}.img $tuned_initrd`,
    `options root=/dev/mapper/rhel-root ${EL9_ARGS} $tuned_params`,
    ...['grub_users $grub_users', 'grub_arg --unrestricted', 'grub_class rhel', ''],
  ]
  return [`/boot/loader/entries/${MACHINE_ID}-${title.startsWith('0-') ? '0-rescue' : release}.conf`, text.join('\n')]
}

/** RHEL 9 and its relatives: entries in /boot, no /etc/kernel/cmdline, root on LVM. */
export const rhel9: Distro = {
  name: 'RHEL 9, LVM',
  loader: 'grubby',
  initramfs: 'dracut',
  release: EL9,
  osRelease: osRelease('rhel', 'Red Hat Enterprise Linux 9.5 (Plow)'),
  cmdline: `BOOT_IMAGE=(hd0,gpt2)/vmlinuz-${EL9} root=/dev/mapper/rhel-root ${EL9_ARGS}`,
  uefi: true,
  files: {
    '/etc/default/grub': `GRUB_TIMEOUT=5\nGRUB_DEFAULT=saved\nGRUB_CMDLINE_LINUX="${EL9_ARGS.slice(3)}"\nGRUB_ENABLE_BLSCFG=true\n`,
    '/boot/grub2/grub.cfg': BLS_CFG,
    '/boot/grub2/grubenv': EL9_ENV + '#'.repeat(1024 - EL9_ENV.length),
    '/boot/efi/EFI/redhat/grub.cfg':
      'search --no-floppy --root-dev-only --fs-uuid --set=dev 1\nset prefix=($dev)/grub2\nconfigfile $prefix/grub.cfg\n',
    ...Object.fromEntries([el9Entry(EL9, EL9), el9Entry(`0-rescue-${MACHINE_ID}`, `0-rescue-${MACHINE_ID}`)]),
    [`/boot/initramfs-${EL9}.img`]: 'initramfs\n',
    [`/boot/initramfs-0-rescue-${MACHINE_ID}.img`]: 'initramfs of the installation\n',
    [`/boot/initramfs-${EL9}kdump.img`]: 'initramfs of kdump\n',
    [`/boot/vmlinuz-${EL9}`]: 'kernel\n',
  },
  dirs: { '/etc/dracut.conf.d': [] },
  tools: ['grubby', 'grub2-mkconfig', 'dracut', 'lsinitrd', 'kernel-install'],
}

const OSTREE = '/ostree/boot.1/fedora/2f7c9b41d5e8a06374bb19fe0c6d82a5/0'
const OSTREE_ARGS = `rhgb quiet root=UUID=b1f0a7d4-93c2-4e58-a6e9-2c7d5b8f0e11 rw ostree=${OSTREE}`

export const atomic: Distro = {
  name: 'Fedora Atomic 40',
  loader: 'rpm-ostree',
  initramfs: 'rpm-ostree',
  release: NEW,
  osRelease: osRelease('fedora', 'Fedora Linux 40 (Kinoite)'),
  cmdline: `BOOT_IMAGE=(hd0,gpt2)${OSTREE} ${OSTREE_ARGS}`,
  uefi: true,
  files: {
    '/run/ostree-booted': '',
    '/boot/grub2/grub.cfg': BLS_CFG,
    '/boot/loader/entries/ostree-1.conf': `title Fedora Linux 40 (ostree:0)\nversion 1\noptions ${OSTREE_ARGS}\nlinux /ostree/fedora-2f7c/vmlinuz-${NEW}\ninitrd /ostree/fedora-2f7c/initramfs-${NEW}.img\n`,
  },
  dirs: { '/etc/dracut.conf.d': [] },
  tools: ['rpm-ostree', 'grubby', 'grub2-mkconfig', 'dracut', 'lsinitrd'],
}

/** As Bazzite's own set-up of virtualization leaves it, or an administrator with arguments of dracut. */
export function building(args: readonly string[]): Distro {
  return {
    ...atomic,
    name: `Fedora Atomic 40, initramfs built here already${args.length === 0 ? '' : `, with ${args.join(' ')}`}`,
    files: {
      ...atomic.files,
      '/ostree/simulated-origin': JSON.stringify({ checksum: 'before', initramfs: true, args }),
    },
  }
}

const EL7 = '3.10.0-1160.el7.x86_64'
const EL7_ARGS = 'crashkernel=auto rd.lvm.lv=cl/root rhgb quiet'
const EL7_LINE = `root=/dev/mapper/cl-root ro ${EL7_ARGS}`

/** RHEL 7 on UEFI keeps the whole menu on the ESP. */
export const rhel7: Distro = {
  name: 'CentOS 7, UEFI',
  loader: 'grub2-rhel7',
  initramfs: 'dracut',
  release: EL7,
  osRelease: osRelease('centos', 'CentOS Linux 7 (Core)'),
  cmdline: `BOOT_IMAGE=/vmlinuz-${EL7} ${EL7_LINE}`,
  uefi: true,
  files: {
    '/etc/default/grub': `GRUB_TIMEOUT=5\nGRUB_DEFAULT=saved\nGRUB_DISABLE_SUBMENU=true\nGRUB_CMDLINE_LINUX="${EL7_ARGS}"\n`,
    '/boot/efi/EFI/centos/grub.cfg': grubCfg('${saved_entry}', [
      {
        title: `CentOS Linux (${EL7}) 7 (Core)`,
        id: `gnulinux-${EL7}`,
        linux: `/vmlinuz-${EL7}`,
        cmdline: EL7_LINE,
        initrd: `/initramfs-${EL7}.img`,
      },
    ]).replaceAll('\tlinux\t', '\tlinuxefi\t'),
    [`/boot/initramfs-${EL7}.img`]: 'initramfs\n',
    [`/boot/initramfs-${EL7}kdump.img`]: 'kdump\n',
    [`/boot/vmlinuz-${EL7}`]: 'kernel\n',
  },
  dirs: { '/etc/dracut.conf.d': [] },
  links: { '/etc/grub2-efi.cfg': '../boot/efi/EFI/centos/grub.cfg' },
  tools: ['grub2-mkconfig', 'dracut', 'lsinitrd'],
}
