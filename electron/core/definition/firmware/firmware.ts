import { PROOF_INIT } from '#shared/facts/guest-report.ts'
import type { VmFirmware } from '#shared/vm/options/firmware.ts'
import { type VmDefinition, vmPaths } from '#shared/vm/vm.ts'
import { inWords, onOff } from '../decided.ts'
import { isProof } from '../machine/profile.ts'
import { type ArgumentGroup, optionValue } from '../qemu/arguments.ts'
import { decideScreen } from '../screen/own-screen.ts'
import type { DefineContext, OptionContext, Topic } from '../topic.ts'
import { biosOption, usesBios } from './bios.ts'
import { secureBootBlocked } from './newest.ts'
import { decideTpm, tpmArguments, tpmBlocked } from './tpm.ts'
import { decideFirmware } from './uefi.ts'
import { varsFile } from './vars-file.ts'

export const firmware: Topic<'firmware'> = {
  define: (context) => ({
    firmware: decideFirmware(context).value,
    legacyVga: showsLegacyVga(context),
    tpm: decideTpm(context.facts, context.choices.definition).value,
  }),
  view: (context) => {
    const { facts, qemu } = context
    const choice = context.choices.definition
    return {
      firmware: inWords(decideFirmware(context), (value) => firmwareWords(context, value)),
      secureBootBlocked: secureBootBlocked({ facts, qemu }),
      tpm: inWords(decideTpm(facts, choice), onOff),
      tpmBlocked: tpmBlocked(facts, qemu),
      bios: biosOption(context),
    }
  },
  choicesOf: (definition) => ({
    secureBoot: definition.firmware?.secureBoot ?? null,
    tpm: definition.tpm,
    bios: isProof(definition) ? null : definition.firmware === null,
  }),
  argv: {
    boot: (context) => {
      const { definition } = context
      const booted = isProof(definition) ? [proofKernel(definition)] : [...uefi(definition), NO_SUSPEND]
      return [...tpmArguments(context), ...booted]
    },
  },
}

/** QEMU's own screen and the card cannot both be the guest's VGA. */
function showsLegacyVga(context: DefineContext): boolean {
  const vga = context.card.functions[0]?.classId.startsWith('0300') === true
  return usesBios(context) && vga && !decideScreen(context.choices.definition).value
}

function firmwareWords(context: OptionContext, found: VmFirmware | null): string {
  if (found === null) return usesBios(context) ? 'SeaBIOS' : 'none'
  return found.secureBoot ? 'UEFI with Secure Boot' : 'UEFI'
}

/** Windows hibernates at each shutdown, too, where its fast startup is on. */
const NO_SUSPEND: ArgumentGroup = {
  reason: 'The guest can neither suspend to RAM nor hibernate: a card does not come back from that.',
  args: ['-global', 'ICH9-LPC.disable_s3=1', '-global', 'ICH9-LPC.disable_s4=1'],
}

function proofKernel({ name, screen }: VmDefinition): ArgumentGroup {
  const { kernel, initrd } = vmPaths(name)
  // The last one is /dev/console; the kernel's own words go to all of them.
  const append = `${screen ? 'console=tty0 ' : ''}console=ttyS0 rdinit=/${PROOF_INIT} quiet panic=-1`
  return {
    reason: 'The proof guest: this host’s own kernel, and one script that reports what it sees.',
    args: ['-kernel', kernel, '-initrd', initrd, '-append', append, '-no-reboot'],
  }
}

function uefi({ name, firmware: found }: VmDefinition): ArgumentGroup[] {
  if (found === null) return []
  const { code, codeFormat, varsFormat, smm } = found
  const secure = smm ? ['-global', 'driver=cfi.pflash01,property=secure,value=on'] : []
  return [
    {
      reason: 'UEFI: its code is shared and read only, its variables are this VM’s own copy.',
      args: [
        ...['-drive', `if=pflash,unit=0,format=${codeFormat},readonly=on,file=${optionValue(code)}`],
        ...['-drive', `if=pflash,unit=1,format=${varsFormat},file=${optionValue(varsFile(name, found))}`],
        ...secure,
      ],
    },
  ]
}
