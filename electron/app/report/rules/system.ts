import type { Context, Rule } from './rule.ts'
import { byLine, linesLike, onlyThere } from './rule.ts'

/** Accounts and the name of the system. */
export const SYSTEM: readonly Rule[] = [
  { paths: /^\/etc\/os-release$/u, keep: linesLike(/^(?:NAME|ID|VERSION_ID|PRETTY_NAME)=["']?[\w\s./()!+-]*["']?$/u) },
  { paths: /^\/etc\/passwd$/u, keep: byLine(account) },
  // VMs that are written have what was made of it; others may get something else in a replay.
  { paths: /^\/etc\/machine-id$/u, keep: onlyThere },
]

/** Accounts that packages make. */
const PACKAGED =
  /^(?:root|daemon|bin|sys|nobody|gdm|sddm|lightdm|greetd|libvirt-qemu|qemu|kvm|pulse|pipewire|nvidia-persistenced|ollama|messagebus|dbus|systemd-[a-z-]+)$/u

/** Name, ids and home; who it is goes. An account of a service may be named after whose service it is. */
function account(line: string, { hide }: Context): string | null {
  const [name = '', , uid = '', gid = '', , home = ''] = line.split(':')
  if (!/^\d+$/u.test(uid) || !/^\d+$/u.test(gid)) return null
  const person = Number(uid) >= 1000 && Number(uid) < 60_000
  const shown = PACKAGED.test(name) ? name : hide.as(person ? 'user' : 'account', name)
  // Two colons in a row would look like an address.
  return `${shown}:x:${uid}:${gid}:-:${hide.words(home)}:-`
}
