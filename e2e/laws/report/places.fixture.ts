/** Secrets between « and », in the files and outputs they really stand in. The paper's workstation with NetworkManager. */

const ARGUMENTS =
  'root=UUID=«6f3a1c52-9d0e-4b7a-8c11-2e5d7f90ab34» rd.luks.uuid=luks-«71d2b6aa-0c4f-4d1e-9a55-b8e0c3f7d912» ' +
  'rd.lvm.lv=«vgquillfeather»/«lvbrimstone» resume=LABEL=«ZephyrSwap» root.label=PARTUUID=«a91f00c2-03» ' +
  'netroot=iscsi:«brindleuser»:«Sw0rdf1shPlum»@«storage7.quarrel.example»::::«iqn.2019-04.example.quarrel:vault9» ' +
  'inst.ks=https://«kestrel»:«Hunt3rTwo99»@«deploy.quarrel.example»/ks.cfg ip=«10.77.31.9»:::255.255.255.0:«ws-quokka-07» ' +
  'ifname=lan:«3c:7c:3f:1e:9a:b4» nameserver=«2a02:8071:b5a0:17::53» systemd.machine_id=«b6d81b360a5672d80c27430f39153e2c» ' +
  'cryptdevice=/dev/disk/by-id/ata-«Ziggurat_SSD_S3Z9NB0K123456X»:«cryptmarzipan» systemd.set_credential=login:«Gumdr0pLantern» ' +
  'dm-mod.create=«71d2b6aa--0c4f--4d1e--9a55--b8e0c3f7d913» user.note="mail «mira@quarrel.example»" quiet'

