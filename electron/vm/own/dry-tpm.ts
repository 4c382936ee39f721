import { randomBytes } from 'node:crypto'
import { lstat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { makePlace } from '#host/temporary-place.ts'
import { problemOf } from '#shared/base/problem.ts'
import { vmPaths } from '#shared/vm/vm.ts'
import { type As, runAsUser } from './as-user.ts'

const SAYS = 1000

/** A TPM that was started to see whether it does. */
interface DryTpm {
  socket: string
  /** Ends it and takes its state away; returns what it said where it had ended by itself, else nothing. */
  end(): Promise<string>
}

/**
 * Starts a TPM with a state of its own: the VM's is not touched, and lies beside it. So a swtpm that AppArmor confines is
 * asked where it will have to work. It is there once its socket is, or has ended by itself. It ends with QEMU's
 * connection, but one that refused its arguments never connected. It is a child of ours, so no id that its user could
 * have written down is needed to end it.
 */
export async function startTpm({ definition, asRoot }: As): Promise<DryTpm> {
  const as = { definition, asRoot }
  const { directory, remove } = await stateOf(as)
  const socket = `${directory}/tpm.sock`
  const control = `type=unixio,path=${socket}`
  const stop = new AbortController()
  let [over, words] = [false, '']
  const isOver = () => over
  const args = ['socket', '--tpm2', '--tpmstate', `dir=${directory}`, '--ctrl', control, '--terminate']
  const ended = runAsUser('swtpm', args, as, stop.signal)
    .then(({ exitCode, stdout, stderr }) => (words = exitCode === 0 ? '' : `${stderr}${stdout}`))
    .catch((thrown: unknown) => (words = stop.signal.aborted ? '' : problemOf(thrown).message))
    .finally(() => (over = true))
  while (!isOver() && !(await isThere(socket))) await sleep(20)
  return {
    socket,
    end: async () => {
      stop.abort()
      await ended
      await remove()
      return words.trim().slice(0, SAYS)
    },
  }
}

function isThere(socket: string): Promise<boolean> {
  return lstat(socket).then(
    () => true,
    () => false,
  )
}

/**
 * A directory for its state in the VM's own, which is there from the VM's first start on; before that a temporary one.
 * Its user makes it and takes it away: root follows none of the links that a user could put there.
 */
async function stateOf(as: As): Promise<{ directory: string; remove: () => Promise<unknown> }> {
  const directory = `${vmPaths(as.definition.name).tpmState}/dry-${randomBytes(4).toString('hex')}`
  const inOwn = (script: string) => runAsUser('sh', ['-c', script, 'sh', directory], as)
  const { exitCode } = await inOwn('mkdir -m 0700 -- "$1" 2>/dev/null || exit 1')
  if (exitCode === 0) return { directory, remove: () => inOwn('rm -r -f -- "$1"') }
  return makePlace(as.asRoot ? as.definition.user : null)
}
