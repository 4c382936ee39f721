#!/bin/sh
# Opens the window of Passthrough Studio; with a verb, the same program answers on the terminal.
place=/usr/lib/passthrough-studio
for word in "$@"; do
  case $word in
    --no-sandbox | --disable-setuid-sandbox | --disable-namespace-sandbox | --disable-seccomp-filter-sandbox)
      echo "passthrough-studio: the window does not open without its sandbox ($word)." >&2
      exit 2
      ;;
  esac
done
case ${1-} in
  '') ;;
  # What the command line takes before its verb; any other switch is the window's.
  -h | --help | --version | -- | --host | --host=* | --json | --choice* | --confirm* | --password-file* | --disc* | --card* | --out* | --record* | --last | --all | --paper)
    exec "$place/node" "$place/cli.js" "$@"
    ;;
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
