import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'

/** What axe finds wrong with the page as it is: one line a rule, with the elements that break it. */
export async function violations(page: Page): Promise<string[]> {
  // The legacy mode looks at one page only; the other opens a second, which Electron has not.
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
}
