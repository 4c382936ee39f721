import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { exit } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { program } from './designer.ts'
import { differences, hostState, note } from './evidence.ts'
import { allowAll } from './verbs.ts'

const JOURNAL = '/var/lib/passthrough-studio/journal.jsonl'
/** The link with this address, whatever slot the lab's machine has it in. */
const MAC = '52:54:00:12:34:56'
const UPLINK = await linkWith(MAC)
const INTERFACES = '/etc/network/interfaces'
const NETWORKD_FILE = '/etc/systemd/network/50-lan.network'
const NETPLAN_FILE = '/etc/netplan/01-lan.yaml'
const QUIET = { reject: false } as const

interface Manager {
  name: string
  /** Puts the manager in charge of the uplink, by the files an admin would write. */
  start: () => Promise<void>
  stop: () => Promise<void>
  /** Lets the tool above the manager write and activate its configuration anew. */
  again?: () => Promise<void>
}

/** netplan writes the configuration of a renderer, which is what has the link. */
function netplan(renderer: 'networkd' | 'NetworkManager', unit: string): Manager {
  return {
    name: `netplan, ${renderer}`,
    start: async () => {
      await mkdir('/etc/netplan', { recursive: true })
      const yaml = `network:\n  version: 2\n  renderer: ${renderer}\n  ethernets:\n    ${UPLINK}:\n      dhcp4: true\n`
      await writeFile(NETPLAN_FILE, yaml, { mode: 0o600 })
      await execa('netplan', ['generate'])
      await execa('systemctl', ['start', unit])
    },
    stop: async () => {
      await execa('systemctl', ['stop', ...(renderer === 'networkd' ? [`${unit}.socket`] : []), unit])
      await rm(NETPLAN_FILE)
      await execa('netplan', ['generate'])
    },
    // NetworkManager is told to bring netplan's own profile up again, and step 7 says so.
    ...(renderer === 'networkd' ? { again: () => execa('netplan', ['apply']).then(() => undefined) } : {}),
  }
}

/** /etc/network/interfaces without the office's stanza: with it, NetworkManager leaves the link alone. */
let stanzaless = ''

const MANAGERS: readonly Manager[] = [
  {
    name: 'NetworkManager',
    start: async () => {
      await execa('systemctl', ['start', 'NetworkManager'])
    },
    stop: async () => {
      await execa('systemctl', ['stop', 'NetworkManager'])
    },
  },
  {
    name: 'systemd-networkd',
    start: async () => {
      await writeFile(NETWORKD_FILE, `[Match]\nName=${UPLINK}\n\n[Network]\nDHCP=ipv4\n`)
      await execa('systemctl', ['start', 'systemd-networkd'])
    },
    stop: async () => {
      await execa('systemctl', ['stop', 'systemd-networkd.socket', 'systemd-networkd'])
      await rm(NETWORKD_FILE)
    },
  },
  {
    name: 'ifupdown',
    start: async () => {
      stanzaless = await readFile(INTERFACES, 'utf8').catch(() => '')
      const stanza = `# the office\niface ${UPLINK} inet static\n\taddress 10.0.2.15/24\n\tgateway 10.0.2.2 \n`
      await appendFile(INTERFACES, `\nallow-hotplug ${UPLINK}\n${stanza}`)
      await execa('ifup', [UPLINK])
    },
    stop: async () => {
      await execa('ifdown', [UPLINK])
      await writeFile(INTERFACES, stanzaless)
    },
  },
  netplan('networkd', 'systemd-networkd'),
  netplan('NetworkManager', 'NetworkManager'),
]

async function studio(what: string, ...args: string[]): Promise<void> {
  const { exitCode = -1, stdout, stderr } = await program(...args)
  await note(what, { exitCode, stdout, stderr })
}

function build(what: string, seconds: number): Promise<void> {
  const choice = JSON.stringify({ mode: 'new-bridge', seconds })
  return studio(what, 'apply', 'network', '--choice', choice)
}

async function linkWith(mac: string): Promise<string> {
  const links = JSON.parse((await execa('ip', ['-j', 'link'])).stdout) as { ifname: string; address: string }[]
  const found = links.find((link) => link.address === mac)
  if (found === undefined) throw new Error(`no link has ${mac}`)
  await note('uplink', found.ifname)
  return found.ifname
}

