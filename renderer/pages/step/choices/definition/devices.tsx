import Typography from '@mui/material/Typography'
import { chooseMachine, Group } from './field.tsx'
import { Fold, type Part } from './fold.tsx'
import { OptionGroup, Tick } from './options.tsx'

/** What of the host's desk goes to the guest: keyboards and mice in turns, USB devices for good. */
export function PeripheralsChoices({ view, choices }: Part) {
  const { evdev, usb } = choices.definition
  const count = evdev.length + usb.length
  const nothing = view.input.length + view.usb.length === 0
  return (
    <Fold title="Keyboard, mouse and USB" state={count === 0 ? 'nothing of this host' : `${count} chosen`}>
      {view.peripheralsUnknown === null ? null : (
        <Typography variant="body2" color="text.secondary" sx={{ mb: 1 }}>
          Not all of it can be told: {view.peripheralsUnknown}.
        </Typography>
      )}
      {nothing ? (
        <Typography variant="body2" color="text.secondary" sx={{ mb: 1 }}>
          This host has no keyboard, mouse or USB device that this QEMU could pass on. Whole controllers are reserved in
          step 4.
        </Typography>
      ) : null}
      <Shared view={view} choices={choices} />
      <Usb view={view} choices={choices} />
    </Fold>
  )
}

/** Adds or takes one, the others stay. */
function toggled<T>(all: readonly T[], one: T, same: (other: T) => boolean, on: boolean): T[] {
  const others = all.filter((other) => !same(other))
  return on ? [...others, one] : others
}

function Shared({ view, choices }: Part) {
  const { evdev } = choices.definition
  if (view.input.length === 0) return null
  return (
    <Group title="Taken in turns by host and guest">
      <Typography variant="body2" color="text.secondary">
        The guest takes them when the VM starts. Both Ctrl keys at once give them back, and take them again.
      </Typography>
      {view.input.map(({ path, title, text }) => (
        <Tick
          key={path}
          title={title}
          text={text}
          checked={evdev.includes(path)}
          choose={(on) => void chooseMachine(choices, { evdev: toggled(evdev, path, (other) => other === path, on) })}
        />
      ))}
    </Group>
  )
}

function Usb({ view, choices }: Part) {
  const { usb } = choices.definition
  if (view.usb.length === 0) return null
  return (
    <Group title="USB devices, for the guest alone while it runs">
      {view.usb.map(({ device, title, text, blocked }) => (
        <Tick
          key={device.port}
          title={title}
          text={text}
          blocked={blocked === null ? null : `${text}. ${blocked}`}
          checked={usb.some(({ port }) => port === device.port)}
          choose={(on) =>
            void chooseMachine(choices, { usb: toggled(usb, device, ({ port }) => port === device.port, on) })
          }
        />
      ))}
    </Group>
  )
}

/** What sound the host gives, in a word. */
export function soundState({ view, choices }: Part): string {
  return view.audio.find(({ id }) => id === choices.definition.audio)?.title ?? 'no sound on this host'
}

export function Sound({ view, choices }: Part) {
  if (view.audio.length === 0) return null
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
