import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { argv, exit } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { answerWith, asDesigner, PROJECT, withDisplay } from '../designer.ts'
import { note } from '../evidence.ts'
import { availableMiB, files, leftovers } from '../leftovers.ts'

const SHARE = '/mnt/share'

/** The clicks run as a user who cannot see other processes' files, so root looks for them when they ask. */
async function lookWhenAsked(name: string, look: () => Promise<unknown>): Promise<void> {
  while (!existsSync(`${SHARE}/asked-${name}`)) await sleep(300)
  await note(name, await look())
  await writeFile(`${SHARE}/answered-${name}`, '')
}

async function lookAfterRounds(rounds: number): Promise<void> {
  for (let number = 1; number <= rounds; number += 1) {
    await lookWhenAsked(`left ${number}`, async () => ({
      left: [...(await leftovers()), ...(await files())],
      availableMiB: await availableMiB(),
    }))
  }
}

const [, , , rounds = '1'] = argv
await answerWith('YES')
const looking = lookAfterRounds(Number(rounds))
await withDisplay(async () => {
  const clicks = `${PROJECT}/e2e/artifacts/lab-guest/soak/soak-window-clicks.mjs`
  const { exitCode } = await asDesigner('dbus-run-session', ['--', 'node', clicks, rounds])
  // Whoever waits for a question that is not asked any more would wait for ever.
  if (exitCode !== 0) exit(exitCode ?? 1)
})
await looking
