import Box from '@mui/material/Box'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { plural } from '#shared/base/text.ts'
import type { VmRom } from '#shared/vm/options/quirks.ts'
import { chooseMachine, Field, Group, numberOrNull } from './field.tsx'
import { Fold, type Part } from './fold.tsx'
import { Tick } from './options.tsx'

/** What certain cards and guests need, and nothing else does. Diagnosis says when. */
export function Quirks(part: Part) {
  return (
    <Fold title="For certain cards and guests" state={quirksState(part)}>
      <Typography variant="body2" color="text.secondary" sx={{ mb: 1.5 }}>
        Most VMs need none of this. Diagnose says so when one does.
      </Typography>
      <Roms {...part} />
      <Processor {...part} />
      <Extra {...part} />
    </Fold>
  )
}

function quirksState({ choices: { definition } }: Part): string {
  const { roms, physBits, mmioWindowMiB, hideHypervisor, extraArguments } = definition
  const said = [
    ...(roms.length === 0 ? [] : [plural(roms.length, 'other ROM')]),
    ...(physBits === null ? [] : [`${physBits} address bits`]),
    ...(mmioWindowMiB === null ? [] : ['larger window']),
    ...(hideHypervisor ? ['KVM hidden'] : []),
    ...(extraArguments.length === 0 ? [] : [plural(extraArguments.length, 'extra argument')]),
  ]
  return said.length === 0 ? 'nothing' : said.join(', ')
}

function Roms({ view, choices }: Part) {
  return (
    <Group title="ROM that the guest finds on the card">
      {view.romFunctions.map((one) => (
        <RomRow key={one.address} {...one} roms={choices.definition.roms} choices={choices} />
      ))}
    </Group>
  )
}

const KINDS = [
  { id: 'own', title: 'The card’s own' },
  { id: 'none', title: 'None' },
  { id: 'file', title: 'A file' },
] as const

function RomRow({
  address,
  title,
  roms,
  choices,
}: Part['view']['romFunctions'][number] & { roms: readonly VmRom[]; choices: Part['choices'] }) {
  const found = roms.find((one) => one.address === address)
  const kind = found === undefined ? 'own' : found.file === null ? 'none' : 'file'
  const others = roms.filter((one) => one.address !== address)
  const changed = (file: string | null | undefined) => ({
    roms: file === undefined ? others : [...others, { address, file }],
  })
  const files = { own: undefined, none: null, file: '/' }
  return (
    <Box role="group" aria-label={title} sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, pb: 1.5 }}>
      <TextField
        select
        label={title}
        value={kind}
        onChange={(event) => {
          const to = KINDS.find(({ id }) => id === event.target.value)
          if (to !== undefined) void chooseMachine(choices, changed(files[to.id]))
        }}
        sx={{ width: 340 }}
      >
        {KINDS.map(({ id, title: words }) => (
          <MenuItem key={id} value={id}>
            {words}
          </MenuItem>
        ))}
      </TextField>
      {kind === 'file' ? (
        <Field
          label="ROM file"
          value={found?.file ?? ''}
          hint="Absolute path. It is checked for what it is, and for which card."
          change={(file) => changed(file)}
        />
      ) : null}
    </Box>
  )
}

function Processor({ view, choices }: Part) {
  const { physBits, mmioWindowMiB, hideHypervisor } = choices.definition
  return (
    <Group title="What the guest sees of the machine">
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, pt: 1, pb: 0.5 }}>
        <Field
          label="Bits of an address, at most"
          value={String(physBits ?? '')}
          hint="Where the IOMMU reaches less far than the processor, e.g. 39."
          blocked={view.physBitsBlocked}
          change={(text) => ({ physBits: numberOrNull(text) })}
        />
        <Field
          label="Room for large BARs (MiB)"
          value={String(mmioWindowMiB ?? '')}
          hint="For cards with 16 GiB and more under an older UEFI, e.g. 65536."
          blocked={view.mmioWindowBlocked}
          change={(text) => ({ mmioWindowMiB: numberOrNull(text) })}
        />
      </Box>
      <Tick
        title="Hide KVM from the guest"
        text="For drivers that refuse to run in a VM: NVIDIA’s before 465. It costs Windows speed."
        checked={hideHypervisor}
        blocked={view.hideHypervisorBlocked}
        choose={(on) => void chooseMachine(choices, { hideHypervisor: on })}
      />
    </Group>
  )
}

/** One in each line, so that a line of a guide can be pasted; each is shown in the diff of start-vm.sh. */
function Extra({ choices }: Part) {
  return (
    <Group title="Arguments of QEMU’s">
      <Field
        label="Extra arguments, one in each line"
        value={choices.definition.extraArguments.join('\n')}
        hint="As they stand, e.g. -device usb-tablet. They come last in start-vm.sh, and are tried with the dry start."
        change={(text) => ({
          extraArguments: text
            .split('\n')
            .map((line) => line.trim())
            .filter((line) => line !== ''),
        })}
        wide
        lines
      />
    </Group>
  )
}
