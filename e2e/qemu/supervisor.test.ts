import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { cpus } from 'node:os'
import { kill } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { definitionText } from '#core/definition/definition.ts'
import { RealHost } from '#host/real/real.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { VmSupervisor } from '#vm/own/supervisor.ts'
import { withQmp } from '#vm/qmp/client.ts'
import { processesWith } from './prepared.ts'
import { DetachedLauncher, fixedPlaces, pidOf, type StartableVm, startableVm } from './startable-vm.ts'
import { defined, realQemu, workstation } from './workstation.ts'

const qemu = await realQemu()
const facts = await workstation(qemu)
const uefi = qemu.firmware.length > 0
const swtpm = existsSync('/usr/bin/swtpm')
const small = { memoryMiB: 512, vcpus: 2, disk: { kind: 'new', format: 'qcow2', sizeGiB: 1 } } as const

async function left({ run, data }: StartableVm): Promise<string[]> {
  const sockets = (await readdir(run)).filter((name) => name.endsWith('.sock'))
  return [...sockets, ...(await processesWith(data))]
}

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await sleep(50)
}

async function allGone(machine: StartableVm): Promise<void> {
  await until(async () => (await processesWith(machine.data)).length === 0)
}

/** As QEMU does by itself on a full disk; the app has no such command. */
async function stopGuest(qmp: string): Promise<void> {
  const socket = createConnection(qmp)
  socket.write('{"execute":"qmp_capabilities"}\n{"execute":"stop"}\n')
  let said = ''
  for await (const chunk of socket) {
    said += String(chunk)
    // Each of both is answered.
    if (said.split('"return"').length > 2) break
  }
}

const vm = (definition: VmDefinition) => startableVm(definition, qemu)
const linux = () => vm({ ...defined(facts, { ...small, profile: 'linux' }), pinning: null })
const RUNNING = { state: 'running', error: null }
const OFF = { state: 'off', error: null }

