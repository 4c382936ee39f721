import { type Element, element } from './xml.ts'

/** A component of Windows, of 64 bits, with its settings in the order of its schema. */
export function component(name: string, settings: readonly Element[]): Element {
  return {
    name: 'component',
    attributes: {
      name,
      processorArchitecture: 'amd64',
      publicKeyToken: '31bf3856ad364e35',
      language: 'neutral',
      versionScope: 'nonSxS',
    },
    content: settings,
  }
}

/** What is set in one pass of Setup. */
export function pass(name: string, components: readonly Element[]): Element {
  return { name: 'settings', attributes: { pass: name }, content: components }
}

/** The whole file; `wcm` is where its lists have their `action` from. */
export function unattend(passes: readonly Element[]): Element {
  return {
    name: 'unattend',
    attributes: {
      xmlns: 'urn:schemas-microsoft-com:unattend',
      'xmlns:wcm': 'http://schemas.microsoft.com/WMIConfig/2002/State',
    },
    content: passes,
  }
}

/** The yes and no of the schema. */
export function flag(name: string, value: boolean): Element {
  return element(name, value ? 'true' : 'false')
}
