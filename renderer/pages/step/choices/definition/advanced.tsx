import { Pages, Speed, speedState } from './compute.tsx'
import { PeripheralsChoices, Sound, soundState } from './devices.tsx'
import { Group } from './field.tsx'
import { firmwareState, FirmwareTicks } from './firmware.tsx'
import { Fold, type Part } from './fold.tsx'
import { foldersState, SharedFolders } from './folders.tsx'
import { HardwareChoice } from './hardware.tsx'
import { Nics, nicsState } from './nics.tsx'
import { Quirks } from './quirks.tsx'
import { ProofScreenTick, ScreenTicks, SharedPicture } from './screen.tsx'
import { Service, serviceState } from './service.tsx'

/** What is decided from this host unless the admin says otherwise, in folds that say what is in force. */
export function AdvancedChoices(part: Part) {
  const { view, choices } = part
  const picture = choices.definition.lookingGlass === null ? '' : ', Looking Glass'
  return (
    <>
      <Fold title="Firmware, TPM and screen" state={`${firmwareState(view)}, screen ${view.screen.value}`}>
        <Group title="Firmware and screen">
          <FirmwareTicks {...part} />
          <ScreenTicks {...part} />
        </Group>
      </Fold>
      <HardwareChoice {...part} />
      <Fold title="Processors and memory" state={speedState(part)}>
        <Speed {...part} />
        <Group title="Memory pages">
          <Pages {...part} />
        </Group>
      </Fold>
      <Fold title="Network cards" state={nicsState(part)}>
        <Nics {...part} />
      </Fold>
      <Fold title="Shared folders" state={foldersState(part)}>
        <SharedFolders {...part} />
      </Fold>
      <PeripheralsChoices {...part} />
      <Fold title="Sound and Looking Glass" state={`${soundState(part)}${picture}`}>
        <Sound {...part} />
        <SharedPicture {...part} />
      </Fold>
      <ServiceFold {...part} />
      <Quirks {...part} />
    </>
  )
}

/** As much of it as concerns the proof guest. */
export function ProofChoices(part: Part) {
  const { view, choices } = part
  const memory = choices.definition.hugePages ? ', huge pages' : ''
  return (
    <>
      <Fold title="Screen and memory" state={`screen ${view.screen.value}${memory}`}>
        <Group title="Screen">
          <ProofScreenTick {...part} />
        </Group>
        <Group title="Memory pages">
          <Pages {...part} />
        </Group>
      </Fold>
      <HardwareChoice {...part} />
      <ServiceFold {...part} />
    </>
  )
}

function ServiceFold(part: Part) {
  return (
    <Fold title="Start, shutdown and sleep" state={serviceState(part)}>
      <Service {...part} />
    </Fold>
  )
}
