import { ProblemError } from '#shared/base/problem.ts'
import { type CallInput, type CallName, type CallOutput, calls } from '#shared/ipc/schema.ts'
import { diagnoseRequest, vmLog } from './diagnosis.ts'
import type { HandlerContext } from './handler-context.ts'
import { aboutNow, changeHelper } from './privilege/change-helper.ts'
import { installHelper, removeHelper } from './privilege/checkout-helper.ts'
import { makeBundle } from './report/bundle.ts'
import { journalRows, readRecoverySheet } from './session/journal-reader.ts'

/** One handler for each call of the schema. */
export type Handlers = { [N in CallName]: (input: CallInput<N>) => Promise<CallOutput<N>> }

/** Handlers of all groups. A failed action shows as the phase, so its handler does not throw. */
export function handlersOf(app: HandlerContext): Handlers {
  return {
    ...ofApp(app),
    ...ofHost(app),
    ...ofPlans(app),
    ...ofVms(app),
    ...ofConsole(app),
    ...ofPages(app),
    ...ofHelp(app),
  }
}

type Group<G extends string> = Pick<Handlers, Extract<CallName, `${G}.${string}`>>

function ofApp(app: HandlerContext): Group<'app'> {
  return {
    'app.about': () => aboutNow(app),
    'app.installHelper': () => {
      const shown = app.shownHelper
      if (shown === null)
        throw new ProblemError('usage', 'What would be installed has not been shown yet.', {
          hint: 'Open About first.',
        })
      return changeHelper(app, (program) => installHelper(program, shown))
    },
    'app.removeHelper': () => changeHelper(app, removeHelper),
    'app.restart': async () => {
      if (app.active.acting)
        throw new ProblemError('busy', 'Something is under way.', { hint: 'Wait until it is done.' })
      app.desktop.restart()
      return null
    },
    'app.copyText': async (text) => {
      await app.desktop.copy(text)
      return null
    },
  }
}

function ofHost(app: HandlerContext): Group<'host'> {
  return {
    'host.snapshot': async () => {
      const snapshot = app.snapshot()
      if (snapshot !== null) return snapshot
      throw new ProblemError('busy', 'The host is still being looked at.', { hint: 'Wait for the first look to end.' })
    },
    'host.log': async () => app.active.current.log,
    'host.recheck': () => app.act((studio) => studio.recheck()),
    'host.readBootMenu': () => app.act((studio) => studio.readBootMenu()),
    'host.reboot': () => app.act((studio) => studio.reboot()),
    'host.dismissProblem': () => app.act(async (studio) => studio.dismiss()),
    'host.use': async (where) => {
      await app.open(where)
      return null
    },
  }
}

function ofPlans(app: HandlerContext): Group<'plan'> {
  return {
    'plan.choose': (choices) => app.act((studio) => studio.choose(choices)),
    'plan.apply': ({ planId, typed, password }) => app.act((studio) => studio.apply(planId, typed, password)),
    'plan.undo': (step) => app.act((studio) => studio.undo({ kind: 'step', step })),
    'plan.undoAll': () => app.act((studio) => studio.undo({ kind: 'all' })),
    'plan.leave': ({ tx, index }) => app.act((studio) => studio.leave(tx, index)),
    'plan.setJournalAside': () => app.act((studio) => studio.setJournalAside()),
    'plan.confirmNetwork': () => app.act((studio) => studio.confirmNetwork()),
  }
}

