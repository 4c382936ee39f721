# Puts the helper of a checkout in place for root, or takes it out again. The app shows this text first, then hands it
# to `pkexec /bin/sh -s` on standard input, so that one password does all of it or nothing.
#   install POLICY_FILE POLICY_TEXT HELPER_TEXT BUNDLE SHA256 [NODE SHA256]
#   remove POLICY_FILE...
# BUNDLE and NODE are the user's files: they are copied first and compared then, so what is installed is what was shown.
set -eu
umask 077
place=/opt/passthrough-studio
new=$place.new

fail() {
  rm -rf "$new"
  echo "$1" >&2
  exit 1
}

# copied SOURCE NAME SHA256 MODE
copied() {
  cp -- "$1" "$new/$2" || fail "$1 cannot be copied."
  echo "$3  $new/$2" | sha256sum --check --status || fail "$1 has changed since it was shown. Look again."
  chmod "$4" "$new/$2"
}

unless_a_network_waits() {
  if [ -e /run/passthrough-studio/network-guard.json ]; then
    fail "A new network waits to be kept or taken back, and the helper does that. Keep it, or wait a minute."
  fi
}

# Who may rename what lies in a directory may put something else in its place.
only_root_above() {
  at=$(readlink -f /opt)
  while :; do
    [ -n "$(find "$at" -maxdepth 0 -uid 0 \( ! -perm /022 -o -perm -1000 \))" ] ||
      fail "$at can be changed by others than root, so nothing below it can be root's alone."
    [ "$at" != / ] || break
    at=$(dirname "$at")
  done
}

put_in_place() {
  policy=$1 policy_text=$2 helper_text=$3
  unless_a_network_waits
  rm -rf "$new"
  (umask 022 && mkdir -p /opt) || fail "/opt cannot be made."
  only_root_above
  mkdir "$new" || fail "$new cannot be made."
  copied "$4" helper.cjs "$5" 644
  if [ $# -gt 5 ]; then copied "$6" node "$7" 755; fi
  printf '%s' "$helper_text" > "$new/helper" || fail "$new/helper cannot be written."
  chmod 755 "$new/helper" "$new"
  if [ -n "$policy" ]; then
    printf '%s' "$policy_text" > "$policy.new" || fail "$policy cannot be written."
    chmod 644 "$policy.new"
    mv -f "$policy.new" "$policy"
  fi
  rm -rf "$place"
  mv "$new" "$place"
}

take_out() {
  unless_a_network_waits
  rm -rf "$place" "$new"
  rm -f "$@"
}

verb=$1
shift
case $verb in
  install) put_in_place "$@" ;;
  remove) take_out "$@" ;;
  *) fail "This script installs or removes." ;;
esac
