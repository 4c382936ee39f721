#!/bin/bash
# Builds the workstation image: a real Debian 12 with systemd, GRUB and initramfs-tools, bootable under
# software emulation. Needs root, mmdebstrap, mke2fs and node; no loop device, no mount, no first boot.
#   build.sh OUT.raw WORKDIR
set -euo pipefail

out=$1
work=$2
here=$(cd "$(dirname "$0")" && pwd)
root=$work/root
size_mib=4096
uuid=$(cat /proc/sys/kernel/random/uuid)

packages=(
  systemd-sysv udev dbus dbus-user-session polkitd pkexec libpam-systemd
  linux-image-amd64 initramfs-tools busybox grub-pc kmod pciutils iproute2 procps zstd
  qemu-system-x86 seabios
  network-manager ifupdown isc-dhcp-client bridge-utils
  xvfb xauth libgtk-3-0 libnss3 libasound2 libgbm1 libatk-bridge2.0-0 libxss1 libxtst6 libdrm2
  libxkbcommon0 libcups2 fonts-dejavu-core
)

rm -rf "$root"
mkdir -p "$work/conf"
# virtio and ext4 are all this disk needs; building a small initramfs takes a third of the time.
printf 'MODULES=list\nCOMPRESS=zstd\nCOMPRESSLEVEL=1\nRESUME=none\nFSTYPE=ext4\n' > "$work/conf/lab"

mmdebstrap --mode=root --variant=minbase --format=directory \
  --include="$(IFS=,; echo "${packages[*]}")" \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
  --dpkgopt='path-exclude=/usr/share/icons/Adwaita/[0-9s]*' --dpkgopt='path-exclude=/usr/share/i18n/*' \
  --dpkgopt='force-unsafe-io' --aptopt='Acquire::Languages "none"' \
  --setup-hook="mkdir -p \"\$1/etc/initramfs-tools/conf.d\" && cp '$work/conf/lab' \"\$1/etc/initramfs-tools/conf.d/lab\"" \
  bookworm "$root" > "$work/mmdebstrap.log" 2>&1 || { tail -40 "$work/mmdebstrap.log"; exit 1; }
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin "$root"/var/cache/apt/archives/*.deb

echo lab-ws > "$root/etc/hostname"
tr -d - < /proc/sys/kernel/random/uuid > "$root/etc/machine-id"
printf '127.0.0.1 localhost lab-ws\n' > "$root/etc/hosts"
echo "UUID=$uuid / ext4 defaults,noatime,errors=remount-ro 0 0" > "$root/etc/fstab"
chroot "$root" useradd -m -u 1000 -s /bin/bash -G kvm designer
printf 'virtio_pci\nvirtio_blk\next4\n' > "$root/etc/initramfs-tools/modules"

# The arguments in GRUB_CMDLINE_LINUX make emulation bearable; intel_iommu=off is the fault to be found and mended.
arguments="console=ttyS0 tsc=reliable mitigations=off norandmaps rcupdate.rcu_expedited=1 apparmor=0 audit=0 no_timer_check"
cat > "$root/etc/default/grub" <<END
GRUB_DEFAULT=0
GRUB_TIMEOUT=0
GRUB_DISTRIBUTOR=Debian
GRUB_CMDLINE_LINUX_DEFAULT="quiet intel_iommu=off"
GRUB_CMDLINE_LINUX="$arguments"
GRUB_TERMINAL=serial
GRUB_SERIAL_COMMAND="serial --unit=0 --speed=115200"
GRUB_DISABLE_OS_PROBER=true
END

# GRUB as grub-install would put it; the guest's own update-grub writes the menu on its first boot.
kernel=$(basename "$root"/boot/vmlinuz-*)
release=${kernel#vmlinuz-}
chroot "$root" update-initramfs -u > "$work/initramfs.log" 2>&1
mkdir -p "$root/boot/grub/i386-pc"
cp "$root"/usr/lib/grub/i386-pc/*.mod "$root"/usr/lib/grub/i386-pc/*.lst "$root"/usr/lib/grub/i386-pc/boot.img "$root/boot/grub/i386-pc/"
chroot "$root" grub-mkimage -O i386-pc -o /boot/grub/i386-pc/core.img -p '(hd0,msdos1)/boot/grub' biosdisk part_msdos ext2
chroot "$root" grub-editenv /boot/grub/grubenv create
cat > "$root/boot/grub/grub.cfg" <<END
serial --unit=0 --speed=115200
terminal_input serial
terminal_output serial
set timeout=0
insmod part_msdos
insmod ext2
search --no-floppy --fs-uuid --set=root $uuid
menuentry 'Debian GNU/Linux' {
  linux /boot/$kernel root=UUID=$uuid ro $arguments quiet intel_iommu=off
  initrd /boot/initrd.img-$release
}
END

# The job that a test hands in over 9p is started at every boot.
mkdir -p "$root"/mnt/{project,node,cache,share} "$root/var/lib/lab"
install -m 755 "$here/lab-job" "$root/usr/local/sbin/lab-job"
install -m 644 "$here/lab-job.service" "$root/etc/systemd/system/lab-job.service"
chroot "$root" systemctl -q enable lab-job.service

# Three network managers, none of them started: the network scenario puts one after the other in charge.
chroot "$root" systemctl -q disable NetworkManager.service NetworkManager-wait-online.service networking.service

# What a workstation would run but no test looks at only costs emulated time.
for unit in apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer dpkg-db-backup.timer \
  getty@tty1.service serial-getty@ttyS0.service systemd-pstore.service systemd-journal-flush.service systemd-rfkill.service \
  systemd-rfkill.socket grub-common.service grub-initrd-fallback.service proc-sys-fs-binfmt_misc.automount modprobe@configfs.service \
  modprobe@dm_mod.service modprobe@efi_pstore.service modprobe@fuse.service modprobe@loop.service sys-fs-fuse-connections.mount \
  sys-kernel-config.mount sys-kernel-debug.mount sys-kernel-tracing.mount dev-mqueue.mount systemd-random-seed.service; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
mkdir -p "$root/etc/systemd/system-generators" "$root/etc/systemd/journald.conf.d" "$root/etc/systemd/system.conf.d"
for generator in bless-boot cryptsetup debug getty gpt-auto hibernate-resume integritysetup rc-local run system-update sysv veritysetup; do
  ln -sf /dev/null "$root/etc/systemd/system-generators/systemd-$generator-generator"
done
printf 'blacklist %s\n' iTCO_wdt pcspkr i2c_i801 lpc_ich psmouse joydev sg evdev aesni_intel ccp_crypto cdrom > "$root/etc/modprobe.d/lab.conf"
printf '[Journal]\nStorage=volatile\n' > "$root/etc/systemd/journald.conf.d/lab.conf"
printf '[Manager]\nDefaultTimeoutStopSec=10s\n' > "$root/etc/systemd/system.conf.d/lab.conf"

rm -f "$out"
truncate -s "${size_mib}M" "$out"
mke2fs -q -F -t ext4 -m 0 -U "$uuid" -L root -O ^metadata_csum_seed,^orphan_file \
  -E offset=1048576,lazy_itable_init=1,lazy_journal_init=1,nodiscard -d "$root" "$out" $(((size_mib - 1) * 1024))k
node "$here/write-mbr.mjs" "$out" "$root/boot/grub/i386-pc" $((size_mib * 2048 - 2048))
rm -rf "$root"
