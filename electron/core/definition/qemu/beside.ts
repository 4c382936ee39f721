import { shellQuote } from '#shared/base/shell-quote.ts'
import type { VmDefinition, VmPaths } from '#shared/vm/vm.ts'

/** The part of start-vm.sh that starts what runs beside QEMU, and waits until it listens. */
export function besideStart(definition: VmDefinition, paths: VmPaths): string[] {
  return [...tpmStart(definition, paths), ...foldersStart(definition, paths)]
}

/** The part that ends it: it ends by itself when QEMU closes the connection; this is for a QEMU that never came. */
export function besideEnd({ tpm, sharedFolders }: VmDefinition): string[] {
  return [
    ...(tpm ? ['kill "$tpm" 2>/dev/null || :', 'wait "$tpm" 2>/dev/null || :'] : []),
    ...(sharedFolders.length > 0
      ? ['for folder in $folders; do', '  kill "$folder" 2>/dev/null || :', '  wait "$folder" 2>/dev/null || :', 'done']
      : []),
  ]
}

function tpmStart({ tpm }: VmDefinition, paths: VmPaths): string[] {
  if (!tpm) return []
  const state = shellQuote(paths.tpmState)
  return [
    '# The TPM: its state lies beside the disk; keep both together in a backup.',
    `swtpm socket --tpm2 --tpmstate dir=${state} --ctrl type=unixio,path=${shellQuote(paths.tpm)} --terminate 9>&- &`,
    'tpm=$!',
    listening(paths.tpm),
  ]
}

/**
 * In namespaces of its own virtiofsd sees the directory and nothing else of the host (virtiofsd's README, sandbox). As an
 * ordinary user it acts as that user alone, whoever asks in the guest.
 */
function foldersStart({ sharedFolders }: VmDefinition, paths: VmPaths): string[] {
  if (sharedFolders.length === 0) return []
  return [
    '# Shared folders: each has a server that sees its directory alone.',
    'folders=',
    ...sharedFolders.flatMap(({ number, directory, readOnly }) => {
      const socket = shellQuote(paths.folder(number))
      const shared = `--shared-dir=${shellQuote(directory)}${readOnly ? ' --readonly' : ''}`
      return [
        `virtiofsd --socket-path=${socket} ${shared} --sandbox=namespace 9>&- &`,
        'folders="$folders $!"',
        listening(paths.folder(number)),
      ]
    }),
  ]
}

function listening(socket: string): string {
  return `for _ in 1 2 3 4 5 6 7 8 9 10; do [ -S ${shellQuote(socket)} ] && break; sleep 0.5; done`
}
