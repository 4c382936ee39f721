/**
 * A function of the shell that puts the way to a device (`wayTo` in shared/facts/identity.ts) into `way`, and one that
 * compares it with what a line of a script has; no way on the line: an earlier version's, which fits any. Nothing but
 * builtins, for it runs in an initramfs too: `cd -P` leaves the real path in PWD (POSIX cd).
 */
export const SHELL_WAY = `# The way to a device through the ports: bus numbers move when cards are added, slots do not.
way() {
  way=
  cd -P "$1" || return 1
  rest=\${PWD#/sys/devices/}
  cd /
  while [ -n "$rest" ]; do
    part=\${rest%%/*}
    case $part in *:*:*.?) way=\${way:+$way/}\${part##*:} ; [ "$way" != "\${part##*:}" ] || way=$part ;; esac
    case $rest in */*) rest=\${rest#*/} ;; *) rest= ;; esac
  done
}
reached() {
  [ -z "\${2:-}" ] || { way "$1" && [ "$way" = "$2" ]; }
}
`