interface IpLink {
  ifname: string
  address: string
  operstate: string
  master?: string
  addr_info: { family: string; local: string; prefixlen: number }[]
}

/** Links with master, address and state, and the default route: what has to be as before after a way back. */
async function live(): Promise<Record<string, string>> {
  const links = JSON.parse((await execa('ip', ['-j', 'address'])).stdout) as IpLink[]
  const rows = links.map(({ ifname, address, operstate, master, addr_info }): [string, string] => {
    const inet = addr_info.filter((info) => info.family === 'inet').map((info) => `${info.local}/${info.prefixlen}`)
    return [`link ${ifname}`, `${operstate} ${address} master ${master ?? 'none'} ${inet.join(' ')}`]
  })
  const route = (await execa('ip', ['-4', 'route', 'show', 'default'])).stdout.split(' ').slice(0, 5).join(' ')
  return { ...Object.fromEntries(rows), route }
}

async function everything(): Promise<Record<string, string>> {
  return { ...(await hostState()), ...(await live()) }
}

/** Whether a machine on the uplink's network answers: QEMU's network offers an echo there. */
function answers(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '10.0.2.100', port: 7, timeout: 5000 })
    const end = (value: boolean) => {
      socket.destroy()
      resolve(value)
    }
    socket.on('connect', () => socket.write('hello'))
    socket.on('data', () => end(true))
    socket.on('error', () => end(false))
    socket.on('timeout', () => end(false))
  })
}

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await condition()) return
    await sleep(500)
  }
  throw new Error(`waited in vain for: ${what}`)
}

async function journalSays(pattern: RegExp): Promise<boolean> {
  return pattern.test((await readFile(JOURNAL, 'utf8')).trim().split('\n').at(-1) ?? '')
}

/** The guard has taken the last transaction back, and its process has ended. */
async function guardIsDone(): Promise<void> {
  await until('the first change is taken back', () => journalSays(/"kind":"reverted".*"index":0/u))
  await until('the guard ends', async () => (await guardUnits()) === '')
}

async function guardUnits(): Promise<string> {
  const all = ['list-units', '--all', '--plain', '--no-legend', 'passthrough-studio-guard-*']
  return (await execa('systemctl', all)).stdout.trim()
}

/** What the app sees without any privilege. */
async function withoutPrivilege(name: string): Promise<void> {
  const { stdout } = await program('facts')
  const { network } = JSON.parse(stdout) as { network: { manager: { id: string } | null } }
  await note(`${name}: manager seen without privilege`, network.manager?.id ?? null)
}

async function kept({ name, again }: Manager, before: Record<string, string>): Promise<void> {
  await build(`${name}: apply`, 300)
  await note(`${name}: bridged`, await live())
  await note(`${name}: bridged answers`, await answers())
  await studio(`${name}: keep`, 'keep')
  if (again !== undefined) {
    await again()
    await until(`${name} answers again`, answers)
    await note(`${name}: bridged anew`, await live())
  }
  await note(`${name}: guards after keep`, await guardUnits())
  await studio(`${name}: plan when done`, 'plan', 'network')
  await studio(`${name}: undo`, 'undo', '--last')
  await note(`${name}: undone`, differences(before, await everything()))
  await note(`${name}: undone answers`, await answers())
}

/** Nobody keeps the network, and the bridge is cut off on top of it. */
async function cut(name: string, before: Record<string, string>): Promise<void> {
  await build(`${name}: apply and cut`, 60)
  await execa('ip', ['link', 'set', 'dev', 'br-vm', 'down'])
  await note(`${name}: cut answers`, await answers())
  await guardIsDone()
  await note(`${name}: back after the cut`, differences(before, await everything()))
  await note(`${name}: back answers`, await answers())
  await studio(`${name}: keep too late`, 'keep')
}

