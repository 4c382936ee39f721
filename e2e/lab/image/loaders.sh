# shellcheck shell=bash
# How each boot loader gets onto the disk, as its own installer would put it; sourced by build.sh.
# Uses: root, work, out, uuid, kernel, release, arguments, size_mib, here.

esp_mib=160
esp_id=1AB0E5B0

# The guest's update-grub reads this.
grub_defaults() {
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
}

# A first menu; the guest's own update-grub writes the real one on its first boot.
grub_menu() {
  cat > "$root/boot/grub/grub.cfg" <<END
serial --unit=0 --speed=115200
terminal_input serial
terminal_output serial
set timeout=0
insmod $1
insmod ext2
search --no-floppy --fs-uuid --set=root $uuid
menuentry 'Debian GNU/Linux' {
  linux /boot/$kernel root=UUID=$uuid ro $arguments quiet intel_iommu=off
  initrd /boot/initrd.img-$release
}
END
}

grub_modules() {
  mkdir -p "$root/boot/grub/$1"
  cp "$root/usr/lib/grub/$1"/*.mod "$root/usr/lib/grub/$1"/*.lst "$root/boot/grub/$1/"
  chroot "$root" grub-editenv /boot/grub/grubenv create
}

prepare_grub_pc() {
  grub_defaults
  grub_modules i386-pc
  cp "$root/usr/lib/grub/i386-pc/boot.img" "$root/boot/grub/i386-pc/"
  chroot "$root" grub-mkimage -O i386-pc -o /boot/grub/i386-pc/core.img -p '(hd0,msdos1)/boot/grub' biosdisk part_msdos ext2
  grub_menu part_msdos
}

prepare_grub_efi() {
  grub_defaults
  grub_modules x86_64-efi
  printf 'search.fs_uuid %s root\nset prefix=($root)/boot/grub\n' "$uuid" > "$root/boot/grub/early.cfg"
  mkdir -p "$root/boot/efi/EFI/BOOT"
  chroot "$root" grub-mkimage -O x86_64-efi -c /boot/grub/early.cfg -o /boot/efi/EFI/BOOT/BOOTX64.EFI -p /boot/grub \
    part_gpt ext2 search search_fs_uuid normal linux configfile serial terminal
  rm "$root/boot/grub/early.cfg"
  grub_menu part_gpt
}

# systemd-boot as bootctl installs it: the menu's program, and where the firmware looks when nothing is configured.
install_systemd_boot() {
  local esp=$root/boot/efi binary=$root/usr/lib/systemd/boot/efi/systemd-bootx64.efi
  mkdir -p "$esp/EFI/BOOT" "$esp/EFI/systemd" "$esp/loader/entries" "$root/etc/kernel"
  cp "$binary" "$esp/EFI/BOOT/BOOTX64.EFI"
  cp "$binary" "$esp/EFI/systemd/systemd-bootx64.efi"
  echo 'timeout 0' > "$esp/loader/loader.conf"
  echo type1 > "$esp/loader/entries.srel"
}

# Debian's own kernel-install makes the entry; it copies the kernel and the initramfs to the ESP.
prepare_systemd_boot() {
  local esp=$root/boot/efi
  install_systemd_boot
  mkdir -p "$esp/$(cat "$root/etc/machine-id")"
  echo "root=UUID=$uuid ro $arguments quiet intel_iommu=off" > "$root/etc/kernel/cmdline"
  chroot "$root" kernel-install add "$release" "/boot/$kernel" "/boot/initrd.img-$release"
  # Paths in an entry are the partition's own; kernel-install cannot see one where nothing is mounted.
  sed -i 's# /boot/efi/# /#' "$esp"/loader/entries/*.conf
}

# kernel-install has ukify make one image of kernel, initramfs and /etc/kernel/cmdline.
prepare_uki_kernel_install() {
  install_systemd_boot
  echo 'layout=uki' > "$root/etc/kernel/install.conf"
  echo "root=UUID=$uuid ro $arguments quiet intel_iommu=off" > "$root/etc/kernel/cmdline"
  # No partition is mounted there yet, so it is told.
  chroot "$root" env BOOT_ROOT=/boot/efi kernel-install add "$release" "/boot/$kernel" "/boot/initrd.img-$release"
}

# dracut makes that image itself, of arguments in its own configuration; what the package put into /boot is not needed.
prepare_uki_dracut() {
  install_systemd_boot
  printf 'uefi="yes"\nkernel_cmdline="%s"\n' "root=UUID=$uuid ro $arguments quiet intel_iommu=off" \
    > "$root/etc/dracut.conf.d/unified.conf"
  chroot "$root" dracut -q -f --kver "$release"
  rm -f "$root"/boot/initrd.img-*
}

# Makes the root filesystem from SECTOR of the disk to its end, without mounting anything.
root_filesystem() {
  local kib=$(((size_mib - 1) * 1024 - $1 / 2))
  mke2fs -q -F -t ext4 -m 0 -U "$uuid" -L root -O ^metadata_csum_seed,^orphan_file \
    -E "offset=$(($1 * 512)),lazy_itable_init=1,lazy_journal_init=1,nodiscard" -d "$root" "$out" "${kib}k"
}

write_bios_disk() {
  truncate -s "${size_mib}M" "$out"
  root_filesystem 2048
  node "$here/write-mbr.mjs" "$out" "$root/boot/grub/i386-pc" $((size_mib * 2048 - 2048))
}

# A GUID partition table, the ESP filled by mtools, and the root filesystem behind it.
write_efi_disk() {
  local esp_sectors=$((esp_mib * 2048))
  truncate -s "${size_mib}M" "$out"
  printf 'label: gpt\nstart=2048, size=%s, type=uefi\nstart=%s, type=linux\n' "$esp_sectors" $((2048 + esp_sectors)) |
    sfdisk --quiet "$out"
  mkfs.vfat -F 32 -s 1 -i "$esp_id" --offset 2048 "$out" $((esp_mib * 1024)) > "$work/vfat.log" 2>&1
  mcopy -i "$out@@1048576" -s "$root"/boot/efi/* ::/
  rm -rf "$root"/boot/efi/*
  root_filesystem $((2048 + esp_sectors))
}
