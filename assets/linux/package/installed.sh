# Says what comes next; starts nothing. $2: the version that was there before (deb-postinst(5)).
if [ -z "${2-}" ]; then
  echo "Passthrough Studio is installed. Start it from the menu, or: passthrough-studio"
else
  echo "Passthrough Studio is updated. An open window of it says so and can be started anew; running VMs go on."
fi
