import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import type { Choices } from '../../../../shared/choices.ts'
import type { MachineView } from '../../../../shared/machine-view.ts'
import { useSnapshot } from '../../../stores/studio-store.ts'
import { Group, chooseMachine } from './field.tsx'
import { OptionGroup, Tick } from './options.tsx'

/** What is decided from this host unless the admin says otherwise; folded. */
export function AdvancedChoices({ view }: { view: MachineView }) {
  const { choices } = useSnapshot()
  return (
    <Box
      component="details"
      sx={{
        pb: 1,
        '& summary': { cursor: 'pointer', fontSize: 13, fontWeight: 600, color: 'text.secondary', mb: 1 },
      }}
    >
      <summary>
        Firmware, TPM, screen, sound and more: {view.firmware.value}, TPM {view.tpm.value}, screen {view.screen.value}
      </summary>
      <Group title="Processors">
        <Tick
          title="Pin processors"
          text={view.pinning.reason}
          checked={view.pinning.value === 'on'}
          choose={(pin) => void chooseMachine(choices, { pin })}
        />
      </Group>
      <FirmwareTicks view={view} choices={choices} />
      {view.audio.length === 0 ? null : <Sound view={view} choices={choices} />}
      <Along view={view} choices={choices} />
      <SharedPicture view={view} choices={choices} />
    </Box>
  )
}

interface Part {
  view: MachineView
  choices: Choices
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
      <Tick
        title="TPM 2.0"
        text={view.tpm.reason}
        checked={view.tpm.value === 'on'}
        blocked={view.tpmBlocked}
        choose={(tpm) => void chooseMachine(choices, { tpm })}
      />
      <Tick
        title="Screen for the installation"
        text={view.screen.reason}
        checked={view.screen.value === 'on'}
        choose={(screen) => void chooseMachine(choices, { screen })}
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
        value={choices.machine.audio ?? 'none'}
        options={[none, ...drivers]}
        choose={(audio) => void chooseMachine(choices, { audio })}
      />
    </Group>
  )
}

/** USB controllers and PCoIP host cards. */
function Along({ view, choices }: Part) {
  const { extraDevices } = choices.machine
  const others = (address: string) => extraDevices.filter((other) => other !== address)
  return (
    <Group title="Goes along with the card">
      {view.controllers.length === 0 ? (
        <Typography variant="body2" color="text.secondary">
          This host has no USB controller or PCoIP host card.
        </Typography>
      ) : null}
      {view.controllers.map(({ address, title, blocked }) => (
        <Tick
          key={address}
          title={title}
          text="Everything plugged into it belongs to the guest."
          blocked={blocked}
          checked={extraDevices.includes(address)}
          choose={(on) =>
            void chooseMachine(choices, { extraDevices: on ? [...others(address), address] : others(address) })
          }
        />
      ))}
    </Group>
  )
}

const PICTURES = [
  { id: '1920x1080', width: 1920, height: 1080 },
  { id: '2560x1440', width: 2560, height: 1440 },
  { id: '3840x2160', width: 3840, height: 2160 },
] as const

function SharedPicture({ view, choices }: Part) {
  const { lookingGlass } = choices.machine
  const size = view.sharedPictureMiB === null ? '' : ` Takes ${view.sharedPictureMiB} MiB.`
  return (
    <Group title="Looking Glass">
      <OptionGroup
        label="Looking Glass"
        value={lookingGlass === null ? 'off' : `${lookingGlass.width}x${lookingGlass.height}`}
        options={[
          { id: 'off', title: 'Off', text: 'The card’s own monitor shows the guest.', blocked: null },
          ...PICTURES.map(({ id }) => ({
            id,
            title: id.replace('x', ' × '),
            text: `The guest’s picture in a window of this host, up to this size.${size}`,
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
