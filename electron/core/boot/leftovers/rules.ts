import type { Facts } from '#shared/facts/facts.ts'
import { shortAddress } from '#shared/facts/pci.ts'
import { isVfioDriver } from '#shared/units/drivers.ts'
import { bars, holdsIds, idsIn, inModprobe, plain } from '../driver-lines.ts'
import { judgeBarring } from './barred.ts'
import { harmless, inTheWay, type Judged, type JudgedHost, judgeTaking } from './host-of.ts'
import { judgeScript, movesOf } from './scripts.ts'
import { unsafe } from './words.ts'

type Rule = Facts['driverRules']['lines'][number]

const BY_ADDRESS = 'Step 5 binds by address and does not need it.'
const DRIVERCTL = '/etc/driverctl.d/'

/** Judges a line of configuration; null: it is about no device that is handed over, and of no guide. */
export function judgeRule(rule: Rule, host: JudgedHost): Judged | null {
  if (rule.source.startsWith(DRIVERCTL)) return driverctl(rule, host)
  if (rule.source.startsWith('/etc/udev/rules.d/'))
    return judgeScript(rule.source, [rule.line], movesOf(rule.line), host)
  const ids = idsIn(rule)
  if (ids !== null) return givenIds(ids, host)
  if (inModprobe(rule)) return ofModprobe(rule, host)
  return /vfio/iu.test(rule.line) ? ofModules(rule) : null
}

function givenIds(ids: string, host: JudgedHost): Judged {
  const does = 'Gives every device of these ids to vfio-pci, a twin that the host needs too.'
  if (host.facts.kernel.vfioPci === 'builtin')
    return harmless(does, 'vfio-pci is a part of this kernel, which does not read such lines.')
  const { devices } = host.facts
  return judgeTaking(
    does,
    devices.filter((device) => holdsIds(ids, device)),
    host,
  )
}

function ofModprobe({ line }: Rule, host: JudgedHost): Judged | null {
  const [verb = '', module = '', ...rest] = line.split(/\s+/u)
  const what = rest.join(' ')
  if (bars(verb, what)) return judgeBarring(`Keeps ${module} from being loaded for a device.`, [module], host)
  if (verb === 'install' && plain(module) === 'vfio_pci') return installed(what, host)
  if (verb === 'options' && module.startsWith('vfio')) return options(module, what, host)
  if (verb !== 'softdep' || !/vfio[-_]pci/u.test(what)) return null
  return harmless(`Has vfio-pci loaded before ${module}.`, BY_ADDRESS)
}

function options(module: string, what: string, host: JudgedHost): Judged {
  if (/\ballow_unsafe_interrupts=[1Yy]/u.test(what)) return unsafe(host)
  return harmless(`Sets ${what} for ${module}.`, 'It decides nothing about who takes a device.')
}

/** A command that modprobe runs instead of loading vfio-pci; a script it names is judged by its own lines. */
function installed(what: string, host: JudgedHost): Judged {
  const { lines } = host.facts.driverScripts
  const called = lines.filter(({ source }) => what.split(/[\s;&]+/u).includes(source)).map(({ line }) => line)
  return judgeScript('', [what, ...called], 'Runs this whenever vfio-pci is to be loaded.', host)
}

/** Lists of modules for the initramfs or for the start of the host. */
function ofModules({ source, line }: Rule): Judged {
  if (/^vfio_virqfd$/u.test(line)) return harmless('Names a module that Linux 6.2 made a part of vfio.', BY_ADDRESS)
  if (/^(?:install_items|install_optional_items)/u.test(line))
    return harmless('Puts files into the initramfs.', 'By themselves they do nothing.')
  const early = /initramfs-tools|mkinitcpio|dracut/u.test(source)
  const does = early ? 'Puts modules of VFIO into the initramfs.' : 'Loads modules of VFIO while the host starts.'
  return harmless(does, early ? 'Step 3 does the same.' : 'Step 2 does the same.')
}

/** driverctl keeps one file for each device, with the driver in it. */
function driverctl({ source, line }: Rule, { facts, bound }: JudgedHost): Judged {
  const address = source.slice(DRIVERCTL.length)
  const short = shortAddress(address)
  const does = `driverctl gives ${short} to ${line} at each boot.`
  if (!facts.devices.some((device) => device.address === address))
    return harmless(does, 'No device is at that address.')
  if (bound.has(address) === isVfioDriver(line)) return harmless(does, 'That is what this program does, too.')
  if (bound.has(address)) return inTheWay(does, `Step 5 gives ${short} to vfio-pci, and driverctl acts after it.`)
  return inTheWay(does, `It keeps ${short} from the host, and step 4 does not reserve it.`)
}
