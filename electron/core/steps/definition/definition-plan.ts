import { drivesOf } from '#core/definition/disk/disk-arguments.ts'
import { diskFile } from '#core/definition/disk/disk-file.ts'
import { varsFile } from '#core/definition/firmware/vars-file.ts'
import { scriptFacts } from '#core/definition/qemu/script.ts'
import { startRuleText } from '#core/texts/vm-unit.ts'
import { textOf, wantText } from '#core/texts/want-text.ts'
import { AUTOSTART_WANT, SWTPM_PROFILE } from '#shared/base/own-files.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { PROOF_VERSION } from '#shared/facts/guest-report.ts'
import { asksForPassword, noService } from '#shared/facts/services.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import { hasText, present } from '#shared/plan/want-file.ts'
import { type VmDefinition, vmPaths } from '#shared/vm/vm.ts'
import { answerChanges } from './answer-changes.ts'

/** Plans a VM's files, and what is made once for it. */
export function definitionPlan(facts: Facts, definition: VmDefinition): PlannedChange[] {
  return [
    ...files(facts, definition),
    ...storage(facts, definition),
    ...answerChanges(facts, definition),
    ...proofGuest(facts, definition),
  ]
}

/** Plans disk image and firmware variables, made once; the note beside each says that it was. */
function storage(facts: Facts, definition: VmDefinition): PlannedChange[] {
  const { name, firmware, user } = definition
  const { uid, gid } = user
  const made = (path: string) => (facts.files[`${path}.json`] ?? null) !== null
  const changes: PlannedChange[] = []
  for (const { number, disk } of drivesOf(definition)) {
    const path = diskFile(name, disk, number)
    if (disk.kind !== 'new' || made(path)) continue
    const { format, sizeGiB, place } = disk
    changes.push({
      change: { kind: 'create-disk-image', path, format, sizeGiB, ...(place === undefined ? {} : { place }), uid, gid },
      reason: 'An empty disk that only its user can open. Undo keeps it once a guest has written to it.',
      before: null,
    })
  }
  if (firmware !== null && !made(varsFile(name, firmware))) {
    const keys = firmware.enrolled === true ? { enroll: true as const } : {}
    const [template, path] = [firmware.varsTemplate, varsFile(name, firmware)]
    changes.push({
      change: { kind: 'copy-firmware-vars', template, path, uid, gid, ...keys },
      reason: 'The VM’s own boot entries and keys, so that no other VM and no update touches them.',
      before: null,
    })
  }
  return changes
}

function files(facts: Facts, definition: VmDefinition): PlannedChange[] {
  if (facts.qemu === null || isUnknown(facts.qemu)) return []
  const script = 'The same VM as a script, with a comment on every argument.'
  return present([
    wantText(facts, { of: 'vm-definition', definition }, 'The VM in one readable file.'),
    wantText(facts, { of: 'vm-script', definition, qemu: scriptFacts(facts.qemu) }, script),
    wantText(facts, { of: 'vm-host', definition }, 'What root does on this host before the VM and after it.'),
    ...asService(facts, definition),
    swtpmRules(facts, definition),
  ])
}

/** Plans what a confined swtpm needs, where AppArmor has a profile of it that includes it. */
function swtpmRules(facts: Facts, { tpm }: VmDefinition): PlannedChange | null {
  if (!tpm || textOf(facts, SWTPM_PROFILE) === null) return null
  const why = 'Lets swtpm, which AppArmor confines here, reach TPMs of VMs; all VMs share it. Every other byte stays.'
  return wantText(facts, { of: 'swtpm-rules' }, why)
}

/** Plans the VM as a service of the host. Its rule cannot be read by everybody, so it goes with the unit. */
function asService(facts: Facts, definition: VmDefinition): (PlannedChange | null)[] {
  if (noService(facts.services.systemd) !== null) return []
  const service = 'The VM as a service: its guest is asked to shut down before the host does.'
  const unit = wantText(facts, { of: 'vm-unit', definition }, service)
  const rule = facts.files[startRuleText(definition).path]
  const says = `Lets ${definition.user.name} start and stop this VM, and nothing else, without a password.`
  const asked = asksForPassword(facts.services) === null && (unit !== null || !(rule === undefined || isUnknown(rule)))
  return [unit, asked ? wantText(facts, { of: 'vm-rule', definition }, says) : null, ...atBoot(facts, definition)]
}

function atBoot(facts: Facts, definition: VmDefinition): (PlannedChange | null)[] {
  const { name, autostart } = definition
  if (!autostart && (facts.files[AUTOSTART_WANT(name)] ?? null) === null) return []
  const starts = 'Starts it at boot, unless its last start failed.'
  const wanted = autostart ? 'Has that unit started at each boot.' : 'Has it started at no boot any more.'
  return [
    autostart ? wantText(facts, { of: 'vm-autostart', definition }, starts) : null,
    wantText(facts, { of: 'vm-autostart-want', definition }, wanted),
  ]
}

/** Made of the kernel that runs, which is known to boot here. */
function proofGuest(facts: Facts, definition: VmDefinition): PlannedChange[] {
  if (definition.profile !== 'proof-guest') return []
  const { release, image } = facts.kernel
  const { home } = vmPaths(definition.name)
  if (image === null || hasText(facts, `${home}/proof-guest.json`, proofNote(release))) return []
  return [
    {
      change: {
        kind: 'build-proof-guest',
        kernel: image,
        directory: home,
        note: proofNote(release),
        gid: definition.user.gid,
      },
      reason:
        'Copies this host’s kernel for the proof guest, with its shell, the one script it runs, and QEMU’s guest agent if it is installed here.',
      before: null,
    },
  ]
}

/**
 * Returns what build-proof-guest leaves beside its files, so that a new kernel, or another script, means building
 * again.
 */
function proofNote(release: string): string {
  return `${JSON.stringify({ version: PROOF_VERSION, kernel: release })}\n`
}

/**
 * Refuses a reserved name. A VM from before such names were refused may be written and even up; it is not started or
 * written any more.
 */
