import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { stdout } from 'node:process'
import { makeBundle } from '#app/report/bundle.ts'
import type { Studio } from '#app/studio.ts'
import { replacedWords } from '#shared/ipc/report.ts'
import type { Command } from './arguments.ts'

/** Writes the redacted bundle: into a directory, or into a file when the name ends in .json. */
export async function report({ session, current }: Studio, command: Command): Promise<number> {
  const { text, view } = await makeBundle(session, current.saved)
  const out = command.out ?? 'passthrough-studio-report'
  const path = out.endsWith('.json') ? out : join(out, 'host.json')
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
  const said = `${path} is written. Replaced: ${replacedWords(view.replaced)}.\nLook through it before you pass it on. Replay: passthrough-studio doctor --host dir:${out}\n`
  stdout.write(command.json ? `${JSON.stringify({ path, replaced: view.replaced })}\n` : said)
  return 0
}
