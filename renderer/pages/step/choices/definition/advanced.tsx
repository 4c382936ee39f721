import { useSnapshot } from '#renderer/state/use-snapshot.ts'
import type { DecisionView, DefinitionView } from '#shared/ipc/definition-view.ts'
import { PICTURE_SIZES } from '#shared/vm/vm.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { chooseMachine, Group } from './field.tsx'
import { OptionGroup, Tick } from './options.tsx'
import { Fold, type Part, PeripheralsChoices } from './peripherals.tsx'

/** What is decided from this host unless the admin says otherwise, in folds that say what is in force. */
export function AdvancedChoices({ view }: { view: DefinitionView }) {
  const { choices } = useSnapshot('choices')
  const { firmware, tpm, screen } = view
  return (
    <>
      <Fold title="Firmware, TPM and screen" state={`${firmware.value}, TPM ${tpm.value}, screen ${screen.value}`}>
        <FirmwareTicks view={view} choices={choices} />
      </Fold>
      <Fold title="Processors and memory" state={speedState(view, choices)}>
        <Speed view={view} choices={choices} />
      </Fold>
      <PeripheralsChoices view={view} choices={choices} />
      <Fold title="Sound and Looking Glass" state={picturesState(view, choices)}>
        {view.audio.length === 0 ? null : <Sound view={view} choices={choices} />}
        <SharedPicture view={view} choices={choices} />
      </Fold>
    </>
  )
}

/** As much of it as concerns the proof guest. */
export function ProofChoices({ view }: { view: DefinitionView }) {
  const { choices } = useSnapshot('choices')
  const { screen } = view
  const memory = choices.definition.hugePages ? ', huge pages' : ''
  return (
    <Fold title="Screen and memory" state={`screen ${screen.value}${memory}`}>
      <Group title="Screen and memory">
        <DecisionTick
          title="A screen of its own"
          decision={screen}
          choose={(on) => void chooseMachine(choices, { screen: on })}
        />
        <HugePagesTick view={view} choices={choices} />
      </Group>
    </Fold>
  )
}

/** What was decided, with the reason, and may be chosen otherwise. */
function DecisionTick({
  title,
  decision,
  blocked = null,
  choose,
}: {
  title: string
  decision: DecisionView
  blocked?: string | null
  choose: (on: boolean) => void
}) {
  return (
    <Tick title={title} text={decision.reason} checked={decision.value === 'on'} blocked={blocked} choose={choose} />
  )
}

function HugePagesTick({ view, choices }: Part) {
  return (
    <Tick
      title="Huge pages"
      text={view.hugePages.reason}
      checked={choices.definition.hugePages}
      blocked={view.hugePages.blocked}
      choose={(hugePages) => void chooseMachine(choices, { hugePages })}
    />
  )
}

function speedState(view: DefinitionView, { definition }: Choices): string {
  const pinned = view.pinning.value === 'on' ? 'pinned' : 'not pinned'
  const free = definition.setApart && view.setApart.blocked === null ? ', kept free' : ''
  return `${pinned}${free}${definition.hugePages ? ', huge pages' : ''}`
}

function Speed({ view, choices }: Part) {
  return (
    <Group title="Speed">
      <DecisionTick
        title="Pin processors"
        decision={view.pinning}
        choose={(pin) => void chooseMachine(choices, { pin })}
      />
      <Tick
        title="Keep them free"
        text={view.setApart.reason}
        checked={choices.definition.setApart}
        blocked={view.setApart.blocked}
        choose={(setApart) => void chooseMachine(choices, { setApart })}
      />
      <HugePagesTick view={view} choices={choices} />
    </Group>
  )
}

function picturesState(view: DefinitionView, { definition }: Choices): string {
  const sound = view.audio.find(({ id }) => id === definition.audio)?.title ?? 'no sound on this host'
  return definition.lookingGlass === null ? sound : `${sound}, Looking Glass`
}

function FirmwareTicks({ view, choices }: Part) {
  return (
    <Group title="Firmware and screen">
      <Tick
        title="Secure Boot"
        text={view.firmware.reason}
        checked={view.firmware.value === 'UEFI with Secure Boot'}
        blocked={view.secureBootBlocked}
        choose={(secureBoot) => void chooseMachine(choices, { secureBoot })}
      />
      {view.bios.offered ? (
        <Tick
          title="SeaBIOS instead of UEFI"
          text={view.bios.text}
          checked={choices.definition.bios}
          blocked={view.bios.blocked}
          choose={(bios) => void chooseMachine(choices, { bios, secureBoot: null })}
        />
      ) : null}
      <DecisionTick
        title="TPM 2.0"
        decision={view.tpm}
        blocked={view.tpmBlocked}
        choose={(tpm) => void chooseMachine(choices, { tpm })}
      />
      <DecisionTick
        title="Screen for the installation"
        decision={view.screen}
        choose={(screen) => void chooseMachine(choices, { screen })}
      />
      <DecisionTick
        title="SPICE"
        decision={view.spice}
        blocked={view.spice.blocked}
        choose={(spice) => void chooseMachine(choices, { spice })}
      />
    </Group>
  )
}

function Sound({ view, choices }: Part) {
  const none = { id: 'none' as const, title: 'None', text: 'The card carries sound to its own monitor.', blocked: null }
  const drivers = view.audio.map(({ id, title }) => ({
    id,
    title,
    text: 'Through the user’s session on this host; the user has to be logged in.',
    blocked: null,
  }))
  return (
    <Group title="Sound on this host">
      <OptionGroup
        label="Sound"
        value={choices.definition.audio ?? 'none'}
        options={[none, ...drivers]}
        choose={(audio) => void chooseMachine(choices, { audio })}
      />
    </Group>
  )
}

const PICTURES = PICTURE_SIZES.map((size) => ({ ...size, id: `${size.width}x${size.height}` }))

function SharedPicture({ view, choices }: Part) {
  const { lookingGlass } = choices.definition
  const size =
    view.sharedPictureMiB === null ? '' : ` Takes ${view.sharedPictureMiB} MiB in ${view.sharedPicturePlace}.`
  const chosen = lookingGlass === null ? 'off' : `${lookingGlass.width}x${lookingGlass.height}`
  const isChosen = (id: string) => id === chosen
  return (
    <Group title="Looking Glass">
      <OptionGroup
        label="Looking Glass"
        value={chosen}
        options={[
          { id: 'off', title: 'Off', text: 'The card’s own monitor shows the guest.', blocked: null },
          ...PICTURES.map(({ id }) => ({
            id,
            title: id.replace('x', ' × '),
            text: `The guest’s picture in a window of this host, up to this size.${isChosen(id) ? size : ''}`,
            blocked: view.sharedPictureBlocked,
          })),
        ]}
        choose={(id) => {
          const found = PICTURES.find((picture) => picture.id === id)
          const { width, height } = found ?? {}
          const picture = width === undefined || height === undefined ? null : { width, height, hdr: false }
          chooseMachine(choices, { lookingGlass: picture })
        }}
      />
    </Group>
  )
}
