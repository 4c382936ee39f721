import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { expect } from '@playwright/test'
import { execa } from 'execa'
import { NO_PROOFS, NO_VM_PROOFS } from '#shared/facts/proofs.ts'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import { test } from './window-test.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Makes a directory that goes with the test that is under way. */
let temporary: () => Promise<string>
test.beforeEach(({ temporaryDirectory }) => {
  temporary = temporaryDirectory
})

async function studio(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const config = await temporary()
  const env = { XDG_CONFIG_HOME: config }
  const {
    exitCode = -1,
    stdout,
    stderr,
  } = await execa(execPath, ['dist/cli.js', ...args], { cwd: ROOT, reject: false, env })
  return { exitCode, stdout, stderr }
}

test('doctor prints nine lines on this host, with exit code 1', async () => {
  const { exitCode, stdout } = await studio('doctor')
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.slice(0, 1)),
  ).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9'])
  expect(exitCode).toBe(1)
})

test('facts prints the fields others rely on, and can be replayed from a recording', async () => {
  const directory = await temporary()
  const first = await studio('facts', '--host', 'paper', '--record', directory)
  const { devices, cards } = JSON.parse(first.stdout) as { devices: object[]; cards: object[] }
  expect(devices).toContainEqual(
    expect.objectContaining({
      address: '0000:04:00.0',
      vendorId: '10de',
      deviceId: '13f1',
      driver: 'nouveau',
      bootVga: true,
    }),
  )
  expect(cards).toEqual([
    expect.objectContaining({
      address: '0000:04:00.0',
      groupMembers: [],
      identicalTo: [],
      verdict: expect.objectContaining({ status: 'needs-work', reasons: expect.any(Array) }),
    }),
  ])
  const again = await studio('doctor', '--host', `dir:${directory}`)
  expect(again.stdout).toBe((await studio('doctor', '--host', 'paper')).stdout)
})

test('the plan of step 3 on the paper’s host keeps every other byte', async () => {
  const { exitCode, stdout } = await studio('plan', 'boot', '--host', 'paper')
  expect(exitCode).toBe(0)
  expect(stdout).toContain('-GRUB_CMDLINE_LINUX="crashkernel=auto rd.lvm.lv=cl/root rd.lvm.lv=cl/swap rhgb quiet"')
  expect(stdout).toContain(
    '+GRUB_CMDLINE_LINUX="crashkernel=auto rd.lvm.lv=cl/root rd.lvm.lv=cl/swap rhgb quiet intel_iommu=on"',
  )
  expect(stdout).toContain('A reboot is needed afterwards.')
})

test('vm new adds a VM with its own card, and a new name by --choice is told as one', async () => {
  const added = await studio('vm', 'new', 'office', '--card', '04:00.0', '--host', 'paper')
  expect(added.stdout).toMatch(/^"office" is new and selected; .* It takes .* at 04:00\.0\. Choose what it is/u)
  expect(added.exitCode).toBe(0)
  const json = await studio('vm', 'new', 'office', '--json', '--host', 'paper')
  expect(JSON.parse(json.stdout)).toMatchObject({ name: 'office', selected: true, state: 'off' })
  const renamed = await studio('plan', 'definition', '--host', 'paper', '--choice', '{"name":"office"}')
  expect(renamed.stderr).toContain('The VM "designer" is called "office" from now on, and keeps its card')
  expect(renamed.exitCode).toBe(0)
})

test('diagnose explains a file or standard input, with exit code 0 if known and 1 if not', async () => {
  const file = join(await temporary(), 'vm.log')
  await writeFile(file, 'gtk initialization failed\n[   1.234567] kvm: disabled by bios\n')
  const known = await studio('diagnose', file, '--host', 'paper', '--json')
  expect(known.exitCode).toBe(0)
  const answers = JSON.parse(known.stdout) as Record<string, string>[]
  expect(answers.map(({ id }) => id)).toEqual(['kvm-disabled-by-firmware', 'qemu-gtk'])
  expect(Object.keys(answers[0] ?? {})).toEqual(['id', 'cause', 'fix', 'severity', 'line', 'evidenceHere'])
  expect(answers[0]).toMatchObject({ severity: 'blocker', line: '[   1.234567] kvm: disabled by bios' })
  const input = { cwd: ROOT, reject: false, input: 'all is well\n' }
  const unknown = await execa(execPath, ['dist/cli.js', 'diagnose', '-', '--host', 'paper'], input)
  expect(unknown.stdout).toMatch(/^Read 1 line of standard input\.\nNothing in it is known/u)
  expect(unknown.exitCode).toBe(1)
  const logs = await studio('diagnose', '--host', await copyOfPaper())
  expect(logs.stdout).toMatch(/^No log could be read\. Not read: the kernel log/u)
  expect(logs.exitCode).toBe(1)
})

