import Box from '@mui/material/Box'
import type { DecisionView } from '#shared/vm/options/topic.ts'
import { chooseMachine, Field, Group, numberOrNull } from './field.tsx'
import type { Part } from './fold.tsx'
import { DecisionTick, OptionGroup, Tick } from './options.tsx'

/** Memory and processors; empty fields are decided. */
export function SizeFields({ view, choices: { definition } }: Part) {
  return (
    <>
      <Field
        label="Memory (MiB)"
        value={String(definition.memoryMiB ?? '')}
        hint={hint(definition.memoryMiB, view.memory)}
        change={(text) => ({ memoryMiB: numberOrNull(text) })}
      />
      <Field
        label="Processors"
        value={String(definition.vcpus ?? '')}
        hint={hint(definition.vcpus, view.processors)}
        change={(text) => ({ vcpus: numberOrNull(text) })}
      />
    </>
  )
}

function hint(chosen: number | null, decided: DecisionView): string {
  return chosen === null ? `Empty: ${decided.value}. ${decided.reason}` : 'Empty it to have it decided.'
}

/** What is in force of it, in words. */
export function speedState({ view, choices: { definition } }: Part): string {
  const pinned = view.pinning.value === 'on' ? 'pinned' : 'not pinned'
  const free = definition.setApart && view.setApart.blocked === null ? ', kept free' : ''
  return `${pinned}${free}${definition.hugePages ? ', huge pages' : ''}`
}

export function Speed({ view, choices }: Part) {
  return (
    <Group title="Speed">
      <DecisionTick
        title="Pin processors"
        decision={view.pinning}
        choose={(pin) => void chooseMachine(choices, { pin })}
      />
      <HostProcessors view={view} choices={choices} />
      <Tick
        title="Keep them free"
        text={view.setApart.reason}
        checked={choices.definition.setApart}
        blocked={view.setApart.blocked}
        choose={(setApart) => void chooseMachine(choices, { setApart })}
      />
    </Group>
  )
}

/** Which of the host's processors a pinned VM has, and why these; the admin may name others. */
function HostProcessors({ view, choices: { definition } }: Part) {
  if (view.pinning.value !== 'on' && definition.processors === null) return null
  const { value, reason } = view.hostProcessors
  return (
    <Box sx={{ pl: 4, pt: 1, pb: 1 }}>
      <Field
        label="Processors of the host"
        value={definition.processors ?? ''}
        hint={definition.processors === null ? `Empty: ${value}. ${reason}` : reason}
        change={(text) => ({ processors: listOrNull(text) })}
        wide
      />
    </Box>
  )
}

/** A list of processors without the blanks that people put into one. */
function listOrNull(text: string): string | null {
  const list = text.replaceAll(/\s/gu, '')
  return list === '' ? null : list
}

const PAGES = {
  any: { hugePages: false },
  '2': { hugePages: true, hugePageMiB: 2 },
  '1024': { hugePages: true, hugePageMiB: 1024 },
} as const

/** What the memory is made of. */
export function Pages({ view, choices }: Part) {
  const { hugePages, hugePageMiB } = choices.definition
  return (
    <OptionGroup
      label="Memory pages"
      value={!hugePages ? 'any' : hugePageMiB === 2 ? '2' : '1024'}
      options={view.pages}
      choose={(id) => void chooseMachine(choices, PAGES[id])}
    />
  )
}