/** SIGKILL for the app and its helper while the manager is being told. */
async function killed(name: string, before: Record<string, string>): Promise<void> {
  const applying = program('apply', 'network', '--choice', '{"mode":"new-bridge","seconds":30}')
  await until('the switch begins', () => journalSays(/"kind":"intent".*"kind":"switch-network"/u))
  const helper = (await readFile('/run/passthrough-studio/helper.lock', 'utf8')).trim()
  process.kill(Number(helper), 'SIGKILL')
  applying.kill('SIGKILL')
  await applying
  await note(`${name}: guards after the kill`, await guardUnits())
  await guardIsDone()
  await note(`${name}: back after the kill`, differences(before, await everything()))
}

/** A script of the administrator's that never ends stands in the way of the bridge, and of nothing else. */
const HANGING = '/etc/network/if-pre-up.d/zz-lab'

/** `ifup` does not come back, so neither does the helper; the timer brings the route back all the same. */
async function hung(name: string, before: Record<string, string>): Promise<void> {
  await writeFile(HANGING, '#!/bin/sh\n[ "$IFACE" != br-vm ] || sleep 100000\n', { mode: 0o755 })
  const applying = program('apply', 'network', '--choice', '{"mode":"new-bridge","seconds":30}')
  await until('ifup hangs', async () => (await hangs()) !== '')
  await note(`${name}: route while ifup hangs`, (await live())['route'])
  await guardIsDone()
  await rm(HANGING)
  await note(`${name}: back although ifup hung`, differences(before, await everything()))
  await note(`${name}: back although ifup hung answers`, await answers())
  const { exitCode = -1, stderr } = await applying
  await note(`${name}: apply that hung`, { exitCode, stderr })
  await note(`${name}: left hanging`, await hangs())
}

/** Processes that wait in the administrator's script. */
async function hangs(): Promise<string> {
  return (await execa('pgrep', ['-f', 'sleep 100000'], QUIET)).stdout.trim()
}

/** The host's only default route is one of IPv6, which QEMU's network advertises as well. */
async function ipv6Only(): Promise<void> {
  await writeFile(NETWORKD_FILE, `[Match]\nName=${UPLINK}\n\n[Network]\nDHCP=no\nIPv6AcceptRA=yes\n`)
  await execa('systemctl', ['start', 'systemd-networkd'])
  await until('a router of IPv6 is heard', async () => (await live6()) === UPLINK)
  const before = await everything()
  await build('IPv6 only: apply', 300)
  await note('IPv6 only: bridged', await live6())
  await studio('IPv6 only: keep', 'keep')
  await studio('IPv6 only: undo', 'undo', '--last')
  await note('IPv6 only: undone', differences(before, await everything()))
  await note('IPv6 only: route after undo', await live6())
  await execa('systemctl', ['stop', 'systemd-networkd.socket', 'systemd-networkd'])
  await rm(NETWORKD_FILE)
}

/** The link that the default route of IPv6 goes through; empty where there is one of IPv4. */
async function live6(): Promise<string> {
  if ((await live())['route'] !== '') return ''
  const { stdout } = await execa('ip', ['-6', 'route', 'show', 'default'])
  return /^default via \S+ dev (\S+)/u.exec(stdout)?.[1] ?? ''
}

async function scenario(manager: Manager): Promise<void> {
  const { name, start, stop } = manager
  await start()
  await until(`${name} has the uplink`, async () => (await live())['route'] === `default via 10.0.2.2 dev ${UPLINK}`)
  await until(`${name} answers`, answers)
  const before = await everything()
  await withoutPrivilege(name)
  await studio(`${name}: plan`, 'plan', 'network', '--choice', '{"mode":"new-bridge"}')
  await kept(manager, before)
  await cut(name, before)
  await killed(name, before)
  if (name === 'ifupdown') await hung(name, before)
  await stop()
  await execa('ip', ['address', 'flush', 'dev', UPLINK])
  await execa('ip', ['link', 'set', 'dev', UPLINK, 'down'])
}

try {
  await allowAll()
  for (const manager of MANAGERS) await scenario(manager)
  await ipv6Only()
} catch (thrown) {
  await note('failure', thrown instanceof Error ? thrown.stack : String(thrown))
  const { stdout } = await execa('journalctl', ['-b', '--no-pager', '-n', '150'])
  console.log(stdout)
  exit(1)
}