export const PAPER_FILES: Readonly<Record<string, string>> = {
  '/proc/sys/kernel/hostname': '«ws-quokka-07».«quarrel.example»\n',
  '/proc/cmdline': `BOOT_IMAGE=/vmlinuz-3.10.0-514.el7.x86_64 ${ARGUMENTS}\n`,
  '/boot/grub2/grub.cfg':
    `set default="0"\nset superusers="«jquill»"\npassword_pbkdf2 «jquill» grub.pbkdf2.sha512.10000.«A1B2C3D4E5F60718293A4B5C»\n` +
    `password «jquill» «Tangerine44»\n# ask «Mira Quillfeather», «0170 5551234»\n` +
    `menuentry 'CentOS Linux, «Quillfeather» build' --class centos --users «jquill» $menuentry_id_option 'gnulinux-«6f3a1c52-9d0e-4b7a-8c11-2e5d7f90ab34»' {\n` +
    `\tsearch --no-floppy --fs-uuid --set=root «5C1A-09EF»\n\tcryptomount -p «Pomegranate77» -u «71d2b6aa0c4f4d1e9a55b8e0c3f7d912»\n` +
    `\tlinux16 /vmlinuz-3.10.0-514.el7.x86_64 ${ARGUMENTS}\n\tinitrd16 /initramfs-3.10.0-514.el7.x86_64.img\n}\n`,
  '/etc/default/grub':
    `# «+49 170 9988776», «mira.q@quarrel.example»\nGRUB_BACKGROUND="/home/«miraq»/«Wedding Venice».png"\nexport MAILTO=«ops@quarrel.example»\n` +
    `GRUB_CMDLINE_LINUX="${ARGUMENTS.replaceAll('"', String.raw`\"`)}"\n`,
  '/etc/modprobe.d/«quillfeather-lab».conf':
    '# by «Mira Quillfeather», token=«ghp_ZanzibarMonkey42»\noptions nouveau config=«Snickerdoodle»\nblacklist nouveau # «please ask Barnaby»\n',
  '/etc/libvirt/hooks/qemu.d/«quillfeather-win»/prepare/begin/«barnaby».sh':
    '#!/bin/sh\n# «Mira Quillfeather»\n«kumquat»=1\nvirsh nodedev-detach pci_0000_04_00_0 # «ask Barnaby»\ntouch /home/«miraq»/«vfio-diary»\n',
  '/etc/initramfs-tools/scripts/init-top/«larkspur»':
    'echo vfio-pci > "/sys/bus/pci/devices/$«marzipan»/driver_override"\n',
  '/etc/udev/rules.d/90-stick.rules':
    'SUBSYSTEM=="pci", ATTRS{serial}=="«0019E06B9C85F9A0F743»", ENV{ID_SERIAL_SHORT}=="«WD-WCC4N5PLUMRT»", DRIVER=="vfio-pci", OWNER="«miraq»", RUN+="/usr/local/bin/«notify-barnaby»"\n' +
    'ENV{ID_WWN}=="«0x50014ee2b1a93f77»", ATTR{driver_override}="vfio-pci", SYMLINK+="«vault-of-mira»"\n',
  '/proc/self/mounts':
    '/dev/mapper/«vgquillfeather-lvbrimstone» / xfs rw 0 0\n/dev/sda1 /boot xfs rw 0 0\n' +
    '«nas.quarrel.example»:/export/«payroll» /mnt/«payroll» nfs4 rw,addr=«192.168.77.4» 0 0\n' +
    '//«fileserver9»/«hr-cassowary» /mnt/hr cifs rw,username=«svcbarnaby»,domain=«QUARREL» 0 0\n' +
    '«barnaby»@«shell.quarrel.example»:/srv /home/«miraq»/«wombat-diary» fuse.sshfs rw 0 0\n' +
    '/dev/sdb /media/«miraq»/«Tax\\040Papers\\0402024» ext4 rw 0 0\n/dev/mapper/«luks-diary» /srv/«diaryvault» ext4 rw 0 0\n',
  '/sys/class/block/dm-0/dm/name': '«vgquillfeather-lvbrimstone»\n',
  '/run/udev/data/b8:16':
    'S:disk/by-id/ata-«Ziggurat_SSD_S3Z9NB0K123456X»\nS:disk/by-id/wwn-0x«5002538e40a1b2c3»\nS:disk/by-label/«MiraBackup»\nE:ID_FS_LABEL=«MiraBackup»\n',
  '/proc/bus/input/devices':
    'I: Bus=0005 Vendor=004c Product=0267 Version=0067\nN: Name="«Mira\'s Clavichord»"\nP: Phys=«a4:83:e7:12:90:fe»\nU: Uniq=«7c:04:d0:55:13:aa»\n' +
    'S: Sysfs=/devices/pci0000:00/0000:00:14.0/usb1/1-7/input/input20\nH: Handlers=sysrq kbd event20\nB: KEY=ffffffff fffffffe\n',
  '/sys/class/input/event3/device/name': '«Barnaby’s Glockenspiel» Keyboard\n',
  '/sys/bus/usb/devices/1-1.2/product': '«Miras Kazoo» Receiver\n',
  '/sys/class/block/sdb/device/model': '«Heirloom» SSD «TRK77QZX11»\n',
  '/etc/passwd':
    'root:x:0:0:root:/root:/bin/bash\n«svc-larkspur»:x:410:410:«Larkspur Ltd backup»:/var/lib/«larkspur»:/sbin/nologin\n' +
    '«miraq»:x:1000:1000:«Mira Quillfeather»,«Room 4 Marzipan Wing»,«0170 5551234»,«0171-4455667»:/home/«miraq»:/bin/bash\nmax:x:1001:1001:«Max Thistledown»:/srv/people/«thistledown»:/bin/zsh\n',
  '/etc/ssh/sshd_config':
    'Port 2222\nListenAddress «10.77.31.9»:2222\nAllowUsers «miraq» «barnaby@10.77.0.0»\nMatch Address «172.29.14.0»/24\nBanner /etc/«larkspur-banner»\n',
  '/proc/net/route':
    'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\nenp0s25\t00000000\t«011F4D0A»\t0003\t0\t0\t100\t00000000\nenp0s25\t«001F4D0A»\t00000000\t0001\t0\t0\t100\t00FFFFFF\n',
  '/proc/net/tcp':
    '  sl  local_address rem_address   st\n   0: «091F4D0A»:08AE «2B1F4D0A»:C350 01 00000000:00000000 00:00000000 00000000     0\n   1: 091F4D0A:9C40 «5E0B2CCB»:01BB 01 0\n',
  '/proc/net/if_inet6': '«2a028071b5a000170000000000000a11» 02 40 00 80 enp0s25\n',
  '/proc/net/tcp6':
    '  sl  local_address\n   0: «7180022A1700A0B500000000110A0000»:0016 «B80D01200000000000000000EE11AA55»:C350 01\n',
  '/sys/class/net/enp0s25/address': '«0c:c4:7a:4d:e1:9f»\n',
  '/proc/1/maps': '7f00-7f10 r--p 00000000 08:01 12 /home/«miraq»/«Divorce lawyer».odt\n',
  '/var/lib/passthrough-studio/vms/«marzipan-vm»/vm.json': '{"note": "«Persimmon88»"}\n',
  '/var/lib/passthrough-studio/vms/«marzipan-vm»/host.sh':
    '#!/bin/sh\n# Cards of the VM "«marzipan-vm»"\nservices=\'«rutabaga».service\'\n',
  '/var/lib/passthrough-studio/vms/«marzipan-vm»/start-vm.sh':
    '#!/bin/sh\n# «Barnaby Thistledown»\nset -- "$@" -vnc «0.0.0.0:Rutabaga»,password=«Kumquat55»\n',
}

export const PAPER_LINKS: Readonly<Record<string, string>> = {
  '/proc/1/fd/3': '/home/«miraq»/Documents/«Divorce lawyer letter».odt',
  '/proc/1/fd/4': 'socket:[«81726354»]',
  '/proc/1/fd/5': '/tmp/«merger-plans».xlsx (deleted)',
  '/proc/1/fd/6': '/dev/dri/card0',
}

const PROFILE = 'f3c6f7a1-3f0e-4d3e-9f0b-2f6f6b6f3a01'

export const PAPER_COMMANDS: Readonly<Record<string, string>> = {
  'nmcli -t -e no -f GENERAL device show enp0s25': `GENERAL.DEVICE:enp0s25\nGENERAL.HWADDR:«0C:C4:7A:4D:E1:9F»\nGENERAL.STATE:100 (connected)\nGENERAL.CONNECTION:«Quokka Home Fibre»\nGENERAL.CON-UUID:${PROFILE}\n`,
  [`nmcli -t -e no connection show uuid ${PROFILE}`]:
    'connection.id:«Quokka Home Fibre»\nconnection.type:802-3-ethernet\nconnection.zone:«zonebarnaby»\n802-3-ethernet.mtu:auto\nipv4.method:manual\n' +
    'ipv4.addresses:«10.77.31.9»/24\nipv4.gateway:«10.77.31.1»\nipv4.dns:«10.77.31.53»,«9.7.5.31»\nipv4.dns-search:«lan.quarrel.example»\nipv4.dhcp-client-id:«01:0c:c4:7a:4d:e1:9f»\n' +
    'ipv4.dhcp-hostname:«quokkabox»\nipv4.routes:\nipv6.method:auto\nipv6.dhcp-duid:«00:01:00:01:2b:4c:99:1e:0c:c4:7a:4d:e1:9f»\nipv6.token:\n' +
    'IP6.ADDRESS[1]:«2a02:8071:b5a0:17::a11»/64\nIP6.GATEWAY:«fe80::9ec7:a6ff:fe12:77d»\nDHCP4.OPTION[3]:domain_name = «lan.quarrel.example»\n',
  'ip -j address':
    '[{"ifname":"lo","addr_info":[{"local":"127.0.0.1","prefixlen":8}]},{"ifname":"enp0s25","ifalias":"«uplink of Barnaby»","address":"«0c:c4:7a:4d:e1:9f»",' +
    '"permaddr":"«80:00:02:08:fe:80:00:00:00:00:00:00:e4:1d:2d:03:00:aa:bb:cc»","addr_info":[{"local":"«10.77.31.9»","prefixlen":24,"label":"enp0s25:«larkspur»"},{"local":"«2a02:8071:b5a0:17::a11»","prefixlen":64}]}]\n',
  'qemu-kvm -version': 'QEMU emulator version 2.12.0 («quillfeather-9»)\n«Copyright Barnaby»\n',
}

/** ifupdown instead of NetworkManager: Debian's file with Wi-Fi keys. */
export const IFUPDOWN_FILES: Readonly<Record<string, string>> = {
  '/run/network/ifstate': 'lo=lo\nenp0s25=enp0s25\n',
  '/etc/network/interfaces':
    '# «Mira’s desk, Marzipan Wing»\niface enp0s25 inet static\n    address «10.77.31.9»/24\n    gateway «10.77.31.1»\n    dns-nameservers «10.77.31.53»\n    dns-search «lan.quarrel.example»\n    hostname «quokkabox»\n' +
    '    hwaddress ether «3c:7c:3f:1e:9a:b4»\n    post-up /usr/local/sbin/«tell-barnaby» --key «Elderberry31»\niface wlan0 inet dhcp\n    wpa-ssid «Quillfeather Guests»\n    wpa-psk «correct horse marzipan»\n    wireless-key «s:Gooseberry12»\n    wireless-essid «QuokkaNet»\n    wpa-identity «miraq»\n',
  '/etc/network/interfaces.d/«larkspur»': 'iface «larkbridge» inet dhcp\n    client «quokka-zither»\n',
}

/** systemd-networkd. */
export const NETWORKD_FILES: Readonly<Record<string, string>> = {
  '/run/systemd/netif/links/2':
    'ADMIN_STATE=configured\nNETWORK_FILE=/etc/systemd/network/50-«larkspur».network\nDNS=«10.77.31.53»\nDOMAINS=«lan.quarrel.example»\nDHCP6_CLIENT_DUID=DUID-EN/Vendor:«0000ab11f59ddc0b6a3b1e44»\n',
  '/etc/systemd/network/50-«larkspur».network':
    '[Match]\nMACAddress=«0c:c4:7a:4d:e1:9f»\n[Network]\n# «for Barnaby»\nDHCP=ipv4\nAddress=«10.77.31.9»/24\nGateway=«fe80::9ec7:a6ff:fe12:77d»\nDomains=«lan.quarrel.example»\n[DHCPv4]\nClientIdentifier=mac\nHostname=«quokkabox»\n[DHCPv6]\nDUIDRawData=«00:00:ab:11:f5:9d:dc:0b:6a:3b»\n[WireGuard]\nPrivateKey=«yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=»\n',
}

/** Fedora: entries by file, and what tools leave beside them. */
export const FEDORA_FILES: Readonly<Record<string, string>> = {
  '/boot/loader/entries/«0f9e8d7c6b5a49382716051423324150»-6.9.7-200.fc40.x86_64.conf': `title Fedora Linux («Quillfeather») 40\nversion 6.9.7-200.fc40.x86_64\nlinux /vmlinuz-6.9.7-200.fc40.x86_64\ninitrd /initramfs-6.9.7-200.fc40.x86_64.img\noptions root=UUID=«b1f0a7d4-93c2-4e58-a6e9-2c7d5b8f0e13» rd.luks.name=«marzipanroot» quiet\ngrub_users «jquill»\n# «Barnaby asked for it»\n`,
  '/boot/grub2/grubenv':
    '# GRUB Environment Block\nsaved_entry=«0f9e8d7c6b5a49382716051423324150»-6.9.7-200.fc40.x86_64\nowner=«Thistledown»\nkernelopts=root=LABEL=«ZephyrRoot» ro\n',
  '/etc/kernel/cmdline': 'root=LABEL=«ZephyrRoot» rd.luks.key=«/keys/persimmon.key» ro\n',
  '/etc/kernelstub/configuration': '{"user": {"esp_path": "/boot/efi", "note": "«Kumquat66»"}}\n',
  '/etc/kernel/proxmox-boot-uuids': '«1A2B-3C4D»\n',
  '/boot/efi/loader/loader.conf': 'default «marzipan»-*\n# «larkspur»\n',
  '/etc/dracut.conf.d/«larkspur-lab».conf':
    'add_drivers+=" vfio-pci " # «for Thistledown»\ninstall_items+=" /etc/«persimmon».key "\n',
}

