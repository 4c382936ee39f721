import { readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { getuid } from 'node:process'
import { runAsAdmin } from '#host/exec/as-root.ts'
import { librariesOf } from '#host/exec/libraries.ts'
import { findTool } from '#host/exec/tools.ts'
import { errnoOf } from '#host/file-reader.ts'
import { sha256 } from '#host/sha256.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { shellQuote } from '#shared/base/shell-quote.ts'
import type { HelperFile, HelperPlan } from '#shared/ipc/helper-view.ts'
import { CHECKOUT_DIRECTORY, CHECKOUT_HELPER, PACKAGED_HELPER } from './installed-helper.ts'
import { endedByPolkit } from './polkit-exit.ts'
import type { Program } from './program.ts'
import { firstWritable, onlyRootCanReplace } from './roots-alone.ts'

/** Where polkit looks for actions: everywhere, and from polkit 124 on also below /etc (polkit(8)). */
const ACTIONS = ['/usr/share/polkit-1/actions', '/etc/polkit-1/actions']
const POLICY = 'org.passthrough-studio.checkout.policy'

/** A plan with what the script is told to do it. */
interface Installation extends HelperPlan {
  args: string[]
}

/** What is asked of the host before anything is planned. */
export interface InstallHost {
  /** Where polkit looks for actions, in order. */
  actions: readonly string[]
  /** Libraries a Node is linked to. */
  libraries: (node: string) => Promise<string[]>
}

const THIS_HOST: InstallHost = { actions: ACTIONS, libraries: librariesOf }

/**
 * Returns what installing this checkout's helper would put where. Throws `internal` when a part of the checkout is
 * missing, `conflict` when its helper is not the one this program was built with, and `refused` when its Node could be
 * changed by others than root even as a copy.
 */
export async function planInstall(program: Program, host: InstallHost = THIS_HOST): Promise<Installation> {
  const { build, directory } = program
  const script = await part(directory, 'assets/linux/checkout-helper.sh')
  const bundle = await copied(join(directory, 'helper.cjs'), 'helper.cjs', 'the helper: makes the changes', '0644')
  if (bundle.sha256 !== build.helper)
    throw new ProblemError('conflict', 'This checkout was built anew since this was started.', {
      hint: 'Close the window and start it again; then the helper and the window belong together.',
    })
  const node = await nodeFile(build.node, host)
  const runs = node.copy?.path ?? node.path
  const wrapper = written(CHECKOUT_HELPER, 'what pkexec starts', '0755', wrapperText(runs, bundle.path))
  const policy = await policyFile(directory, await firstWritable(host.actions))
  const files = [bundle, node.copy, wrapper, policy].filter((file) => file !== null)
  const asks = policy === null ? ASKS_PLAINLY : ASKS_BY_NAME
  return { place: CHECKOUT_HELPER, files, script, asks, args: wordsFor(files) }
}

function wrapperText(node: string, bundle: string): string {
  return `#!/bin/sh\nexec ${shellQuote(node)} ${bundle} "$@"\n`
}

/**
 * Returns the Node that root will run: in place where only root can change it, so that its updates count; else a copy.
 */
async function nodeFile(named: string, { libraries }: InstallHost): Promise<{ path: string; copy: HelperFile | null }> {
  const path = await realpath(named).catch((thrown: unknown) => {
    throw missing(named, thrown)
  })
  for (const library of await libraries(path)) {
    if (library !== path && !(await onlyRootCanReplace(await realpath(library)))) throw foreignLibrary(path, library)
  }
  if (await onlyRootCanReplace(path)) return { path, copy: null }
  return { path, copy: await copied(path, 'node', 'the Node that runs it', '0755') }
}

function foreignLibrary(node: string, library: string): ProblemError {
  return new ProblemError('refused', `${node} uses ${library}, which others than root can change.`, {
    hint: 'Root must not run it. Build and start this checkout with another Node, e.g. the distribution’s, or install the package.',
  })
}

const ASKS_BY_NAME = 'One password installs all of it. From then on each change asks by the name of this app.'
const ASKS_PLAINLY =
  'polkit’s own directories cannot be written here, so its dialog will name the program instead of this app.'

/** Returns what the script is given: texts whole, and of files where they are now and what their bytes have to be. */
function wordsFor(files: readonly HelperFile[]): string[] {
  const policy = files.find(({ path }) => path.endsWith(POLICY))
  const wrapper = files.find(({ path }) => path === CHECKOUT_HELPER)
  const sources = files.flatMap(({ from, sha256 }) => (from === null ? [] : [from, sha256]))
  return ['install', policy?.path ?? '', policy?.text ?? '', wrapper?.text ?? '', ...sources]
}

async function policyFile(directory: string, place: string | null): Promise<HelperFile | null> {
  if (place === null) return null
  const packaged = await part(directory, 'assets/linux/org.passthrough-studio.policy')
  const what = 'the polkit action: asks for an administrator’s password'
  return written(join(place, POLICY), what, '0644', checkoutPolicy(packaged))
}

/** Installs what was planned; throws `conflict` when a file is not as it was when the plan was shown. */
export async function installHelper(program: Program, shown: HelperPlan): Promise<void> {
  const plan = await planInstall(program)
  const digests = (files: readonly HelperFile[]) => files.map(({ path, sha256 }) => `${path} ${sha256}`).join('\n')
  if (plan.script !== shown.script || digests(plan.files) !== digests(shown.files))
    throw new ProblemError('conflict', 'The helper was built anew since this list was shown.', {
      hint: 'Look at the list again, then install.',
    })
  await run(plan.script, plan.args)
}

/** Takes the checkout's helper out again. Throws `refused` while a new network waits for it. */
export async function removeHelper({ directory }: Program): Promise<void> {
  const script = await part(directory, 'assets/linux/checkout-helper.sh')
  await run(script, ['remove', ...ACTIONS.map((place) => join(place, POLICY))])
}

async function run(script: string, args: readonly string[]): Promise<void> {
  const root = getuid?.() === 0
  const pkexec = root ? null : await findTool('pkexec')
  if (!root && pkexec === null)
    throw new ProblemError('tool-missing', 'pkexec is not installed, so nobody can be asked for a password.', {
      hint: 'Install polkit first.',
    })
  const end = await runAsAdmin(pkexec, ['-s', ...args], script)
  if (end.exitCode === 0) return
  throw (
    endedByPolkit(end, pkexec !== null) ??
    new ProblemError('refused', end.stderr.trim().split('\n').at(-1) ?? 'The script failed.', {
      hint: 'Nothing else was changed.',
      detail: end.stderr,
    })
  )
}

/** Returns the packaged action, under a name and for a path of its own: both may be installed beside each other. */
function checkoutPolicy(packaged: string): string {
  return packaged
    .replaceAll('org.passthrough-studio.', 'org.passthrough-studio.checkout.')
    .replaceAll(PACKAGED_HELPER, CHECKOUT_HELPER)
}

async function part(directory: string, name: string): Promise<string> {
  const path = join(directory, name)
  return readFile(path, 'utf8').catch((thrown: unknown) => {
    throw missing(path, thrown)
  })
}

function missing(path: string, cause: unknown): ProblemError {
  return new ProblemError('internal', `${path} cannot be read (${errnoOf(cause)}).`, {
    hint: 'Run npm run build in the checkout.',
    cause,
  })
}

async function copied(from: string, name: string, what: string, mode: string): Promise<HelperFile> {
  const bytes = await readFile(from).catch((thrown: unknown) => {
    throw missing(from, thrown)
  })
  return {
    path: join(CHECKOUT_DIRECTORY, name),
    what,
    mode,
    bytes: bytes.length,
    sha256: sha256(bytes),
    from,
    text: null,
  }
}

function written(path: string, what: string, mode: string, text: string): HelperFile {
  const bytes = Buffer.from(text)
  return { path, what, mode, bytes: bytes.length, sha256: sha256(bytes), from: null, text }
}