test('vm lists VMs, takes one by its name, and names the known ones where it is not there', async () => {
  const listed = await studio('vm', 'list', '--host', 'paper')
  expect(listed).toMatchObject({ exitCode: 0, stdout: '* designer: off. Nothing runs on the simulated host.' })
  const json = await studio('vm', 'list', '--host', 'paper', '--json')
  expect(JSON.parse(json.stdout)).toMatchObject([{ name: 'designer', state: 'off', selected: true, configured: true }])
  const named = await studio('vm', 'status', 'designer', '--host', 'paper')
  expect(named).toMatchObject({ exitCode: 0, stdout: 'designer: off. Nothing runs on the simulated host.' })
  const unknown = await studio('vm', 'start', 'win', '--host', 'paper')
  expect(unknown.stderr).toMatch(/There is no VM "win"\. Known on this host: designer\./u)
  expect(unknown.exitCode).toBe(2)
})

test('vm start NAME selects that VM, for the next time too', async () => {
  const config = await temporary()
  const other = { ...DEFAULT_CHOICES.definition, name: 'win' }
  const { definition, network, launch } = { ...DEFAULT_CHOICES, definition: other }
  const proofs = NO_PROOFS
  const state = {
    version: 1,
    choices: DEFAULT_CHOICES,
    proofs,
    others: [{ definition, network, launch, proofs: NO_VM_PROOFS }],
    pending: null,
  }
  await mkdir(join(config, 'passthrough-studio'))
  await writeFile(join(config, 'passthrough-studio/studio.json'), JSON.stringify(state))
  const run = (...args: string[]) =>
    execa(execPath, ['dist/cli.js', 'vm', ...args], { cwd: ROOT, reject: false, env: { XDG_CONFIG_HOME: config } })
  expect((await run('list')).stdout).toMatch(/^\* designer: off\. .*\n {2}win: off\. /u)
  expect((await run('status', 'win')).stdout).toMatch(/^win: off\./u)
  const started = await run('start', 'win')
  expect(started.exitCode).toBe(2)
  expect((await run('list')).stdout).toMatch(/^ {2}designer: off\. .*\n\* win: off\. /u)
})

async function recording(text: string): Promise<string> {
  const directory = await temporary()
  await writeFile(join(directory, 'host.json'), text)
  return `dir:${directory}`
}

const LISTING = [
  'IOMMU Group 1 00:01.0 PCI bridge [0604]: Intel Corporation Example Port [8086:1901] (rev 07)',
  'IOMMU Group 1 01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP106 [GeForce GTX 1060] [10de:1c03]',
  'IOMMU Group 1 02:00.0 Non-Volatile memory controller [0108]: Example NVMe [144d:a808]',
].join('\r\n')

async function pasted(text: string): Promise<string> {
  const path = join(await temporary(), 'paste.txt')
  await writeFile(path, text)
  return `text:${path}`
}

test('a pasted listing gives groups, and what it does not contain is unknown', async () => {
  const host = await pasted(LISTING)
  const { stdout } = await studio('facts', '--host', host, '--json')
  expect(JSON.parse(stdout)).toMatchObject({
    claims: { unknown: expect.any(String) as unknown },
    cards: [
      {
        address: '0000:01:00.0',
        iommuGroup: 1,
        bridges: ['0000:00:01.0'],
        foreignEndpoints: ['0000:02:00.0'],
        verdict: { status: 'unknown' },
      },
    ],
  })
  const doctor = await studio('doctor', '--host', host)
  expect(doctor.stdout).toMatch(/^1 {2}Platform +unknown +The text says nothing of \/proc\/cpuinfo/u)
  expect(doctor.exitCode).toBe(1)
})

