/** Words of paths, of the kernel's command line, of configuration files and of QEMU, which are the same everywhere. */
export const SYSTEM_WORDS = `
  reattach 0000 00e098032b8c 10 11 11d2 2048kb 4m 64 802 aa0d aarch64 accel accept access acpi acs action activationpolicy
  active add addprefixroute addr address addresses admin advanced aeon agent ahci alias all allow allowed almalinux
  alsa amd amd64 amdgpu amdttm anyware apfs apic apparmor append apply arch architecture args arp artix aspm assign
  ata atomic attr attrs audio audiodev audit auto autoconf autoconnect autodetect autoselect autosuspend avic backend
  backups bak base bash batmanadvanced bcache bcachefs bdeviceclass big bin binaries bind binterfaceclass
  binterfaceprotocol bios bios_date biosdevname bitmap bits blacklist bli blk block blockdev blscfg bluestore bond
  bonding bookworm boot booted bootindex bootloader bridge broadcast bsd btrfs build builtin bullseye bus buses
  busnum buster by bytes cache cachyos call card cards carrier ccg cd cdev centos ceph cfg cfi cgroup chain
  chainloader change chardev chassis claim class client clientidentifier clocksource cloned cmdline code codeformat
  codename com combined comm composite compress con conf config configuration configured configurewithoutcarrier
  configuring connected connection connections console consolefont constant container containerenv control copied
  copy core cores cp cpu cpuinfo crashkernel crb create created crs cryptdevice cryptkey crypto ctrl current d3
  d3cold data date dbus ddf debian debug deepin default definition delay deny dep description designate destination
  detach detect dev device devices devicetree devlink devnum devpath dhcp dhcpserver dhcpv4 dhcpv6 dir direct directory
  disable disabled discard disk display displayport distributor dm dmar dmi dns docker dockerenv domain domains done
  down downscript downstream dp dpkg dracut dracutmodules drbd dri drive driver driverctl diskbus driveriso drivers moredisks drives
  drm dropin dropins dsdt duid duidtype dump duplex duplicateaddressdetection dvi dynamic early earlyprintk echo
  edition editor edk2 edp efi efifb efivars ehci el elementary elevateprivileges else emergency emitlldp emsr emulate
  emulated emulation emulator enable enabled encrypt endeavouros enforce enrolled enterprise entries entry env
  environ es essid etc ether ethernet eui64 evdev event eventfd evmcs exec executable exfat export exports ext
  externally extradevices f2fs facp failed fallback false fat fb fbcon fc fd features fedora fi fib file filename
  files filesystems fips firmware flags flash flatpak flock focal for force format forwarddelaysec free frequencies
  fsck full fullflush function functions fuse fwsetup garuda gateway gen general generation generic gentoo gid glass
  global gmu gnu gnulinux goto gpu gpus grab grant graphics group groups grub grub2 grubby grubenv guard guest guided
  handoff hardened hat hcd hda hdmi hdmia helper hid hidden hidraw hierarchy hint holders home hooks host hostbus
  hostname hostonly hostport hotkey hotplug hpbussize hpet huge hugepage hugepages hugepagesz hugetlb hugetlbsize hv
  hw hwaddress hwdata i2c i386 i440fx i8042 i915 iaid ich9 id ide idle idproduct ids idvendor if iface ifb ifindex
  ifname ifnames ifstate igfx ignore ignorecarrierloss image img import index inet inet6 info information init
  initcpio initramfs initrd initrd16 initrdefi initrdfail input inputdevices insmod install installiso intel intent
  interface interfaces interrupts invtsc io ioh3420 iomem iommu iothread ip ip6tnl ipforward ipi ipmasquerade
  iptables ipv4 ipv6 ipv6acceptra ipv6privacyextensions ipvlan ipvtap irqaffinity iscsi iso9660 isolation isolcpus
  isw items ivhd ivrs ivshmem jack jammy journal json jsonl kali kbd kdump keep keepconfiguration kept kernel
  kernelopts kernels kernelstub kexec key keyboard keymap keys kill kind kinoite kmod kms kstat kubuntu kvm kvmfr
  kvmfr0 label lan launch lax lazy leap leasehours leasetime leds legacyvga lib lib64 libexec lifetime limit
  lingering link linklocaladdressing links linux linux16 linuxefi linuxmint linuz list lldp llmnr lo load loader
  loaderentry loaderentrydefault loaderinfo local localtime lock lockdown logfile loglevel looking lookingglassmib
  loopback lower lowlatency lpc lsm lts luks lv lvds lvm lvm2 mac macaddress macaddresspolicy machine machines macsec
  macvlan macvtap madvise manager manjaro mantic manual manufacturer map mapper mapping maps master masters match max
  maxwait mb mcfg md mdadm mem member memdev memfd meminfo memmap memory memorymib memtest86 menu menuentry merge
  method metric microcode microos migratable miimon mint misc mitigations mkconfig mkinitcpio mmc mnt modconf mode
  model modeset modified modprobe module modules mon monitor moonlight mountinfo mounts mouse ms msi msrs mtd mtu
  mtubytes multi multicastdns multifunction mx name nameserver nameservers nested net netdev netif netmask netplan
  netroot network networkd networkmanager never new next nfs nic nixos nmcli nmconnection nmi no noaer noapic nobara
  noble nobody nocbs node nodedev nodefaults nofb nohz nokaslr nolapic nommconf nomodeset nomsi none noresume note nouveau
  nowatchdog nr ntfs ntp null numa numvfs nvidia nvme nvram object obsolete off old oldkern omit on once onlink oom
  oops opensuse oper operstate option options oracle org originalname os osi osrelease oss ostree overcommit overlay
  override ovmf owner pa pages panic parameters params part partlabel parts partuuid passive passthrough passwd
  password path pc pci pcie pcoip peer pending permanent permanentmacaddress permissions pflash pflash01 phy phys
  physfn picture pid pinning pipewire plain platform plymouth pnp pointopoint polkit pop port ports post power ppp
  premount prepare pre prealloc preempt preferred preserve preset prev previous primary priority privacy privext probe proc product
  productid profile program proof properties property proxmox proxy psk pstate pt pve pwd q35 qcow2 qemu qga qmp
  quiet quirks ra radeon raid ram random raw rcu rd rdinit rdp readonly realloc reboot rebuild recovery red redhat
  reenlightenment regions relaxed release reliable remmina remote remove rename renderd repeat report
  requiredfamilyforonline requiredforonline requires rescue reserve reserved reset resize resolv resource
  resourcecontrol resources result resume resv rev reverted revision rhel rhgb rm ro rocky rolling root rootdelay
  rootflags rootfstype rootwait route routemetric routes routing rpmb rpool rtc rules run runtime rw s3 s4 sandbox
  save saved sbin scope screen script scripts scsi sd sdbootutil sdl search secboot secondaries secure secureboot
  security sed self selinux sendhostname serial serial0 serio server service set setapart setup sev sh sha256 share
  shared shim show shutdown siblings sid silverblue simple simpledrm simplefb single sit size sizegib slave slaves
  sleep slice slot slowroll sm smm smp snakeoil snapshot snapshots snd snp sock socket sockets softdep sort sound
  source spawn speed spice spicevmc spinlocks spl splash split squashfs sriov ssdt ssh sshd ssid stable standard
  state static status stimer storage stp stream strict stub studio submenu subsystem subsystems subvol sunshine
  surplus suse swap swaps switch swsuspend swtpm symlink synic sys sysctl system systemd table tables tablet tag tags
  tap target targets tcp tcp6 team template terminal terminate test text then thread threadirqs threads ticketing
  time timeout timer timestamp title tlbflush tmpfs token tools top topoext topology totalvfs tpm tpm0 tpm2 tpmdev
  tpmstate transparent trap trie trixie true tsc tty0 ttys0 tumbleweed tun tuned tunnel tx txt type type1 types
  ubuntu ucode ucsi udev udf uefi uevent uhid uid uki umask unbind undo unified unix unixio unmanaged unmap
  unrestricted until up update upper usb usbcore usbdevices usbhid use usedns usedomains usehostname usemtu usentp
  user useroutes userouting users usr uuid uuids value vapic var vars varsformat varstemplate vconsole vcpus vdagent
  ve vendor vendorid verbose verify version vesafb vfat vfio vga vhost video viewer virqfd virt virsh virtio virtserialport
  virtual vlan vmlinux vmlinuz vmport vms vmstat vnc void vpindex vrf vsyscall vt vtconsole vxlan wait waitport wants
  watchdog width window windows wired wireless with workstation wpa write x64 x86 xdg xe xfer xfreerdp xfreerdp3 xfs
  xhci xmm yes zen zfs zone zorin zram zswap
`
