# shellcheck shell=bash
# SELinux on the image, enforcing from its first boot; sourced by build.sh.
# Uses: root.
selinux_packages=(selinux-policy-default policycoreutils selinux-utils)
# Of two words the last counts. Without audit the kernel does not say what SELinux refuses.
selinux_arguments='security=selinux selinux=1 audit=1'

# Labels every file as the policy says; to be called when the image is complete. setfiles reaches files through /proc.
label_files() {
  sed -i 's/^SELINUX=.*/SELINUX=enforcing/' "$root/etc/selinux/config"
  # What a test shares is 9p, of which Debian's policy knows nothing: it could not even be mounted.
  echo '(genfscon 9p / (system_u object_r nfs_t ((s0) (s0))))' > "$root/tmp/lab.cil"
  chroot "$root" semodule --noreload --install=/tmp/lab.cil
  rm "$root/tmp/lab.cil"
  mount -t proc proc "$root/proc"
  chroot "$root" setfiles -F -e /proc -e /sys -e /dev /etc/selinux/default/contexts/files/file_contexts /
  umount "$root/proc"
}
