import { placedDisks } from '#core/definition/disk/placed-disks.ts'
import { AUTOSTART_UNIT, AUTOSTART_WANT, START_RULE } from '#shared/base/own-files.ts'
import { shellWords } from '#shared/base/shell-quote.ts'
import { placedHome } from '#shared/vm/options/disk-place.ts'
import { lockedKiB, type VmDefinition, vmPaths, vmUnit } from '#shared/vm/vm.ts'
import { type OwnText, plain } from './file.ts'

const STEP_8 = 'Written by Passthrough Studio, step 8'
/**
 * Where every VM of this program runs: beside the slices of everything else, so that what holds for them does not hold
 * for a VM. A dash in the name would put it below another slice (systemd.slice(5)).
 */
const SLICE = 'passthroughstudio.slice'
/** Services stop within a minute each before a card is taken, and a graphical session's programs within half of one more. */
const START_LIMIT = 300
/** For what comes after the guest's own time: QEMU's end, and the host's part. In seconds. */
const END_LIMIT = 60

/** Where a VM goes down before what it depends on does, and comes up after it. */
const AFTER =
  'network.target systemd-user-sessions.service display-manager.service passthrough-studio-virtual-functions.service'

/**
 * Returns the unit that a VM is: root's part around it, with full privileges (systemd.service(5), `+`), and QEMU as its
 * user. Stopped, as at the host's own end, it first asks the guest to shut down.
 */
export function vmUnitText(definition: VmDefinition): OwnText {
  const { name, user, stopSeconds, hostSleep, memoryMiB } = definition
  const { unit, host, script } = vmPaths(name)
  return plain(
    unit,
    `# ${STEP_8}: the VM "${name}" as a service of this host.
[Unit]
Description=VM "${name}" of Passthrough Studio
After=${AFTER}
${mounts(definition)}${hostSleep === 'shuts-down' ? '# The guest shuts down before the host sleeps.\nConflicts=sleep.target\nBefore=sleep.target\n' : ''}
[Service]
User=${user.uid}
Group=${user.gid}
Slice=${SLICE}
ExecStartPre=+/bin/sh ${host} take
ExecStart=/bin/sh ${script}
ExecStop=/bin/sh ${script} shut-down
ExecStopPost=-+/bin/sh ${host} end
TimeoutStartSec=${START_LIMIT}
TimeoutStopSec=${stopSeconds + END_LIMIT}
# In bytes: the guest's memory, and what QEMU locks beside it.
LimitMEMLOCK=${lockedKiB(memoryMiB) * 1024}
NoNewPrivileges=yes
CapabilityBoundingSet=
UMask=0077
`,
  )
}

/** What images lie on that are not with the VM's files: without it the VM does not start (systemd.unit(5)). */
function mounts(definition: VmDefinition): string {
  const homes = placedDisks(definition).map(({ place }) => placedHome(place.directory, definition.name))
  return [...new Set(homes)].map((home) => `RequiresMountsFor=${home}\n`).join('')
}

/** Returns the rule by which the VM's user, and nobody else, starts and stops its unit without a password (polkit(8)). */
export function startRuleText({ name, user }: VmDefinition): OwnText {
  return plain(
    START_RULE(name, user.uid),
    `// ${STEP_8}: ${user.name} starts and stops the VM "${name}" without a password, and nothing else.
polkit.addRule(function (action, subject) {
  if (
    action.id === "org.freedesktop.systemd1.manage-units" &&
    action.lookup("unit") === "${vmUnit(name)}" &&
    ["start", "stop"].indexOf(action.lookup("verb")) >= 0 &&
    subject.user === ${JSON.stringify(user.name)}
  ) {
    return polkit.Result.YES;
  }
});
`,
  )
}

/** Returns the unit that starts a VM at boot, unless its last start failed. */
export function autostartText({ name }: VmDefinition): OwnText {
  const start = shellWords({ tool: '/bin/systemctl', args: ['start', '--no-block', vmUnit(name)] })
  return plain(
    AUTOSTART_UNIT(name),
    `# ${STEP_8}: starts the VM "${name}" at boot, unless its last start failed.
[Unit]
ConditionPathExists=!${vmPaths(name).failed}
After=${AFTER}

[Service]
Type=oneshot
ExecStart=${start}
`,
  )
}

/** Returns what has that unit started at boot, or not. systemd takes only links in a .wants directory, hence a drop-in. */
export function autostartWantText({ name, autostart }: VmDefinition): OwnText {
  const unit = AUTOSTART_UNIT(name)
  const wants = autostart ? `Wants=${unit.slice(unit.lastIndexOf('/') + 1)}\n` : ''
  return plain(
    AUTOSTART_WANT(name),
    `# ${STEP_8}: the VM "${name}" is ${autostart ? '' : 'not '}started at boot.\n[Unit]\n${wants}`,
  )
}