/** What this program noted of its own. Read of a real host only, so these are put into a recording as they stand. */
export const OWN_NOTES: Readonly<Record<string, string>> = {
  '/home/«miraq»/.local/state/passthrough-studio/studio.log':
    '2026-11-29T20:15:00.000Z Nobody waited for this: Error: connect ECONNREFUSED «10.77.31.9»:5900\n' +
    '    at /home/«miraq»/«marzipan-7»/dist/main.cjs:10:3\n2026-11-29T20:15:01.000Z The disk /media/«miraq»/«Tax Papers» of «Mira Quillfeather» cannot be opened; password=«Rutabaga99»\n',
  '/var/lib/passthrough-studio/journal.jsonl': [
    {
      kind: 'intent',
      tx: '20261129-1',
      at: '2026-11-29T20:15:00.000Z',
      change: {
        kind: 'write-file',
        path: '/etc/network/interfaces',
        text: 'iface wlan0 inet dhcp\n    wpa-psk «correct horse marzipan»\n    address «10.77.31.9»/24\n# «Mira Quillfeather»\n',
      },
      before: { values: { former: 'iface wlan0 inet dhcp\n    wpa-psk «Boysenberry321»\n    wpa-ssid «QuokkaNet»\n' } },
    },
    { kind: 'intent', change: { kind: 'create-disk-image', path: '/srv/«larkspur»/«Q3 layoffs».qcow2' } },
    { kind: 'reverted', note: '/home/«miraq»/«diary».txt was changed by someone else since' },
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join(''),
}

/** What was chosen, and what QEMU and a guest said. */
export const OWN_WORDS = {
  installIso: '/home/«miraq»/«Persimmon Nine».iso',
  bridge: '«larkbridge»',
  guestAddress: '«render9.quarrel.example»',
  said: 'qemu: cannot open /srv/«larkspur»/disk: server «10.77.31.77» said no to «barnaby»',
  cmdline: 'root=LABEL=«ZephyrRoot» vault.pass=«Gooseberry12»',
}
