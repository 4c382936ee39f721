import { expect, it } from 'vitest'
import { simulated } from '#host/simulated/host.fixture.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import { askSharing } from './sharing.ts'

/** What is known of a virtiofsd with such a help text; null: none is installed. */
async function known(help: string | null, files: Readonly<Record<string, string>> = {}) {
  const { commands, tools } = PAPER_WORKSTATION
  const host = simulated({
    ...PAPER_WORKSTATION,
    files: { ...PAPER_WORKSTATION.files, ...files },
    commands: { ...commands, 'virtiofsd --help': help ?? '' },
    tools: tools.filter((tool) => tool !== 'virtiofsd' || help !== null),
  })
  return askSharing(host)
}

it('a virtiofsd that maps ids serves an ordinary user, and tells whether it can be read only', async () => {
  expect(await known('      --uid-map <UID_MAP>\n      --readonly\n')).toEqual({ readOnly: true, namespaces: true })
  expect(await known('      --uid-map <UID_MAP>\n')).toEqual({ readOnly: false, namespaces: true })
})

it('a virtiofsd from before, and none at all, serve no ordinary user', async () => {
  expect(await known('    -o sandbox=namespace|chroot\n')).toBeNull()
  expect(await known(null)).toBeNull()
})

it('a kernel on which no ordinary user makes namespaces is told, however that was switched off', async () => {
  for (const path of ['user/max_user_namespaces', 'kernel/unprivileged_userns_clone'])
    expect(await known('--uid-map', { [`/proc/sys/${path}`]: '0\n' })).toEqual({ readOnly: false, namespaces: false })
})
