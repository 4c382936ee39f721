# After the program has gone: the AppArmor profile goes too. Not on an update.
place=/etc/apparmor.d/passthrough-studio
if [ -e "$place" ]; then
  if [ -d /sys/kernel/security/apparmor ] && command -v apparmor_parser > /dev/null 2>&1; then
    apparmor_parser --remove "$place" > /dev/null 2>&1 || echo "passthrough-studio: its AppArmor profile is unloaded at the next boot."
  fi
  rm -f "$place"
fi
