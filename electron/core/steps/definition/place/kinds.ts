import type { ImagePlace } from '#shared/facts/images/image-place.ts'
import type { Against } from './against.ts'

const VOLATILE = ['tmpfs', 'ramfs']
const LAYERED = ['overlay', 'aufs']
const REMOTE = ['nfs', 'nfs4', 'cifs', 'smb3', 'ceph', 'glusterfs', '9p', 'virtiofs']

/**
 * Returns what speaks against the kind of filesystem; null: nothing. QEMU opens images past the host's cache (O_DIRECT),
 * which not each of these can do (open(2)).
 */
export function kindOfPlace({ mount: { point, type } }: ImagePlace): Against | null {
  const why = reason(type)
  if (why === null) return null
  const text = `${point} is ${type}: ${why}`
  return {
    text,
    source: '/proc/self/mounts',
    quote: `${point} ${type}`,
    advice: 'Choose a directory on a disk of this host.',
  }
}

function reason(type: string): string | null {
  if (VOLATILE.includes(type)) return 'what lies there is gone after a reboot, and QEMU may not open it.'
  if (LAYERED.includes(type)) return 'what is written there may be gone after a reboot, and QEMU may not open it.'
  if (REMOTE.includes(type) || type.startsWith('fuse.'))
    return 'root may not be let in, QEMU may not open it past the host’s cache, and a guest hangs as long as it is away.'
  return null
}