test('a report replays to the same doctor output', async () => {
  const out = join(await temporary(), 'bundle')
  const made = await studio('report', '--host', 'paper', '--out', out)
  expect(made.stdout).toMatch(/bundle\/host\.json is written\. Replaced: 1 host name, 1 user name/u)
  const again = await studio('doctor', '--host', `dir:${out}`)
  const itself = await studio('doctor', '--host', 'paper')
  // The VM is called like its user, whose name is replaced.
  expect(again.stdout).toBe(itself.stdout.replaceAll('designer', 'user1'))
  expect(JSON.stringify(await studio('facts', '--host', `dir:${out}`))).not.toContain('ws-07')
})

/** Each: one line, naming what, where and what next, and exit code 2. */
const MISTAKES: readonly [string, () => Promise<string[]>, RegExp][] = [
  [
    'no such recording',
    async () => ['doctor', '--host', 'dir:/nonexistent'],
    /no recording at \/nonexistent\/host\.json.*Give the directory/u,
  ],
  [
    'a recording of another version',
    async () => ['doctor', '--host', await recording('{"version":99}')],
    /host\.json is not a recording this version can read at "version".*make it again/u,
  ],
  [
    'a recording that is not JSON',
    async () => ['doctor', '--host', await recording('{')],
    /is not JSON.*Make the recording again/u,
  ],
  ['an unknown step', async () => ['plan', 'banana'], /"banana" is not a step\. Steps are platform, kernel.*help/u],
  ['an unknown verb', async () => ['fly'], /"fly" is not a verb.*help/u],
  [
    'an unknown host',
    async () => ['doctor', '--host', 'moon'],
    /--host moon is not known.*real, paper, dir:PATH or text:FILE/u,
  ],
  [
    'a text that is no listing',
    async () => ['doctor', '--host', await pasted('Dear all,\nit does not work.\n')],
    /paste\.txt holds no lspci output and no IOMMU group listing\. Paste the output of/u,
  ],
  [
    'a text that is not there',
    async () => ['doctor', '--host', 'text:/nonexistent'],
    /no text at \/nonexistent \(ENOENT\)/u,
  ],
  [
    'changing a pasted machine',
    async () => ['apply', 'boot', '--host', await pasted(LISTING)],
    /A pasted text can be looked at, not changed/u,
  ],
  ['an unknown option', async () => ['doctor', '--fast'], /--fast.*help/u],
  [
    'a log that is not there',
    async () => ['diagnose', '/nonexistent', '--host', 'paper'],
    /ENOENT.*- for standard input/u,
  ],
  [
    'a choice that is not JSON',
    async () => ['plan', 'cards', '--host', 'paper', '--choice', '{'],
    /--choice is not JSON.*help/u,
  ],
  [
    'a hostile VM name',
    async () => ['plan', 'definition', '--host', 'paper', '--choice', '{"name":"../x; rm -rf"}'],
    /--choice does not fit step definition: a VM name has/u,
  ],
  [
    'changing a recording',
    async () => ['apply', 'kernel', '--host', await copyOfPaper()],
    /A recording can be looked at, not changed.*--host paper/u,
  ],
]

async function copyOfPaper(): Promise<string> {
  const directory = await temporary()
  await studio('facts', '--host', 'paper', '--record', directory)
  return `dir:${directory}`
}

for (const [what, args, line] of MISTAKES) {
  test(`${what} is answered with one line and exit code 2`, async () => {
    const { exitCode, stderr } = await studio(...(await args()))
    expect(stderr).toMatch(line)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(exitCode).toBe(2)
  })
}

test('apply without root, polkit or helper says what is missing and both ways to go on', async () => {
  test.skip(process.getuid?.() !== 0, 'drops from root to an ordinary user')
  const asNobody = [
    '--reuid',
    '65534',
    '--regid',
    '65534',
    '--clear-groups',
    '--',
    execPath,
    'dist/cli.js',
    'apply',
    'kernel',
  ]
  const config = await temporary()
  await chmod(config, 0o777)
  const env = { XDG_CONFIG_HOME: config }
  const { exitCode, stderr } = await execa('setpriv', asNobody, { cwd: ROOT, reject: false, env })
  expect(stderr).toMatch(
    /^passthrough-studio: .*(polkit, which|the helper) is not installed\. Install .* as root.*: sudo \S+ \S+\/cli\.js help\.$/u,
  )
  expect(exitCode).toBe(2)
})
