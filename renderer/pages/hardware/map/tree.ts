import type { Topology, TopologyNode, TopologyRoot } from '#shared/ipc/topology.ts'

/** What is drawn in one place: a function, or several that are folded up. `id` is the (first) function's address. */
export type Item =
  | { kind: 'function'; id: string; node: TopologyNode }
  | { kind: 'fold'; id: string; functions: readonly TopologyNode[] }

export interface Branch {
  item: Item
  children: readonly Branch[]
}

export interface RootTree {
  root: TopologyRoot
  children: readonly Branch[]
}

/** Below this many functions nothing is folded. */
const FEW = 48
/** Neighbours that are folded have at least this many functions together. */
const WORTH_FOLDING = 8

/** Returns the hierarchy as a tree. A function whose parent is missing or goes round in a circle hangs on its root. */
export function treeOf({ roots, nodes }: Topology): RootTree[] {
  const below = new Map<string, TopologyNode[]>()
  const byAddress = new Map(nodes.map((node) => [node.address, node]))
  for (const node of nodes) {
    const key = hangsOn(node, byAddress) ?? `bus ${node.root}`
    const mates = below.get(key)
    if (mates === undefined) below.set(key, [node])
    else mates.push(node)
  }
  const branch = (node: TopologyNode): Branch => ({
    item: { kind: 'function', id: node.address, node },
    children: (below.get(node.address) ?? []).map(branch),
  })
  return roots
    .map((root) => ({ root, children: (below.get(`bus ${root.bus}`) ?? []).map(branch) }))
    .filter(({ children }) => children.length > 0)
}

function hangsOn(node: TopologyNode, all: ReadonlyMap<string, TopologyNode>): string | null {
  const seen = new Set([node.address])
  let above = node.parent
  while (above !== null) {
    if (seen.has(above)) return null
    seen.add(above)
    above = all.get(above)?.parent ?? null
  }
  return node.parent !== null && all.has(node.parent) ? node.parent : null
}

/**
 * Returns the same tree with runs of neighbours that have nothing to do with any card folded into one, where there are
 * many. `open`: ids of folds the admin has opened.
 */
export function folded(trees: readonly RootTree[], open: ReadonlySet<string>): RootTree[] {
  const total = trees.reduce((sum, { children }) => sum + count(children), 0)
  if (total <= FEW) return [...trees]
  return trees.map(({ root, children }) => ({ root, children: foldRuns(children, open) }))
}

function foldRuns(siblings: readonly Branch[], open: ReadonlySet<string>): Branch[] {
  const kept: Branch[] = []
  let run: Branch[] = []
  const flush = () => {
    kept.push(...foldRun(run, open))
    run = []
  }
  for (const branch of siblings) {
    if (isQuiet(branch)) {
      run.push(branch)
      continue
    }
    flush()
    kept.push({ item: branch.item, children: foldRuns(branch.children, open) })
  }
  flush()
  return kept
}

function foldRun(run: readonly Branch[], open: ReadonlySet<string>): Branch[] {
  const functions = run.flatMap(functionsOf)
  const id = run[0]?.item.id
  if (id === undefined || functions.length < WORTH_FOLDING || open.has(id)) return [...run]
  return [{ item: { kind: 'fold', id, functions }, children: [] }]
}

/** Nothing in it is marked, and no graphics card hangs on it. */
function isQuiet(branch: Branch): boolean {
  return functionsOf(branch).every((node) => node.mark === null && !node.graphics)
}

export function functionsOf({ item, children }: Branch): TopologyNode[] {
  const own = item.kind === 'function' ? [item.node] : item.functions
  return [...own, ...children.flatMap(functionsOf)]
}

function count(branches: readonly Branch[]): number {
  return branches.reduce((sum, branch) => sum + functionsOf(branch).length, 0)
}

/** Ids of all folds in a tree. */
export function foldsIn(trees: readonly RootTree[]): string[] {
  const inBranch = ({ item, children }: Branch): string[] => [
    ...(item.kind === 'fold' ? [item.id] : []),
    ...children.flatMap(inBranch),
  ]
  return trees.flatMap(({ children }) => children.flatMap(inBranch))
}

/** Returns the bus its tree begins at. */
export function rootOf(item: Item): string {
  return (item.kind === 'function' ? item.node : item.functions[0])?.root ?? ''
}
