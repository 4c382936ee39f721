/** Words of this program's own sentences, as they stand in its log and in its scripts. */
export const PLAIN_WORDS = `
  0x7 4096m about above absent absolute accel accepted accepts access account acl action add added addr address
  addresses adds administrator advanced affected after afterwards again agent agent0 agree aio all allocate allow
  allows alone along already alsa also although always amd amdgpu among and anew annotated announces another
  answer answers any anyone apart app append appends apply arch are arg args argument arguments ash ask asked asks
  attach attention audio audiodev auto autoconnect available await awake away back backend backup bad balloon
  barred base bash bdf became because become been before begin begun behind being belong belongs below beside bin
  binary bind binding binds bios black blacklist blank blanks blk blockdev blocks boolean boot booted bootindex
  bootloader boots both bound break bridge bridged bridges bring brings broke btrfs buffer build building builds
  built builtin bus busctl busy but byhand byte bytes cable cache call called came can cannot card cards carries
  case cat cause centos cfg cfi chain change changed changes channel characters chardev charge charset chassis
  check checked checkout checks chip chipsets chmod choice choices choose chooses chose chosen chown claim claimed
  claims class cleanly client clipboard clock cloned close closed closing cloud cmdline code codeformat com come
  comes command commands comment companions compared compile complete completed conditionpathexists conf config
  configuration confined conflict connected connection connections console const container continue control
  controller controllers copied copies copy core cores correct could count counted counters cpu crashed crb create
  creates ctrl current cut daemonize damaged dark data date day dddd dead debian debug decide decided deep default
  defaultdependencies defaultentry defaultroute defect defined definition delete demands denied deny dep depends
  deployment deployments describe description descriptors desktop detail dev device deviceid devices dhcp diagnose
  dialog did diff differ different differs digit digits dir direct directly directories directory disable disabled
  disc discard disk disk0 disks dismissed display distribution dmar dmesg dns docker doctor does domain done dots
  down downscript dracut drawn draws drive driver driverctl driverrules drivers drives drm drop dropins due duid
  dump dumps duplex each early earlyhook earlyscript earlyunit earlyunitwant echo effect efi elevateprivileges
  else elsewhere empty emulate emulated emulator end ended ends endswith enough enter entries entry error esac etc
  ethernet evdev events every everything exactly exec execstart exist existing exists exit exitcode expected
  export extra facts failed fails failure failures fall false family far fault feature features fedora fights file
  filename files filesystem find finds finish finished firewall firmware first fit fixed flock flood followed
  follows for forbid forbids force forced forgets forgotten form format formatkernelargs former forward
  forwarddelaysec found four frame framebuffer frames free freed frees freez from full function functions gap
  gateway gave geforce generation generations generator generic get gets gib gid give given gives glass global
  goes gone good gpu grab grant graphical graphics group groups grub grub2 grubby guard guest had hand handed
  handled hands hang hangs happens hardware has hash have hcd hda hdr head header health held help helper helps
  here hex hidden hides hint hold holds home hook hooks host hostbus hostname hostport how hpet huge hugetlb
  hugetlbsize hung hup hyper hypervisor hyphens ich9 icon icons ide idle ids iface ifdown ifname ifup ifupdown
  ignore ignored image images img impossible inaccessible include index inet inet6 info inherent inherits init
  initcpio initramfs initrd input inside install installation installed instead int intel interface interfaces
  internal interrupt interrupted interrupts into intremap invalid io0 ioh3420 iommu iommufd iothread iptables ipv4
  ipv6 items its itself ivrs ivshmem join joins journal journalctl json judge just kargs keep keeps kept kernel
  kernelmodules kernelparams kernels kernelstub key keyboard keys kib kill killed kin kind know known knows kvm
  kvmfr lacks last lastindexof lasts later layout ldd lease leave leaves left legacy length less let lets letter
  letters lib libexec libvirt lies like limit line lines link linux list listens lists live lives load loaded
  loader loads local localtime lock lockdown locked locks log login logo logs long longer look looked looking
  lookingglassmib looks loop lose lost lpc lspci mac macaddr macaddress machine machineproperties machines made
  make maker makes making managed manager managers manages manual many map mapped mapping master match math matter
  may meant meanwhile mechanism mem memdev memfd memory memorymib mend mended menu menuentry merge merged message
  method mib minimal missing misspelt mkconfig mkdir mkinitcpio mode model modeset modprobe module modules moment
  monitor moonlight more most mount mounted mounts mouse move moved moves mtu much multifunction must nadd name
  named names namespace nat native nauto nbridge need needed needs neighbour neither nested net net0 netdev
  netplan network networkctl networkd networkmanager never new newer newest next nhooks nic nine nix nixos
  nmbridge nmcli nmconnection nmodules nmport nname nobody node nodefaults none nor not note nothing nova now
  nowait npm null number numbers nvfio nvidia nvme nwants object objects obsolete off offer offers often old older
  ollama once one ones oneshot only oom open opened opening opens opensuse operation option options optionvalue
  order ordinary osrelease ostree other others otherwise our ours out output outside over override overwrites ovmf
  own owned owner owns package page pages pair paired panic paper parameter part partition partitions pass passed
  passthrough password past pasted patch path paths paused pauses pci pcie per permanent permission permissions
  permitted persistence pflash pflash01 physical picture picturefile pid pinned pinning pins pipewire pkexec place
  places plain plan plans platform plug plugged plural pointer points polkit pool port ports possible post power
  powered pre prealloc prefix prereqs preserve primary prints priority private privilege prlimit probe problem
  problemerror proc process processes processor processors productid profile program programs proof properties
  property protection protocol prove proved proven proxmox put puts q35 qcow2 qemu qmp quadro quiet r465 raise ram
  ran range ranges raw rdinit rdmsr reach reached reaches read readable readonly reads ready real reason reboot
  rebooted rebuild recognised recompiles recorded recording recovery red redhat refuse refused refuses region
  regions register release reload remainafterexit remapped remapping remark remote remove removed removes render
  renders repeat replace replaceall replaced report reported reports request requested requires rerror rescue
  reserve reserved reserves reset resizable resource resourcecontrol rest result retired return returns reversible
  rhel rhel7 right rights room root round route routes routing rpm rtc rule rules run running runs runscript
  runtime said same sandbox saw say says sbin schema screen script scripts scsi sdbootutil seabios search seated
  second secondaries seconds secure secureboot security sed see seen sees select selected sends serial serial0
  server servers service session set setpci setpriv sets settings setup several share shared shares shellquote
  short shortaddress should show shown shows shut shutting signed silently simpledrm simulated since size sizegib
  skip slave slaves sleep sleeps slice slip slot slots slow small smaller smart smm smp snapshot snapshots sock
  socket sockets softdep some somebody someone something sort sound source space spare spawn spice spicevmc squash
  squashed ssss stacked stand standard stands stanza stanzas start started starting starts state static status
  stay stays stderr stdout step steps still stimer stop stopped stopping stops store stp strange string stuck
  studio such sudo sunshine support supported survive suse suspend svm swap switch switched switches swtpm
  symbolic symlink synic sys system systemctl systemd table tables tablet tail take taken takes taking tap
  tapowner taps target taskset tcp tee tell tells template term terminal terminate test text than that the their
  them then there these they this those thread threads through throughout tib tick ticketing time timed timer
  title tmp today together token told too took tool tools top topology tostring touch touched touches tpm tpm0
  tpm2 tpmdev tpmend tpmstart tpmstate traffic translation trap tray trees tried trigger trim trimend true try
  tty0 ttys0 tun tuntap turn turns twice two txt type type1 typed ubuntu udev udevadm udevd uefi uid uki ulimit
  umask unable unbind unbinds unbound undefined under underscores undo unhandled unified unit units unix unixio
  unknown unless unmap unsafe unsigned unsupported until update updated uplink upstream usage usb use used user
  users uses usr usually utils uuid uuids uvm value var variable variables vars varsfile varsformat vdagent
  vdagent0 vendor vendorid verb version versions very vfio vfiopci vga vhost via viewer viewers virtio
  virtserialport virtual virtualization vmpaths vmport vms vmstat vmx vnc vnet vvvv wait waiting waits wants was
  way well were werror what whatever when where whether which while who whoever whole whose why width will win10
  window windows wired wireless wish with within withnewline without word words work works would write writes
  written wrmsr wrong wrote x86 xdg xfer xhci yes yet you your yours yourself zero zone
`
