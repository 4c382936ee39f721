# After files were put in place: the AppArmor profile, where this host's parser takes it. One that cannot be parsed in
# /etc/apparmor.d would fail apparmor.service at each boot, so it is no file of the package there.
profile=/usr/share/passthrough-studio/apparmor-profile
place=/etc/apparmor.d/passthrough-studio
if [ -d /etc/apparmor.d ] && command -v apparmor_parser > /dev/null 2>&1; then
  if apparmor_parser --skip-kernel-load --skip-cache "$profile" > /dev/null 2>&1; then
    cp "$profile" "$place"
    chmod 644 "$place"
    if [ -d /sys/kernel/security/apparmor ]; then
      apparmor_parser --replace --skip-cache "$place" || echo "passthrough-studio: the AppArmor profile $place is loaded at the next boot."
    fi
  else
    rm -f "$place"
  fi
fi
