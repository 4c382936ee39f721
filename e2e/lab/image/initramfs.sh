# shellcheck shell=bash
# Each initramfs generator, told to build a small image: a third of the time under emulation. Sourced by build.sh.
# In the matrix the card's host drivers are in the image too: there they load as early as on a real desktop, so
# binding that came only later than they do would be seen.
disk_modules=(virtio_pci virtio_blk ext4)
card_modules=(bochs snd_hda_intel)

configure_initramfs_tools() {
  mkdir -p "$1/etc/initramfs-tools/conf.d"
  printf 'MODULES=list\nCOMPRESS=zstd\nCOMPRESSLEVEL=1\nRESUME=none\nFSTYPE=ext4\n' > "$1/etc/initramfs-tools/conf.d/lab"
}

build_initramfs_tools() {
  printf '%s\n' "$@" > "$root/etc/initramfs-tools/modules"
  chroot "$root" update-initramfs -u
}

configure_dracut() {
  mkdir -p "$1/etc/dracut.conf.d"
  cat > "$1/etc/dracut.conf.d/lab.conf" <<END
hostonly="no"
early_microcode="no"
compress="zstd -q -1"
dracutmodules+=" systemd-initrd systemd-modules-load systemd-udevd dracut-systemd kernel-modules rootfs-block udev-rules base "
filesystems+=" ext4 "
END
}

build_dracut() {
  echo "drivers+=\" $* \"" >> "$root/etc/dracut.conf.d/lab.conf"
  chroot "$root" dracut -q -f "/boot/initrd.img-$release" "$release"
}
