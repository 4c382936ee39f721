import { citeHost } from '#core/evidence.ts'
import { citeFile } from '#core/evidence.ts'
import { wantText } from '#core/texts/want-text.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { present } from '#shared/plan/want-file.ts'
import { VFIO_PCI } from '#shared/units/drivers.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { isNixos, nixosText } from '../distros/nixos.ts'
import { fail, manualFix, pass, reversible, type Step, unknown, warn } from '../step.ts'

/** Options without which VFIO cannot hand over a device. Newer names appear as kernels split the code. */
const REQUIRED = ['IOMMU_SUPPORT', 'VFIO', 'VFIO_IOMMU_TYPE1', 'VFIO_PCI', 'KVM'] as const

export const kernel: Step = {
  id: 'kernel',
  title: 'Kernel',
  paper: {
    did: 'The paper recompiles the kernel with CONFIG_VFIO_PCI_VGA=y.',
    we: 'That option is needed only for legacy VGA (SeaBIOS with x-vga=on). We check that vfio-pci is there, load it now and at each boot, and compile nothing.',
  },
  gates: [],
  check: ({ facts }) => [configuration(facts), available(facts), lockdown(facts), legacyVga(facts)],
  plan: ({ facts }) => {
    if (facts.kernel.vfioPci !== 'module') return reversible([], false)
    const reason = 'Loads vfio-pci at each boot (systemd: modules-load.d).'
    const file = isNixos(facts) ? null : wantText(facts, { of: 'fixed', text: 'modules-load' }, reason)
    const load = facts.kernel.vfioPciReady
      ? null
      : {
          change: { kind: 'load-module' as const, module: VFIO_PCI },
          reason: 'Loads vfio-pci now, without a reboot.',
          before: null,
        }
    return reversible(present([load, file]), false)
  },
  hostText: (situation) => nixosText(situation, 'kernel'),
  verify: ({ facts }) => [ready(facts)],
}

function configuration(facts: Facts): Finding {
  const { config } = facts.kernel
  if (isUnknown(config)) {
    const text = 'The configuration of the running kernel cannot be read; the next lines decide without it.'
    return warn('kernel-config', text, [citeHost('kernel configuration', config.unknown)])
  }
  const vendor = needsAmd(facts) ? 'AMD_IOMMU' : 'INTEL_IOMMU'
  // QEMU opens groups through the classic interface; a kernel with only the newer one has these off.
  const classic = ['VFIO_CONTAINER', 'VFIO_GROUP'].filter((name) => config.options[name] !== undefined)
  const needed = [...REQUIRED, vendor, ...classic]
  const missing = needed.filter((name) => config.options[name] === 'n')
  const seen = needed.map((name) => `CONFIG_${name}=${config.options[name] ?? 'n'}`).join(' ')
  if (missing.length === 0) {
    return pass('kernel-config', `Kernel ${facts.kernel.release} has everything VFIO needs.`, [
      citeFile(config.source, seen),
    ])
  }
  const text = `Kernel ${facts.kernel.release} was built without ${missing.join(', ')}.`
  return fail(
    'kernel-config',
    text,
    [citeFile(config.source, seen)],
    manualFix('Boot your distribution’s standard kernel.'),
  )
}

/**
 * Returns whether the host needs AMD's argument: the firmware's table names the unit; without one the processor's maker
 * is the best guess.
 */
function needsAmd(facts: Facts): boolean {
  const { acpiTable } = facts.iommu
  return acpiTable === 'IVRS' || (acpiTable !== 'DMAR' && facts.cpu.vendor === 'amd')
}

function available(facts: Facts): Finding {
  const { vfioPci, release } = facts.kernel
  const source = `/lib/modules/${release}`
  if (facts.kernel.vfioPciReady) {
    return pass('vfio-pci-available', 'vfio-pci is part of this kernel.', [
      citeFile('/sys/bus/pci/drivers/vfio-pci', 'exists'),
    ])
  }
  if (isUnknown(vfioPci)) {
    return unknown('vfio-pci-available', 'Whether this kernel has vfio-pci cannot be read.', [
      citeFile(source, vfioPci.unknown),
    ])
  }
  if (vfioPci === 'missing') {
    const text = `Kernel ${release} has no vfio-pci module.`
    const fix = manualFix(
      'Install your distribution’s full kernel package (some cloud and minimal kernels leave VFIO out).',
    )
    return fail('vfio-pci-available', text, [citeFile(`${source}/modules.dep`, null)], fix)
  }
  return pass('vfio-pci-available', `vfio-pci comes as a ${vfioPci === 'builtin' ? 'built-in driver' : 'module'}.`, [
    citeFile(source, vfioPci),
  ])
}

/** Secure Boot and lockdown do not bar the distribution's own vfio-pci; what they do bar is said. */
function lockdown(facts: Facts): Finding {
  const { lockdown: mode, secureBoot } = facts.kernel
  const said = (value: typeof mode | typeof secureBoot) =>
    isUnknown(value) ? value.unknown : value === null ? null : `${value}`
  const seen = [
    citeFile('/sys/kernel/security/lockdown', said(mode)),
    citeHost('EFI variable SecureBoot', said(secureBoot)),
  ]
  if (isUnknown(mode) || isUnknown(secureBoot))
    return warn(
      'kernel-lockdown',
      'Whether the kernel is locked down cannot be read; vfio-pci itself is not affected.',
      seen,
    )
  if ((mode === null || mode === 'none') && secureBoot !== true)
    return pass('kernel-lockdown', 'The kernel is not locked down.', seen)
  const text =
    'Secure Boot or kernel lockdown is on. vfio-pci of the distribution is signed and works; unsigned modules (vendor-reset, kvmfr) and direct writes to devices (setpci) do not.'
  return pass('kernel-lockdown', text, seen)
}

function legacyVga(facts: Facts): Finding {
  const { config } = facts.kernel
  const state = isUnknown(config) ? 'not readable' : `CONFIG_VFIO_PCI_VGA=${config.options['VFIO_PCI_VGA'] ?? 'n'}`
  const text = 'Legacy VGA access does not matter here: the VM does not use x-vga.'
  return pass('vfio-pci-vga', text, [citeHost('kernel configuration', state)])
}

function ready(facts: Facts): Finding {
  const path = '/sys/bus/pci/drivers/vfio-pci'
  if (!facts.kernel.vfioPciReady) {
    return fail('vfio-pci-ready', 'vfio-pci is not loaded yet.', [citeFile(path, null)])
  }
  const file = facts.files[OWN_FILES.modulesLoad]
  if (facts.kernel.vfioPci === 'module' && (file === undefined || file === null || isUnknown(file))) {
    return fail('vfio-pci-ready', 'vfio-pci is loaded now, but nothing loads it at the next boot.', [
      citeFile(path, 'exists'),
      citeFile(OWN_FILES.modulesLoad, null),
    ])
  }
  return pass('vfio-pci-ready', 'vfio-pci is loaded and will be at each boot.', [citeFile(path, 'exists')])
}