function ofVms(app: HandlerContext): Group<'vms'> & Group<'snapshots'> {
  return {
    'vms.select': (name) => app.act((studio) => studio.selectVm(name)),
    'vms.add': (name) => app.act((studio) => studio.addVm(name)),
    'vms.forget': (name) => app.act((studio) => studio.forgetVm(name)),
    'vms.start': (name) => app.act((studio) => studio.startVm(name)),
    'vms.shutDown': (name) => app.act((studio) => studio.shutDownVm(name)),
    'vms.forceOff': (name) => app.act((studio) => studio.forceOffVm(name)),
    'vms.reset': (name) => app.act((studio) => studio.resetVm(name)),
    'vms.discs': () => app.active.discs(),
    'vms.changeDisc': ({ name, disc }) => app.act((studio) => studio.changeDisc(name, disc)),
    'vms.prove': () => app.act((studio) => studio.proveVm()),
    'vms.usage': () => app.active.vmUsage(),
    'vms.log': async () => {
      const { source, text, why } = await vmLog(app.active)
      return { path: source, text, why }
    },
    'vms.guestReach': () => app.active.guestReach(),
    'vms.openViewer': async () => {
      await app.active.openViewer()
      return null
    },
    'snapshots.list': () => app.active.snapshots(),
    'snapshots.take': (name) => app.act((studio) => studio.takeSnapshot(name)),
    'snapshots.goBack': (name) => app.act((studio) => studio.goBackTo(name)),
    'snapshots.remove': (name) => app.act((studio) => studio.removeSnapshot(name)),
  }
}

function ofConsole(app: HandlerContext): Group<'console'> {
  return {
    'console.open': () => {
      const { session } = app.active
      return app.screens.open(session.vm.screen(app.active.mustHaveDefinition()))
    },
    'console.read': (id) => app.screens.read(id),
    'console.write': async ({ id, bytes }) => {
      app.screens.write(id, bytes)
      return null
    },
    'console.close': async (id) => {
      app.screens.close(id)
      return null
    },
    'console.savePicture': (bytes) => {
      const { name } = app.active.mustHaveDefinition()
      const moment = new Date().toISOString().slice(0, 19).replaceAll(/[T:]/gu, '-')
      return app.desktop.saveAs(`${name}-${moment}.png`, bytes)
    },
  }
}

function ofPages(app: HandlerContext): Group<'hardware'> & Group<'changes'> {
  const sheet = () => readRecoverySheet(app.active.session.host)
  return {
    'hardware.devices': async () => app.active.devices(),
    'hardware.lspci': (address) => app.active.lspciOf(address),
    'hardware.drivers': async () => app.active.drivers(),
    'hardware.topology': async () => app.active.topology(),
    'hardware.saveTopology': (picture) =>
      app.desktop.saveAs(`topology.${picture.kind}`, picture.kind === 'svg' ? picture.text : picture.bytes),
    'changes.journal': async () => journalRows(app.active.current.journal),
    'changes.recoverySheet': sheet,
    'changes.saveRecoverySheet': async () => {
      const text = await sheet()
      return text === null ? null : app.desktop.saveAs('passthrough-studio-recovery.txt', text)
    },
  }
}

function ofHelp(app: HandlerContext): Group<'help'> {
  return {
    'help.diagnose': (request) => diagnoseRequest(app.active, request),
    'help.report': async () => {
      app.bundle = await makeBundle(app.active.session, app.active.current.saved)
      return app.bundle.view
    },
    'help.reportPart': async (id) => app.bundle?.texts[id] ?? null,
    'help.saveReport': async () => {
      if (app.bundle === null) throw new ProblemError('usage', 'There is no report yet.', { hint: 'Make it first.' })
      return app.desktop.saveAs('passthrough-studio-report.json', app.bundle.text)
    },
  }
}

/** What a call takes and gives, by its name; a mapped type keeps input and output of one name together. */
type Io = { [N in CallName]: { input: CallInput<N>; output: CallOutput<N> } }
type Schemas = {
  [N in CallName]: {
    input: { parse(value: unknown): Io[N]['input'] }
    output: { parse(value: unknown): Io[N]['output'] }
  }
}
const SCHEMAS: Schemas = calls

/** Performs calls by name: name and input are checked before the handler, its answer after. */
export function performer(handlers: Handlers): (name: string, input: unknown) => Promise<CallOutput<CallName>> {
  const perform = async <N extends CallName>(name: N, input: unknown): Promise<Io[N]['output']> => {
    const schema = SCHEMAS[name]
    return schema.output.parse(await handlers[name](schema.input.parse(input)))
  }
  return (name, input) => {
    if (isCall(name)) return perform(name, input)
    throw new ProblemError('refused', `There is no call "${name}".`, { hint: 'Start the program again.' })
  }
}

function isCall(name: string): name is CallName {
  return Object.hasOwn(calls, name)
}