describe.runIf(uefi)(`a VM on QEMU ${qemu.version} whose parts are killed`, () => {
  it('is started, found by another app, and forced off without leftovers', async () => {
    const machine = await linux()
    expect(await machine.supervisor().start(machine.definition)).toBeNull()
    const other = machine.supervisor()
    expect(await other.status(machine.definition)).toMatchObject({ ...RUNNING, since: expect.any(String) as string })
    await expect(other.start(machine.definition)).rejects.toThrow('runs already')
    await other.forceOff(machine.definition)
    expect(await other.status(machine.definition)).toMatchObject({ ...OFF, detail: 'It was forced off.' })
    expect(await left(machine)).toEqual([])
  })

  it('keeps how it ended for the next app: never run, forced off while hung, shut down', async () => {
    const machine = await linux()
    const told = () => machine.supervisor().status(machine.definition)
    expect(await told()).toMatchObject({ ...OFF, detail: 'It has not run since this host was booted.' })
    await machine.supervisor().start(machine.definition)
    const pid = await pidOf(/guest=/u, machine.run)
    // A QEMU that hangs has to be killed; that is no crash.
    kill(pid, 'SIGSTOP')
    await machine.supervisor().forceOff(machine.definition)
    expect(await told()).toMatchObject({ ...OFF, detail: 'It was forced off.' })
    await machine.supervisor().start(machine.definition)
    await withQmp(machine.paths.qmp, 10_000, (client) => client.command('quit'))
    await allGone(machine)
    expect(await told()).toMatchObject({ ...OFF, detail: 'It has shut down.' })
  })

  it('runs by itself where the app was killed as soon as it had been started', async () => {
    const machine = await linux()
    await machine.helper.launch()
    const next = machine.supervisor()
    await until(async () => (await next.status(machine.definition)).state === 'running')
    await expect(next.start(machine.definition)).rejects.toThrow('runs already')
    await next.forceOff(machine.definition)
    expect(await left(machine)).toEqual([])
  })

  it('resumes a stopped guest with the definition it was started with', async () => {
    const machine = await linux()
    await machine.supervisor().start(machine.definition)
    await stopGuest(machine.paths.qmp)
    const next = machine.supervisor()
    expect(await next.status(machine.definition)).toMatchObject({ state: 'attention', resumable: true })
    await next.start(machine.definition)
    expect(await next.status(machine.definition)).toMatchObject({ ...RUNNING, resumable: false })
    // Step 8 may write another definition meanwhile.
    expect(await readFile(machine.paths.startedAs, 'utf8')).toBe(definitionText(machine.definition))
    await next.forceOff(machine.definition)
    await allGone(machine)
    expect(existsSync(machine.paths.startedAs)).toBe(false)
  })

  it('names the reason where QEMU was killed, leaves nothing, and starts again', async () => {
    const machine = await linux()
    await machine.supervisor().start(machine.definition)
    kill(await pidOf(/guest=/u, machine.run), 'SIGKILL')
    await allGone(machine)
    const next = machine.supervisor()
    const killed = expect.stringContaining('Somebody on the host killed QEMU') as string
    expect(await next.status(machine.definition)).toMatchObject({ state: 'attention', since: null, error: killed })
    expect(await left(machine)).toEqual([])
    await next.start(machine.definition)
    expect(await next.status(machine.definition)).toMatchObject(RUNNING)
    await next.forceOff(machine.definition)
  })

  it('comes up without systemd being asked again and again why it has not', async () => {
    const machine = await linux()
    const asked: string[] = []
    const host = new RealHost()
    const [list, run] = [host.list.bind(host), host.run.bind(host)]
    host.list = (path) => (path === '/run/systemd/system' ? Promise.resolve({ kind: 'names', names: [] }) : list(path))
    host.run = (tool, args, how) => {
      if (tool !== 'systemctl') return run(tool, args, how)
      asked.push(args.join(' '))
      return Promise.resolve({ exitCode: 0, stdout: 'Result=success\n', stderr: '' })
    }
    const supervisor = new VmSupervisor(
      host,
      machine.helper,
      fixedPlaces(() => machine.paths),
    )
    await supervisor.start(machine.definition)
    // Once at most, where the script has begun between two looks at it.
    expect(asked.length).toBeLessThan(2)
    await supervisor.forceOff(machine.definition)
  })

  it('keeps QEMU where its script was killed; where both were, says that the reason is lost', async () => {
    const machine = await linux()
    const supervisor = machine.supervisor()
    await supervisor.start(machine.definition)
    kill(Number((await readFile(machine.paths.started, 'utf8')).split(' ')[0]), 'SIGKILL')
    expect(await supervisor.status(machine.definition)).toMatchObject(RUNNING)
    kill(await pidOf(/guest=/u, machine.run), 'SIGKILL')
    await allGone(machine)
    const unknown = expect.stringContaining('the reason was not noted') as string
    expect(await machine.supervisor().status(machine.definition)).toMatchObject({ state: 'attention', error: unknown })
  })

  it('reports what happened to it alone, and not to another VM', async () => {
    const [one, other] = [
      await linux(),
      await vm({ ...defined(facts, { ...small, name: 'other', profile: 'linux' }), pinning: null }),
    ]
    const both = [one, other]
    const of = (name: string) => both.find(({ definition }) => definition.name === name) ?? one
    const launcher = Object.assign(new DetachedLauncher(one.paths), {
      launch: (name: string) => of(name).helper.launch(),
    })
    const supervisor = new VmSupervisor(
      new RealHost(),
      launcher,
      fixedPlaces((name) => of(name).paths),
    )
    await supervisor.start(one.definition)
    await supervisor.start(other.definition)
    await supervisor.forceOff(one.definition)
    expect(await supervisor.status(one.definition)).toMatchObject(OFF)
    expect(await supervisor.status(other.definition)).toMatchObject(RUNNING)
    kill(await pidOf(/guest=/u, other.run), 'SIGKILL')
    await allGone(other)
    const killed = expect.stringContaining('Somebody on the host killed QEMU') as string
    expect(await supervisor.status(other.definition)).toMatchObject({ state: 'attention', error: killed })
    expect(await supervisor.status(one.definition)).toMatchObject(OFF)
    launcher.launch = () => Promise.reject(new ProblemError('vm-failed', 'no start today', { hint: 'Look.' }))
    await expect(supervisor.start(one.definition)).rejects.toThrow()
    expect(await supervisor.status(one.definition)).toMatchObject({ state: 'attention', error: 'no start today' })
    expect(await supervisor.status(other.definition)).toMatchObject({ state: 'attention', error: killed })
  })

  it('refuses a second start by hand, which takes nothing from the first', async () => {
    const machine = await linux()
    const supervisor = machine.supervisor()
    await supervisor.start(machine.definition)
    const second = await execa('sh', [machine.paths.script], { reject: false })
    expect(second).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('runs already') as string })
    expect(await supervisor.status(machine.definition)).toMatchObject(RUNNING)
    await supervisor.forceOff(machine.definition)
  })

  it.runIf(swtpm)('leaves neither QEMU nor TPM where the TPM was killed first', async () => {
    const machine = await vm({ ...defined(facts, { ...small, profile: 'windows-11' }), pinning: null })
    const supervisor = machine.supervisor()
    await supervisor.start(machine.definition)
    kill(await pidOf(/^swtpm/u, machine.run), 'SIGKILL')
    expect(await supervisor.status(machine.definition)).toMatchObject({ state: 'running' })
    await supervisor.forceOff(machine.definition)
    expect(await supervisor.status(machine.definition)).toMatchObject(OFF)
    expect(await left(machine)).toEqual([])
  })

  it.runIf(cpus().length > 1)(
    'has its processors pinned before the guest runs, and all other threads beside them',
    async () => {
      const pinning = { vcpus: [1, 1], emulator: [0] }
      const machine = await vm({ ...defined(facts, { ...small, profile: 'linux' }), pinning })
      const supervisor = machine.supervisor()
      expect(await supervisor.start(machine.definition)).toBeNull()
      const tasks = `/proc/${await pidOf(/guest=/u, machine.run)}/task`
      const allowed: Record<string, string[]> = { vcpu: [], other: [] }
      for (const task of await readdir(tasks)) {
        // A worker thread of QEMU may have ended since it was listed.
        const name = await readFile(`${tasks}/${task}/comm`, 'utf8').catch(() => null)
        const status = await readFile(`${tasks}/${task}/status`, 'utf8').catch(() => null)
        if (name === null || status === null) continue
        const list = /^Cpus_allowed_list:\s+(\S+)$/mu.exec(status)?.[1] ?? ''
        allowed[name.startsWith('CPU ') ? 'vcpu' : 'other']?.push(list)
      }
      expect(allowed['vcpu']).toEqual(['1', '1'])
      expect(new Set(allowed['other'])).toEqual(new Set(['0']))
      await supervisor.forceOff(machine.definition)
    },
  )

  it('says that it runs unpinned where the definition does not fit this host', async () => {
    const pinning = { vcpus: [4000, 4001], emulator: [0] }
    const machine = await vm({ ...defined(facts, { ...small, profile: 'linux' }), pinning })
    const supervisor = machine.supervisor()
    expect(await supervisor.start(machine.definition)).toContain('not pinned')
    expect(await supervisor.status(machine.definition)).toMatchObject(RUNNING)
    await supervisor.forceOff(machine.definition)
  })
})
