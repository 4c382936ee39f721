import type { Said, Severity } from '#shared/ipc/diagnosis.ts'
import type { Shown } from './evidence/seen.ts'
import type { Rule } from './rule.ts'

/** A rule that applies: where its words stand (null: only the facts say so), and what this host shows. */
export interface Hit {
  rule: Rule
  place: { at: number; quote: string } | null
  shown: Shown
}

/** Who is closer to the cause: the kernel refuses, QEMU passes it on, libvirt wraps it, the rest sees the result. */
const LAYERS: Readonly<Record<Said, number>> = {
  kernel: 0,
  initramfs: 1,
  bootloader: 1,
  qemu: 2,
  libvirt: 3,
  shell: 4,
  guest: 4,
  windows: 4,
  'looking-glass': 4,
  host: 4,
}

const SEVERITIES: Readonly<Record<Severity, number>> = { blocker: 0, error: 1, warning: 2, info: 3 }
/** Something that stops comes before something that disturbs, and information comes last. */
const TIERS: Readonly<Record<Severity, number>> = { blocker: 0, error: 0, warning: 1, info: 2 }

/** Puts what belongs to one fault together, its cause first, and the groups in order of relevance. */
export function rank(hits: readonly Hit[]): Hit[][] {
  return connected(hits)
    .map((group) => sorted(group, (hit) => memberKey(hit, depth(hit, group))))
    .sort((one, other) => compare(groupKey(one), groupKey(other)))
}

function memberKey({ rule, place, shown }: Hit, deep: number): number[] {
  const special = rule.refines === undefined ? 1 : shown.state === 'yes' ? 0 : 2
  return [deep, LAYERS[rule.where], special, SEVERITIES[rule.severity], place?.at ?? 0]
}

function groupKey(group: readonly Hit[]): number[] {
  const least = (of: (hit: Hit) => number) => Math.min(...group.map(of))
  return [
    least(({ rule }) => TIERS[rule.severity]),
    group.some(({ place }) => place !== null) ? 0 : 1,
    least(({ rule }) => LAYERS[rule.where]),
    least(({ rule }) => SEVERITIES[rule.severity]),
    least(({ place }) => place?.at ?? 0),
  ]
}

/** Returns how many causes stand before a hit, along the longest way. */
function depth({ rule }: Hit, group: readonly Hit[]): number {
  const causes = group.filter((other) => rule.after?.includes(other.rule.id) === true)
  return causes.length === 0 ? 0 : 1 + Math.max(...causes.map((cause) => depth(cause, group)))
}

function connected(hits: readonly Hit[]): Hit[][] {
  const groups: Hit[][] = []
  for (const hit of hits) {
    const [mine, others] = split(groups, (group) => group.some((other) => related(hit.rule, other.rule)))
    groups.splice(0, groups.length, ...others, [...mine.flat(), hit])
  }
  return groups
}

function related(one: Rule, other: Rule): boolean {
  return isAbout(one, other.id) || isAbout(other, one.id)
}

function isAbout(rule: Rule, id: string): boolean {
  return rule.refines === id || rule.after?.includes(id) === true
}

function split<T>(all: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [all.filter(test), all.filter((item) => !test(item))]
}

function sorted<T>(all: readonly T[], key: (item: T) => number[]): T[] {
  return [...all].sort((one, other) => compare(key(one), key(other)))
}

function compare(one: readonly number[], other: readonly number[]): number {
  const index = one.findIndex((value, at) => value !== other[at])
  return index === -1 ? 0 : (one[index] ?? 0) - (other[index] ?? 0)
}
