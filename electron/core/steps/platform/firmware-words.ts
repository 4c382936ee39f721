import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'

/** Where the vendors put the switch. First match on the DMI vendor wins; the words are those on their screens. */
const MENUS: readonly [RegExp, string, string][] = [
  [/dell/iu, 'Virtualization Support > VT for Direct I/O', 'Virtualization Support > AMD-Vi (IOMMU)'],
  [/hewlett|^hp/iu, 'Security > System Security > VT-d', 'Security > System Security > AMD IOMMU'],
  [/lenovo/iu, 'Security > Virtualization > Intel VT-d Feature', 'Security > Virtualization > AMD IOMMU'],
  [/supermicro/iu, 'Chipset > North Bridge > IIO > Intel VT for Directed I/O', 'NB Configuration > IOMMU'],
  [/asus/iu, 'Advanced > System Agent > VT-d', 'Advanced > AMD CBS > NBIO > IOMMU'],
  [/gigabyte/iu, 'Tweaker or Settings > VT-d', 'Settings > AMD CBS > NBIO > IOMMU'],
  [/micro-star|msi/iu, 'OC > CPU Features > Intel VT-D Tech', 'OC > CPU Features > IOMMU'],
]

/** Returns what to look for in firmware setup on this host. */
export function firmwareAdvice(facts: Facts): string {
  const amd = facts.cpu.vendor === 'amd'
  const { vendor } = facts.host
  const menu = isUnknown(vendor) ? undefined : MENUS.find(([pattern]) => pattern.test(vendor))
  const usual = amd ? "'IOMMU' (and 'SVM Mode')" : "'Intel VT-d' (and 'Intel Virtualization Technology')"
  const place = menu === undefined ? '' : ` On this maker’s boards usually: ${amd ? menu[2] : menu[1]}.`
  return `Enter firmware setup at power-on and enable ${usual}.${place}`
}
