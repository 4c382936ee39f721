# shellcheck shell=bash
# Takes out of the image what a workstation would run but no test looks at: it only costs emulated time.
quieten() {
  local unit generator
  for unit in apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer dpkg-db-backup.timer \
    getty@tty1.service serial-getty@ttyS0.service systemd-pstore.service systemd-journal-flush.service systemd-rfkill.service \
    systemd-rfkill.socket grub-common.service grub-initrd-fallback.service proc-sys-fs-binfmt_misc.automount modprobe@configfs.service \
    modprobe@dm_mod.service modprobe@efi_pstore.service modprobe@fuse.service modprobe@loop.service sys-fs-fuse-connections.mount \
    sys-kernel-config.mount sys-kernel-debug.mount sys-kernel-tracing.mount dev-mqueue.mount systemd-random-seed.service \
    systemd-boot-system-token.service systemd-boot-update.service; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit"
  done
  mkdir -p "$root/etc/systemd/system-generators" "$root/etc/systemd/journald.conf.d" "$root/etc/systemd/system.conf.d"
  for generator in bless-boot cryptsetup debug getty gpt-auto hibernate-resume integritysetup rc-local run system-update sysv veritysetup; do
    ln -sf /dev/null "$root/etc/systemd/system-generators/systemd-$generator-generator"
  done
  printf 'blacklist %s\n' iTCO_wdt pcspkr i2c_i801 lpc_ich psmouse joydev sg evdev aesni_intel ccp_crypto cdrom > "$root/etc/modprobe.d/lab.conf"
  printf '[Journal]\nStorage=volatile\n' > "$root/etc/systemd/journald.conf.d/lab.conf"
  printf '[Manager]\nDefaultTimeoutStopSec=10s\n' > "$root/etc/systemd/system.conf.d/lab.conf"
}
