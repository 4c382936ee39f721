import type { Work } from '#helper/handler.ts'
import type { Change } from '#shared/plan/change.ts'

/**
 * Waits until what a tool of the distribution wrote is on its disk (syncfs(2)): tools do not, and a power loss could
 * leave an empty boot menu behind a change that counts as made.
 */
export async function syncOutputs(work: Work, change: Change): Promise<void> {
  if (!('outputs' in change)) return
  const directories = new Set(change.outputs.map((path) => path.slice(0, path.lastIndexOf('/'))))
  const there = []
  for (const directory of directories) if ((await work.system.state(directory)) !== null) there.push(directory)
  if (there.length > 0) await work.system.run('sync', ['-f', ...there])
}
