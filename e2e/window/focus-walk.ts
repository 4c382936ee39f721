import type { Page } from '@playwright/test'

/** One element that Tab stops at. */
export interface Stop {
  name: string
  /** Where it stands in the document's order. */
  place: number
  /** It looks different from how it looks without the focus, or something around it does. */
  seen: boolean
}

const MOST_STOPS = 120

/**
 * Presses Tab from the top of the page until the focus comes round, and notes each stop. `missed` are the elements
 * an admin can use that were never reached; inside a widget that is walked by arrow keys, one member stands for all.
 */
export async function walkByTab(page: Page): Promise<{ stops: Stop[]; missed: string[] }> {
  await prepare(page)
  const stops: Stop[] = []
  for (let pressed = 0; pressed < MOST_STOPS; pressed += 1) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate(noteStop)
    if (stop === null) break
    stops.push(stop)
  }
  return { stops, missed: await page.evaluate(notReached) }
}

/** Marks every usable element with its look while nothing has the focus. Style transitions would hide the difference. */
async function prepare(page: Page): Promise<void> {
  await page.mouse.move(640, 2)
  await page.evaluate(() => {
    const lookOf = (element: Element) => {
      const { outlineStyle, outlineWidth, outlineColor, boxShadow, backgroundColor, borderTopColor, borderTopWidth } =
        getComputedStyle(element)
      const outline = outlineStyle === 'none' ? '' : `${outlineStyle} ${outlineWidth} ${outlineColor}`
      return [outline, boxShadow, backgroundColor, borderTopColor, borderTopWidth].join(';')
    }
    // A part of a drawing shows the focus by the line of a shape inside it.
    const strokes = (element: Element) =>
      element instanceof SVGGElement ? Array.from(element.children, (child) => getComputedStyle(child).stroke) : []
    // Input fields draw their frame in an element beside them, check boxes in one around them.
    const around = (element: Element) => {
      const field = element.closest('.MuiInputBase-root, .MuiCheckbox-root, .MuiRadio-root, .MuiSwitch-root')
      const frame = field?.querySelector('fieldset')
      return [element, ...(field === null ? [] : [field]), ...(frame ? [frame] : [])]
        .map(lookOf)
        .concat(strokes(element))
        .join('|')
    }
    const usable = Array.from(
      document.querySelectorAll<HTMLElement>(
        'a[href], button, input:not([type="hidden"]), select, textarea, summary, [role="button"], [role="gridcell"], [role="columnheader"], [tabindex]:not([tabindex="-1"])',
      ),
    ).filter((element) => element.checkVisibility() && !element.closest('[aria-hidden="true"], [inert]'))
    const looks = new Map(usable.map((element) => [element, around(element)]))
    document.body.tabIndex = -1
    document.body.focus()
    document.body.removeAttribute('tabindex')
    Object.assign(window, { walk: { looks, around, visited: new Set<Element>() } })
  })
}

interface Walk {
  looks: Map<Element, string>
  around: (element: Element) => string
  visited: Set<Element>
}

const noteStop = (): Stop | null => {
  const { looks, around, visited } = (window as unknown as { walk: Walk }).walk
  const element = document.activeElement
  if (element === null || element === document.body || visited.has(element)) return null
  visited.add(element)
  for (const animation of document.getAnimations()) animation.finish()
  const name = element.getAttribute('aria-label') ?? (element.textContent || element.outerHTML).trim().slice(0, 60)
  const place = Array.from(document.querySelectorAll('*')).indexOf(element)
  return { name: `${element.tagName.toLowerCase()} ${name}`, place, seen: looks.get(element) !== around(element) }
}

/** Arrow keys walk a grid, a group of radio buttons, a toolbar, a tab list: Tab stops there once. */
const notReached = (): string[] => {
  const { looks, visited } = (window as unknown as { walk: Walk }).walk
  const widget = (element: Element) =>
    element.closest(
      '[role="grid"], [role="radiogroup"], [role="toolbar"], [role="tablist"], [role="tree"], [role="listbox"]',
    ) ?? (element.matches('input[type="radio"]') ? element.closest('fieldset, form, section, main') : null)
  const entered = new Set(Array.from(visited).map(widget))
  return Array.from(looks.keys())
    .filter((element) => !visited.has(element) && !element.matches(':disabled, [aria-disabled="true"]'))
    .filter((element) => element.isConnected && !(widget(element) !== null && entered.has(widget(element))))
    .map((element) => element.outerHTML.slice(0, 160))
}
