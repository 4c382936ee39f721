import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { argv, getuid } from 'node:process'
import { beforeEach, describe, expect, it } from 'vitest'
import { defineVm, definitionText } from '#core/definition/definition.ts'
import { cardsText } from '#core/texts/cards/cards-script.ts'
import { cardsOf } from '#core/units/units.ts'
import { rootDirectory, USER } from '#host/exec/other-user.fixture.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import { takenNote } from '#shared/base/own-files.ts'
import type { Tool, ToolResult, ToolRun } from '#shared/base/system.ts'
import { asExpected } from '#shared/base/tool-run.ts'
import type { AtStart } from '#shared/vm/options/at-start.ts'
import { type VmDefinition, vmPaths } from '#shared/vm/vm.ts'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import { RealSystem } from '../real-system.ts'
import { launchVm } from './launch.ts'

const facts = await paperFacts()
const paper = defineVm(facts, DEFAULT_CHOICES, cardsOf(facts).slice(0, 1), null)
if (paper === null) throw new Error('no VM')
const atStart: AtStart = {
  functions: [{ address: '0000:04:00.0', vendorId: '10de', deviceId: '13f1', way: '0000:00:03.0/00.0' }],
  stop: ['display-manager.service'],
  minutes: null,
}
const vm: VmDefinition = { ...paper, name: 'designer', user: USER, atStart }
const { cards, definition, log, run, script } = vmPaths('designer')
const DEVICE = '/sys/bus/pci/devices/0000:04:00.0'

let root = ''
let started: string[] = []
/** All that systemd-run was told, in order. */
let all: string[][] = []
/** What cards.sh says when systemd runs it; empty: it succeeds. */
let says = ''

class Noting extends RealSystem {
  override async run(tool: Tool, args: readonly string[], how: ToolRun = {}): Promise<ToolResult> {
    if (tool !== 'systemd-run')
      return asExpected(tool, { exitCode: 3, stdout: '', stderr: '' }, { ...how, expect: 'any' })
    started = [...args]
    all.push(started)
    if (says !== '') await writeFile(join(root, log), says)
    return asExpected(tool, { exitCode: says === '' ? 0 : 1, stdout: '', stderr: 'Job failed.' }, how)
  }
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), text)
}

/** A host with systemd, the VM's files as step 8 leaves them, and its card. */
async function hostWith(more: Partial<VmDefinition> = {}): Promise<Noting> {
  const written = { ...vm, ...more }
  root = await rootDirectory({
    '/etc/passwd': 'root:x:0:0::/root:/bin/sh\ndesigner:x:1000:1000::/home/designer:/bin/sh\n',
    [definition]: definitionText(written),
    [script]: `#!/bin/sh\nrun=${run}\n`,
    [cards]: cardsText(written)?.text ?? '',
    [`${DEVICE}/vendor`]: '0x10de\n',
    [`${DEVICE}/device`]: '0x13f1\n',
    [`${DEVICE}/class`]: '0x030000\n',
    '/proc/self/mounts': 'tmpfs / tmpfs rw 0 0\n',
    '/proc/self/mountinfo': '1 1 0:1 / / rw - tmpfs tmpfs rw\n',
    [argv[1] ?? '']: '',
    '/proc/swaps': 'Filename Type Size Used Priority\n',
  })
  await mkdir(join(root, '/run/systemd/system'), { recursive: true })
  return new Noting(root)
}

beforeEach(() => {
  started = []
  all = []
  says = ''
})

describe.runIf(getuid?.() === 0)('a VM that takes cards from the host as long as it runs', () => {
  it('has root’s script run before QEMU and after it, and time for both', async () => {
    await launchVm(await hostWith(), 'designer', USER.uid)
    expect(started).toEqual(
      expect.arrayContaining([
        `--property=ExecStartPre=+/bin/sh ${cards} take`,
        `--property=ExecStopPost=-+/bin/sh ${cards} end`,
        '--property=TimeoutStartSec=300',
        '--property=TimeoutStopSec=180',
      ]),
    )
  })

  it('is ended by root’s timer where its guest is not up, and that timer ends with it', async () => {
    const system = await hostWith({ atStart: { ...atStart, minutes: 5 } })
    await launchVm(system, 'designer', USER.uid)
    const [timer = []] = all
    expect(timer.slice(0, 4)).toEqual(['--quiet', '--collect', '--unit', 'passthrough-studio-back-designer'])
    expect(timer).toEqual(expect.arrayContaining(['--on-active', '300s']))
    expect(timer.slice(-3)).toEqual(['/run/passthrough-studio/guard/helper.cjs', '--end-unless-up', 'designer'])
    expect(started).toContain('--property=ExecStopPost=-+/bin/systemctl stop passthrough-studio-back-designer.timer')
  })

  it('has the script’s own reason where the card was not taken', async () => {
    says = 'tee: unbind: busy\ncards.sh: The card is in use by Xorg (pid 912), which nothing here stops.\n'
    await expect(launchVm(await hostWith(), 'designer', USER.uid)).rejects.toThrow(
      'The VM did not start: The card is in use by Xorg (pid 912), which nothing here stops.',
    )
    says = 'nothing of the script\n'
    await expect(launchVm(await hostWith(), 'designer', USER.uid)).rejects.toThrow('Job failed.')
  })

  it('is not started with another script than the one made for it', async () => {
    const system = await hostWith()
    await put(cards, `${await readFile(join(root, cards), 'utf8')}rm -rf /\n`)
    await expect(launchVm(system, 'designer', USER.uid)).rejects.toThrow('is not what this program writes for this VM')
    await rm(join(root, cards))
    await expect(launchVm(system, 'designer', USER.uid)).rejects.toThrow('is not what this program writes for this VM')
    expect(started).toEqual([])
  })

  it('is not started where another device is at the address, or another VM has it', async () => {
    const other = await hostWith()
    await put(`${DEVICE}/device`, '0x13f2\n')
    await expect(launchVm(other, 'designer', USER.uid)).rejects.toThrow('04:00.0 holds 10de:13f2')
    const taken = await hostWith()
    await put(takenNote('win'), 'function 0000:04:00.0 - nouveau\n')
    await expect(launchVm(taken, 'designer', USER.uid)).rejects.toThrow(
      '04:00.0 is in the VM "win"; the VM "designer" cannot have it meanwhile.',
    )
    expect(started).toEqual([])
  })

  it('is not started without systemd, which alone would give the card back', async () => {
    const system = await hostWith()
    await rm(join(root, '/run/systemd'), { recursive: true })
    await expect(launchVm(system, 'designer', USER.uid)).rejects.toThrow('needs systemd')
  })
})
