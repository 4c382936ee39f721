# Before the program goes: what it still has to do keeps it here, and what it did is told. Nothing is taken back.
if [ -e /run/passthrough-studio/network-guard.json ]; then
  echo "passthrough-studio is not removed: a new network waits to be kept, and only this program can take it back." >&2
  echo "Say 'passthrough-studio keep', or wait until it has gone back by itself, and try again." >&2
  exit 1
fi
if [ -d /run/systemd/system ]; then
  vms=$(systemctl list-units --plain --no-legend --state=active,activating,reloading,deactivating 'passthrough-studio-vm-*.service' | cut -d' ' -f1)
  if [ -n "$vms" ]; then
    echo "passthrough-studio is not removed: a VM of it is running ($(echo "$vms" | tr '\n' ' '))." >&2
    echo "Shut it down first: passthrough-studio vm stop NAME" >&2
    exit 1
  fi
fi
if [ -e /var/lib/passthrough-studio/rescue.sh ]; then
  echo "Removing Passthrough Studio takes nothing back; what it changed stays in force and works without it."
  /usr/lib/passthrough-studio/node /usr/lib/passthrough-studio/cli.js journal ||
    echo "Its journal cannot be read whole; /var/lib/passthrough-studio/RECOVERY.txt says more."
fi
