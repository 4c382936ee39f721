import { appendFile, chmod, open, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { answersShown } from '#core/texts/answers/answer-files.ts'
import { Executor } from '#helper/executor.ts'
import { HostTree, JOURNAL, planOf } from '#helper/host-tree.fixture.ts'
import { runTool, runToolAs } from '#host/exec/run-tool.ts'
import { findTool } from '#host/exec/tools.ts'
import { simulated } from '#host/simulated/host.fixture.ts'
import type { ChangeOf } from '#shared/plan/change.ts'
import { type AnswerDisc, DISC_TOOLS, type DiscTool } from '#shared/vm/answers/answer-disc.ts'
import { setupAnswers } from '#shared/vm/options/answers.ts'

const HOME = '/var/lib/passthrough-studio/vms/designer'
const PATH = `${HOME}/answers.iso`
const STAGE = '/run/passthrough-studio/answer.files'
const PASSWORD = 'larkspur & <b> 7!'
/** Every host has it. */
const USER = { uid: 65_534, gid: 65_534 }
const disc: AnswerDisc = {
  answers: setupAnswers.parse({ account: 'anna' }),
  windows: 11,
  layout: 'uefi',
  drivers: true,
}

function making(tool: DiscTool = 'xorriso'): ChangeOf<'make-answer-disc'> {
  return { kind: 'make-answer-disc', path: PATH, tool, disc, text: answersShown(disc), ...USER }
}
const removing = { kind: 'remove-answer-disc', path: PATH, uid: USER.uid } as const
const planned = (change: ReturnType<typeof making> | typeof removing) => planOf([change], 'definition')

/** A host's files in a directory, with its tools run on those. */
async function tree() {
  const host = await HostTree.make({ '/etc/passwd': 'anna:x:65534:65534::/home/anna:/bin/sh\n' })
  await chmod(host.root, 0o755)
  const { system } = host
  system.run = (tool, args, how) =>
    runToolAs(
      how?.as ?? null,
      tool,
      args.map((arg) => arg.replace(/^(?:[\w.-]+=)?(?=\/)/u, `$&${host.root}`)),
      { ...how, timeoutMs: 60_000 },
    )
  return { host, executor: new Executor(system, 0, () => undefined) }
}

const installed = await Promise.all(DISC_TOOLS.map(async (tool) => ((await findTool(tool)) === null ? [] : [tool])))

describe('the disc that answers Windows’ Setup', () => {
  it.each(installed.flat())('is made by %s, for its user alone, with its names as they are', async (tool) => {
    const { host, executor } = await tree()
    await executor.apply(planned(making(tool)), PASSWORD)
    const { mode, uid, gid } = await stat(host.at(PATH))
    expect({ mode: mode & 0o7777, uid, gid }).toEqual({ mode: 0o600, ...USER })
    const bytes = await readFile(host.at(PATH))
    expect(bytes.subarray(32_769, 32_774).toString('latin1')).toBe('CD001')
    expect(bytes.subarray(32_808, 32_819).toString('latin1')).toBe('PTS_ANSWERS')
    // Joliet has names in UTF-16, the way Windows reads them.
    const names = ['autounattend.xml', 'empty-disk-only.cmd', 'first-logon.cmd']
    expect(names.filter((name) => !bytes.includes(Buffer.from(name, 'utf16le').swap16()))).toEqual([])
    expect(bytes.includes(Buffer.from(`${PASSWORD}Password`, 'utf16le').toString('base64'))).toBe(true)
    expect(await host.system.state(STAGE)).toBeNull()
  })

  it('is read back by xorriso with the bytes that were meant', async () => {
    const { host, executor } = await tree()
    await executor.apply(planned(making()), PASSWORD)
    const out = host.at('/run/read')
    await runTool('xorriso', ['-no_rc', '-osirrox', 'on', '-indev', host.at(PATH), '-extract', '/', out], {
      timeoutMs: 60_000,
      onLine: () => undefined,
    })
    const text = await readFile(join(out, 'autounattend.xml'), 'utf8')
    expect(text).toContain('<Name>anna</Name>')
    expect(text).not.toContain('••••')
  })

  it.each(installed.flat())('has a copy of an installer, made by %s as its user, wherever it lies', async (tool) => {
    const { host, executor } = await tree()
    const path = '/srv/a=b\\c, "d"/setup.exe'
    await host.write(path, 'MZ by Looking Glass')
    const given = { ...disc, answers: { ...disc.answers, lookingGlass: path } }
    const change = { ...making(tool), disc: given, text: answersShown(given) }
    await executor.apply(planned(change), PASSWORD)
    const bytes = await readFile(host.at(PATH))
    expect(bytes.includes('MZ by Looking Glass')).toBe(true)
    expect(bytes.includes(Buffer.from('looking-glass-host-setup.exe', 'utf16le').swap16())).toBe(true)
    await executor.undo({ kind: 'all' })
    await chmod(host.at(path), 0o600)
    await expect(executor.apply(planned(change), PASSWORD)).rejects.toMatchObject({ problem: { code: 'conflict' } })
    expect([await host.system.state(PATH), await host.system.state(STAGE)]).toEqual([null, null])
  })

  it('leaves the password in no journal, backup or note', async () => {
    const { host, executor } = await tree()
    await executor.apply(planned(making()), PASSWORD)
    const journal = await readFile(host.at(JOURNAL), 'utf8')
    const secret = Buffer.from(`${PASSWORD}Password`, 'utf16le').toString('base64')
    const sum = host.system.hash(await readFile(host.at(PATH)))
    for (const part of [PASSWORD, secret, sum, JSON.stringify(PASSWORD).slice(1, -1)])
      expect(journal).not.toContain(part)
    expect(await host.text(`${PATH}.json`)).toMatch(/^\{"version":1,"fingerprint":"\d+ \d+"\}\n$/u)
    expect(await host.system.state('/var/lib/passthrough-studio/backups')).toBeNull()
  })

  it('goes by undo, and once it was changed is kept and named', async () => {
    const { host, executor } = await tree()
    await executor.apply(planned(making()), PASSWORD)
    expect(await executor.undo({ kind: 'all' })).toEqual({ notes: [], left: [] })
    expect(await host.system.state(HOME)).toBeNull()
    await executor.apply(planned(making()), PASSWORD)
    await appendFile(host.at(PATH), 'more')
    expect((await executor.undo({ kind: 'all' })).notes).toEqual([expect.stringContaining(`${PATH} was kept`)])
    expect(await host.system.state(PATH)).not.toBeNull()
  })

  it('is another file when it is made anew, as a VM may have the former open; undo leaves none', async () => {
    const { host, executor } = await tree()
    await executor.apply(planned(making()), PASSWORD)
    const former = await open(host.at(PATH))
    onTestFinished(() => former.close())
    await executor.apply(planned(making()), 'another')
    expect((await stat(host.at(PATH))).ino).not.toBe((await former.stat()).ino)
    expect(await executor.undo({ kind: 'last' })).toEqual({ notes: [], left: [] })
    expect([await host.system.state(PATH), await host.system.state(`${PATH}.json`)]).toEqual([null, null])
    expect(await executor.undo({ kind: 'all' })).toEqual({ notes: [], left: [] })
  })

  it('is taken away for good: undo says that it does not come back', async () => {
    const { host, executor } = await tree()
    await executor.apply(planned(making()), PASSWORD)
    await executor.apply(planned(removing))
    expect([await host.system.state(PATH), await host.system.state(`${PATH}.json`)]).toEqual([null, null])
    expect((await executor.undo({ kind: 'all' })).notes).toEqual([expect.stringContaining('is not made again')])
    expect(await host.system.state(HOME)).toBeNull()
  })

  it.each(['disk.qcow2', 'disk.raw'])('is not made once somebody wrote to %s', async (name) => {
    const { host, executor } = await tree()
    await host.write(`${HOME}/${name}`, 'a system')
    const problem = { code: 'conflict', message: expect.stringContaining('was written to since') as string }
    await expect(executor.apply(planned(making()), PASSWORD)).rejects.toMatchObject({ problem })
    await writeFile(host.at(`${HOME}/${name}.json`), `{"version":1,"fingerprint":"8 1"}\n`)
    await expect(executor.apply(planned(making()), PASSWORD)).rejects.toMatchObject({ problem })
    const fingerprint = await host.system.fingerprint(`${HOME}/${name}`)
    await writeFile(host.at(`${HOME}/${name}.json`), JSON.stringify({ version: 1, fingerprint }))
    await executor.apply(planned(making()), PASSWORD)
  })

  it.each<[string, Partial<ReturnType<typeof making>>, string | null]>([
    ['without a password', {}, null],
    ['with another text than was shown', { text: 'Nothing to see.' }, PASSWORD],
    ['elsewhere', { path: '/etc/answers.iso' }, PASSWORD],
    ['out of the VM’s directory', { path: `${HOME}/../../answers.iso` }, PASSWORD],
    ['for a group that is not the user’s', { gid: 6 }, PASSWORD],
  ])('is not made %s', async (_how, part, password) => {
    const { executor } = await tree()
    const change = planned({ ...making(), ...part })
    await expect(executor.apply(change, password)).rejects.toMatchObject({ problem: { code: 'refused' } })
  })

  it('leaves nothing after a kill at any moment, once undo has run', async () => {
    for (let deathAt = 1; deathAt < 100; deathAt += 1) {
      const host = simulated()
      const made = { ...making(), uid: 1000, gid: 1000 }
      const executor = new Executor(host, 0, () => undefined)
      let effects = 0
      host.beforeEffect = () => {
        effects += 1
        if (effects >= deathAt) throw new Error('killed')
      }
      const died = await executor.apply(planned(made), PASSWORD).then(
        () => false,
        () => true,
      )
      host.beforeEffect = () => undefined
      expect(await executor.undo({ kind: 'all' })).toEqual({ notes: [], left: [] })
      const left = [PATH, `${PATH}.json`, STAGE].map((path) => host.state(path))
      // Without a line in the journal nothing but what is below /run, which a reboot empties, can be there.
      expect(await Promise.all(left)).toEqual([null, null, null])
      if (!died) return
    }
    expect.unreachable('the plan never came to its end')
  })
})
