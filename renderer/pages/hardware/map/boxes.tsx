import { SHAPES } from '#renderer/ui/status-mark.tsx'
import type { Scheme } from '#renderer/ui/theme/palette.ts'
import { MONO } from '#renderer/ui/theme/theme.ts'
import { shortAddress } from '#shared/facts/pci.ts'
import type { TopologyMark, TopologyNode } from '#shared/ipc/topology.ts'
import { MARK_LOOKS, markColour } from './look.ts'
import { type Box, NOTE_CHARACTER, NOTE_MARK, NOTE_WORDS, type Placed, TAG_WIDTH } from './measures.ts'
import { cut, foldRange, foldText, twoLines } from './words.ts'

/** Average widths of a character at the sizes used here, on the wide side. */
const MONO_12 = 7.3
const MONO_11 = 6.7
const PROSE_12 = 6.6
const BOLD_12 = 7.6

interface Drawn {
  one: Placed
  scheme: Scheme
}

/** One item: chip, port or fold, with its group's number and its note. */
export function ItemShape({ one, scheme }: Drawn) {
  const { item, box } = one
  if (item.kind === 'fold') return <Fold box={box} scheme={scheme} functions={item.functions} />
  const { node } = item
  return (
    <>
      {node.shape === 'port' ? (
        <Port box={box} scheme={scheme} node={node} />
      ) : (
        <Chip box={box} scheme={scheme} node={node} />
      )}
      <Tag box={box} scheme={scheme} node={node} />
      {node.mark === null || one.note === null ? null : (
        <Note mark={node.mark} x={one.note.x} y={box.y + box.height / 2} scheme={scheme} />
      )}
    </>
  )
}

interface Of<T> {
  box: Box
  scheme: Scheme
  node: T
}

/** Address, name and driver on a chip; the graphics cards by their name, everything else by its kind first. */
function Chip({ box, scheme, node }: Of<TopologyNode>) {
  const width = box.width - TAG_WIDTH
  const address = shortAddress(node.address)
  const from = box.x + 8 + address.length * MONO_12 + 10
  const driver = cut(node.driver ?? 'no driver', 120, MONO_11)
  const room = box.x + width - 8 - driver.length * MONO_11 - 12 - from
  const [first, second] = node.graphics ? [node.name, node.kind] : [node.kind, node.name]
  const wide = node.graphics ? BOLD_12 : PROSE_12
  const head = cut(first, room, wide)
  const left = room - (head.length + 1) * wide
  const y = box.y + box.height / 2 + 4
  return (
    <>
      <rect
        {...{ x: box.x, y: box.y, width, height: box.height, rx: 5 }}
        fill={scheme.surface}
        {...edgeOf(node.mark, scheme)}
      />
      <text x={box.x + 8} y={y} fontFamily={MONO} fontSize={12} fill={scheme.text}>
        {address}
      </text>
      <text x={from} y={y} fontSize={12} fontWeight={node.graphics ? 600 : 400} fill={scheme.text}>
        {head}
        {left > 8 * PROSE_12 ? (
          <tspan dx={6} fontWeight={400} fill={scheme.quiet}>
            {cut(second, left, PROSE_12)}
          </tspan>
        ) : null}
      </text>
      <text x={box.x + width - 8} y={y} textAnchor="end" fontFamily={MONO} fontSize={11} fill={scheme.quiet}>
        {driver}
      </text>
    </>
  )
}

function edgeOf(mark: TopologyMark | null, scheme: Scheme) {
  if (mark === null) return { stroke: scheme.line, strokeWidth: 1 }
  const { width, dashes } = MARK_LOOKS[mark.kind]
  return { stroke: markColour(mark.kind, scheme), strokeWidth: width, strokeDasharray: dashes ?? undefined }
}

/** A bridge is a piece of wire with its name above. */
function Port({ box, scheme, node }: Of<TopologyNode>) {
  const middle = box.y + box.height / 2
  const words = `${shortAddress(node.address)} ${node.kind}`
  return (
    <>
      <rect x={box.x} y={middle - 3} width={6} height={6} fill={scheme.quiet} />
      <line {...{ x1: box.x, y1: middle, x2: box.x + box.width, y2: middle }} stroke={scheme.quiet} strokeWidth={1.5} />
      <text x={box.x + 8} y={middle - 4} fontFamily={MONO} fontSize={11} fill={scheme.text}>
        {cut(words, box.width - TAG_WIDTH - 10, MONO_11)}
      </text>
    </>
  )
}

function Tag({ box, scheme, node }: Of<TopologyNode>) {
  if (node.group === null) return null
  const y = box.y + box.height / 2 + (node.shape === 'port' ? -4 : 4)
  return (
    <text
      {...{ x: box.x + box.width - TAG_WIDTH / 2, y, textAnchor: 'middle', fontFamily: MONO }}
      fontSize={node.shape === 'port' ? 11 : 12}
      fontWeight={600}
      fill={scheme.text}
    >
      {node.group}
    </text>
  )
}

function Fold({ box, scheme, functions }: { box: Box; scheme: Scheme; functions: readonly TopologyNode[] }) {
  const y = box.y + box.height / 2
  const range = foldRange(functions)
  return (
    <>
      <rect
        {...{ x: box.x, y: box.y, width: box.width - TAG_WIDTH, height: box.height, rx: 5 }}
        fill={scheme.sunken}
        stroke={scheme.quiet}
        strokeDasharray="2 3"
      />
      <path d={`M${box.x + 11} ${y - 4}l5 4-5 4Z`} fill={scheme.quiet} />
      <text x={box.x + 24} y={y + 4} fontSize={12} fill={scheme.text}>
        {cut(foldText(functions), box.width - TAG_WIDTH - 40 - range.length * MONO_11, PROSE_12)}
      </text>
      <text
        {...{ x: box.x + box.width - TAG_WIDTH - 8, y: y + 4, textAnchor: 'end', fontFamily: MONO }}
        fontSize={11}
        fill={scheme.quiet}
      >
        {range}
      </text>
    </>
  )
}

interface NoteProps {
  mark: TopologyMark
  x: number
  y: number
  scheme: Scheme
}

/** Why the function stands out, right of it. */
function Note({ mark, x, y, scheme }: NoteProps) {
  const { status } = MARK_LOOKS[mark.kind]
  const lines = twoLines(mark.text, NOTE_WORDS, NOTE_CHARACTER)
  const first = lines.length === 1 ? y + 4 : y - 2.5
  const fill = markColour(mark.kind, scheme)
  return (
    <>
      {status === null ? (
        <circle cx={x + 7} cy={y} r={mark.kind === 'card' ? 4.5 : 3} fill={fill} />
      ) : (
        <svg
          {...{ x, y: y - 7, width: 14, height: 14, viewBox: '0 0 16 16' }}
          fill="none"
          stroke={fill}
          strokeWidth={1.5}
        >
          {SHAPES[status]}
        </svg>
      )}
      {lines.map((line, index) => (
        <text key={line} x={x + NOTE_MARK} y={first + index * 13} fontSize={11} fontWeight={600} fill={fill}>
          {line}
        </text>
      ))}
    </>
  )
}
