import { describe, expect, it } from 'vitest'
import { partsOf } from '#app/report/bundle.ts'
import { recordHost } from '#app/report/record-host.ts'
import { redact } from '#app/report/redact.ts'
import { machineOf } from '#e2e/hosts/distros/base.ts'
import { fedora } from '#e2e/hosts/distros/fedora.ts'
import type { Recording } from '#host/recorded/recording.ts'
import type { Description } from '#host/simulated/description.ts'
import { simulated } from '#host/simulated/host.fixture.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import { NO_PROOFS } from '#shared/facts/proofs.ts'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import {
  FEDORA_FILES,
  IFUPDOWN_FILES,
  NETWORKD_FILES,
  OWN_NOTES,
  OWN_WORDS,
  PAPER_COMMANDS,
  PAPER_FILES,
  PAPER_LINKS,
} from './places.fixture.ts'
import { asFiles, found, type Planted, plantedIn, unmarked, unread } from './planted.fixture.ts'

type Texts = Readonly<Record<string, string>>

interface Case {
  name: string
  machine: Description
  planted: Planted[]
}

function paper(files: Texts, change: Partial<Description> = {}): Description {
  const { files: own, dirs, links, commands } = PAPER_WORKSTATION
  return {
    ...PAPER_WORKSTATION,
    files: { ...own, ...asFiles(files) },
    dirs: { ...dirs, '/proc/1/fd': ['3', '4', '5', '6'], '/var/lib/passthrough-studio/vms': ['marzipan-vm'] },
    links: { ...links, ...asFiles(PAPER_LINKS) },
    commands: { ...commands, ...asFiles(PAPER_COMMANDS) },
    ...change,
  }
}

const withoutManager = Object.fromEntries(
  Object.entries(PAPER_WORKSTATION.dirs).filter(([path]) => path !== '/run/NetworkManager'),
)
const FEDORA = machineOf({ ...fedora, files: { ...fedora.files, ...asFiles(FEDORA_FILES) } })

const CASES: readonly Case[] = [
  {
    name: 'the paper’s workstation with NetworkManager',
    machine: paper(PAPER_FILES),
    planted: [...plantedIn(PAPER_FILES), ...plantedIn(PAPER_LINKS), ...plantedIn(PAPER_COMMANDS)],
  },
  {
    name: 'the same with ifupdown',
    machine: paper(IFUPDOWN_FILES, { dirs: withoutManager }),
    planted: plantedIn(IFUPDOWN_FILES),
  },
  {
    name: 'the same with systemd-networkd',
    machine: paper(NETWORKD_FILES, { dirs: withoutManager }),
    planted: plantedIn(NETWORKD_FILES),
  },
  { name: 'Fedora with entries by file', machine: FEDORA, planted: plantedIn(FEDORA_FILES) },
]

const SAVED = { choices: DEFAULT_CHOICES, proofs: NO_PROOFS }

async function recorded(machine: Description): Promise<Recording> {
  return recordHost(simulated(machine), SAVED)
}

/** The text that is saved, and all that is shown of it. */
function shownOf(recording: Recording): string {
  const parts = partsOf(recording).flatMap(({ title, text }) => [title, text])
  return [JSON.stringify(recording, null, 1), ...parts].join('\n')
}

describe('secrets in the places they really stand in', () => {
  it('are more than a hundred, and each is read', async () => {
    const different = new Set(CASES.flatMap(({ planted }) => planted.map(({ secret }) => secret)))
    expect(different.size).toBeGreaterThan(100)
    for (const { name, machine, planted } of CASES) expect(unread(await recorded(machine), planted), name).toEqual([])
  })

  it.each(CASES)('none leaves $name, in no spelling', async ({ machine, planted }) => {
    const { recording } = redact(await recorded(machine))
    expect(found(shownOf(recording), planted)).toEqual([])
  })

  it('none leaves by this program’s own log, journal, choices and proofs', async () => {
    const { definition, network, launch } = DEFAULT_CHOICES
    const { installIso, bridge, guestAddress, said, cmdline } = OWN_WORDS
    const saved: Recording['saved'] = {
      choices: {
        ...DEFAULT_CHOICES,
        definition: { ...definition, installIso: unmarked(installIso) },
        network: { ...network, bridge: unmarked(bridge) },
        launch: { ...launch, guestAddress: unmarked(guestAddress) },
      },
      proofs: {
        dryStart: { at: '2026-11-29T20:15:00.000Z', argv: unmarked(cmdline), accepted: false, said: unmarked(said) },
        guestReport: null,
        vfioOpen: [],
        connectors: [],
      },
    }
    const recording = await recorded(PAPER_WORKSTATION)
    const whole = { ...recording, saved, files: { ...recording.files, ...asFiles(OWN_NOTES) } }
    const planted = [...plantedIn(OWN_NOTES), ...plantedIn(OWN_WORDS)]
    expect(planted.length).toBeGreaterThan(20)
    expect(unread({ ...whole, files: { ...whole.files, ...strings(OWN_NOTES) } }, planted)).toEqual([])
    expect(found(shownOf(redact(whole).recording), planted)).toEqual([])
  })
})

/** The strings of JSON rows stand escaped in a file; unescaped they can be compared. */
function strings(texts: Texts): Record<string, string> {
  return asFiles(Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, text.replaceAll('\\n', '\n')])))
}
