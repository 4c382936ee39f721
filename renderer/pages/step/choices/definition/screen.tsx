import { PICTURE_SIZES } from '#shared/vm/options/screen.ts'
import { chooseMachine, Group } from './field.tsx'
import type { Part } from './fold.tsx'
import { DecisionTick, OptionGroup } from './options.tsx'

/** The screen of QEMU's own, as somebody sees it or as a SPICE viewer does. */
export function ScreenTicks({ view, choices }: Part) {
  return (
    <>
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
    </>
  )
}

/** The proof guest's: there is nothing to install. */
export function ProofScreenTick({ view, choices }: Part) {
  return (
    <DecisionTick
      title="A screen of its own"
      decision={view.screen}
      choose={(screen) => void chooseMachine(choices, { screen })}
    />
  )
}

const PICTURES = PICTURE_SIZES.map((size) => ({ ...size, id: `${size.width}x${size.height}` }))

/** The guest's picture by Looking Glass, and how large. */
export function SharedPicture({ view, choices }: Part) {
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
          const picture = width === undefined || height === undefined ? null : { width, height }
          chooseMachine(choices, { lookingGlass: picture })
        }}
      />
    </Group>
  )
}
