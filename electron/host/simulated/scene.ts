import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { DATA_DIRECTORY } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { recordingOf } from './description.ts'
import { PAPER_WORKSTATION } from './paper/workstation.ts'
import { SimulatedHost } from './simulated.ts'

const VMS = `${DATA_DIRECTORY}/vms`

/** What somebody else did to the simulated workstation, so that trouble can be practised and tested. */
const scene = z.strictObject({
  /** Texts that lie there from the start, by path. */
  files: z.record(z.string(), z.string()).default({}),
  /** Files that can neither be written, moved nor removed, as after chattr(1) +i; asked again before each effect. */
  immutable: z.array(z.string()).default([]),
})
type Scene = z.infer<typeof scene>

/** Returns the paper's workstation in the scene that a file describes. Throws `not-found` or `bad-recording`. */
export async function workstationIn(path: string): Promise<SimulatedHost> {
  const { files } = await readScene(path)
  const { files: before, dirs } = PAPER_WORKSTATION
  const there = { files: { ...before, ...files }, dirs: { ...dirs, [VMS]: vmsIn(files) } }
  const host = new SimulatedHost(recordingOf({ ...PAPER_WORKSTATION, ...there }))
  host.beforeEffect = async (what) => {
    const { immutable } = await readScene(path)
    const barred = immutable.find((file) => what.endsWith(` ${file}`))
    if (barred !== undefined)
      throw new ProblemError('permission', `${barred} cannot be written: it is not allowed (EPERM).`, {
        hint: 'It may be marked immutable: lsattr tells, chattr -i takes the mark away.',
      })
  }
  return host
}

/** A description lists a directory with a file in it, and none above. */
function vmsIn(files: Scene['files']): string[] {
  const names = Object.keys(files).flatMap((path) => (path.startsWith(`${VMS}/`) ? (path.split('/')[5] ?? []) : []))
  return [...new Set(names)].sort()
}

async function readScene(path: string): Promise<Scene> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new ProblemError('not-found', `There is no scene at ${path}.`, {
      hint: 'Give the JSON file that says what happened to the simulated workstation.',
      cause,
    })
  })
  const parsed = scene.safeParse(json(text))
  if (parsed.success) return parsed.data
  throw new ProblemError('bad-recording', `${path} is not a scene of the simulated workstation.`, {
    hint: 'It holds JSON: {"files": {"/PATH": "TEXT"}, "immutable": ["/PATH"]}.',
    detail: z.prettifyError(parsed.error),
  })
}

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
