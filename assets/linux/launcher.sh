#!/bin/sh
# Opens the window of Passthrough Studio; with a verb, the same program answers on the terminal.
place=/usr/lib/passthrough-studio
case ${1-} in
  '') ;;
  -h | --help | --version) exec "$place/node" "$place/cli.js" "$@" ;;
  -*) ;;
  *) exec "$place/node" "$place/cli.js" "$@" ;;
esac
if [ "$(id -u)" = 0 ]; then
  echo "passthrough-studio: the window does not run as root. Start it as an ordinary user; it asks for an" >&2
  echo "administrator's password when something is changed. Root has all of it on the terminal: passthrough-studio help" >&2
  exit 2
fi
if [ -z "${DISPLAY-}${WAYLAND_DISPLAY-}" ]; then
  echo "passthrough-studio: there is no display here, so no window can open. Start it in a graphical session, or use" >&2
  echo "the terminal: passthrough-studio doctor tells how this host stands, passthrough-studio help the rest." >&2
  exit 2
fi
exec "$place/passthrough-studio" "$@"
