#!/bin/bash
# Builds a lab image: a real Debian (12, or 13 where it says so) with systemd, bootable under software emulation. Needs root, mmdebstrap,
# mke2fs and node, for an EFI loader also sfdisk, mkfs.vfat and mtools; no loop device, no mount, no first boot.
#   build.sh OUT.raw WORKDIR workstation                      GRUB (BIOS), initramfs-tools, and all that the window needs
#   build.sh OUT.raw WORKDIR network                          the same, with netplan
#   build.sh OUT.raw WORKDIR selinux                          the same, with SELinux enforcing
#   build.sh OUT.raw WORKDIR desktop                          the same, with an X server and a login screen on the card
#   build.sh OUT.raw WORKDIR grub-pc|grub-efi|systemd-boot initramfs-tools|dracut       what a reboot and the package need
#   build.sh OUT.raw WORKDIR uki-kernel-install initramfs-tools                         the same with Debian 13
#   build.sh OUT.raw WORKDIR uki-dracut dracut                                          the same
set -euo pipefail
# A directory of this machine is none of the image that programs of the image are run in below.
unset TMPDIR

out=$1
work=$2
flavour=$3
here=$(cd "$(dirname "$0")" && pwd)
root=$work/root
uuid=$(cat /proc/sys/kernel/random/uuid)
. "$here/loaders.sh"
. "$here/initramfs.sh"
. "$here/quiet.sh"
. "$here/selinux.sh"

# What the package of the program depends on comes last: no network is there when it is installed.
packages=(
  systemd-sysv udev dbus linux-image-amd64 kmod pciutils zstd
  polkitd pkexec libpam-systemd procps
  libnss3 libgbm1 libxcomposite1 libxdamage1 libxrandr2 libxkbcommon0 libx11-xcb1
)
libraries=(libgtk-3-0 libasound2 libatk-bridge2.0-0 libcups2)
suite=bookworm
size_mib=3072
loader=$flavour
initramfs=${4:-}
modules=("${disk_modules[@]}" "${card_modules[@]}")
if [ "$flavour" = network ]; then
  flavour=workstation
  packages+=(netplan.io)
fi
if [ "$flavour" = desktop ]; then
  flavour=workstation
  packages+=(xserver-xorg-core xdm)
fi
selinux=no
if [ "$flavour" = selinux ]; then
  flavour=workstation
  selinux=yes
  packages+=("${selinux_packages[@]}")
fi
if [ "$flavour" = workstation ]; then
  loader=grub-pc
  initramfs=initramfs-tools
  size_mib=4096
  modules=("${disk_modules[@]}")
  packages+=(
    network-manager ifupdown isc-dhcp-client bridge-utils
    dbus-user-session iproute2 qemu-system-x86 qemu-guest-agent seabios
    xvfb xauth x11-utils libglib2.0-bin fonts-dejavu-core
  )
fi
case $loader in
  grub-pc) packages+=(grub-pc) ;;
  grub-efi) packages+=(grub-efi-amd64) ;;
  systemd-boot) packages+=(systemd-boot) ;;
  uki-kernel-install) packages+=(systemd-boot systemd-boot-efi systemd-ukify) suite=trixie ;;
  # dracut puts the image together with objcopy.
  uki-dracut) packages+=(systemd-boot systemd-boot-efi binutils) suite=trixie ;;
  *) echo "unknown boot loader: $loader" >&2; exit 2 ;;
esac
case $initramfs in
  initramfs-tools) packages+=(initramfs-tools busybox) ;;
  dracut) packages+=(dracut) ;;
  *) echo "unknown initramfs generator: $initramfs" >&2; exit 2 ;;
esac

# Since Debian 13 these carry a mark of the longer time_t in their names.
[ "$suite" = bookworm ] || libraries=("${libraries[@]/%/t64}")
packages+=("${libraries[@]}")

rm -rf "$root"
mkdir -p "$work/configured"
"configure_${initramfs//-/_}" "$work/configured"
mmdebstrap --mode=root --variant=minbase --format=directory \
  --include="$(IFS=,; echo "${packages[*]}")" \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
  --dpkgopt='path-exclude=/usr/share/icons/Adwaita/[0-9s]*' --dpkgopt='path-exclude=/usr/share/i18n/*' \
  --dpkgopt='force-unsafe-io' --aptopt='Acquire::Languages "none"' \
  --setup-hook="cp -rT '$work/configured' \"\$1\"" \
  "$suite" "$root" > "$work/mmdebstrap.log" 2>&1 || { tail -40 "$work/mmdebstrap.log"; exit 1; }
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin "$root"/var/cache/apt/archives/*.deb

echo lab-ws > "$root/etc/hostname"
tr -d - < /proc/sys/kernel/random/uuid > "$root/etc/machine-id"
printf '127.0.0.1 localhost lab-ws\n' > "$root/etc/hosts"
echo "UUID=$uuid / ext4 defaults,noatime,errors=remount-ro 0 0" > "$root/etc/fstab"
if [ "$loader" != grub-pc ]; then
  mkdir -p "$root/boot/efi"
  echo "UUID=${esp_id:0:4}-${esp_id:4} /boot/efi vfat umask=0077 0 0" >> "$root/etc/fstab"
fi
# Who works here, and who may be asked for a password (polkit's rule for Debian names the group sudo).
chroot "$root" useradd -m -u 1000 -s /bin/bash -G kvm designer
chroot "$root" useradd -m -u 1001 -s /bin/bash -G sudo admin
echo 'admin:lab' | chroot "$root" chpasswd

# These make emulation bearable. Each loader adds intel_iommu=off, the fault to be found and mended.
arguments="console=ttyS0 tsc=reliable mitigations=off norandmaps rcupdate.rcu_expedited=1 apparmor=0 audit=0 no_timer_check nohz=off highres=off"
[ "$selinux" = no ] || arguments="$arguments $selinux_arguments"
kernel=$(basename "$root"/boot/vmlinuz-*)
release=${kernel#vmlinuz-}
"build_${initramfs//-/_}" "${modules[@]}" > "$work/initramfs.log" 2>&1 || { tail -40 "$work/initramfs.log"; exit 1; }
"prepare_${loader//-/_}"

# The job that a test hands in over 9p is started at every boot.
mkdir -p "$root"/mnt/{project,node,cache,share} "$root/var/lib/lab"
install -m 755 "$here/lab-job" "$root/usr/local/sbin/lab-job"
install -m 644 "$here/lab-job.service" "$root/etc/systemd/system/lab-job.service"
chroot "$root" systemctl -q enable lab-job.service
quieten

if [ "$flavour" = workstation ]; then
  # Three network managers, none of them started: the network scenario puts one after the other in charge.
  chroot "$root" systemctl -q disable NetworkManager.service NetworkManager-wait-online.service networking.service
fi

[ "$selinux" = no ] || label_files
rm -f "$out"
if [ "$loader" = grub-pc ]; then write_bios_disk; else write_efi_disk; fi
rm -rf "$root"
