import { join } from 'node:path'
import { execPath, getuid, versions } from 'node:process'
import type { HelperCommand } from '#host/exec/as-root.ts'
import { findTool, firstExecutable } from '#host/exec/tools.ts'
import { ProblemError, problemLine } from '#shared/base/problem.ts'
import type { HelperFound, PrivilegeView, WayOn } from '#shared/ipc/helper-view.ts'
import { CHECKOUT_HELPER, InstalledHelpers, PACKAGED_HELPER } from './installed-helper.ts'
import { onTerminal, packagedDigest, type Program } from './program.ts'

/** How changes are made, or why none can be. */
export interface Access {
  /** Null: nothing can be changed, and `refusal` says why. */
  command: HelperCommand | null
  refusal: ProblemError | null
  text: string
  wayOn: WayOn
}

/** Whether this user can change the host, as it is now: a helper may come, go or be updated while the app runs. */
export interface Privilege {
  readonly access: Access
  /** Looks again; true: something is different. */
  renew(): Promise<boolean>
}

/** Returns what the window shows of it. */
export function viewOf({ access: { refusal, text, wayOn } }: Privilege): PrivilegeView {
  return { canChange: refusal === null, text, wayOn }
}

/** Makes the privilege of a host that is not this one: always the same answer. */
export function fixedPrivilege(text: string, refusal: ProblemError | null): Privilege {
  return { access: { command: null, refusal, text, wayOn: 'none' }, renew: () => Promise.resolve(false) }
}

/** Reads this host's helpers and decides by them. `access` before the first `renew` lets nothing be done. */
export class RealPrivilege implements Privilege {
  access: Access = none('Not looked at yet.', 'Wait a moment.', 'none')
  /** Every helper that the last look found. */
  found: readonly HelperFound[] = []
  private readonly program: Program
  private readonly helpers = new InstalledHelpers()

  constructor(program: Program) {
    this.program = program
  }

  async renew(): Promise<boolean> {
    const { build } = this.program
    const former = this.access
    this.found = await this.helpers.look(build)
    this.access = decide(this.program, this.found, {
      root: getuid?.() === 0,
      pkexec: await findTool('pkexec'),
      onDisk: build.origin === 'package' ? await packagedDigest() : null,
      nixos: (await firstExecutable(['/run/current-system/sw/bin/nixos-version'])) !== null,
      nodeItself: 'electron' in versions ? build.node : execPath,
    })
    return former.text !== this.access.text
  }
}

interface Means {
  root: boolean
  /** Path of pkexec; null: polkit is not installed. */
  pkexec: string | null
  /** For a package: the digest of the helper that the one installed now says is its own; null: it tells none. */
  onDisk: string | null
  /** A host whose /etc is made from one configuration, with its tools below /run. */
  nixos: boolean
  /** A Node that runs the helper for root. */
  nodeItself: string
}

/**
 * Decides who makes the changes: directly as root, through pkexec otherwise, or not at all, with the reason and a hint.
 */
export function decide(program: Program, found: readonly HelperFound[], means: Means): Access {
  const fitting = found.find(({ fits }) => fits) ?? null
  const packaged = program.build.origin === 'package'
  if (means.root) {
    if (fitting === null && packaged) return packageBroken(program, found, means)
    const ownScript = { path: means.nodeItself, args: [join(program.directory, 'helper.cjs')] }
    const command = fitting === null ? ownScript : { path: fitting.path, args: [] }
    return granted({ tool: 'direct', ...command }, 'Running as root: changes are made directly.')
  }
  if (means.nixos) return onNixos()
  if (means.pkexec === null) return withoutPolkit(program)
  if (fitting === null) return packaged ? packageBroken(program, found, means) : checkoutLacks(program, found)
  return granted(
    { tool: 'pkexec', path: means.pkexec, args: [fitting.path] },
    'Changes ask for an administrator’s password.',
  )
}

function withoutPolkit(program: Program): Access {
  return none(
    'Changes ask for an administrator’s password through polkit, which is not installed.',
    `Install it: packages polkitd and pkexec on Debian and Ubuntu, polkit or pkexec elsewhere. Or make changes as root on a terminal: sudo ${onTerminal(program)} help.`,
    'none',
  )
}

function onNixos(): Access {
  return none(
    'On NixOS this window looks and changes nothing: files below /etc are made from your configuration.',
    'Step 3 shows the lines for it; rebuild with them, and check again.',
    'none',
  )
}

function granted(command: HelperCommand, text: string): Access {
  return { command, refusal: null, text, wayOn: 'none' }
}

function none(message: string, hint: string, wayOn: WayOn): Access {
  const refusal = new ProblemError('no-helper', message, { hint })
  return { command: null, refusal, text: problemLine(refusal.problem), wayOn }
}

/** Program and helper come in one package: when they differ, it was updated since we were started, removed or damaged. */
function packageBroken({ build }: Program, found: readonly HelperFound[], { onDisk }: Means): Access {
  if (onDisk !== null && onDisk !== build.helper)
    return none(
      'Passthrough Studio was updated since this was started.',
      'Start it anew to go on. Nothing is lost, and a running VM goes on.',
      'restart',
    )
  const own = found.find(({ path }) => path === PACKAGED_HELPER)
  return none(
    own === undefined
      ? 'The helper of Passthrough Studio is gone from this host; its package was removed or is damaged.'
      : `The helper at ${own.path} cannot be used: it ${own.text}.`,
    'Install the package again.',
    'none',
  )
}

function checkoutLacks(program: Program, found: readonly HelperFound[]): Access {
  const own = found.find(({ path }) => path === CHECKOUT_HELPER)
  const other = own ?? found[0]
  const here = onTerminal(program)
  const orElse = `or make changes as root: sudo ${here} help.`
  if (other === undefined)
    return none(
      'Everything can be looked at and nothing changed yet: the helper is not installed.',
      `Install the helper (one password; on a terminal ${here} helper install), ${orElse}`,
      'install',
    )
  return none(
    `The helper at ${other.path} cannot be used: it ${other.text}.`,
    own === undefined
      ? `Install the helper of this checkout beside it (on a terminal ${here} helper install), start the installed program instead, ${orElse}`
      : `Update the helper (on a terminal ${here} helper install), ${orElse}`,
    own === undefined ? 'install' : 'update',
  )
}
