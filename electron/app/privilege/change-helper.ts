import type { AboutView } from '#shared/ipc/helper-view.ts'
import type { HandlerContext } from '../handler-context.ts'
import { aboutThis } from './about.ts'
import { type Program, readProgram } from './program.ts'

/** Returns what About shows now; its plan is the only one that may be installed afterwards. */
export async function aboutNow(app: HandlerContext): Promise<AboutView> {
  const view = await aboutThis(await readProgram(app.directory))
  app.shownHelper = view.plan
  return view
}

/** Installs what the page has shown last, or takes it out; answers with how things are then. */
export async function changeHelper(app: HandlerContext, work: (program: Program) => Promise<void>): Promise<AboutView> {
  await work(await readProgram(app.directory))
  await app.renewPrivilege()
  return aboutNow(app)
}
