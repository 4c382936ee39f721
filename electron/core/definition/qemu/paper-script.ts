import { shellQuote } from '#shared/base/shell-quote.ts'
import { type VmDefinition, vmPaths } from '#shared/vm/vm.ts'

interface PaperLine {
  paper: string
  /** What is wrong with it, or what is done instead in start-vm.sh; null: it holds. */
  remark: string | null
  args: string[]
}

/**
 * The paper's step 8 with its slips mended so that a shell and QEMU accept it: blanks in options closed, the doubled
 * function passed once, VNC and monitor on private sockets. For comparison with start-vm.sh; the app never runs it.
 */
export function paperScript(definition: VmDefinition): string {
  const { run } = vmPaths(definition.name)
  const lines = [...machineLines(run), ...cardLines(definition)].flatMap(({ paper, remark, args }) => [
    `# Paper: ${paper}`,
    ...(remark === null ? [] : [`#   ${remark}`]),
    `set -- "$@" ${args.map(shellQuote).join(' ')}`,
  ])
  return `#!/bin/sh
# The paper's start script, mended and annotated. It needs CentOS 7's QEMU, SeaBIOS, a kernel with VFIO_PCI_VGA, and
# root. Windows 11 cannot be started this way: it asks for UEFI, Secure Boot and a TPM. Use start-vm.sh.
set -eu
PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/libexec
export PATH

set --
${lines.join('\n')}

exec qemu-kvm "$@"
`
}

function machineLines(run: string): PaperLine[] {
  return [
    {
      paper: '-cpu host,kvm=off -no-user-config -nodefaults -m 4096M',
      remark: 'kvm=off was never needed for a Quadro, and since driver R465 (2021) not for a GeForce.',
      args: ['-cpu', 'host,kvm=off', '-no-user-config', '-nodefaults', '-m', '4096M'],
    },
    {
      paper: '-smp 2, sockets=1, cores=2, threads=1',
      remark: 'The blanks would end the option; closed here.',
      args: ['-smp', '2,sockets=1,cores=2,threads=1', '-boot', 'menu=on'],
    },
    {
      paper: '-vnc 0.0.0.0:20',
      remark: 'A console for the whole network without a password; here on a private socket.',
      args: ['-vnc', `unix:${run}/vnc.sock`, '-k', 'en-us'],
    },
    {
      paper: '-vga none -bios /usr/share/seabios/bios.bin',
      remark: 'SeaBIOS and x-vga need the legacy VGA route; start-vm.sh uses UEFI.',
      args: ['-vga', 'none', '-bios', '/usr/share/seabios/bios.bin'],
    },
    {
      paper: '-drive file=/var/lib/nova/gpu/win10.img,... -device virtio-blk-pci,scsi=off,bus=pcie.0,addr=0x7',
      remark: 'QEMU 9.1 has no scsi= any more; left out.',
      args: [
        '-drive',
        'file=/var/lib/nova/gpu/win10.img,if=none,id=drive-virtio-disk0,format=qcow2,cache=none,werror=stop,rerror=stop,aio=native',
        '-device',
        'virtio-blk-pci,bus=pcie.0,addr=0x7,drive=drive-virtio-disk0,id=virtio-disk0,bootindex=1',
      ],
    },
    {
      paper: '-M q35',
      remark: 'Without accel=kvm some builds emulate the processor; added.',
      args: ['-M', 'q35,accel=kvm'],
    },
    {
      paper: '-net nic,model=virtio,macaddr=00:55:aa:00:00:01 -net bridge,br=br-test',
      remark: 'Retired form; the same with -netdev. It starts a helper program, which QEMU’s sandbox forbids.',
      args: ['-netdev', 'bridge,id=net0,br=br-test', '-device', 'virtio-net-pci,netdev=net0,mac=00:55:aa:00:00:01'],
    },
    {
      paper: '-monitor unix:/tmp/qmp-sock,server,nowait -daemonize',
      remark: 'A socket in /tmp is anyone’s; here in the private directory.',
      args: ['-monitor', `unix:${run}/monitor.sock,server,nowait`, '-daemonize'],
    },
  ]
}

function cardLines({ functions, extraDevices }: VmDefinition): PaperLine[] {
  const [first = '', ...others] = functions
  const along = [...others, ...extraDevices].flatMap((address) => ['-device', `vfio-pci,host=${address}`])
  return [
    {
      paper: '-device ioh3420, bus=pcie.0,addr=1c.0,multifunction=on,port=1,chassis=1,id=root.1',
      remark:
        'A port of Intel’s old chipsets, and nothing is put behind it; start-vm.sh puts the card behind a generic one.',
      args: ['-device', 'ioh3420,bus=pcie.0,addr=1c.0,multifunction=on,port=1,chassis=1,id=root.1'],
    },
    {
      paper: '-device vfio-pci,host=01:00.0,multifunction=on,x-vga=on',
      remark: 'x-vga needs CONFIG_VFIO_PCI_VGA and fights with the host for VGA. The address is this host’s.',
      args: ['-device', `vfio-pci,host=${first},multifunction=on,x-vga=on`],
    },
    {
      paper: '-device vfio-pci,host=01:00.1 and host=05:00.0 (twice), 05:00.1, 05:00.2',
      remark: 'A function can be passed once only: the second 05:00.0 was a slip. These are this VM’s other functions.',
      args: along,
    },
  ].filter(({ args }) => args.length > 0)
}
