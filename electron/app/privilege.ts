import { stat } from 'node:fs/promises'
import { execPath, getuid } from 'node:process'
import { ProblemError, problemLine } from '../../shared/problem.ts'
import { findTool } from '../host/exec.ts'
import type { OpenedFiles } from '../host/opened-files.ts'
import { type Helper, NoHelper } from './helper-client.ts'
import { ProcessHelper } from './process-helper.ts'

/** Where a package installs the helper; the polkit action names the same path. */
const INSTALLED_HELPER = '/usr/libexec/passthrough-studio/helper'

export interface Privilege {
  helper: Helper
  /** Why nothing can be changed; null: it can. */
  refusal: ProblemError | null
  text: string
}

/**
 * How changes will be made: directly as root, through pkexec otherwise, or not at all, with the reason.
 * `helperScript` is the built helper of this checkout, used only by root; `opened` takes what the helper reads.
 */
export async function findPrivilege(helperScript: string, opened: OpenedFiles): Promise<Privilege> {
  if (getuid?.() === 0) {
    const command = { tool: 'node' as const, path: execPath, args: [helperScript] }
    return {
      helper: new ProcessHelper(command, opened),
      refusal: null,
      text: 'Running as root: changes are made directly.',
    }
  }
  const pkexec = await findTool('pkexec')
  if (pkexec === null)
    return readOnly(
      'pkexec is not installed, so nothing can be changed.',
      'Install polkit (package pkexec or polkit), or run as root.',
    )
  if (!(await ownedByRoot(INSTALLED_HELPER))) {
    return readOnly(
      `The helper is not installed at ${INSTALLED_HELPER}, so nothing can be changed.`,
      'Install the package of Passthrough Studio, or run as root.',
    )
  }
  const command = { tool: 'pkexec' as const, path: pkexec, args: [INSTALLED_HELPER] }
  return {
    helper: new ProcessHelper(command, opened),
    refusal: null,
    text: 'Changes ask for an administrator’s password.',
  }
}

function readOnly(message: string, hint: string): Privilege {
  const refusal = new ProblemError('no-helper', message, { hint })
  return { helper: new NoHelper(refusal), refusal, text: problemLine(refusal.problem) }
}

async function ownedByRoot(path: string): Promise<boolean> {
  try {
    const found = await stat(path)
    return found.uid === 0 && (found.mode & 0o022) === 0
  } catch {
    return false
  }
}
