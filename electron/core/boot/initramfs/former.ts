import { HOOK } from '#core/texts/boot/mkinitcpio-conf.ts'
import type { EarlyFunction } from '#core/texts/early-bind.ts'
import { textOf } from '#core/texts/want-text.ts'
import { INITRAMFS_FILES, OWN_FILES } from '#shared/base/own-files.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { InitramfsId } from '#shared/facts/boot/boot-image.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import type { Initramfs } from './initramfs.ts'

type Kind = keyof typeof INITRAMFS_FILES
type Part = 'boot' | 'bind'

const KINDS = ['initramfs-tools', 'dracut', 'mkinitcpio'] as const satisfies readonly Kind[]

/** Files that a step wrote for another generator than the one in charge, and that nothing reads any more. */
export interface FormerFiles {
  /** The generator they were written for. */
  name: Kind
  boot: string[]
  bind: string[]
}

/** Returns what was written for another generator and is still there; null: nothing is. */
export function formerFiles(facts: Facts, inCharge: InitramfsId): FormerFiles | null {
  const kind = kindOf(inCharge)
  const taken = new Set<string>(filesOf(kind))
  const found = KINDS.filter((other) => other !== kind).map((name) => {
    const left = (part: Part) =>
      INITRAMFS_FILES[name][part].filter((path) => !taken.has(path) && isThere(facts, path) && !isHooked(facts, path))
    return { name, boot: left('boot'), bind: left('bind') }
  })
  const [first, ...others] = found.filter(({ boot, bind }) => boot.length + bind.length > 0)
  if (first === undefined) return null
  const all = (part: Part) => [...new Set([first, ...others].flatMap((each) => each[part]))]
  return { name: first.name, boot: all('boot'), bind: all('bind') }
}

/** Returns a generator that also takes away what was written for another one, each step what it wrote itself. */
export function replacing(tool: Initramfs): Initramfs {
  return {
    ...tool,
    planModules: (facts) => [...removals(facts, tool, 'boot'), ...tool.planModules(facts)],
    planEarlyBind: (facts: Facts, functions: readonly EarlyFunction[]) => {
      const planned = tool.planEarlyBind(facts, functions)
      return planned === null ? null : [...removals(facts, tool, 'bind'), ...planned]
    },
  }
}

/** Returns the removals of what a step wrote for another generator. */
export function removals(facts: Facts, { id, name }: Pick<Initramfs, 'id' | 'name'>, part: Part): PlannedChange[] {
  const former = formerFiles(facts, id)
  return (former?.[part] ?? []).flatMap((path) => {
    const file = facts.files[path]
    if (file === undefined || file === null || isUnknown(file)) return []
    const reason = `Was written for ${former?.name ?? ''}; ${name} builds the initramfs now and does not read it.`
    return [{ change: { kind: 'remove-file', path, expected: file.sha256 }, reason, before: file.text }]
  })
}

/** rpm-ostree and sdbootutil run dracut. */
function kindOf(id: InitramfsId): Kind {
  return id === 'initramfs-tools' || id === 'mkinitcpio' ? id : 'dracut'
}

function filesOf(kind: Kind): string[] {
  return [...INITRAMFS_FILES[kind].boot, ...INITRAMFS_FILES[kind].bind]
}

/** Where mkinitcpio reads no drop-ins, the administrator's own list of hooks names ours: one that is gone is an error. */
function isHooked(facts: Facts, path: string): boolean {
  const hook = path === OWN_FILES.mkinitcpioInstall || path === OWN_FILES.mkinitcpioHook
  return hook && (textOf(facts, OWN_FILES.mkinitcpioConf) ?? '').includes(HOOK)
}

function isThere(facts: Facts, path: string): boolean {
  return textOf(facts, path) !== null
}

/** Says that what a step wrote was for another generator; null: it was not. `part`: the step that wrote it. */
export function formerText(facts: Facts, { id, name }: Pick<Initramfs, 'id' | 'name'>, part: Part): string | null {
  const former = formerFiles(facts, id)
  if (former === null || former[part].length === 0) return null
  const what = part === 'bind' ? 'The rule of step 5 was' : 'What step 3 adds to the initramfs was'
  return `${what} written for ${former.name}; this host now builds its initramfs with ${name}.`
}
