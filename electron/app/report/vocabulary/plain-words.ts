/** Words of this program's own sentences, as they stand in its log and in its scripts. */
export const PLAIN_WORDS = `
  03d 0o4200 0x7 1048576kb 1g 2048 2176 4096m about above absent absolute accel accepted accepts access account accuracysec
  acl action activating add added addr address addresses addrule adds administrator advanced affected after
  afterwards again agent agent0 agree aio all allocate allow allowedcpus allows alnum alone along already alsa
  also alt although always amd amdgpu among and anew annotated announces another answer answers any anyone
  anything anyway apart app apparmor append appends apply arch are arg args argument arguments argv arm around ash ask
  asked asks atstart attach attention audio audiodev auto autoconnect autostart available await awake away back backend
  backup bad balloon barred bars base basename bash bdf became because become been before begin begins begun behind
  being belong belongs below beside besides between bin binary bind binding binds bios bits black blacklist
  blank blanks blk blockdev blocks boolean boot booted bootindex bootloader boots both bound break bridge
  bridged bridges bring brings broke btrfs buffer build building builds built builtin bus busctl busy but byhand
  byte bytes cable cache caches call called came can cannot capabilities capabilityboundingset caps card cards carries
  case cat cause centos certain cfg cfi chain change changed changes channel channels characters chardev
  chardevs charge charset chassis check checked checkout checks child chip chipsets chmod choice choices choose
  chooses chose chosen chown claim claimed claims class cleanly clear client clients clipboard clock cloned
  close closed closing cloud cmdline code codeformat collect com come comes command commands comment companions
  compared compile complete completed conditionpathexists conf config configuration confined confines conflict connect
  connected connection connections console const cont container continue control controller controllers copied
  copies copy core cores coresharing correct could count counted counters cpu cpuset cpusets crashed crb create creates ctrl
  current cut daemonize damaged dark data date day dddd deactivating dead debian debug decide decided deep
  default defaultdependencies defaultentry defaultroute defect defined definition delete demand demands denied deny dep
  depends deployment deployments describe description descriptor descriptors desktop detail dev device deviceid
  devices dhcp diagnose dialog did diff differ different differs digit digits dir direct directly directories
  directory dirname disable disable_s4 disabled disc discard disk disk0 diskio disks dismissed display distribution
  dmar dmesg dns docker doctor does domain done dots down downscript dracut drawn draws driftfix drive driver
  driverctl driverrules drivers drives drm drop dropins due duid dump dumps duplex each earlier early earlyhook
  earlyscript earlyunit earlyunitwant echo effect efi elevateprivileges elif else elsewhere empties empty
  emsr emulate emulated emulator end ended ends endswith enough enroll enrolled enter entries entry errno error esac etc ethernet
  evdev events every everyone everything evmcs exactly except excl exclusive exclusively exec execstart execstartpre execstop
  execstoppost execute exist existing exists exit exitcode expected export extra extraarguments facts fail
  failed fails failure failures fall false family far fault feature features fedora fights file filename files
  filesystem find finds finish finished firewall firmware first fit fixed flock flood folder folder1 folder2 folder3 folder4 folders followed follows for
  forbid forbids force forced forgets forgotten form format formatkernelargs former forward forwarddelaysec forwards
  found four frame framebuffer frames free freed freedesktop frees freez from frontend full function functions
  fw fw_cfg gap gateway gave geforce generation generations generator generic get gets gib gid gigantic give given gives
  glass global goes gone good gpu grab grant graphical graphics grep group groups grub grub2 grubby guard guest guestport
  had hand handed handled hands hang hangs happens hardware has hash have hcd hda hdr head header health held
  help helper helps here hex hibernate hidden hidehypervisor hides hint hold holder holds home hook hooks host
  hostbus hostfwd hostname hostport hostsleep hours how however hpet huge hugepagemib hugepages hugepagesz hugetlb hugetlbpage hugetlbsize hung hup hyper
  hypervisor hyphens ich9 icon icons ide idle ids iface ifdown iff ifname ifs ifup ifupdown ignore ignored image
  images img import impossible inaccessible include index indexof inet inet6 infinity info inh inherent inherits
  inhibit inhibitor init initcpio initramfs initrd input inside install installation installed instead int intel
  interface interfaces internal interrupt interrupted interrupts into intremap invalid io0 ioh3420 iommu iommufd
  iothread iptables ipv4 ipv6 it items its itself ivrs ivshmem job join joins journal journalctl json judge just
  kargs keep keeper keeps kept kernel kernelmodules kernelparams kernels kernelstub key keyboard keys kib kill
  killed kin kind know known knows kvm kvmfr l3 label lacking lacks large last lastindexof lasts later layout ldd lead lease
  leave leaves left legacy length less let lets letter letters lib libexec libvirt lies like limit limitmemlock
  line lines link linux list listens lists little live lives lname load loaded loader loads local localtime lock
  lockdown locked locks log logged login logind logo logs long longer look looked looking lookingglassmib looks
  lookup loop lose lost lpc lse lspci lvm1 mac macaddr macaddress machine machineproperties machines made major
  make maker makes making manage managed manager managers manages manual many map mapped mapping master match
  math matter maxdepth may meant meanwhile mechanism mem memdev memfd memory memorymib memorynode memtotal mend mended menu
  menuentry merge merged message method mib microsoft mind minimal minor minutes missed missing misspelt mkconfig mkdir
  mkfifo mkinitcpio mmin mmiowindowmib modalias mode model modeset modprobe module modules moment monitor
  moonlight more morenics most mount mounted mounts mouse move moved moves mtu much multifunction must my nadd name named
  names namespace nat native nauto nbridge near need needed needs neighbour neither nested net net0 net2 net3 net4 netdev netplan
  network networkctl networkd networking networkmanager never new newer newest next nhooks nic nicmodel nine nix nixos
  nmbridge nmcli nmconnection nmodules nmport nname nobody node nodefaults nodes nonarch none nonewprivileges nor not
  note noted notes nothing nova now nowait npm null number numbers nvfio nvidia nvme nwants object objects
  obsolete off offer offers often old older ollama once one ones oneshot online only oom open opened opening
  opens opensuse operation opt option options optionvalue order ordinary oserror osrelease ostree other others
  otherwise our ours out outlives output outside over override overwrites ovmf own owned owner owns package page
  pages pair paired panic paper parameter part partition partitions pass passed passthrough passthrough0
  passthroughstudio password past pasted patch path paths patience paused pauses pci pcie pcieport pcimmio64mb
  pcmc peer per perl permanent permission permissions permitted persistence person pflash pflash01 phys physbits
  physical picture picturefile pid pidfile pin pinned pinning pins pipe pipewire pkexec place places plain plan
  plans platform plug plugged plural pointer points policy polkit pool port ports possible post power powerdown powered
  pre prealloc prefix prepares prereqs preserve press primary printf prints priority private privilege privs
  prlimit probe problem problemerror proc process processes processor processors productid profile program
  programs promised proof properties property protection protocol prove proved proven proxmox pulse put puts
  python python3 q35 qcode qcow2 qemu qmp qse quadro query queue queues quiet quit r465 raise raised ram ran range ranges raw
  rdinit rdmsr rdonly reach reached reaches read readable readlink readonly reads ready real reason reboot
  rebooted rebuild receive recognised recompiles recorded recording recovery red redhat reenlightenment refusal refuse refused refuses
  regid region regions register release reload reloading remainafterexit remapped remapping remark remote remove
  removed removes render renders repeat replace replaceall replaced report reported reports request requested
  requires rerror rescue reserve reserved reserves reset resizable resource resourcecontrol rest result retired
  return returns reuid reversible rhel rhel7 right rights rombar romfile roms room root round route routes
  routing rpm rtc rule rules run running runs runscript runtime rwk said same sandbox saw say says sbin schema
  screen script scripts scsi sdbootutil seabios search seated second secondaries seconds secure secureboot
  security sed see seen sees segments select selected send sendall sends seq serial serial0 server servers serves
  service services session sessions set setpci setpriv sets settimeout settings settle setup several share
  shared sharedfolders shares shellquote shift short shortaddress should show shown shows shut shutting signed silent silently
  simpledrm simulated since size sizegib skip slave slaves sleep sleeping sleeps slew slice slices slip slot
  slots slow slower small smaller smart smm smp snapshot snapshots sock socket sockets softdep some somebody
  someone something soon sort sound source space spare spawn spec special spice spicevmc squash squashed ssss
  stacked stand standard stands stanza stanzas start started starting starts stat state static status stay stays
  stderr stdout step steps still stimer stop stopped stopping stops stopseconds store stp strange stream string stuck
  studio subject success such sudo sunshine support supported survive suse suspend svm swap switch switched
  switches swtpm symbolic symlink synic sys sysopen system systemctl systemd systemd1 table tables tablet tag tail
  take taken takes taking tap tapowner taps target task taskset tcp tee tell tells template ten term terminal
  terminate test text than that the their them then there these they thing this those thread threads through
  throughout tib tick ticketing ticks time timed timeoutstartsec timeoutstopsec timer title tmp today together
  token told too took tool tools top topology tostring total touch touched touches tpm tpm0 tpm2 tpmdev tpmend
  tpms tpmstart tpmstate tr traffic translation trap tray trees tried trigger trim trimend true try tty0 ttys0 tun
  tuntap turn turns twice two txt type type1 typed ubuntu udev udevadm udevd uefi uid uki ulimit umask unable
  unbind unbinds unbound unconfined undefined under underscores undo unhandled unified unit units unix unixio unknown
  unless unmap unneeded unsafe unsigned unsplit unsupported until unused update updated uplink upstream uring usage
  usb use used user users userstopdelaysec uses using usr usually utils uuid uuids uvm value var variable
  variables variant vars varsfile varsformat vdagent vdagent0 vectors vendor vendorid verb version versions very vesa
  vfio vfiopci vga vhost via viewer viewers virt virtio virtiofsd virtserialport virtual virtualization vmpaths vmport vms
  vmstat vmx vnc vnet vvvv wait waited waiting waits wants was way well were werror what whatever when where
  whether which while who whoever whole whom whose why width will win10 window windows wired wireless wish with
  within withnewline without word words work works would write writes written wrmsr wrong wrote x86 xdg xfer
  xhci xmm xorg yes yet you your yours yourself zero zone
`
