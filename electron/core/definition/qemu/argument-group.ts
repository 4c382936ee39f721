/** Arguments that belong together, with the reason for them. */
export interface ArgumentGroup {
  reason: string
  args: string[]
}

/** A comma inside an option's value is written twice (qemu(1)). */
export function optionValue(value: string): string {
  return value.replaceAll(',', ',,')
}
