import type { KeyboardEvent, Ref } from 'react'
import type { Scheme } from '#renderer/ui/theme/palette.ts'
import { MONO } from '#renderer/ui/theme/theme.ts'
import { ItemShape } from './boxes.tsx'
import type { Layout, PlacedRoot } from './layout.ts'
import { groupColour } from './look.ts'
import type { Placed } from './measures.ts'
import { itemWords } from './words.ts'

const PROSE = 'system-ui, Inter, "Noto Sans", "DejaVu Sans", sans-serif'

interface DrawingProps {
  layout: Layout
  scheme: Scheme
  zoom: number
  /** The item that Tab leads to. */
  current: string | null
  onFocus: (id: string) => void
  onOpen: (one: Placed) => void
  onKey: (event: KeyboardEvent, id: string) => void
  svgRef: Ref<SVGSVGElement>
}

/**
 * The hierarchy as a schematic. For a screen reader it is a tree; every colour and font is in an attribute, so that
 * the same elements can be saved as a file.
 */
export function Drawing({ layout, scheme, zoom, current, onFocus, onOpen, onKey, svgRef }: DrawingProps) {
  const { width, height, placed } = layout
  return (
    <svg
      ref={svgRef}
      role="tree"
      aria-label="PCI topology"
      width={width * zoom}
      height={height * zoom}
      viewBox={`0 0 ${width} ${height}`}
      fontFamily={PROSE}
    >
      <g aria-hidden>
        <rect width={width} height={height} fill={scheme.background} />
        <Areas layout={layout} />
        <Wires layout={layout} scheme={scheme} />
        {layout.roots.map((root) => (
          <Root key={root.root.bus} root={root} scheme={scheme} />
        ))}
        <text x={16} y={height - 12} fontSize={11} fill={scheme.quiet}>
          {legendOf(layout)}
        </text>
      </g>
      {placed.map((one) => (
        <TreeItem key={`${one.item.kind} ${one.id}`} one={one} {...{ scheme, current, onFocus, onOpen, onKey }} />
      ))}
    </svg>
  )
}

/** Said in the picture itself, since it is also seen without this window. */
function legendOf({ areas, roots }: Layout): string {
  const groups = areas.length === 0 ? [] : ['Coloured areas are IOMMU groups; the number is that of the group.']
  const ways = roots.every(({ root }) => root.known) ? [] : ['A dashed line: the way is not known.']
  return [...groups, ...ways].join(' ')
}

type TreeItemProps = Pick<DrawingProps, 'scheme' | 'current' | 'onFocus' | 'onOpen' | 'onKey'> & { one: Placed }

function TreeItem({ one, scheme, current, onFocus, onOpen, onKey }: TreeItemProps) {
  const { id, item, box } = one
  const words = itemWords(item)
  return (
    <g
      role="treeitem"
      tabIndex={id === current ? 0 : -1}
      data-id={id}
      data-mark={item.kind === 'function' ? item.node.mark?.kind : undefined}
      aria-label={words}
      aria-level={one.level}
      aria-posinset={one.position}
      aria-setsize={one.siblings}
      aria-expanded={item.kind === 'fold' ? false : undefined}
      aria-selected={id === current}
      onFocus={() => onFocus(id)}
      onClick={() => onOpen(one)}
      onKeyDown={(event) => onKey(event, id)}
    >
      <title>{words}</title>
      <ItemShape one={one} scheme={scheme} />
      <rect
        className="ring"
        {...{ x: box.x - 4, y: box.y - 3, width: box.width + 8, height: box.height + 6, rx: 7 }}
        fill="none"
        stroke="none"
        strokeWidth={2}
        pointerEvents="all"
      />
    </g>
  )
}

/** Soft areas behind the functions of each IOMMU group. */
function Areas({ layout }: { layout: Layout }) {
  return (
    <g opacity={0.3}>
      {layout.strips.map(({ group, x, y, width, height }) => (
        <rect key={`strip ${x} ${y}`} {...{ x, y, width, height }} fill={groupColour(group)} />
      ))}
      {layout.areas.map(({ group, x, y, width, height }) => (
        <rect key={`area ${x} ${y}`} {...{ x, y, width, height, rx: 8 }} fill={groupColour(group)} />
      ))}
    </g>
  )
}

function Wires({ layout, scheme }: { layout: Layout; scheme: Scheme }) {
  return layout.lines.map(({ from, path, known }) => (
    <path
      key={from}
      d={path}
      fill="none"
      stroke={scheme.quiet}
      strokeWidth={1.5}
      strokeDasharray={known ? undefined : '3 3'}
    />
  ))
}

function Root({ root: { root, x, top, bottom }, scheme }: { root: PlacedRoot; scheme: Scheme }) {
  return (
    <>
      <line
        {...{ x1: x, y1: top - 10, x2: x, y2: bottom + 10 }}
        stroke={root.known ? scheme.text : scheme.quiet}
        strokeWidth={root.known ? 4 : 2}
        strokeDasharray={root.known ? undefined : '3 3'}
      />
      <text x={x - 10} y={top - 1} textAnchor="end" fontSize={11} fontWeight={600} fill={scheme.text}>
        {root.known ? 'Root complex' : 'Bus'}
      </text>
      <text x={x - 10} y={top + 12} textAnchor="end" fontFamily={MONO} fontSize={11} fill={scheme.quiet}>
        {root.bus}
      </text>
    </>
  )
}
